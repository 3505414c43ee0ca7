//! The callers of a function, by the chain of frame pointers.
//!
//! ```text
//! fp + 8   return address      the same on x86-64, aarch64 and riscv64
//! fp       caller's fp
//! ```

use super::lookup::Place;
use crate::arch::{Caller, Registers, code_address};
use crate::start::GuestStack;
use elfin_abi::layout::Program;

/// The guest's frames, innermost first, until the first return address that is not in guest code.
#[derive(Clone)]
pub(super) struct Walk<'a> {
    program: &'static Program,
    stack: &'a GuestStack,
    registers: &'a Registers,
    /// The next frame's program counter; of a caller, of the last byte of its call.
    pc: Option<u64>,
    /// The next frame's frame pointer.
    fp: u64,
    innermost: bool,
}

impl<'a> Walk<'a> {
    /// The frames of what a signal interrupted.
    pub(super) fn new(
        program: &'static Program,
        registers: &'a Registers,
        stack: &'a GuestStack,
    ) -> Self {
        Self {
            program,
            stack,
            registers,
            pc: Some(registers.pc),
            fp: registers.fp,
            innermost: true,
        }
    }

    /// The return address of the function at `place`. Its caller's frame pointer is made the present one.
    fn leave(&mut self, place: &Place) -> Option<u64> {
        let frameless = place.map.frameless || place.offset < place.map.prologue;
        if self.innermost && frameless {
            return match self.registers.caller {
                Caller::OnStack(address) => self.stack.word(address),
                Caller::InRegister(return_address) => Some(return_address),
            };
        }
        let fp = self.fp;
        let return_address = self.stack.word(fp.checked_add(8)?)?;
        self.fp = self.stack.word(fp)?;
        // Callers lie above; a chain that does not ascend is broken. The outermost frame's ends in 0.
        (self.fp > fp || self.fp == 0).then_some(return_address)
    }
}

impl Iterator for Walk<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let place = Place::find(self.program, self.pc?)?;
        self.pc = self
            .leave(&place)
            .and_then(|address| code_address(address).checked_sub(1));
        self.innermost = false;
        Some(place)
    }
}
