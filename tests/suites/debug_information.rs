//! Debug information as bytes: it is well-formed, the same each time, leaves the code as it is, and never breaks a
//! compilation, whatever the module's own is like.

use anyhow::{Context, Result, ensure};
use elfin_compiler::options::Emit;
use elfin_compiler::{Options, Output, Target};
use elfin_tests::execute::{self, Stdout};
use elfin_tests::guest::Build;
use elfin_tests::mutate::Random;
use elfin_tests::place::{self, Scratch};
use elfin_tests::{elfin, machine};
use std::borrow::Cow;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use wasm_encoder::{
    CodeSection, CustomSection, ExportKind, ExportSection, Function, FunctionSection, Module,
    RawSection, TypeSection,
};
use wasmparser::{Parser, Payload};

/// A guest with debug information that is up to date.
fn guest(source: &str, flags: &str) -> Result<Vec<u8>> {
    let mut build = Build::new(&place::crate_root().join("programs/debuggers").join(source));
    build.apply("flags", flags)?;
    Ok(std::fs::read(build.guest()?.path)?)
}

fn c() -> Result<Vec<u8>> {
    guest("shapes.c", "-O0 -Xclang -O2 -g")
}

fn rust() -> Result<Vec<u8>> {
    guest("shapes.rs", "-Cstrip=none -Cdebuginfo=2")
}

/// Small, so that compiling it often is quick.
fn bare() -> Result<Vec<u8>> {
    guest("bare.c", "-O0 -Xclang -O2 -g -nostdlib")
}

/// The object of a module.
fn object(module: &[u8], target: Target, debug: bool, jobs: usize) -> Result<Output> {
    let mut options = Options::new(target);
    options.emit = Emit::Object;
    options.debug = debug;
    options.jobs = jobs;
    Ok(elfin_compiler::compile(module, &options, &[])?)
}

/// The contents of a section of an ELF object of 64 bits.
fn section<'a>(elf: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let word = |at: usize, len: usize| {
        let mut bytes = [0; 8];
        bytes[..len].copy_from_slice(elf.get(at..at + len)?);
        usize::try_from(u64::from_le_bytes(bytes)).ok()
    };
    let (first, count, names) = (word(0x28, 8)?, word(0x3c, 2)?, word(0x3e, 2)?);
    let header = |index: usize| first + index * 64;
    let names = word(header(names) + 24, 8)?;
    (0..count).map(header).find_map(|header| {
        let start = names + word(header, 4)?;
        let found = elf.get(start..)?.split(|byte| *byte == 0).next()?;
        let (offset, len) = (word(header + 24, 8)?, word(header + 32, 8)?);
        (found == name.as_bytes()).then(|| elf.get(offset..offset + len))?
    })
}

#[test]
fn it_is_the_same_each_time_and_leaves_the_code_alone() -> Result<()> {
    let module = rust()?;
    for target in Target::ALL {
        let alone = object(&module, target, true, 1)?.bytes;
        let together = object(&module, target, true, 4)?.bytes;
        ensure!(alone == together, "{target}: threads change the bytes");
        let without = object(&module, target, false, 0)?.bytes;
        let code = |elf| section(elf, ".text.wasm.0").context("there is code");
        ensure!(
            code(&alone)? == code(&without)?,
            "{target}: -g changes code"
        );
        for name in [".debug_info", ".debug_line", ".debug_str", ".eh_frame"] {
            ensure!(section(&alone, name).is_some(), "{target}: no {name}");
            ensure!(
                section(&without, name).is_none(),
                "{target}: {name} without -g"
            );
        }
    }
    Ok(())
}

/// Nothing of it is in an executable that was not asked for it: neither the runtime's own nor what reads it.
#[test]
fn without_g_there_is_none() -> Result<()> {
    let scratch = Scratch::new("debug")?;
    let input = scratch.path().join("shapes.wasm");
    std::fs::write(&input, c()?)?;
    for target in machine::targets() {
        for (options, is_there) in [(&[][..], false), (&["-g".into()][..], true)] {
            let output = scratch.path().join("shapes");
            elfin::compile(&input, &output, target, options)?;
            let elf = std::fs::read(&output)?;
            for name in [".debug_info", ".debug_line", ".eh_frame", ".eh_frame_hdr"] {
                let found = section(&elf, name).is_some_and(|bytes| !bytes.is_empty());
                ensure!(found == is_there, "{target}, {options:?}: {name}: {found}");
            }
            let symbol = b"elfin_report_source";
            let found = elf.windows(symbol.len()).any(|window| window == symbol);
            ensure!(
                found == is_there,
                "{target}, {options:?}: the reader: {found}"
            );
        }
    }
    Ok(())
}

