//! Sums over the iterations of a loop, and what else may be taken in any order: each lane has its own until the end.

use super::counted::Loop;
use super::narrow::{WIDTHS, vector};
use super::pack::{Lane, NEXT, Packer};
use super::range::{Range, Ranges};
use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::{Function, InstBuilder, Opcode, Type, Value, types};

/// The operands that an iteration adds to a sum, at most.
const MOST_OPERANDS: usize = 16;

/// How many instructions deep it is looked at whether operands are computed alike.
const DEEPEST: usize = 5;

/// A parameter of a loop that an iteration combines with other values, and that nothing else looks at.
#[derive(Debug)]
pub(super) struct Reduction {
    pub param: usize,
    opcode: Opcode,
    /// What it is combined with, in an order that does not matter.
    operands: Vec<Value>,
    /// The bits of the lanes in which that is computed.
    bits: u32,
    /// What the operands may be, if they are integers of 32 bits.
    range: Range,
}

/// A reduction's vector.
pub(super) struct Reduced {
    pub param: usize,
    opcode: Opcode,
    /// The block's parameter.
    pub vector: Value,
    /// What it is at the start.
    pub initial: Value,
    pub next: Value,
}

impl Reduction {
    /// Those of a loop.
    pub fn find(func: &Function, counted: &Loop) -> Vec<Self> {
        let mut ranges = Ranges::default();
        let carried = (0..counted.params.len()).filter(|param| counted.steps[*param].is_none());
        carried
            .filter_map(|param| Self::of(func, counted, param, &mut ranges))
            .collect()
    }

    fn of(func: &Function, counted: &Loop, param: usize, ranges: &mut Ranges) -> Option<Self> {
        let dfg = &func.dfg;
        let definition = |value: Value| {
            let inst = dfg.value_def(value).inst()?;
            counted.has(func.layout.inst_block(inst)?).then_some(inst)
        };
        let uses = |value: Value| {
            let insts = counted.body.iter();
            let args = insts.flat_map(|inst| dfg.inst_args(*inst));
            let all = args.chain(&counted.next);
            all.filter(|arg| dfg.resolve_aliases(**arg) == value)
                .count()
        };
        let (first, last) = (counted.params[param], counted.next[param]);
        let opcode = dfg.insts[definition(last)?].opcode();
        if !can_reduce(opcode, dfg.value_type(first)) || uses(first) != 1 || uses(last) != 1 {
            return None;
        }
        let mut operands = Vec::new();
        let mut has_first = false;
        let mut rest = vec![last];
        while let Some(value) = rest.pop() {
            let value = dfg.resolve_aliases(value);
            let inst = definition(value);
            let is_part = inst.is_some_and(|inst| dfg.insts[inst].opcode() == opcode);
            if value == first {
                has_first = true;
            } else if let (Some(inst), true) = (inst, is_part && uses(value) == 1) {
                // The first operand comes first.
                rest.extend(dfg.inst_args(inst).iter().rev());
            } else {
                operands.push(value);
            }
            if operands.len() > MOST_OPERANDS {
                return None;
            }
        }
        let of_operands = operands.iter().map(|value| ranges.of(func, *value));
        let range = of_operands.reduce(Range::or)?;
        let bits = match dfg.value_type(first) {
            types::I32 if opcode == Opcode::Iadd => {
                WIDTHS.into_iter().find(|bits| range.fits(*bits))?
            }
            ty => ty.bits(),
        };
        has_first.then_some(Self {
            param,
            opcode,
            operands,
            bits,
            range,
        })
    }

    /// Whether what so many iterations add to it fills vectors.
    pub fn fills(&self, copies: u32) -> bool {
        let lanes = self.operands.len() * copies as usize;
        lanes.is_multiple_of(vector(self.bits).lane_count() as usize)
    }
}

/// Whether values may be combined in any order by an operation that vectors of this type have.
fn can_reduce(opcode: Opcode, ty: Type) -> bool {
    use Opcode as O;
    match opcode {
        O::Iadd | O::Band | O::Bor | O::Bxor => matches!(ty, types::I32 | types::I64),
        O::Imul | O::Umin | O::Umax | O::Smin | O::Smax => ty == types::I32,
        _ => false,
    }
}

