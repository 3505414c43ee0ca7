//! The blocks that find out by vectors how many iterations a loop may leave out.
//!
//! ```text
//! loop     ..                         goes back here:
//! again    brif tried, loop, limit
//! limit    how many bytes may be read; brif fits 16, short, loop
//! short    16 bytes; brif any leaves, found, further
//! further  brif fits as many as are looked at together, long, rest
//! rest     brif fits 16 more, short, skip
//! long     32 or 64 bytes; brif any leaves, found, .. long or rest
//! found    which one leaves first
//! skip     counters; jump loop
//! ```

use super::OnlyMemory;
use super::lanes::{Count, Lanes, Operation};
use super::shape::{Next, Search};
use crate::optimize::sum::times;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    Block, BlockArg, Function, InstBuilder, InstructionData, MemFlagsData, Opcode, Type, Value,
    types,
};

/// Bytes of a vector.
const VECTOR: i64 = 16;

/// Vectors that are looked at together, where there is enough to read: of one load, and of several.
const TOGETHER: [i64; 2] = [4, 2];

/// The blocks for one loop.
pub(super) struct Vectors<'a> {
    func: &'a mut Function,
    search: &'a Search,
    lanes: &'a Lanes,
    memory: &'a OnlyMemory,
    /// The loop's parameters for the first iteration that may be left out.
    params: Vec<Value>,
    /// What the loop is told: 1 for "don't come back".
    tried: Value,
    /// How many vectors are looked at together.
    together: i64,
    /// The first address of each load.
    starts: Vec<Value>,
    /// What is the same in all lanes, by its operation.
    splats: Vec<Option<Value>>,
    /// Has counters move on by its parameter, in bytes, and goes to the loop.
    skip: Block,
}

impl<'a> Vectors<'a> {
    /// Puts the blocks between the end of the loop and its beginning.
    pub fn insert(
        func: &'a mut Function,
        search: &'a Search,
        lanes: &'a Lanes,
        memory: &'a OnlyMemory,
    ) {
        let again = func.dfg.make_block();
        func.layout.insert_block_after(again, search.last());
        let types = search
            .params
            .iter()
            .map(|param| func.dfg.value_type(*param));
        let types: Vec<Type> = types.collect();
        let params = types.into_iter();
        let params = params
            .map(|ty| func.dfg.append_block_param(again, ty))
            .collect();
        let flag = func.dfg.append_block_param(search.header(), types::I8);
        enter(func, search, again);
        let limit = func.dfg.make_block();
        let skip = func.dfg.make_block();
        func.layout.insert_block_after(limit, again);
        func.layout.insert_block_after(skip, limit);
        func.dfg.append_block_param(skip, types::I64);
        let mut vectors = Self {
            func,
            search,
            lanes,
            memory,
            params,
            tried: flag,
            together: TOGETHER[usize::from(lanes.loads.len() > 1)],
            starts: Vec::new(),
            splats: Vec::new(),
            skip,
        };
        let back = vectors.back(&vectors.params, flag);
        let mut cursor = vectors.at(again);
        cursor.ins().brif(flag, search.header(), &back, limit, &[]);
        vectors.tried = vectors.at(limit).ins().iconst(types::I8, 1);
        vectors.limit(limit);
        vectors.skip();
    }

