//! Another linker, run as a process: a linker script and the two objects go to a temporary folder, an executable comes
//! back, as yet unchecked.
//!
//! The script says what the embedded linker is told by arguments: linkers place a section at an address of its own only
//! roughly alike, and a script is the form in which they agree.

use crate::error::{Error, ErrorKind, Result};
use elfin_abi::address::{IMAGE_BASE, STATE_BASE};
use elfin_abi::layout::{START_SYMBOL, STATE_SECTION};
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The script's name in the folder.
const SCRIPT: &str = "executable.ld";

/// Runs `linker` on these files, each with its name. `arguments` name them and `output`.
pub(super) fn run(
    linker: &Path,
    files: &[(&str, &[u8])],
    arguments: &[String],
    output: &str,
) -> Result<Vec<u8>> {
    let fail = |message: String| Error::new(ErrorKind::Option, message);
    let temporary = |error: io::Error| {
        fail(format!(
            "the folder for the linker's files can't be used: {error}"
        ))
    };
    let folder = tempfile::Builder::new().prefix("elfin-link-").tempdir();
    let folder = folder.map_err(temporary)?;
    fs::write(folder.path().join(SCRIPT), script()).map_err(temporary)?;
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).map_err(temporary)?;
    }
    // A path is one from this process's folder; a mere name is looked up.
    let program = match linker.components().count() {
        1 => linker.to_owned(),
        _ => std::path::absolute(linker).map_err(temporary)?,
    };
    let ended = Command::new(program)
        .current_dir(folder.path())
        .args(["-T", SCRIPT])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| fail(cannot_start(linker, &error)))?;
    if !ended.status.success() {
        return Err(fail(failed(linker, &ended)));
    }
    fs::read(folder.path().join(output)).map_err(|error| {
        let linker = linker.display();
        fail(format!(
            "the linker `{linker}` wrote no executable: {error}"
        ))
    })
}

fn cannot_start(linker: &Path, error: &io::Error) -> String {
    format!(
        "the linker `{}` can't be started: {error}. Name one that understands the arguments and scripts of ld, such as \
         ld.lld or ld.bfd, or leave out --linker",
        linker.display()
    )
}

/// What it says itself is the rest of the sentence.
fn failed(linker: &Path, ended: &Output) -> String {
    let said = String::from_utf8_lossy(&ended.stderr);
    format!(
        "the linker `{}` failed ({}): {}",
        linker.display(),
        ended.status,
        said.trim()
    )
}

/// What is only read, code, and data begin a page each, of which the file has no padding. The runtime's zero-initialised
/// data follows the state, in the same segment.
fn script() -> String {
    format!(
        "ENTRY({START_SYMBOL})
PHDRS
{{
  read PT_LOAD FILEHDR PHDRS FLAGS(4);
  code PT_LOAD FLAGS(5);
  data PT_LOAD FLAGS(6);
  state PT_LOAD FLAGS(6);
  stack PT_GNU_STACK FLAGS(6);
}}
SECTIONS
{{
  . = {IMAGE_BASE:#x} + SIZEOF_HEADERS;
  .rodata : {{ *(.rodata .rodata.*) }} :read
  .eh_frame : {{ KEEP(*(.eh_frame)) }} :read
  . = ALIGN(CONSTANT(MAXPAGESIZE)) + (. & (CONSTANT(MAXPAGESIZE) - 1));
  .text : {{ *(.text .text.*) }} :code
  . = ALIGN(CONSTANT(MAXPAGESIZE)) + (. & (CONSTANT(MAXPAGESIZE) - 1));
  .data : {{ *(.data .data.*) }} :data
  .got : {{ *(.got .got.*) }} :data
  {STATE_SECTION} {STATE_BASE:#x} : {{ KEEP(*({STATE_SECTION})) }} :state
  .bss : {{ *(.bss .bss.*) }} :state
}}
"
    )
}
