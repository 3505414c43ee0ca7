//! A panic, here or in the compiler library, is a bug in elfin, and the user is told so in those words.

use crate::failure::{Failure, Result, tell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

/// From now on a panic prints what a user can do about it. With `RUST_BACKTRACE` set, the backtrace too.
pub(crate) fn report_panics() {
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Several threads compile; the first bug is enough.
        static FIRST: Once = Once::new();
        FIRST.call_once(|| {
            if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
                default(info);
            }
            report(&describe(info));
        });
    }));
}

/// Runs `work`; a panic in it becomes a failure, after everything that it held was dropped.
pub(crate) fn catch<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // Nothing that `work` has touched is looked at afterwards.
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Failure::Bug(None)))
}

/// Tells the user about a bug.
pub(crate) fn report(message: &str) {
    tell("error", format_args!("{message}"));
    tell(
        "note",
        format_args!(
            "this is a bug in elfin {}; please report it, with the folder that `elfin compile --save-inputs DIR` writes",
            env!("CARGO_PKG_VERSION")
        ),
    );
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("a panic");
    match info.location() {
        Some(place) => format!("{message} ({}:{})", place.file(), place.line()),
        None => message.to_owned(),
    }
}
