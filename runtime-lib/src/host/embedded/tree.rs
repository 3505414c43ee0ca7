//! The trees themselves: finding nodes by their paths, and what the nodes hold.
//!
//! The compiler made sure that the numbers in nodes are those of others, and that links don't lead out; what does not fit
//! is an error all the same.
//!
//! # Safety
//!
//! `elfin_embedded` is linked where the program has trees.
#![allow(unsafe_code)]

use super::super::directory::Entry;
use super::super::stat::{Attributes, FileKind};
use super::super::{Errno, Result};
use super::{Operations, embedded};
use crate::program::elements;
use crate::sys::vector::{IoVector, scatter};
use elfin_abi::layout::{Node, NodeKind};

/// The number of symbolic links in one path, and of bytes in one name, as in the kernel.
const MAX_LINKS: u32 = 40;
const MAX_NAME: usize = 255;

/// [`elfin_abi::host::intrinsic::EMBEDDED`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
extern "C" fn elfin_embedded() -> *const Operations {
    static OPERATIONS: Operations = Operations {
        attributes: |node| tree()?.attributes(node),
        read: |node, offset, vectors| tree()?.read(node, offset, vectors),
        entries: |node, cookie, visit| tree()?.entries(node, cookie, visit),
        resolve: |directory, path, follow| tree()?.resolve(directory, path, follow),
        link_text: |node| tree()?.link_text(node),
    };
    &OPERATIONS
}

fn tree() -> Result<Tree> {
    let embedded = embedded()?;
    Ok(Tree {
        nodes: elements(&embedded.nodes),
        names: elements(&embedded.names),
        contents: elements(&embedded.contents),
    })
}

/// All trees of the program.
struct Tree {
    nodes: &'static [Node],
    names: &'static [u8],
    contents: &'static [u8],
}