    fn at(&mut self, block: Block) -> FuncCursor<'_> {
        FuncCursor::new(self.func).at_bottom(block)
    }

    /// A block behind all others of these.
    fn block(&mut self) -> Block {
        let block = self.func.dfg.make_block();
        self.func.layout.insert_block(block, self.skip);
        block
    }

    /// What goes back to the loop.
    fn back(&self, params: &[Value], tried: Value) -> Vec<BlockArg> {
        let values = params.iter().copied().chain([tried]);
        values.map(BlockArg::Value).collect()
    }

    /// How many bytes of each load may be read, and the blocks that read them.
    fn limit(&mut self, limit: Block) {
        let (search, lanes, memory) = (self.search, self.lanes, self.memory);
        let params = self.params.clone();
        let replace = |value| search.param(value).map_or(value, |param| params[param]);
        let mut cursor = self.at(limit);
        let size = cursor.ins().iconst(types::I64, memory.size as i64);
        // It changes, but in calls alone, of which there are none here.
        let flags = MemFlagsData::trusted();
        let size = cursor.ins().load(types::I64, flags, size, 0);
        let mut fits: Option<Value> = None;
        let mut starts = Vec::new();
        for load in &lanes.loads {
            let index = load.index.build(&mut cursor, replace);
            let index = cursor.ins().uextend(types::I64, index);
            let behind = match load.first {
                0 => size,
                first => cursor.ins().iadd_imm_s(size, -first),
            };
            let room = cursor.ins().isub(behind, index);
            fits = Some(least(&mut cursor, fits, room));
            // An offset that no load can hold is part of the start.
            starts.push(match load.offset - load.in_access() {
                0 => index,
                rest => cursor.ins().iadd_imm_s(index, rest),
            });
        }
        for count in &lanes.counts {
            let room = room(&mut cursor, count, lanes.size, replace);
            fits = Some(least(&mut cursor, fits, room));
        }
        let mut fits = fits.expect("there is a load");
        let none = cursor.ins().iconst(types::I64, 0);
        let highest = u64::MAX >> (64 - 8 * lanes.size);
        for value in &lanes.narrow {
            let value = anew(&mut cursor, search, *value);
            let compare = cursor.ins();
            let is_narrow =
                compare.icmp_imm_u(IntCC::UnsignedLessThanOrEqual, value, highest as i64);
            fits = cursor.ins().select(is_narrow, fits, none);
        }
        let is_any = cursor
            .ins()
            .icmp_imm_s(IntCC::SignedGreaterThanOrEqual, fits, VECTOR);
        self.starts = starts;
        self.splats(limit);
        self.read(limit, fits, is_any, none);
    }

    /// Puts what is the same in all lanes into vectors.
    fn splats(&mut self, limit: Block) {
        let lanes = self.lanes;
        let ty = lane(lanes.size);
        let splats = lanes.operations.iter().map(|operation| {
            let search = self.search;
            let mut cursor = self.at(limit);
            let value = match *operation {
                Operation::Constant(number) => {
                    let mask = u64::MAX >> (64 - ty.bits());
                    cursor.ins().iconst(ty, (number as u64 & mask) as i64)
                }
                Operation::Splat(value) => {
                    let value = anew(&mut cursor, search, value);
                    match cursor.func.dfg.value_type(value) {
                        types::I32 if ty != types::I32 => cursor.ins().ireduce(ty, value),
                        _ => value,
                    }
                }
                _ => return None,
            };
            let vector = cursor
                .func
                .dfg
                .value_type(value)
                .by(VECTOR as u32 / lanes.size);
            Some(
                cursor
                    .ins()
                    .splat(vector.expect("a vector of 16 bytes"), value),
            )
        });
        self.splats = splats.collect();
    }

    /// The blocks that read, from how many bytes fit, and whether a vector does.
    fn read(&mut self, limit: Block, fits: Value, is_any: Value, none: Value) {
        let [short, further, rest, long, farther] = [(); 5].map(|()| self.block());
        let [short_at, rest_at, long_at] =
            [short, rest, long].map(|block| self.func.dfg.append_block_param(block, types::I64));
        let rest_room = self.func.dfg.append_block_param(rest, types::I64);
        let (header, skip) = (self.search.header(), self.skip);
        let back = self.back(&self.params, self.tried);
        let branch = &mut self.at(limit);
        branch
            .ins()
            .brif(is_any, short, &[none.into()], header, &back);

        let together = VECTOR * self.together;
        let ways = [
            (short, short_at, further, 1),
            (long, long_at, farther, self.together),
        ];
        for (block, at, behind, vectors) in ways {
            let masks = self.vectors(block, at, vectors);
            self.leave(block, at, &masks, behind);
            let mut cursor = self.at(behind);
            let next = cursor.ins().iadd_imm_s(at, VECTOR * vectors);
            let room = cursor.ins().isub(fits, next);
            let is_long = fits_bytes(&mut cursor, room, together);
            let into = [next.into(), room.into()];
            self.at(behind)
                .ins()
                .brif(is_long, long, &into[..1], rest, &into);
        }

        let mut cursor = self.at(rest);
        let is_short = fits_bytes(&mut cursor, rest_room, VECTOR);
        let at = [rest_at.into()];
        cursor.ins().brif(is_short, short, &at, skip, &at);
    }

    /// Reads so many vectors, and computes their masks.
    fn vectors(&mut self, block: Block, at: Value, vectors: i64) -> Vec<Value> {
        let lanes = self.lanes;
        let starts = self.starts.clone();
        let mut cursor = self.at(block);
        let addresses = starts.iter().map(|start| cursor.ins().iadd(*start, at));
        let addresses: Vec<Value> = addresses.collect();
        let masks = (0..vectors).map(|vector| {
            let mut evaluation = Evaluation {
                cursor: FuncCursor::new(self.func).at_bottom(block),
                lanes,
                addresses: &addresses,
                offset: vector * VECTOR,
                values: self.splats.clone(),
            };
            evaluation.mask()
        });
        masks.collect()
    }

    /// Goes on if no lane leaves the loop, or finds the first one that does.
    fn leave(&mut self, block: Block, at: Value, masks: &[Value], further: Block) {
        let size = i64::from(self.lanes.size);
        let stays = self.lanes.stays();
        let has_bits = self.memory.has_bits;
        let every = (1 << (VECTOR / size)) - 1;
        let (which, skip) = (self.block(), self.skip);
        let mut cursor = self.at(block);
        let mut all = masks[0];
        for mask in &masks[1..] {
            all = match stays {
                true => cursor.ins().band(all, *mask),
                false => cursor.ins().bor(all, *mask),
            };
        }
        let leaves = match (has_bits, stays) {
            (true, false) => cursor.ins().vhigh_bits(types::I32, all),
            (true, true) => {
                let bits = cursor.ins().vhigh_bits(types::I32, all);
                cursor.ins().icmp_imm_u(IntCC::NotEqual, bits, every)
            }
            (false, false) => cursor.ins().vany_true(all),
            (false, true) => {
                let all_stay = cursor.ins().vall_true(all);
                cursor.ins().icmp_imm_u(IntCC::Equal, all_stay, 0)
            }
        };
        cursor.ins().brif(leaves, which, &[], further, &[]);
        let mut cursor = self.at(which);
        let mut bits = None;
        for (number, mask) in masks.iter().enumerate() {
            let mut one = cursor.ins().vhigh_bits(types::I32, *mask);
            if stays {
                one = cursor.ins().bxor_imm_u(one, every);
            }
            let one = cursor.ins().uextend(types::I64, one);
            bits = Some(match bits {
                None => one,
                Some(bits) => {
                    let lanes = number as i64 * VECTOR / size;
                    let one = cursor.ins().ishl_imm_u(one, lanes);
                    cursor.ins().bor(bits, one)
                }
            });
        }
        let lane = cursor.ins().ctz(bits.expect("there is a mask"));
        let bytes = times(&mut cursor, lane, size);
        let bytes = cursor.ins().iadd(at, bytes);
        cursor.ins().jump(skip, &[bytes.into()]);
    }

    /// Has the counters move on, and loads what the last iteration that is left out has read.
    fn skip(&mut self) {
        let (search, lanes) = (self.search, self.lanes);
        let (params, starts) = (self.params.clone(), self.starts.clone());
        let bytes = self.func.dfg.block_params(self.skip)[0];
        let mut cursor = FuncCursor::new(self.func).at_bottom(self.skip);
        let size = i64::from(lanes.size);
        let iterations = match size {
            1 => bytes,
            _ => cursor.ins().ushr_imm_u(bytes, i64::from(size.ilog2())),
        };
        let iterations = cursor.ins().ireduce(types::I32, iterations);
        let mut after = |(param, next): (&Value, &Next)| match next {
            Next::Counter(0) => *param,
            Next::Counter(u32::MAX) => cursor.ins().isub(*param, iterations),
            Next::Counter(step) => {
                let way = times(&mut cursor, iterations, i64::from(*step));
                cursor.ins().iadd(*param, way)
            }
            Next::Loaded(inst) => {
                let mut loads = lanes.loads.iter().zip(&starts);
                let load = loads.find(|(load, _)| load.inst == *inst);
                let (load, start) = load.expect("what is carried has been loaded");
                let copy = cursor.func.dfg.clone_inst(*inst);
                let address = cursor.ins().iadd(*start, bytes);
                let InstructionData::Load { arg, offset, .. } = &mut cursor.func.dfg.insts[copy]
                else {
                    unreachable!("a load");
                };
                *arg = address;
                *offset = ((load.in_access() - size) as i32).into();
                cursor.insert_inst(copy);
                cursor.func.dfg.first_result(copy)
            }
        };
        let moved: Vec<Value> = params.iter().zip(&search.next).map(&mut after).collect();
        let back = self.back(&moved, self.tried);
        let header = search.header();
        self.at(self.skip).ins().jump(header, &back);
    }
}

