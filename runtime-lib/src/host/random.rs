//! Random numbers from the kernel.

use super::{Errno, Result};
use crate::sys::clock::random;
use core::mem::MaybeUninit;

/// Fills the buffer.
pub(crate) fn fill(mut buffer: &mut [MaybeUninit<u8>]) -> Result<()> {
    while !buffer.is_empty() {
        let filled = match random(buffer) {
            Err(Errno::INTR) => 0,
            result => result?,
        };
        buffer = buffer.get_mut(filled..).ok_or(Errno::IO)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_large_buffers() {
        let mut buffer = std::vec![MaybeUninit::new(0u8); 100_000];
        assert_eq!(fill(&mut buffer), Ok(()));
        // SAFETY: initialised above.
        #[allow(unsafe_code)]
        let zeros = buffer
            .iter()
            .filter(|byte| unsafe { byte.assume_init() } == 0);
        assert!(zeros.count() < 1000);
    }
}
