//! A compiler and a stack machine for a small language: enums with data, matches, vectors, reference counts.
//# set: small
//# count: 24
//# short: 1

use bench::{Checksum, count};
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Number(i64),
    List(Rc<Vec<Value>>),
}

impl Value {
    fn number(&self) -> i64 {
        match self {
            Value::Number(number) => *number,
            Value::List(list) => list.len() as i64,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Constant(i64),
    Get(usize),
    Set(usize),
    Arithmetic(char),
    Append,
    Index,
    Jump(usize),
    JumpIfZero(usize),
}

/// Statements with braces, `while` and `if`; expressions in reverse Polish notation up to a `;`, `{` or `=>`.
struct Compiler<'a> {
    words: std::iter::Peekable<std::str::SplitWhitespace<'a>>,
    names: HashMap<&'a str, usize>,
    code: Vec<Op>,
}

impl<'a> Compiler<'a> {
    fn compile(source: &'a str) -> (Vec<Op>, HashMap<&'a str, usize>) {
        let mut compiler = Self {
            words: source.split_whitespace().peekable(),
            names: HashMap::new(),
            code: Vec::new(),
        };
        while compiler.words.peek().is_some() {
            compiler.statement();
        }
        (compiler.code, compiler.names)
    }

    fn slot(&mut self, name: &'a str) -> usize {
        let next = self.names.len();
        *self.names.entry(name).or_insert(next)
    }

    fn statement(&mut self) {
        match self.words.peek().copied() {
            Some("while") => {
                self.words.next();
                let start = self.code.len();
                self.expression();
                let exit = self.block();
                self.code.push(Op::Jump(start));
                self.code[exit] = Op::JumpIfZero(self.code.len());
            }
            Some("if") => {
                self.words.next();
                self.expression();
                let exit = self.block();
                self.code[exit] = Op::JumpIfZero(self.code.len());
            }
            _ => {
                self.expression();
                let name = self.words.next().expect("`=>` is followed by a name");
                let slot = self.slot(name);
                self.code.push(Op::Set(slot));
            }
        }
    }

    /// The statements up to `}`, behind a jump that is yet to be written.
    fn block(&mut self) -> usize {
        let exit = self.code.len();
        self.code.push(Op::JumpIfZero(usize::MAX));
        while self.words.peek() != Some(&"}") {
            self.statement();
        }
        self.words.next();
        exit
    }

    fn expression(&mut self) {
        for word in self.words.by_ref() {
            let op = match word {
                "{" | "=>" => return,
                "append" => Op::Append,
                "at" => Op::Index,
                "+" | "-" | "*" | "/" | "%" | "<" | "=" => {
                    Op::Arithmetic(word.chars().next().expect("not empty"))
                }
                _ => match word.parse() {
                    Ok(number) => Op::Constant(number),
                    Err(_) => {
                        let next = self.names.len();
                        Op::Get(*self.names.entry(word).or_insert(next))
                    }
                },
            };
            self.code.push(op);
        }
    }
}

fn arithmetic(op: char, a: i64, b: i64) -> i64 {
    match op {
        '+' => a.wrapping_add(b),
        '-' => a.wrapping_sub(b),
        '*' => a.wrapping_mul(b),
        '/' => a.checked_div(b).unwrap_or(0),
        '%' => a.checked_rem(b).unwrap_or(0),
        '<' => i64::from(a < b),
        _ => i64::from(a == b),
    }
}

fn run(code: &[Op], variables: &mut [Value]) {
    let mut stack: Vec<Value> = Vec::new();
    let mut at = 0;
    while let Some(op) = code.get(at) {
        at += 1;
        let pop = |stack: &mut Vec<Value>| stack.pop().expect("the compiler balanced it");
        match *op {
            Op::Constant(number) => stack.push(Value::Number(number)),
            Op::Get(slot) => stack.push(variables[slot].clone()),
            Op::Set(slot) => variables[slot] = pop(&mut stack),
            Op::Arithmetic(op) => {
                let b = pop(&mut stack).number();
                let a = pop(&mut stack).number();
                stack.push(Value::Number(arithmetic(op, a, b)));
            }
            Op::Append => {
                let value = pop(&mut stack);
                let mut list = match pop(&mut stack) {
                    Value::List(list) => list,
                    Value::Number(_) => Rc::default(),
                };
                Rc::make_mut(&mut list).push(value);
                stack.push(Value::List(list));
            }
            Op::Index => {
                let index = pop(&mut stack).number() as usize;
                let value = match pop(&mut stack) {
                    Value::List(list) => list.get(index).cloned(),
                    number => Some(number),
                };
                stack.push(value.unwrap_or(Value::Number(0)));
            }
            Op::Jump(to) => at = to,
            Op::JumpIfZero(to) => {
                if pop(&mut stack).number() == 0 {
                    at = to;
                }
            }
        }
    }
}

const SOURCE: &str = "
    0 => found 2 => candidate
    while candidate limit < {
        2 => divisor 1 => prime
        while divisor divisor * candidate 1 + < prime * {
            if candidate divisor % 0 = { 0 => prime }
            divisor 1 + => divisor
        }
        if prime { found 1 + => found }
        candidate 1 + => candidate
    }
    0 => i 0 => squares 0 => sum
    while i 1000 < {
        i i * => square
        if i 100 % 0 = { squares square append => squares }
        sum squares i 10 % at + 7 * 1000003 % => sum
        i 1 + => i
    }
    sum found + => result
";

fn main() {
    let mut sum = Checksum::new();
    for round in 0..count() {
        let (code, names) = Compiler::compile(SOURCE);
        let mut variables = vec![Value::Number(0); names.len()];
        variables[names["limit"]] = Value::Number(20_000 + i64::from(round % 7));
        run(&code, &mut variables);
        sum.add(variables[names["result"]].number() as u64);
    }
    sum.print();
}
