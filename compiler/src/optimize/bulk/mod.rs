//! Functions that copy or fill bytes become `memory.copy` and `memory.fill`.
//!
//! A C library that is built without bulk memory operations has `memcpy`, `memmove` and `memset` in C: they go by words
//! where addresses allow it, and by shifted words or bytes where not. A machine has vectors that need no alignment.
//!
//! Nothing goes by names. A function with the type of these three is proved to be one of them, by a walk along all ways
//! through it:
//!
//! ```text
//! the addresses     how they lie to one another; their lowest bits, where code asks for them
//! how many bytes    any number, in a range and with lowest bits that code asks for
//! a condition       true or false if it always is on this way, otherwise there are two
//! a loop            what an iteration does, whichever it is; the last one follows from the condition it ends by
//! ```
//!
//! Each number is a sum of the addresses, the count, the number of the iteration, and a constant, see [`form`]; every
//! other value is known by its bytes. The function copies if on every way each store puts bytes where they belong, each
//! load comes before what might change its bytes, neither leaves the ranges, nothing else is done, and in the end no byte
//! is left out.
//!
//! All of this is for calls that do not trap. So what takes the place of the function first compares the ranges with the
//! memory, and with one another where the proof is of ranges that lie apart. A call that fails this goes through the
//! function as it is: what it leaves behind is the same.
//!
//! With the C library of Debian's wasi-libc, which LLVM 14 has compiled, copies of 750 bytes on average take 0.07 s where
//! they took 0.13, and 0.27 where addresses are no multiples of 4 (native: 0.05); moves 0.08 instead of 0.30 and 0.66
//! (0.06); fills 0.06 instead of 0.10 (0.04). To know its three functions takes 15 ms.

mod code;
mod form;
mod run;
mod value;

use crate::options::{Options, Pass};
use crate::parse::index::{FuncIndex, MemoryIndex};
use crate::parse::module::{FuncType, ValType};
use crate::program::{FuncId, FunctionKind, Program, SignatureId};
use code::Code;
use form::Relation;
use run::{Question, Run, Stop};
use std::cell::Cell;
use std::collections::HashMap;

/// The first count that no proof is of.
pub const COUNT_LIMIT: i64 = form::COUNT_LIMIT;

/// What a function does that takes an address, an address or a byte, and a count, and gives the first address back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BulkFunction {
    /// The memory that it does it to.
    pub memory: u32,
    pub operation: Operation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `memory.copy`
    Copy {
        /// Whether the ranges must not overlap.
        only_apart: bool,
    },
    /// `memory.fill`
    Fill,
}

/// The functions of a program that do that and nothing else, where they do not trap.
#[derive(Debug, Default)]
pub struct BulkFunctions(HashMap<FuncId, BulkFunction>);

/// Operators that are looked at to know a function, at most: memmove of wasi-libc takes 180,000.
const MOST_STEPS: u32 = 1 << 19;

/// And to know all of them: a program has few, but many of their type.
const MOST_STEPS_OF_ALL: u32 = 1 << 22;

/// What a fork counts for.
const STEPS_OF_FORK: u32 = 64;

/// How many operators may still be looked at.
struct Fuel {
    of_all: Cell<u32>,
    of_function: Cell<u32>,
}

impl Fuel {
    /// Takes so many steps away; `None` if there are not as many.
    fn burn(&self, steps: u32) -> Option<()> {
        for left in [&self.of_all, &self.of_function] {
            left.set(left.get().checked_sub(steps)?);
        }
        Some(())
    }
}

