//! The debug information of a module: DWARF in custom sections, whose addresses count from the contents of the code
//! section. Out come units, each read by a thread of its own, in the order of `.debug_info`.
//!
//! What is malformed is left out, a unit at a time.

use super::budget::{Budget, Trouble};
use super::entries;
use super::lines::{self, Lines};
use crate::parse::module::Module;
use gimli::{AttributeValue, EndianSlice, LittleEndian, Section};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// How gimli sees a section.
pub(super) type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// A unit of the source language: a file and what it includes, or a crate.
pub(super) struct Unit<'a> {
    /// The file that was compiled.
    pub(super) name: Bytes<'a>,
    /// The folder that it was compiled in.
    pub(super) folder: Bytes<'a>,
    /// Its language.
    pub(super) language: Option<gimli::DwLang>,
    /// What lines belong to.
    pub(super) files: Vec<File<'a>>,
    /// Which line every instruction comes from.
    pub(super) lines: Lines,
    /// What its functions lie in.
    pub(super) namespaces: Vec<Namespace<'a>>,
    /// Functions, as they were declared.
    pub(super) origins: Vec<Origin<'a>>,
    /// Functions that have code.
    pub(super) functions: Vec<Function>,
    /// How many others begin in the middle of one.
    pub(super) misfits: usize,
}

/// A source file.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    /// The folder; `None` for the unit's.
    pub(super) folder: Option<Bytes<'a>>,
    /// Its path from there.
    pub(super) name: Bytes<'a>,
}

/// A place in a source file; the line is 0 where it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Its number in [`Unit::files`]; one that is not there is not known.
    pub(super) file: u32,
    /// From 1.
    pub(super) line: u32,
    /// From 1, or 0.
    pub(super) column: u32,
}

/// A namespace, module or type that functions lie in.
pub(super) struct Namespace<'a> {
    /// The one around it, which comes before it.
    pub(super) parent: Option<u32>,
    /// Its name.
    pub(super) name: Bytes<'a>,
}

/// A function as it was declared.
#[derive(Clone, Default)]
pub(super) struct Origin<'a> {
    /// The namespace that it lies in.
    pub(super) namespace: Option<u32>,
    /// Its name there.
    pub(super) name: Option<Bytes<'a>>,
    /// The name that linkers know it by.
    pub(super) linkage_name: Option<Bytes<'a>>,
    /// Where it is declared.
    pub(super) place: Place,
    /// Whether other units see it.
    pub(super) is_external: bool,
}

/// A function with code.
pub(super) struct Function {
    /// Which of the compiled functions it is.
    pub(super) number: usize,
    /// Its declaration, in [`Unit::origins`].
    pub(super) origin: u32,
    /// What was inlined into it, each behind the one around it.
    pub(super) scopes: Vec<Scope>,
}

/// A function that was inlined.
pub(super) struct Scope {
    /// The number of the one around it.
    pub(super) parent: Option<u32>,
    /// Its declaration, in [`Unit::origins`].
    pub(super) origin: u32,
    /// The call that it replaces.
    pub(super) call: Place,
    /// Its instructions: offsets in the module.
    pub(super) ranges: Vec<(u32, u32)>,
}

/// Where the body of each compiled function lies in the module.
pub(super) struct Bodies {
    /// Start, end, and number of the function, in ascending order.
    ranges: Vec<(u32, u32, usize)>,
}

impl Bodies {
    /// From starts, ends and numbers in any order.
    pub(super) fn new(mut ranges: Vec<(u32, u32, usize)>) -> Self {
        ranges.sort_unstable();
        Self { ranges }
    }

    /// Start, end and number of the function at this offset of the module.
    pub(super) fn find(&self, offset: u32) -> Option<(u32, u32, usize)> {
        let next = self.ranges.partition_point(|range| range.0 <= offset);
        let range = *self.ranges.get(next.checked_sub(1)?)?;
        (offset < range.1).then_some(range)
    }
}

/// What every part of the reader needs.
pub(super) struct Reader<'a, 'r> {
    /// The sections.
    pub(super) dwarf: &'r gimli::Dwarf<Bytes<'a>>,
    /// All units, in the order of their offsets.
    pub(super) units: &'r [gimli::Unit<Bytes<'a>>],
    /// The work that is left.
    pub(super) budget: &'r Budget,
    /// The functions to look for.
    pub(super) bodies: &'r Bodies,
    /// What addresses count from: an offset of the module.
    pub(super) code_start: u64,
}

impl<'a> Reader<'a, '_> {
    /// The offset in the module of an address.
    pub(super) fn offset(&self, address: u64) -> Option<u32> {
        u32::try_from(address.checked_add(self.code_start)?).ok()
    }

    /// The string that an attribute stands for.
    pub(super) fn string(
        &self,
        unit: &gimli::Unit<Bytes<'a>>,
        value: AttributeValue<Bytes<'a>>,
    ) -> Result<Bytes<'a>, Trouble> {
        let string = self.dwarf.attr_string(unit, value)?;
        self.budget.spend(1 + string.len() / 8)?;
        Ok(string)
    }
}

