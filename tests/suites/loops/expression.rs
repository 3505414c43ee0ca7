//! What a loop stores: generated, worked out, and as text.

use crate::arithmetic::{
    DIVISORS, FLOAT_COMPARISONS, FLOAT_OPERATIONS, FLOAT_UNARY, INTEGER_COMPARISONS,
    INTEGER_OPERATIONS, SHIFTS, Type, binary, holds, quotients, shift, unary,
};
use crate::function::{Function, POINTERS, State};
use elfin_tests::mutate::Random;

/// What is stored.
#[derive(Clone, Debug)]
pub enum Expression {
    Load {
        pointer: usize,
        offset: i32,
    },
    Constant(u128),
    /// A value that is the same in all iterations, loaded before.
    Invariant,
    /// What the iteration before has handed on.
    Previous,
    /// The number of iterations that are left, or how far the pointers have come: 32 bits.
    Counter,
    Unary(&'static str, Box<Self>),
    Binary(&'static str, Box<[Self; 2]>),
    Shift(&'static str, u32, Box<Self>),
    /// Whether a comparison holds, as 1 or 0, of numbers of 32 bits.
    Compare(&'static str, Box<[Self; 2]>),
    /// The lowest so many bits with a sign, of a number of 32 bits.
    Extend(u32, Box<Self>),
    /// An unsigned quotient; of a vector, whose lanes are taken out and put together again, those so many lanes further.
    Divide(u32, usize, Box<Self>),
    /// The lower or the upper half of a vector: of the sum or difference of one of two values, and a third.
    Half(usize, &'static str, Box<[Self; 3]>),
    /// The third where the comparison of the first two holds, otherwise the fourth.
    Select(&'static str, Box<[Self; 4]>),
}

impl Expression {
    /// One that is generated, of operations at most `depth` deep.
    pub fn new(random: &mut Random, ty: Type, depth: usize) -> Self {
        use Expression as E;
        if depth == 0 || random.below(6) == 0 {
            return match random.below(12) {
                0 => E::Invariant,
                1 if !ty.is_narrow() || random.below(4) == 0 => E::Previous,
                2 if ty.value() == Type::I32 => E::Counter,
                3 if ty.is_float() => E::Constant(ty.float(random.below(9) as f64 / 4.0 - 1.0)),
                3 if ty == Type::I32x4 => {
                    E::Constant(random.below(1 << 20) as u128 * (1 << 96 | 1 << 64 | 1 << 32 | 1))
                }
                3 => {
                    let bits = [2, 8, 16, 20][random.below(4)];
                    let number = random.below(1 << bits) as u128;
                    // Now and then all ones, as masks and limits are.
                    E::Constant([number, (1 << bits) - 1][random.below(4) / 3])
                }
                _ => Self::load(random, ty),
            };
        }
        let mut next = || Self::new(random, ty, depth - 1);
        let operands = [next(), next(), next(), next()];
        let [first, second, ..] = operands.clone();
        match (random.below(8), ty.is_float()) {
            (0, true) => E::Unary(FLOAT_UNARY[random.below(2)], first.into()),
            (0, false) => {
                let distance = random.below(ty.bits() as usize) as u32;
                E::Shift(SHIFTS[random.below(3)], distance, first.into())
            }
            (3, false) if ty.value() == Type::I32 && random.below(2) == 0 => {
                match random.below(2) {
                    0 => E::Extend([8, 16][random.below(2)], first.into()),
                    _ => E::Compare(INTEGER_COMPARISONS[random.below(6)], [first, second].into()),
                }
            }
            (4, false) if random.below(2) == 0 && ty.value() == Type::I32 => {
                // What is the lesser or the greater of two.
                let comparison = INTEGER_COMPARISONS[2 + random.below(4)];
                let operands = [first.clone(), second.clone(), first, second];
                E::Select(comparison, operands.into())
            }
            (1, false) if ty.value() == Type::I32 && random.below(3) == 0 => {
                E::Divide(DIVISORS[random.below(DIVISORS.len())], 0, first.into())
            }
            (1, false) if ty == Type::I32x4 => {
                let divisor = DIVISORS[random.below(DIVISORS.len())];
                E::Divide(divisor, random.below(8).saturating_sub(5), first.into())
            }
            (2, false) if ty == Type::I64 => {
                let [first, second, third, _] = operands;
                let half = random.below(2);
                E::Half(
                    half,
                    INTEGER_OPERATIONS[random.below(2)],
                    [first, second, third].into(),
                )
            }
            (1, true) => E::Select(FLOAT_COMPARISONS[random.below(6)], operands.into()),
            (1, false) => E::Select(INTEGER_COMPARISONS[random.below(6)], operands.into()),
            (_, true) => E::Binary(FLOAT_OPERATIONS[random.below(6)], [first, second].into()),
            (_, false) => E::Binary(INTEGER_OPERATIONS[random.below(6)], [first, second].into()),
        }
    }

    /// A load that is generated.
    pub fn load(random: &mut Random, ty: Type) -> Self {
        let pointer = random.below(POINTERS);
        // A vector has many narrow elements: what an iteration stores is seldom to be what one of the next few loads.
        let is_same = pointer == 0 && ty.is_narrow() && random.below(12) != 0;
        let elements = if is_same {
            0
        } else {
            random.below(7) as i32 - 3
        };
        Self::Load {
            pointer,
            offset: ty.size() * elements,
        }
    }

    /// The same so many bytes further.
    pub fn moved(&self, bytes: i32) -> Self {
        use Expression as E;
        let moved = |expression: &Self| expression.moved(bytes);
        match self {
            E::Load { pointer, offset } => E::Load {
                pointer: *pointer,
                offset: offset + bytes,
            },
            E::Unary(name, operand) => E::Unary(name, moved(operand).into()),
            E::Shift(name, distance, operand) => E::Shift(name, *distance, moved(operand).into()),
            E::Extend(bits, operand) => E::Extend(*bits, moved(operand).into()),
            E::Compare(name, operands) => E::Compare(name, operands.each_ref().map(moved).into()),
            E::Divide(divisor, turn, operand) => E::Divide(*divisor, *turn, moved(operand).into()),
            E::Half(half, name, operands) => {
                E::Half(*half, name, operands.each_ref().map(moved).into())
            }
            E::Binary(name, operands) => E::Binary(name, operands.each_ref().map(moved).into()),
            E::Select(name, operands) => E::Select(name, operands.each_ref().map(moved).into()),
            other => other.clone(),
        }
    }

    /// The same with operands on other sides, or shifted by something else, here and there.
    pub fn turned(mut self, random: &mut Random) -> Self {
        self.turn(random);
        self
    }

    fn turn(&mut self, random: &mut Random) {
        use Expression as E;
        match self {
            E::Binary(name, operands) => {
                let is_either_way = matches!(*name, "add" | "mul" | "and" | "xor");
                if is_either_way && random.below(2) == 0 {
                    operands.reverse();
                }
                operands.iter_mut().for_each(|operand| operand.turn(random));
            }
            E::Shift(_, distance, operand) => {
                if random.below(8) == 0 {
                    *distance /= 2;
                }
                operand.turn(random);
            }
            E::Unary(_, operand) | E::Extend(_, operand) => operand.turn(random),
            E::Compare(_, operands) => operands.iter_mut().for_each(|operand| operand.turn(random)),
            E::Select(_, operands) => operands.iter_mut().for_each(|operand| operand.turn(random)),
            _ => {}
        }
    }

    /// What it is in this state of the loop, as bits.
    pub fn value(&self, loops: &Function, state: &State) -> u128 {
        use Expression as E;
        let ty = loops.ty;
        let value = |expression: &Self| expression.value(loops, state);
        match self {
            E::Load { pointer, offset } => {
                let at = state.pointers[*pointer] + offset;
                ty.read(&state.memory, at as usize)
            }
            E::Constant(bits) => *bits,
            E::Invariant => state.invariant,
            E::Previous => state.previous,
            E::Counter => state.counter.into(),
            E::Unary(name, operand) => unary(ty, name, value(operand)),
            E::Shift(name, distance, operand) => shift(ty, name, value(operand), *distance),
            E::Extend(8, operand) => (value(operand) as i8 as u32).into(),
            E::Extend(_, operand) => (value(operand) as i16 as u32).into(),
            E::Compare(name, operands) => {
                let [left, right] = operands.each_ref().map(value);
                holds(ty, name, left, right).into()
            }
            E::Divide(divisor, turn, operand) if ty == Type::I32x4 => {
                quotients(value(operand), *divisor, *turn)
            }
            E::Divide(divisor, _, operand) => value(operand) / u128::from(*divisor),
            E::Half(half, name, operands) => {
                let operands = operands.each_ref().map(value);
                binary(ty, name, operands[*half], operands[2])
            }
            E::Binary(name, operands) => {
                let [left, right] = operands.each_ref().map(value);
                binary(ty, name, left, right)
            }
            E::Select(name, operands) => {
                let [left, right, then, otherwise] = operands.each_ref().map(value);
                if holds(ty, name, left, right) {
                    then
                } else {
                    otherwise
                }
            }
        }
    }

    /// It in the text format.
    pub fn text(&self, loops: &Function) -> String {
        use Expression as E;
        let ty = loops.ty;
        let name = ty.name();
        let text = |expression: &Self| expression.text(loops);
        match self {
            E::Load { pointer, offset } => {
                let (address, offset) = loops.address(*pointer, *offset);
                format!("({} {offset}{address})", ty.load())
            }
            E::Constant(bits) => ty.constant(*bits),
            E::Invariant => "(local.get $invariant)".to_owned(),
            E::Previous => "(local.get $previous)".to_owned(),
            E::Counter => "(local.get $counter)".to_owned(),
            E::Unary(operation, operand) => format!("({name}.{operation} {})", text(operand)),
            E::Shift(operation, distance, operand) => {
                let distance = match ty {
                    Type::I32x4 => Type::I32.constant((*distance).into()),
                    _ => ty.constant((*distance).into()),
                };
                let operation = ty.operation(operation);
                format!("({operation} {} {distance})", text(operand))
            }
            E::Divide(divisor, turn, operand) if ty == Type::I32x4 => {
                let divide = |lane: usize, vector: &str| {
                    let from = (lane + turn) % 4;
                    format!(
                        "(i32.div_u (i32x4.extract_lane {from} {vector}) (i32.const {divisor}))"
                    )
                };
                let first = format!("(local.tee $vector {})", text(operand));
                let first = format!("(i32x4.splat {})", divide(0, &first));
                (1..4).fold(first, |before, lane| {
                    let next = divide(lane, "(local.get $vector)");
                    format!("(i32x4.replace_lane {lane} {before} {next})")
                })
            }
            E::Extend(bits, operand) => format!("(i32.extend{bits}_s {})", text(operand)),
            E::Compare(comparison, operands) => {
                let [left, right] = operands.each_ref().map(text);
                format!("({name}.{comparison} {left} {right})")
            }
            E::Half(half, operation, operands) => {
                let [first, second, third] = operands.each_ref().map(text);
                let both = format!("(i64x2.replace_lane 1 (i64x2.splat {first}) {second})");
                let sum = format!("(i64x2.{operation} {both} (i64x2.splat {third}))");
                format!("(i64x2.extract_lane {half} {sum})")
            }
            E::Divide(divisor, _, operand) => {
                let divisor = ty.constant((*divisor).into());
                format!("({name}.div_u {} {divisor})", text(operand))
            }
            E::Binary(operation, operands) => {
                let [left, right] = operands.each_ref().map(text);
                let operation = ty.operation(operation);
                format!("({operation} {left} {right})")
            }
            E::Select(comparison, operands) => {
                let [left, right, then, otherwise] = operands.each_ref().map(text);
                format!("(select {then} {otherwise} ({name}.{comparison} {left} {right}))")
            }
        }
    }

    /// The same with another operation in the first place that has one; says whether there is one.
    pub fn break_one(&mut self) -> bool {
        use Expression as E;
        match self {
            E::Binary(name, operands) => match *name {
                "add" => {
                    *name = "sub";
                    true
                }
                "sub" | "and" | "xor" | "mul" => {
                    *name = "add";
                    true
                }
                _ => operands.iter_mut().any(Self::break_one),
            },
            E::Half(half, ..) => {
                *half = 1 - *half;
                true
            }
            E::Divide(divisor, ..) => {
                *divisor = 5;
                true
            }
            E::Unary(_, operand) | E::Shift(_, _, operand) | E::Extend(_, operand) => {
                operand.break_one()
            }
            E::Compare(_, operands) => operands.iter_mut().any(Self::break_one),
            E::Select(_, operands) => operands.iter_mut().any(Self::break_one),
            _ => false,
        }
    }
}