/// A value that is the same in all iterations, outside of the loop.
fn anew(cursor: &mut FuncCursor<'_>, search: &Search, value: Value) -> Value {
    let dfg = &mut cursor.func.dfg;
    let value = dfg.resolve_aliases(value);
    let (Some(inst), false) = (
        dfg.value_def(value).inst(),
        search.is_outer(cursor.func, value),
    ) else {
        return value;
    };
    let args = cursor.func.dfg.inst_args(inst).to_vec();
    let args: Vec<Value> = args
        .into_iter()
        .map(|arg| anew(cursor, search, arg))
        .collect();
    let copy = cursor.func.dfg.clone_inst(inst);
    cursor.func.dfg.inst_args_mut(copy).copy_from_slice(&args);
    cursor.insert_inst(copy);
    cursor.func.dfg.first_result(copy)
}

/// Has the loop's own way back lead to a block, and all other ways into the loop pass that vectors were not tried.
fn enter(func: &mut Function, search: &Search, again: Block) {
    let header = search.header();
    let blocks: Vec<Block> = func.layout.blocks().collect();
    for block in blocks {
        let Some(branch) = func.layout.last_inst(block) else {
            continue;
        };
        let dfg = &func.dfg;
        let targets = dfg.insts[branch].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        let mut targets = targets.iter().map(|target| target.block(&dfg.value_lists));
        if targets.all(|target| target != header) {
            continue;
        }
        let is_back = block == search.last();
        let zero = (!is_back).then(|| {
            FuncCursor::new(func)
                .at_inst(branch)
                .ins()
                .iconst(types::I8, 0)
        });
        let dfg = &mut func.dfg;
        let targets = dfg.insts[branch]
            .branch_destination_mut(&mut dfg.jump_tables, &mut dfg.exception_tables);
        for target in targets {
            if target.block(&dfg.value_lists) != header {
                continue;
            }
            match zero {
                Some(zero) => target.append_argument(zero, &mut dfg.value_lists),
                None => target.set_block(again, &mut dfg.value_lists),
            }
        }
    }
}

