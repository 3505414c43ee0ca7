//! Which functions are put in place of their calls.
//!
//! A compiler that made a module has inlined within each of its own units. What is left is calls from one unit to
//! another: into libc, and between the files of a program. A function that is about as small as a call is inlined
//! wherever it is called, and gets no code of its own unless something else refers to it. One that is somewhat larger is
//! inlined in loops, where the call costs most.
//!
//! The choice goes up the call graph: a function's weight is that of its body and of what is inlined into it, so no chain
//! of small functions becomes a large one. In each cycle of calls the function that is decided on first keeps its calls,
//! so no function is inlined into itself. Tail calls free the frame of their function, which an inlined one does not have;
//! functions with tail calls are not inlined.
//!
//! A multiplication of 128-bit numbers, see [`super::multiply`], is inlined at any level that recognises it. Copies and
//! fills, see [`super::bulk`], are not: each is a call anyway.
//!
//! Nothing that a program can see changes but the depth at which its stack overflows. Reports of traps show inlined
//! functions as frames: the translation keeps where each instruction comes from.

use super::bulk::BulkFunctions;
use super::multiply::Multiplications;
use crate::options::{OptLevel, Options, Pass};
use crate::parse::module::Body;
use crate::parse::references::Reference;
use crate::program::{FuncId, FunctionKind, Program};
use cranelift_entity::{EntitySet, PrimaryMap, SecondaryMap, entity_impl};

/// A function that may be inlined, by its number in what reports of traps read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inlined(u32);
entity_impl!(Inlined, "inlined");

/// The weight below which a function is smaller than its calls, see [`Body::weight`]: code shrinks by 1 %.
const TINY: u32 = 6;
/// The weight below which a function is inlined wherever it is called.
const SMALL: u32 = 10;
/// The weight below which a function is inlined in loops. With this and [`SMALL`] the code of large programs grows by 3 to
/// 8 %; with 61 and 25 it would be 12 to 18 %, and run no faster.
const SMALL_IN_LOOPS: u32 = 40;

/// The choice for a program.
#[derive(Debug, Default)]
pub struct Inlining {
    /// What may be inlined, in the order of the numbers.
    pub functions: PrimaryMap<Inlined, FuncId>,
    choices: SecondaryMap<FuncId, Option<Choice>>,
}

/// How a function is inlined.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Its number.
    pub number: Inlined,
    /// Its weight with what is inlined into it.
    pub weight: u32,
    /// Whether it is inlined in loops alone, and not into what has become too large.
    pub only_in_loops: bool,
}

impl Inlining {
    /// Chooses.
    pub fn new(
        program: &Program<'_>,
        multiplications: &Multiplications,
        bulk_functions: &BulkFunctions,
        options: &Options,
    ) -> Self {
        if !options.runs(Pass::Inline) {
            return Self::default();
        }
        let (small, small_in_loops) = match options.opt_level {
            OptLevel::Size => (TINY, TINY),
            _ => (SMALL, SMALL_IN_LOOPS),
        };
        let mut chooser = Chooser {
            program,
            multiplications,
            bulk_functions,
            small,
            small_in_loops,
            states: SecondaryMap::new(),
            inlining: Self::default(),
        };
        for function in &program.compiled {
            chooser.walk(*function);
        }
        chooser.inlining
    }

    /// How a function is inlined, if it is.
    pub fn choice(&self, function: FuncId) -> Option<Choice> {
        self.choices[function]
    }

    /// The functions that need no code: all their calls are inlined, and nothing else refers to them.
    pub fn without_code(&self, program: &Program<'_>) -> EntitySet<FuncId> {
        let mut functions = EntitySet::new();
        for function in self.functions.values() {
            let only_in_loops = self.choices[*function].is_none_or(|choice| choice.only_in_loops);
            if !only_in_loops && !program.referenced.contains(*function) {
                functions.insert(*function);
            }
        }
        for root in program.roots() {
            functions.remove(root);
        }
        functions
    }
}

/// How far the walk has got with a function.
#[derive(Clone, Copy, Default, PartialEq)]
enum State {
    #[default]
    Unseen,
    /// What it calls is being decided on: a call of it closes a cycle.
    Open,
    Decided,
}

/// A walk through the calls of functions that may be small enough, callees first.
struct Chooser<'p> {
    program: &'p Program<'p>,
    multiplications: &'p Multiplications,
    bulk_functions: &'p BulkFunctions,
    small: u32,
    small_in_loops: u32,
    states: SecondaryMap<FuncId, State>,
    inlining: Inlining,
}

