//! What reading debug information may cost. Parts of it refer to each other, so a small module can make a reader do
//! anything; work that is out of proportion to the size ends in an error.

use std::sync::atomic::{AtomicI64, Ordering};

/// Units of work that every byte of debug information allows: four rows of a line table, or an entry with thirty
/// attributes.
const PER_BYTE: usize = 64;

/// Why debug information can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is not what the DWARF standard describes.
    Malformed(gimli::Error),
    /// It refers to itself out of all proportion.
    OutOfMeasure,
    /// It was made for other code than the module's.
    Stale,
}

impl From<gimli::Error> for Trouble {
    fn from(error: gimli::Error) -> Self {
        Trouble::Malformed(error)
    }
}

/// The work that is left. All threads share it; whether it is enough does not depend on their order.
pub(super) struct Budget(AtomicI64);

impl Budget {
    /// For this many bytes of debug information.
    pub(super) fn new(bytes: usize) -> Self {
        let units = bytes.saturating_mul(PER_BYTE).saturating_add(1 << 20);
        Self(AtomicI64::new(i64::try_from(units).unwrap_or(i64::MAX)))
    }

    /// Takes away `units` of work.
    pub(super) fn spend(&self, units: usize) -> Result<(), Trouble> {
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        let before = self.0.fetch_sub(units, Ordering::Relaxed);
        match before.checked_sub(units) {
            Some(0..) => Ok(()),
            _ => {
                // Keeps the sum from wrapping around.
                self.0.store(-1, Ordering::Relaxed);
                Err(Trouble::OutOfMeasure)
            }
        }
    }

    /// Whether it was enough for everything.
    pub(super) fn sufficed(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= 0
    }
}
