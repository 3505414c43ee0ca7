//! Where linear memories lie in the address space.
//!
//! ```text
//! x86-64            aarch64, riscv64
//! 0x4000_0000       0x10_0000_0000     memory 0, then the others while they lie below the next line
//! 0x1000_0000_0000  0x20_0000_0000     ends what is ours, or what a machine with 39 bits of addresses has for us
//!                   0x100_0000_0000    the others
//!                   0x1000_0000_0000   ends what is ours
//! ```
//!
//! qemu-user puts stacks and mappings at 0x40_0000_0000 (riscv64) and 0x55_0000_0000 (aarch64), kernels at the other end
//! of the address space, or from a third or a quarter of it upwards where the stack is unlimited. All bases but that of
//! memory 0 on x86-64 are multiples of 4 GiB: one instruction on aarch64.

use super::{Memory, MemoryId, Program};
use crate::error::{Error, ErrorKind, Result};
use crate::target::Target;
use cranelift_entity::PrimaryMap;
use elfin_abi::address::{MAX_PAGE_SIZE, MEMORY_RESERVATION};

/// Where each memory lies.
pub type Places = PrimaryMap<MemoryId, Place>;

/// The address space of one memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// Address of its first byte.
    pub base: u64,
    /// Bytes that it may grow to: as its type says, or as there is room.
    pub maximum: u64,
    /// Bytes from the base in which nothing else lies.
    pub reservation: u64,
    /// Bytes from the base that the runtime maps to keep them free. For memory 0 alone, since qemu-user takes memory
    /// for each page; nobody maps where the others lie.
    pub kept_free: u64,
}

/// Bytes behind the end of a 64-bit memory that are never mapped: an access whose index was found to be inside, and
/// that reaches no further than this beyond it, needs no other check.
pub const GUARD: u64 = 2 << 30;

/// The size that a memory with 32-bit indices may grow to: sixteen pages less than 4 GiB. [`crate::optimize`] makes use of
/// an index that lies inside being no index of the last bytes.
pub const LARGEST_32: u64 = (1 << 32) - (16 << 16);

/// The reservation of an unchecked memory: what an index and an offset can reach, 4 GiB each. An offset that reaches
/// beyond 4 GiB by itself is checked.
const UNCHECKED: u64 = 8 << 30;

/// Multiples of this are what memories begin at.
const ALIGNMENT: u64 = 1 << 32;

/// The least and the most that a 64-bit memory without a maximum gets, with its guard.
const SHARE: (u64, u64) = (16 << 30, 256 << 30);

/// Where memories may lie, in ascending order; the first region begins with memory 0.
fn regions(target: Target) -> Vec<(u64, u64)> {
    const END: u64 = 0x1000_0000_0000;
    match target {
        Target::X86_64 => vec![(target.memory_base(), END)],
        Target::Aarch64 | Target::Riscv64 => vec![
            (target.memory_base(), 0x20_0000_0000),
            (0x100_0000_0000, END),
        ],
    }
}

/// Places the memories of a program in the order of their addresses.
pub(super) fn place(program: &Program<'_>, target: Target) -> Result<Places> {
    let mut places = Places::with_capacity(program.memories.len());
    let mut regions = regions(target).into_iter();
    let (mut next, mut end) = regions.next().expect("there is a region");
    let share = (end - next) / program.memories.len().max(1) as u64;
    let share = share.clamp(SHARE.0, SHARE.1) / ALIGNMENT * ALIGNMENT;
    for (id, memory) in &program.memories {
        let (reservation, maximum) = needs(id, memory, share).ok_or_else(|| no_room(memory))?;
        while end.saturating_sub(next) < reservation {
            (next, end) = regions.next().ok_or_else(|| no_room(memory))?;
        }
        let is_first = id.as_u32() == 0 && !memory.is_checked();
        places.push(Place {
            base: next,
            maximum,
            reservation,
            kept_free: if is_first { reservation } else { 0 },
        });
        next = (next + reservation).next_multiple_of(ALIGNMENT);
    }
    Ok(places)
}

/// The reservation of a memory, and the size that it may then grow to. `None` for more than numbers can say.
fn needs(id: MemoryId, memory: &Memory, share: u64) -> Option<(u64, u64)> {
    if !memory.is_checked() {
        let is_first = id.as_u32() == 0;
        let reservation = if is_first {
            MEMORY_RESERVATION
        } else {
            UNCHECKED
        };
        return Some((reservation, memory.maximum));
    }
    let maximum = memory.maximum.min((share - GUARD).max(memory.initial));
    let reservation = maximum.checked_next_multiple_of(MAX_PAGE_SIZE)?;
    Some((reservation.checked_add(GUARD)?, maximum))
}

fn no_room(memory: &Memory) -> Error {
    let message = format!(
        "there is no room in the address space for a memory that begins with {} bytes beside the others",
        memory.initial
    );
    Error::new(ErrorKind::Limit, message)
}
