//! Builds the runtime of every target from the sources of elfin-runtime, and embeds the objects.
//!
//! Out come `OUT_DIR/TARGET.o`, `OUT_DIR/TARGET-pie.o` for position-independent executables, and `OUT_DIR/runtimes.rs` with
//! a table of them that `src/lib.rs` includes. The bytes depend on the sources and the toolchain alone: no path of this
//! machine gets into an object.

use elfin_runtime::recipe;
use object::read::archive::ArchiveFile;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};

/// elfin's names of its targets, and those of Rust; a test in `src/lib.rs` compares them with the library's.
const TARGETS: [(&str, &str); 3] = [
    ("x86_64-linux", "x86_64-unknown-linux-gnu"),
    ("aarch64-linux", "aarch64-unknown-linux-gnu"),
    ("riscv64-linux", "riscv64gc-unknown-linux-gnu"),
];

/// The variable that narrows the list of targets.
const NARROW: &str = "ELFIN_TARGETS";

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let targets = chosen_targets();
    refuse_missing_cores(&targets);
    let source = Source::find(&out);
    let mut table = String::new();
    for (name, triple) in targets {
        for (is_pie, file) in [
            (false, format!("{name}.o")),
            (true, format!("{name}-pie.o")),
        ] {
            let object = source.build(triple, is_pie, &out);
            fs::write(out.join(&file), object)
                .unwrap_or_else(|error| fail(&[format!("{file} can't be written: {error}")]));
            writeln!(
                table,
                "    Embedded {{ target: {name:?}, is_pie: {is_pie}, object: include_bytes!({file:?}) }},"
            )
            .expect("a string has room");
        }
    }
    let table = format!("static RUNTIMES: &[Embedded] = &[\n{table}];\n");
    fs::write(out.join("runtimes.rs"), table)
        .unwrap_or_else(|error| fail(&[format!("runtimes.rs can't be written: {error}")]));
}

/// All targets, or those that the user has narrowed the list to.
fn chosen_targets() -> Vec<(&'static str, &'static str)> {
    println!("cargo::rerun-if-env-changed={NARROW}");
    let Ok(list) = env::var(NARROW) else {
        return TARGETS.into();
    };
    let known = |word: &str| {
        let fits = |&&(name, triple): &&(&str, &str)| {
            word == name || word == triple || Some(word) == name.strip_suffix("-linux")
        };
        *TARGETS.iter().find(fits).unwrap_or_else(|| {
            fail(&[format!(
                "{NARROW}={list}: `{word}` is no target; write some of x86_64,aarch64,riscv64 or unset it"
            )])
        })
    };
    let mut targets: Vec<_> = list.split(',').map(str::trim).map(known).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// Ends the build with both ways out if `core` is not installed for one of `targets`.
fn refuse_missing_cores(targets: &[(&str, &str)]) {
    let missing: Vec<_> = targets
        .iter()
        .filter(|(_, triple)| !has_core(triple))
        .collect();
    if missing.is_empty() {
        return;
    }
    let triples: Vec<&str> = missing.iter().map(|(_, triple)| *triple).collect();
    // Set by rustup's proxies: without it the command might add to another toolchain than this one.
    let toolchain = env::var("RUSTUP_TOOLCHAIN")
        .map(|name| format!(" --toolchain {name}"))
        .unwrap_or_default();
    let narrowed: Vec<&str> = TARGETS
        .iter()
        .filter(|(_, triple)| has_core(triple))
        .filter_map(|(name, _)| name.strip_suffix("-linux"))
        .collect();
    let mut lines = vec![
        format!(
            "Rust's core library is not installed for {}, which elfin's runtime is built for",
            triples.join(", ")
        ),
        format!(
            "install it: rustup target add{toolchain} {}",
            triples.join(" ")
        ),
    ];
    if !narrowed.is_empty() {
        lines.push(format!(
            "or build elfin without: set the environment variable {NARROW}={}",
            narrowed.join(",")
        ));
    }
    fail(&lines)
}

fn has_core(triple: &str) -> bool {
    let found = Command::new(env::var_os("RUSTC").expect("cargo sets it"))
        .args(["--print", "target-libdir", "--target", triple])
        .output();
    let Ok(found) = found else { return false };
    let folder = String::from_utf8_lossy(&found.stdout);
    fs::read_dir(folder.trim()).is_ok_and(|entries| {
        entries.filter_map(Result::ok).any(|entry| {
            let name = entry.file_name();
            name.as_encoded_bytes().starts_with(b"libcore-")
        })
    })
}

/// Where the runtime is built from.
struct Source {
    /// The folder of its manifest.
    folder: PathBuf,
    /// Further arguments for cargo.
    arguments: Vec<String>,
}

impl Source {
    /// In elfin's own tree the sources are built where they lie. Those of a package lie in cargo's registry folder,
    /// which is not ours to write to, and its elfin-abi may be one that is not published yet (`cargo package` builds
    /// it so): a copy is built, with the elfin-abi that this build script was given. Both use the versions of the
    /// lock file that comes with them.
    fn find(out: &Path) -> Self {
        let runtime = Path::new(recipe::MANIFEST_DIR);
        let abi = Path::new(elfin_abi::MANIFEST_DIR);
        if abi.starts_with(runtime) {
            for name in [
                "src",
                "Cargo.toml",
                "abi/src",
                "abi/Cargo.toml",
                "../Cargo.lock",
            ] {
                println!("cargo::rerun-if-changed={}", runtime.join(name).display());
            }
            return Self {
                folder: runtime.into(),
                arguments: vec!["--locked".into()],
            };
        }
        println!("cargo::rerun-if-changed={}", runtime.display());
        println!("cargo::rerun-if-changed={}", abi.display());
        let folder = out.join("source");
        let _ = fs::remove_dir_all(&folder);
        copy(runtime, &folder)
            .and_then(|()| make_workspace_root(&folder.join("Cargo.toml")))
            .unwrap_or_else(|error| fail(&[format!("elfin-runtime can't be copied: {error}")]));
        Self {
            folder,
            arguments: vec![
                "--config".into(),
                format!("patch.crates-io.elfin-abi.path={:?}", abi),
            ],
        }
    }

    /// Builds the runtime for a Rust target; gives the bytes of its object.
    fn build(&self, triple: &str, is_pie: bool, out: &Path) -> Vec<u8> {
        let build_folder = out.join(if is_pie { "runtime-pie" } else { "runtime" });
        let mut cargo = Command::new(env::var_os("CARGO").expect("cargo sets it"));
        forget_outer_build(&mut cargo);
        cargo
            .current_dir(&self.folder)
            .args(["rustc", "--lib", "--crate-type", "staticlib", "--release"])
            .args(["--target", triple])
            .arg("--target-dir")
            .arg(&build_folder)
            .args(&self.arguments)
            .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags(triple, is_pie));
        for setting in recipe::PROFILE {
            cargo.args(["--config", setting]);
        }
        match cargo.status() {
            Ok(status) if status.success() => {}
            Ok(status) => fail(&[format!(
                "the runtime can't be built for {triple}: cargo ended with {status}"
            )]),
            Err(error) => fail(&[format!("cargo can't be started: {error}")]),
        }
        let archive = build_folder.join(triple).join("release/libelfin_runtime.a");
        fs::read(&archive)
            .map_err(|error| error.to_string())
            .and_then(|bytes| needed_member(&bytes))
            .unwrap_or_else(|error| fail(&[format!("{}: {error}", archive.display())]))
    }

    /// The recipe's flags, and those that keep the paths of this machine out of the object.
    fn rustflags(&self, triple: &str, is_pie: bool) -> String {
        let flags = recipe::rustflags(triple, is_pie);
        let mut flags: Vec<String> = flags.map(str::to_owned).collect();
        let mut remap = |from: &Path, to: &str| {
            flags.push(format!("--remap-path-prefix={}={to}", from.display()));
        };
        // Of several that fit rustc takes the last.
        if let Some(home) = cargo_home() {
            remap(&home, "cargo");
            let registries = fs::read_dir(home.join("registry/src"));
            for registry in registries.into_iter().flatten().flatten() {
                remap(&registry.path(), "");
            }
        }
        remap(&self.folder, "elfin-runtime");
        if let Some(parent) = Path::new(elfin_abi::MANIFEST_DIR).parent() {
            remap(parent, "elfin-runtime");
        }
        flags.join("\x1f")
    }
}

