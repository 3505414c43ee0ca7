//! Conditions in lanes: comparisons, choices by them, and the lesser or the greater of two numbers.

use super::narrow::{Fit, WIDTHS, vector};
use super::pack::{Kind, Lane, Packer};
use super::range::is_condition;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Inst, InstBuilder, MemFlagsData, Opcode, Type, Value};

impl Packer<'_> {
    /// All ones in the lanes where a condition holds.
    pub fn pack_mask(&mut self, conditions: Vec<Lane>, ty: Type) -> Option<Value> {
        let mask = self.mask(conditions, ty.lane_bits())?;
        if self.func.dfg.value_type(mask) == ty {
            return Some(mask);
        }
        // Comparisons give integers, also where fractions are chosen from.
        let mut cursor = self.cursor(None);
        Some(cursor.ins().bitcast(ty, MemFlagsData::new(), mask))
    }

    /// All ones in the lanes, of so many bits, where a condition holds.
    pub fn mask(&mut self, conditions: Vec<Lane>, bits: u32) -> Option<Value> {
        let conditions: Vec<Lane> = conditions.iter().map(|lane| self.resolve(*lane)).collect();
        let (first, kind) = self.common(&conditions)?;
        match kind {
            Kind::Integers(condition) => {
                let sides = self.both_operands(&conditions)?;
                self.compare_integers(first, condition, sides, bits)
            }
            Kind::Floats(condition) => {
                let [left, right] = self.both_operands(&conditions)?;
                if self.func.dfg.value_type(left[0].value).bits() != bits {
                    return None;
                }
                let (left, right) = (self.pack(left)?, self.pack(right)?);
                Some(self.cursor(Some(first)).ins().fcmp(condition, left, right))
            }
            Kind::Plain(Opcode::Uextend) => {
                let args = self.operands(&conditions, 0)?;
                let are_truths = args.iter().all(|arg| is_condition(self.func, arg.value));
                are_truths.then(|| self.mask(args, bits))?
            }
            Kind::Plain(opcode @ (Opcode::Band | Opcode::Bor | Opcode::Bxor)) => {
                let [left, right] = self.both_operands(&conditions)?;
                let mut both = left.iter().chain(&right);
                if !both.all(|arg| is_condition(self.func, arg.value)) {
                    return None;
                }
                let (left, right) = (self.mask(left, bits)?, self.mask(right, bits)?);
                Some(self.binary(Some(first), opcode, left, right))
            }
            _ => None,
        }
    }

    /// The mask of a comparison, in the narrowest lanes that suffice and that are not narrower than so many bits.
    fn compare_integers(
        &mut self,
        first: Inst,
        condition: IntCC,
        sides: [Vec<Lane>; 2],
        bits: u32,
    ) -> Option<Value> {
        let both: Vec<Lane> = sides.concat();
        let own = self.func.dfg.value_type(both[0].value).bits();
        let fits = |width: u32| {
            let fit = self.fit_in(&both, width)?;
            let condition = match fit {
                Fit::Whole => condition,
                Fit::Both => signed(condition),
                Fit::Unsigned => condition.unsigned(),
                Fit::Signed if signed(condition) == condition => condition,
                Fit::Signed => return None,
            };
            Some((width, condition))
        };
        let widths = WIDTHS.into_iter().chain([64]);
        let (width, condition) = widths
            .skip_while(|width| *width < bits)
            .take_while(|width| *width <= own)
            .find_map(fits)?;
        let ty = vector(width);
        let [left, right] = sides;
        let count = ty.lane_count() as usize;
        let pairs = left.chunks(count).zip(right.chunks(count));
        let pairs: Vec<(Vec<Lane>, Vec<Lane>)> = pairs
            .map(|(left, right)| (left.to_vec(), right.to_vec()))
            .collect();
        let mut parts = Vec::new();
        for (left, right) in pairs {
            let left = self.pack_as(left, ty)?;
            let right = self.pack_as(right, ty)?;
            parts.push(self.cursor(Some(first)).ins().icmp(condition, left, right));
        }
        if width == 64 && parts.len() > 1 {
            return None;
        }
        self.join_parts(parts, false)
    }

    /// The operation that takes the same one of two numbers in lanes of so many bits, if one does.
    pub fn extreme(&mut self, opcode: Opcode, both: &[Lane], bits: u32) -> Option<Opcode> {
        use Opcode as O;
        let is_signed = matches!(opcode, O::Smin | O::Smax);
        let is_least = matches!(opcode, O::Umin | O::Smin);
        let with_sign = match self.fit_in(both, bits)? {
            Fit::Whole => is_signed,
            // x86-64 has all along had instructions for bytes without a sign, and for 16 bits with one.
            Fit::Both => bits != 8,
            Fit::Unsigned => false,
            Fit::Signed if is_signed => true,
            Fit::Signed => return None,
        };
        Some(match (with_sign, is_least) {
            (true, true) => O::Smin,
            (true, false) => O::Smax,
            (false, true) => O::Umin,
            (false, false) => O::Umax,
        })
    }

    /// The lesser or the greater one of two numbers each.
    pub fn pack_extreme(
        &mut self,
        first: Inst,
        [left, right]: [Vec<Lane>; 2],
        ty: Type,
    ) -> Option<Value> {
        let opcode = self.func.dfg.insts[first].opcode();
        let both = [left.as_slice(), right.as_slice()].concat();
        let opcode = self.extreme(opcode, &both, ty.lane_bits())?;
        let (left, right) = (self.pack_as(left, ty)?, self.pack_as(right, ty)?);
        // Where there is no instruction for it, a comparison and a choice are.
        self.cost += 1;
        Some(self.binary(Some(first), opcode, left, right))
    }
}

/// The same comparison of numbers with a sign.
fn signed(condition: IntCC) -> IntCC {
    use IntCC as C;
    match condition {
        C::UnsignedLessThan => C::SignedLessThan,
        C::UnsignedLessThanOrEqual => C::SignedLessThanOrEqual,
        C::UnsignedGreaterThan => C::SignedGreaterThan,
        C::UnsignedGreaterThanOrEqual => C::SignedGreaterThanOrEqual,
        other => other,
    }
}
