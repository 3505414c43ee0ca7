//! Resolves a path beneath a directory, a component at a time.
//!
//! Each step opens one name in the directory reached so far, without following a symbolic link; links are read and
//! their text put in front of what remains. A name is never `..`: that takes the last name off those gone through and
//! walks to there again from the root, so that a directory moved elsewhere in the meantime can't lead out. Two
//! descriptors suffice for a path of any depth.
//!
//! ```text
//! resolved:   a\0b\0                    the names from the root to `current`
//! remaining:  .......c/d/e\0            from `start` on; a link's text is put before `start`
//! ```

use super::{Errno, Result, c_string};
use crate::planted::PATHS_ARE_FREE;
use crate::sys::file::{AsFd, BorrowedFd, OFlags, OwnedFd};
use crate::sys::path::{self, Mode, PATH_MAX};
use core::ffi::CStr;

/// The number of symbolic links in one path, as in the kernel.
const MAX_LINKS: usize = 40;

/// Room for a path of the greatest length and the texts of links before it.
const REMAINING: usize = 2 * PATH_MAX;

/// A path on its way.
pub(crate) struct Walk<'d> {
    root: BorrowedFd<'d>,
    /// The directory reached; `None` is the root.
    current: Option<OwnedFd>,
    resolved: [u8; PATH_MAX],
    resolved_len: usize,
    remaining: [u8; REMAINING],
    start: usize,
    links: usize,
}

/// What comes after the directories of a path.
enum Last {
    /// Nothing: the path denotes the directory reached.
    Directory,
    /// A component at the start of what remains, ending where the zero is.
    Name(Component),
}

/// A component within what remains.
#[derive(Clone, Copy)]
struct Component {
    start: usize,
    end: usize,
}

impl<'d> Walk<'d> {
    /// Before the first step.
    pub(crate) fn new(root: BorrowedFd<'d>, path: &CStr) -> Result<Walk<'d>> {
        let mut walk = Walk {
            root,
            current: None,
            resolved: [0; PATH_MAX],
            resolved_len: 0,
            remaining: [0; REMAINING],
            start: REMAINING - 1,
            links: 0,
        };
        walk.prepend(REMAINING - 1, path.to_bytes())?;
        Ok(walk)
    }

    /// Opens what the path denotes, or creates it.
    pub(crate) fn open(mut self, flags: OFlags, mode: Mode) -> Result<OwnedFd> {
        let exclusive = flags.contains(OFlags::CREATE | OFlags::EXCL);
        let follow = !exclusive && !flags.contains(OFlags::NOFOLLOW);
        let (directory, name) = self.locate(follow)?;
        path::open(directory, name, flags | OFlags::NOFOLLOW, mode)
    }

    /// The directory and the name in it that the path denotes: `.` for the directory itself. A symbolic link of that
    /// name is followed first, if so wished, whether or not it leads to something that exists.
    pub(crate) fn locate(&mut self, follow: bool) -> Result<(BorrowedFd<'_>, &CStr)> {
        if PATHS_ARE_FREE {
            let path = self.remaining.get(self.start..).unwrap_or(&[]);
            return Ok((self.root, c_string(path)));
        }
        loop {
            match self.enter_directories()? {
                Last::Directory => return Ok((self.current(), c".")),
                Last::Name(name) if follow && self.follow(name)? => {}
                Last::Name(name) => {
                    let (_, name) = self.remaining.split_at(name.start.min(REMAINING));
                    return Ok((self.current(), c_string(name)));
                }
            }
        }
    }

    fn current(&self) -> BorrowedFd<'_> {
        match &self.current {
            Some(current) => current.as_fd(),
            None => self.root,
        }
    }

    /// Goes through all components but a last one that no slash follows.
    fn enter_directories(&mut self) -> Result<Last> {
        loop {
            let rest = self.remaining.get(self.start..).unwrap_or(&[]);
            let slashes = rest.iter().take_while(|&&byte| byte == b'/').count();
            let rest = rest.get(slashes..).unwrap_or(&[]);
            let len = rest
                .iter()
                .take_while(|&&byte| byte != b'/' && byte != 0)
                .count();
            let start = self.start + slashes;
            let component = Component {
                start,
                end: start + len,
            };
            self.start = start;
            match rest.get(..len) {
                Some(b"") | None => return Ok(Last::Directory),
                Some(b".") => self.start = component.end,
                Some(b"..") => {
                    self.leave()?;
                    self.start = component.end;
                }
                Some(_) if rest.get(len) == Some(&0) => return Ok(Last::Name(component)),
                Some(_) => self.enter(component)?,
            }
        }
    }