impl BulkFunctions {
    /// Finds them.
    pub fn new(program: &Program<'_>, options: &Options) -> Self {
        let mut found = Self::default();
        if !options.runs(Pass::Bulk) {
            return found;
        }
        let candidates = program.compiled.iter().copied();
        let mut candidates: Vec<_> = candidates
            .filter_map(|id| Some((id, code(program, id)?)))
            .collect();
        let fuel = Fuel {
            of_all: Cell::new(MOST_STEPS_OF_ALL),
            of_function: Cell::new(0),
        };
        // One may call another.
        loop {
            let before = found.0.len();
            candidates.retain(|(id, code)| {
                let function = recognize(program, &found, *id, code, &fuel);
                found.0.extend(function.map(|function| (*id, function)));
                function.is_none()
            });
            if found.0.len() == before {
                return found;
            }
        }
    }

    /// What a function does, if it is one of them.
    pub fn get(&self, function: FuncId) -> Option<&BulkFunction> {
        self.0.get(&function)
    }
}

fn has_type(ty: &FuncType<SignatureId>) -> bool {
    use ValType::I32;
    *ty.params == [I32, I32, I32] && *ty.results == [I32]
}

/// The body of a function that may be one of them.
fn code<'a>(program: &Program<'a>, function: FuncId) -> Option<Code<'a>> {
    let FunctionKind::Wasm = program.functions[function].kind else {
        return None;
    };
    has_type(program.type_of(function)).then(|| Code::new(&program.body(function).code))?
}

fn recognize(
    program: &Program<'_>,
    found: &BulkFunctions,
    function: FuncId,
    code: &Code<'_>,
    fuel: &Fuel,
) -> Option<BulkFunction> {
    let own = program.functions[function].instance;
    let instance = &program.instances[own];
    let known = |index| {
        let id = instance.functions[FuncIndex::from_u32(index)];
        // Memories of another instance have numbers of their own.
        let is_own = program.functions[id].instance == own;
        found.get(id).copied().filter(|_| is_own)
    };
    let question = |is_copy| Question {
        code,
        is_copy,
        known: &known,
        memory: Cell::new(None),
        fuel,
    };
    let (copies, fills) = (question(true), question(false));
    fuel.of_function.set(MOST_STEPS);
    let (operation, memory) = if proves(&copies, Relation::Apart) {
        let overlaps = [Relation::Behind, Relation::Before, Relation::Equal];
        let anywhere = overlaps.iter().all(|relation| proves(&copies, *relation));
        let only_apart = !anywhere;
        (Operation::Copy { only_apart }, copies.memory.get()?)
    } else if proves(&fills, Relation::Equal) {
        (Operation::Fill, fills.memory.get()?)
    } else {
        return None;
    };
    let id = instance.memories[MemoryIndex::from_u32(memory)];
    (!program.memories[id].ty.is_64).then_some(BulkFunction { memory, operation })
}

