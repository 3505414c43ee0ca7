//! One wasm function becomes one CLIF function.
//!
//! The state of a translation is four things: the [`Environment`] (immutable), the value and control [`stack`]s, the
//! [`entities`] that this function has declared, and Cranelift's function builder. Together they are a
//! [`function::Lowering`]; each file lowers one family of instructions with it.

mod address;
mod atomic;
mod bulk;
mod bulk_function;
mod call;
mod carry;
mod constant;
mod control;
mod convert;
mod entities;
mod entry;
mod environment;
mod exception;
mod float;
mod function;
mod global;
mod inline;
mod instantiate;
mod integer;
mod legacy_exception;
mod locals;
mod location;
mod memory;
mod multiply;
mod operators;
mod popcount;
mod reference;
mod rounding;
mod simd;
mod source;
mod stack;
mod state;
mod stub;
mod swap;
mod switch;
mod symbol;
mod table;
mod wide;

pub use entry::{call, entry};
pub use environment::Environment;
pub use function::translate;
pub use instantiate::instantiate;
pub use location::{Locations, Site};
pub use source::{Expansion, Source, shared};
pub use stub::stub;
pub use symbol::{Intrinsic, Symbol};
