//! System calls. With [`crate::arch`], the only place that makes them.

pub(crate) mod exit;
pub(crate) mod memory;
pub(crate) mod output;
pub(crate) mod signal;
