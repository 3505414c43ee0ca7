//! Machine code and the program's data become one relocatable ELF object.

mod data;
mod debug;
mod descriptor;
mod embedded;
mod exception;
mod image;
mod note;
mod record;
mod relocation;
mod script;
mod state;
mod text;
mod thunks;
mod wall;

use crate::codegen::{Text, VERSION_SUFFIX};
use crate::debug::Information;
use crate::error::{Error, ErrorKind, Result};
use crate::note::GUEST_FILE;
use crate::optimize::Inlining;
use crate::options::Options;
use crate::program::{FuncId, Layout, Program};
use crate::target::Target;
use crate::translate::{Intrinsic, Symbol};
use elfin_abi::address::STATE_BASE;
use elfin_abi::host::FUNCTIONS;
use object::write::{Relocation, SectionId, Symbol as ElfSymbol, SymbolId, SymbolSection};
use object::{
    Architecture, BinaryFormat, Endianness, FileFlags, RelocationFlags, SectionKind, SymbolFlags,
    SymbolKind, SymbolScope, elf,
};
use record::{Place, Record};
use std::collections::HashMap;

/// A relocatable object, and what the executable needs besides.
pub struct Object {
    /// The ELF file.
    pub bytes: Vec<u8>,
    /// Bytes of the section [`elfin_abi::layout::STATE_SECTION`], which must lie at [`elfin_abi::address::STATE_BASE`]
    /// unless the executable is position-independent.
    pub state_len: u64,
    /// Whether the module names its functions, so that a symbol table says something.
    pub is_named: bool,
    /// Initial contents of linear memories that the kernel maps, in ascending order of the addresses. Those of a
    /// position-independent executable are a section.
    pub images: Vec<MappedImage>,
}

/// Part of a linear memory that becomes a segment of the executable.
pub struct MappedImage {
    /// Its address, a multiple of the target's page size.
    pub address: u64,
    /// Its first bytes; the rest is zero.
    pub bytes: Vec<u8>,
    /// Its length in memory, a multiple of the target's page size.
    pub len: u64,
}

/// Builds the object of a program from its code. `inputs` are what its modules were read from.
pub fn build(
    program: &Program<'_>,
    layout: &Layout,
    inlining: &Inlining,
    text: Text,
    information: Option<Information>,
    inputs: &[&[u8]],
    options: &Options,
) -> Result<Object> {
    let mut builder = Builder::new(program, layout, options);
    let functions: Vec<Symbol> = text.functions().map(|function| function.symbol).collect();
    let chunks = text::emit(&mut builder, text, inlining)?;
    data::emit(&mut builder)?;
    state::emit(&mut builder)?;
    let memories = image::emit(&mut builder);
    let sources = debug::emit(&mut builder, information, &functions)?;
    descriptor::emit(&mut builder, &chunks, memories, sources)?;
    exception::emit(&mut builder, chunks.catching);
    note::emit(&mut builder, inputs);
    builder.finish()
}

/// The object while it is built.
struct Builder<'p> {
    program: &'p Program<'p>,
    layout: &'p Layout,
    options: &'p Options,
    object: object::write::Object<'static>,
    /// Symbols that something refers to so far.
    symbols: HashMap<Symbol, SymbolId>,
    /// The section of read-only data.
    constants: SectionId,
    /// Its symbol.
    constants_symbol: SymbolId,
    /// What will be in it.
    constants_record: Record,
    images: Vec<MappedImage>,
    /// The section of what [`image`] has the runtime move.
    image_section: Option<SectionId>,
    /// The [`elfin_abi::layout::Copy`]s of parts of the state.
    state_copies: Vec<Record>,
}

impl<'p> Builder<'p> {
    fn new(program: &'p Program<'p>, layout: &'p Layout, options: &'p Options) -> Self {
        let (architecture, flags) = match options.target {
            Target::X86_64 => (Architecture::X86_64, elf::FileFlags(0)),
            Target::Aarch64 => (Architecture::Aarch64, elf::FileFlags(0)),
            Target::Riscv64 => (
                Architecture::Riscv64,
                elf::EF_RISCV_RVC | elf::EF_RISCV_FLOAT_ABI_DOUBLE,
            ),
        };
        let mut object =
            object::write::Object::new(BinaryFormat::Elf, architecture, Endianness::Little);
        object.flags = FileFlags::Elf {
            os_abi: elf::ELFOSABI_NONE,
            abi_version: 0,
            e_flags: flags,
        };
        // What tells the guest's functions from the runtime's in the executable's symbol table.
        object.add_file_symbol(GUEST_FILE.into());
        // What has addresses in it is read-only only once they are put in, where that happens at the start.
        let (name, kind) = if options.pie {
            (".data.rel.ro.elfin", SectionKind::ReadOnlyDataWithRel)
        } else {
            (".rodata.elfin", SectionKind::ReadOnlyData)
        };
        let constants = object.add_section(Vec::new(), name.as_bytes().to_vec(), kind);
        let constants_symbol = object.section_symbol(constants);
        Self {
            program,
            layout,
            options,
            object,
            symbols: HashMap::new(),
            constants,
            constants_symbol,
            constants_record: Record::default(),
            images: Vec::new(),
            image_section: None,
            state_copies: Vec::new(),
        }
    }

    /// The ELF symbol of something that code or data refers to, undefined until its definition is known.
    fn symbol(&mut self, symbol: Symbol) -> SymbolId {
        if let Some(id) = self.symbols.get(&symbol) {
            return *id;
        }
        let id = self
            .object
            .add_symbol(undefined(elf_name(self.program, symbol)));
        self.symbols.insert(symbol, id);
        id
    }

