//! Where the instructions of a function come from: offsets of the module, and which inlined calls they lie in.

use crate::optimize::Inlined;
use cranelift_codegen::ir::SourceLoc;

/// What the source locations of a CLIF function stand for: each is an index of [`sites`](Self::sites). So a function's
/// CLIF does not depend on where in the module it lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Locations {
    /// The instructions that were lowered, in that order; the first stands for the function's start.
    pub sites: Vec<Site>,
    /// The calls in whose place a function was put. A call inside of such a function comes after that function's own.
    pub calls: Vec<InlinedCall>,
}

/// An instruction of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Bytes from the start of the module.
    pub offset: u32,
    /// The innermost inlined call that it lies in, counted from 1; 0 for the function itself.
    pub call: u32,
}

/// A call in whose place a function was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InlinedCall {
    /// The function.
    pub callee: Inlined,
    /// Where the call is.
    pub site: Site,
}

impl Locations {
    /// Adds an instruction; gives what stands for it.
    pub(super) fn add(&mut self, site: Site) -> SourceLoc {
        self.sites.push(site);
        SourceLoc::new(self.sites.len() as u32 - 1)
    }

    /// Adds an inlined call; gives its number, counted from 1.
    pub(super) fn add_call(&mut self, callee: Inlined, site: Site) -> u32 {
        self.calls.push(InlinedCall { callee, site });
        self.calls.len() as u32
    }

    /// What a source location stands for.
    pub fn site(&self, location: SourceLoc) -> Option<Site> {
        self.sites.get(location.bits() as usize).copied()
    }

    /// The offset of an instruction or, if it was inlined, of the function's own call that it lies in.
    pub fn own_offset(&self, mut site: Site) -> u32 {
        while let Some(around) = site.call.checked_sub(1) {
            site = self.calls[around as usize].site;
        }
        site.offset
    }

    /// Where the function begins; 0 for one that no module has.
    pub fn start(&self) -> u32 {
        self.sites.first().map_or(0, |site| site.offset)
    }
}
