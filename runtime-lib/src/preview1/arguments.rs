//! Arguments, environment variables: both are an array of pointers and a buffer of strings, whose sizes the guest asks
//! for first.

use super::errno::Result;
use crate::guest::Guest;
use crate::host::Errno;
use crate::host::environment::{arguments, variables};

pub(super) fn args_sizes_get(guest: &Guest, count: u32, size: u32) -> Result<()> {
    put_sizes(guest, arguments(), count, size)
}

pub(super) fn args_get(guest: &Guest, argv: u32, argv_buf: u32) -> Result<()> {
    put_strings(guest, arguments, argv, argv_buf)
}

pub(super) fn environ_sizes_get(guest: &Guest, count: u32, size: u32) -> Result<()> {
    put_sizes(guest, variables(), count, size)
}

pub(super) fn environ_get(guest: &Guest, environ: u32, environ_buf: u32) -> Result<()> {
    put_strings(guest, variables, environ, environ_buf)
}

/// The number of strings, and the bytes that they take with a closing zero each.
fn sizes(strings: impl Iterator<Item = &'static [u8]>) -> Result<(u32, u32)> {
    let (mut count, mut size) = (0u32, 0usize);
    for string in strings {
        count = count.checked_add(1).ok_or(Errno::OVERFLOW)?;
        size = size.checked_add(string.len() + 1).ok_or(Errno::OVERFLOW)?;
    }
    let size = u32::try_from(size).map_err(|_| Errno::OVERFLOW)?;
    Ok((count, size))
}

fn put_sizes(
    guest: &Guest,
    strings: impl Iterator<Item = &'static [u8]>,
    count_at: u32,
    size_at: u32,
) -> Result<()> {
    let (count_place, size_place) = (guest.place(count_at)?, guest.place(size_at)?);
    let (count, size) = sizes(strings)?;
    count_place.set(count.to_le_bytes());
    size_place.set(size.to_le_bytes());
    Ok(())
}

fn put_strings<I: Iterator<Item = &'static [u8]>>(
    guest: &Guest,
    strings: impl Fn() -> I,
    pointers_at: u32,
    buffer_at: u32,
) -> Result<()> {
    let (count, size) = sizes(strings())?;
    let mut pointers = guest.array(pointers_at, count, 4)?;
    let mut buffer = guest.bytes(buffer_at, size)?;
    let (mut pointer, mut offset) = (0, 0);
    for string in strings() {
        let address = buffer_at.wrapping_add(offset as u32);
        pointer += pointers.write_at(pointer, &address.to_le_bytes());
        offset += buffer.write_at(offset, string);
        offset += buffer.write_at(offset, &[0]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest::testing::TestMemory;

    fn strings() -> impl Iterator<Item = &'static [u8]> {
        [b"app".as_slice(), b"", b"-v"].into_iter()
    }

    #[test]
    fn strings_behind_their_pointers() {
        let memory = TestMemory::new(64);
        assert_eq!(put_sizes(&memory.guest(), strings(), 0, 4), Ok(()));
        assert_eq!((memory.get_u32(0), memory.get_u32(4)), (3, 8));
        assert_eq!(put_strings(&memory.guest(), strings, 8, 56), Ok(()));
        assert_eq!(memory.get(56, 8), b"app\0\0-v\0");
        let pointers = [8, 12, 16].map(|at| memory.get_u32(at));
        assert_eq!(pointers, [56, 60, 61]);
    }

    #[test]
    fn nothing_is_written_when_one_pointer_is_bad() {
        let memory = TestMemory::new(64);
        let before = memory.get(0, 64);
        assert_eq!(
            put_strings(&memory.guest(), strings, 8, 57),
            Err(Errno::FAULT)
        );
        assert_eq!(
            put_strings(&memory.guest(), strings, 53, 0),
            Err(Errno::FAULT)
        );
        assert_eq!(
            put_sizes(&memory.guest(), strings(), 0, 61),
            Err(Errno::FAULT)
        );
        assert_eq!(memory.get(0, 64), before);
    }
}
