//! The process.

pub(crate) use crate::sys::exit::exit;
pub(crate) use crate::sys::process::yield_now;
pub(crate) use crate::sys::signal::{Signal, raise};
