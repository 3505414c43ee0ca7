//! What happens when the runtime itself is wrong.

use crate::message::Message;
use crate::sys::exit::exit;
use elfin_abi::TRAP_EXIT_STATUS;

/// Says so and ends the process. What went wrong is left out: the text would bring all of `core::fmt` along.
#[cfg_attr(elfin_archive, panic_handler)]
#[cfg_attr(
    not(elfin_archive),
    expect(dead_code, reason = "a host build has the handler of std")
)]
fn panic(_: &core::panic::PanicInfo) -> ! {
    Message::error()
        .text("internal error in the runtime\nThis is a bug in elfin, not in the program: please report it.\n")
        .send();
    exit(TRAP_EXIT_STATUS)
}
