//! Makes a module that shows a difference smaller, for as long as it shows one: fewer calls, bodies that are nothing
//! but `unreachable`, fewer instructions, constants instead of what computes them.
//!
//! (`wasm-shrink` would bring 20 crates, among them a second hashbrown and indexmap.)

use super::generate::Generated;
use super::rewrite;
use super::shape::Shape;
use crate::mutate::{assemble, sections};
use anyhow::Result;
use std::borrow::Cow;
use std::time::{Duration, Instant};
use wasm_encoder::{Encode, Instruction};
use wasmparser::{Validator, WasmFeatures};

/// The longest that a reduction takes.
const TIME: Duration = Duration::from_secs(30);

/// Encoded instructions.
type Body = Vec<Cow<'static, [u8]>>;

struct Reduction<'p> {
    best: Generated,
    differs: &'p mut dyn FnMut(&Generated) -> bool,
    end: Instant,
}

/// A smaller module for which `differs` still holds.
pub fn reduce(generated: &Generated, differs: &mut dyn FnMut(&Generated) -> bool) -> Generated {
    let mut reduction = Reduction {
        best: generated.clone(),
        differs,
        end: Instant::now() + TIME,
    };
    // A failure of a step leaves what there is.
    let _ = reduction.run();
    reduction.best
}

impl Reduction<'_> {
    fn run(&mut self) -> Result<()> {
        self.drop_calls();
        for function in 0..Shape::of(&self.best.module)?.functions.len() {
            self.try_body(function, vec![encoded(&[Instruction::Unreachable])])?;
        }
        self.drop_sections();
        // Shorter bodies make other ones superfluous, and twice is enough.
        for _ in 0..2 {
            for function in 0..Shape::of(&self.best.module)?.functions.len() {
                self.cut(function)?;
                self.drop_instructions(function)?;
                self.simplify_instructions(function)?;
            }
        }
        self.drop_calls();
        Ok(())
    }

    /// Takes a smaller module if it is valid and still differs.
    fn accept(&mut self, candidate: Generated) -> bool {
        let features = WasmFeatures::all();
        let is_valid = Validator::new_with_features(features)
            .validate_all(&candidate.module)
            .is_ok();
        if !is_valid || Instant::now() > self.end || !(self.differs)(&candidate) {
            return false;
        }
        self.best = candidate;
        true
    }

    fn try_module(&mut self, module: Vec<u8>) -> bool {
        let candidate = Generated {
            module,
            ..self.best.clone()
        };
        self.accept(candidate)
    }

    fn try_body(&mut self, function: usize, body: Body) -> Result<bool> {
        let module = rewrite::replace_body(&self.best.module, function as u32, &body)?;
        Ok(module.len() <= self.best.module.len()
            && module != self.best.module
            && self.try_module(module))
    }

    fn body(&self, function: usize) -> Result<Body> {
        let mut listing = rewrite::listing(&self.best.module)?;
        let body = listing.swap_remove(function);
        Ok(body.into_iter().map(Cow::Owned).collect())
    }

    /// Leaves out runs of calls, long ones first.
    fn drop_calls(&mut self) {
        let mut length = self.best.calls.len();
        while length > 0 {
            let mut at = 0;
            while at < self.best.calls.len() {
                let mut candidate = self.best.clone();
                let end = candidate.calls.len().min(at + length);
                candidate.calls.drain(at..end);
                if !self.accept(candidate) {
                    at += length;
                }
            }
            length /= 2;
        }
    }

    /// Leaves out whole sections: data, elements, the start function, names.
    fn drop_sections(&mut self) {
        let all = sections(&self.best.module);
        for (id, _) in &all {
            let mut kept = sections(&self.best.module);
            kept.retain(|(other, _)| other != id);
            self.try_module(assemble(&kept));
        }
    }

    /// Ends the function as early as possible, with `unreachable`.
    fn cut(&mut self, function: usize) -> Result<()> {
        let (mut low, mut high) = (0, self.body(function)?.len());
        while low < high {
            let middle = (low + high) / 2;
            let mut body = self.body(function)?;
            body.truncate(middle);
            let open = depth(&body);
            body.push(encoded(&[Instruction::Unreachable]));
            body.extend(vec![encoded(&[Instruction::End]); open]);
            if middle + 1 + open < high && self.try_body(function, body)? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(())
    }

    /// Leaves out runs of instructions, long ones first.
    fn drop_instructions(&mut self, function: usize) -> Result<()> {
        let mut length = self.body(function)?.len() / 2;
        while length > 0 {
            let mut at = 0;
            loop {
                let mut body = self.body(function)?;
                if at >= body.len() {
                    break;
                }
                body.drain(at..body.len().min(at + length));
                if !self.try_body(function, body)? {
                    at += if length > 4 { length / 2 } else { 1 };
                }
            }
            length = if length > 8 { length / 2 } else { length - 1 };
        }
        Ok(())
    }

    /// Puts a constant, or nothing but `drop`s and a constant, where an instruction is.
    fn simplify_instructions(&mut self, function: usize) -> Result<()> {
        let constants = [
            Instruction::I32Const(0),
            Instruction::I64Const(0),
            Instruction::F32Const(0f32.into()),
            Instruction::F64Const(0f64.into()),
            Instruction::V128Const(0),
        ];
        let mut at = 0;
        while at < self.body(function)?.len() {
            for operands in 0..3 {
                let mut replacement = vec![Instruction::Drop; operands];
                let mut done = false;
                for constant in constants.iter().map(Some).chain([None]) {
                    replacement.truncate(operands);
                    replacement.extend(constant.cloned());
                    let mut body = self.body(function)?;
                    let old = body[at].len();
                    let new = encoded(&replacement);
                    if new.is_empty() || new.len() >= old + operands && is_constant(&body[at]) {
                        continue;
                    }
                    body[at] = new;
                    if self.try_longer_body(function, body)? {
                        done = true;
                        break;
                    }
                }
                if done {
                    break;
                }
            }
            at += 1;
        }
        Ok(())
    }

    /// A body that is simpler, though not always shorter.
    fn try_longer_body(&mut self, function: usize, body: Body) -> Result<bool> {
        let module = rewrite::replace_body(&self.best.module, function as u32, &body)?;
        Ok(module != self.best.module && self.try_module(module))
    }
}

