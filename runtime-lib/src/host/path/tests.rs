//! The path sandbox against a real directory tree, by the kernel and by the walk, which must agree.

use super::*;
use crate::host::testing::{Tree, alone};
use crate::sys::file::{AsFd, OFlags, OwnedFd, stat};
use crate::sys::path::Mode;
use std::format;
use std::string::String;

const EXISTING: OFlags = OFlags::RDONLY;
const NOFOLLOW: OFlags = OFlags::NOFOLLOW;

fn tree() -> Tree {
    let tree = Tree::new();
    tree.directory("dir/nested/deep").directory("../outside");
    tree.file("file", "file").file("dir/nested/file", "nested");
    tree.file("../outside/secret", "secret");
    tree.link("to_dir", "dir/nested")
        .link("to_dir_slash", "dir/nested/");
    tree.link("to_file", "dir/nested/file")
        .link("to_link", "to_file");
    tree.link("around", "dir/../dir/./nested//../../file");
    tree.link("dir/back", "../file")
        .link("dir/nested/root", "../..");
    tree.link("here", ".").link("dangling", "missing");
    tree.link("dangling_in_dir", "dir/new")
        .link("file_slash", "file/");
    tree.link("loop", "loop2").link("loop2", "loop");
    tree.link("absolute", "/")
        .link("absolute_file", "/etc/passwd");
    tree.link("out", "..").link("out_file", "../outside/secret");
    tree.link("dir/out", "nested/../../../outside/secret");
    tree.link("dir/nested/out", "../../..")
        .link("out_and_in", "../granted/file");
    tree.link("link_to_out", "dir/nested/out/outside/secret");
    tree.link("magic", "/proc/self/cwd");
    tree
}

fn path(text: &str) -> Result<Path> {
    let mut path = Path::new();
    path.set(text.len(), |bytes| bytes.copy_from_slice(text.as_bytes()))?;
    Ok(path)
}

fn open_in(directory: &OwnedFd, text: &str, flags: OFlags) -> Result<OwnedFd> {
    let creates = flags.contains(OFlags::CREATE);
    let mode = Mode::from_raw_mode(if creates { 0o666 } else { 0 });
    open(directory.as_fd(), &path(text)?, flags, mode)
}

/// Runs the test twice: with the kernel's resolution and with the walk.
fn both_ways(test: impl Fn(&Tree, &OwnedFd)) {
    let _alone = alone();
    for walk in [false, true] {
        let tree = tree();
        force_walk(walk);
        test(&tree, &tree.open());
    }
    force_walk(false);
}

fn inode(file: &OwnedFd) -> (u64, u64) {
    let stat = stat(file).unwrap();
    (stat.st_dev, stat.st_ino)
}

fn host_inode(tree: &Tree, path: &str) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(tree.at(path)).unwrap();
    (metadata.dev(), metadata.ino())
}

#[test]
fn finds_what_is_beneath() {
    both_ways(|tree, root| {
        for (asked, found) in [
            (".", "."),
            ("./", "."),
            ("file", "file"),
            ("./file", "file"),
            ("dir", "dir"),
            ("dir/", "dir"),
            ("dir//.//nested/../nested/file", "dir/nested/file"),
            ("dir/..", "."),
            ("dir/../", "."),
            ("dir/nested/deep/../../../file", "file"),
            ("to_dir/file", "dir/nested/file"),
            ("to_dir", "dir/nested"),
            ("to_dir/", "dir/nested"),
            ("to_dir/..", "dir"),
            ("to_dir/../back", "file"),
            ("to_dir_slash", "dir/nested"),
            ("to_dir_slash/file", "dir/nested/file"),
            ("to_file", "dir/nested/file"),
            ("to_link", "dir/nested/file"),
            ("around", "file"),
            ("dir/back", "file"),
            ("dir/nested/root/dir/nested/root/file", "file"),
            ("dir/nested/root/..", "OUT"),
            ("here/here/here/file", "file"),
        ] {
            let opened = open_in(root, asked, EXISTING);
            if found == "OUT" {
                assert_eq!(opened.err(), Some(Errno::PERM), "{asked}");
                continue;
            }
            let opened = opened.unwrap_or_else(|errno| panic!("{asked}: {errno:?}"));
            assert_eq!(inode(&opened), host_inode(tree, found), "{asked}");
        }
    });
}

