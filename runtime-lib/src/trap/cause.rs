//! What a signal means.
//!
//! Only a fault in a guard, or one that guest code is known to be able to raise, is a trap of WebAssembly; anything else
//! is a bug in elfin and is reported as one.
//!
//! # Safety
//!
//! The compiler wrote the addresses of the memories.
#![allow(unsafe_code)]

use super::lookup::{Place, find_chunk};
use crate::program::elements;
use crate::start::GuestStack;
use core::ptr::with_exposed_provenance;
use elfin_abi::layout::{Memory, Program};
use elfin_abi::trap::Trap;
use linux_raw_sys::general::{BUS_ADRERR, SIGBUS, SIGSEGV};

/// A signal as the kernel describes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    /// Its number.
    pub(super) signal: u32,
    /// `si_code`; above 0 for a fault, otherwise another process (or this one) sent it.
    pub(super) code: i32,
    /// `si_addr`: of SIGSEGV and SIGBUS, the address that was accessed.
    pub(super) address: u64,
    /// The instruction that was interrupted.
    pub(super) pc: u64,
}

/// Why the process is to end.
pub(super) enum Cause {
    /// A trap that the faulting instruction's entry in the PC map names.
    Trap(Trap),
    /// Guest code accessed this memory at this address, counted from its base.
    OutOfBounds(&'static Memory, u64),
    /// The kernel could not supply a page of a linear memory, at this address.
    Bus(u64),
    /// The guest stack's guard was hit.
    StackOverflow,
    /// The signal was sent by a process.
    Outside,
    /// A bug in elfin.
    Bug,
}

impl Cause {
    /// What this fault means for this program, running on this stack.
    pub(super) fn of(fault: &Fault, program: &'static Program, stack: &GuestStack) -> Self {
        if fault.code <= 0 {
            return Self::Outside;
        }
        if fault.signal != SIGSEGV && fault.signal != SIGBUS {
            let site = Place::find(program, fault.pc).and_then(|place| place.site());
            return match site.and_then(|site| Trap::from_code(site.trap)) {
                Some(trap) => Self::Trap(trap),
                None => Self::Bug,
            };
        }
        if (stack.guard..stack.bottom).contains(&fault.address) {
            return Self::StackOverflow;
        }
        let Some((memory, address)) = find_memory(program, fault.address) else {
            return Self::Bug;
        };
        if address < memory.size {
            // Its pages are all there: only a file behind one can have gone.
            return match (fault.signal, fault.code as u32) {
                (SIGBUS, BUS_ADRERR) => Self::Bus(fault.address),
                _ => Self::Bug,
            };
        }
        match find_chunk(program, fault.pc) {
            Some(_) => Self::OutOfBounds(memory, address),
            None => Self::Bug,
        }
    }
}

impl Cause {
    /// The trap of WebAssembly that this is, if it is one.
    pub(super) fn trap(&self) -> Option<Trap> {
        match *self {
            Self::Trap(trap) => Some(trap),
            Self::OutOfBounds(..) => Some(Trap::MemoryOutOfBounds),
            Self::StackOverflow => Some(Trap::StackOverflow),
            Self::Bus(_) | Self::Outside | Self::Bug => None,
        }
    }
}

/// The memory whose reservation holds this address, and the address counted from its base.
fn find_memory(program: &'static Program, address: u64) -> Option<(&'static Memory, u64)> {
    elements(&program.memories).iter().find_map(|init| {
        // SAFETY: see above.
        let memory: &Memory = unsafe { &*with_exposed_provenance(init.memory as usize) };
        let offset = address.wrapping_sub(memory.base);
        (offset < init.reservation).then_some((memory, offset))
    })
}
