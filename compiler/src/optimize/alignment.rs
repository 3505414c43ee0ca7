//! Globals that hold multiples of 16 at any time, as C's stack pointer does.
//!
//! Compilers know that the stack pointer is aligned, and write the address of a variable as `(sp + 32) | 4`. That is a
//! sum like others, see [`super::addresses`], only if no bit of `sp + 32` is in the way.
//!
//! Shown by induction over what a program does: such a global begins with a multiple of 16, and whatever reachable code
//! sets it to is one, as long as all that was read from it before is. A local is taken for a multiple of 16 if it is no
//! parameter and nothing but such values is ever assigned to it, in any order. Sums, differences and masks are followed, of
//! two locals at most; any other instruction gives an unknown value.

use crate::options::{Options, Pass};
use crate::parse::index::GlobalIndex;
use crate::parse::module::ValType;
use crate::parse::references::Reference;
use crate::program::{Constant, FuncId, FunctionKind, GlobalId, Instance, Program};
use cranelift_entity::EntitySet;
use rayon::prelude::*;
use wasmparser::{BinaryReaderError, Operator, OperatorsReader};

/// What a stack pointer is a multiple of, in C's ABI for WebAssembly:
/// <https://github.com/WebAssembly/tool-conventions/blob/main/BasicCABI.md>.
pub const ALIGNMENT: u32 = 16;

/// The globals that always hold multiples of [`ALIGNMENT`].
pub fn aligned_globals(program: &Program<'_>, options: &Options) -> EntitySet<GlobalId> {
    let mut aligned = EntitySet::new();
    if !options.runs(Pass::Addresses) {
        return aligned;
    }
    let globals = program.globals.iter().filter(|(_, global)| {
        let is_aligned = matches!(global.initial, Constant::I32(value) if is_multiple(value));
        global.is_set && is_aligned && global.content == ValType::I32
    });
    aligned.extend(globals.map(|(id, _)| id));
    // What one global is set to may come from another.
    while !aligned.is_empty() {
        let set = program.compiled.par_iter();
        let set = set.flat_map_iter(|function| set_otherwise(program, *function, &aligned));
        let others: Vec<GlobalId> = set.collect();
        if others.is_empty() {
            break;
        }
        for global in others {
            aligned.remove(global);
        }
    }
    aligned
}

fn is_multiple(value: i32) -> bool {
    (value as u32).is_multiple_of(ALIGNMENT)
}

/// Which of these globals a function sets to something else, as far as can be told.
fn set_otherwise(
    program: &Program<'_>,
    function: FuncId,
    aligned: &EntitySet<GlobalId>,
) -> Vec<GlobalId> {
    let definition = &program.functions[function];
    let FunctionKind::Wasm = definition.kind else {
        return Vec::new();
    };
    let instance = &program.instances[definition.instance];
    let body = program.body(function);
    let mut set = body
        .references
        .iter()
        .filter_map(|reference| match reference {
            Reference::SetGlobal(index) => Some(instance.globals[*index]),
            _ => None,
        });
    if !set.any(|global| aligned.contains(global)) {
        return Vec::new();
    }
    let mut values = Values {
        instance,
        aligned,
        params: program.type_of(function).params.len(),
        stack: Vec::new(),
        unaligned: EntitySet::new(),
        assigned: Vec::new(),
        set: Vec::new(),
        otherwise: Vec::new(),
    };
    let operators = body.code.get_operators_reader();
    if operators.and_then(|body| values.follow(body)).is_err() {
        unreachable!("the body has been validated");
    }
    values.solve()
}

/// A local of a function.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Local(u32);
cranelift_entity::entity_impl!(Local);

/// What makes a value a multiple: that these locals, of which there may be two, always hold one.
#[derive(Clone, Copy, Default)]
struct If([Option<Local>; 2]);

impl If {
    /// If one of them does not.
    fn fails(self, unaligned: &EntitySet<Local>) -> bool {
        let mut locals = self.0.into_iter().flatten();
        locals.any(|local| unaligned.contains(local))
    }

    /// Whether it is one in any case.
    fn is_certain(self) -> bool {
        self.0 == [None, None]
    }

    /// If both are.
    fn and(self, other: Self) -> Option<Self> {
        let mut both = self;
        for local in other.0.into_iter().flatten() {
            if !both.0.contains(&Some(local)) {
                let free = both.0.iter_mut().find(|known| known.is_none())?;
                *free = Some(local);
            }
        }
        Some(both)
    }
}

/// What is known of the values of a function.
struct Values<'a> {
    instance: &'a Instance<'a>,
    aligned: &'a EntitySet<GlobalId>,
    params: usize,
    /// When the topmost values are multiples, if that can be told; what lies below is unknown.
    stack: Vec<Option<If>>,
    /// The locals behind the parameters to which something unknown is assigned.
    unaligned: EntitySet<Local>,
    /// What else is assigned to those.
    assigned: Vec<(Local, If)>,
    /// What the globals are set to.
    set: Vec<(GlobalId, If)>,
    /// The globals that are set to something unknown.
    otherwise: Vec<GlobalId>,
}

