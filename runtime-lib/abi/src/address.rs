//! The address map of a non-position-independent executable.
//!
//! ```text
//! 0x0040_0000  the executable's own segments: text, read-only data, the runtime's data
//! 0x2000_0000  storage of growable tables
//! 0x3000_0000  module state: globals, memory and table descriptors, tables of fixed size
//! 0x4000_0000  linear memory 0 (x86-64), or 0x10_0000_0000 (aarch64, riscv64)
//!              further linear memories behind it; the compiler chooses where
//! ```
//!
//! A position-independent executable has none of these addresses: the kernel chooses where its segments lie, state
//! among them, and the runtime where memories and growable tables do.
//!
//! Module state is addressed as a constant with 16 zero low bits plus an offset; the constant is one instruction on
//! each target, and so is a linear memory's base on aarch64 and riscv64. On x86-64 base plus static offset fit the
//! signed 32-bit displacement of an access.

/// Where the executable's own segments begin.
pub const IMAGE_BASE: u64 = 0x40_0000;

/// Where the storage of growable tables begins. It is reserved by the runtime at start.
pub const GROWABLE_TABLES_BASE: u64 = 0x2000_0000;

/// Where module state begins: the section [`crate::layout::STATE_SECTION`].
pub const STATE_BASE: u64 = 0x3000_0000;

/// Where module state must end at the latest.
pub const STATE_END: u64 = 0x4000_0000;

/// Linear memory 0 on x86-64.
pub const MEMORY_BASE_X86_64: u64 = 0x4000_0000;

/// Linear memory 0 on aarch64 and riscv64. qemu-user puts stacks at 0x40_0000_0000 (riscv64) and 0x55_0000_0000
/// (aarch64), both above the reservation.
pub const MEMORY_BASE_HIGH: u64 = 0x10_0000_0000;

/// Bytes of address space that belong to a 32-bit linear memory: 4 GiB that an index reaches, 4 GiB that a static
/// offset adds to it, and 64 KiB for the width of the access. No other mapping lies there, so an access that misses
/// the memory faults.
pub const MEMORY_RESERVATION: u64 = (8 << 30) + (64 << 10);

/// The largest page size of the three targets' kernels; segments and mappings are aligned to it.
pub const MAX_PAGE_SIZE: u64 = 0x1_0000;

/// Bytes of a WebAssembly page.
pub const WASM_PAGE_SIZE: u64 = 0x1_0000;
