//! The entries of a unit: which functions have code, what was inlined into them, and what all of them are called.

use super::budget::Trouble;
use super::guest::{Bytes, Function, Namespace, Origin, Place, Reader, Scope, Unit, unit_at};
use super::lines::limited;
use gimli::{AttributeValue, DebugInfoOffset, UnitOffset};
use std::collections::HashMap;

/// What was inlined, or lies in namespaces, deeper than this is taken as part of what is around it.
const DEEPEST: usize = 64;

/// Declarations that refer to each other: code to an inlined function to its declaration in a class.
const LONGEST_CHAIN: usize = 8;

/// What an entry's children lie in.
#[derive(Clone, Copy)]
enum Around {
    /// A namespace, or none.
    Namespace(Option<u32>, usize),
    /// A function with code: its number, the number of the innermost inlined one, and how deep that is.
    Code(usize, Option<u32>, usize),
}

/// What is wanted of an entry's attributes.
#[derive(Clone, Default)]
struct Attributes<'a> {
    name: Option<Bytes<'a>>,
    linkage_name: Option<Bytes<'a>>,
    low: Option<u64>,
    high: Option<High>,
    ranges: Option<AttributeValue<Bytes<'a>>>,
    /// The entry that says the rest.
    origin: Option<DebugInfoOffset>,
    language: Option<gimli::DwLang>,
    declared: Place,
    call: Place,
    is_external: bool,
}

#[derive(Clone, Copy)]
enum High {
    Address(u64),
    Length(u64),
}

/// A function's entry.
struct Declaration<'a> {
    namespace: Option<u32>,
    attributes: Attributes<'a>,
}

/// The entries of one unit while they are read.
struct Entries<'a, 'r> {
    reader: &'r Reader<'a, 'r>,
    unit: &'r gimli::Unit<Bytes<'a>>,
    declarations: HashMap<usize, Declaration<'a>>,
    namespaces: HashMap<(Option<u32>, &'a [u8]), u32>,
    /// The entry of each [`Origin`].
    origins: Vec<DebugInfoOffset>,
    numbers: HashMap<usize, u32>,
}

/// Reads all entries of a unit into `read`.
pub(super) fn read<'a>(
    reader: &Reader<'a, '_>,
    unit: &gimli::Unit<Bytes<'a>>,
    read: &mut Unit<'a>,
) -> Result<(), Trouble> {
    let mut entries = Entries {
        reader,
        unit,
        declarations: HashMap::new(),
        namespaces: HashMap::new(),
        origins: Vec::new(),
        numbers: HashMap::new(),
    };
    entries.walk(read)?;
    for index in 0..entries.origins.len() {
        let origin = entries.resolve(entries.origins[index])?;
        read.origins.push(origin);
    }
    Ok(())
}

