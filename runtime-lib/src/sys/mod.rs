//! System calls. With [`crate::arch`], the only place that makes them.

pub(crate) mod clock;
pub(crate) mod exit;
pub(crate) mod file;
pub(crate) mod futex;
pub(crate) mod mapping;
pub(crate) mod memory;
pub(crate) mod output;
pub(crate) mod path;
pub(crate) mod poll;
pub(crate) mod process;
pub(crate) mod sandbox;
pub(crate) mod signal;
pub(crate) mod socket;
pub(crate) mod vector;
