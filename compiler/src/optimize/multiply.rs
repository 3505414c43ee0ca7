//! Functions that multiply two 128-bit numbers by halves become wide multiplications.
//!
//! WebAssembly has no product of 128 bits: compilers call `__multi3` of their runtime library, which makes it from four
//! products of 32-bit halves. A machine has an instruction for each half of the product of 64-bit numbers. ed25519 and
//! x25519 spend nearly all of their time there.
//!
//! Nothing goes by names. A function with the type of `__multi3` is proved to be it, by arithmetic: each value becomes a
//! polynomial over the integers, in the four 64-bit words that go in and in what shifts bring about. A shift of a value
//! to the right by 32 is a variable of its own, `q`, and what a mask leaves of the value `v` is `v - 2^32 q`. A sum of 64
//! bits that may wrap has a variable for its carry, `c`: it is `a + b - 2^64 c`, and `c` is what the comparison of the sum
//! with `a` or `b` gives. Upper bounds tell where a sum or product does not wrap; where a product may, the polynomial is its
//! value modulo 2^64. The function multiplies if `low + 2^64 high` is, modulo 2^128 and term by term, the product of the
//! numbers that go in. Then it does whatever the variables stand for.
//!
//! So the `__multi3` of compiler-rt is found, whose partial sums don't wrap, and that of Rust's compiler-builtins, which
//! compares them.

use crate::options::{Options, Pass};
use crate::parse::module::{FuncType, ValType};
use crate::program::{FuncId, FunctionKind, Program, SignatureId};
use std::collections::{BTreeMap, HashMap};
use wasmparser::{MemArg, Operator};

/// A half of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Half {
    /// The lower 64 bits.
    Low,
    /// The higher 64 bits.
    High,
}

/// What a function does that takes an address and the low and the high word of two factors: it stores their product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WideMultiplication {
    /// What it stores where, relative to the address, in the order of the stores.
    pub stores: [(MemArg, Half); 2],
}

/// The functions of a program that do that and nothing else.
#[derive(Debug, Default)]
pub struct Multiplications(HashMap<FuncId, WideMultiplication>);

impl Multiplications {
    /// Finds them.
    pub fn new(program: &Program<'_>, options: &Options) -> Self {
        if !options.runs(Pass::Multiply) {
            return Self::default();
        }
        let functions = program.compiled.iter();
        let found = functions.filter_map(|id| Some((*id, recognize(program, *id)?)));
        Self(found.collect())
    }

    /// What a function of this kind weighs, see [`crate::parse::module::Body::weight`].
    pub const WEIGHT: u32 = 8;

    /// What a function does, if it is one of them.
    pub fn get(&self, function: FuncId) -> Option<&WideMultiplication> {
        self.0.get(&function)
    }
}

fn recognize(program: &Program<'_>, function: FuncId) -> Option<WideMultiplication> {
    let FunctionKind::Wasm = program.functions[function].kind else {
        return None;
    };
    if !has_type(program.type_of(function)) {
        return None;
    }
    let body = program.body(function);
    let mut proof = Proof::new();
    for locals in body.code.get_locals_reader().ok()? {
        let (count, _) = locals.ok()?;
        let more = (count as usize).min(MOST_LOCALS);
        let len = proof.locals.len();
        proof
            .locals
            .resize(len + more, Value::Number(Number::constant(0)));
    }
    let mut operators = body.code.get_operators_reader().ok()?;
    while !operators.eof() {
        proof.step(&operators.read().ok()?)?;
    }
    proof.conclude()
}

/// More locals than any multiplication has.
const MOST_LOCALS: usize = 100;

/// More terms than a polynomial of any multiplication has.
const MOST_TERMS: usize = 100;

/// Bits of a half of a word.
const HALF: i64 = 32;

/// What a mask for a half of a word is.
const MASK: u64 = u32::MAX as u64;

fn has_type(ty: &FuncType<SignatureId>) -> bool {
    use ValType::{I32, I64};
    *ty.params == [I32, I64, I64, I64, I64] && ty.results.is_empty()
}

