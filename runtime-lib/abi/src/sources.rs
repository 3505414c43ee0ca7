//! Where the code of a module comes from: files, lines and inlined functions, for the report of a trap. Only an
//! executable with debug information has it, and only a report reads it.
//!
//! Each function that the module's debug information knows has a run of bytes. All numbers are LEB128; files and names
//! are offsets in [`Sources::strings`], where 0 is no string.
//!
//! ```text
//! scopes:  number of scopes            unsigned
//! scope:   number of the one around    unsigned   from 1, lower than its own; 0 for the function itself
//!          name of what is inlined     unsigned
//!          file, line, column          unsigned   of the call that is replaced
//! site:    wasm offset difference      unsigned   from the site before (first: from the function's offset)
//!          number of its scope         unsigned   0 for the function itself
//!          file, line difference       signed     from the site before (first: from 0); line 0 is none
//!          column                      unsigned   0 for none
//! ```
//!
//! A site's place is that of all instructions up to the next site. A run ends where the next function's begins.

use crate::layout::Span;
use crate::pc_map::{read_signed, read_unsigned, write_signed, write_unsigned};

/// Everything that a report must know of the sources.
#[repr(C)]
pub struct Sources {
    /// [`crate::host::intrinsic::REPORT_SOURCE`], which reads the rest.
    pub report: u64,
    /// The functions, in the order of their offsets in the module.
    pub functions: Span<FunctionSource>,
    /// Bytes that [`FunctionSource::run`] points into.
    pub runs: Span<u8>,
    /// Names and files: LEB128 length, then UTF-8 bytes. Offset 0 holds an empty one.
    pub strings: Span<u8>,
}

/// A function of the module.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct FunctionSource {
    /// Bytes from the start of the module to its body.
    pub wasm_offset: u32,
    /// Where its run begins in [`Sources::runs`].
    pub run: u32,
}

/// A place in a source file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its file's offset in [`Sources::strings`].
    pub file: u32,
    /// Its line, from 1; 0 where it is not known.
    pub line: u32,
    /// Its column, from 1; 0 where it is not known.
    pub column: u32,
}

/// A function that was inlined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The number of the scope around it.
    pub parent: u32,
    /// Its name's offset in [`Sources::strings`].
    pub name: u32,
    /// The call that it replaces.
    pub call: Place,
}

/// Instructions that come from one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Bytes from the start of the module to the first.
    pub wasm_offset: u32,
    /// The number of the innermost scope.
    pub scope: u32,
    /// Where they come from.
    pub place: Place,
}

/// Appends the run of a function whose body begins at `wasm_offset`, through `push`.
pub fn write(wasm_offset: u32, scopes: &[Scope], sites: &[Site], mut push: impl FnMut(u8)) {
    write_unsigned(scopes.len() as u64, &mut push);
    for scope in scopes {
        let call = scope.call;
        for number in [scope.parent, scope.name, call.file, call.line, call.column] {
            write_unsigned(number.into(), &mut push);
        }
    }
    let (mut offset, mut last) = (wasm_offset, Place::default());
    for site in sites {
        write_unsigned((site.wasm_offset - offset).into(), &mut push);
        write_unsigned(site.scope.into(), &mut push);
        for (number, before) in [(site.place.file, last.file), (site.place.line, last.line)] {
            write_signed(i64::from(number) - i64::from(before), &mut push);
        }
        write_unsigned(site.place.column.into(), &mut push);
        (offset, last) = (site.wasm_offset, site.place);
    }
}

/// A reader of one function's run.
#[derive(Clone, Debug)]
pub struct FunctionRun<'a> {
    scopes: &'a [u8],
    count: u32,
    wasm_offset: u32,
}

impl<'a> FunctionRun<'a> {
    /// Reads the beginning of the run of a function whose body begins at `wasm_offset`. `None` when the bytes end too
    /// early.
    pub fn new(wasm_offset: u32, mut run: &'a [u8]) -> Option<Self> {
        let count = read_unsigned(&mut run)? as u32;
        Some(Self {
            scopes: run,
            count,
            wasm_offset,
        })
    }

    /// The site that holds the instruction at this offset of the module.
    pub fn find(&self, wasm_offset: u32) -> Option<Site> {
        let mut bytes = self.scopes;
        for _ in 0..self.count {
            read_scope(&mut bytes)?;
        }
        let mut site = Site {
            wasm_offset: self.wasm_offset,
            scope: 0,
            place: Place::default(),
        };
        let mut found = None;
        while !bytes.is_empty() {
            let offset = site.wasm_offset.wrapping_add(number(&mut bytes)?);
            if offset > wasm_offset {
                break;
            }
            let scope = number(&mut bytes)?;
            let file = read_signed(&mut bytes)? as u32;
            let line = read_signed(&mut bytes)? as u32;
            site = Site {
                wasm_offset: offset,
                scope,
                place: Place {
                    file: site.place.file.wrapping_add(file),
                    line: site.place.line.wrapping_add(line),
                    column: number(&mut bytes)?,
                },
            };
            found = Some(site);
        }
        found
    }

    /// The scope with this number; `None` for 0, the function itself.
    pub fn scope(&self, number: u32) -> Option<Scope> {
        let mut bytes = self.scopes;
        for _ in 1..number.min(self.count) {
            read_scope(&mut bytes)?;
        }
        let scope = read_scope(&mut bytes)?;
        ((1..=self.count).contains(&number) && scope.parent < number).then_some(scope)
    }
}

fn read_scope(bytes: &mut &[u8]) -> Option<Scope> {
    Some(Scope {
        parent: number(bytes)?,
        name: number(bytes)?,
        call: Place {
            file: number(bytes)?,
            line: number(bytes)?,
            column: number(bytes)?,
        },
    })
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    Some(read_unsigned(bytes)? as u32)
}
