//! What an executable says of itself: the options that it was made with become its [`Note`], a line each.

use super::Builder;
use crate::note::{self, ELFIN, INPUT, Note, SECTION};
use crate::options::{
    Directory, Grants, KernelSandbox, OptLevel, Options, UnknownImports, Variable,
};
use object::{SectionFlags, SectionKind, elf};

/// The value of an option that takes none.
const YES: &str = "yes";

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
        note.line("strip", YES);
    }
    if options.debug {
        note.line("debug", YES);
    }
    match options.unknown_imports {
        UnknownImports::Refuse => {}
        UnknownImports::Trap => note.line("unknown-imports", "trap"),
        UnknownImports::Zero => note.line("unknown-imports", "zero"),
    }
    note.line("kernel-sandbox", kernel_sandbox(options.kernel_sandbox));
    if let Some(export) = &options.invoke {
        note.line("invoke", export);
    }
    grants(&mut note, &options.grants);
    note.line("stack-size", options.stack_size.to_string());
    if let Some(bytes) = options.max_memory {
        note.line("max-memory", bytes.to_string());
    }
    if let Some(count) = options.max_descriptors {
        note.line("max-fds", count.to_string());
    }
    if let Some(time) = options.timeout {
        note.line("timeout", format!("{}ms", time.as_millis()));
    }
    note
}

fn grants(note: &mut Note, grants: &Grants) {
    for address in &grants.listeners {
        note.line("tcp-listen", address.to_string());
    }
    for granted in &grants.directories {
        note.line("dir", directory(granted));
    }
    for embedded in &grants.embedded {
        note.line("embed-dir", &embedded.guest);
    }
    for granted in &grants.environment {
        note.line("env", variable(granted));
    }
    if grants.inherit_environment {
        note.line("inherit-env", "all");
    }
    if let Some(name) = &grants.argv0 {
        note.line("argv0", name);
    }
    if grants.more_at_start {
        note.line("runtime-grants", YES);
    }
}

/// As `--kernel-sandbox` takes it.
fn kernel_sandbox(sandbox: KernelSandbox) -> &'static str {
    match sandbox {
        KernelSandbox::Off => "off",
        KernelSandbox::On {
            require_seccomp,
            require_landlock,
        } => match (require_seccomp, require_landlock) {
            (false, false) => "auto",
            (true, false) => "require=seccomp",
            (false, true) => "require=landlock",
            (true, true) => "require",
        },
    }
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
