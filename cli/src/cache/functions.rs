//! The machine code of functions, in packs: files that a compilation writes at its end, with what it did not find in those
//! of others.
//!
//! Packs are opened as they are needed, those that were of use last first, so a module that was compiled before needs one
//! or two. A compilation that writes a pack takes the entries of small ones over, so that there are few of them.

use super::folder::Folder;
use super::name;
use super::pack::{NewPack, Pack, Place};
use elfin_compiler::cache::{Cache, Key};
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, RwLock};

/// Bytes of a pack from which it is not small, and of all that the folder may have the part from which it is not: what is
/// taken over stays as long as what is new.
const LARGE: u64 = 8 << 20;
const LARGE_PART: u64 = 8;

/// The machine code that this elfin has left.
pub(crate) struct Functions<'f> {
    folder: &'f Folder,
    family: String,
    found: RwLock<Found>,
    new: Mutex<New<'f>>,
}

/// What is in packs of others.
#[derive(Default)]
struct Found {
    packs: Vec<Known>,
    /// The number of the pack that has it, and where.
    places: HashMap<Key, (usize, Place)>,
    /// The names of packs that have not been opened, those that were of use last behind the others.
    unopened: Vec<String>,
}

/// A pack that is open.
struct Known {
    name: String,
    pack: Pack,
    was_used: AtomicBool,
    /// Whether an entry that it has was not what it should be.
    is_damaged: AtomicBool,
}

impl Known {
    fn is_damaged(&self) -> bool {
        self.is_damaged.load(Ordering::Relaxed)
    }
}

/// What this compilation leaves.
enum New<'f> {
    /// Nothing so far.
    Nothing,
    /// Entries.
    Pack(NewPack<'f>),
    /// Nothing: it could not be written.
    Failed,
}

impl<'f> Functions<'f> {
    /// What elfin of this build has left in a folder.
    pub(crate) fn new(folder: &'f Folder, build: &str) -> Self {
        let family = name::family(build);
        let mut names = folder.names().unwrap_or_default();
        names.retain(|name| name::is_pack_of(name, &family));
        names.sort_by_cached_key(|name| {
            let found = folder.open_file(name).and_then(|file| file.metadata());
            found.and_then(|found| found.modified()).ok()
        });
        let found = Found {
            unopened: names,
            ..Found::default()
        };
        Self {
            folder,
            family,
            found: RwLock::new(found),
            new: Mutex::new(New::Nothing),
        }
    }

    /// Leaves what is new for later compilations.
    pub(crate) fn finish(self) {
        let found = self.found.into_inner().expect("no use of it panics");
        for known in &found.packs {
            if known.was_used.load(Ordering::Relaxed) {
                // Where the folder may only be read nothing is removed either.
                let _ = known.pack.touch();
            }
        }
        if let New::Pack(pack) = self.new.into_inner().expect("no use of it panics") {
            // A pack that can't be written is missed by nobody.
            let _ = leave(self.folder, &self.family, found, pack);
        }
    }

    fn find(&self, key: &Key) -> Option<Vec<u8>> {
        loop {
            let found = self.found.read().expect("no use of it panics");
            if let Some((number, place)) = found.places.get(key) {
                let known = &found.packs[*number];
                known.was_used.store(true, Ordering::Relaxed);
                return known.pack.read(*place).ok();
            }
            if found.unopened.is_empty() {
                return None;
            }
            drop(found);
            let mut found = self.found.write().expect("no use of it panics");
            found.open_next(self.folder);
        }
    }
}

impl Cache for Functions<'_> {
    fn get(&self, key: &Key) -> Option<Vec<u8>> {
        self.find(key)
    }

    fn put(&self, key: &Key, entry: Vec<u8>) {
        let found = self.found.read().expect("no use of it panics");
        if let Some((number, _)) = found.places.get(key) {
            // It was there, but did not serve.
            found.packs[*number]
                .is_damaged
                .store(true, Ordering::Relaxed);
        }
        drop(found);
        let mut new = self.new.lock().expect("no use of it panics");
        if let New::Nothing = *new {
            *new = match self.folder.begin() {
                Ok(file) => New::Pack(NewPack::new(file)),
                Err(_) => New::Failed,
            };
        }
        if let New::Pack(pack) = &mut *new {
            let size = pack.size() + entry.len() as u64;
            let fits = self.folder.check_size(size);
            if fits.and_then(|()| pack.add(key, &entry)).is_err() {
                *new = New::Failed;
            }
        }
    }
}

impl Found {
    /// Opens the next pack. One that is none is removed.
    fn open_next(&mut self, folder: &Folder) {
        let Some(name) = self.unopened.pop() else {
            return;
        };
        // Another process may have taken it over.
        let Ok(file) = folder.open_file(&name) else {
            return;
        };
        match Pack::open(file) {
            Ok((pack, places)) => {
                let number = self.packs.len();
                for (key, place) in places {
                    self.places.entry(key).or_insert((number, place));
                }
                self.packs.push(Known {
                    name,
                    pack,
                    was_used: AtomicBool::new(false),
                    is_damaged: AtomicBool::new(false),
                });
            }
            Err(error) if is_content(&error) => folder.remove(&name),
            Err(_) => {}
        }
    }
}

/// Whether what a file holds is the reason of an error.
fn is_content(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
    )
}

/// Finishes a pack, with the entries of those that it makes superfluous.
fn leave(folder: &Folder, family: &str, mut found: Found, mut pack: NewPack<'_>) -> io::Result<()> {
    while !found.unopened.is_empty() {
        found.open_next(folder);
    }
    let superfluous = superfluous(&found.packs, pack.size(), folder);
    let places = found.places.iter();
    let mut moved: Vec<_> = places
        .filter(|(_, (number, _))| superfluous.contains(number))
        .collect();
    // As they lie in the files.
    moved.sort_by_key(|(_, (number, place))| (*number, place.start));
    for (key, (number, place)) in moved {
        pack.add(key, &found.packs[*number].pack.read(*place)?)?;
    }
    let name = name::new_pack(family);
    pack.finish()?.finish(&name)?;
    for (number, known) in found.packs.iter().enumerate() {
        if superfluous.contains(&number) || known.is_damaged() {
            folder.remove(&known.name);
        }
    }
    folder.clean(&name)
}

/// The packs whose entries a new one takes over: those that are damaged, and the small ones, the smallest first, up to
/// the first that is larger than what the new one has by then. So a pack at least doubles each time that its entries are
/// moved.
fn superfluous(packs: &[Known], size: u64, folder: &Folder) -> HashSet<usize> {
    let mut numbers: Vec<usize> = (0..packs.len()).collect();
    numbers.sort_by_key(|number| packs[*number].pack.len);
    let large = LARGE.min(folder.limit() / LARGE_PART);
    let mut sum = size;
    let mut chosen = HashSet::new();
    for number in numbers {
        let known = &packs[number];
        let is_small = known.pack.len <= sum.min(large);
        let fits = folder.check_size(sum + known.pack.len).is_ok();
        if fits && (is_small || known.is_damaged()) {
            sum += known.pack.len;
            chosen.insert(number);
        }
    }
    chosen
}