#[test]
fn nothing_leads_out() {
    both_ways(|_, root| {
        for escape in [
            "..",
            "../",
            "../granted/file",
            "../outside/secret",
            "dir/../..",
            "dir/../../outside/secret",
            "dir/nested/../../../outside/secret",
            "./.././outside/secret",
            "absolute",
            "absolute/",
            "absolute/etc/passwd",
            "absolute_file",
            "out",
            "out/",
            "out/outside/secret",
            "out_file",
            "dir/out",
            "dir/nested/out",
            "dir/nested/out/outside/secret",
            "out_and_in",
            "link_to_out",
            "magic",
            "magic/",
            "magic/file",
            "to_dir/out/outside/secret",
            "here/out_file",
            "to_dir/../../../outside/secret",
            "/",
            "/etc/passwd",
            "//etc/passwd",
        ] {
            let flags = [
                EXISTING,
                OFlags::PATH,
                OFlags::RDWR,
                OFlags::RDWR | OFlags::TRUNC,
                OFlags::PATH | OFlags::DIRECTORY,
            ];
            for flags in flags {
                let opened = open_in(root, escape, flags);
                assert_eq!(opened.err(), Some(Errno::PERM), "{escape} {flags:?}");
            }
        }
    });
}

#[test]
fn errors_are_those_of_the_kernel() {
    let long_name = "n".repeat(256);
    let long_path = "d/".repeat(2048);
    both_ways(|_, root| {
        for (asked, flags, errno) in [
            ("", EXISTING, Errno::NOENT),
            ("missing", EXISTING, Errno::NOENT),
            ("missing/file", EXISTING, Errno::NOENT),
            ("missing/..", EXISTING, Errno::NOENT),
            ("dangling", EXISTING, Errno::NOENT),
            ("file/", EXISTING, Errno::NOTDIR),
            ("file/.", EXISTING, Errno::NOTDIR),
            ("file/..", EXISTING, Errno::NOTDIR),
            ("file/file", EXISTING, Errno::NOTDIR),
            ("file_slash", EXISTING, Errno::NOTDIR),
            ("to_file/", EXISTING, Errno::NOTDIR),
            ("file", OFlags::DIRECTORY, Errno::NOTDIR),
            ("loop", EXISTING, Errno::LOOP),
            ("loop/file", EXISTING, Errno::LOOP),
            ("to_file", NOFOLLOW, Errno::LOOP),
            ("out_file", NOFOLLOW, Errno::LOOP),
            ("dangling", NOFOLLOW, Errno::LOOP),
            ("dir", OFlags::RDWR, Errno::ISDIR),
            ("file\0", EXISTING, Errno::INVAL),
            ("file", OFlags::CREATE | OFlags::EXCL, Errno::EXIST),
            ("to_file", OFlags::CREATE | OFlags::EXCL, Errno::EXIST),
            ("dangling", OFlags::CREATE | OFlags::EXCL, Errno::EXIST),
            ("out_file", OFlags::CREATE | OFlags::EXCL, Errno::EXIST),
            (&long_name, EXISTING, Errno::NAMETOOLONG),
            (&long_path, EXISTING, Errno::NAMETOOLONG),
        ] {
            assert_eq!(
                open_in(root, asked, flags).err(),
                Some(errno),
                "{asked} {flags:?}"
            );
        }
    });
}

#[test]
fn a_link_itself_can_be_looked_at() {
    both_ways(|tree, root| {
        for link in ["to_file", "out", "absolute", "dangling", "magic"] {
            let opened = open_in(root, link, OFlags::PATH | NOFOLLOW).unwrap();
            assert_eq!(inode(&opened), host_inode(tree, link), "{link}");
        }
        let opened = open_in(root, "to_dir/", OFlags::PATH | NOFOLLOW).unwrap();
        assert_eq!(inode(&opened), host_inode(tree, "dir/nested"));
        let opened = open_in(root, "out/", OFlags::PATH | NOFOLLOW);
        assert_eq!(opened.err(), Some(Errno::PERM));
    });
}

#[test]
fn creates_where_a_link_points_to() {
    both_ways(|tree, root| {
        let create = OFlags::WRONLY | OFlags::CREATE;
        open_in(root, "new", create | OFlags::EXCL).unwrap();
        open_in(root, "dangling", create).unwrap();
        open_in(root, "dangling_in_dir", create).unwrap();
        for path in ["new", "missing", "dir/new"] {
            assert_eq!(tree.text(path), "", "{path}");
        }
        tree.link("dangling_out", "../outside/new");
        let opened = open_in(root, "dangling_out", create);
        assert_eq!(opened.err(), Some(Errno::PERM));
        assert!(!tree.at("../outside/new").exists());
        open_in(root, "file", OFlags::WRONLY | OFlags::TRUNC).unwrap();
        assert_eq!(tree.text("file"), "");
    });
}

#[test]
fn forty_links_are_allowed() {
    both_ways(|tree, root| {
        tree.link("link1", "file");
        for number in 2..=41 {
            tree.link(&format!("link{number}"), &format!("link{}", number - 1));
        }
        assert!(open_in(root, "link40", EXISTING).is_ok());
        assert_eq!(open_in(root, "link41", EXISTING).err(), Some(Errno::LOOP));
    });
}

#[test]
fn deep_paths_need_few_descriptors() {
    both_ways(|tree, root| {
        let deep: String = "d/".repeat(500);
        tree.directory(&deep);
        let up = "../".repeat(500);
        let opened = open_in(root, &format!("{deep}{up}file"), EXISTING).unwrap();
        assert_eq!(inode(&opened), host_inode(tree, "file"));
        let opened = open_in(root, &format!("{deep}{up}../outside/secret"), EXISTING);
        assert_eq!(opened.err(), Some(Errno::PERM));
    });
}

