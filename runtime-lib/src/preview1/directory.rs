//! `fd_readdir`: entries one behind the other, the last one cut where the buffer ends. A buffer that isn't full tells
//! the guest that there are no more.

use super::errno::Result;
use super::layout::dirent;
use super::rights;
use crate::guest::Guest;
use crate::host::directory;

pub(super) fn fd_readdir(
    guest: &Guest,
    fd: u32,
    buf: u32,
    buf_len: u32,
    cookie: u64,
    used: u32,
) -> Result<()> {
    let place = guest.place(used)?;
    let mut buffer = guest.bytes(buf, buf_len)?;
    rights::need(fd, rights::FD_READDIR)?;
    let mut len = 0;
    directory::read(fd, cookie, |entry| {
        len += buffer.write_at(len, &dirent(entry));
        len += buffer.write_at(len, entry.name);
        len < buffer.len()
    })?;
    place.set((len as u32).to_le_bytes());
    Ok(())
}
