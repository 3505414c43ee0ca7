//! Plans, worked out on bytes: what comes out must be what was wanted, in the bytes that were.

use super::bytes::{ANY, Byte, ByteSet, Bytes, contains, set};
use super::plan::{Instruction, Plan};
use super::search::plan;
use std::rc::Rc;

type Vector = [u8; 16];

/// What a plan makes of its sources, as the manual of the processor has it.
fn run(plan: &Plan, sources: &[Vector]) -> Vector {
    let operands: Vec<Vector> = plan
        .operands
        .iter()
        .map(|operand| run(operand, sources))
        .collect();
    let words = |vector: Vector| -> [i16; 8] {
        std::array::from_fn(|word| i16::from_le_bytes([vector[word * 2], vector[word * 2 + 1]]))
    };
    let longs = |vector: Vector| -> [i32; 4] {
        std::array::from_fn(|long| i32::from_le_bytes(vector[long * 4..][..4].try_into().unwrap()))
    };
    match plan.last {
        Instruction::Source(source) => sources[usize::from(source)],
        Instruction::Zero => [0; 16],
        Instruction::Or => std::array::from_fn(|byte| operands[0][byte] | operands[1][byte]),
        Instruction::PackBytes => std::array::from_fn(|byte| {
            let word = words(operands[byte / 8])[byte % 8];
            word.clamp(0, 255) as u8
        }),
        Instruction::PackWords => std::array::from_fn(|byte| {
            let long = longs(operands[byte / 8])[byte / 2 % 4];
            let word = long.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
            word.to_le_bytes()[byte % 2]
        }),
        Instruction::Extend { is_high } => std::array::from_fn(|byte| {
            let word = words(operands[0])[byte / 4 * 2 + usize::from(is_high)];
            i32::from(word).to_le_bytes()[byte % 4]
        }),
        moves => std::array::from_fn(|byte| {
            moves
                .origin(byte)
                .map_or(0, |(operand, from)| operands[operand][from])
        }),
    }
}

/// Numbers that are the same ones in every run (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
}

/// Bytes where the sources differ from one another, and from those that a plan might take by mistake.
fn sources(numbers: &mut Numbers, zeros: &[ByteSet]) -> Vec<Vector> {
    let mut byte = |is_zero: bool| {
        if is_zero { 0 } else { numbers.below(256) as u8 }
    };
    let sources = zeros.iter();
    sources
        .map(|zeros| std::array::from_fn(|index| byte(contains(*zeros, index))))
        .collect()
}

/// The positions that are wanted but not had.
fn wrong(wanted: &Bytes, plan: &Plan, sources: &[Vector]) -> Vec<usize> {
    let made = run(plan, sources);
    let is_wrong = |position: &usize| {
        let byte = wanted[*position];
        match (byte.source(), byte.index()) {
            (Some(source), Some(index)) => made[*position] != sources[source][index],
            _ => byte == Byte::ZERO && made[*position] != 0,
        }
    };
    (0..16).filter(is_wrong).collect()
}

fn check(wanted: &Bytes, zeros: &[ByteSet], numbers: &mut Numbers) -> Rc<Plan> {
    let plan = plan(wanted, zeros);
    for _ in 0..3 {
        let sources = sources(numbers, zeros);
        let wrong = wrong(wanted, &plan, &sources);
        assert!(
            wrong.is_empty(),
            "{wanted:?}: wrong at {wrong:?}: {plan:#?}"
        );
    }
    plan
}

/// Bytes of vectors as `i8x16.shuffle` numbers them, as many as there are; nobody looks at the others.
fn lanes(lanes: &[usize]) -> Bytes {
    let mut bytes = ANY;
    for (byte, lane) in bytes.iter_mut().zip(lanes) {
        *byte = Byte::of(lane / 16, lane % 16);
    }
    bytes
}

/// What is wanted of one of the kinds that programs have: windows, strides, repetitions, reversals, lanes in turns.
fn regular(numbers: &mut Numbers, sources: usize) -> Bytes {
    let lane = 1 << numbers.below(4);
    let stride = 1 + numbers.below(8);
    let start = numbers.below(16 * sources);
    let is_reversed = numbers.below(4) == 0;
    let in_turns = 1 + numbers.below(sources);
    let length = [4, 8, 12, 16][numbers.below(4)];
    let of = |position: usize| {
        let (index, within) = (position / lane, position % lane);
        let within = if is_reversed {
            lane - 1 - within
        } else {
            within
        };
        let from = start + index / in_turns * stride * lane + within + index % in_turns * 16;
        from % (16 * sources)
    };
    lanes(&(0..length).map(of).collect::<Vec<_>>())
}