/// The lesser of two numbers of bytes.
fn least(cursor: &mut FuncCursor<'_>, one: Option<Value>, other: Value) -> Value {
    let Some(one) = one else {
        return other;
    };
    let is_less = cursor.ins().icmp(IntCC::SignedLessThan, one, other);
    cursor.ins().select(is_less, one, other)
}

/// The bytes that a branch surely lets be read that counts iterations.
fn room(
    cursor: &mut FuncCursor<'_>,
    count: &Count,
    size: u32,
    replace: impl Fn(Value) -> Value + Copy,
) -> Value {
    let distance = count.distance.build(cursor, replace);
    let iterations = match count.step {
        1 => distance,
        step if step.is_power_of_two() => {
            cursor.ins().ushr_imm_u(distance, i64::from(step.ilog2()))
        }
        step => cursor.ins().udiv_imm_u(distance, i64::from(step)),
    };
    let iterations = cursor.ins().uextend(types::I64, iterations);
    let room = times(cursor, iterations, i64::from(size));
    let Some((condition, sums)) = &count.order else {
        return room;
    };
    let [left, right] = [&sums[0], &sums[1]].map(|sum| sum.build(cursor, replace));
    let holds = cursor.ins().icmp(*condition, left, right);
    let none = cursor.ins().iconst(types::I64, 0);
    cursor.ins().select(holds, room, none)
}

fn fits_bytes(cursor: &mut FuncCursor<'_>, room: Value, bytes: i64) -> Value {
    let compare = cursor.ins();
    compare.icmp_imm_s(IntCC::SignedGreaterThanOrEqual, room, bytes)
}

