//! What the translation of a function reads: where all of that is the same, so is the CLIF, and need not be built to know
//! the machine code.
//!
//! ```text
//! the body's bytes      functions and globals stand in them by their order of first use, so that others come and go
//! these functions       type, kind, whether they throw; the same of those that may take the place of their calls
//! these globals         type, place; the value if it is a constant
//! everything else       of program, layout and environment: read or not, since it seldom changes
//! ```
//!
//! Program, layout and environment are taken apart field by field: a field that is added to them does not compile until it
//! is said here whether translations read it. In tests and debug builds, whatever is recognised is translated as well, and
//! compared.

use super::environment::Environment;
use super::location::{InlinedCall, Locations, Site};
use crate::optimize::{Choice, WideMultiplication};
use crate::parse::index::{FuncIndex, GlobalIndex};
use crate::program::{
    Constant, FuncId, Function, FunctionKind, Global, GlobalId, Instance, Layout, Memory, Program,
    Segment, Table, Tag, Throwing,
};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::iter::Peekable;
use wasmparser::{MemArg, Operator, OperatorsReader};

/// A function that can be recognised.
#[derive(Debug)]
pub struct Source {
    function: FuncId,
    /// The functions that it may name, in the order of first use.
    pub functions: Vec<FuncId>,
    /// Its body, and those that may be inlined into it.
    bodies: HashMap<FuncId, Operators>,
}

/// The operators of a body.
#[derive(Debug)]
struct Operators {
    /// Where the body begins, in bytes from the start of the module.
    start: u32,
    /// Where each operator does.
    offsets: Vec<u32>,
}

/// A call in whose place a translation has put a function.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expansion {
    /// The function, by its number in [`Source::functions`].
    pub function: u32,
    /// The innermost expansion that the call lies in, counted from 1; 0 for the function itself.
    pub call: u32,
    /// Which operator of the body there it is.
    pub operator: u32,
}

impl Source {
    /// Hashes what the translation of a function reads beyond [`shared`]. None for one that no module defines, or that
    /// reads something else.
    pub fn new(env: &Environment<'_>, function: FuncId, hasher: &mut impl Hasher) -> Option<Self> {
        let Function {
            instance,
            index: _,
            signature,
            kind: FunctionKind::Wasm,
        } = env.program.functions[function]
        else {
            return None;
        };
        signature.hash(hasher);
        let mut reader = Reader {
            env,
            instance: &env.program.instances[instance],
            functions: Numbers::default(),
            globals: Numbers::default(),
            bodies: HashMap::new(),
            hasher,
        };
        reader.body(function)?;
        let (mut functions, mut globals) = (0, 0);
        // What they are leads to more of them.
        loop {
            if let Some(callee) = reader.functions.list.get(functions) {
                reader.callee(*callee)?;
                functions += 1;
            } else if let Some(global) = reader.globals.list.get(globals) {
                reader.global(*global);
                globals += 1;
            } else {
                break;
            }
        }
        Some(Self {
            function,
            functions: reader.functions.list,
            bodies: reader.bodies,
        })
    }

    /// What the source locations stand for in the CLIF of this function, if its translation makes these expansions; none
    /// if it makes no such ones.
    pub fn locations(&self, env: &Environment<'_>, expansions: &[Expansion]) -> Option<Locations> {
        let mut locations = Locations::default();
        let start = self.bodies[&self.function].start;
        // Once for the function, once for its body.
        locations.add(Site {
            offset: start,
            call: 0,
        });
        let mut expansions = expansions.iter().copied().peekable();
        self.add_body(env, self.function, 0, &mut expansions, &mut locations)?;
        expansions.peek().is_none().then_some(locations)
    }

    /// Adds the locations of a body that is lowered as part of this call.
    fn add_body(
        &self,
        env: &Environment<'_>,
        function: FuncId,
        call: u32,
        expansions: &mut Peekable<impl Iterator<Item = Expansion>>,
        locations: &mut Locations,
    ) -> Option<()> {
        let Operators { start, offsets } = self.bodies.get(&function)?;
        let site = |offset: u32| Site { offset, call };
        locations.add(site(*start));
        for (operator, offset) in offsets.iter().enumerate() {
            let site = site(*offset);
            locations.add(site);
            let is_here = |next: &Expansion| (next.call, next.operator) == (call, operator as u32);
            if let Some(expansion) = expansions.next_if(is_here) {
                let callee = *self.functions.get(expansion.function as usize)?;
                let inner = locations.add_call(env.inlining.choice(callee)?.number, site);
                self.add_body(env, callee, inner, expansions, locations)?;
                // What follows comes from the call again.
                locations.add(site);
            }
        }
        Some(())
    }