impl<'a> Entries<'a, '_> {
    fn walk(&mut self, read: &mut Unit<'a>) -> Result<(), Trouble> {
        let mut raw = self.unit.entries_raw(None)?;
        // What the children of each open entry lie in.
        let mut open: Vec<Around> = Vec::new();
        while !raw.is_empty() {
            let offset = raw.next_offset();
            let depth = raw.next_depth();
            self.reader.budget.spend(4)?;
            let Some(abbreviation) = raw.read_abbreviation()? else {
                continue;
            };
            let specifications = abbreviation.attributes();
            self.reader.budget.spend(2 * specifications.len())?;
            let Ok(depth) = usize::try_from(depth) else {
                // Padding behind the last entry.
                break;
            };
            open.truncate(depth);
            let around = open.last().copied().unwrap_or(Around::Namespace(None, 0));
            let children = match abbreviation.tag() {
                gimli::DW_TAG_compile_unit | gimli::DW_TAG_partial_unit => {
                    read.language = self.attributes(&mut raw, specifications)?.language;
                    around
                }
                gimli::DW_TAG_namespace
                | gimli::DW_TAG_module
                | gimli::DW_TAG_structure_type
                | gimli::DW_TAG_class_type
                | gimli::DW_TAG_union_type
                | gimli::DW_TAG_enumeration_type
                | gimli::DW_TAG_interface_type => {
                    let attributes = self.attributes(&mut raw, specifications)?;
                    self.namespace(around, attributes.name, read)
                }
                gimli::DW_TAG_subprogram => {
                    let attributes = self.attributes(&mut raw, specifications)?;
                    self.function(around, offset, attributes, read)?
                }
                gimli::DW_TAG_inlined_subroutine => {
                    let attributes = self.attributes(&mut raw, specifications)?;
                    self.inlined(around, attributes, read)?
                }
                _ => {
                    raw.skip_attributes(specifications)?;
                    around
                }
            };
            open.resize(depth, around);
            open.push(children);
        }
        Ok(())
    }

    fn attributes(
        &self,
        raw: &mut gimli::EntriesRaw<'_, Bytes<'a>>,
        specifications: &[gimli::AttributeSpecification],
    ) -> Result<Attributes<'a>, Trouble> {
        let mut attributes = Attributes::default();
        for specification in specifications {
            let attribute = raw.read_attribute(*specification)?;
            self.attribute(
                self.unit,
                attribute.name(),
                attribute.value(),
                &mut attributes,
            )?;
        }
        Ok(attributes)
    }

    /// Takes an attribute of an entry of `unit` over.
    fn attribute(
        &self,
        unit: &gimli::Unit<Bytes<'a>>,
        name: gimli::DwAt,
        value: AttributeValue<Bytes<'a>>,
        attributes: &mut Attributes<'a>,
    ) -> Result<(), Trouble> {
        let number = || value.udata_value().map_or(0, limited);
        let file = || match value {
            AttributeValue::FileIndex(file) => u32::try_from(file).unwrap_or(u32::MAX),
            _ => u32::MAX,
        };
        match name {
            gimli::DW_AT_name => attributes.name = Some(self.reader.string(unit, value)?),
            gimli::DW_AT_linkage_name | gimli::DW_AT_MIPS_linkage_name => {
                attributes.linkage_name = Some(self.reader.string(unit, value)?);
            }
            gimli::DW_AT_low_pc => {
                attributes.low = self.reader.dwarf.attr_address(unit, value)?;
            }
            gimli::DW_AT_high_pc => {
                attributes.high = match value.udata_value() {
                    Some(length) => Some(High::Length(length)),
                    None => {
                        let address = self.reader.dwarf.attr_address(unit, value)?;
                        address.map(High::Address)
                    }
                };
            }
            gimli::DW_AT_ranges => attributes.ranges = Some(value),
            gimli::DW_AT_abstract_origin | gimli::DW_AT_specification => {
                attributes.origin = match value {
                    AttributeValue::UnitRef(offset) => offset.to_debug_info_offset(&unit.header),
                    AttributeValue::DebugInfoRef(offset) => Some(offset),
                    _ => None,
                };
            }
            gimli::DW_AT_language => {
                if let AttributeValue::Language(language) = value {
                    attributes.language = Some(language);
                }
            }
            gimli::DW_AT_decl_file => attributes.declared.file = file(),
            gimli::DW_AT_decl_line => attributes.declared.line = number(),
            gimli::DW_AT_decl_column => attributes.declared.column = number(),
            gimli::DW_AT_call_file => attributes.call.file = file(),
            gimli::DW_AT_call_line => attributes.call.line = number(),
            gimli::DW_AT_call_column => attributes.call.column = number(),
            gimli::DW_AT_external => {
                attributes.is_external = matches!(value, AttributeValue::Flag(true));
            }
            _ => {}
        }
        Ok(())
    }

    fn namespace(
        &mut self,
        around: Around,
        name: Option<Bytes<'a>>,
        read: &mut Unit<'a>,
    ) -> Around {
        let (Around::Namespace(parent, depth), Some(name)) = (around, name) else {
            return Around::Namespace(None, 0);
        };
        if depth == DEEPEST {
            return around;
        }
        let number = *self
            .namespaces
            .entry((parent, name.slice()))
            .or_insert_with(|| {
                read.namespaces.push(Namespace { parent, name });
                read.namespaces.len() as u32 - 1
            });
        Around::Namespace(Some(number), depth + 1)
    }

    fn function(
        &mut self,
        around: Around,
        offset: UnitOffset,
        attributes: Attributes<'a>,
        read: &mut Unit<'a>,
    ) -> Result<Around, Trouble> {
        let namespace = match around {
            Around::Namespace(namespace, _) => namespace,
            Around::Code(..) => None,
        };
        let low = attributes.low.and_then(|low| self.reader.offset(low));
        let body = low.and_then(|low| self.reader.bodies.find(low));
        let place = offset.to_debug_info_offset(&self.unit.header);
        let mut children = Around::Namespace(None, 0);
        let fits = body.is_some_and(|(start, _, _)| Some(start) == low);
        if body.is_some() && !fits {
            read.misfits += 1;
        }
        if let (Some((_, _, number)), Some(place), true) = (body, place, fits) {
            self.reader.budget.spend(64)?;
            let origin = self.origin(place);
            read.functions.push(Function {
                number,
                origin,
                scopes: Vec::new(),
            });
            children = Around::Code(read.functions.len() - 1, None, 0);
        }
        let declaration = Declaration {
            namespace,
            attributes,
        };
        self.declarations.insert(offset.0, declaration);
        Ok(children)
    }

    fn inlined(
        &mut self,
        around: Around,
        attributes: Attributes<'a>,
        read: &mut Unit<'a>,
    ) -> Result<Around, Trouble> {
        let (Around::Code(function, parent, depth), Some(origin)) = (around, attributes.origin)
        else {
            return Ok(around);
        };
        if depth == DEEPEST {
            return Ok(around);
        }
        self.reader.budget.spend(64)?;
        let ranges = self.ranges(&attributes)?;
        let origin = self.origin(origin);
        let scopes = &mut read.functions[function].scopes;
        scopes.push(Scope {
            parent,
            origin,
            call: attributes.call,
            ranges,
        });
        let number = scopes.len() as u32 - 1;
        Ok(Around::Code(function, Some(number), depth + 1))
    }

    /// The instructions of an entry, as offsets in the module.
    fn ranges(&self, attributes: &Attributes<'a>) -> Result<Vec<(u32, u32)>, Trouble> {
        let mut ranges = Vec::new();
        let mut add = |begin: u64, end: u64| {
            let begin = self.reader.offset(begin);
            if let (Some(begin), Some(end)) = (begin, self.reader.offset(end))
                && begin < end
            {
                ranges.push((begin, end));
            }
        };
        match (attributes.low, attributes.high) {
            (Some(low), Some(High::Address(high))) => add(low, high),
            (Some(low), Some(High::Length(length))) => add(low, low.saturating_add(length)),
            _ => {}
        }
        if let Some(value) = attributes.ranges {
            let list = self.reader.dwarf.attr_ranges(self.unit, value)?;
            let Some(mut list) = list else {
                return Ok(ranges);
            };
            while let Some(range) = list.next()? {
                self.reader.budget.spend(8)?;
                add(range.begin, range.end);
            }
        }
        Ok(ranges)
    }

    /// The number of the [`Origin`] of an entry.
    fn origin(&mut self, entry: DebugInfoOffset) -> u32 {
        let origins = &mut self.origins;
        *self.numbers.entry(entry.0).or_insert_with(|| {
            origins.push(entry);
            origins.len() as u32 - 1
        })
    }

    /// What an entry and those that it refers to say of a function.
    fn resolve(&self, entry: DebugInfoOffset) -> Result<Origin<'a>, Trouble> {
        let mut origin = Origin::default();
        let mut next = Some(entry);
        for _ in 0..LONGEST_CHAIN {
            let Some(entry) = next else { break };
            let Some(unit) = unit_at(self.reader.units, entry) else {
                break;
            };
            let is_own = unit.header.offset() == self.unit.header.offset();
            let offset = entry.to_unit_offset(&unit.header);
            let own = offset.filter(|_| is_own);
            let foreign;
            let declaration = match (own.and_then(|own| self.declarations.get(&own.0)), offset) {
                (Some(declaration), _) => declaration,
                (None, Some(offset)) => {
                    foreign = self.foreign(unit, offset, is_own)?;
                    &foreign
                }
                (None, None) => break,
            };
            let attributes = &declaration.attributes;
            origin.name = origin.name.or(attributes.name);
            origin.linkage_name = origin.linkage_name.or(attributes.linkage_name);
            origin.namespace = declaration.namespace.or(origin.namespace);
            origin.is_external |= attributes.is_external;
            if origin.place.line == 0 {
                origin.place = attributes.declared;
            }
            next = attributes.origin;
        }
        Ok(origin)
    }

    /// An entry that the walk has not met as a function's, mostly of another unit, whose files and namespaces this one
    /// does not have.
    fn foreign(
        &self,
        unit: &gimli::Unit<Bytes<'a>>,
        offset: UnitOffset,
        is_own: bool,
    ) -> Result<Declaration<'a>, Trouble> {
        let entry = unit.entry(offset)?;
        self.reader.budget.spend(4 + 2 * entry.attrs().len())?;
        let mut attributes = Attributes::default();
        for attribute in entry.attrs() {
            self.attribute(unit, attribute.name(), attribute.value(), &mut attributes)?;
        }
        if !is_own {
            attributes.declared = Place::default();
        }
        Ok(Declaration {
            namespace: None,
            attributes,
        })
    }
}