/// Whether a function does what it is to do on every way.
fn proves(question: &Question<'_>, relation: Relation) -> bool {
    let mut ways = vec![Run::new(question, relation)];
    while let Some(mut way) = ways.pop() {
        match way.finish() {
            Ok(()) => {}
            Err(Stop::Failed) => return false,
            Err(Stop::Fork(fork)) => {
                if question.fuel.burn(STEPS_OF_FORK).is_none() {
                    return false;
                }
                let mut other = way.clone();
                ways.extend(way.take(fork, false).then_some(way));
                ways.extend(other.take(fork, true).then_some(other));
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Features;
    use crate::target::Target;

    /// Bytes, one after the other.
    const BYTES: &str = r"
        (local.set 3 (local.get 0))
        (block $done
            (br_if $done (i32.eqz (local.get 2)))
            (loop $next
                (i32.store8 (local.get 3) (i32.load8_u (local.get 1)))
                (local.set 3 (i32.add (local.get 3) (i32.const 1)))
                (local.set 1 (i32.add (local.get 1) (i32.const 1)))
                (br_if $next (local.tee 2 (i32.add (local.get 2) (i32.const -1))))))
        (local.get 0)";

    /// Words of 8 bytes, two at a time, and then what the bits of the count say.
    const WORDS: &str = r"
        (local.set 3 (local.get 0))
        (if (i32.ge_u (local.get 2) (i32.const 16)) (then
            (loop $next
                (i64.store (local.get 3) (i64.load (local.get 1)))
                (i64.store offset=8 (local.get 3) (i64.load offset=8 (local.get 1)))
                (local.set 3 (i32.add (local.get 3) (i32.const 16)))
                (local.set 1 (i32.add (local.get 1) (i32.const 16)))
                (local.set 2 (i32.sub (local.get 2) (i32.const 16)))
                (br_if $next (i32.gt_u (local.get 2) (i32.const 15))))))
        (if (i32.and (local.get 2) (i32.const 8)) (then
            (i64.store (local.get 3) (i64.load (local.get 1)))
            (local.set 3 (i32.add (local.get 3) (i32.const 8)))
            (local.set 1 (i32.add (local.get 1) (i32.const 8)))))
        (if (i32.and (local.get 2) (i32.const 4)) (then
            (i32.store (local.get 3) (i32.load (local.get 1)))
            (local.set 3 (i32.add (local.get 3) (i32.const 4)))
            (local.set 1 (i32.add (local.get 1) (i32.const 4)))))
        (if (i32.and (local.get 2) (i32.const 2)) (then
            (i32.store16 (local.get 3) (i32.load16_u (local.get 1)))
            (local.set 3 (i32.add (local.get 3) (i32.const 2)))
            (local.set 1 (i32.add (local.get 1) (i32.const 2)))))
        (if (i32.and (local.get 2) (i32.const 1)) (then
            (i32.store8 (local.get 3) (i32.load8_u (local.get 1)))))
        (local.get 0)";

    /// Words that are put together from two, where the address to read from lies a byte behind a multiple of 4, which is
    /// read before.
    const SHIFTED_WORDS: &str = r"
        (local.set 3 (local.get 0))
        (block $bytes
            (br_if $bytes (i32.lt_u (local.get 2) (i32.const 8)))
            (br_if $bytes (i32.ne (i32.and (local.get 1) (i32.const 3)) (i32.const 1)))
            (i32.store8 (local.get 3) (i32.load8_u (local.get 1)))
            (i32.store8 offset=1 (local.get 3) (i32.load8_u offset=1 (local.get 1)))
            (i32.store8 offset=2 (local.get 3) (local.tee 4 (i32.load8_u offset=2 (local.get 1))))
            (local.set 5 (i32.load8_u offset=3 (local.get 1)))
            (i32.store8 offset=3 (local.get 3) (local.get 5))
            (local.set 4 (i32.shl (local.get 5) (i32.const 24)))
            (local.set 3 (i32.add (local.get 3) (i32.const 3)))
            (local.set 1 (i32.add (local.get 1) (i32.const 4)))
            (local.set 2 (i32.sub (local.get 2) (i32.const 4)))
            (loop $next
                (local.set 5 (i32.load (local.get 1)))
                (i32.store (local.get 3)
                    (i32.or (i32.shl (local.get 5) (i32.const 8)) (i32.shr_u (local.get 4) (i32.const 24))))
                (local.set 4 (local.get 5))
                (local.set 3 (i32.add (local.get 3) (i32.const 4)))
                (local.set 1 (i32.add (local.get 1) (i32.const 4)))
                (local.set 2 (i32.sub (local.get 2) (i32.const 4)))
                (br_if $next (i32.ge_u (local.get 2) (i32.const 4))))
            (i32.store8 (local.get 3) (i32.shr_u (local.get 4) (i32.const 24)))
            (local.set 3 (i32.add (local.get 3) (i32.const 1))))
        (block $done
            (br_if $done (i32.eqz (local.get 2)))
            (loop $next
                (i32.store8 (local.get 3) (i32.load8_u (local.get 1)))
                (local.set 3 (i32.add (local.get 3) (i32.const 1)))
                (local.set 1 (i32.add (local.get 1) (i32.const 1)))
                (br_if $next (local.tee 2 (i32.add (local.get 2) (i32.const -1))))))
        (local.get 0)";

    /// Upwards if the first address is the lower one, otherwise downwards.
    const BOTH_WAYS: &str = r"
        (local.set 3 (i32.const 0))
        (block $done
            (br_if $done (i32.eqz (local.get 2)))
            (if (i32.lt_u (local.get 0) (local.get 1)) (then
                (loop $next
                    (i32.store8 (i32.add (local.get 0) (local.get 3))
                        (i32.load8_u (i32.add (local.get 1) (local.get 3))))
                    (local.set 3 (i32.add (local.get 3) (i32.const 1)))
                    (br_if $next (i32.ne (local.get 3) (local.get 2)))))
            (else
                (loop $next
                    (local.set 2 (i32.sub (local.get 2) (i32.const 1)))
                    (i32.store8 (i32.add (local.get 0) (local.get 2))
                        (i32.load8_u (i32.add (local.get 1) (local.get 2))))
                    (br_if $next (local.get 2))))))
        (local.get 0)";

    /// Both ends, then words of the same byte between them.
    const FILL: &str = r"
        (block $done
            (br_if $done (i32.eqz (local.get 2)))
            (i32.store8 (local.get 0) (local.get 1))
            (local.set 3 (i32.add (local.get 0) (local.get 2)))
            (i32.store8 (i32.sub (local.get 3) (i32.const 1)) (local.get 1))
            (br_if $done (i32.le_u (local.get 2) (i32.const 2)))
            (i32.store8 offset=1 (local.get 0) (local.get 1))
            (i32.store8 offset=2 (local.get 0) (local.get 1))
            (i32.store8 (i32.sub (local.get 3) (i32.const 2)) (local.get 1))
            (i32.store8 (i32.sub (local.get 3) (i32.const 3)) (local.get 1))
            (br_if $done (i32.le_u (local.get 2) (i32.const 6)))
            (local.set 4 (i32.and (i32.sub (i32.const 0) (local.get 0)) (i32.const 3)))
            (local.set 3 (i32.add (local.get 0) (local.get 4)))
            (local.set 2 (i32.and (i32.sub (local.get 2) (local.get 4)) (i32.const -4)))
            (local.set 1 (i32.mul (i32.and (local.get 1) (i32.const 255)) (i32.const 16843009)))
            (loop $next
                (i32.store (local.get 3) (local.get 1))
                (local.set 3 (i32.add (local.get 3) (i32.const 4)))
                (br_if $next (local.tee 2 (i32.sub (local.get 2) (i32.const 4))))))
        (local.get 0)";

    const APART: Operation = Operation::Copy { only_apart: true };
    const ANYWHERE: Operation = Operation::Copy { only_apart: false };

    const FUNCTIONS: [(&str, Operation); 5] = [
        (BYTES, APART),
        (WORDS, APART),
        (SHIFTED_WORDS, APART),
        (BOTH_WAYS, ANYWHERE),
        (FILL, Operation::Fill),
    ];

    /// A module with a function of this body, and another one.
    fn module(body: &str, other: &str) -> String {
        format!(
            r#"(module
                (memory 1)
                (global $global (mut i32) (i32.const 0))
                (func (export "_start")
                    (drop (call $bulk (i32.const 0) (i32.const 1) (i32.const 2)))
                    (drop (call $other (i32.const 0) (i32.const 1) (i32.const 2))))
                (func $other (param i32 i32 i32) (result i32) (local i32 i32 i32) {other})
                (func $bulk (param i32 i32 i32) (result i32) (local i32 i32 i32) {body}))"#
        )
    }

    /// What the last function of a module does.
    fn recognized_in(text: &str) -> Option<Operation> {
        let bytes = crate::parse::binary(text.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &Features::default()).unwrap();
        let options = Options::new(Target::X86_64);
        let program = crate::program::link(&module, &options).unwrap();
        let found = BulkFunctions::new(&program, &options);
        let last = program
            .compiled
            .iter()
            .max_by_key(|id| id.as_u32())
            .unwrap();
        Some(found.get(*last)?.operation)
    }

    fn recognized(body: &str) -> Option<Operation> {
        recognized_in(&module(body, "(global.get $global)"))
    }

    #[test]
    fn copies_and_fills_are_recognized() {
        for (body, operation) in FUNCTIONS {
            assert_eq!(recognized(body), Some(operation), "{body}");
        }
    }

    /// A body with a text in it replaced, each time that it occurs.
    fn changed(body: &str, from: &str, to: &str) -> String {
        assert!(body.contains(from), "{from}");
        body.replace(from, to)
    }

    #[test]
    fn what_does_more_or_less_is_none() {
        let end = "(block $done";
        let changes = [
            // What may trap where a copy does not: a byte behind the last, addresses before the first.
            (
                end,
                "(drop (i32.load8_u (i32.add (local.get 1) (local.get 2)))) (block $done",
            ),
            (
                "(i32.store8 (local.get 3)",
                "(i32.store8 offset=4 (i32.sub (local.get 3) (i32.const 4))",
            ),
            (
                "(i32.load8_u (local.get 1))",
                "(i32.load8_u offset=4 (i32.sub (local.get 1) (i32.const 4)))",
            ),
            // What is done besides.
            (end, "(global.set $global (local.get 0)) (block $done"),
            (end, "(drop (memory.grow (i32.const 1))) (block $done"),
            (
                end,
                "(drop (call $other (local.get 0) (local.get 1) (local.get 2))) (block $done",
            ),
            // What comes back.
            ("(local.get 0)", "(local.get 2)"),
            // A loop that may go around once more, or never ends.
            ("(br_if $done (i32.eqz (local.get 2)))", ""),
            ("(i32.const -1)", "(i32.const -2)"),
            ("(i32.const -1)", "(i32.const 0)"),
        ];
        for (from, to) in changes {
            assert_eq!(recognized(&changed(BYTES, from, to)), None, "{from}: {to}");
        }
        for bit in [1, 2, 4, 8] {
            let test = format!("(i32.and (local.get 2) (i32.const {bit}))");
            let without = changed(WORDS, &test, "(i32.const 0)");
            assert_eq!(recognized(&without), None, "{bit}");
        }
    }

    /// A function that goes the wrong way where its ranges overlap still copies between others.
    #[test]
    fn the_way_matters_where_ranges_overlap() {
        let turned = changed(BOTH_WAYS, "i32.lt_u", "i32.gt_u");
        assert_eq!(recognized(&turned), Some(APART));
        let always_up = changed(
            BOTH_WAYS,
            "(i32.lt_u (local.get 0) (local.get 1))",
            "(i32.const 1)",
        );
        assert_eq!(recognized(&always_up), Some(APART));
    }

    /// One that calls another one, if that is known.
    #[test]
    fn a_copy_calls_another_one() {
        let call = "(call $other (local.get 0) (local.get 1) (local.get 2))";
        let far = "(i32.gt_u (i32.sub (local.get 1) (i32.add (local.get 0) (local.get 2)))
            (i32.sub (i32.const 0) (i32.shl (local.get 2) (i32.const 1))))";
        let same = "(i32.eq (local.get 0) (local.get 1))";
        let body = format!(
            "(if {same} (then (return (local.get 0))))
            (if (i32.eqz {far}) (then (return {call}))) {BOTH_WAYS}"
        );
        assert_eq!(recognized(&body), None);
        let text = module(&body, WORDS);
        assert_eq!(recognized_in(&text), Some(ANYWHERE));
        // What is close goes there, what is not does not.
        let text = module(&changed(&body, "i32.gt_u", "i32.le_u"), WORDS);
        assert_eq!(recognized_in(&text), Some(APART));
    }
}