    /// Goes into a directory, or to where a symbolic link leads.
    fn enter(&mut self, component: Component) -> Result<()> {
        let opened = self.with_name(component, open_directory)?;
        match opened {
            Ok(directory) => {
                self.push(component)?;
                self.current = Some(directory);
                self.start = component.end;
                Ok(())
            }
            Err(Errno::NOTDIR | Errno::LOOP) if self.follow(component)? => Ok(()),
            Err(errno) => Err(errno),
        }
    }

    /// If the component is a symbolic link, puts its text in its place. An error is left to the call that would use
    /// the name: this is only a question.
    fn follow(&mut self, component: Component) -> Result<bool> {
        let mut buffer = [0; PATH_MAX];
        let read = self.with_name(component, |directory, name| {
            path::read_link(directory, name, &mut buffer)
        })?;
        let Ok(text) = read else {
            return Ok(false);
        };
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(Errno::LOOP);
        }
        match text.first() {
            None => return Err(Errno::NOENT),
            Some(b'/') => return Err(Errno::PERM),
            _ if text.len() >= PATH_MAX => return Err(Errno::NAMETOOLONG),
            _ => {}
        }
        self.prepend(component.end, text)?;
        Ok(true)
    }

    /// Puts a text before what remains from `end` on.
    fn prepend(&mut self, end: usize, text: &[u8]) -> Result<()> {
        let start = end.checked_sub(text.len()).ok_or(Errno::NAMETOOLONG)?;
        let place = self.remaining.get_mut(start..end);
        let place = place.ok_or(Errno::NAMETOOLONG)?;
        for (to, from) in place.iter_mut().zip(text) {
            *to = *from;
        }
        self.start = start;
        Ok(())
    }

    /// Goes to the parent of the directory reached.
    fn leave(&mut self) -> Result<()> {
        let names = self.resolved.get(..self.resolved_len).unwrap_or(&[]);
        let Some((_, names)) = names.split_last() else {
            return Err(Errno::PERM);
        };
        let last = names.iter().rposition(|&byte| byte == 0);
        self.resolved_len = last.map_or(0, |zero| zero + 1);
        self.current = None;
        let mut at = 0;
        while at < self.resolved_len {
            let name = c_string(self.resolved.get(at..).unwrap_or(&[]));
            at += name.count_bytes() + 1;
            self.current = Some(open_directory(self.current(), name)?);
        }
        Ok(())
    }

    /// Notes the name of a directory gone into.
    fn push(&mut self, component: Component) -> Result<()> {
        let name = self.remaining.get(component.start..component.end);
        let name = name.ok_or(Errno::NAMETOOLONG)?;
        let end = self.resolved_len + name.len() + 1;
        let place = self.resolved.get_mut(self.resolved_len..end);
        let place = place.ok_or(Errno::NAMETOOLONG)?;
        for (to, from) in place.iter_mut().zip(name.iter().chain(&[0])) {
            *to = *from;
        }
        self.resolved_len = end;
        Ok(())
    }

    /// Calls with the directory reached and a component, which ends with a zero for that time.
    fn with_name<T>(
        &mut self,
        component: Component,
        call: impl FnOnce(BorrowedFd<'_>, &CStr) -> T,
    ) -> Result<T> {
        let place = self.remaining.get_mut(component.end);
        let end = core::mem::take(place.ok_or(Errno::NAMETOOLONG)?);
        let name = self.remaining.get(component.start..).unwrap_or(&[]);
        let result = call(self.current(), c_string(name));
        if let Some(place) = self.remaining.get_mut(component.end) {
            *place = end;
        }
        Ok(result)
    }
}

fn open_directory(parent: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW;
    path::open(parent, name, flags, Mode::empty())
}
