//! The [`Program`] that the runtime starts from, and the [`Invocation`].

use super::Builder;
use super::data::elements;
use super::record::{Place, Record};
use super::text::Chunks;
use crate::error::{Error, ErrorKind, Result};
use crate::parse::module::ValType;
use crate::program::{Entry, FuncId, SignatureId};
use crate::translate::{Intrinsic, Symbol};
use elfin_abi::address::MAX_PAGE_SIZE;
use elfin_abi::grant::below_home;
use elfin_abi::layout::{
    Directory, EmbeddedDirectory, Invocation, Listener, PROGRAM_SYMBOL, Preparation, Program,
    TableInit, ValueType, Variable,
};
use object::write::{Symbol as ElfSymbol, SymbolSection};
use object::{SymbolFlags, SymbolKind, SymbolScope};
use std::mem::{offset_of, size_of};
use std::net::{IpAddr, SocketAddr};

/// Emits the [`Program`].
pub(super) fn emit(
    builder: &mut Builder<'_>,
    chunks: &Chunks,
    memories: Vec<Record>,
    sources: Option<Place>,
) -> Result<()> {
    let mut program = Record::of::<Program>();
    let entry = builder.symbol(Symbol::Entry);
    program.put_address(
        offset_of!(Program, entry),
        Place {
            symbol: entry,
            offset: 0,
        },
    );
    let stack_size = builder.options.stack_size.next_multiple_of(MAX_PAGE_SIZE);
    program.put_u64(offset_of!(Program, stack_size), stack_size);
    // Without a reference to it the linker leaves the check out.
    let features = builder.options.cpu.features();
    if features != 0 {
        let symbol = builder.symbol(Symbol::Intrinsic(Intrinsic::CheckCpu));
        program.put_address(offset_of!(Program, check_cpu), Place { symbol, offset: 0 });
        program.put_u64(offset_of!(Program, cpu_features), features);
    }
    let (memories, len) = builder.add_array(memories);
    program.put_span(offset_of!(Program, memories), memories, len);
    let tables = tables(builder);
    let (tables, len) = builder.add_array(tables);
    program.put_span(offset_of!(Program, tables), tables, len);
    program.put_span(
        offset_of!(Program, chunks),
        chunks.descriptors.0,
        chunks.descriptors.1,
    );
    program.put_span(offset_of!(Program, names), chunks.names.0, chunks.names.1);
    program.put_span(
        offset_of!(Program, inlined),
        chunks.inlined.0,
        chunks.inlined.1,
    );
    if let Some(sources) = sources {
        program.put_address(offset_of!(Program, sources), sources);
    }
    let copies = std::mem::take(&mut builder.state_copies);
    let (copies, len) = builder.add_array(copies);
    program.put_span(offset_of!(Program, copies), copies, len);
    let directories = directories(builder);
    let (directories, len) = builder.add_array(directories);
    program.put_span(offset_of!(Program, directories), directories, len);
    let max_descriptors = u64::from(builder.options.max_descriptors.unwrap_or(0));
    program.put_u64(offset_of!(Program, max_descriptors), max_descriptors);
    if let Some(place) = super::embedded::emit(builder)? {
        program.put_address(offset_of!(Program, embedded), place);
    }
    let argv0 = builder.options.grants.argv0.as_deref().unwrap_or_default();
    let place = builder.add_bytes(argv0);
    program.put_span(offset_of!(Program, argv0), place, argv0.len() as u64);
    let environment = environment(builder);
    let (environment, len) = builder.add_array(environment);
    program.put_span(offset_of!(Program, environment), environment, len);

    let mut preparations = preparations(builder, directories);
    // The last one, when all that was granted is open.
    if let Some(wall) = super::wall::emit(builder) {
        preparations.push(preparation(builder, Intrinsic::Wall, Argument::Place(wall)));
    }
    let (preparations, len) = builder.add_array(preparations);
    program.put_span(offset_of!(Program, preparations), preparations, len);

    let size = program.bytes.len() as u64;
    let place = builder.add_constant(program);
    builder.object.add_symbol(ElfSymbol {
        name: PROGRAM_SYMBOL.as_bytes().to_vec(),
        value: place.offset as u64,
        size,
        kind: SymbolKind::Data,
        scope: SymbolScope::Linkage,
        weak: false,
        section: SymbolSection::Section(builder.constants),
        flags: SymbolFlags::None,
    });
    Ok(())
}

