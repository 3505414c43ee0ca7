//! What an executable at fixed addresses must satisfy, whichever linker made it: the state lies where code expects it,
//! the images where they belong, and nothing else lies in the address space of the state, the growable tables or the
//! memories.

use super::check::{Segment, fail, loaded};
use crate::error::{Error, ErrorKind, Result};
use crate::object::MappedImage;
use elfin_abi::address::{GROWABLE_TABLES_BASE, IMAGE_BASE, STATE_BASE, STATE_END};

/// Checks where an executable's segments lie. `state_len` is the number of bytes of state.
pub(super) fn layout(executable: &[u8], state_len: u64, images: &[MappedImage]) -> Result<()> {
    let mut rest = Vec::new();
    for segment in loaded(executable)? {
        if segment.start < GROWABLE_TABLES_BASE && segment.end > GROWABLE_TABLES_BASE {
            let message = format!(
                "the executable's code and data need {} MiB, more than the {} MiB that elfin has room for",
                (segment.end - IMAGE_BASE) >> 20,
                (GROWABLE_TABLES_BASE - IMAGE_BASE) >> 20
            );
            return Err(Error::new(ErrorKind::Limit, message));
        }
        if segment.end > GROWABLE_TABLES_BASE {
            rest.push(segment);
        }
    }
    // The runtime's own zero-initialised data lies behind the state.
    let Some((state, rest)) = rest.split_first() else {
        return fail("there is no state".to_owned());
    };
    if state.start != STATE_BASE || state.file_end < STATE_BASE + state_len || state.end > STATE_END
    {
        return fail(format!(
            "the state lies from {:#x} to {:#x}",
            state.start, state.end
        ));
    }
    let fits = |(segment, image): (&Segment, &MappedImage)| {
        segment.start == image.address && segment.end == image.address + image.len
    };
    match rest.iter().zip(images).find(|pair| !fits(*pair)) {
        Some((segment, _)) => fail(format!("no memory image belongs to {:#x}", segment.start)),
        None if rest.len() == images.len() => Ok(()),
        None => fail(format!(
            "{} segments stand for {} memory images",
            rest.len(),
            images.len()
        )),
    }
}
