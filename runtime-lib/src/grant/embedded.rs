//! Directories inside the executable.
#![allow(unsafe_code)]

use super::refuse_grant;
use crate::host::descriptors;
use crate::program::elements;
use elfin_abi::layout::EmbeddedDirectory;

/// [`elfin_abi::host::intrinsic::OPEN_EMBEDDED`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_open_embedded(directory: &'static EmbeddedDirectory) {
    let guest = elements(&directory.guest);
    let opened = descriptors::insert_embedded_directory(directory.node as u32, guest);
    if let Err(errno) = opened {
        refuse_grant("cannot open the embedded directory", guest, errno);
    }
}
