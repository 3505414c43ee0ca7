//! Where a program's state lies: every address is a constant from here on. A position-independent executable has its
//! state in the same order, at an address that is not known, and its memories and tables that grow wherever.
//!
//! ```text
//! STATE_BASE   features of the CPU that the program has found
//!              descriptors of memories and growable tables
//!              lengths of segments that code drops
//!              the payload of the exception that is about to be thrown
//!              globals that code sets, those that the most functions set first
//!              nothing, up to a multiple of 256 bytes
//!              tables of fixed size
//! ```
//!
//! The first 2 KiB are the cheapest to address, so small things come first. What comes and goes as a program is changed
//! comes behind what does not, and a global behind those that more functions set: one that is added moves what few
//! functions know, so that the machine code of the others is still what a cache has.

use super::place::{Places, place};
use super::{GlobalId, InstanceId, MemoryId, Program, TableId};
use crate::error::{Error, ErrorKind, Result};
use crate::options::Options;
use crate::parse::index::{DataIndex, ElementIndex};
use crate::parse::module::ValType;
use cranelift_entity::{PrimaryMap, SecondaryMap};
use elfin_abi::address::{GROWABLE_TABLES_BASE, MAX_PAGE_SIZE, STATE_BASE, STATE_END};
use elfin_abi::layout::{self, ELEMENT_SIZE};
use std::cmp::Reverse;
use std::collections::HashMap;

/// What the address of the first table of fixed size is a multiple of.
const TABLES_ALIGNMENT: u64 = 256;

/// A place in the state section: a constant with 16 zero low bits or more where possible, and an offset that every
/// target's loads and stores can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The constant.
    pub base: u64,
    /// The offset, below 2048.
    pub offset: i32,
}

impl Placed {
    /// The split of an address.
    pub fn at(address: u64) -> Self {
        let offset = address & 0x7ff;
        Self {
            base: address - offset,
            offset: offset as i32,
        }
    }
}

/// Where everything lies that generated code addresses.
#[derive(Debug)]
pub struct Layout {
    /// The address space of the memories.
    pub memory_places: Places,
    /// Address of the features of the CPU that the program finds when it starts, as bits of [`elfin_abi::cpu`] in 64; 0 if it
    /// looks for none.
    pub cpu_features: u64,
    /// Addresses of their [`layout::Memory`].
    pub memories: PrimaryMap<MemoryId, u64>,
    /// Addresses of the first elements of the tables.
    pub table_bases: PrimaryMap<TableId, u64>,
    /// Addresses of the [`layout::Table`] of the tables that grow; 0 for the others.
    pub tables: PrimaryMap<TableId, u64>,
    /// Elements that each table may grow to, no more than there is room for.
    pub table_maxima: PrimaryMap<TableId, u64>,
    /// Addresses of the globals that are set; 0 for the others.
    pub globals: SecondaryMap<GlobalId, u64>,
    /// Addresses of the 64-bit lengths of the data segments that are dropped.
    pub data_lengths: HashMap<(InstanceId, DataIndex), u64>,
    /// Addresses of the 64-bit lengths of the element segments that are dropped.
    pub element_lengths: HashMap<(InstanceId, ElementIndex), u64>,
    /// Where code leaves what an exception is to carry before it throws; 0 if nothing throws.
    pub payload: u64,
    /// Bytes of the largest payload that code throws.
    pub payload_size: u64,
    /// Bytes of the state section.
    pub state_len: u64,
}