/// Anything.
fn irregular(numbers: &mut Numbers, sources: usize) -> Bytes {
    let share = numbers.below(4);
    std::array::from_fn(|_| match numbers.below(8) {
        kind if kind < share => Byte::ANY,
        7 => Byte::ZERO,
        _ => Byte::of(numbers.below(sources), numbers.below(16)),
    })
}

#[test]
fn plans_make_what_is_wanted() {
    let mut numbers = Numbers(1);
    for round in 0..2000 {
        let count = 1 + numbers.below(4);
        let mut zeros = vec![0; count];
        if round % 3 == 0 {
            let used = numbers.below(4);
            zeros[0] = set(|byte| byte % 4 > used);
        }
        let wanted = if round % 8 == 0 {
            irregular(&mut numbers, count)
        } else {
            regular(&mut numbers, count)
        };
        check(&wanted, &zeros, &mut numbers);
    }
}

/// Every instruction that a plan consists of matters: made another one, a byte is wrong.
#[test]
fn a_wrong_plan_is_noticed() {
    let mut numbers = Numbers(2);
    let zeros = [0; 2];
    let wanted = lanes(&[1, 5, 9, 13, 17, 21, 25, 29]);
    let plan = check(&wanted, &zeros, &mut numbers);
    let sources = sources(&mut numbers, &zeros);
    let mut broken = 0;
    for depth in 0..plan.cost {
        if let Some(plan) = without(&plan, depth) {
            assert!(!wrong(&wanted, &plan, &sources).is_empty(), "{plan:#?}");
            broken += 1;
        }
    }
    assert!(broken >= 2);
}

/// The plan without the instruction that is so far from the last one.
fn without(plan: &Rc<Plan>, depth: u32) -> Option<Rc<Plan>> {
    let first = plan.operands.first()?;
    if depth == 0 {
        return Some(first.clone());
    }
    let mut operands = plan.operands.clone();
    operands[0] = without(first, depth - 1)?;
    Some(Rc::new(Plan {
        cost: plan.cost,
        last: plan.last,
        operands,
    }))
}

/// How long the plans are for what compilers ask for.
#[test]
fn plans_are_short() {
    let cases: &[(u32, &[usize])] = &[
        (1, &[4, 5, 6, 7]),
        (1, &[8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3]),
        (2, &[0, 2, 4, 6, 8, 10, 12, 14]),
        (3, &[0, 8, 16, 24]),
        (3, &[0, 4, 8, 12]),
        (3, &[7, 16, 17, 18, 19, 20, 21, 22]),
        (4, &[0, 4, 8, 12, 16, 20, 24, 28]),
        (5, &[1, 5, 9, 13, 17, 21, 25, 29]),
        (
            3,
            &[0, 8, 16, 24, 1, 9, 17, 25, 2, 10, 18, 26, 3, 11, 19, 27],
        ),
        (
            3,
            &[4, 12, 20, 28, 5, 13, 21, 29, 6, 14, 22, 30, 7, 15, 23, 31],
        ),
        // Four narrowed vectors at once.
        (
            7,
            &[0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60],
        ),
        // Sixteen numbers.
        (
            15,
            &[
                0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240,
            ],
        ),
        // A window, the bytes of lanes the other way round, all of them.
        (
            4,
            &[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18],
        ),
        (3, &[1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14]),
        (5, &[3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]),
        (6, &[15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
    ];
    let mut numbers = Numbers(3);
    for (cost, wanted) in cases {
        let plan = check(&lanes(wanted), &[0; 16], &mut numbers);
        assert!(plan.cost <= *cost, "{wanted:?}: {} instructions", plan.cost);
    }
}

/// Whatever is asked for, the plan is no longer than the sixteen bytes one by one.
#[test]
fn no_plan_is_long() {
    let mut numbers = Numbers(4);
    for _ in 0..50 {
        let wanted = irregular(&mut numbers, 2);
        let plan = check(&wanted, &[0; 2], &mut numbers);
        assert!(plan.cost <= 50, "{wanted:?}: {} instructions", plan.cost);
    }
}