    /// The symbol of a function of the program.
    fn function_symbol(&mut self, function: FuncId) -> SymbolId {
        self.symbol(Symbol::Function(function))
    }

    /// Says where a symbol lies.
    fn define(
        &mut self,
        symbol: Symbol,
        kind: SymbolKind,
        section: SectionId,
        offset: u64,
        size: u64,
    ) {
        let id = self.symbol(symbol);
        let definition = self.object.symbol_mut(id);
        definition.kind = kind;
        definition.scope = SymbolScope::Compilation;
        definition.section = SymbolSection::Section(section);
        definition.value = offset;
        definition.size = size;
    }

    /// Writes the address of something in the state.
    fn put_state_address(&mut self, record: &mut Record, at: usize, address: u64) {
        if self.options.pie {
            let symbol = self.symbol(Symbol::State);
            let offset = (address - STATE_BASE) as usize;
            record.put_address(at, Place { symbol, offset });
        } else {
            record.put_u64(at, address);
        }
    }

    /// Adds a record to the read-only data; gives where it lies.
    fn add_constant(&mut self, record: Record) -> Place {
        self.constants_record.align(16);
        let offset = self.constants_record.append(record);
        Place {
            symbol: self.constants_symbol,
            offset,
        }
    }

    /// Adds bytes to the read-only data; gives where they lie, `None` for no bytes.
    fn add_bytes(&mut self, bytes: &[u8]) -> Option<Place> {
        if bytes.is_empty() {
            return None;
        }
        let offset = self.constants_record.bytes.len();
        self.constants_record.bytes.extend_from_slice(bytes);
        Some(Place {
            symbol: self.constants_symbol,
            offset,
        })
    }

    /// Adds records one behind the other to the read-only data; gives where the first lies, `None` for no records.
    fn add_array(&mut self, records: impl IntoIterator<Item = Record>) -> (Option<Place>, u64) {
        let mut array = Record::default();
        let mut len = 0;
        for record in records {
            array.append(record);
            len += 1;
        }
        if len == 0 {
            (None, 0)
        } else {
            (Some(self.add_constant(array)), len)
        }
    }

    /// Gives a section its contents.
    fn fill(&mut self, section: SectionId, record: Record, alignment: u64) -> Result<()> {
        let target = self.options.target;
        for address in &record.addresses {
            let (r_type, addend) = if address.is_short && self.options.pie {
                // The origin is where the section begins.
                debug_assert!(section == self.constants);
                (relocation::of_distance(target), address.at as i64)
            } else {
                let r_type = relocation::of_address(target, address.is_short);
                (r_type, address.addend)
            };
            let relocation = Relocation {
                offset: address.at as u64,
                symbol: address.symbol,
                addend,
                flags: RelocationFlags::Elf { r_type },
            };
            self.object
                .add_relocation(section, relocation)
                .map_err(internal)?;
        }
        self.object
            .set_section_data(section, record.bytes, alignment);
        Ok(())
    }

    fn finish(mut self) -> Result<Object> {
        let constants = std::mem::take(&mut self.constants_record);
        if self.options.pie {
            self.define(Symbol::Origin, SymbolKind::Data, self.constants, 0, 0);
        }
        self.fill(self.constants, constants, 16)?;
        let bytes = self.object.write().map_err(internal)?;
        Ok(Object {
            bytes,
            state_len: self.layout.state_len,
            is_named: self
                .program
                .instances
                .values()
                .any(|instance| !instance.module.names.is_empty()),
            images: self.images,
        })
    }
}

/// A symbol that another object defines, or this one later.
fn undefined(name: String) -> ElfSymbol {
    ElfSymbol {
        name: name.into_bytes(),
        value: 0,
        size: 0,
        kind: SymbolKind::Unknown,
        scope: SymbolScope::Unknown,
        weak: false,
        section: SymbolSection::Undefined,
        flags: SymbolFlags::None,
    }
}

/// The name of an ELF symbol. Those of the program are local, so they can't clash with the runtime's.
fn elf_name(program: &Program<'_>, symbol: Symbol) -> String {
    match symbol {
        // A local label, which no linker puts into the executable.
        Symbol::Function(function) => match program.given_name(function) {
            Some(name) => name.replace('\0', "?"),
            None => format!(".L{}", function.as_u32()),
        },
        Symbol::Version(function) => elf_name(program, Symbol::Function(function)) + VERSION_SUFFIX,
        Symbol::Host(index) => FUNCTIONS[index as usize].symbol.to_owned(),
        Symbol::Intrinsic(intrinsic) => Intrinsic::name(intrinsic).to_owned(),
        Symbol::Data(instance, index) => {
            format!("elfin_data_{}_{}", instance.as_u32(), index.as_u32())
        }
        Symbol::Elements(instance, index) => {
            format!("elfin_elements_{}_{}", instance.as_u32(), index.as_u32())
        }
        Symbol::Entry => "elfin_entry".to_owned(),
        Symbol::Call(signature) => format!("elfin_call_{}", signature.as_u32()),
        Symbol::Instantiate(instance) => format!("elfin_instantiate_{}", instance.as_u32()),
        Symbol::Initializer(instance, index) => {
            format!("elfin_initializer_{}_{index}", instance.as_u32())
        }
        Symbol::Invocation => "elfin_invocation".to_owned(),
        Symbol::Script => "elfin_script_steps".to_owned(),
        Symbol::Exceptions => "elfin_exceptions".to_owned(),
        Symbol::State => "elfin_state".to_owned(),
        Symbol::Origin => "elfin_origin".to_owned(),
        Symbol::Table(table) => format!("elfin_table_{}", table.as_u32()),
    }
}

/// The object writer refuses only what it can't represent, which we never give it.
fn internal(error: object::write::Error) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("writing the object failed: {error}"),
    )
}