fn tables(builder: &mut Builder<'_>) -> Vec<Record> {
    let program = builder.program;
    let mut records = Vec::new();
    for (id, table) in program.tables.iter().filter(|(_, table)| table.grows) {
        let mut record = Record::of::<TableInit>();
        let table_state = builder.layout.tables[id];
        builder.put_state_address(&mut record, offset_of!(TableInit, table), table_state);
        let contents = elements(builder, &table.elements);
        let place = builder.add_constant(contents);
        record.put_span(
            offset_of!(TableInit, elements),
            Some(place),
            table.elements.len() as u64,
        );
        records.push(record);
    }
    records
}

/// What is done before the guest runs: descriptors get their numbers in this order. `directories` is where the first
/// one's record lies.
fn preparations(builder: &mut Builder<'_>, directories: Option<Place>) -> Vec<Record> {
    let options = builder.options;
    let grants = &options.grants;
    let mut list = Vec::new();
    let mut add = |builder: &mut Builder<'_>, function, argument| {
        list.push(preparation(builder, function, argument));
    };
    if uses_features_found(builder) {
        let features = Argument::State(builder.layout.cpu_features);
        add(builder, Intrinsic::FindCpu, features);
    }
    if let Some(timeout) = options.timeout {
        let milliseconds = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        add(
            builder,
            Intrinsic::LimitTime,
            Argument::Number(milliseconds),
        );
    }
    for listener in &grants.listeners {
        let record = self::listener(builder, listener);
        let place = builder.add_constant(record);
        add(builder, Intrinsic::Listen, Argument::Place(place));
    }
    if grants.more_at_start {
        add(builder, Intrinsic::MoreListeners, Argument::Number(0));
    }
    for (index, directory) in grants.directories.iter().enumerate() {
        let mut place = directories.expect("there is one");
        place.offset += index * size_of::<Directory>();
        let function = match below_home(&directory.host) {
            Some(_) => Intrinsic::OpenHomeDirectory,
            None => Intrinsic::OpenDirectory,
        };
        add(builder, function, Argument::Place(place));
    }
    for (number, directory) in (0..).zip(&grants.embedded) {
        let mut record = Record::of::<EmbeddedDirectory>();
        let guest = builder.add_bytes(&directory.guest);
        let len = directory.guest.len() as u64;
        record.put_span(offset_of!(EmbeddedDirectory, guest), guest, len);
        // Roots are the first nodes.
        record.put_u64(offset_of!(EmbeddedDirectory, node), number);
        let place = builder.add_constant(record);
        add(builder, Intrinsic::OpenEmbedded, Argument::Place(place));
    }
    if grants.more_at_start {
        add(builder, Intrinsic::MoreDirectories, Argument::Number(0));
        add(builder, Intrinsic::MoreVariables, Argument::Number(0));
    }
    if grants.inherit_environment {
        let hides = Argument::Number(u64::from(grants.more_at_start));
        add(builder, Intrinsic::InheritEnvironment, hides);
    }
    list
}

/// What a preparation is called with.
enum Argument {
    Number(u64),
    Place(Place),
    /// An address in the state.
    State(u64),
}

/// Whether code asks which features the CPU has.
fn uses_features_found(builder: &Builder<'_>) -> bool {
    let program = builder.program;
    let counts_bits = |function: &FuncId| {
        let function = &program.functions[*function];
        let module = program.instances[function.instance].module;
        module
            .body(function.index)
            .is_some_and(|body| body.counts_bits)
    };
    let is_version = |symbol: &Symbol| matches!(symbol, Symbol::Version(_));
    builder.options.finds_popcnt() && program.compiled.iter().any(counts_bits)
        || builder.symbols.keys().any(is_version)
}