impl Tree {
    fn node(&self, number: u32) -> Result<&'static Node> {
        self.nodes.get(number as usize).ok_or(Errno::IO)
    }

    fn name(&self, node: &Node) -> &'static [u8] {
        let start = node.name as usize;
        let end = start + node.name_len as usize;
        self.names.get(start..end).unwrap_or(&[])
    }

    /// The bytes of a file or of a link.
    fn bytes(&self, node: &Node) -> &'static [u8] {
        let (start, len) = (node.start as usize, node.len as usize);
        self.contents.get(start..start + len).unwrap_or(&[])
    }

    /// The entries of a directory.
    fn children(&self, node: &Node) -> Result<&'static [Node]> {
        if node.kind != NodeKind::Directory as u32 {
            return Err(Errno::NOTDIR);
        }
        let (start, len) = (node.start as usize, node.len as usize);
        self.nodes.get(start..start + len).ok_or(Errno::IO)
    }

    fn kind(&self, node: &Node) -> FileKind {
        match node.kind {
            kind if kind == NodeKind::Directory as u32 => FileKind::Directory,
            kind if kind == NodeKind::Link as u32 => FileKind::SymbolicLink,
            _ => FileKind::Regular,
        }
    }

    /// Times are 1970, since the executable depends on nothing but what it is made of. A directory has one link, which
    /// says that its subdirectories are not counted.
    fn attributes(&self, number: u32) -> Result<Attributes> {
        let node = self.node(number)?;
        let kind = self.kind(node);
        Ok(Attributes {
            device: 0,
            inode: inode(number),
            kind,
            links: 1,
            size: match kind {
                FileKind::Directory => 0,
                _ => node.len,
            },
            accessed: 0,
            modified: 0,
            changed: 0,
        })
    }

    fn read(&self, number: u32, offset: u64, vectors: &mut [IoVector]) -> Result<usize> {
        let node = self.node(number)?;
        if self.kind(node) == FileKind::Directory {
            return Err(Errno::ISDIR);
        }
        let bytes = self.bytes(node).get(offset as usize..).unwrap_or(&[]);
        Ok(scatter(bytes, vectors))
    }

    fn link_text(&self, number: u32) -> Result<&'static [u8]> {
        let node = self.node(number)?;
        match self.kind(node) {
            FileKind::SymbolicLink => Ok(self.bytes(node)),
            _ => Err(Errno::INVAL),
        }
    }

    /// `.` and `..` have the cookies 0 and 1, the others follow in the order of their names.
    fn entries(
        &self,
        number: u32,
        cookie: u64,
        visit: &mut dyn FnMut(&Entry<'_>) -> bool,
    ) -> Result<()> {
        let directory = self.node(number)?;
        let children = self.children(directory)?;
        for at in cookie..children.len() as u64 + 2 {
            let (number, name) = match at {
                0 => (number, &b"."[..]),
                1 => (directory.parent, &b".."[..]),
                _ => {
                    let number = directory.start as u32 + (at - 2) as u32;
                    (number, self.name(self.node(number)?))
                }
            };
            let entry = Entry {
                next: at + 1,
                inode: inode(number),
                kind: self.kind(self.node(number)?),
                name,
            };
            if !visit(&entry) {
                break;
            }
        }
        Ok(())
    }

    /// The node that a path denotes, which never leaves the directory that it begins at.
    fn resolve(&self, directory: u32, path: &[u8], follow: bool) -> Result<u32> {
        self.walk(directory, directory, path, follow, &mut 0)
    }

    /// Goes on beneath `root` from the directory `from`. A link is a walk of its own, at most 40 of them in a path.
    fn walk(
        &self,
        root: u32,
        from: u32,
        path: &[u8],
        follow: bool,
        links: &mut u32,
    ) -> Result<u32> {
        let mut number = from;
        let mut rest = Some(path);
        while let Some(path) = rest {
            let mut parts = path.splitn(2, |&byte| byte == b'/');
            let name = parts.next().unwrap_or(&[]);
            rest = parts.next();
            number = self.step(root, number, name)?;
            let found = self.node(number)?;
            if self.kind(found) == FileKind::SymbolicLink && (follow || rest.is_some()) {
                *links += 1;
                if *links > MAX_LINKS {
                    return Err(Errno::LOOP);
                }
                number = self.walk(root, found.parent, self.bytes(found), true, links)?;
            }
            // A slash behind a name makes it a directory's.
            if rest.is_some() {
                self.children(self.node(number)?)?;
            }
        }
        Ok(number)
    }

    /// What a name denotes in a directory.
    fn step(&self, root: u32, directory: u32, name: &[u8]) -> Result<u32> {
        let node = self.node(directory)?;
        let children = self.children(node)?;
        match name {
            b"" | b"." => Ok(directory),
            b".." if directory == root => Err(Errno::PERM),
            b".." => Ok(node.parent),
            _ if name.len() > MAX_NAME => Err(Errno::NAMETOOLONG),
            _ => {
                let found = children.binary_search_by(|child| self.name(child).cmp(name));
                let index = found.map_err(|_| Errno::NOENT)?;
                Ok(node.start as u32 + index as u32)
            }
        }
    }
}

