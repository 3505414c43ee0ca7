//! What the translation of a function reads: where all of that is the same, so is the CLIF, and need not be built to know
//! the machine code.
//!
//! ```text
//! the body's bytes      functions and globals stand in them by their order of first use, so that others come and go
//! these functions       type, kind, whether they throw
//! these globals         number, type, place; the value if it is a constant
//! everything else       of program, layout and environment: read or not, since it seldom changes
//! ```
//!
//! Program, layout and environment are taken apart field by field: a field that is added to them does not compile until it
//! is said here whether translations read it. In tests and debug builds, whatever is recognised is translated as well, and
//! compared.

use super::environment::Environment;
use super::location::{Locations, Site};
use crate::parse::index::{FuncIndex, GlobalIndex};
use crate::parse::module::Body;
use crate::program::{
    Constant, FuncId, Function, FunctionKind, Global, GlobalId, Instance, Layout, Memory, Program,
    Segment, Table, Tag, Throwing,
};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use wasmparser::{Operator, OperatorsReader};

/// A function that can be recognised.
#[derive(Debug)]
pub struct Source {
    /// The functions that its body names, in the order of first use.
    pub functions: Vec<FuncId>,
    /// What the source locations of its CLIF stand for.
    pub locations: Locations,
}

impl Source {
    /// Hashes what the translation of a function reads beyond [`shared`]. None for a function whose translation reads
    /// more: it is put together of several, or is no function of a module.
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
        if env.multiplications.get(function).is_some() {
            return None;
        }
        signature.hash(hasher);
        let mut reader = BodyReader {
            instance: &env.program.instances[instance],
            functions: Numbers::default(),
            globals: Numbers::default(),
            hasher,
        };
        let locations = reader.read(env.program.body(function))?;
        let (functions, globals) = (reader.functions.list, reader.globals.list);
        functions.len().hash(hasher);
        for function in &functions {
            callee(env, *function, hasher)?;
        }
        for id in globals {
            global(env, id, hasher)?;
        }
        Some(Self {
            functions,
            locations,
        })
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

/// Hashes a body, as it would be if its functions and globals were the only ones.
struct BodyReader<'a, H> {
    instance: &'a Instance<'a>,
    functions: Numbers<FuncId>,
    globals: Numbers<GlobalId>,
    hasher: &'a mut H,
}

impl<H: Hasher> BodyReader<'_, H> {
    /// Gives the body's locations: its start, once for the function and once for its locals, then each instruction.
    fn read(&mut self, body: &Body<'_>) -> Option<Locations> {
        let code = body.code.as_bytes();
        let start = body.code.range().start;
        let site = |offset: usize| Site {
            offset: offset as u32,
            call: 0,
        };
        let mut sites = vec![site(start); 2];
        let operators = body.code.get_binary_reader_for_operators().ok()?;
        let mut operators = OperatorsReader::new(operators);
        // The first byte that has not been hashed.
        let mut next = 0;
        let mut hints = Vec::new();
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset().ok()?;
            // Offsets change where indices of other functions become longer.
            hints.extend(body.hint(offset).map(|is_likely| (sites.len(), is_likely)));
            sites.push(site(offset));
            if let Some(number) = self.number(&operator) {
                // An index follows on a single byte.
                self.hasher.write(&code[next..=offset - start]);
                self.hasher.write_u32(number);
                next = operators.original_position() - start;
            }
        }
        self.hasher.write(&code[next..]);
        hints.hash(self.hasher);
        Some(Locations {
            sites,
            calls: Vec::new(),
        })
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
}

/// A function that is called or referred to. None for one that may take the place of its calls.
fn callee(env: &Environment<'_>, function: FuncId, hasher: &mut impl Hasher) -> Option<()> {
    if env.inlining.choice(function).is_some() {
        return None;
    }
    let Function {
        instance: _,
        index: _,
        signature,
        kind,
    } = &env.program.functions[function];
    signature.hash(hasher);
    match kind {
        FunctionKind::Wasm => 0.hash(hasher),
        FunctionKind::Host(..) => (1, env.host_function(function)).hash(hasher),
        FunctionKind::Unknown { .. } => 2.hash(hasher),
    }
    let Throwing {
        functions,
        signatures: _,
    } = &env.program.throwing;
    functions.contains(function).hash(hasher);
    Some(())
}

/// A global. None for a constant reference, which names a function that the body does not.
fn global(env: &Environment<'_>, id: GlobalId, hasher: &mut impl Hasher) -> Option<()> {
    let Global {
        content,
        mutable,
        initial,
        is_set,
    } = &env.program.globals[id];
    (id, content, mutable, is_set).hash(hasher);
    match (is_set, initial) {
        // What it holds at the start is data.
        (true, _) => env.layout.globals[id].hash(hasher),
        (false, Constant::Func(_)) => return None,
        (false, constant) => constant.hash(hasher),
    }
    Some(())
}

/// Hashes what all translations of a program read. None for a program of several instances.
pub fn shared(env: &Environment<'_>, hasher: &mut impl Hasher) -> Option<()> {
    let Environment {
        program,
        layout,
        // One by one, with the functions.
        inlining: _,
        multiplications: _,
        // Decides what is compiled, not how.
        without_code: _,
        shares_addresses,
        carries,
        forwards,
        gathers_bytes,
        target,
        // Whoever keeps machine code knows the machine, and what is done to CLIF.
        isa: _,
        joins_counters: _,
        is_pie,
        rounds_in_one_instruction,
        permutes_bytes,
    } = env;
    let passes = (shares_addresses, carries, forwards, gathers_bytes);
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
    elements.len().hash(hasher);
    for segment in elements.values() {
        let Segment {
            contents,
            used,
            dropped,
        } = segment;
        (contents.len(), used, dropped).hash(hasher);
    }
    data.len().hash(hasher);
    for segment in data.values() {
        let Segment {
            contents,
            used,
            dropped,
        } = segment;
        (contents.len(), used, dropped).hash(hasher);
    }
}

fn hash_layout(layout: &Layout, hasher: &mut impl Hasher) {
    let Layout {
        memory_places,
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
    (payload, payload_size).hash(hasher);
}

fn sorted<K: Ord, V: Ord>(map: &HashMap<K, V>) -> Vec<(&K, &V)> {
    let mut list: Vec<_> = map.iter().collect();
    list.sort_unstable();
    list
}