    /// The expansions that a translation of this function has made.
    pub fn expansions(
        &self,
        env: &Environment<'_>,
        locations: &Locations,
    ) -> Option<Vec<Expansion>> {
        let callee = |call: &InlinedCall| env.inlining.functions[call.callee];
        let calls = locations.calls.iter().map(|call| {
            let around = call.site.call.checked_sub(1);
            let around = around.map(|around| callee(&locations.calls[around as usize]));
            let body = self.bodies.get(&around.unwrap_or(self.function))?;
            Some(Expansion {
                function: self.number(callee(call))?,
                call: call.site.call,
                operator: body.offsets.binary_search(&call.site.offset).ok()? as u32,
            })
        });
        calls.collect()
    }

    /// The number of a function that is known here.
    pub fn number(&self, function: FuncId) -> Option<u32> {
        let mut functions = self.functions.iter();
        functions
            .position(|known| *known == function)
            .map(|number| number as u32)
    }
}

/// Entities of the program, each with the number of those that came before.
struct Numbers<T> {
    known: HashMap<T, u32>,
    list: Vec<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            list: Vec::new(),
        }
    }
}

impl<T: Copy + Eq + Hash> Numbers<T> {
    fn of(&mut self, entity: T) -> u32 {
        *self.known.entry(entity).or_insert_with(|| {
            self.list.push(entity);
            self.list.len() as u32 - 1
        })
    }
}

/// Hashes bodies, as they would be if their functions and globals were the only ones.
struct Reader<'a, H> {
    env: &'a Environment<'a>,
    instance: &'a Instance<'a>,
    functions: Numbers<FuncId>,
    globals: Numbers<GlobalId>,
    bodies: HashMap<FuncId, Operators>,
    hasher: &'a mut H,
}

impl<H: Hasher> Reader<'_, H> {
    /// A body that is lowered.
    fn body(&mut self, function: FuncId) -> Option<()> {
        let body = self.env.program.body(function);
        let code = body.code.as_bytes();
        let start = body.code.range().start;
        let mut offsets = Vec::new();
        let multiplication = self.env.multiplications.get(function);
        multiplication.is_some().hash(self.hasher);
        self.env.bulk_functions.get(function).hash(self.hasher);
        if let Some(WideMultiplication { stores }) = multiplication {
            for (memarg, half) in stores {
                let MemArg {
                    align,
                    max_align,
                    offset,
                    memory,
                } = memarg;
                (align, max_align, offset, memory, half).hash(self.hasher);
            }
        } else {
            let operators = body.code.get_binary_reader_for_operators().ok()?;
            let mut operators = OperatorsReader::new(operators);
            // The first byte that has not been hashed.
            let mut next = 0;
            let mut hints = Vec::new();
            while !operators.eof() {
                let (operator, offset) = operators.read_with_offset().ok()?;
                // Offsets change where indices of other functions become longer.
                let hint = body.hint(offset);
                hints.extend(hint.map(|is_likely| (offsets.len(), is_likely)));
                offsets.push(offset as u32);
                if let Some(number) = self.number(&operator) {
                    // An index follows on a single byte.
                    self.hasher.write(&code[next..=offset - start]);
                    self.hasher.write_u32(number);
                    next = operators.original_position() - start;
                }
            }
            self.hasher.write(&code[next..]);
            hints.hash(self.hasher);
        }
        let start = start as u32;
        self.bodies.insert(function, Operators { start, offsets });
        Some(())
    }

    /// What stands for the index of a function or global.
    fn number(&mut self, operator: &Operator<'_>) -> Option<u32> {
        match *operator {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => {
                let index = FuncIndex::from_u32(function_index);
                Some(self.functions.of(self.instance.functions[index]))
            }
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                let index = GlobalIndex::from_u32(global_index);
                Some(self.globals.of(self.instance.globals[index]))
            }
            _ => None,
        }
    }

    /// A function that is called or referred to, with its body if that may take the place of a call.
    fn callee(&mut self, function: FuncId) -> Option<()> {
        let Function {
            instance: _,
            index: _,
            signature,
            kind,
        } = &self.env.program.functions[function];
        signature.hash(self.hasher);
        match kind {
            FunctionKind::Wasm => 0.hash(self.hasher),
            FunctionKind::Host(..) => (1, self.env.host_function(function)).hash(self.hasher),
            FunctionKind::Unknown { .. } => 2.hash(self.hasher),
        }
        let Throwing {
            functions,
            signatures: _,
        } = &self.env.program.throwing;
        functions.contains(function).hash(self.hasher);
        let choice = self.env.inlining.choice(function);
        choice.is_some().hash(self.hasher);
        if let Some(Choice {
            // What reports know it by.
            number: _,
            weight,
            only_in_loops,
        }) = choice
        {
            (weight, only_in_loops).hash(self.hasher);
            self.body(function)?;
        }
        Some(())
    }

    /// A global that is read or set.
    fn global(&mut self, id: GlobalId) {
        let Global {
            content,
            mutable,
            initial,
            is_set,
            // Decides the place.
            setters: _,
        } = &self.env.program.globals[id];
        let is_aligned = self.env.aligned_globals.contains(id);
        (content, mutable, is_set, is_aligned).hash(self.hasher);
        match (is_set, initial) {
            // What it holds at the start is data.
            (true, _) => self.env.layout.globals[id].hash(self.hasher),
            (false, Constant::Func(function)) => self.functions.of(*function).hash(self.hasher),
            (false, constant) => constant.hash(self.hasher),
        }
    }
}

