//! No path leads out of a granted directory: a guest tries ([`programs/escapes`]), and each attempt has a permitted twin
//! that must succeed. With the first wall alone, the resolver, in both of its forms; with the second wall alone, the
//! resolver being broken on purpose; and with neither, where the attempts must succeed.
//!
//! What is outside is also compared before and after. Landlock does not govern what only looks at a file's attributes or
//! sets its times: with the second wall alone those attempts are counted apart.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_compiler::options::{Directory, KernelSandbox, Options};
use elfin_tests::execute::{self, Stdout};
use elfin_tests::guest::Build;
use elfin_tests::place::{self, Scratch};
use elfin_tests::{intruder, machine, planted};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// More operations and ways than the guest has.
const OPERATIONS: usize = 23;
const WAYS: usize = 18;

/// The kernel before 5.6.
const NO_OPENAT2: &[&str] = &["openat2:error=ENOSYS"];

/// A program that is granted the directory it is started in, or another.
fn app(
    folder: &Path,
    target: Target,
    broken: bool,
    sandbox: KernelSandbox,
    host: &Path,
) -> Result<PathBuf> {
    let source = place::crate_root().join("programs/escapes/escapes.c");
    let wasm = std::fs::read(Build::new(&source).guest()?.path)?;
    let mut options = Options::new(target);
    options.kernel_sandbox = sandbox;
    options.grants.directories.push(Directory {
        host: host.as_os_str().as_bytes().to_vec(),
        guest: b"/".to_vec(),
        read_only: false,
    });
    let runtime = match broken {
        true => planted::runtime()?,
        false => elfin_runtimes::get(target, false).map_err(anyhow::Error::msg)?,
    };
    let bytes = elfin_compiler::compile(&wasm, &options, runtime)?.bytes;
    let path = folder.join(format!("escapes-{}", machine::short_name(target)));
    std::fs::write(&path, bytes)?;
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755))?;
    Ok(path)
}

/// `inside`, which is granted, and `outside`.
struct Tree {
    scratch: Scratch,
    inside: PathBuf,
    outside: PathBuf,
}

impl Tree {
    fn new() -> Result<Self> {
        let scratch = Scratch::new("escapes")?;
        let inside = place::created(scratch.path().join("inside"))?;
        let outside = place::created(scratch.path().join("outside"))?;
        for (folder, text) in [(&outside, "secret"), (&inside.join("twin"), "twin")] {
            place::created(folder.join("gone"))?;
            std::fs::write(folder.join("secret"), text)?;
            for operation in 0..OPERATIONS {
                for way in 0..WAYS {
                    let name = |kind| folder.join(format!("{kind}{operation}-{way}"));
                    std::fs::write(name('f'), text)?;
                    std::fs::create_dir(name('d'))?;
                    symlink("secret", name('l'))?;
                }
            }
        }
        for folder in ["own", "sub/deep", "moving/below"] {
            place::created(inside.join(folder))?;
        }
        std::fs::create_dir(inside.join(std::ffi::OsStr::from_bytes(b"\xff\xfe")))?;
        std::fs::write(inside.join("sub/file"), "file")?;
        std::fs::write(inside.join("swapped-file"), "twin")?;
        let absolute = outside.to_str().context("a path of ASCII")?;
        let absolute_secret = format!("{absolute}/secret");
        for (link, to) in [
            ("sub/up", "../.."),
            ("sub/level", ".."),
            ("sub/to-twin", "../twin"),
            ("parent", ".."),
            ("here", "."),
            ("slash", "/"),
            ("to-outside", "../outside"),
            ("to-absolute", absolute),
            ("to-absolute-secret", &absolute_secret),
            ("to-secret", "../outside/secret"),
            ("to-nothing", "../outside/created"),
            ("to-new", "twin/created"),
            ("to-twin", "twin"),
            ("end", "twin/secret"),
            ("chain", "chain2"),
            ("chain2", "chain3"),
            ("chain3", "../outside"),
            ("twin-chain", "twin-chain2"),
            ("twin-chain2", "twin-chain3"),
            ("twin-chain3", "twin"),
            ("loop", "loop"),
            ("swapped-directory", "twin"),
            ("proc-root", "/proc/self/root"),
            ("proc-thread-root", "/proc/thread-self/root"),
            ("proc-cwd", "/proc/self/cwd"),
            ("proc-descriptor", "/proc/self/fd/3"),
            ("proc-exe", "/proc/self/exe"),
        ] {
            symlink(to, inside.join(link))?;
        }
        Ok(Self {
            scratch,
            inside,
            outside,
        })
    }