/// The type of a lane of so many bytes.
fn lane(size: u32) -> Type {
    Type::int((8 * size) as u16).expect("lanes are integers of 1, 2 or 4 bytes")
}

/// Computes masks of one vector.
struct Evaluation<'a> {
    cursor: FuncCursor<'a>,
    lanes: &'a Lanes,
    addresses: &'a [Value],
    /// Bytes from there to this vector.
    offset: i64,
    /// What has been computed, by the operation.
    values: Vec<Option<Value>>,
}

impl Evaluation<'_> {
    /// The mask of the lanes that stay, if one is set where they do, or of those that leave.
    fn mask(&mut self) -> Value {
        let lanes = self.lanes;
        let staying = lanes.staying.iter().map(|mask| self.value(*mask));
        let staying: Vec<Value> = staying.collect();
        let leaving = lanes.leaving.iter().map(|mask| self.value(*mask));
        let leaving: Vec<Value> = leaving.collect();
        let mut staying = staying.into_iter();
        let Some(first) = staying.next() else {
            let [first, others @ ..] = &leaving[..] else {
                unreachable!("a mask decides");
            };
            let join = |all, mask: &Value| self.cursor.ins().bor(all, *mask);
            return others.iter().fold(*first, join);
        };
        let stay = staying.fold(first, |all, mask| self.cursor.ins().band(all, mask));
        let without = |all, mask| self.cursor.ins().band_not(all, mask);
        leaving.into_iter().fold(stay, without)
    }

    fn value(&mut self, operation: usize) -> Value {
        if let Some(known) = self.values[operation] {
            return known;
        }
        let lanes = self.lanes;
        let value = match lanes.operations[operation] {
            Operation::Load(load) => self.load(load, 0),
            Operation::LoadedBefore(load) => self.load(load, -i64::from(lanes.size)),
            Operation::Splat(_) | Operation::Constant(_) => {
                unreachable!("what is the same in all lanes is known")
            }
            Operation::Unary(opcode, arg) => {
                let arg = self.value(arg);
                let ins = self.cursor.ins();
                match opcode {
                    Opcode::Bnot => ins.bnot(arg),
                    Opcode::Ineg => ins.ineg(arg),
                    _ => unreachable!("no lanes for {opcode}"),
                }
            }
            Operation::Binary(opcode, args) => {
                let [left, right] = args.map(|arg| self.value(arg));
                let ins = self.cursor.ins();
                match opcode {
                    Opcode::Iadd => ins.iadd(left, right),
                    Opcode::Isub => ins.isub(left, right),
                    Opcode::Band => ins.band(left, right),
                    Opcode::Bor => ins.bor(left, right),
                    Opcode::Bxor => ins.bxor(left, right),
                    _ => unreachable!("no lanes for {opcode}"),
                }
            }
            Operation::Shift(opcode, arg, amount) => {
                let arg = self.value(arg);
                let ins = self.cursor.ins();
                match opcode {
                    Opcode::Ishl => ins.ishl_imm_u(arg, amount),
                    Opcode::Ushr => ins.ushr_imm_u(arg, amount),
                    Opcode::Sshr => ins.sshr_imm_u(arg, amount),
                    _ => unreachable!("no lanes for {opcode}"),
                }
            }
            Operation::Compare(condition, args) => {
                let [left, right] = args.map(|arg| self.value(arg));
                self.cursor.ins().icmp(condition, left, right)
            }
            Operation::FloatCompare(condition, args) => {
                let [left, right] = args.map(|arg| self.value(arg));
                self.cursor.ins().fcmp(condition, left, right)
            }
        };
        self.values[operation] = Some(value);
        value
    }

    /// A vector of a load, so many bytes behind what it reads.
    fn load(&mut self, load: usize, behind: i64) -> Value {
        let (lanes, address) = (self.lanes, self.addresses[load]);
        let load = &lanes.loads[load];
        let lane = if load.is_float {
            types::F32
        } else {
            lane(lanes.size)
        };
        let ty = lane
            .by(VECTOR as u32 / lanes.size)
            .expect("a vector of 16 bytes");
        let offset = load.in_access() + self.offset + behind;
        let flags = self.cursor.func.dfg.mem_flags[load.flags];
        self.cursor.ins().load(ty, flags, address, offset as i32)
    }
}
