//! What Cranelift makes of a function, in a form that nothing but the function's CLIF and the machine decide: other
//! functions are known by their number among the names that this one uses, places in the module by the function's source
//! locations. So it can be kept, and used where the CLIF is the same again.

use super::catching::{self, CatchingCall};
use super::{Relocation, RelocationTarget, unwind};
use crate::error::{Error, ErrorKind, Result};
use cranelift_codegen::ir::{ExternalName, SourceLoc, TrapCode, UserExternalNameRef};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{CompiledCode, FinalizedRelocTarget};
use elfin_abi::trap::Trap;

/// The machine code of a function.
#[derive(Debug, PartialEq)]
pub(super) struct MachineCode {
    /// Its bytes, with constants behind the instructions.
    pub(super) bytes: Vec<u8>,
    /// What its start must be a multiple of.
    pub(super) alignment: u32,
    /// Where addresses go in, in ascending order of the offsets.
    pub(super) relocations: Vec<Relocation<Referent>>,
    /// The calls and the instructions that can trap, in ascending order.
    pub(super) sites: Vec<Site>,
    /// The calls whose exceptions it catches, in the order of their addresses.
    pub(super) catching_calls: Vec<CatchingCall>,
    /// What debuggers are told of it, if the machine is asked for that.
    pub(super) debug: Option<Debug>,
}

/// What a function refers to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Referent {
    /// What its CLIF names.
    Name(UserExternalNameRef),
    /// Its own second version, see [`crate::optimize::versions`].
    Version,
}

/// A call, or an instruction that can trap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Site {
    /// Bytes from the start of the function: the last byte of a call, the first of another instruction.
    pub(super) pc: u32,
    /// The code of [`Trap`]; 0 for a call, and for an access, whose meaning follows from the faulting address.
    pub(super) trap: u8,
    /// Where it comes from, if Cranelift says so.
    pub(super) location: Option<Location>,
}

/// A source location, relative to the function's first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Location(pub(super) u32);

/// What debuggers are told.
#[derive(Debug, PartialEq)]
pub(super) struct Debug {
    /// Where the machine code of an instruction begins, in bytes from the start of the function, and where the instruction
    /// comes from; in ascending order of the first.
    pub(super) locations: Vec<(u32, Location)>,
    /// How its frame is set up, see [`super::DebugInfo`].
    pub(super) frame: Vec<u8>,
}

impl Location {
    /// As the function has it whose first source location is `base`.
    pub(super) fn absolute(self, base: SourceLoc) -> SourceLoc {
        SourceLoc::new(self.0.wrapping_add(base.bits()))
    }

    fn new(location: SourceLoc, base: SourceLoc) -> Option<Self> {
        (!location.is_default()).then(|| Self(location.bits().wrapping_sub(base.bits())))
    }
}

impl MachineCode {
    /// From Cranelift's result for a function whose first source location is `base`, and whose second version has this name.
    pub(super) fn new(
        isa: &dyn TargetIsa,
        code: &CompiledCode,
        base: SourceLoc,
        version: Option<UserExternalNameRef>,
    ) -> Result<Self> {
        Ok(Self {
            bytes: code.code_buffer().to_vec(),
            alignment: code.buffer.alignment,
            relocations: relocations(code, version)?,
            sites: sites(code, base),
            catching_calls: catching::calls(code),
            debug: debug(isa, code, base)?,
        })
    }
}

impl MachineCode {
    /// Whether the function has a second version.
    pub(super) fn has_version(&self) -> bool {
        let mut relocations = self.relocations.iter();
        relocations
            .any(|relocation| relocation.target == RelocationTarget::Symbol(Referent::Version))
    }
}

fn relocations(
    code: &CompiledCode,
    version: Option<UserExternalNameRef>,
) -> Result<Vec<Relocation<Referent>>> {
    let relocations = code.buffer.relocs().iter().map(|relocation| {
        let target = match &relocation.target {
            FinalizedRelocTarget::ExternalName(ExternalName::User(name))
                if Some(*name) == version =>
            {
                RelocationTarget::Symbol(Referent::Version)
            }
            FinalizedRelocTarget::ExternalName(ExternalName::User(name)) => {
                RelocationTarget::Symbol(Referent::Name(*name))
            }
            FinalizedRelocTarget::Func(offset) => RelocationTarget::Local(*offset),
            FinalizedRelocTarget::ExternalName(other) => {
                let message =
                    format!("generated code calls {other:?}, which the runtime does not have");
                return Err(Error::new(ErrorKind::Internal, message));
            }
        };
        Ok(Relocation {
            offset: relocation.offset,
            kind: relocation.kind,
            target,
            addend: relocation.addend,
        })
    });
    relocations.collect()
}

fn sites(code: &CompiledCode, base: SourceLoc) -> Vec<Site> {
    let traps = code.buffer.traps().iter();
    let traps = traps.map(|trap| (trap.offset, code_of(trap.code)));
    let calls = code.buffer.call_sites().map(|site| (site.ret_addr - 1, 0));
    let mut sites: Vec<(u32, u8)> = traps.chain(calls).collect();
    sites.sort_unstable_by_key(|(pc, trap)| (*pc, std::cmp::Reverse(*trap)));
    sites.dedup_by_key(|(pc, _)| *pc);
    let runs = code.buffer.get_srclocs_sorted();
    let located = sites.into_iter().map(|(pc, trap)| {
        let run = runs.get(runs.partition_point(|run| run.end <= pc));
        let run = run.filter(|run| run.start <= pc);
        Site {
            pc,
            trap,
            location: run.and_then(|run| Location::new(run.loc, base)),
        }
    });
    located.collect()
}

/// The code that the runtime knows, 0 for accesses.
fn code_of(code: TrapCode) -> u8 {
    match code {
        TrapCode::HEAP_OUT_OF_BOUNDS | TrapCode::STACK_OVERFLOW => 0,
        TrapCode::INTEGER_OVERFLOW => Trap::IntegerOverflow as u8,
        TrapCode::INTEGER_DIVISION_BY_ZERO => Trap::IntegerDivideByZero as u8,
        TrapCode::BAD_CONVERSION_TO_INTEGER => Trap::InvalidConversionToInteger as u8,
        own => own.as_raw().get(),
    }
}

fn debug(isa: &dyn TargetIsa, code: &CompiledCode, base: SourceLoc) -> Result<Option<Debug>> {
    if !isa.flags().unwind_info() {
        return Ok(None);
    }
    let runs = code.buffer.get_srclocs_sorted().iter();
    let located = runs.filter_map(|run| Some((run.start, Location::new(run.loc, base)?)));
    Ok(Some(Debug {
        locations: located.collect(),
        frame: unwind::frame(isa, code)?,
    }))
}