/// LLVM's verifier knows DWARF better than this suite.
#[test]
fn it_is_well_formed() -> Result<()> {
    let scratch = Scratch::new("verify")?;
    for (name, module) in [("shapes.c", c()?), ("shapes.rs", rust()?)] {
        let input = scratch.path().join("input.wasm");
        std::fs::write(&input, module)?;
        for target in machine::targets() {
            let output = scratch.path().join("output");
            elfin::compile(&input, &output, target, &["-g".into()])?;
            verify(&output).with_context(|| format!("{name} on {target}"))?;
        }
    }
    // The verifier finds a function that lies where there is no code.
    let output = scratch.path().join("output");
    let mut elf = std::fs::read(&output)?;
    let info = section(&elf, ".debug_info").context("it has been verified")?;
    let at = info.as_ptr().addr() - elf.as_ptr().addr();
    elf[at + 40..at + 400].fill(0x41);
    std::fs::write(&output, elf)?;
    ensure!(verify(&output).is_err(), "the planted damage was not found");
    Ok(())
}

fn verify(executable: &Path) -> Result<()> {
    let tool = machine::find_tool("llvm-dwarfdump")
        .context("llvm-dwarfdump is missing: `apt-get install llvm` installs it")?;
    let mut command = Command::new(tool);
    command.arg("--verify").arg(executable);
    let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(60))?;
    let output = String::from_utf8_lossy(&outcome.stdout).into_owned();
    ensure!(
        outcome.code() == Some(0) && output.contains("No errors."),
        "llvm-dwarfdump: {output}{}",
        outcome.stderr_text()
    );
    Ok(())
}

/// Broken debug information is left out, at most with a note.
#[test]
fn broken_information_breaks_nothing() -> Result<()> {
    let module = bare()?;
    let whole = object(&module, Target::X86_64, true, 1)?;
    ensure!(whole.notes.is_empty(), "{:?}", whole.notes);
    let (mut noted, mut changed) = (0, 0);
    let count = 3000;
    for index in 0..count {
        let mut random = Random::new(0xdeb << 32 | index);
        let broken = break_debug_sections(&module, &mut random)?;
        let target = Target::ALL[index as usize % 3];
        let start = Instant::now();
        let compile = || object(&broken, target, true, 1);
        let output = panic::catch_unwind(AssertUnwindSafe(compile))
            .map_err(|_| anyhow::anyhow!("mutation {index} on {target} panicked"))?
            .with_context(|| format!("mutation {index} on {target}"))?;
        ensure!(
            start.elapsed() < Duration::from_secs(10),
            "{index} took too long"
        );
        noted += usize::from(!output.notes.is_empty());
        changed += usize::from(target == Target::X86_64 && output.bytes != whole.bytes);
    }
    println!("{noted} of {count} were noted, a third had {changed} other results");
    ensure!(
        noted * 5 >= count as usize,
        "only {noted} of {count} were noted"
    );
    ensure!(
        changed * 6 >= count as usize,
        "only {changed} made a difference"
    );
    Ok(())
}

/// The module with one to three bytes or pieces of its debug sections changed.
fn break_debug_sections(module: &[u8], random: &mut Random) -> Result<Vec<u8>> {
    let mut sections = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::CustomSection(custom) = &payload {
            sections.push((None, Some(custom.name().to_owned()), custom.data().to_vec()));
        } else if let Some((id, range)) = payload.as_section() {
            sections.push((Some(id), None, module[range].to_vec()));
        }
    }
    let is_debug = |name: &Option<String>| name.as_ref().is_some_and(|n| n.starts_with(".debug_"));
    let mut debug: Vec<&mut Vec<u8>> = sections
        .iter_mut()
        .filter(|(_, name, data)| is_debug(name) && !data.is_empty())
        .map(|(_, _, data)| data)
        .collect();
    for _ in 0..1 + random.below(3) {
        let index = random.below(debug.len());
        let data = &mut *debug[index];
        if data.is_empty() {
            continue;
        }
        let at = random.below(data.len());
        match random.below(6) {
            0 => data.truncate(at),
            1 => drop(data.remove(at)),
            2 => data.insert(at, random.below(256) as u8),
            3 => data[at] = [0, 0x7f, 0x80, 0xff][random.below(4)],
            4 => data[at] ^= 1 << random.below(8),
            _ => {
                let piece = data[at..].to_vec();
                data.extend(piece);
            }
        }
    }
    let mut broken = Module::new();
    for (id, name, data) in &sections {
        match (id, name) {
            (Some(id), _) => drop(broken.section(&RawSection { id: *id, data })),
            (None, Some(name)) => drop(broken.section(&CustomSection {
                name: Cow::Borrowed(name),
                data: Cow::Borrowed(data),
            })),
            (None, None) => {}
        }
    }
    Ok(broken.finish())
}