impl Values<'_> {
    fn follow(&mut self, mut operators: OperatorsReader<'_>) -> Result<(), BinaryReaderError> {
        while !operators.eof() {
            self.visit(&operators.read()?);
        }
        Ok(())
    }

    /// The globals that are set to something else.
    fn solve(mut self) -> Vec<GlobalId> {
        loop {
            let before = self.assigned.len();
            let unaligned = &mut self.unaligned;
            self.assigned.retain(|(local, is_multiple)| {
                let fails = is_multiple.fails(unaligned);
                if fails {
                    unaligned.insert(*local);
                }
                !fails
            });
            if self.assigned.len() == before {
                break;
            }
        }
        let set = self.set.into_iter();
        let failing = set.filter(|(_, is_multiple)| is_multiple.fails(&self.unaligned));
        self.otherwise.extend(failing.map(|(global, _)| global));
        self.otherwise
    }

    fn visit(&mut self, operator: &Operator<'_>) {
        let certain = |is_multiple: bool| is_multiple.then(If::default);
        match *operator {
            Operator::I32Const { value } => self.stack.push(certain(is_multiple(value))),
            Operator::GlobalGet { global_index } => {
                let global = self.global(global_index);
                self.stack.push(certain(self.aligned.contains(global)));
            }
            Operator::GlobalSet { global_index } => {
                let global = self.global(global_index);
                let value = self.pop();
                if self.aligned.contains(global) {
                    match value {
                        Some(is_multiple) => self.set.push((global, is_multiple)),
                        None => self.otherwise.push(global),
                    }
                }
            }
            Operator::LocalGet { local_index } => {
                let is_param = (local_index as usize) < self.params;
                let local = If([Some(Local(local_index)), None]);
                self.stack.push((!is_param).then_some(local));
            }
            Operator::LocalSet { local_index } => {
                let value = self.pop();
                self.assign(local_index, value);
            }
            Operator::LocalTee { local_index } => {
                let value = self.pop();
                self.assign(local_index, value);
                self.stack.push(value);
            }
            Operator::I32Add | Operator::I32Sub => {
                let sum = match [self.pop(), self.pop()] {
                    [Some(one), Some(other)] => one.and(other),
                    _ => None,
                };
                self.stack.push(sum);
            }
            Operator::I32And => {
                let operands = [self.pop(), self.pop()];
                let known = operands.into_iter().flatten();
                // One is enough, so the one that asks for less.
                let masked = known.min_by_key(|is_multiple| !is_multiple.is_certain());
                self.stack.push(masked);
            }
            _ => self.stack.clear(),
        }
    }

    fn global(&self, index: u32) -> GlobalId {
        self.instance.globals[GlobalIndex::from_u32(index)]
    }

    fn pop(&mut self) -> Option<If> {
        self.stack.pop().flatten()
    }

    fn assign(&mut self, local: u32, value: Option<If>) {
        match value {
            Some(is_multiple) => self.assigned.push((Local(local), is_multiple)),
            None => {
                self.unaligned.insert(Local(local));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Target;

    /// Whether the stack pointer is a multiple at any time, where a function does this with it.
    fn is_aligned(initial: u32, params: &str, code: &str) -> bool {
        let text = format!(
            r#"(module
                (memory 1)
                (global $sp (mut i32) (i32.const {initial}))
                (global $other (mut i32) (i32.const 32))
                (func (export "_start") (call $f {}))
                (func $unreached (global.set $sp (i32.const 1)))
                (func $f {params} (local $a i32) (local $b i32) {code}))"#,
            params.replace("(param $p i32)", "(i32.const 16)")
        );
        let bytes = crate::parse::binary(text.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &crate::features::Features::default()).unwrap();
        let options = Options::new(Target::X86_64);
        let program = crate::program::link(&module, &options).unwrap();
        let aligned = aligned_globals(&program, &options);
        aligned.contains(GlobalId::from_u32(0))
    }

    #[test]
    fn frames_keep_a_stack_pointer_aligned() {
        let frame = "(global.set $sp (local.tee $a (i32.sub (global.get $sp) (i32.const 48))))
            (i32.store (local.get $a) (i32.const 1))
            (global.set $sp (i32.add (local.get $a) (i32.const 48)))";
        assert!(is_aligned(1024, "", frame));
        assert!(!is_aligned(1028, "", frame));
        let array = "(local.set $b (i32.load (i32.const 8)))
            (local.set $a
                (i32.sub (global.get $sp) (i32.and (i32.add (local.get $b) (i32.const 15)) (i32.const -16))))
            (loop (global.set $sp (local.get $a)))";
        assert!(is_aligned(1024, "", array));
        assert!(is_aligned(
            1024,
            "",
            "(global.set $sp (i32.const 32)) (global.set $other (i32.const 1))"
        ));
    }

    #[test]
    fn whatever_else_it_is_set_to_is_not_aligned() {
        for (params, code) in [
            (
                "",
                "(global.set $sp (i32.sub (global.get $sp) (i32.const 8)))",
            ),
            ("", "(global.set $sp (i32.load (i32.const 8)))"),
            ("(param $p i32)", "(global.set $sp (local.get $p))"),
            // Assigned later, in a loop.
            (
                "",
                "(loop (global.set $sp (local.get $a)) (local.set $a (i32.load (i32.const 8))))",
            ),
            // By way of another local, found in the second round only.
            (
                "",
                "(loop (global.set $sp (local.get $b)) (local.set $b (local.get $a)) (local.set $a (i32.const 1)))",
            ),
            // By way of one of two others.
            (
                "",
                "(global.set $sp (i32.add (local.get $a) (local.get $b))) (local.set $b (i32.const 1))",
            ),
            (
                "",
                "(local.set $a (i32.and (local.get $a) (local.get $b))) (global.set $sp (local.get $a))
                 (local.set $a (i32.const 1)) (local.set $b (i32.const 1))",
            ),
            // By way of another global.
            (
                "",
                "(global.set $sp (global.get $other)) (global.set $other (i32.const 1))",
            ),
            // What lies below an unknown instruction's result is not what was there before.
            (
                "",
                "(i32.const 16) (i32.load (i32.const 8)) (i32.add) (global.set $sp)",
            ),
            (
                "",
                "(global.set $sp (i32.or (global.get $sp) (i32.const 16)))",
            ),
        ] {
            assert!(!is_aligned(1024, params, code), "{code}");
        }
    }
}
