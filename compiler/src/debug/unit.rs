//! A unit of the module's debug information as one of the executable's: its line table, and its functions with what was
//! inlined into them. Types and variables are left out.

use super::guest::{File, Function, Place, Unit};
use super::native::{self, Run};
use super::sections::Part;
use gimli::write::{
    Address, AttributeValue, DwarfUnit, FileId, LineProgram, LineString, Range, RangeList,
    Sections, StringId, UnitEntryId,
};
use gimli::{Encoding, Format, LineEncoding};
use std::collections::HashMap;

/// What every debugger in use reads.
const ENCODING: Encoding = Encoding {
    format: Format::Dwarf32,
    version: 4,
    address_size: 8,
};

/// A function of the unit, and its machine code.
pub(super) struct Native<'u> {
    /// The function.
    pub(super) function: &'u Function,
    /// Bytes from the start of the module to its body.
    pub(super) start: u32,
    /// Its machine code.
    pub(super) runs: Vec<Run>,
    /// Its length in bytes.
    pub(super) len: u32,
    /// The rows of the unit's line table that belong to it.
    pub(super) rows: &'u [super::lines::Row],
}

impl Native<'_> {
    fn address(&self) -> Address {
        Address::Symbol {
            symbol: self.function.number,
            addend: 0,
        }
    }
}

/// Writes a unit with these of its functions.
pub(super) fn write(unit: &Unit<'_>, functions: &[Native<'_>]) -> Sections<Part> {
    let mut writer = Writer {
        unit,
        dwarf: DwarfUnit::new(ENCODING),
        files: HashMap::new(),
        namespaces: HashMap::new(),
        abstracts: HashMap::new(),
    };
    writer.root(functions);
    writer.lines(functions);
    for native in functions {
        for scope in &native.function.scopes {
            writer.abstract_function(scope.origin);
        }
    }
    for native in functions {
        writer.function(native);
    }
    let mut sections = Sections::new(Part::new());
    let written = writer.dwarf.write(&mut sections);
    written.expect("what has been added can be written");
    sections
}

struct Writer<'u> {
    unit: &'u Unit<'u>,
    dwarf: DwarfUnit,
    files: HashMap<u32, Option<FileId>>,
    namespaces: HashMap<u32, UnitEntryId>,
    /// The entries of inlined functions, by their origin.
    abstracts: HashMap<u32, UnitEntryId>,
}

