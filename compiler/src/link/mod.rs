//! The object and the runtime archive become an executable, in memory, by the embedded linker.

mod check;
mod files;

use crate::error::{Error, ErrorKind, Result};
use crate::object::Object;
use crate::options::Options;
use crate::target::Target;
use elfin_abi::address::GROWABLE_TABLES_BASE;
use elfin_abi::layout::START_SYMBOL;
use files::MemoryFiles;
use std::sync::{Arc, Mutex};

/// Names in the linker's file system, which holds nothing else.
const OBJECT: &str = "program.o";
const ARCHIVE: &str = "libelfin.a";
const OUTPUT: &str = "executable";

/// Address space that the runtime's zero-initialised data may take. It lies right below the growable tables, so that
/// no linker places it behind a pinned section, inside the guest's memory.
const BSS_SPACE: u64 = 1 << 20;

/// Links an executable.
pub fn link(object: Object, runtime: &[u8], options: &Options) -> Result<Vec<u8>> {
    refuse_environment()?;
    let files = MemoryFiles::default();
    files.insert(OBJECT, object.bytes);
    files.insert(ARCHIVE, runtime.to_vec());
    let warnings = Arc::new(Mutex::new(Vec::new()));
    run(&files, &arguments(&object.pinned, options), &warnings).map_err(|error| {
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
    let Some(executable) = files.take(OUTPUT) else {
        return Err(Error::new(
            ErrorKind::Internal,
            "the linker wrote no executable",
        ));
    };
    check::layout(&executable, &object.pinned)?;
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
fn arguments(pinned: &[crate::object::Pinned], options: &Options) -> Vec<String> {
    let (emulation, page_size) = match options.target {
        Target::X86_64 => ("elf_x86_64", "0x1000"),
        Target::Aarch64 => ("aarch64linux", "0x10000"),
        Target::Riscv64 => ("elf64lriscv", "0x1000"),
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
        &format!("max-page-size={page_size}"),
        "-e",
        START_SYMBOL,
        &format!(
            "--section-start=.bss={:#x}",
            GROWABLE_TABLES_BASE - BSS_SPACE
        ),
    ]
    .map(str::to_owned)
    .into();
    for section in pinned {
        arguments.push(format!(
            "--section-start={}={:#x}",
            section.name, section.address
        ));
    }
    // The archive carries the debug information of Rust's core.
    arguments.push(
        if options.strip {
            "--strip-all"
        } else {
            "--strip-debug"
        }
        .to_owned(),
    );
    arguments.extend(["-o", OUTPUT, OBJECT, ARCHIVE].map(str::to_owned));
    arguments
}