impl<'p> Chooser<'p> {
    /// Decides on a function after all that it calls.
    fn walk(&mut self, root: FuncId) {
        // Functions whose callees are being decided on, each with those that are left.
        let mut open = Vec::new();
        self.open(root, &mut open);
        while let Some((function, callees)) = open.last_mut() {
            match callees.pop() {
                Some(callee) => self.open(callee, &mut open),
                None => {
                    self.decide(*function);
                    open.pop();
                }
            }
        }
    }

    /// Begins with a function, unless it is no candidate or has been begun with.
    fn open(&mut self, function: FuncId, open: &mut Vec<(FuncId, Vec<FuncId>)>) {
        if self.states[function] != State::Unseen {
            return;
        }
        if let Some(body) = self.candidate(function) {
            self.states[function] = State::Open;
            open.push((function, self.callees(function, body).collect()));
        }
    }

    fn decide(&mut self, function: FuncId) {
        let body = self.candidate(function).expect("no other is open");
        // It is open itself, so that a call of itself is one of what is open.
        let mut callees = self.callees(function, body);
        let is_cyclic = callees.any(|callee| self.states[callee] == State::Open);
        let own = match self.multiplications.get(function) {
            Some(_) => Multiplications::WEIGHT,
            None => body.weight,
        };
        let inlined = self.callees(function, body);
        let inlined = inlined.filter_map(|callee| self.inlining.choice(callee));
        let weight = inlined.fold(own, |sum, choice| sum.saturating_add(choice.weight));
        self.states[function] = State::Decided;
        let is_multiplication = self.multiplications.get(function).is_some();
        if is_multiplication || !is_cyclic && weight < self.small_in_loops {
            let number = self.inlining.functions.push(function);
            self.inlining.choices[function] = Some(Choice {
                number,
                weight,
                only_in_loops: weight >= self.small && !is_multiplication,
            });
        }
    }

    /// The body of a function that is small enough by itself.
    fn candidate(&self, function: FuncId) -> Option<&'p Body<'p>> {
        let FunctionKind::Wasm = self.program.functions[function].kind else {
            return None;
        };
        let body = self.program.body(function);
        let is_bulk = self.bulk_functions.get(function).is_some();
        let is_small = body.weight < self.small_in_loops && !body.has_tail_calls && !is_bulk;
        (is_small || self.multiplications.get(function).is_some()).then_some(body)
    }

    /// What a function calls by name, each once.
    fn callees(
        &self,
        function: FuncId,
        body: &'p Body<'p>,
    ) -> impl Iterator<Item = FuncId> + use<'p> {
        let instance = self.program.functions[function].instance;
        let functions = &self.program.instances[instance].functions;
        body.references
            .iter()
            .filter_map(|reference| match reference {
                Reference::Call(index) => Some(functions[*index]),
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Features;
    use crate::target::Target;

    const CALLS: &str = r#"(module
        (func $start (export "_start") (call $small) (call $cyclic) (call $jumps) (call $outer))
        (func $small)
        (func $cyclic (call $cyclic))
        (func $jumps (return_call $small))
        (func $outer (call $small)))"#;

    /// What is inlined at a level, and what of it has no code.
    fn chosen(opt_level: OptLevel) -> (Vec<u32>, Vec<u32>) {
        let bytes = crate::parse::binary(CALLS.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &Features::default()).unwrap();
        let options = Options {
            opt_level,
            ..Options::new(Target::X86_64)
        };
        let program = crate::program::link(&module, &options).unwrap();
        let multiplications = Multiplications::default();
        let bulk_functions = BulkFunctions::default();
        let inlining = Inlining::new(&program, &multiplications, &bulk_functions, &options);
        let mut functions: Vec<u32> = inlining.functions.values().map(|f| f.as_u32()).collect();
        functions.sort_unstable();
        let without_code = inlining.without_code(&program);
        (functions, without_code.iter().map(|f| f.as_u32()).collect())
    }

    #[test]
    fn small_functions_without_cycles_and_tail_calls_are_inlined() {
        let (functions, without_code) = chosen(OptLevel::Speed);
        assert!(
            functions.contains(&1) && functions.contains(&4),
            "{functions:?}"
        );
        assert!(
            !functions.contains(&2) && !functions.contains(&3),
            "{functions:?}"
        );
        // The root keeps its code though it is small.
        assert!(!without_code.contains(&0), "{without_code:?}");
        assert!(without_code.contains(&1), "{without_code:?}");
    }

    #[test]
    fn other_levels_inline_nothing() {
        assert_eq!(chosen(OptLevel::Basic), (Vec::new(), Vec::new()));
    }
}
