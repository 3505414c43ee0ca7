//! Where the bytes of a vector come from.
//!
//! A vector is followed back through what only moves bytes: shuffles, lanes that are extracted and inserted, extensions
//! with zeros; through each of them only if nobody else uses its result, since it goes once it is not needed. What is
//! found at the end are the sources.

use super::bytes::{ANY, Byte, ByteSet, Bytes, members, set};
use super::origin::{Origin, is_zero, origin};
use super::uses::Uses;
use cranelift_codegen::ir::types::I16;
use cranelift_codegen::ir::{Function, Inst, Opcode, Value, ValueDef};

/// What bytes are taken from: a vector, or a number, which becomes the low bytes of a vector of zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source(pub(super) Value);

/// A vector as bytes of others.
pub(super) struct Gathered {
    pub(super) bytes: Bytes,
    pub(super) sources: Vec<Source>,
    /// The instructions that were followed, the first one even if nobody needs a byte of it.
    pub(super) through: Vec<Inst>,
}

/// Follows the needed bytes of what `root` makes, through `root` alone if nothing is known of uses; `None` if it does more
/// than move them.
pub(super) fn gather(
    func: &Function,
    uses: Option<&Uses>,
    root: Inst,
    needed: ByteSet,
) -> Option<Gathered> {
    let mut tracer = Tracer {
        func,
        root,
        uses,
        through: vec![root],
    };
    let gathered = tracer.gather(needed);
    let result = Source(func.dfg.first_result(root));
    (!gathered.sources.contains(&result)).then_some(gathered)
}

struct Tracer<'f> {
    func: &'f Function,
    root: Inst,
    /// To know what can be followed; without, it is `root` alone.
    uses: Option<&'f Uses>,
    through: Vec<Inst>,
}

impl Tracer<'_> {
    /// The bytes of what `root` makes.
    fn gather(&mut self, needed: ByteSet) -> Gathered {
        let result = self.func.dfg.first_result(self.root);
        let mut bytes = ANY;
        let mut sources = Vec::new();
        for position in members(needed) {
            bytes[position] = match self.trace(result, position) {
                Origin::Zero => Byte::ZERO,
                Origin::At(value, index) => {
                    let source = Source(value);
                    let known = sources.iter().position(|other| *other == source);
                    if known.is_none() {
                        sources.push(source);
                    }
                    Byte::of(known.unwrap_or(sources.len() - 1), index)
                }
            };
        }
        Gathered {
            bytes,
            sources,
            through: std::mem::take(&mut self.through),
        }
    }

    /// Follows a byte as far as it goes.
    fn trace(&mut self, value: Value, index: usize) -> Origin {
        let mut value = self.func.dfg.resolve_aliases(value);
        let mut index = index;
        while let Some((inst, origin)) = self.step(value, index) {
            if !self.through.contains(&inst) {
                self.through.push(inst);
            }
            match origin {
                Origin::Zero => return Origin::Zero,
                Origin::At(from, at) => (value, index) = (self.func.dfg.resolve_aliases(from), at),
            }
        }
        Origin::At(value, index)
    }

    /// Where the instruction that makes a value has a byte of it from.
    fn step(&self, value: Value, index: usize) -> Option<(Inst, Origin)> {
        let ValueDef::Result(inst, _) = self.func.dfg.value_def(value) else {
            return None;
        };
        let is_followed = inst == self.root
            || self
                .uses
                .is_some_and(|uses| is_free(self.func, inst) || uses.count(self.func, value) == 1);
        let origin = is_followed.then(|| origin(self.func, inst, index))??;
        Some((inst, origin))
    }
}

/// Whether an instruction can be followed whoever else uses its result: it costs little to have it twice.
fn is_free(func: &Function, inst: Inst) -> bool {
    matches!(
        func.dfg.insts[inst].opcode(),
        Opcode::Bitcast
            | Opcode::Ireduce
            | Opcode::Uextend
            | Opcode::Vconst
            | Opcode::Iconst
            | Opcode::Extractlane
    )
}

impl Source {
    /// Whether it is a number.
    pub(super) fn is_number(self, func: &Function) -> bool {
        !func.dfg.value_type(self.0).is_vector()
    }

    /// How many instructions it takes to have it as a vector.
    pub(super) fn cost(self, func: &Function) -> u32 {
        match func.dfg.value_type(self.0) {
            ty if ty.is_vector() => 0,
            ty if ty.is_float() || ty.bits() <= I16.bits() => 2,
            _ => 1,
        }
    }

    /// Its bytes that are zero, whatever it is.
    pub(super) fn zeros(self, func: &Function) -> ByteSet {
        set(|index| is_zero(func, self.0, index))
    }
}
