//! Cookies of a directory's entries: the kernel's positions, made to fit 31 bits.
//!
//! A position has up to 63 bits: on ext4 it is a hash of the name behind it, and survives that other entries come and go.
//! `telldir` of wasi-libc gives the low 32 bits of a cookie, and `seekdir` takes them as a signed number. So a position
//! below [`OWN`] is its own cookie, and another one gets a number above: 30 bits of its hash, or the next number that no
//! other position has. The table that tells is the descriptor's, so one position has one cookie there, whoever reads
//! from wherever how often. It goes when the descriptor is closed.

use super::{Errno, Result};
use crate::sys::mapping::{Kept, Mapping, Zero};

/// The first cookie that is in the table, and the number of those.
const OWN: u64 = 1 << 30;

/// The number of slots of the first mapping: a page of 4 KiB.
const FIRST: usize = 256;

/// A cookie and what it stands for. Cookie 0 is a free slot.
pub(crate) struct Slot {
    cookie: u64,
    position: u64,
}

// SAFETY: two numbers.
#[allow(unsafe_code)]
unsafe impl Zero for Slot {}

/// The cookies of a directory.
#[derive(Default)]
pub(crate) struct Cookies {
    /// A hash table by cookie, of which half the slots are free at least.
    slots: Option<Mapping<Slot>>,
    used: usize,
}

/// The same, put away. Zero bytes are a table without entries.
#[derive(Clone, Copy)]
pub(crate) struct KeptCookies {
    slots: Kept<Slot>,
    used: usize,
}

impl KeptCookies {
    pub(crate) const NONE: KeptCookies = KeptCookies {
        slots: Kept::NONE,
        used: 0,
    };

    /// Takes the table back. There must be no other copy.
    pub(crate) fn take(self) -> Cookies {
        Cookies {
            slots: self.slots.take(),
            used: self.used,
        }
    }
}

impl Cookies {
    /// Puts the table away.
    pub(crate) fn keep(self) -> KeptCookies {
        KeptCookies {
            slots: self.slots.map_or(Kept::NONE, Mapping::keep),
            used: self.used,
        }
    }

    /// The position that a cookie stands for; `INVAL` if it is none of this directory's.
    pub(crate) fn position(&mut self, cookie: u64) -> Result<u64> {
        if cookie < OWN {
            return Ok(cookie);
        }
        match self.slots.as_mut().and_then(|slots| find(slots, cookie)) {
            Some(slot) if slot.cookie == cookie => Ok(slot.position),
            _ => Err(Errno::INVAL),
        }
    }

    /// The cookie that stands for a position.
    pub(crate) fn cookie(&mut self, position: u64) -> Result<u64> {
        if position < OWN {
            return Ok(position);
        }
        let mut number = position.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 34;
        loop {
            let cookie = OWN + number % OWN;
            let slot = find(self.slots()?, cookie).ok_or(Errno::NOMEM)?;
            let is_new = slot.cookie == 0;
            if is_new {
                *slot = Slot { cookie, position };
            }
            let is_it = slot.position == position;
            self.used += usize::from(is_new);
            if is_it {
                return Ok(cookie);
            }
            number += 1;
        }
    }

    /// The slots, with room for one more.
    fn slots(&mut self) -> Result<&mut Mapping<Slot>> {
        let len = self
            .slots
            .as_mut()
            .map_or(0, |slots| slots.elements().len());
        if self.used * 2 >= len {
            let mut larger = Mapping::new((len * 2).max(FIRST))?;
            for slot in self.slots.iter_mut().flat_map(Mapping::elements) {
                if slot.cookie != 0
                    && let Some(place) = find(&mut larger, slot.cookie)
                {
                    *place = Slot { ..*slot };
                }
            }
            self.slots = Some(larger);
        }
        self.slots.as_mut().ok_or(Errno::NOMEM)
    }
}

/// The slot of a cookie, or the free one where it belongs.
fn find(slots: &mut Mapping<Slot>, cookie: u64) -> Option<&mut Slot> {
    let slots = slots.elements();
    let start = cookie as usize & (slots.len() - 1);
    let is_it = |slot: &Slot| slot.cookie == cookie || slot.cookie == 0;
    let (before, behind) = slots.split_at_mut_checked(start)?;
    behind.iter_mut().chain(before).find(|slot| is_it(slot))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_positions_are_their_own_cookies() {
        let mut cookies = Cookies::default();
        for position in [0, 1, 512, OWN - 1] {
            assert_eq!(cookies.cookie(position), Ok(position));
            assert_eq!(cookies.position(position), Ok(position));
        }
        assert!(cookies.slots.is_none());
    }

    #[test]
    fn large_positions_have_one_cookie_each() {
        let mut cookies = Cookies::default();
        let positions = (0..10_000u64).map(|n| ((n + 1) << 33) | (n % 7));
        let given: std::vec::Vec<u64> = positions
            .clone()
            .map(|p| cookies.cookie(p).unwrap())
            .collect();
        assert!(given.iter().all(|&cookie| (OWN..2 * OWN).contains(&cookie)));
        for (position, cookie) in positions.zip(given) {
            assert_eq!(cookies.cookie(position), Ok(cookie));
            assert_eq!(cookies.position(cookie), Ok(position));
        }
        assert_eq!(cookies.used, 10_000);
    }

    #[test]
    fn a_number_that_is_taken_is_passed_over() {
        let mut cookies = Cookies::default();
        let cookie = cookies.cookie(u64::MAX >> 1).unwrap();
        // As if another position had had the number first.
        find(cookies.slots().unwrap(), cookie).unwrap().position = 1 << 40;
        assert_eq!(cookies.cookie(u64::MAX >> 1), Ok(cookie + 1));
        assert_eq!(cookies.position(cookie), Ok(1 << 40));
    }

    #[test]
    fn what_is_no_cookie_is_invalid() {
        let mut cookies = Cookies::default();
        assert_eq!(cookies.position(OWN), Err(Errno::INVAL));
        cookies.cookie(u64::MAX >> 1).unwrap();
        assert_eq!(cookies.position(u64::MAX), Err(Errno::INVAL));
        let kept = cookies.keep();
        assert_eq!(kept.take().used, 1);
    }
}