#[test]
fn the_parent_is_beneath_and_the_name_is_one_component() {
    both_ways(|tree, root| {
        for (asked, directory, name) in [
            ("file", ".", c"file"),
            ("file/", ".", c"file/"),
            ("dir/nested/new//", "dir/nested", c"new//"),
            ("to_dir/file", "dir/nested", c"file"),
            ("dir//out", "dir", c"out"),
            ("dir/.", "dir", c"."),
            ("dir/nested/..//", "dir", c"."),
            (".", ".", c"."),
        ] {
            let mut asked_path = path(asked).unwrap();
            let parent = parent(root.as_fd(), &mut asked_path).unwrap();
            assert_eq!(parent.name, name, "{asked}");
            let found = stat(parent.directory()).unwrap();
            let expected = host_inode(tree, directory);
            assert_eq!((found.st_dev, found.st_ino), expected, "{asked}");
        }
        for escape in [
            "..",
            "../new",
            "out/new",
            "absolute/new",
            "dir/../../new",
            "dir/../..",
        ] {
            let mut escape_path = path(escape).unwrap();
            let found = parent(root.as_fd(), &mut escape_path);
            assert_eq!(found.err(), Some(Errno::PERM), "{escape}");
        }
    });
}

#[test]
fn locating_follows_links_to_their_end() {
    let tree = tree();
    let root = tree.open();
    for (asked, follow, directory, name) in [
        ("to_link", true, "dir/nested", c"file"),
        ("to_link", false, ".", c"to_link"),
        ("to_dir", true, "dir", c"nested"),
        ("to_dir/", false, "dir/nested", c"."),
        ("dangling_in_dir", true, "dir", c"new"),
        ("dir/nested/root", true, ".", c"."),
        ("out", false, ".", c"out"),
    ] {
        let mut walk = Walk::new(root.as_fd(), path(asked).unwrap().to_c()).unwrap();
        let (found, found_name) = walk.locate(follow).unwrap();
        assert_eq!(found_name, name, "{asked}");
        let found = stat(found).unwrap();
        assert_eq!(
            (found.st_dev, found.st_ino),
            host_inode(&tree, directory),
            "{asked}"
        );
    }
    for escape in [
        "out",
        "out_file",
        "absolute",
        "dir/out",
        "magic",
        "link_to_out",
    ] {
        let mut walk = Walk::new(root.as_fd(), path(escape).unwrap().to_c()).unwrap();
        assert_eq!(walk.locate(true).err(), Some(Errno::PERM), "{escape}");
    }
}

/// Opens a path again and again while `change` and `restore` alternate in another thread; what is outside must never
/// be opened. Says whether the path could be opened at least once.
fn while_changing(
    tree: &Tree,
    root: &OwnedFd,
    asked: &str,
    change: impl Fn() + Sync,
    restore: impl Fn() + Sync,
) -> bool {
    use std::sync::atomic::{AtomicBool, Ordering};
    let secret = host_inode(tree, "../outside/secret");
    let done = AtomicBool::new(false);
    let mut found = false;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                change();
                restore();
            }
        });
        // On a busy machine the other thread may leave things changed for long.
        for round in 0..1_000_000 {
            if found && round >= 5000 {
                break;
            }
            if let Ok(opened) = open_in(root, asked, EXISTING) {
                found = true;
                assert_ne!(inode(&opened), secret);
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    found
}

#[test]
fn a_directory_swapped_for_a_link_does_not_lead_out() {
    both_ways(|tree, root| {
        tree.directory("swapped").file("swapped/secret", "mine");
        tree.link("link", "../outside");
        let (swapped, link, aside) = (tree.at("swapped"), tree.at("link"), tree.at("aside"));
        let rename = |from, to| std::fs::rename(from, to).unwrap();
        let change = || {
            rename(&swapped, &aside);
            rename(&link, &swapped);
        };
        let restore = || {
            rename(&swapped, &link);
            rename(&aside, &swapped);
        };
        assert!(while_changing(
            tree,
            root,
            "swapped/secret",
            change,
            restore
        ));
    });
}

#[test]
fn a_directory_moved_out_does_not_lead_out() {
    both_ways(|tree, root| {
        tree.directory("moved/inner").file("secret", "mine");
        let (inside, outside) = (tree.at("moved/inner"), tree.at("../outside/inner"));
        let change = || std::fs::rename(&inside, &outside).unwrap();
        let restore = || std::fs::rename(&outside, &inside).unwrap();
        let asked = "moved/inner/../../secret";
        assert!(while_changing(tree, root, asked, change, restore));
        let asked = "moved/inner/../secret";
        while_changing(tree, root, asked, change, restore);
    });
}
