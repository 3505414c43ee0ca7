//! What the report of a trap knows of the sources, see [`elfin_abi::sources`]: the place of each call and each
//! instruction that can trap.

use super::guest::{Bytes, Place, Unit};
use super::lines;
use super::native::{Innermost, chain};
use super::unit::Native;
use crate::demangle::demangle;
use crate::optimize::Inlining;
use crate::program::Program;
use elfin_abi::pc_map::{FunctionMap, write_unsigned};
use elfin_abi::sources::{self, Scope, Site};
use std::collections::{BTreeSet, HashMap};

/// The contents of [`elfin_abi::sources::Sources`].
#[derive(Debug)]
pub struct Sources {
    /// The offset of each function in the module, and where its run begins; in ascending order.
    pub functions: Vec<(u32, u32)>,
    /// All runs.
    pub runs: Vec<u8>,
    /// Names and files.
    pub strings: Vec<u8>,
}

/// The offsets in the module of the calls and the instructions that can trap, by the start of the function that they
/// belong to; inlined ones are in the machine code of others.
pub(super) struct Offsets(HashMap<u32, BTreeSet<u32>>);

impl Offsets {
    pub(super) fn new(program: &Program<'_>, inlining: &Inlining, pc_maps: &[&[u8]]) -> Self {
        let starts: Vec<u32> = inlining
            .functions
            .values()
            .map(|function| program.body(*function).code.range().start as u32)
            .collect();
        let mut offsets: HashMap<u32, BTreeSet<u32>> = HashMap::new();
        let maps = pc_maps.iter().filter_map(|map| FunctionMap::new(map));
        for map in maps {
            // The start of the function that an inlined call stands for, or of the one with the code.
            let start = |call: u32| match map.call(call) {
                Some(call) => starts[call.callee as usize],
                None => map.wasm_offset,
            };
            let calls = map.calls().map(|call| (call.around, call.wasm_offset));
            let sites = map.sites().map(|(_, site)| (site.call, site.wasm_offset));
            for (call, offset) in calls.chain(sites) {
                offsets.entry(start(call)).or_default().insert(offset);
            }
        }
        Self(offsets)
    }
}

/// What has been gathered so far.
pub(super) struct Gatherer {
    strings: Vec<u8>,
    known: HashMap<String, u32>,
    runs: Vec<(u32, Vec<u8>)>,
}

impl Gatherer {
    pub(super) fn new() -> Self {
        Self {
            strings: vec![0],
            known: HashMap::from([(String::new(), 0)]),
            runs: Vec::new(),
        }
    }

    /// Adds functions of a unit.
    pub(super) fn add(&mut self, unit: &Unit<'_>, functions: &[Native<'_>], sites: &Offsets) {
        let mut writer = UnitStrings {
            gatherer: self,
            unit,
            files: HashMap::new(),
            names: HashMap::new(),
        };
        for native in functions {
            if let Some(offsets) = sites.0.get(&native.start) {
                let run = writer.run(native, offsets);
                writer.gatherer.runs.push((native.start, run));
            }
        }
    }

    /// Everything; `None` if there is nothing.
    pub(super) fn finish(mut self) -> Option<Sources> {
        if self.runs.is_empty() {
            return None;
        }
        self.runs.sort_unstable_by_key(|(offset, _)| *offset);
        let mut functions = Vec::with_capacity(self.runs.len());
        let mut runs = Vec::new();
        for (offset, run) in self.runs {
            functions.push((offset, runs.len() as u32));
            runs.extend_from_slice(&run);
        }
        Some(Sources {
            functions,
            runs,
            strings: self.strings,
        })
    }

    /// Where a string begins.
    fn string(&mut self, text: String) -> u32 {
        let strings = &mut self.strings;
        *self.known.entry(text).or_insert_with_key(|text| {
            let at = strings.len() as u32;
            write_unsigned(text.len() as u64, |byte| strings.push(byte));
            strings.extend_from_slice(text.as_bytes());
            at
        })
    }
}

/// The strings of one unit.
struct UnitStrings<'g, 'u> {
    gatherer: &'g mut Gatherer,
    unit: &'u Unit<'u>,
    files: HashMap<u32, u32>,
    names: HashMap<u32, u32>,
}

impl UnitStrings<'_, '_> {
    /// The run of one function.
    fn run(&mut self, native: &Native<'_>, offsets: &BTreeSet<u32>) -> Vec<u8> {
        let scopes = &native.function.scopes;
        let innermost = Innermost::new(native.function);
        let found: Vec<_> = offsets
            .iter()
            .map(|offset| (*offset, innermost.find(*offset)))
            .collect();
        // Scopes without a site are not numbered.
        let used = found.iter().flat_map(|(_, scope)| chain(scopes, *scope));
        let used: BTreeSet<u32> = used.collect();
        let numbers: HashMap<u32, u32> = used.iter().copied().zip(1..).collect();
        let number = |scope: Option<u32>| scope.map_or(0, |scope| numbers[&scope]);
        let written: Vec<Scope> = used
            .iter()
            .map(|scope| {
                let scope = &scopes[*scope as usize];
                Scope {
                    parent: number(scope.parent),
                    name: self.name(scope.origin),
                    call: self.place(scope.call),
                }
            })
            .collect();
        let mut sites: Vec<Site> = Vec::new();
        for (wasm_offset, scope) in found {
            let row = lines::row(native.rows, wasm_offset);
            let site = Site {
                wasm_offset,
                scope: number(scope),
                place: self.place(row.map_or(Place::default(), |row| row.place)),
            };
            let last = sites.last();
            if last.is_none_or(|last| (last.scope, last.place) != (site.scope, site.place)) {
                sites.push(site);
            }
        }
        let mut run = Vec::new();
        sources::write(native.start, &written, &sites, |byte| run.push(byte));
        run
    }

    fn place(&mut self, place: Place) -> sources::Place {
        if place.line == 0 || self.unit.files.get(place.file as usize).is_none() {
            return sources::Place::default();
        }
        sources::Place {
            file: self.file(place.file),
            line: place.line,
            column: place.column,
        }
    }

    /// A file's path, from where it was compiled.
    fn file(&mut self, number: u32) -> u32 {
        if let Some(known) = self.files.get(&number) {
            return *known;
        }
        let file = &self.unit.files[number as usize];
        let name = text(file.name);
        let path = match file.folder.map(text) {
            Some(folder) if !name.starts_with('/') && !folder.is_empty() => {
                format!("{}/{name}", folder.trim_end_matches('/'))
            }
            _ => name,
        };
        let string = self.gatherer.string(path);
        self.files.insert(number, string);
        string
    }

    /// The name of a function, with what it lies in.
    fn name(&mut self, number: u32) -> u32 {
        if let Some(known) = self.names.get(&number) {
            return *known;
        }
        let origin = &self.unit.origins[number as usize];
        let name = match (origin.linkage_name, origin.name) {
            (Some(name), _) => demangle(&text(name)).into_owned(),
            (None, Some(name)) => {
                let mut path = text(name);
                let mut around = origin.namespace;
                while let Some(number) = around {
                    let namespace = &self.unit.namespaces[number as usize];
                    path = format!("{}::{path}", text(namespace.name));
                    around = namespace.parent;
                }
                path
            }
            (None, None) => "?".to_owned(),
        };
        let string = self.gatherer.string(name);
        self.names.insert(number, string);
        string
    }
}

fn text(bytes: Bytes<'_>) -> String {
    String::from_utf8_lossy(bytes.slice()).into_owned()
}