/// The words that go in, as variables.
const WORDS: u32 = 4;

/// Products of variables, each with how often it occurs, modulo 2^128.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Polynomial(BTreeMap<Vec<u32>, u128>);

impl Polynomial {
    fn constant(value: u128) -> Self {
        let mut polynomial = Self::default();
        polynomial.add_term(Vec::new(), value);
        polynomial
    }

    fn variable(number: u32) -> Self {
        Self(BTreeMap::from([(vec![number], 1)]))
    }

    fn add_term(&mut self, variables: Vec<u32>, factor: u128) {
        let sum = self.0.entry(variables).or_default();
        *sum = sum.wrapping_add(factor);
        if *sum == 0 {
            self.0.retain(|_, factor| *factor != 0);
        }
    }

    /// This one, and another one so many times.
    fn plus(&self, other: &Self, times: u128) -> Self {
        let mut sum = self.clone();
        for (variables, factor) in &other.0 {
            sum.add_term(variables.clone(), factor.wrapping_mul(times));
        }
        sum
    }

    fn times(&self, other: &Self) -> Self {
        let mut product = Self::default();
        for (left, factor) in &self.0 {
            let terms = other.0.iter();
            for (right, other) in terms {
                let mut variables = [left.as_slice(), right.as_slice()].concat();
                variables.sort_unstable();
                product.add_term(variables, factor.wrapping_mul(*other));
            }
        }
        product
    }
}

/// What is known of an integer.
#[derive(Clone, Debug)]
struct Number {
    polynomial: Polynomial,
    /// What it is at most, where it is the polynomial's value; `None` where it is that modulo 2^64.
    most: Option<u64>,
    /// Whether it is a multiple of 2^32.
    is_high: bool,
    /// What was added where the sum may have wrapped, with the variable of its carry.
    carry: Option<Box<([Polynomial; 2], u32)>>,
}

impl Number {
    fn constant(value: u64) -> Self {
        Self {
            polynomial: Polynomial::constant(value.into()),
            most: Some(value),
            is_high: value & MASK == 0,
            carry: None,
        }
    }

    /// A variable and what it is at most.
    fn variable(number: u32, most: u64) -> Self {
        Self {
            polynomial: Polynomial::variable(number),
            most: Some(most),
            is_high: false,
            carry: None,
        }
    }

    /// The sum modulo 2^64.
    fn add(&self, other: &Self) -> Self {
        let most = self.most.zip(other.most);
        Self {
            polynomial: self.polynomial.plus(&other.polynomial, 1),
            most: most.and_then(|(left, right)| left.checked_add(right)),
            is_high: self.is_high && other.is_high,
            carry: None,
        }
    }

    fn multiply(&self, other: &Self) -> Self {
        let most = self.most.zip(other.most);
        Self {
            polynomial: self.polynomial.times(&other.polynomial),
            most: most.and_then(|(left, right)| left.checked_mul(right)),
            is_high: self.is_high || other.is_high,
            carry: None,
        }
    }
}

#[derive(Clone, Debug)]
enum Value {
    /// The first parameter.
    Address,
    Number(Number),
}

/// What is known at a point of a function's body.
struct Proof {
    locals: Vec<Value>,
    stack: Vec<Value>,
    stores: Vec<(MemArg, Number)>,
    /// What was shifted to the right, each with the variable for what came out.
    quotients: BTreeMap<Polynomial, u32>,
    /// Sums that may wrap, each with the variable of its carry.
    carries: BTreeMap<Polynomial, u32>,
}

impl Proof {
    fn new() -> Self {
        let words = (0..WORDS).map(|word| Value::Number(Number::variable(word, u64::MAX)));
        Self {
            locals: [Value::Address].into_iter().chain(words).collect(),
            stack: Vec::new(),
            stores: Vec::new(),
            quotients: BTreeMap::new(),
            carries: BTreeMap::new(),
        }
    }