impl Layout {
    /// Places the state of `program`.
    pub fn new(program: &Program<'_>, options: &Options) -> Result<Self> {
        let memory_places = place(program, options.target)?;
        let mut next = STATE_BASE;
        let mut place_aligned = |size: u64, alignment: u64| {
            let address = next.next_multiple_of(alignment);
            next = address + size;
            address
        };
        let mut place = |size: u64| place_aligned(size, 8);
        let cpu_features = match options.cpu_features_at_start() {
            0 => 0,
            _ => place(8),
        };
        let memories = program
            .memories
            .values()
            .map(|_| place(size_of::<layout::Memory>() as u64))
            .collect();
        let tables: PrimaryMap<TableId, u64> = program
            .tables
            .values()
            .map(|table| {
                if table.grows {
                    place(size_of::<layout::Table>() as u64)
                } else {
                    0
                }
            })
            .collect();
        let mut data_lengths = HashMap::new();
        let mut element_lengths = HashMap::new();
        for (id, instance) in &program.instances {
            for (index, segment) in &instance.data {
                if segment.used && segment.dropped {
                    data_lengths.insert((id, index), place(8));
                }
            }
            for (index, segment) in &instance.elements {
                if segment.used && segment.dropped {
                    element_lengths.insert((id, index), place(8));
                }
            }
        }
        let payload_size = payload_size(program);
        let payload = if program.throws() {
            place_aligned(payload_size, 16)
        } else {
            0
        };
        let mut globals = SecondaryMap::new();
        for id in globals_in_order(program) {
            globals[id] = match program.globals[id].content {
                ValType::V128 => place_aligned(16, 16),
                _ => place_aligned(8, 8),
            };
        }
        if !program.tables.is_empty() {
            place_aligned(0, TABLES_ALIGNMENT);
        }
        let (table_bases, table_maxima) =
            place_tables(program, options.pie, |size| place_aligned(size, 8))?;
        if next > STATE_END {
            let message = "the module's tables and globals need more than 256 MiB";
            return Err(Error::new(ErrorKind::Limit, message));
        }
        Ok(Self {
            memory_places,
            cpu_features,
            memories,
            table_bases,
            tables,
            table_maxima,
            globals,
            data_lengths,
            element_lengths,
            payload,
            payload_size,
            // A program without state has the section all the same.
            state_len: (next - STATE_BASE).max(8),
        })
    }
}

/// The globals that code sets, in the order of their places.
fn globals_in_order(program: &Program<'_>) -> Vec<GlobalId> {
    let set = program.globals.iter().filter(|(_, global)| global.is_set);
    let mut ids: Vec<GlobalId> = set.map(|(id, _)| id).collect();
    ids.sort_by_key(|id| Reverse(program.globals[*id].setters));
    ids
}

/// Bytes of the largest payload that reachable code throws.
fn payload_size(program: &Program<'_>) -> u64 {
    let thrown = program.tags.iter().filter(|(_, tag)| tag.is_thrown);
    let sizes = thrown.map(|(tag, _)| program.payload_size(tag));
    sizes.max().unwrap_or(0)
}

type Tables = PrimaryMap<TableId, u64>;

/// The first elements of the tables, and what each may grow to: tables of fixed size lie in the state, the others
/// share the region for growable ones. In a position-independent executable those that never change are read-only data.
fn place_tables(
    program: &Program<'_>,
    is_pie: bool,
    mut place: impl FnMut(u64) -> u64,
) -> Result<(Tables, Tables)> {
    let growing = program.tables.values().filter(|table| table.grows).count() as u64;
    let share = ((STATE_BASE - GROWABLE_TABLES_BASE) / growing.max(1)) & !(MAX_PAGE_SIZE - 1);
    let mut bases = PrimaryMap::new();
    let mut maxima = PrimaryMap::new();
    let mut next = GROWABLE_TABLES_BASE;
    for table in program.tables.values() {
        let len = table.elements.len() as u64;
        if !table.grows {
            let is_constant = is_pie && !table.is_written;
            bases.push(place(if is_constant { 0 } else { len * ELEMENT_SIZE }));
            maxima.push(len);
            continue;
        }
        if len * ELEMENT_SIZE > share {
            let message =
                format!("a growable table of {len} elements does not fit beside the others");
            return Err(Error::new(ErrorKind::Limit, message));
        }
        bases.push(next);
        maxima.push(table.maximum.min(share / ELEMENT_SIZE));
        next += share;
    }
    Ok((bases, maxima))
}