/// A module whose `_start` is empty, with these sections of debug information.
fn module(sections: &[(&str, &[u8])]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("_start", ExportKind::Func, 0);
    let mut code = CodeSection::new();
    let mut start = Function::new([]);
    start.instructions().end();
    code.function(&start);
    let mut module = Module::new();
    module.section(&types).section(&functions);
    module.section(&exports).section(&code);
    for (name, data) in sections {
        module.section(&CustomSection {
            name: Cow::Borrowed(name),
            data: Cow::Borrowed(data),
        });
    }
    module.finish()
}

/// Units of version 4 with this entry, whose abbreviation is number 1 of those at the given offset.
fn units(count: usize, abbreviations: impl Fn(usize) -> u32, entry: &[u8]) -> Vec<u8> {
    let mut info = Vec::new();
    for index in 0..count {
        info.extend((7 + entry.len() as u32).to_le_bytes());
        info.extend([4, 0]);
        info.extend(abbreviations(index).to_le_bytes());
        info.push(4);
        info.extend(entry);
    }
    info
}

/// Parts that refer to the same part, over and over: reading all of it would take hours.
#[test]
fn information_out_of_measure_is_left_out() -> Result<()> {
    // A unit with a line table, and in it the one function.
    let abbreviations = [
        1, 0x11, 1, 0x10, 0x17, 0, 0, 2, 0x2e, 0, 0x11, 0x01, 0, 0, 0,
    ];
    let entry = [1, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0];
    let mut lines = vec![4, 0, 25, 0, 0, 0, 1, 1, 0xfb, 14, 13];
    lines.extend([0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
    lines.extend(*b"\0a\0\0\0\0\0");
    lines.extend([0, 5, 2, 2, 0, 0, 0]);
    lines.extend(vec![1; 400_000]);
    lines.extend([0, 1, 1]);
    let mut program = (lines.len() as u32).to_le_bytes().to_vec();
    program.extend(lines);
    let lines = module(&[
        (".debug_abbrev", &abbreviations),
        (".debug_info", &units(20_000, |_| 0, &entry)),
        (".debug_line", &program),
    ]);
    // Each unit begins to read one long table of abbreviations somewhere else.
    let table: Vec<u8> = [1, 0x11, 0, 0, 0].repeat(100_000);
    let abbreviations = module(&[
        (".debug_abbrev", &table),
        (
            ".debug_info",
            &units(20_000, |index| 5 * index as u32, &[1]),
        ),
    ]);
    // Entries of a byte with very many attributes of none.
    let mut flags = vec![1, 0x34, 0];
    flags.extend([0x3f, 0x19].repeat(100_000));
    flags.extend([0, 0, 0]);
    let attributes = module(&[
        (".debug_abbrev", &flags),
        (".debug_info", &units(1, |_| 0, &vec![1; 400_000])),
    ]);
    for (name, module) in [
        ("lines", lines),
        ("abbreviations", abbreviations),
        ("attributes", attributes),
    ] {
        let start = Instant::now();
        let output = object(&module, Target::X86_64, true, 0)?;
        let seconds = start.elapsed().as_secs_f64();
        println!("{name}: {seconds:.1} s, {:?}", output.notes);
        ensure!(seconds < 10.0, "{name}: took {seconds:.1} s");
    }
    Ok(())
}

/// Information that was made for other code is found out.
#[test]
fn stale_information_is_left_out() -> Result<()> {
    let mut module = bare()?;
    let mut code = None;
    for payload in Parser::new(0).parse_all(&module) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == ".debug_info"
        {
            code = Some(section.data_offset()..section.data_offset() + section.data().len());
        }
    }
    let info = code.context("the guest has debug information")?;
    let before = object(&module, Target::X86_64, true, 1)?;
    // Every address of a function one further: they follow the number of an abbreviation, and precede a small length.
    let known: Vec<usize> = body_addresses(&module)?;
    let mut moved = 0;
    for at in info.clone() {
        let Some(word) = module.get(at..at + 4) else {
            break;
        };
        let address = u32::from_le_bytes(word.try_into()?) as usize;
        if known.contains(&address) {
            module[at] += 1;
            moved += 1;
        }
    }
    ensure!(moved >= known.len(), "{moved} addresses found");
    let after = object(&module, Target::X86_64, true, 1)?;
    ensure!(before.notes.is_empty(), "{:?}", before.notes);
    ensure!(
        after
            .notes
            .iter()
            .any(|note| note.contains("does not fit its code")),
        "{:?}",
        after.notes
    );
    Ok(())
}

/// Where the bodies begin, counted from the contents of the code section.
fn body_addresses(module: &[u8]) -> Result<Vec<usize>> {
    let mut start = 0;
    let mut addresses = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CodeSectionStart { range, .. } => start = range.start,
            Payload::CodeSectionEntry(body) => addresses.push(body.range().start - start),
            _ => {}
        }
    }
    Ok(addresses)
}