    /// What an instruction does; `None` if that is not known.
    fn step(&mut self, operator: &Operator<'_>) -> Option<()> {
        use Operator as O;
        match *operator {
            O::LocalGet { local_index } => {
                let value = self.locals.get(local_index as usize)?.clone();
                self.stack.push(value);
            }
            O::LocalSet { local_index } => {
                *self.locals.get_mut(local_index as usize)? = self.stack.pop()?;
            }
            O::LocalTee { local_index } => {
                *self.locals.get_mut(local_index as usize)? = self.stack.last()?.clone();
            }
            O::I64Const { value } => self.push(Number::constant(value as u64))?,
            O::I64Add => {
                let (left, right) = self.pop2()?;
                let sum = self.add(&left, &right);
                self.push(sum)?;
            }
            O::I64LtU => {
                let (sum, addend) = self.pop2()?;
                self.push(carry(&sum, &addend)?)?;
            }
            O::I64GtU => {
                let (addend, sum) = self.pop2()?;
                self.push(carry(&sum, &addend)?)?;
            }
            O::I64Mul => {
                let (left, right) = self.pop2()?;
                self.push(left.multiply(&right))?;
            }
            O::I64Or => {
                let (left, right) = self.pop2()?;
                let (high, low) = if left.is_high {
                    (left, right)
                } else {
                    (right, left)
                };
                let is_apart = high.is_high && high.most.is_some() && low.most? <= MASK;
                self.push(is_apart.then(|| high.add(&low))?)?;
            }
            O::I64And => {
                let (left, right) = self.pop2()?;
                let mask = Polynomial::constant(MASK.into());
                let value = match (left.polynomial == mask, right.polynomial == mask) {
                    (_, true) => left,
                    (true, _) => right,
                    _ => return None,
                };
                let low = self.low_half(&value)?;
                self.push(low)?;
            }
            O::I64ShrU => {
                let value = self.pop_shifted()?;
                let high = self.high_half(&value)?;
                self.push(high)?;
            }
            O::I64Shl => {
                let value = self.pop_shifted()?;
                let low = self.low_half(&value)?;
                self.push(low.multiply(&Number::constant(1 << HALF)))?;
            }
            O::I32WrapI64 => {
                let value = self.pop()?;
                let low = self.low_half(&value)?;
                self.push(low)?;
            }
            // What it extends is below 2^32.
            O::I64ExtendI32U | O::Nop | O::End => {}
            O::I64Store { memarg } => {
                let value = self.pop()?;
                let Value::Address = self.stack.pop()? else {
                    return None;
                };
                self.stores.push((memarg, value));
            }
            _ => return None,
        }
        Some(())
    }

    fn push(&mut self, number: Number) -> Option<()> {
        let is_small = number.polynomial.0.len() <= MOST_TERMS;
        is_small.then(|| self.stack.push(Value::Number(number)))
    }

    fn pop(&mut self) -> Option<Number> {
        match self.stack.pop()? {
            Value::Number(number) => Some(number),
            Value::Address => None,
        }
    }

    fn pop2(&mut self) -> Option<(Number, Number)> {
        let right = self.pop()?;
        Some((self.pop()?, right))
    }

    /// Pops a distance, which must be half a word, and what is shifted.
    fn pop_shifted(&mut self) -> Option<Number> {
        let (value, distance) = self.pop2()?;
        let half = Polynomial::constant(HALF as u128);
        (distance.polynomial == half).then_some(value)
    }

    fn next_variable(&self) -> u32 {
        WORDS + (self.quotients.len() + self.carries.len()) as u32
    }

    /// The sum, with a variable for its carry where it may wrap and that can be told.
    fn add(&mut self, left: &Number, right: &Number) -> Number {
        let sum = left.add(right);
        if sum.most.is_some() || left.most.is_none() || right.most.is_none() {
            return sum;
        }
        let next = self.next_variable();
        let carries = self.carries.entry(sum.polynomial.clone());
        let carry = *carries.or_insert(next);
        let minus = (1u128 << 64).wrapping_neg();
        let addends = [left.polynomial.clone(), right.polynomial.clone()];
        Number {
            polynomial: sum.polynomial.plus(&Polynomial::variable(carry), minus),
            most: Some(u64::MAX),
            is_high: sum.is_high,
            carry: Some(Box::new((addends, carry))),
        }
    }