impl Packer<'_> {
    /// Combines what so many iterations add to a reduction, and that with the vector that is carried on.
    pub fn reduce(&mut self, reduction: &Reduction, copies: u32) -> Option<()> {
        let bits = reduction.bits;
        let narrow = vector(bits);
        let lanes = self.reduced_lanes(reduction, copies);
        let parts = lanes.chunks(narrow.lane_count() as usize);
        let parts: Vec<Value> = parts
            .map(|part| self.pack_as(part.to_vec(), narrow))
            .collect::<Option<_>>()?;
        // Adding up what is in registers takes less than putting it into vectors.
        if self.gathered > 0 {
            return None;
        }
        let parts = if bits < 32 {
            self.add_widened(parts, bits, reduction.range)
        } else {
            parts
        };
        let ty = self.func.dfg.value_type(parts[0]);
        let vector = self.func.dfg.append_block_param(self.block, ty);
        let next = parts.into_iter().fold(vector, |all, part| {
            self.binary(None, reduction.opcode, all, part)
        });
        let initial = self.initial(reduction, ty);
        self.reduced.push(Reduced {
            param: reduction.param,
            opcode: reduction.opcode,
            vector,
            initial,
            next,
        });
        Some(())
    }

    /// A reduction's operands in so many iterations, those beside each other that are to share a vector: where they are
    /// computed alike, compilers have unrolled the loop, and those of one iteration come first.
    fn reduced_lanes(&self, reduction: &Reduction, copies: u32) -> Vec<Lane> {
        let operands = &reduction.operands;
        let lanes = |copy| {
            let lane = move |value: &Value| Lane {
                copy,
                value: *value,
            };
            operands.iter().map(lane)
        };
        let first: Vec<Lane> = lanes(0).collect();
        let is_unrolled = first.len() > 1
            && first
                .windows(2)
                .all(|pair| self.follows(pair[0], pair[1], DEEPEST));
        let by_iteration = (0..copies).flat_map(lanes);
        if is_unrolled {
            return by_iteration.collect();
        }
        let mut by_operand = Vec::new();
        for value in operands {
            by_operand.extend((0..copies).map(|copy| Lane {
                copy,
                value: *value,
            }));
        }
        by_operand
    }

    /// Whether two values are computed alike from what lies in one place and the next.
    fn follows(&self, one: Lane, next: Lane, deepest: usize) -> bool {
        if deepest == 0 {
            return false;
        }
        if self.load(&one).is_some() {
            return self.fit(&one, &next) == NEXT;
        }
        let (Some((left, kind)), Some((right, other))) = (self.kind(&one), self.kind(&next)) else {
            return false;
        };
        let args = |inst| self.func.dfg.inst_args(inst).iter();
        let mut both = args(left).zip(args(right));
        let lane = |value: &Value, of: Lane| {
            self.resolve(Lane {
                value: *value,
                ..of
            })
        };
        kind == other
            && both
                .any(|(left, right)| self.follows(lane(left, one), lane(right, next), deepest - 1))
    }

    /// Adds up integers of few bits in lanes that become wider, up to 32 bits.
    fn add_widened(&mut self, mut parts: Vec<Value>, bits: u32, mut range: Range) -> Vec<Value> {
        let mut bits = bits;
        while bits < 32 {
            while parts.len().is_multiple_of(2) && range.twice().fits(bits) {
                let pairs = parts.chunks_exact(2);
                parts = pairs
                    .map(|pair| self.cursor(None).ins().iadd(pair[0], pair[1]))
                    .collect();
                range = range.twice();
            }
            let is_signed = !range.fits_unsigned(bits);
            parts = parts
                .into_iter()
                .map(|part| {
                    self.cost += 2;
                    let mut cursor = self.cursor(None);
                    let halves = if is_signed {
                        [
                            cursor.ins().swiden_low(part),
                            cursor.ins().swiden_high(part),
                        ]
                    } else {
                        [
                            cursor.ins().uwiden_low(part),
                            cursor.ins().uwiden_high(part),
                        ]
                    };
                    cursor.ins().iadd(halves[0], halves[1])
                })
                .collect();
            range = range.twice();
            bits *= 2;
        }
        parts
    }

    /// What a reduction's vector is at the start: what changes nothing.
    fn initial(&mut self, reduction: &Reduction, ty: Type) -> Value {
        use Opcode as O;
        let param = self.guard.params[reduction.param];
        let mut cursor = self.guard.before(self.func);
        let bits = match reduction.opcode {
            O::Iadd | O::Bor | O::Bxor => 0,
            O::Imul => 1,
            O::Band => u64::MAX,
            _ => return cursor.ins().splat(ty, param),
        };
        let lane = ty.lane_type().bytes() as usize;
        let bytes = bits.to_le_bytes()[..lane].repeat(ty.lane_count() as usize);
        let constant = cursor.func.dfg.constants.insert(bytes.into());
        cursor.ins().vconst(ty, constant)
    }
}

impl Reduced {
    /// The parameter behind the vectors, from what it was before.
    pub fn result(&self, cursor: &mut FuncCursor<'_>, before: Value) -> Value {
        let ty = cursor.func.dfg.value_type(self.next);
        (0..ty.lane_count() as u8).fold(before, |all, number| {
            let lane = cursor.ins().extractlane(self.next, number);
            let (inst, dfg) = cursor.ins().Binary(self.opcode, ty.lane_type(), all, lane);
            dfg.first_result(inst)
        })
    }
}