/// What the debug information of a module says of the functions in `bodies`, and the first trouble with it.
pub(super) fn read<'a>(module: &Module<'a>, bodies: &Bodies) -> (Vec<Unit<'a>>, Option<Trouble>) {
    let section = |id: gimli::SectionId| {
        let bytes = module.debug.get(id.name()).copied().unwrap_or_default();
        Ok::<_, gimli::Error>(Bytes::new(bytes, LittleEndian))
    };
    let dwarf = gimli::Dwarf::load(section).expect("no section fails to load");
    let budget = Budget::new(module.debug.values().map(|bytes| bytes.len()).sum());
    let mut trouble = None;
    let units = headers(&dwarf, &budget, &mut trouble);
    let reader = Reader {
        dwarf: &dwarf,
        units: &units,
        budget: &budget,
        bodies,
        code_start: module.code_start as u64,
    };
    let read: Vec<Result<Unit<'a>, Trouble>> = units
        .par_iter()
        .map(|unit| read_unit(&reader, unit))
        .collect();
    if !budget.sufficed() {
        return (Vec::new(), Some(Trouble::OutOfMeasure));
    }
    let mut units = Vec::new();
    for unit in read {
        match unit {
            Ok(unit) => units.push(unit),
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    let count = |what: fn(&Unit<'_>) -> usize| units.iter().map(what).sum::<usize>();
    if count(|unit| unit.misfits) > count(|unit| unit.functions.len()) {
        return (Vec::new(), Some(Trouble::Stale));
    }
    (units, trouble)
}

/// The units as gimli describes them. What follows a malformed header can't be found.
fn headers<'a>(
    dwarf: &gimli::Dwarf<Bytes<'a>>,
    budget: &Budget,
    trouble: &mut Option<Trouble>,
) -> Vec<gimli::Unit<Bytes<'a>>> {
    let mut units = Vec::new();
    let mut tables = HashMap::new();
    let mut headers = dwarf.units();
    loop {
        let header = match headers.next() {
            Ok(Some(header)) => header,
            Ok(None) => break,
            Err(error) => {
                *trouble = trouble.or(Some(error.into()));
                break;
            }
        };
        match unit(dwarf, budget, &mut tables, header) {
            Ok(unit) => units.push(unit),
            Err(error) => *trouble = trouble.or(Some(error)),
        }
    }
    units
}

type Tables = HashMap<usize, Arc<gimli::Abbreviations>>;

fn unit<'a>(
    dwarf: &gimli::Dwarf<Bytes<'a>>,
    budget: &Budget,
    tables: &mut Tables,
    header: gimli::UnitHeader<Bytes<'a>>,
) -> Result<gimli::Unit<Bytes<'a>>, Trouble> {
    let offset = header.debug_abbrev_offset().0;
    let abbreviations = match tables.get(&offset) {
        Some(table) => Arc::clone(table),
        None => {
            let bytes = dwarf.debug_abbrev.reader().slice();
            budget.spend(16 * table_len(bytes.get(offset..).unwrap_or_default()))?;
            let table = Arc::new(header.abbreviations(&dwarf.debug_abbrev)?);
            tables.insert(offset, Arc::clone(&table));
            table
        }
    };
    let unit = gimli::Unit::new_with_abbreviations(dwarf, header, abbreviations)?;
    if let Some(program) = &unit.line_program {
        budget.spend(4 * program.header().header_length())?;
    }
    Ok(unit)
}

/// Bytes of the abbreviations up to their end, or up to where they are malformed: what it costs to read them.
fn table_len(table: &[u8]) -> usize {
    let mut rest = Bytes::new(table, LittleEndian);
    let mut skip = || -> gimli::Result<bool> {
        use gimli::Reader;
        if rest.read_uleb128()? == 0 {
            return Ok(false);
        }
        rest.read_uleb128()?;
        rest.read_u8()?;
        loop {
            let (name, form) = (rest.read_uleb128()?, rest.read_uleb128()?);
            if form == u64::from(gimli::DW_FORM_implicit_const.0) {
                rest.read_sleb128()?;
            }
            if (name, form) == (0, 0) {
                return Ok(true);
            }
        }
    };
    while let Ok(true) = skip() {}
    table.len() - rest.len()
}

fn read_unit<'a>(
    reader: &Reader<'a, '_>,
    unit: &gimli::Unit<Bytes<'a>>,
) -> Result<Unit<'a>, Trouble> {
    let empty = Bytes::new(&[], LittleEndian);
    let mut read = Unit {
        name: unit.name.unwrap_or(empty),
        folder: unit.comp_dir.unwrap_or(empty),
        language: None,
        files: lines::files(reader, unit)?,
        lines: Lines::default(),
        namespaces: Vec::new(),
        origins: Vec::new(),
        functions: Vec::new(),
        misfits: 0,
    };
    entries::read(reader, unit, &mut read)?;
    if !read.functions.is_empty() {
        read.lines = lines::read(reader, unit)?;
    }
    Ok(read)
}

/// Which of the units holds an offset of `.debug_info`.
pub(super) fn unit_at<'r, 'a>(
    units: &'r [gimli::Unit<Bytes<'a>>],
    offset: gimli::DebugInfoOffset,
) -> Option<&'r gimli::Unit<Bytes<'a>>> {
    let next = units.partition_point(|unit| unit.header.offset().0 <= offset.0);
    units.get(next.checked_sub(1)?)
}
