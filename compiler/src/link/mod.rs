//! The object and the runtime's become an executable, in memory, by the embedded linker.

mod check;
mod check_map;
mod files;
mod segments;

use crate::error::{Error, ErrorKind, Result};
use crate::object::Object;
use crate::options::Options;
use crate::target::Target;
use elfin_abi::address::STATE_BASE;
use elfin_abi::layout::{START_SYMBOL, STATE_SECTION};
use files::MemoryFiles;
use std::sync::{Arc, Mutex};

/// Names in the linker's file system, which holds nothing else.
const OBJECT: &str = "program.o";
const RUNTIME: &str = "runtime.o";
const OUTPUT: &str = "executable";

/// Links an executable.
pub fn link(object: Object, runtime: &[u8], options: &Options) -> Result<Vec<u8>> {
    refuse_environment()?;
    let files = MemoryFiles::default();
    files.insert(OBJECT, object.bytes);
    files.insert(RUNTIME, runtime.to_vec());
    let warnings = Arc::new(Mutex::new(Vec::new()));
    run(&files, &arguments(options, object.is_named), &warnings).map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            format!("linking failed: {}", error.to_string()),
        )
    })?;
    let warnings = std::mem::take(&mut *warnings.lock().expect("no callback panics"));
    if !warnings.is_empty() {
        return Err(Error::new(
            ErrorKind::Internal,
            format!("the linker warns: {}", warnings.join("; ")),
        ));
    }
    let Some(mut executable) = files.take(OUTPUT) else {
        return Err(Error::new(
            ErrorKind::Internal,
            "the linker wrote no executable",
        ));
    };
    segments::append(&mut executable, &object.images, options.target).map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            format!("the linker's executable can't be read: {error}"),
        )
    })?;
    check::check(&executable, options)?;
    if !options.pie {
        check_map::layout(&executable, object.state_len, &object.images)?;
    }
    Ok(executable)
}

/// The linker reads variables that change what it does, one of them to nothing at all.
fn refuse_environment() -> Result<()> {
    match std::env::vars_os().find(|(name, _)| name.as_encoded_bytes().starts_with(b"WILD_")) {
        None => Ok(()),
        Some((name, _)) => {
            let message = format!(
                "the environment variable {} changes how the embedded linker works; unset it",
                name.to_string_lossy()
            );
            Err(Error::new(ErrorKind::Option, message))
        }
    }
}

fn run(
    files: &MemoryFiles,
    arguments: &[String],
    warnings: &Arc<Mutex<Vec<String>>>,
) -> libwild::error::Result {
    let arguments = || arguments.iter().map(String::as_str);
    let mut args = libwild::Args::new(arguments)?;
    let warnings = Arc::clone(warnings);
    args.on_warning(Box::new(move |warning| {
        warnings
            .lock()
            .expect("no callback panics")
            .push(warning.warning().to_owned());
    }));
    args.parse(arguments)?;
    let linker = libwild::Linker::with_file_system(files.clone());
    linker.run(&args)?;
    Ok(())
}

/// The command line of an ld-compatible linker.
fn arguments(options: &Options, is_named: bool) -> Vec<String> {
    let emulation = match options.target {
        Target::X86_64 => "elf_x86_64",
        Target::Aarch64 => "aarch64linux",
        Target::Riscv64 => "elf64lriscv",
    };
    let mut arguments: Vec<String> = [
        "ld.wild",
        "-m",
        emulation,
        "-static",
        "--gc-sections",
        "--build-id=none",
        "-z",
        "noexecstack",
        "-z",
        &format!("max-page-size={:#x}", options.target.page_size()),
        "-e",
        START_SYMBOL,
    ]
    .map(str::to_owned)
    .into();
    arguments.extend(if options.pie {
        // The runtime makes read-only what has addresses in it.
        ["-pie", "--no-dynamic-linker", "-z", "relro"].map(str::to_owned)
    } else {
        // Nothing needs relocation. The runtime's zero-initialised data follows the state, in the same segment.
        let state = format!("{STATE_SECTION}={STATE_BASE:#x}");
        ["-z", "norelro", "--section-start", &state].map(str::to_owned)
    });
    // A module that was stripped of its names becomes an executable that is. The runtime always carries the frames of
    // its functions.
    if options.strip || !is_named && !options.debug {
        arguments.push("--strip-all".to_owned());
    } else if !options.debug {
        arguments.push("--strip-debug".to_owned());
    }
    arguments.extend(["-o", OUTPUT, OBJECT, RUNTIME].map(str::to_owned));
    arguments
}