/// The one object of an archive that an executable needs: the others, 4 MB, are Rust's `compiler_builtins`.
fn needed_member(archive: &[u8]) -> Result<Vec<u8>, String> {
    let file = ArchiveFile::parse(archive).map_err(|error| error.to_string())?;
    for member in file.members() {
        let member = member.map_err(|error| error.to_string())?;
        if member.name().starts_with(recipe::MEMBER.as_bytes()) {
            let object = member.data(archive).map_err(|error| error.to_string())?;
            return Ok(object.to_vec());
        }
    }
    Err(format!("it has no member {}*", recipe::MEMBER))
}

/// Takes away what the cargo that runs this script tells its children, where it would change the nested build: flags,
/// wrappers (clippy is one), folders, profiles. What says how to reach a registry stays, and the job tokens.
fn forget_outer_build(cargo: &mut Command) {
    const KEPT: [&str; 8] = [
        "CARGO_HOME",
        "CARGO_MAKEFLAGS",
        "CARGO_HTTP_",
        "CARGO_NET_",
        "CARGO_REGISTRIES_",
        "CARGO_REGISTRY_",
        "CARGO_SOURCE_",
        "CARGO_TERM_",
    ];
    const FORGOTTEN: [&str; 5] = [
        "RUSTFLAGS",
        "RUSTDOCFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "RUSTC_LINKER",
    ];
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let kept = KEPT.iter().any(|kept| text.starts_with(kept));
        if FORGOTTEN.contains(&text) || text.starts_with("CARGO") && !kept {
            cargo.env_remove(&name);
        }
    }
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::write(target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Keeps cargo from looking for a workspace in the folders above, where OUT_DIR may well have one.
fn make_workspace_root(manifest: &Path) -> std::io::Result<()> {
    let text = fs::read_to_string(manifest)?;
    fs::write(manifest, format!("{text}\n[workspace]\n"))
}

/// Ends the build; cargo shows the lines as errors.
fn fail(lines: &[String]) -> ! {
    for line in lines {
        println!("cargo::error={line}");
    }
    exit(1)
}
