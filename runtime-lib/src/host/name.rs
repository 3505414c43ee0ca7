//! What is done with names in directories: creating, removing, renaming, linking, and looking at what they denote.
//!
//! A directory that was granted read-only answers as one on a file system that is mounted so: `EROFS`, and `EXDEV` to
//! what would have to happen on it and on another one.

use super::descriptors::{self, File};
use super::path::{self, Path, Walk};
use super::stat::{Attributes, NewTime, attributes_of, timestamps};
use super::{Errno, Result, embedded};
use crate::sys::file::{AsFd, OFlags};
use crate::sys::path::{self as names, Mode, PATH_MAX};

/// Creates a directory.
pub(crate) fn create_directory(fd: u32, path: &mut Path) -> Result<()> {
    let parent = path::parent(descriptors::changeable_directory(fd)?, path)?;
    names::create_directory(parent.directory(), parent.name)
}

/// Removes an empty directory.
pub(crate) fn remove_directory(fd: u32, path: &mut Path) -> Result<()> {
    let parent = path::parent(descriptors::changeable_directory(fd)?, path)?;
    names::remove_directory(parent.directory(), parent.name)
}

/// Removes what isn't a directory.
pub(crate) fn unlink(fd: u32, path: &mut Path) -> Result<()> {
    let parent = path::parent(descriptors::changeable_directory(fd)?, path)?;
    names::unlink(parent.directory(), parent.name)
}

/// Renames, replacing what had the new name.
pub(crate) fn rename(fd: u32, path: &mut Path, new_fd: u32, new_path: &mut Path) -> Result<()> {
    check_same_side(fd, new_fd)?;
    let old = path::parent(descriptors::changeable_directory(fd)?, path)?;
    let new = path::parent(descriptors::changeable_directory(new_fd)?, new_path)?;
    names::rename((old.directory(), old.name), (new.directory(), new.name))
}

/// Gives a file a further name.
pub(crate) fn link(
    fd: u32,
    path: &Path,
    follow: bool,
    new_fd: u32,
    new_path: &mut Path,
) -> Result<()> {
    let target = descriptors::changeable_directory(new_fd)?;
    // By its new name the file could be written to.
    check_same_side(fd, new_fd)?;
    let mut old = Walk::new(descriptors::changeable_directory(fd)?, path.to_c())?;
    let old = old.locate(follow)?;
    let new = path::parent(target, new_path)?;
    names::link(old, (new.directory(), new.name))
}

/// A name can't be moved, nor a further one given, from what is read-only to what isn't or the other way.
fn check_same_side(fd: u32, new_fd: u32) -> Result<()> {
    match descriptors::is_read_only(fd)? == descriptors::is_read_only(new_fd)? {
        true => Ok(()),
        false => Err(Errno::XDEV),
    }
}

/// Creates a symbolic link. Its text is a [`Path`], so it can't be absolute; where it leads is checked when it is
/// followed.
pub(crate) fn symlink(text: &Path, fd: u32, path: &mut Path) -> Result<()> {
    let parent = path::parent(descriptors::changeable_directory(fd)?, path)?;
    names::symlink(text.to_c(), parent.directory(), parent.name)
}

/// The text of a symbolic link, which `use_text` is called with. An absolute one is a path of the host's, and none of
/// the guest's business.
pub(crate) fn read_link<T>(fd: u32, path: &Path, use_text: impl FnOnce(&[u8]) -> T) -> Result<T> {
    let directory = match descriptors::directory(fd)? {
        File::Host(directory) => directory,
        File::Embedded(node) => return embedded::read_link(node, path).map(use_text),
    };
    let flags = OFlags::PATH | OFlags::NOFOLLOW;
    let link = path::open(directory, path, flags, Mode::empty())?;
    let mut buffer = [0; PATH_MAX];
    let text = match names::read_link(link.as_fd(), c"", &mut buffer) {
        // What the kernel says of a descriptor that isn't a symbolic link's.
        Err(Errno::NOENT) => Err(Errno::INVAL),
        result => result,
    }?;
    if text.first() == Some(&b'/') {
        return Err(Errno::PERM);
    }
    Ok(use_text(text))
}

/// The attributes of what a path denotes.
pub(crate) fn attributes(fd: u32, path: &Path, follow: bool) -> Result<Attributes> {
    let directory = match descriptors::directory(fd)? {
        File::Host(directory) => directory,
        File::Embedded(node) => {
            return embedded::attributes(embedded::resolve(node, path, follow)?);
        }
    };
    let mut flags = OFlags::PATH;
    flags.set(OFlags::NOFOLLOW, !follow);
    let file = path::open(directory, path, flags, Mode::empty())?;
    attributes_of(file.as_fd())
}

/// Sets the times of what a path denotes.
pub(crate) fn set_times(
    fd: u32,
    path: &Path,
    follow: bool,
    accessed: NewTime,
    modified: NewTime,
) -> Result<()> {
    let mut walk = Walk::new(descriptors::changeable_directory(fd)?, path.to_c())?;
    let (directory, name) = walk.locate(follow)?;
    names::set_times(directory, name, &timestamps(accessed, modified))
}