fn encoded(instructions: &[Instruction<'_>]) -> Cow<'static, [u8]> {
    let mut bytes = Vec::new();
    for instruction in instructions {
        instruction.encode(&mut bytes);
    }
    Cow::Owned(bytes)
}

/// How many blocks instructions leave open.
fn depth(body: &Body) -> usize {
    // block, loop, if, try, try_table; end
    let opens = |bytes: &&Cow<'_, [u8]>| matches!(bytes[0], 0x02..=0x04 | 0x06 | 0x1f);
    let opened = body.iter().filter(opens).count();
    opened - body.iter().filter(|bytes| bytes[0] == 0x0b).count()
}

/// Whether an encoded instruction is a constant, or does nothing but drop.
fn is_constant(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(0x1a | 0x41..=0x44)) || bytes.starts_with(&[0xfd, 12])
}

#[cfg(test)]
mod tests {
    use super::super::generate::Call;
    use super::super::reword::Rewording;
    use super::*;

    #[test]
    fn what_does_not_matter_goes() {
        let module = wat::parse_str(
            "(module (memory 1) (data (i32.const 0) \"x\")
               (func (export \"f\") (result i32) i32.const 7 i32.const 8 i32.mul)
               (func (export \"g\") (param i32) (result i32)
                 local.get 0 i32.const 3 i32.add i32.const 3 i32.const 4 i32.sub drop))",
        );
        let call = |export: &str| Call {
            export: export.to_owned(),
            arguments: Vec::new(),
        };
        let generated = Generated {
            module: module.unwrap(),
            calls: vec![call("f"), call("g"), call("g"), call("f")],
            reworded: Rewording::None,
        };
        let subtracts = |generated: &Generated| {
            let bodies = rewrite::listing(&generated.module).unwrap();
            bodies.iter().flatten().any(|bytes| bytes == &[0x6b])
        };
        let mut differs = |generated: &Generated| subtracts(generated) && generated.calls.len() > 1;
        let reduced = reduce(&generated, &mut differs);
        assert_eq!(reduced.calls.len(), 2);
        let bodies = rewrite::listing(&reduced.module).unwrap();
        assert_eq!(bodies[0].len(), 1);
        assert!(bodies[1].len() <= 5, "{bodies:?}");
        assert!(sections(&reduced.module).iter().all(|(id, _)| *id != 11));
    }
}
