//! The object and the runtime's become an executable, in memory, by the embedded linker, or by another one.

mod check;
mod check_map;
mod external;
mod files;
mod runtime;
mod segments;

use crate::error::{Error, ErrorKind, Result};
use crate::object::{MappedImage, Object};
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

/// Links an executable. What comes out is checked, whichever linker made it.
pub fn link(object: Object, runtime: &[u8], options: &Options) -> Result<Vec<u8>> {
    let (bytes, images) = (object.bytes, object.images);
    let mut runtime = runtime.to_vec();
    runtime::trim(&mut runtime, options.debug).map_err(|error| {
        let message = format!("the runtime can't be read: {error}");
        Error::new(ErrorKind::Internal, message)
    })?;
    let arguments = arguments(options, object.is_named);
    let mut executable = match &options.linker {
        None => {
            let arguments = [&placement(options)[..], &arguments].concat();
            embedded(bytes, runtime, &arguments)?
        }
        Some(_) if options.pie => {
            let message = "another linker makes no position-independent executable: leave out --linker or --pie";
            return Err(Error::new(ErrorKind::Option, message));
        }
        Some(linker) => {
            let files = [(OBJECT, &bytes[..]), (RUNTIME, &runtime[..])];
            external::run(linker, &files, &arguments, OUTPUT, options.debug)?
        }
    };
    finish(&mut executable, object.state_len, &images, options).map_err(|error| {
        match &options.linker {
            // Not elfin's own: choosing it was the mistake.
            Some(linker) if error.kind == ErrorKind::Internal => Error::new(
                ErrorKind::Option,
                format!("{} (by `{}`)", error.message, linker.display()),
            ),
            _ => error,
        }
    })?;
    Ok(executable)
}

/// Adds the segments of memories, and checks where everything lies.
fn finish(
    executable: &mut Vec<u8>,
    state_len: u64,
    images: &[MappedImage],
    options: &Options,
) -> Result<()> {
    segments::append(executable, images, options.target).map_err(|error| {
        let message = format!("the linker's executable can't be read: {error}");
        Error::new(ErrorKind::Internal, message)
    })?;
    check::check(executable, options)?;
    if !options.pie {
        check_map::layout(executable, state_len, images)?;
    }
    Ok(())
}

/// Links by the embedded linker.
fn embedded(object: Vec<u8>, runtime: Vec<u8>, arguments: &[String]) -> Result<Vec<u8>> {
    refuse_environment()?;
    let files = MemoryFiles::default();
    files.insert(OBJECT, object);
    files.insert(RUNTIME, runtime);
    let warnings = Arc::new(Mutex::new(Vec::new()));
    run(&files, arguments, &warnings).map_err(|error| {
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
    files.take(OUTPUT).ok_or_else(|| {
        let message = "the linker wrote no executable";
        Error::new(ErrorKind::Internal, message)
    })
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
    let arguments = || {
        ["ld.wild"]
            .into_iter()
            .chain(arguments.iter().map(String::as_str))
    };
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

/// Where the parts lie, as the embedded linker is told.
fn placement(options: &Options) -> [String; 4] {
    if options.pie {
        // The runtime makes read-only what has addresses in it.
        return ["-pie", "--no-dynamic-linker", "-z", "relro"].map(str::to_owned);
    }
    // Nothing needs relocation. The runtime's zero-initialised data follows the state, in the same segment.
    let state = format!("{STATE_SECTION}={STATE_BASE:#x}");
    ["-z", "norelro", "--section-start", &state].map(str::to_owned)
}

/// The arguments of an ld-compatible linker, but for where the parts lie.
fn arguments(options: &Options, is_named: bool) -> Vec<String> {
    let emulation = match options.target {
        Target::X86_64 => "elf_x86_64",
        Target::Aarch64 => "aarch64linux",
        Target::Riscv64 => "elf64lriscv",
    };
    let mut arguments: Vec<String> = [
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
    if options.debug {
        // Profilers find frames by it.
        arguments.push("--eh-frame-hdr".to_owned());
    }
    // A module that was stripped of its names becomes an executable that is.
    if options.strip || !is_named && !options.debug {
        arguments.push("--strip-all".to_owned());
    } else if !options.debug {
        arguments.push("--strip-debug".to_owned());
    }
    arguments.extend(["-o", OUTPUT, OBJECT, RUNTIME].map(str::to_owned));
    arguments
}
