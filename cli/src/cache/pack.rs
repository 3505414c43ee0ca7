//! A file of many entries, since a module has thousands of functions, and a file for each would take longer than
//! compiling them.
//!
//! ```text
//! entries           one behind the other
//! index             key (32 bytes), offset (8) and length (4) of each entry
//! end of the file   offset of the index (8), its checksum (32)
//! ```
//!
//! Numbers are little-endian. Nothing in a pack changes once it has its name. The index is checked here, entries by
//! whoever reads them.

use super::folder::Unfinished;
use elfin_compiler::cache::Key;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;

/// Bytes of an entry's line in the index.
const LINE: usize = size_of::<Key>() + 8 + 4;

/// Bytes of the end.
const END: usize = 8 + 32;

/// Where an entry lies in its pack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) start: u64,
    pub(super) len: u32,
}

/// A pack that is read.
pub(super) struct Pack {
    file: File,
    /// Its bytes.
    pub(super) len: u64,
}

impl Pack {
    /// Opens a pack; gives the places of its entries as well. An error if it is none, or damaged.
    pub(super) fn open(file: File) -> io::Result<(Self, Vec<(Key, Place)>)> {
        let len = file.metadata()?.len();
        let end_at = len.checked_sub(END as u64).ok_or_else(damaged)?;
        let mut end = [0; END];
        file.read_exact_at(&mut end, end_at)?;
        let (start, checksum) = end.split_first_chunk().expect("it is longer");
        let start = u64::from_le_bytes(*start);
        let index_len = end_at.checked_sub(start).ok_or_else(damaged)?;
        let mut index = vec![0; index_len as usize];
        file.read_exact_at(&mut index, start)?;
        let is_whole = blake3::hash(&index).as_bytes() == checksum;
        if !is_whole || !index.len().is_multiple_of(LINE) {
            return Err(damaged());
        }
        Ok((Self { file, len }, index.chunks(LINE).map(line).collect()))
    }

    /// The bytes of an entry.
    pub(super) fn read(&self, place: Place) -> io::Result<Vec<u8>> {
        let mut entry = vec![0; place.len as usize];
        self.file.read_exact_at(&mut entry, place.start)?;
        Ok(entry)
    }

    /// Says that it was of use now.
    pub(super) fn touch(&self) -> io::Result<()> {
        self.file.set_modified(std::time::SystemTime::now())
    }
}

fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

fn line(bytes: &[u8]) -> (Key, Place) {
    let (key, place) = bytes.split_first_chunk().expect("a line has a key");
    let (start, len) = place.split_first_chunk().expect("and an offset");
    let len = len.first_chunk().expect("and a length");
    let place = Place {
        start: u64::from_le_bytes(*start),
        len: u32::from_le_bytes(*len),
    };
    (*key, place)
}

/// A pack that is written.
pub(super) struct NewPack<'f> {
    file: BufWriter<Unfinished<'f>>,
    keys: HashSet<Key>,
    /// What has been written, in this order.
    index: Vec<u8>,
    /// Bytes of the entries.
    len: u64,
}

impl<'f> NewPack<'f> {
    pub(super) fn new(file: Unfinished<'f>) -> Self {
        Self {
            file: BufWriter::with_capacity(1 << 16, file),
            keys: HashSet::new(),
            index: Vec::new(),
            len: 0,
        }
    }

    /// Bytes of the file, were it finished now.
    pub(super) fn size(&self) -> u64 {
        self.len + (self.index.len() + END) as u64
    }

    /// Adds an entry, unless there is one of this key.
    pub(super) fn add(&mut self, key: &Key, entry: &[u8]) -> io::Result<()> {
        if !self.keys.insert(*key) {
            return Ok(());
        }
        let len = u32::try_from(entry.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        self.file.write_all(entry)?;
        self.index.extend_from_slice(key);
        self.index.extend_from_slice(&self.len.to_le_bytes());
        self.index.extend_from_slice(&len.to_le_bytes());
        self.len += u64::from(len);
        Ok(())
    }

    /// Writes the index; the file can be given its name.
    pub(super) fn finish(mut self) -> io::Result<Unfinished<'f>> {
        self.file.write_all(&self.index)?;
        self.file.write_all(&self.len.to_le_bytes())?;
        self.file.write_all(blake3::hash(&self.index).as_bytes())?;
        Ok(self.file.into_inner()?)
    }
}
