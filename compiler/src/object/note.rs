//! What an executable says of itself: the options that it was made with become its [`Note`], a line each.

use super::Builder;
use crate::note::{self, ELFIN, INPUT, Note, SECTION};
use crate::options::{Directory, OptLevel, Options, UnknownImports, Variable};
use object::{SectionFlags, SectionKind, elf};

/// Emits the note of a program that was read from these inputs.
pub(super) fn emit(builder: &mut Builder<'_>, inputs: &[&[u8]]) {
    let note = describe(inputs, builder.options);
    let section = builder
        .object
        .add_section(Vec::new(), SECTION.into(), SectionKind::Note);
    // Without SHF_ALLOC no process loads it, and linkers neither collect nor strip it.
    builder.object.section_mut(section).flags = SectionFlags::Elf {
        sh_type: elf::SHT_NOTE,
        sh_flags: elf::SectionFlags(0),
    };
    builder
        .object
        .set_section_data(section, note.to_section(), 4);
}

/// The lines: what the executable is made of and for, then what it may reach, then its limits.
fn describe(inputs: &[&[u8]], options: &Options) -> Note {
    let mut note = Note::default();
    note.line(ELFIN, env!("CARGO_PKG_VERSION"));
    for input in inputs {
        note.line(INPUT, note::digest(input));
    }
    note.line("target", options.target.name());
    note.line("cpu", options.cpu.to_string());
    let level = match options.opt_level {
        OptLevel::None => "0",
        OptLevel::Basic => "1",
        OptLevel::Speed => "2",
        OptLevel::Size => "s",
    };
    note.line("opt-level", level);
    if options.strip {
        note.line("strip", "yes");
    }
    match options.unknown_imports {
        UnknownImports::Refuse => {}
        UnknownImports::Trap => note.line("unknown-imports", "trap"),
        UnknownImports::Zero => note.line("unknown-imports", "zero"),
    }
    if let Some(export) = &options.invoke {
        note.line("invoke", export);
    }
    for granted in &options.grants.directories {
        note.line("dir", directory(granted));
    }
    for granted in &options.grants.environment {
        note.line("env", variable(granted));
    }
    note.line("stack-size", options.stack_size.to_string());
    if let Some(bytes) = options.max_memory {
        note.line("max-memory", bytes.to_string());
    }
    note
}

/// `HOST[::GUEST[::ro]]`, as `--dir` takes it.
fn directory(directory: &Directory) -> Vec<u8> {
    let Directory {
        host,
        guest,
        read_only,
    } = directory;
    if *read_only {
        [&host[..], guest, b"ro"].join(&b"::"[..])
    } else if guest != host {
        [&host[..], guest].join(&b"::"[..])
    } else {
        host.clone()
    }
}

/// `NAME` or `NAME=VALUE`, as `--env` takes it.
fn variable(variable: &Variable) -> Vec<u8> {
    match &variable.value {
        None => variable.name.clone(),
        Some(value) => [&variable.name[..], value].join(&b"="[..]),
    }
}