impl Writer<'_> {
    fn root(&mut self, functions: &[Native<'_>]) {
        let producer = concat!("elfin ", env!("CARGO_PKG_VERSION"));
        let root = self.dwarf.unit.root();
        self.set_string(root, gimli::DW_AT_producer, producer.as_bytes());
        self.set_string(root, gimli::DW_AT_name, self.unit.name.slice());
        self.set_string(root, gimli::DW_AT_comp_dir, self.unit.folder.slice());
        if let Some(language) = self.unit.language {
            self.set(
                root,
                gimli::DW_AT_language,
                AttributeValue::Language(language),
            );
        }
        // Ranges are relative to this.
        let zero = AttributeValue::Address(Address::Constant(0));
        self.set(root, gimli::DW_AT_low_pc, zero);
        let ranges = functions.iter().map(|native| Range::StartLength {
            begin: native.address(),
            length: native.len.into(),
        });
        let ranges = self.dwarf.unit.ranges.add(RangeList(ranges.collect()));
        self.set(
            root,
            gimli::DW_AT_ranges,
            AttributeValue::RangeListRef(ranges),
        );
    }

    fn lines(&mut self, functions: &[Native<'_>]) {
        self.dwarf.unit.line_program = LineProgram::new(
            ENCODING,
            LineEncoding::default(),
            line_string(self.unit.folder.slice()),
            None,
            line_string(self.unit.name.slice()),
            None,
        );
        for native in functions {
            let start = native.address();
            let rows: Vec<_> = native::rows(&native.runs, native.rows)
                .into_iter()
                .map(|(at, row)| (at, row, self.file(row.place.file)))
                .collect();
            let program = &mut self.dwarf.unit.line_program;
            program.begin_sequence(Some(start));
            for (at, row, file) in rows {
                let written = program.row();
                written.address_offset = at.into();
                written.is_statement = row.is_statement;
                written.prologue_end = row.ends_prologue;
                match file {
                    Some(file) => {
                        written.file = file;
                        written.line = row.place.line.into();
                        written.column = row.place.column.into();
                    }
                    None => (written.line, written.column) = (0, 0),
                }
                program.generate_row();
            }
            program.end_sequence(native.len.into());
        }
    }

    /// A function with code.
    fn function(&mut self, native: &Native<'_>) {
        let function = native.function;
        let entry = match self.abstracts.get(&function.origin) {
            Some(origin) => {
                let origin = AttributeValue::UnitRef(*origin);
                let entry = self.add(self.dwarf.unit.root(), gimli::DW_TAG_subprogram);
                self.set(entry, gimli::DW_AT_abstract_origin, origin);
                entry
            }
            None => self.declared(function.origin),
        };
        self.set(
            entry,
            gimli::DW_AT_low_pc,
            AttributeValue::Address(native.address()),
        );
        let len = AttributeValue::Data4(native.len);
        self.set(entry, gimli::DW_AT_high_pc, len);
        let ranges = native::scope_ranges(function, &native.runs, native.len);
        let mut entries: Vec<Option<UnitEntryId>> = Vec::with_capacity(ranges.len());
        for (scope, ranges) in function.scopes.iter().zip(ranges) {
            if ranges.is_empty() {
                entries.push(None);
                continue;
            }
            let parent = match scope.parent {
                None => entry,
                Some(parent) => entries[parent as usize].expect("it has all of its child's code"),
            };
            let inlined = self.add(parent, gimli::DW_TAG_inlined_subroutine);
            let origin = AttributeValue::UnitRef(self.abstracts[&scope.origin]);
            self.set(inlined, gimli::DW_AT_abstract_origin, origin);
            self.ranges(inlined, function.number, &ranges);
            let places = [
                gimli::DW_AT_call_file,
                gimli::DW_AT_call_line,
                gimli::DW_AT_call_column,
            ];
            self.set_place(inlined, places, scope.call);
            entries.push(Some(inlined));
        }
    }

    /// Parts of a function.
    fn ranges(&mut self, entry: UnitEntryId, symbol: usize, ranges: &[(u32, u32)]) {
        if let [(start, end)] = *ranges {
            let addend = start.into();
            let start_address = Address::Symbol { symbol, addend };
            self.set(
                entry,
                gimli::DW_AT_low_pc,
                AttributeValue::Address(start_address),
            );
            let len = AttributeValue::Data4(end - start);
            self.set(entry, gimli::DW_AT_high_pc, len);
            return;
        }
        let base = Range::BaseAddress {
            address: Address::Symbol { symbol, addend: 0 },
        };
        let pairs = ranges.iter().map(|&(start, end)| Range::OffsetPair {
            begin: start.into(),
            end: end.into(),
        });
        let list = RangeList(std::iter::once(base).chain(pairs).collect());
        let list = self.dwarf.unit.ranges.add(list);
        self.set(
            entry,
            gimli::DW_AT_ranges,
            AttributeValue::RangeListRef(list),
        );
    }

    /// The entry that stands for a function wherever it was inlined.
    fn abstract_function(&mut self, origin: u32) {
        if self.abstracts.contains_key(&origin) {
            return;
        }
        let entry = self.declared(origin);
        let inlined = AttributeValue::Inline(gimli::DW_INL_inlined);
        self.set(entry, gimli::DW_AT_inline, inlined);
        self.abstracts.insert(origin, entry);
    }

    /// A function's entry with its names and where it is declared.
    fn declared(&mut self, origin: u32) -> UnitEntryId {
        let origin = &self.unit.origins[origin as usize];
        let parent = match origin.namespace {
            Some(namespace) => self.namespace(namespace),
            None => self.dwarf.unit.root(),
        };
        let entry = self.add(parent, gimli::DW_TAG_subprogram);
        if let Some(name) = origin.name.or(origin.linkage_name) {
            self.set_string(entry, gimli::DW_AT_name, name.slice());
        }
        if let Some(name) = origin.linkage_name {
            self.set_string(entry, gimli::DW_AT_linkage_name, name.slice());
        }
        let places = [
            gimli::DW_AT_decl_file,
            gimli::DW_AT_decl_line,
            gimli::DW_AT_decl_column,
        ];
        self.set_place(entry, places, origin.place);
        if origin.is_external {
            self.set(entry, gimli::DW_AT_external, AttributeValue::Flag(true));
        }
        entry
    }

    fn namespace(&mut self, number: u32) -> UnitEntryId {
        if let Some(entry) = self.namespaces.get(&number) {
            return *entry;
        }
        let namespace = &self.unit.namespaces[number as usize];
        let parent = match namespace.parent {
            Some(parent) => self.namespace(parent),
            None => self.dwarf.unit.root(),
        };
        let entry = self.add(parent, gimli::DW_TAG_namespace);
        self.set_string(entry, gimli::DW_AT_name, namespace.name.slice());
        self.namespaces.insert(number, entry);
        entry
    }

    fn set_place(&mut self, entry: UnitEntryId, names: [gimli::DwAt; 3], place: Place) {
        let [file_name, line_name, column_name] = names;
        let Some(file) = self.file(place.file).filter(|_| place.line != 0) else {
            return;
        };
        self.set(entry, file_name, AttributeValue::FileIndex(Some(file)));
        self.set(entry, line_name, AttributeValue::Udata(place.line.into()));
        if place.column != 0 {
            self.set(
                entry,
                column_name,
                AttributeValue::Udata(place.column.into()),
            );
        }
    }

    /// The number of one of the module's files in the executable's line table.
    fn file(&mut self, number: u32) -> Option<FileId> {
        let program = &mut self.dwarf.unit.line_program;
        let files = &self.unit.files;
        *self.files.entry(number).or_insert_with(|| {
            let File { folder, name } = files.get(number as usize)?;
            let folder = match folder {
                Some(folder) => program.add_directory(line_string(folder.slice())),
                None => program.default_directory(),
            };
            Some(program.add_file(line_string(name.slice()), folder, None))
        })
    }

    fn add(&mut self, parent: UnitEntryId, tag: gimli::DwTag) -> UnitEntryId {
        self.dwarf.unit.add(parent, tag)
    }

    fn set(&mut self, entry: UnitEntryId, name: gimli::DwAt, value: AttributeValue) {
        self.dwarf.unit.get_mut(entry).set(name, value);
    }

    fn set_string(&mut self, entry: UnitEntryId, name: gimli::DwAt, string: &[u8]) {
        let string: StringId = self.dwarf.strings.add(string);
        self.set(entry, name, AttributeValue::StringRef(string));
    }
}

/// A path of the line table, where an empty one would end the list.
fn line_string(path: &[u8]) -> LineString {
    let path = if path.is_empty() { b"?" } else { path };
    LineString::String(path.to_vec())
}