fn preparation(builder: &mut Builder<'_>, function: Intrinsic, argument: Argument) -> Record {
    let mut record = Record::of::<Preparation>();
    let symbol = builder.symbol(Symbol::Intrinsic(function));
    record.put_address(
        offset_of!(Preparation, function),
        Place { symbol, offset: 0 },
    );
    let at = offset_of!(Preparation, argument);
    match argument {
        Argument::Number(number) => record.put_u64(at, number),
        Argument::Place(place) => record.put_address(at, place),
        Argument::State(address) => builder.put_state_address(&mut record, at, address),
    }
    record
}

fn listener(builder: &mut Builder<'_>, address: &SocketAddr) -> Record {
    let mut record = Record::of::<Listener>();
    let text = address.to_string();
    let place = builder.add_bytes(text.as_bytes());
    record.put_span(offset_of!(Listener, text), place, text.len() as u64);
    let at = offset_of!(Listener, address);
    let (version, octets) = match address.ip() {
        IpAddr::V4(ip) => (4, ip.octets().to_vec()),
        IpAddr::V6(ip) => (6, ip.octets().to_vec()),
    };
    record.bytes[at..at + octets.len()].copy_from_slice(&octets);
    record.put_u32(offset_of!(Listener, version), version);
    record.put_u32(offset_of!(Listener, port), u32::from(address.port()));
    if let SocketAddr::V6(address) = address {
        record.put_u32(offset_of!(Listener, scope), address.scope_id());
    }
    record
}

fn directories(builder: &mut Builder<'_>) -> Vec<Record> {
    let options = builder.options;
    let mut records = Vec::new();
    for directory in &options.grants.directories {
        let mut record = Record::of::<Directory>();
        let host = builder.add_bytes(&[directory.host.as_slice(), b"\0"].concat());
        record.put_span(
            offset_of!(Directory, host),
            host,
            directory.host.len() as u64,
        );
        let guest = builder.add_bytes(&directory.guest);
        record.put_span(
            offset_of!(Directory, guest),
            guest,
            directory.guest.len() as u64,
        );
        let is_read_only = u64::from(directory.read_only);
        record.put_u64(offset_of!(Directory, is_read_only), is_read_only);
        records.push(record);
    }
    records
}

fn environment(builder: &mut Builder<'_>) -> Vec<Record> {
    let options = builder.options;
    let mut records = Vec::new();
    for variable in &options.grants.environment {
        let mut text = variable.name.clone();
        if let Some(value) = &variable.value {
            text.push(b'=');
            text.extend_from_slice(value);
        }
        let mut record = Record::of::<Variable>();
        let place = builder.add_bytes(&text);
        record.put_span(offset_of!(Variable, text), place, text.len() as u64);
        records.push(record);
    }
    records
}

/// The [`Invocation`] of the program's entry.
pub(super) fn invocation(builder: &mut Builder<'_>) -> Result<Record> {
    let program = builder.program;
    let Entry::Invoke { function, name, .. } = &program.entry else {
        unreachable!("the caller has checked it")
    };
    let ty = program.type_of(*function);
    let mut record = Record::of::<Invocation>();
    let place = builder.add_bytes(name.as_bytes());
    record.put_span(offset_of!(Invocation, name), place, name.len() as u64);
    for (at, types) in [
        (offset_of!(Invocation, params), &ty.params),
        (offset_of!(Invocation, results), &ty.results),
    ] {
        let codes = types
            .iter()
            .map(|ty| value_type(*ty).map(|ty| ty as u8))
            .collect::<Result<Vec<u8>>>()?;
        let place = builder.add_bytes(&codes);
        record.put_span(at, place, codes.len() as u64);
    }
    let signature = program.functions[*function].signature;
    let symbol = builder.symbol(Symbol::Call(signature));
    record.put_address(offset_of!(Invocation, call), Place { symbol, offset: 0 });
    let symbol = builder.function_symbol(*function);
    record.put_address(offset_of!(Invocation, code), Place { symbol, offset: 0 });
    Ok(record)
}

fn value_type(ty: ValType<SignatureId>) -> Result<ValueType> {
    Ok(match ty {
        ValType::I32 => ValueType::I32,
        ValType::I64 => ValueType::I64,
        ValType::F32 => ValueType::F32,
        ValType::F64 => ValueType::F64,
        ValType::V128 | ValType::Ref(_) => {
            return Err(Error::new(
                ErrorKind::Option,
                format!("a command line can't pass a {ty}"),
            ));
        }
    })
}