/// Hashes what all translations of a program read. None for a program of several instances.
pub fn shared(env: &Environment<'_>, hasher: &mut impl Hasher) -> Option<()> {
    let Environment {
        program,
        layout,
        // One by one, with the functions.
        inlining: _,
        multiplications: _,
        bulk_functions: _,
        aligned_globals: _,
        // Decides what is compiled, not how.
        without_code: _,
        shares_addresses,
        carries,
        finds_popcnt,
        swaps,
        switches,
        forwards,
        gathers_bytes,
        target,
        // Whoever keeps machine code knows the machine, and what is done to CLIF.
        isa: _,
        joins_counters: _,
        widens: _,
        loads_lanes: _,
        divides: _,
        chooses_signs: _,
        divides_pairs: _,
        unmasks: _,
        orders: _,
        versions: _,
        are_second: _,
        compacts: _,
        copies: _,
        vectorizes: _,
        searches: _,
        is_pie,
        rounds_in_one_instruction,
        permutes_bytes,
    } = env;
    let passes = (
        shares_addresses,
        carries,
        finds_popcnt,
        swaps,
        switches,
        forwards,
        gathers_bytes,
    );
    let machine = (target, is_pie, rounds_in_one_instruction, permutes_bytes);
    (passes, machine).hash(hasher);
    hash_program(program, hasher)?;
    hash_layout(layout, hasher);
    Some(())
}

fn hash_program(program: &Program<'_>, hasher: &mut impl Hasher) -> Option<()> {
    let Program {
        instances,
        // One by one.
        functions: _,
        tables,
        memories,
        // One by one.
        globals: _,
        tags,
        signatures,
        // What no function of a module does, and which of them there are.
        entry: _,
        compiled: _,
        referenced: _,
        throwing,
    } = program;
    let mut instances = instances.values();
    let (Some(instance), None) = (instances.next(), instances.next()) else {
        return None;
    };
    hash_instance(instance, hasher);
    tables.len().hash(hasher);
    for table in tables.values() {
        let Table {
            element,
            is_64,
            elements,
            declared_maximum,
            maximum,
            grows,
            is_written,
        } = table;
        // Code knows how many there are, not which.
        (element, is_64, elements.len(), declared_maximum).hash(hasher);
        (maximum, grows, is_written).hash(hasher);
    }
    memories.len().hash(hasher);
    for memory in memories.values() {
        let Memory {
            ty,
            initial,
            maximum,
            grows,
            image: _,
        } = memory;
        (ty, initial, maximum, grows).hash(hasher);
    }
    tags.len().hash(hasher);
    for tag in tags.values() {
        let Tag {
            signature,
            name: _,
            index,
            is_thrown,
        } = tag;
        (signature, index, is_thrown).hash(hasher);
    }
    signatures.hash(hasher);
    let throwing = signatures
        .keys()
        .filter(|signature| throwing.signatures.contains(*signature));
    throwing.collect::<Vec<_>>().hash(hasher);
    Some(())
}

fn hash_instance(instance: &Instance<'_>, hasher: &mut impl Hasher) {
    let Instance {
        module,
        // One by one.
        functions: _,
        tables,
        memories,
        // One by one.
        globals: _,
        tags,
        signatures,
        elements,
        data,
        // What no function of a module does.
        initializers: _,
    } = instance;
    // The types of blocks. What else a module says is in the program, but for the bodies.
    module.types.hash(hasher);
    (tables, memories, tags, signatures).hash(hasher);
    hash_segments(elements.values(), hasher);
    hash_segments(data.values(), hasher);
}

/// How many segments there are, and of each how long it is and what becomes of it; code does not know the contents.
fn hash_segments<'a, E, T: AsRef<[E]> + 'a>(
    segments: impl ExactSizeIterator<Item = &'a Segment<T>>,
    hasher: &mut impl Hasher,
) {
    segments.len().hash(hasher);
    for segment in segments {
        let Segment {
            contents,
            used,
            dropped,
        } = segment;
        (contents.as_ref().len(), used, dropped).hash(hasher);
    }
}

fn hash_layout(layout: &Layout, hasher: &mut impl Hasher) {
    let Layout {
        memory_places,
        cpu_features,
        memories,
        table_bases,
        tables,
        table_maxima,
        // One by one.
        globals: _,
        data_lengths,
        element_lengths,
        payload,
        payload_size,
        // Of what is loaded, not of what is addressed.
        state_len: _,
    } = layout;
    (memory_places, memories, table_bases, tables, table_maxima).hash(hasher);
    sorted(data_lengths).hash(hasher);
    sorted(element_lengths).hash(hasher);
    (cpu_features, payload, payload_size).hash(hasher);
}

fn sorted<K: Ord, V: Ord>(map: &HashMap<K, V>) -> Vec<(&K, &V)> {
    let mut list: Vec<_> = map.iter().collect();
    list.sort_unstable();
    list
}
