//! The block that does several iterations of a loop at once: values that are computed alike share a vector, a lane each.

use super::access::{Access, Accesses};
use super::built;
use super::counted::Loop;
use super::guard::Guard;
use super::range::Ranges;
use super::reduce::Reduced;
use crate::optimize::constant;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{
    Block, Endianness, Function, Inst, InstBuilder, InstructionData, MemFlagsData, Opcode, Type,
    Value, types,
};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// Bytes of a vector.
pub(super) const VECTOR: i64 = 16;

/// How well a lane goes with one that is loaded from the place before.
pub(super) const NEXT: u32 = 3;

/// The operations that are looked at for whether a vector stays whole, at most: a value may be used by several.
const MOST_LOOKED_AT: usize = 100;

/// A value of a loop in one of the iterations that are done at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    pub copy: u32,
    pub value: Value,
}

/// Makes the block. What can't be made is `None`.
pub(super) struct Packer<'a> {
    pub func: &'a mut Function,
    pub counted: &'a Loop,
    accesses: &'a Accesses,
    pub guard: &'a Guard,
    pub block: Block,
    /// What stands for the loop's parameters, of those that are needed.
    pub params: Vec<Option<Value>>,
    /// How many bytes the addresses have gained, for each step of a group.
    pub gains: Vec<(u32, Value)>,
    /// Values of the loop as they are, one for each iteration in which they are needed.
    scalars: HashMap<Lane, Value>,
    packs: HashMap<(Vec<Lane>, Type), Value>,
    pub ranges: Ranges,
    /// Values from outside the loop with the vectors that have them in all lanes.
    pub splats: Vec<(Value, Value)>,
    /// The vectors that reductions have.
    pub reduced: Vec<Reduced>,
    /// The loads that have been made.
    pub loaded: HashSet<(u32, Inst)>,
    /// The vectors that have been put together from values with nothing in common.
    pub gathered: usize,
    /// The instructions that have been made.
    pub cost: usize,
}

/// What an instruction computes, as far as lanes must agree in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain(Opcode),
    Integers(IntCC),
    Floats(FloatCC),
}

impl<'a> Packer<'a> {
    pub fn new(
        func: &'a mut Function,
        counted: &'a Loop,
        accesses: &'a Accesses,
        guard: &'a Guard,
    ) -> Self {
        let block = func.dfg.make_block();
        func.layout.insert_block(block, counted.block);
        let mut steps: Vec<u32> = accesses.groups.iter().map(|group| group.step).collect();
        steps.retain(|step| *step != 0);
        steps.sort_unstable();
        steps.dedup();
        let gains = steps
            .into_iter()
            .map(|step| (step, func.dfg.append_block_param(block, types::I64)))
            .collect();
        Self {
            func,
            params: vec![None; counted.params.len()],
            counted,
            accesses,
            guard,
            block,
            gains,
            scalars: HashMap::new(),
            packs: HashMap::new(),
            ranges: Ranges::default(),
            splats: Vec::new(),
            reduced: Vec::new(),
            loaded: HashSet::new(),
            gathered: 0,
            cost: 0,
        }
    }