    /// All that is outside: of each name what it is, holds, and when it was changed.
    fn outside(&self, with_times: bool) -> Result<BTreeMap<PathBuf, String>> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.outside.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                let data = path.symlink_metadata()?;
                let contents = match data.file_type() {
                    kind if kind.is_file() => std::fs::read_to_string(&path)?,
                    kind if kind.is_symlink() => format!("{:?}", std::fs::read_link(&path)?),
                    _ => "folder".to_owned(),
                };
                let times = with_times.then_some((data.mtime(), data.mtime_nsec()));
                let what = format!("{contents} {} {} {times:?}", data.nlink(), data.ino());
                if data.is_dir() {
                    folders.push(path.clone());
                }
                found.insert(path, what);
            }
        }
        Ok(found)
    }

    fn run(&self, mut command: Command, arguments: &[&str]) -> Result<Verdict> {
        command.args(arguments).current_dir(&self.inside);
        let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(120))?
            .succeeded()?;
        Verdict::read(&String::from_utf8(outcome.stdout)?)
    }

    /// The matrix of attempts; what is outside is as before, unless that is not promised.
    fn attempt(&self, command: Command, unchanged: Option<bool>) -> Result<Verdict> {
        let with_times = unchanged == Some(true);
        let before = self.outside(with_times)?;
        let outside = self.outside.to_str().context("a path of ASCII")?;
        let verdict = self.run(command, &["matrix", outside])?;
        if unchanged.is_some() {
            let after = self.outside(with_times)?;
            let differ = |path: &&PathBuf| before.get(*path) != after.get(*path);
            let changed: Vec<_> = before.keys().chain(after.keys()).filter(differ).collect();
            ensure!(changed.is_empty(), "changed outside: {changed:?}");
        }
        Ok(verdict)
    }

    /// The attempts while things are swapped.
    fn race(&self, command: Command, rounds: u32) -> Result<Verdict> {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let swapper = scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    self.swap()?;
                }
                Ok::<_, anyhow::Error>(())
            });
            let verdict = self.run(command, &["race", &rounds.to_string()]);
            stop.store(true, Ordering::Relaxed);
            swapper
                .join()
                .map_err(|_| anyhow::Error::msg("the swapper panics"))??;
            verdict
        })
    }

    /// Each thing becomes what leads out, and again what does not.
    fn swap(&self) -> Result<()> {
        let (inside, outside) = (&self.inside, &self.outside);
        let replace = |name: &str, make: &dyn Fn(&Path) -> std::io::Result<()>| -> Result<()> {
            let new = self.scratch.path().join("new");
            make(&new)?;
            std::fs::rename(&new, inside.join(name))?;
            Ok(())
        };
        replace("swapped-file", &|new| symlink("../outside/secret", new))?;
        replace("swapped-directory", &|new| symlink("../outside", new))?;
        std::fs::rename(inside.join("moving"), outside.join("moving"))?;
        std::thread::yield_now();
        replace("swapped-file", &|new| std::fs::write(new, "twin"))?;
        replace("swapped-directory", &|new| symlink("twin", new))?;
        std::fs::rename(outside.join("moving"), inside.join("moving"))?;
        std::thread::yield_now();
        Ok(())
    }
}

/// What the guest reported.
#[derive(Default)]
struct Verdict {
    attempts: usize,
    escapes: Vec<String>,
    /// Attempts to look at attributes or to set times, and those that escaped.
    looks: (usize, usize),
    failed_twins: Vec<String>,
}

impl Verdict {
    fn read(text: &str) -> Result<Self> {
        let mut verdict = Self::default();
        for line in text.lines() {
            let (attempt, twin) = line.split_once(" | twin ").context("a line has both")?;
            let escaped = attempt.ends_with(" escaped");
            ensure!(escaped || attempt.contains(" held "), "{line}");
            if attempt.starts_with("look: ") {
                verdict.looks.0 += 1;
                verdict.looks.1 += usize::from(escaped);
            }
            verdict.attempts += 1;
            if escaped {
                verdict.escapes.push(attempt.to_owned());
            }
            if twin != "ok" {
                verdict.failed_twins.push(line.to_owned());
            }
        }
        Ok(verdict)
    }

    fn check(&self, what: &str, least: usize) -> Result<()> {
        println!(
            "{what}: {} attempts, {} escapes, {} twins that fail",
            self.attempts,
            self.escapes.len(),
            self.failed_twins.len()
        );
        ensure!(
            self.attempts >= least,
            "{what}: only {} attempts",
            self.attempts
        );
        ensure!(self.escapes.is_empty(), "{what}: {:#?}", self.escapes);
        ensure!(
            self.failed_twins.is_empty(),
            "{what}: {:#?}",
            self.failed_twins
        );
        Ok(())
    }
}