    /// The quotient by 2^32.
    fn high_half(&mut self, number: &Number) -> Option<Number> {
        let most = number.most?;
        if most <= MASK {
            return Some(Number::constant(0));
        }
        let next = self.next_variable();
        let polynomial = number.polynomial.clone();
        let variable = *self.quotients.entry(polynomial).or_insert(next);
        Some(Number::variable(variable, most >> HALF))
    }

    /// The remainder of the division by 2^32.
    fn low_half(&mut self, number: &Number) -> Option<Number> {
        let most = number.most?;
        let quotient = self.high_half(number)?.polynomial;
        let minus = (1u128 << HALF).wrapping_neg();
        Some(Number {
            polynomial: number.polynomial.plus(&quotient, minus),
            most: Some(most.min(MASK)),
            is_high: false,
            carry: None,
        })
    }

    /// What the function is, at its end.
    fn conclude(self) -> Option<WideMultiplication> {
        let [(first, one), (second, other)] = <[_; 2]>::try_from(self.stores).ok()?;
        let is_upwards = first.offset.checked_add(8) == Some(second.offset);
        let is_downwards = second.offset.checked_add(8) == Some(first.offset);
        let (low, high, halves) = match (is_upwards, is_downwards) {
            (true, _) => (one, other, [Half::Low, Half::High]),
            (_, true) => (other, one, [Half::High, Half::Low]),
            _ => return None,
        };
        low.most?;
        let word = |number| Polynomial::variable(number);
        let factor = |low, high| word(low).plus(&word(high), 1 << 64);
        let product = factor(0, 1).times(&factor(2, 3));
        let result = low.polynomial.plus(&high.polynomial, 1 << 64);
        let is_proved = first.memory == second.memory && result == product;
        is_proved.then_some(WideMultiplication {
            stores: [(first, halves[0]), (second, halves[1])],
        })
    }
}

