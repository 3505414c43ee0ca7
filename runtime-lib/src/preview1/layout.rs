//! Records as they lie in the guest's memory: little-endian, with C's alignment.

use super::flags::fdflags;
use crate::host::descriptors::Given;
use crate::host::directory::Entry;
use crate::host::stat::{Attributes, FileKind, Status};

/// Bytes of a `filestat`.
pub(super) const FILESTAT: usize = 64;
/// Bytes of an `fdstat`.
pub(super) const FDSTAT: usize = 24;
/// Bytes of a `dirent`, before the name.
pub(super) const DIRENT: usize = 24;
/// Bytes of a `prestat`.
pub(super) const PRESTAT: usize = 8;

/// A record that is filled in field by field.
pub(crate) struct Record<const N: usize> {
    bytes: [u8; N],
}

impl<const N: usize> Record<N> {
    /// All zero.
    pub(crate) fn new() -> Record<N> {
        Record { bytes: [0; N] }
    }

    /// Sets a field.
    pub(crate) fn set<const S: usize>(&mut self, offset: usize, field: [u8; S]) -> &mut Self {
        if let Some(place) = self.bytes.get_mut(offset..offset + S) {
            place.copy_from_slice(&field);
        }
        self
    }

    /// The record.
    pub(crate) fn bytes(&self) -> [u8; N] {
        self.bytes
    }
}

/// `filetype`.
pub(crate) fn filetype(kind: FileKind) -> u8 {
    match kind {
        FileKind::Other => 0,
        FileKind::BlockDevice => 1,
        FileKind::CharacterDevice => 2,
        FileKind::Directory => 3,
        FileKind::Regular => 4,
        FileKind::DatagramSocket => 5,
        FileKind::StreamSocket => 6,
        FileKind::SymbolicLink => 7,
    }
}

/// ```text
/// 0 dev  8 ino  16 filetype  24 nlink  32 size  40 atim  48 mtim  56 ctim
/// ```
pub(super) fn filestat(attributes: &Attributes) -> [u8; FILESTAT] {
    let mut record = Record::new();
    record.set(0, attributes.device.to_le_bytes());
    record.set(8, attributes.inode.to_le_bytes());
    record.set(16, [filetype(attributes.kind)]);
    record.set(24, attributes.links.to_le_bytes());
    record.set(32, attributes.size.to_le_bytes());
    record.set(40, attributes.accessed.to_le_bytes());
    record.set(48, attributes.modified.to_le_bytes());
    record.set(56, attributes.changed.to_le_bytes());
    record.bytes()
}

/// ```text
/// 0 fs_filetype  2 fs_flags  8 fs_rights_base  16 fs_rights_inheriting
/// ```
pub(super) fn fdstat(status: &Status, (base, inheriting): (u64, u64)) -> [u8; FDSTAT] {
    let mut record = Record::new();
    record.set(0, [filetype(status.kind)]);
    record.set(2, fdflags(status.flags).to_le_bytes());
    record.set(8, base.to_le_bytes());
    record.set(16, inheriting.to_le_bytes());
    record.bytes()
}

/// ```text
/// 0 d_next  8 d_ino  16 d_namlen  20 d_type
/// ```
pub(super) fn dirent(entry: &Entry<'_>) -> [u8; DIRENT] {
    let mut record = Record::new();
    record.set(0, entry.next.to_le_bytes());
    record.set(8, entry.inode.to_le_bytes());
    record.set(16, (entry.name.len() as u32).to_le_bytes());
    record.set(20, [filetype(entry.kind)]);
    record.bytes()
}

/// The tag of a directory is 0, the only one that the specification has. Libraries that look for directories skip other
/// tags, and stop, or even exit, at an error: so a listening socket in front of the directories has a tag, 1.
///
/// ```text
/// 0 tag  4 pr_name_len
/// ```
pub(super) fn prestat(given: &Given) -> [u8; PRESTAT] {
    let mut record = Record::new();
    match given {
        Given::Directory(name) => record.set(4, (name.len() as u32).to_le_bytes()),
        Given::Listener => record.set(0, [1]),
    };
    record.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_lie_where_wasi_libc_expects_them() {
        let stat = filestat(&Attributes {
            device: 1,
            inode: 2,
            kind: FileKind::Regular,
            links: 3,
            size: u64::MAX,
            accessed: 5,
            modified: 6,
            changed: 7,
        });
        let words: std::vec::Vec<u64> = stat
            .chunks(8)
            .map(|word| u64::from_le_bytes(word.try_into().unwrap()))
            .collect();
        assert_eq!(words, [1, 2, 4, 3, u64::MAX, 5, 6, 7]);
        let entry = dirent(&Entry {
            next: 1 << 40,
            inode: 9,
            kind: FileKind::Directory,
            name: b"ab",
        });
        assert_eq!(entry[0..8], (1u64 << 40).to_le_bytes());
        assert_eq!(entry[8..16], 9u64.to_le_bytes());
        assert_eq!(entry[16..24], [2, 0, 0, 0, 3, 0, 0, 0]);
        let directory = prestat(&Given::Directory(b"abc"));
        assert_eq!(directory, [0, 0, 0, 0, 3, 0, 0, 0]);
        assert_eq!(prestat(&Given::Listener), [1, 0, 0, 0, 0, 0, 0, 0]);
    }
}