    /// Instructions at the end of the block, in the place of this one.
    pub fn cursor(&mut self, like: Option<Inst>) -> FuncCursor<'_> {
        self.cost += 1;
        let mut cursor = FuncCursor::new(self.func).at_bottom(self.block);
        if let Some(inst) = like {
            cursor.use_srcloc(inst);
        }
        cursor
    }

    fn definition(&self, value: Value) -> Option<Inst> {
        let inst = self.func.dfg.value_def(value).inst()?;
        let block = self.func.layout.inst_block(inst)?;
        self.counted.has(block).then_some(inst)
    }

    /// Whether a value is the same in all iterations.
    pub fn is_constant(&self, value: Value) -> bool {
        let is_number = |inst| {
            let data = self.func.dfg.insts[inst];
            matches!(
                data,
                InstructionData::UnaryConst { .. }
                    | InstructionData::UnaryImm { .. }
                    | InstructionData::UnaryIeee32 { .. }
                    | InstructionData::UnaryIeee64 { .. }
            )
        };
        self.counted.is_still(self.func, value) || self.definition(value).is_some_and(is_number)
    }

    /// The one that stands for a lane: what is the same in all iterations is that of the first, what an iteration hands to
    /// the next is that of the one before.
    pub fn resolve(&self, lane: Lane) -> Lane {
        let value = self.func.dfg.resolve_aliases(lane.value);
        if lane.copy > 0
            && let Some(param) = self.counted.param(value)
            && self.counted.steps[param].is_none()
        {
            return self.resolve(Lane {
                copy: lane.copy - 1,
                value: self.counted.next[param],
            });
        }
        let copy = if self.is_constant(value) {
            0
        } else {
            lane.copy
        };
        Lane { copy, value }
    }

    /// A value as it is.
    pub fn scalar(&mut self, lane: Lane) -> Option<Value> {
        let lane = self.resolve(lane);
        if self.counted.is_outer(self.func, lane.value) {
            return Some(lane.value);
        }
        if let Some(known) = self.scalars.get(&lane) {
            return Some(*known);
        }
        let made = match self.counted.param(lane.value) {
            Some(param) => self.scalar_param(lane.copy, param)?,
            None => self.scalar_result(lane)?,
        };
        self.scalars.insert(lane, made);
        Some(made)
    }

    fn scalar_param(&mut self, copy: u32, param: usize) -> Option<Value> {
        if copy == 0 {
            let ty = self.func.dfg.value_type(self.counted.params[param]);
            let value = self.params[param]
                .unwrap_or_else(|| self.func.dfg.append_block_param(self.block, ty));
            self.params[param] = Some(value);
            return Some(value);
        }
        match self.counted.steps[param] {
            Some(step) => {
                let first = self.scalar_param(0, param)?;
                Some(self.add(first, step.wrapping_mul(copy)))
            }
            None => self.scalar(Lane {
                copy: copy - 1,
                value: self.counted.next[param],
            }),
        }
    }

    /// A counter that has gained so much.
    pub fn add(&mut self, counter: Value, gain: u32) -> Value {
        self.cursor(None).ins().iadd_imm_u(counter, i64::from(gain))
    }

    fn scalar_result(&mut self, lane: Lane) -> Option<Value> {
        let inst = self.definition(lane.value)?;
        if let Some(access) = self.accesses.get(inst) {
            let access = *access;
            return self.scalar_load(lane.copy, &access);
        }
        let args = self.func.dfg.inst_args(inst).to_vec();
        let args: Vec<Value> = args
            .into_iter()
            .map(|value| self.scalar(Lane { value, ..lane }))
            .collect::<Option<_>>()?;
        let made = self.func.dfg.clone_inst(inst);
        self.func.dfg.inst_args_mut(made).copy_from_slice(&args);
        self.cursor(Some(inst)).insert_inst(made);
        Some(self.func.dfg.first_result(made))
    }

    fn scalar_load(&mut self, copy: u32, access: &Access) -> Option<Value> {
        let (address, offset) = self.address(copy, access)?;
        let made = self.func.dfg.clone_inst(access.inst);
        let InstructionData::Load {
            arg, offset: place, ..
        } = &mut self.func.dfg.insts[made]
        else {
            unreachable!("what has a value and goes to memory is a load")
        };
        (*arg, *place) = (address, offset.into());
        self.cursor(Some(access.inst)).insert_inst(made);
        self.loaded.insert((copy, access.inst));
        Some(self.func.dfg.first_result(made))
    }

    /// A store as it is.
    pub fn scalar_store(&mut self, copy: u32, access: &Access) -> Option<()> {
        let value = self.func.dfg.inst_args(access.inst)[0];
        let stored = self.scalar(Lane { copy, value })?;
        let (start, displacement) = self.address(copy, access)?;
        let made = self.func.dfg.clone_inst(access.inst);
        let InstructionData::Store { args, offset, .. } = &mut self.func.dfg.insts[made] else {
            unreachable!("the access is a store")
        };
        (*args, *offset) = ([stored, start], displacement.into());
        self.cursor(Some(access.inst)).insert_inst(made);
        Some(())
    }

    /// The address of an access and the offset from it.
    pub fn address(&mut self, copy: u32, access: &Access) -> Option<(Value, i32)> {
        let step = self.accesses.groups[access.group].step;
        let start = self.guard.starts[access.group];
        let gain = self.gains.iter().find(|(gained, _)| *gained == step);
        let address = match gain.copied() {
            Some((_, gain)) => {
                let address = self.cursor(Some(access.inst)).ins().iadd(start, gain);
                // It becomes part of the access.
                self.cost -= 1;
                address
            }
            None => start,
        };
        let offset = access.position + i64::from(copy) * i64::from(step);
        Some((address, i32::try_from(offset).ok()?))
    }

    /// Where a lane's load lies in its group, in bytes.
    fn start(&self, lane: &Lane, access: &Access) -> i64 {
        let step = self.accesses.groups[access.group].step;
        access.position + i64::from(lane.copy) * i64::from(step)
    }

    /// Where a lane's value is loaded from, if it is.
    pub fn load(&self, lane: &Lane) -> Option<Access> {
        use Opcode as O;
        let inst = self.definition(lane.value)?;
        let is_load = match self.func.dfg.insts[inst].opcode() {
            O::Load => true,
            O::Uload8 | O::Sload8 | O::Uload16 | O::Sload16 => {
                self.func.dfg.value_type(lane.value) == types::I32
            }
            _ => false,
        };
        is_load.then(|| self.accesses.get(inst).copied()).flatten()
    }

    /// Values of one type in a vector.
    pub fn pack(&mut self, lanes: Vec<Lane>) -> Option<Value> {
        let scalar = self.func.dfg.value_type(lanes[0].value);
        let ty = scalar.by(lanes.len() as u32)?;
        (i64::from(ty.bytes()) == VECTOR).then(|| self.pack_as(lanes, ty))?
    }

    /// Values of one type in a vector of this type, whose lanes may be narrower or wider than integers.
    pub fn pack_as(&mut self, lanes: Vec<Lane>, ty: Type) -> Option<Value> {
        let lanes: Vec<Lane> = lanes.into_iter().map(|lane| self.resolve(lane)).collect();
        let key = (lanes, ty);
        if let Some(known) = self.packs.get(&key) {
            return Some(*known);
        }
        let (lanes, _) = &key;
        let mut types = lanes
            .iter()
            .map(|lane| self.func.dfg.value_type(lane.value));
        let scalar = types.next()?;
        if types.any(|ty| ty != scalar) {
            return None;
        }
        let made = if scalar.by(lanes.len() as u32) == Some(ty) && scalar.bits() >= 32 {
            self.pack_whole(lanes, ty)?
        } else {
            let is_narrow = scalar.is_int() && scalar.bits() <= 32 && ty.lane_type().is_int();
            let is_full = lanes.len() == ty.lane_count() as usize;
            (is_narrow && is_full).then(|| self.pack_narrow(lanes, ty))??
        };
        self.packs.insert(key, made);
        Some(made)
    }

    /// Values in lanes that are as wide as they are.
    fn pack_whole(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        if let [lane] = *lanes {
            return match self.built(lane) {
                Some(built) => self.pack_built(built, ty),
                None => self.scalar(lane),
            };
        }
        if let Some(whole) = self.taken(lanes, ty) {
            return self.pack(vec![whole]);
        }
        self.pack_halves(lanes, ty)
            .or_else(|| self.pack_computed(lanes, ty))
            .or_else(|| self.gather(lanes, ty))
    }

    /// Values that are the same in all lanes, are counted, loaded or computed alike.
    pub fn pack_computed(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        if lanes.iter().all(|lane| *lane == lanes[0]) {
            return self.splat(lanes[0], ty);
        }
        self.pack_counters(lanes, ty)
            .or_else(|| self.pack_loads(lanes, ty))
            .or_else(|| self.pack_results(lanes, ty))
    }

    /// The lanes of a vector that is put together from them, if computing them in a vector takes nothing apart: compilers
    /// take the lanes of a vector for what WebAssembly has no vectors of, as divisions, and put the results together.
    fn built(&self, whole: Lane) -> Option<Vec<Lane>> {
        self.definition(whole.value)?;
        let (first, _) = built::source(&self.func.dfg, whole.value, 0)?;
        let size = self.func.dfg.value_type(first).bytes() as u8;
        let built = (0..VECTOR as u8).step_by(size.into()).map(|start| {
            let (value, _) = built::source(&self.func.dfg, whole.value, start)?;
            let mut bytes = 0..size;
            let is_lane = bytes.all(|byte| {
                built::source(&self.func.dfg, whole.value, start + byte) == Some((value, byte))
            });
            is_lane.then(|| self.resolve(Lane { value, ..whole }))
        });
        let built: Vec<Lane> = built.collect::<Option<_>>()?;
        let is_computed = built.iter().any(|lane| *lane != built[0]);
        (is_computed && self.stays_whole(&built, &mut { MOST_LOOKED_AT })).then_some(built)
    }

    /// Whether lanes are computed alike from the lanes of vectors, in their order.
    fn stays_whole(&self, lanes: &[Lane], left: &mut usize) -> bool {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        if lanes.iter().all(|lane| *lane == lanes[0]) {
            return true;
        }
        let scalar = self.func.dfg.value_type(lanes[0].value);
        if let Some(ty) = scalar.by(lanes.len() as u32)
            && self.taken(lanes, ty).is_some()
        {
            return true;
        }
        let kinds: Option<Vec<(Inst, Kind)>> = lanes.iter().map(|lane| self.kind(lane)).collect();
        let Some(kinds) = kinds else {
            return false;
        };
        use Opcode as O;
        let (_, first) = kinds[0];
        let is_simple = matches!(
            first,
            Kind::Plain(
                O::Iadd | O::Isub | O::Band | O::Bor | O::Bxor | O::Umulhi | O::Ushr | O::Sshr
            )
        );
        let args = |side: usize| {
            let args = lanes.iter().zip(&kinds).map(|(lane, (inst, _))| {
                let value = self.func.dfg.inst_args(*inst)[side];
                self.resolve(Lane { value, ..*lane })
            });
            args.collect::<Vec<Lane>>()
        };
        is_simple
            && kinds.iter().all(|(_, kind)| *kind == first)
            && [0, 1]
                .into_iter()
                .all(|side| self.stays_whole(&args(side), left))
    }

    fn pack_built(&mut self, built: Vec<Lane>, ty: Type) -> Option<Value> {
        let packed = self.pack(built)?;
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        if self.func.dfg.value_type(packed) == ty {
            return Some(packed);
        }
        self.cost -= 1;
        Some(self.cursor(None).ins().bitcast(ty, flags, packed))
    }

    /// The vector whose lanes these are, in their order.
    fn taken(&self, lanes: &[Lane], ty: Type) -> Option<Lane> {
        let (vector, _) = self.extracted(&lanes[0])?;
        let is_next = |(number, lane): (usize, &Lane)| {
            lane.copy == lanes[0].copy && self.extracted(lane) == Some((vector, number as u8))
        };
        let are_all = self.func.dfg.value_type(vector) == ty
            && lanes.len() == ty.lane_count() as usize
            && lanes.iter().enumerate().all(is_next);
        let copy = lanes[0].copy;
        let value = vector;
        are_all.then(|| self.resolve(Lane { copy, value }))
    }

    /// The vector that a value is a lane of, and the lane's number.
    fn extracted(&self, lane: &Lane) -> Option<(Value, u8)> {
        match self.func.dfg.insts[self.definition(lane.value)?] {
            InstructionData::BinaryImm8 {
                opcode: Opcode::Extractlane,
                arg,
                imm,
            } => Some((self.func.dfg.resolve_aliases(arg), imm)),
            _ => None,
        }
    }

    /// The same halves of two vectors.
    fn pack_halves(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        let [left, right] = *lanes else {
            return None;
        };
        let halves = [left, right].map(|lane| Some((lane.copy, self.extracted(&lane)?)));
        let [(left_copy, left), (right_copy, right)] = [halves[0]?, halves[1]?];
        let (flags, half) = (
            MemFlagsData::new().with_endianness(Endianness::Little),
            left.1,
        );
        if half != right.1 || ty != types::I64X2 {
            return None;
        }
        let mut vectors = Vec::new();
        for (copy, value) in [(left_copy, left.0), (right_copy, right.0)] {
            let vector = self.scalar(Lane { copy, value })?;
            let mut cursor = self.cursor(None);
            vectors.push(cursor.ins().bitcast(types::I8X16, flags, vector));
            self.cost -= 1;
        }
        let bytes: Vec<u8> = [0, 16]
            .into_iter()
            .flat_map(|of| of + half * 8..of + half * 8 + 8)
            .collect();
        let mut cursor = self.cursor(None);
        let mask = cursor.func.dfg.immediates.push(bytes.into());
        let joined = cursor.ins().shuffle(vectors[0], vectors[1], mask);
        let joined = cursor.ins().bitcast(ty, flags, joined);
        Some(joined)
    }

    /// One value in all lanes.
    fn splat(&mut self, lane: Lane, ty: Type) -> Option<Value> {
        if let Some(bytes) = self.number(lane.value, ty.lane_type()) {
            let bytes = bytes.repeat(ty.lane_count() as usize);
            return Some(self.vector_constant(ty, bytes));
        }
        if self.counted.is_outer(self.func, lane.value) {
            let value = lane.value;
            let vector = splat(&mut self.guard.before(self.func), value, ty);
            self.splats.push((value, vector));
            return Some(vector);
        }
        let value = self.scalar(lane)?;
        Some(self.splat_scalar(value, ty))
    }

    /// A vector of these bytes, which takes no instruction of its own.
    pub fn vector_constant(&mut self, ty: Type, bytes: Vec<u8>) -> Value {
        let constant = self.func.dfg.constants.insert(bytes.into());
        let value = self.cursor(None).ins().vconst(ty, constant);
        self.cost -= 1;
        value
    }

    /// An operation of two vectors, in the place of this instruction.
    pub fn binary(
        &mut self,
        like: Option<Inst>,
        opcode: Opcode,
        left: Value,
        right: Value,
    ) -> Value {
        let ty = self.func.dfg.value_type(left);
        let mut cursor = self.cursor(like);
        let (inst, dfg) = cursor.ins().Binary(opcode, ty, left, right);
        dfg.first_result(inst)
    }

    /// A value of the block in all lanes.
    pub fn splat_scalar(&mut self, value: Value, ty: Type) -> Value {
        if ty.lane_bits() < 32 {
            // It is made shorter, and bytes take several instructions.
            self.cost += 2;
        }
        splat(&mut self.cursor(None), value, ty)
    }

    /// The bytes of a constant in a lane of this type.
    fn number(&self, value: Value, lane: Type) -> Option<Vec<u8>> {
        let inst = self.func.dfg.value_def(value).inst()?;
        let bytes = lane.bytes() as usize;
        let bits = match self.func.dfg.insts[inst] {
            InstructionData::UnaryIeee32 { imm, .. } => imm.bits().into(),
            InstructionData::UnaryIeee64 { imm, .. } => imm.bits(),
            _ => constant(&self.func.dfg, value)? as u64,
        };
        Some(bits.to_le_bytes()[..bytes].to_vec())
    }

    /// Loads from one place to the next as one load, or one that is the same in all lanes.
    fn pack_loads(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        let loads: Vec<Access> = lanes
            .iter()
            .map(|lane| self.load(lane))
            .collect::<Option<_>>()?;
        let first = loads[0];
        let opcode = |load: &Access| self.func.dfg.insts[load.inst].opcode();
        let is_alike = |load: &Access| load.group == first.group && opcode(load) == opcode(&first);
        if !loads.iter().all(is_alike) {
            return None;
        }
        let origin = self.start(&lanes[0], &first);
        let distance = |(lane, access)| self.start(lane, access) - origin;
        let distances: Vec<i64> = lanes.iter().zip(&loads).map(distance).collect();
        let steps = (0..).step_by(first.size as usize);
        let is_row = distances.iter().zip(steps).all(|(a, b)| *a == b);
        let value = if is_row {
            self.vector_load(lanes[0].copy, &first, ty)?
        } else if distances.iter().all(|distance| *distance == 0) {
            let value = self.scalar(lanes[0])?;
            self.splat_scalar(value, ty)
        } else {
            return None;
        };
        let made = lanes.iter().zip(&loads);
        let made = made.map(|(lane, load)| (lane.copy, load.inst));
        self.loaded.extend(made);
        Some(value)
    }

    fn vector_load(&mut self, copy: u32, access: &Access, ty: Type) -> Option<Value> {
        if access.size != i64::from(ty.lane_type().bytes()) {
            return self.load_extended(copy, access, ty);
        }
        let (address, offset) = self.address(copy, access)?;
        let flags = self.flags(access);
        let mut cursor = self.cursor(Some(access.inst));
        Some(cursor.ins().load(ty, flags, address, offset))
    }

    /// The flags of an access.
    pub fn flags(&self, access: &Access) -> MemFlagsData {
        let flags = self.func.dfg.insts[access.inst].memflags();
        self.func.dfg.mem_flags[flags.expect("it is a load or a store")]
    }

    /// Stores lanes that go from one place to the next.
    pub fn store(&mut self, copy: u32, access: &Access, vector: Value) -> Option<()> {
        let (address, offset) = self.address(copy, access)?;
        let flags = self.flags(access);
        let mut cursor = self.cursor(Some(access.inst));
        cursor.ins().store(flags, vector, address, offset);
        Some(())
    }

    pub fn kind(&self, lane: &Lane) -> Option<(Inst, Kind)> {
        let inst = self.definition(lane.value)?;
        let kind = match self.func.dfg.insts[inst] {
            InstructionData::IntCompare { cond, .. } => Kind::Integers(cond),
            InstructionData::FloatCompare { cond, .. } => Kind::Floats(cond),
            data => Kind::Plain(data.opcode()),
        };
        Some((inst, kind))
    }

    /// What is computed alike, computed once; `None` if that can't be.
    fn pack_results(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        let (first, kind) = self.common(lanes)?;
        let mut args = Vec::new();
        for lane in lanes {
            let inst = self.definition(lane.value)?;
            let values = self.func.dfg.inst_args(inst).to_vec();
            args.push(values.into_iter().map(|value| Lane { value, ..*lane }));
        }
        let args: Vec<Vec<Lane>> = args.into_iter().map(Iterator::collect).collect();
        let operand = |index: usize| args.iter().map(|args| args[index]).collect::<Vec<_>>();
        let Kind::Plain(opcode) = kind else {
            return None;
        };
        use Opcode as O;
        match opcode {
            O::Umin | O::Umax | O::Smin | O::Smax if ty.lane_bits() <= 32 => {
                self.pack_extreme(first, [operand(0), operand(1)], ty)
            }
            O::Bmask => self.pack_mask(operand(0), ty),
            O::Uextend | O::Sextend | O::Ireduce => self.pack_resized(first, operand(0), ty),
            O::Fneg | O::Fabs | O::Sqrt | O::Bnot | O::Ineg | O::FcvtFromSint => {
                let arg = match opcode {
                    O::FcvtFromSint => self.pack(operand(0))?,
                    _ => self.pack_as(operand(0), ty)?,
                };
                let mut cursor = self.cursor(Some(first));
                let (inst, dfg) = cursor.ins().Unary(opcode, ty, arg);
                Some(dfg.first_result(inst))
            }
            O::Fadd | O::Fsub | O::Fmul | O::Fdiv | O::Fmin | O::Fmax => {
                self.pack_binary(first, &args, ty)
            }
            O::Iadd | O::Isub | O::Band | O::Bor | O::Bxor => self.pack_binary(first, &args, ty),
            O::Imul if matches!(ty, types::I16X8 | types::I32X4) => {
                self.pack_binary(first, &args, ty)
            }
            O::Umulhi if ty == types::I32X4 => self.pack_high_product(first, &args),
            O::Ishl | O::Ushr => self.pack_shift(first, &args, ty),
            O::Sshr if ty != types::I64X2 => self.pack_shift(first, &args, ty),
            O::Select => {
                let [condition, then, otherwise] = [0, 1, 2].map(operand);
                self.pack_select(first, condition, [then, otherwise], ty)
            }
            _ => None,
        }
    }

    /// The upper halves of products of 32 bits, as divisions by constants have them: those of two lanes at a time.
    fn pack_high_product(&mut self, first: Inst, args: &[Vec<Lane>]) -> Option<Value> {
        let factors = [0, 1].map(|side| args.iter().map(|args| args[side]).collect::<Vec<_>>());
        let [left, right] = factors.map(|lanes| self.pack(lanes));
        let [left, right] = [left?, right?];
        let mut cursor = self.cursor(Some(first));
        let lower = [left, right].map(|factor| cursor.ins().uwiden_low(factor));
        let upper = [left, right].map(|factor| cursor.ins().uwiden_high(factor));
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        let [lower, upper] = [lower, upper].map(|[left, right]| {
            let product = cursor.ins().imul(left, right);
            cursor.ins().bitcast(types::I8X16, flags, product)
        });
        let lanes = [4, 12, 20, 28].into_iter();
        let bytes: Vec<u8> = lanes.flat_map(|lane| lane..lane + 4).collect();
        let mask = cursor.func.dfg.immediates.push(bytes.into());
        let halves = cursor.ins().shuffle(lower, upper, mask);
        let halves = cursor.ins().bitcast(types::I32X4, flags, halves);
        // With the shuffles that widen them.
        self.cost += 6;
        Some(halves)
    }

    fn pack_binary(&mut self, first: Inst, args: &[Vec<Lane>], ty: Type) -> Option<Value> {
        let opcode = self.func.dfg.insts[first].opcode();
        let (mut left, mut right): (Vec<Lane>, Vec<Lane>) = (Vec::new(), Vec::new());
        for args in args {
            let mut sides = [args[0], args[1]];
            // Lanes that have their operands the other way round.
            if is_commutative(opcode)
                && let (Some(before), Some(other)) = (left.last(), right.last())
            {
                let fit = |[one, two]: [Lane; 2]| self.fit(before, &one) + self.fit(other, &two);
                if fit([sides[1], sides[0]]) > fit(sides) {
                    sides.reverse();
                }
            }
            left.push(sides[0]);
            right.push(sides[1]);
        }
        // Where the result takes the register of the first operand, as it does on x86-64, the loop needs no copy of that.
        let is_still = left.iter().all(|lane| self.is_constant(lane.value));
        let [left, right] = if is_still && is_commutative(opcode) {
            [right, left]
        } else {
            [left, right]
        };
        let left = self.pack_as(left, ty)?;
        let right = self.pack_as(right, ty)?;
        Some(self.binary(Some(first), opcode, left, right))
    }

    /// How well a lane goes with the one before it: loaded from the next place, the same, made in the same way.
    pub fn fit(&self, before: &Lane, lane: &Lane) -> u32 {
        let [one, other] = [before, lane].map(|lane| self.resolve(*lane));
        if one == other {
            return 2;
        }
        if let (Some(left), Some(right)) = (self.load(&one), self.load(&other)) {
            let is_next = left.group == right.group
                && self.start(&other, &right) - self.start(&one, &left) == left.size;
            return if is_next { NEXT } else { 1 };
        }
        let kind = |lane| self.kind(lane).map(|(_, kind)| kind);
        u32::from(kind(&one) == kind(&other))
    }

    fn pack_shift(&mut self, first: Inst, args: &[Vec<Lane>], ty: Type) -> Option<Value> {
        let opcode = self.func.dfg.insts[first].opcode();
        let distance = args[0][1];
        let is_same = |args: &Vec<Lane>| {
            let value = args[1].value;
            let known = constant(&self.func.dfg, value);
            value == distance.value && self.is_constant(value)
                || known.is_some() && known == constant(&self.func.dfg, distance.value)
        };
        if !args.iter().all(is_same) {
            return None;
        }
        let shifted: Vec<Lane> = args.iter().map(|args| self.resolve(args[0])).collect();
        let is_narrow = self.func.dfg.value_type(shifted[0].value) != ty.lane_type();
        let (opcode, distance) = if is_narrow {
            self.narrow_shift(first, &shifted, ty)?
        } else {
            (opcode, self.scalar(distance)?)
        };
        let value = self.pack_as(shifted, ty)?;
        Some(self.binary(Some(first), opcode, value, distance))
    }

    /// A choice by a condition.
    fn pack_select(
        &mut self,
        first: Inst,
        condition: Vec<Lane>,
        [then, otherwise]: [Vec<Lane>; 2],
        ty: Type,
    ) -> Option<Value> {
        let mask = self.pack_mask(condition, ty)?;
        let [then, otherwise] = [self.pack_as(then, ty)?, self.pack_as(otherwise, ty)?];
        let mut cursor = self.cursor(Some(first));
        let value = cursor.ins().bitselect(mask, then, otherwise);
        self.cost += 2;
        Some(value)
    }

    /// Values that have nothing in common.
    fn gather(&mut self, lanes: &[Lane], ty: Type) -> Option<Value> {
        self.gathered += 1;
        let scalars: Vec<Value> = lanes
            .iter()
            .map(|lane| self.scalar(*lane))
            .collect::<Option<_>>()?;
        let mut cursor = self.cursor(None);
        // A float is in a vector's register already, where its copies take less than zeros beside it.
        let mut vector = match ty.lane_type() {
            lane if lane.is_float() => cursor.ins().splat(ty, scalars[0]),
            _ => cursor.ins().scalar_to_vector(ty, scalars[0]),
        };
        for (number, scalar) in scalars.into_iter().enumerate().skip(1) {
            // x86-64 has no such instruction for 32 bits at its lowest level, but three in a chain that goes on from lane to
            // lane; more of them would wait than if nothing was packed.
            self.cost += if ty.lane_bits() == 32 { 8 } else { 1 };
            let mut cursor = self.cursor(None);
            vector = cursor.ins().insertlane(vector, scalar, number as u8);
        }
        Some(vector)
    }
}

/// A value in all lanes, of an integer as many of the lowest bits as fit.
fn splat(cursor: &mut FuncCursor<'_>, value: Value, ty: Type) -> Value {
    let lane = ty.lane_type();
    let bits = cursor.func.dfg.value_type(value).bits();
    let value = match bits.cmp(&lane.bits()) {
        Ordering::Greater => cursor.ins().ireduce(lane, value),
        Ordering::Less => cursor.ins().uextend(lane, value),
        Ordering::Equal => value,
    };
    cursor.ins().splat(ty, value)
}

fn is_commutative(opcode: Opcode) -> bool {
    use Opcode as O;
    matches!(
        opcode,
        O::Fadd | O::Fmul | O::Iadd | O::Imul | O::Band | O::Bor | O::Bxor
    )
}
