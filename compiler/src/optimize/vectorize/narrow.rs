//! Lanes that are narrower than the values in them: of what is stored as 8 or 16 bits, so many are computed.
//!
//! The lowest bits of a sum, a difference, a product or a choice follow from those of its operands. A shift to the right and
//! a comparison need the others too, unless these are known: then that is computed in wider lanes, in several vectors, and
//! becomes narrower behind it.

use super::access::Access;
use super::pack::{Kind, Lane, Packer};
use super::range::{Range, is_condition};
use crate::optimize::constant;
use cranelift_codegen::ir::{
    Endianness, Inst, InstBuilder, MemFlagsData, Opcode, Type, Value, types,
};

/// The widths that integers have in lanes, but for 64 bits.
pub(super) const WIDTHS: [u32; 3] = [8, 16, 32];

/// How integers fit lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// All bits are there.
    Whole,
    /// The others are zeros.
    Unsigned,
    /// The others are like the highest one that is there.
    Signed,
    /// The others are zeros, like the highest one that is there.
    Both,
}

/// A vector of integers of so many bits.
pub(super) fn vector(bits: u32) -> Type {
    match bits {
        8 => types::I8X16,
        16 => types::I16X8,
        32 => types::I32X4,
        _ => types::I64X2,
    }
}

impl Packer<'_> {
    /// The lowest bits of integers in lanes, as many as fit; of those that have fewer the rest is anything.
    pub fn pack_narrow(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        let bits = ty.lane_bits();
        match self.width(lanes, bits)? {
            width if width == bits => self.pack_computed(lanes, ty),
            width if width > bits => self.shorten(lanes, width, bits),
            _ => None,
        }
    }

    /// How wide lanes must be to compute these, at least so many bits.
    fn width(&mut self, lanes: &[Lane], least: u32) -> Option<u32> {
        if lanes.iter().all(|lane| *lane == lanes[0]) || self.counters(lanes).is_some() {
            return Some(least);
        }
        let size = |lane| Some(8 * self.load(lane)?.size as u32);
        let sizes: Option<Vec<u32>> = lanes.iter().map(size).collect();
        if let Some(sizes) = sizes {
            return sizes.into_iter().max().map(|size| size.max(least));
        }
        use Opcode as O;
        let Some((first, kind)) = self.common(lanes) else {
            return Some(32);
        };
        let wide_enough = match kind {
            Kind::Plain(O::Iadd | O::Isub | O::Band | O::Bor | O::Bxor | O::Bnot | O::Ineg) => {
                least
            }
            Kind::Plain(O::Select | O::Uextend | O::Sextend | O::Ireduce | O::Bmask) => least,
            Kind::Plain(opcode @ (O::Umin | O::Umax | O::Smin | O::Smax)) => {
                let both = self.both_operands(lanes)?.concat();
                let fits =
                    |width: &u32| *width >= least && self.extreme(opcode, &both, *width).is_some();
                WIDTHS.into_iter().find(fits)?
            }
            // There is no instruction for products of bytes.
            Kind::Plain(O::Imul) => least.max(16),
            Kind::Plain(O::Ishl) => {
                let distance = self.distance(first);
                let fits = |width: &u32| {
                    *width >= least && distance.is_some_and(|distance| distance < *width)
                };
                WIDTHS.into_iter().find(fits).unwrap_or(32)
            }
            Kind::Plain(O::Ushr | O::Sshr) => {
                let shifted = self.operands(lanes, 0)?;
                let fits =
                    |width: &u32| *width >= least && self.shift_fits(lanes, &shifted, *width);
                WIDTHS.into_iter().find(fits)?
            }
            _ if self.func.dfg.value_type(lanes[0].value) == types::I32 => 32,
            _ => return None,
        };
        Some(wide_enough)
    }

    /// Whether lanes of so many bits suffice for a shift to the right by a constant.
    fn shift_fits(&mut self, lanes: &[Lane], shifted: &[Lane], bits: u32) -> bool {
        let fit = self.fit_in(shifted, bits);
        let distance = |lane: &Lane| {
            let (inst, kind) = self.kind(lane)?;
            Some((self.distance(inst)?, kind == Kind::Plain(Opcode::Sshr)))
        };
        let mut distances = lanes.iter().map(distance);
        distances.all(|found| match (found, fit) {
            (None, _) => bits == 32,
            (Some(_), Some(Fit::Whole)) => true,
            (Some((_, true)), Some(Fit::Signed)) => true,
            (Some((distance, _)), Some(Fit::Unsigned | Fit::Both)) => distance < bits,
            _ => false,
        })
    }

    /// How all these fit lanes of so many bits, if they do.
    pub fn fit_in(&mut self, lanes: &[Lane], bits: u32) -> Option<Fit> {
        let width = self.func.dfg.value_type(lanes[0].value).bits();
        if width == bits {
            return Some(Fit::Whole);
        }
        if width != 32 {
            return None;
        }
        let ranges: Vec<Range> = lanes
            .iter()
            .map(|lane| self.ranges.of(self.func, lane.value))
            .collect();
        let unsigned = ranges.iter().all(|range| range.fits_unsigned(bits));
        let signed = ranges.iter().all(|range| range.fits_signed(bits));
        match (unsigned, signed) {
            (true, true) => Some(Fit::Both),
            (true, false) => Some(Fit::Unsigned),
            (false, true) => Some(Fit::Signed),
            (false, false) => None,
        }
    }

    /// The first of the instructions of these lanes, and what they all compute.
    pub fn common(&self, lanes: &[Lane]) -> Option<(Inst, Kind)> {
        let (first, kind) = self.kind(&lanes[0])?;
        let is_same = |lane: &Lane| self.kind(lane).is_some_and(|(_, other)| other == kind);
        lanes.iter().all(is_same).then_some((first, kind))
    }

    /// One operand of what is computed alike in all lanes.
    pub fn operands(&self, lanes: &[Lane], index: usize) -> Option<Vec<Lane>> {
        let operand = |lane: &Lane| {
            let (inst, _) = self.kind(lane)?;
            let value = *self.func.dfg.inst_args(inst).get(index)?;
            Some(self.resolve(Lane { value, ..*lane }))
        };
        lanes.iter().map(operand).collect()
    }

    /// Both operands of what is computed alike in all lanes.
    pub fn both_operands(&self, lanes: &[Lane]) -> Option<[Vec<Lane>; 2]> {
        Some([self.operands(lanes, 0)?, self.operands(lanes, 1)?])
    }

    /// Lanes of so many bits as vectors, and these as one whose lanes are shorter.
    fn shorten(&mut self, lanes: &[Lane], width: u32, bits: u32) -> Option<Value> {
        let wide = vector(width);
        let parts = lanes.chunks(wide.lane_count() as usize);
        let mut parts: Vec<Value> = parts
            .map(|part| self.pack_as(part.to_vec(), wide))
            .collect::<Option<_>>()?;
        // Instructions that make lanes shorter take the nearest number that fits: from 16 bits without a sign, from 32 with
        // one.
        let fit = self.fit_in(lanes, bits);
        let is_near = match bits {
            8 => matches!(fit, Some(Fit::Unsigned | Fit::Both)),
            _ => matches!(fit, Some(Fit::Signed | Fit::Both)),
        };
        if !is_near {
            for part in &mut parts {
                *part = self.cut(*part, bits);
            }
        }
        self.join_parts(parts, bits == 8)
    }

    /// Keeps the lowest bits of lanes that are longer: bytes become numbers without a sign, two bytes such with one.
    fn cut(&mut self, vector: Value, bits: u32) -> Value {
        let ty = self.func.dfg.value_type(vector);
        if bits == 8 {
            let mask = self.number_in_all(ty, 0xff);
            return self.cursor(None).ins().band(vector, mask);
        }
        self.lengthen(vector, bits)
    }

    /// Two vectors become one of lanes half as long, until there is one.
    pub fn join_parts(&mut self, mut parts: Vec<Value>, to_unsigned: bool) -> Option<Value> {
        while parts.len() > 1 {
            let pairs = parts.chunks_exact(2);
            parts = pairs
                .map(|pair| {
                    let is_last = self.func.dfg.value_type(pair[0]) == types::I16X8;
                    let cursor = &mut self.cursor(None);
                    if is_last && to_unsigned {
                        cursor.ins().unarrow(pair[0], pair[1])
                    } else {
                        cursor.ins().snarrow(pair[0], pair[1])
                    }
                })
                .collect();
        }
        parts.first().copied()
    }

    /// A number in all lanes.
    fn number_in_all(&mut self, ty: Type, number: u64) -> Value {
        let bytes = &number.to_le_bytes()[..ty.lane_bits() as usize / 8];
        self.vector_constant(ty, bytes.repeat(ty.lane_count() as usize))
    }

    /// The counter that all these are, and what is added to it in each: 32 bits.
    fn counters(&self, lanes: &[Lane]) -> Option<(usize, Vec<u32>)> {
        let counter = |lane: &Lane| {
            let (param, more) = self.counted.counter(self.func, lane.value)?;
            let step = self.counted.steps[param]?;
            let ahead = more.wrapping_add(step.wrapping_mul(lane.copy + 1));
            Some((param, ahead))
        };
        let (param, _) = counter(&lanes[0])?;
        let ahead = lanes.iter().map(|lane| {
            let (other, ahead) = counter(lane)?;
            (other == param).then_some(ahead)
        });
        Some((param, ahead.collect::<Option<_>>()?))
    }

    /// A counter in lanes that are ahead of it, as it is in several iterations.
    pub fn pack_counters(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        let (param, ahead) = self.counters(lanes)?;
        let bytes = ty.lane_bits() as usize / 8;
        let numbers = ahead.iter().map(|number| number.to_le_bytes());
        let numbers = numbers
            .flat_map(|number| number.into_iter().take(bytes))
            .collect();
        let value = self.counted.params[param];
        let first = self.scalar(Lane { copy: 0, value })?;
        let first = self.splat_scalar(first, ty);
        let ahead = self.vector_constant(ty, numbers);
        Some(self.cursor(None).ins().iadd(first, ahead))
    }

    /// What lies in memory, of a size, in lanes of another one.
    pub fn load_extended(&mut self, copy: u32, access: &Access, ty: Type) -> Option<Value> {
        let opcode = self.func.dfg.insts[access.inst].opcode();
        let is_signed = matches!(opcode, Opcode::Sload8 | Opcode::Sload16);
        let (address, offset) = self.address(copy, access)?;
        let flags = self.flags(access);
        self.cost += 1;
        let mut cursor = self.cursor(Some(access.inst));
        Some(match (access.size, ty, is_signed) {
            (1, types::I16X8, false) => cursor.ins().uload8x8(flags, address, offset),
            (1, types::I16X8, true) => cursor.ins().sload8x8(flags, address, offset),
            (2, types::I32X4, false) => cursor.ins().uload16x4(flags, address, offset),
            (2, types::I32X4, true) => cursor.ins().sload16x4(flags, address, offset),
            (1, types::I32X4, _) => {
                let bytes = cursor.ins().load(types::I32, flags, address, offset);
                let lanes = cursor.ins().scalar_to_vector(types::I32X4, bytes);
                let little = MemFlagsData::new().with_endianness(Endianness::Little);
                let lanes = cursor.ins().bitcast(types::I8X16, little, lanes);
                let value = if is_signed {
                    let lanes = cursor.ins().swiden_low(lanes);
                    cursor.ins().swiden_low(lanes)
                } else {
                    let lanes = cursor.ins().uwiden_low(lanes);
                    cursor.ins().uwiden_low(lanes)
                };
                self.cost += 3;
                value
            }
            _ => return None,
        })
    }

    /// The shift by a constant, and by what, that does the same in lanes which are narrower than the values: what these
    /// would have shifted in from above is what fills the lanes up.
    pub fn narrow_shift(
        &mut self,
        shift: Inst,
        shifted: &[Lane],
        ty: Type,
    ) -> Option<(Opcode, Value)> {
        let bits = ty.lane_bits();
        let opcode = self.func.dfg.insts[shift].opcode();
        let distance = self.distance(shift)?;
        let (opcode, distance) = match (opcode, self.fit_in(shifted, bits)) {
            (Opcode::Ishl, _) => (Opcode::Ishl, distance),
            (Opcode::Sshr, Some(Fit::Signed)) => (Opcode::Sshr, distance.min(bits - 1)),
            (_, Some(Fit::Whole)) => (opcode, distance),
            (_, Some(Fit::Unsigned | Fit::Both)) => (Opcode::Ushr, distance),
            _ => return None,
        };
        let distance = i64::from(distance);
        let distance = self.cursor(None).ins().iconst(types::I32, distance);
        self.cost -= 1;
        Some((opcode, distance))
    }

    /// By what a constant shifts.
    fn distance(&self, shift: Inst) -> Option<u32> {
        let dfg = &self.func.dfg;
        let [shifted, distance] = *dfg.inst_args(shift) else {
            return None;
        };
        Some(constant(dfg, distance)? as u32 % dfg.value_type(shifted).bits())
    }

    /// Values of fewer bits that are made longer, or what becomes shorter.
    pub fn pack_resized(&mut self, first: Inst, args: Vec<Lane>, ty: Type) -> Option<Value> {
        let bits = ty.lane_bits();
        let opcode = self.func.dfg.insts[first].opcode();
        let from = self.func.dfg.value_type(args[0].value).bits();
        if opcode == Opcode::Ireduce {
            return (from <= 32).then(|| self.pack_as(args, ty))?;
        }
        if from > 16 {
            return None;
        }
        if args.iter().any(|arg| is_condition(self.func, arg.value)) {
            let mask = self.mask(args, bits)?;
            let one = self.number_in_all(ty, 1);
            return Some(self.cursor(Some(first)).ins().band(mask, one));
        }
        let value = self.pack_as(args, ty)?;
        if from >= bits {
            return Some(value);
        }
        if opcode == Opcode::Uextend {
            let mask = self.number_in_all(ty, (1 << from) - 1);
            return Some(self.cursor(Some(first)).ins().band(value, mask));
        }
        Some(self.lengthen(value, from))
    }

    /// Lanes of which so many bits are there, with a sign.
    fn lengthen(&mut self, vector: Value, bits: u32) -> Value {
        let ty = self.func.dfg.value_type(vector);
        let distance = i64::from(ty.lane_bits() - bits);
        let up = self.cursor(None).ins().ishl_imm_u(vector, distance);
        self.cursor(None).ins().sshr_imm_u(up, distance)
    }
}
