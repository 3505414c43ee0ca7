//! All environment variables. Those that are granted one by one need no preparation: the program lists them.
#![allow(unsafe_code)]

use crate::host::environment;
use crate::start::{process, refuse_mapping};
use core::ffi::CStr;
use elfin_abi::grant::{DIRECTORIES, LISTENERS, VARIABLES};

/// [`elfin_abi::host::intrinsic::INHERIT_ENVIRONMENT`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_inherit_environment(hides_grants: u64) {
    reserve(process().environment().count());
    for text in process().environment().map(CStr::to_bytes) {
        let mut parts = text.splitn(2, |&byte| byte == b'=');
        let (Some(name), Some(_)) = (parts.next(), parts.next()) else {
            continue;
        };
        let is_grant = [DIRECTORIES, VARIABLES, LISTENERS].contains(&name);
        if !(is_grant && hides_grants != 0) {
            environment::add(name, text);
        }
    }
}

/// Makes room for so many more variables, or ends the process.
pub(super) fn reserve(count: usize) {
    if let Err(errno) = environment::reserve(count) {
        let len = count * size_of::<&[u8]>();
        refuse_mapping("environment", len as u64, errno);
    }
}