/// With the resolver alone, by `openat2` and by a walk; emulators have no `openat2`.
#[test]
fn nothing_escapes_the_resolver() -> Result<()> {
    let scratch = Scratch::new("escapes")?;
    for target in machine::targets() {
        let app = app(
            scratch.path(),
            target,
            false,
            KernelSandbox::Off,
            Path::new("."),
        )?;
        let mut commands = vec![(target.to_string(), machine::command(target, &app)?)];
        if machine::emulator(target)?.is_none() {
            let walk = intruder::lacking(&app, NO_OPENAT2)?;
            commands.push((format!("{target} without openat2"), walk));
        }
        for (what, command) in commands {
            let verdict = Tree::new()?.attempt(command, Some(true))?;
            verdict.check(&what, 400)?;
        }
    }
    Ok(())
}

#[test]
fn nothing_escapes_while_things_are_swapped() -> Result<()> {
    let scratch = Scratch::new("escapes")?;
    let target = Target::X86_64;
    let app = app(
        scratch.path(),
        target,
        false,
        KernelSandbox::Off,
        Path::new("."),
    )?;
    let tree = Tree::new()?;
    tree.race(Command::new(&app), 3000)?.check("openat2", 5)?;
    let walk = intruder::lacking(&app, NO_OPENAT2)?;
    tree.race(walk, 300)?.check("a walk", 5)
}

/// With a resolver that lets every path lead anywhere.
#[test]
fn nothing_escapes_the_second_wall() -> Result<()> {
    let scratch = Scratch::new("escapes")?;
    let target = Target::X86_64;
    let app = app(
        scratch.path(),
        target,
        true,
        KernelSandbox::AUTO,
        Path::new("."),
    )?;
    let mut verdict = Tree::new()?.attempt(Command::new(&app), Some(false))?;
    let (looks, seen) = verdict.looks;
    println!(
        "{looks} attempts to look at attributes, which Landlock does not govern: {seen} succeed"
    );
    verdict
        .escapes
        .retain(|attempt| !attempt.starts_with("look: "));
    verdict.attempts -= looks;
    verdict.check("Landlock alone", 300)?;
    Tree::new()?
        .race(Command::new(&app), 3000)?
        .check("Landlock alone", 5)
}

/// The planted fault: without either wall the attempts are what they look like.
#[test]
fn without_walls_the_attempts_succeed() -> Result<()> {
    let scratch = Scratch::new("escapes")?;
    let target = Target::X86_64;
    let app = app(
        scratch.path(),
        target,
        true,
        KernelSandbox::Off,
        Path::new("."),
    )?;
    let verdict = Tree::new()?.attempt(Command::new(&app), None)?;
    println!(
        "{} of {} attempts escape",
        verdict.escapes.len(),
        verdict.attempts
    );
    ensure!(verdict.escapes.len() > 380, "{:#?}", verdict.escapes);
    // Which race is lost is a matter of luck, but not for long.
    let tree = Tree::new()?;
    let mut lost = BTreeSet::new();
    for _ in 0..50 {
        lost.extend(tree.race(Command::new(&app), 1000)?.escapes);
        if lost.len() >= 3 {
            break;
        }
    }
    ensure!(lost.len() >= 3, "{lost:?}");
    assert!(Verdict::default().check("none", 1).is_err());
    Ok(())
}

/// A mount point in the granted directory is no way up.
#[test]
fn nothing_escapes_at_a_mount_point() -> Result<()> {
    let (parent, name) = mount_point()?;
    let up = "../".repeat(parent.components().count());
    let scratch = Scratch::new("escapes")?;
    let tree = Tree::new()?;
    println!("{} in {}", name, parent.display());
    for target in machine::targets() {
        let app = app(scratch.path(), target, false, KernelSandbox::Off, &parent)?;
        let verdict = tree.run(machine::command(target, &app)?, &["mount", &name, &up])?;
        verdict.check(&target.to_string(), 2)?;
    }
    let app = app(
        scratch.path(),
        Target::X86_64,
        true,
        KernelSandbox::AUTO,
        &parent,
    )?;
    let verdict = tree.run(Command::new(app), &["mount", &name, &up])?;
    verdict.check("Landlock alone", 2)
}

/// A directory that is no root, and the name of a mount point in it: every Linux with /proc has some.
fn mount_point() -> Result<(PathBuf, String)> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo")?;
    let found = mounts.lines().find_map(|line| {
        let path = Path::new(line.split(' ').nth(4)?);
        let parent = path
            .parent()
            .filter(|parent| parent.components().count() > 1)?;
        let device = |path: &Path| Some(path.metadata().ok()?.dev());
        let is_open = |path: &Path| std::fs::read_dir(path).is_ok();
        let fits = is_open(path) && is_open(parent) && device(path) != device(parent);
        fits.then(|| Some((parent.to_owned(), path.file_name()?.to_str()?.to_owned())))?
    });
    found.context("no mount point below a directory, such as /dev/shm, is in /proc/self/mountinfo")
}