/// Never 0, which some programs take for an entry that was removed.
fn inode(node: u32) -> u64 {
    u64::from(node) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::String;
    use std::vec::Vec;

    const DIRECTORY: NodeKind = NodeKind::Directory;
    const FILE: NodeKind = NodeKind::File;
    const LINK: NodeKind = NodeKind::Link;

    /// ```text
    /// 0 root: 1 ab/, 2 b, 3 c -> ab/inner, 4 loop -> loop
    /// 1 ab:   5 inner/, 6 up -> ..
    /// 5 inner: 7 deep -> ../../b
    /// ```
    fn tree() -> Tree {
        let names = b"abbcloopinnerupdeep";
        let contents = b"textab/innerloop..../../b";
        let node = |kind: NodeKind, parent, name, name_len, start, len| Node {
            kind: kind as u32,
            parent,
            name,
            name_len,
            start,
            len,
        };
        static NODES: std::sync::OnceLock<Vec<Node>> = std::sync::OnceLock::new();
        let nodes = NODES.get_or_init(|| {
            std::vec![
                node(DIRECTORY, 0, 0, 0, 1, 4),
                node(DIRECTORY, 0, 0, 2, 5, 2),
                node(FILE, 0, 2, 1, 0, 4),
                node(LINK, 0, 3, 1, 4, 8),
                node(LINK, 0, 4, 4, 12, 4),
                node(DIRECTORY, 1, 8, 5, 7, 1),
                node(LINK, 1, 13, 2, 16, 2),
                node(LINK, 5, 15, 4, 18, 7),
            ]
        });
        Tree {
            nodes,
            names,
            contents,
        }
    }

    #[test]
    fn paths() {
        let tree = tree();
        let follow = |path: &str| tree.resolve(0, path.as_bytes(), true);
        for (path, node) in [
            (".", 0),
            ("ab", 1),
            ("ab/", 1),
            ("./ab//.///.", 1),
            ("b", 2),
            ("ab/../b", 2),
            ("c", 5),
            ("c/", 5),
            ("c/deep", 2),
            ("ab/up/b", 2),
            ("ab/inner/deep", 2),
            ("c/..", 1),
            ("ab/up/ab/inner/../../c/deep", 2),
        ] {
            assert_eq!(follow(path), Ok(node), "{path}");
        }
        for (path, errno) in [
            ("..", Errno::PERM),
            ("ab/../..", Errno::PERM),
            ("ab/up/..", Errno::PERM),
            ("gone", Errno::NOENT),
            ("a", Errno::NOENT),
            ("abc", Errno::NOENT),
            ("gone/..", Errno::NOENT),
            ("b/", Errno::NOTDIR),
            ("b/.", Errno::NOTDIR),
            ("b/..", Errno::NOTDIR),
            ("c/deep/", Errno::NOTDIR),
            ("loop", Errno::LOOP),
            ("loop/b", Errno::LOOP),
        ] {
            assert_eq!(follow(path), Err(errno), "{path}");
        }
        assert_eq!(tree.resolve(0, &[b'x'; 256], true), Err(Errno::NAMETOOLONG));
        assert_eq!(tree.resolve(0, b"c", false), Ok(3));
        assert_eq!(tree.resolve(0, b"loop", false), Ok(4));
        assert_eq!(tree.resolve(0, b"c/deep", false), Ok(7));
        // Beneath another directory than the root, `..` leads out of that one.
        assert_eq!(tree.resolve(1, b"inner/..", true), Ok(1));
        assert_eq!(tree.resolve(1, b"up", true), Err(Errno::PERM));
        assert_eq!(tree.resolve(2, b".", true), Err(Errno::NOTDIR));
        assert_eq!(tree.resolve(99, b".", true), Err(Errno::IO));
    }

    #[test]
    fn entries_can_be_read_from_any_cookie() {
        let tree = tree();
        let read = |node, cookie, count: usize| {
            let mut found: Vec<(u64, u64, String)> = Vec::new();
            let result = tree.entries(node, cookie, &mut |entry: &Entry<'_>| {
                let name = String::from_utf8(entry.name.to_vec()).unwrap();
                found.push((entry.next, entry.inode, name));
                found.len() < count
            });
            result.map(|()| found)
        };
        let all = read(0, 0, 9).unwrap();
        let names: Vec<_> = all.iter().map(|(_, _, name)| name.as_str()).collect();
        assert_eq!(names, [".", "..", "ab", "b", "c", "loop"]);
        for (at, entry) in all.iter().enumerate() {
            assert_eq!(read(0, at as u64, 1).unwrap(), [entry.clone()]);
        }
        assert_eq!(read(0, 6, 9).unwrap(), []);
        assert_eq!(read(0, u64::MAX, 9).unwrap(), []);
        let inner: Vec<_> = read(5, 0, 9).unwrap().iter().map(|entry| entry.1).collect();
        assert_eq!(inner, [6, 2, 8]);
        assert_eq!(read(2, 0, 9), Err(Errno::NOTDIR));
    }

    #[test]
    fn attributes_and_texts() {
        let tree = tree();
        let of = |node| {
            let it = tree.attributes(node).unwrap();
            (it.kind, it.size, it.inode)
        };
        assert_eq!(of(0), (FileKind::Directory, 0, 1));
        assert_eq!(of(2), (FileKind::Regular, 4, 3));
        assert_eq!(of(3), (FileKind::SymbolicLink, 8, 4));
        assert_eq!(tree.link_text(3), Ok(&b"ab/inner"[..]));
        assert_eq!(tree.link_text(2), Err(Errno::INVAL));
        assert_eq!(tree.read(0, 0, &mut []), Err(Errno::ISDIR));
        assert!(tree.attributes(8).is_err());
    }
}