/// Whether a sum is less than what was added, which is whether it wrapped.
fn carry(sum: &Number, addend: &Number) -> Option<Number> {
    let (addends, carry) = sum.carry.as_deref()?;
    let is_added = addend.most.is_some() && addends.contains(&addend.polynomial);
    is_added.then(|| Number::variable(*carry, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Features;
    use crate::target::Target;

    /// As clang compiles that of compiler-rt.
    const MULTIPLY: &str = r#"
        (i64.store offset=8 (local.get 0)
          (i64.add
            (i64.add
              (i64.add
                (i64.add
                  (i64.mul (local.get 4) (local.get 1))
                  (i64.mul (local.get 2) (local.get 3)))
                (i64.mul
                  (local.tee 4 (i64.shr_u (local.get 3) (i64.const 32)))
                  (local.tee 2 (i64.shr_u (local.get 1) (i64.const 32)))))
              (i64.shr_u
                (local.tee 3
                  (i64.add
                    (i64.shr_u
                      (local.tee 5
                        (i64.mul
                          (local.tee 3 (i64.and (local.get 3) (i64.const 4294967295)))
                          (local.tee 1 (i64.and (local.get 1) (i64.const 4294967295)))))
                      (i64.const 32))
                    (i64.mul (local.get 3) (local.get 2))))
                (i64.const 32)))
            (i64.shr_u
              (local.tee 3
                (i64.add
                  (i64.and (local.get 3) (i64.const 4294967295))
                  (i64.mul (local.get 4) (local.get 1))))
              (i64.const 32))))
        (i64.store (local.get 0)
          (i64.or
            (i64.shl (local.get 3) (i64.const 32))
            (i64.and (local.get 5) (i64.const 4294967295))))"#;

    /// As rustc compiles that of compiler-builtins.
    const MULTIPLY_WITH_CARRIES: &str = r#"
        (i64.store (local.get 0)
          (local.tee 10
            (i64.add
              (local.tee 7
                (i64.mul
                  (local.tee 5 (i64.and (local.get 3) (i64.const 4294967295)))
                  (local.tee 6 (i64.and (local.get 1) (i64.const 4294967295)))))
              (i64.shl
                (local.tee 5
                  (i64.add
                    (local.tee 6
                      (i64.mul
                        (local.tee 8 (i64.shr_u (local.get 3) (i64.const 32)))
                        (local.get 6)))
                    (i64.mul
                      (local.get 5)
                      (local.tee 9 (i64.shr_u (local.get 1) (i64.const 32))))))
                (i64.const 32)))))
        (i64.store offset=8 (local.get 0)
          (i64.add
            (i64.add
              (i64.add
                (i64.mul (local.get 8) (local.get 9))
                (i64.or
                  (i64.shl
                    (i64.extend_i32_u (i64.lt_u (local.get 5) (local.get 6)))
                    (i64.const 32))
                  (i64.shr_u (local.get 5) (i64.const 32))))
              (i64.extend_i32_u (i64.lt_u (local.get 10) (local.get 7))))
            (i64.add
              (i64.mul (local.get 4) (local.get 1))
              (i64.mul (local.get 3) (local.get 2)))))"#;

    fn recognized(body: &str) -> Option<[Half; 2]> {
        let text = format!(
            r#"(module
                (memory 1)
                (func (export "_start")
                  (call $multiply (i32.const 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)))
                (func $multiply (param i32 i64 i64 i64 i64) (local i64 i64 i64 i64 i64 i64) {body}))"#
        );
        let bytes = crate::parse::binary(text.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &Features::default()).unwrap();
        let program = crate::program::link(&module, &Options::new(Target::X86_64)).unwrap();
        let found = recognize(&program, *program.compiled.last().unwrap())?;
        Some(found.stores.map(|(_, half)| half))
    }

    #[test]
    fn a_multiplication_is_recognized() {
        assert_eq!(recognized(MULTIPLY), Some([Half::High, Half::Low]));
        let halves = recognized(MULTIPLY_WITH_CARRIES);
        assert_eq!(halves, Some([Half::Low, Half::High]));
    }

    #[test]
    fn what_differs_anywhere_is_none() {
        let changes = [
            ("i64.mul", "i64.add"),
            ("i64.add", "i64.sub"),
            ("i64.add", "i64.or"),
            ("i64.shr_u", "i64.shr_s"),
            ("i64.shl", "i64.shr_u"),
            ("i64.or", "i64.xor"),
            ("i64.const 32", "i64.const 31"),
            ("4294967295", "2147483647"),
            ("i64.lt_u", "i64.gt_u"),
            ("i64.lt_u", "i64.le_u"),
            ("local.get 1)", "local.get 2)"),
            ("local.get 3)", "local.get 4)"),
            ("local.get 5)", "local.get 10)"),
            ("local.get 6)", "local.get 7)"),
            ("local.get 7)", "local.get 5)"),
            ("local.tee 3", "local.tee 2"),
            ("local.tee 6", "local.tee 7"),
            ("offset=8", "offset=4"),
            ("offset=8", "offset=0"),
        ];
        for body in [MULTIPLY, MULTIPLY_WITH_CARRIES] {
            for (from, to) in changes {
                for (at, _) in body.match_indices(from) {
                    let changed = format!("{}{to}{}", &body[..at], &body[at + from.len()..]);
                    assert_eq!(recognized(&changed), None, "{from} to {to} at {at}");
                }
            }
        }
    }

    #[test]
    fn a_product_of_the_low_words_alone_is_none() {
        let changed =
            MULTIPLY.replacen("(i64.mul (local.get 4) (local.get 1))", "(i64.const 0)", 1);
        assert_eq!(recognized(&changed), None);
    }
}
