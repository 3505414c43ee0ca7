//! What an executable looks like to a kernel, to somebody who has its file, and while it runs.
//!
//! The compiler checks each file that it makes (`compiler/src/link/check.rs`, whose unit tests plant what is wrong). Here
//! another reader looks at the segments of some, and at the mappings of processes.

use anyhow::{Context, Result, ensure};
use elfin_abi::address;
use elfin_compiler::Target;
use elfin_tests::guest::Build;
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, machine, place};
use object::Endianness;
use object::elf::{self, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs of the position-independent executable whose addresses are compared.
const RUNS: usize = 8;

/// A module with an image of 200 KB in two runs, which is mapped, a second memory, tables and globals: something in each
/// segment.
fn large_module() -> String {
    let text = "some text of the image: ".repeat(4000);
    format!(
        r#"(module
            (memory 16) (memory 1 2)
            (data (i32.const 4096) "{text}") (data (i32.const 500000) "{text}") (data (memory 1) (i32.const 0) "two")
            (table $constant 4 funcref) (elem (table $constant) (i32.const 1) func $f)
            (table $written 4 4 funcref) (elem (table $written) (i32.const 2) func $f)
            (table $grown 1 funcref)
            (global $g (mut funcref) (ref.func $f))
            (func $f)
            (func (export "_start")
                (call_indirect $constant (i32.const 1))
                (table.set $written (i32.const 0) (global.get $g))
                (call_indirect $written (i32.const 0))
                (call_indirect $written (i32.const 2))
                (drop (table.grow $grown (global.get $g) (i32.const 3)))
                (call_indirect $grown (i32.const 3))
                (global.set $g (ref.null func))
                (drop (memory.grow 1 (i32.const 1)))
                (if (i32.ne (i32.load8_u (i32.const 500005)) (i32.const 116)) (then unreachable))
                (if (i32.ne (i32.load8_u 1 (i32.const 2)) (i32.const 111)) (then unreachable))))"#
    )
}

/// The guest that says hello and waits.
fn waiting() -> Result<PathBuf> {
    let source = place::crate_root().join("programs/figures/waiting.c");
    Ok(Build::new(&source).guest()?.path)
}

fn compile(input: &Path, folder: &Path, target: Target, options: &[&str]) -> Result<PathBuf> {
    let name = format!("app-{}{}", machine::short_name(target), options.concat());
    let output = folder.join(name);
    let options: Vec<OsString> = options.iter().map(OsString::from).collect();
    elfin::compile(input, &output, target, &options)?;
    Ok(output)
}

/// Every segment can be mapped by kernels with 64 KiB pages where the target has such kernels, riscv64 and x86-64 have
/// none; nothing is writable and executable; the stack is not executable.
#[test]
fn segments_suit_every_kernel() -> Result<()> {
    let scratch = Scratch::new("hardening")?;
    let module = scratch.path().join("large.wat");
    std::fs::write(&module, large_module())?;
    for target in machine::targets() {
        let page_size = match target {
            Target::Aarch64 => 64 << 10,
            Target::X86_64 | Target::Riscv64 => 4 << 10,
        };
        for input in [&module, &waiting()?] {
            for options in [&[][..], &["--pie"][..]] {
                let app = compile(input, scratch.path(), target, options)?;
                check_segments(&std::fs::read(&app)?, page_size)
                    .with_context(|| app.display().to_string())?;
                if input == &module {
                    let output = machine::command(target, &app)?.output()?;
                    let error = String::from_utf8_lossy(&output.stderr).into_owned();
                    ensure!(output.status.success(), "{}: {error}", app.display());
                }
            }
        }
    }
    Ok(())
}

fn check_segments(file: &[u8], page_size: u64) -> Result<()> {
    let header = FileHeader64::<Endianness>::parse(file)?;
    let endian = header.endian()?;
    let (mut pages, mut stacks, mut loads) = (BTreeSet::new(), 0, 0);
    for segment in header.program_headers(endian, file)? {
        let flags = segment.p_flags(endian);
        match segment.p_type(endian) {
            elf::PT_LOAD => {
                let (start, len) = (segment.p_vaddr(endian), segment.p_memsz(endian));
                ensure!(
                    segment.p_align(endian) % page_size == 0,
                    "{start:#x}: align"
                );
                let distance = start.wrapping_sub(segment.p_offset(endian));
                ensure!(distance % page_size == 0, "{start:#x}: not congruent");
                for page in start / page_size..(start + len).div_ceil(page_size) {
                    ensure!(pages.insert(page), "{start:#x}: a shared page");
                }
                let is_both = flags.contains(elf::PF_W) && flags.contains(elf::PF_X);
                ensure!(!is_both, "{start:#x}: writable and executable");
                loads += 1;
            }
            elf::PT_GNU_STACK => {
                ensure!(!flags.contains(elf::PF_X), "the stack is executable");
                stacks += 1;
            }
            _ => {}
        }
    }
    ensure!(
        loads >= 3 && stacks == 1,
        "{loads} segments, {stacks} stacks"
    );
    Ok(())
}

#[test]
fn a_planted_segment_is_found() -> Result<()> {
    let scratch = Scratch::new("hardening")?;
    let app = compile(&waiting()?, scratch.path(), Target::X86_64, &[])?;
    let file = std::fs::read(app)?;
    // Made for pages of 4 KiB, it would not do where they are larger.
    ensure!(check_segments(&file, 4 << 10).is_ok());
    ensure!(check_segments(&file, 64 << 10).is_err());
    Ok(())
}

/// A mapping of a process, a line of `/proc/PID/maps`.
#[derive(Debug)]
struct Mapping {
    start: u64,
    end: u64,
    access: String,
    file: String,
}

/// The mappings of an executable while it waits.
fn mappings(app: &Path) -> Result<Vec<Mapping>> {
    let mut child = Command::new(app)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("a pipe")?).read_line(&mut line)?;
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", child.id()))?;
    child.kill()?;
    child.wait()?;
    ensure!(line == "Hello, world!\n", "it says {line:?}");
    let parse = |line: &str| {
        let mut words = line.split_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        Some(Mapping {
            start: u64::from_str_radix(start, 16).ok()?,
            end: u64::from_str_radix(end, 16).ok()?,
            access: words.next()?.to_owned(),
            file: words.nth(3).unwrap_or_default().to_owned(),
        })
    };
    let mappings = maps
        .lines()
        .map(|line| parse(line).context(line.to_owned()));
    mappings.collect()
}

/// Where the linear memory begins: the mapping before the large one that is kept free.
fn memory_base(mappings: &[Mapping]) -> Result<u64> {
    let kept_free = mappings
        .iter()
        .position(|mapping| mapping.end - mapping.start > 4 << 30)
        .context("nothing is kept free behind the memory")?;
    let mut base = mappings[kept_free].start;
    for mapping in mappings[..kept_free].iter().rev() {
        if mapping.end != base {
            break;
        }
        base = mapping.start;
    }
    Ok(base)
}

/// Code, data and memory lie at other addresses each time; nothing lies where an executable at fixed addresses has it.
#[test]
fn a_position_independent_one_lies_anywhere() -> Result<()> {
    let scratch = Scratch::new("hardening")?;
    let app = compile(&waiting()?, scratch.path(), Target::X86_64, &["--pie"])?;
    let (mut images, mut memories, mut distances) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for _ in 0..RUNS {
        let mappings = mappings(&app)?;
        check_access(&mappings)?;
        let lowest = mappings.iter().map(|mapping| mapping.start).min();
        ensure!(lowest > Some(1 << 32), "something lies low: {mappings:#?}");
        let is_own = |mapping: &&Mapping| Path::new(&mapping.file) == app;
        let image = mappings.iter().find(is_own).context("no image")?.start;
        let memory = memory_base(&mappings)?;
        ensure!(
            memory % address::MAX_PAGE_SIZE == 0,
            "the memory begins at {memory:#x}"
        );
        images.insert(image);
        memories.insert(memory);
        distances.insert(image - memory);
    }
    // The kernel may be told to choose no random addresses (kernel.randomize_va_space=0); memories are random then too.
    println!("images at {images:x?}, memories at {memories:x?}");
    ensure!(
        images.len() == RUNS && memories.len() == RUNS && distances.len() == RUNS,
        "in {RUNS} runs images at {images:x?}, memories at {memories:x?}"
    );
    Ok(())
}

/// One at fixed addresses is where it always is: what the test above finds is there to be found.
#[test]
fn one_at_fixed_addresses_lies_there() -> Result<()> {
    let scratch = Scratch::new("hardening")?;
    let app = compile(&waiting()?, scratch.path(), Target::X86_64, &[])?;
    let mappings = mappings(&app)?;
    check_access(&mappings)?;
    let has = |address| mappings.iter().any(|mapping| mapping.start == address);
    ensure!(
        has(address::STATE_BASE) && has(address::MEMORY_BASE_X86_64),
        "{mappings:#?}"
    );
    ensure!(mappings[0].start == address::IMAGE_BASE, "{mappings:#?}");
    Ok(())
}

/// No page is writable and executable, and of the executable only its state, its initial memory and the runtime's
/// variables are writable: constants with addresses in them are not, once the program runs.
fn check_access(mappings: &[Mapping]) -> Result<()> {
    for mapping in mappings {
        let access = mapping.access.as_str();
        ensure!(
            !(access.contains('w') && access.contains('x')),
            "{mapping:x?} is writable and executable"
        );
    }
    let stack = mappings.iter().find(|mapping| mapping.file == "[stack]");
    ensure!(stack.is_some_and(|stack| !stack.access.contains('x')));
    Ok(())
}

/// What has addresses in it is read-only once the program runs, and so are tables that never change: the pages that the
/// file says become read-only are mapped so.
#[test]
fn relocated_data_is_read_only() -> Result<()> {
    let scratch = Scratch::new("hardening")?;
    let app = compile(&waiting()?, scratch.path(), Target::X86_64, &["--pie"])?;
    let file = std::fs::read(&app)?;
    let header = FileHeader64::<Endianness>::parse(&*file)?;
    let endian = header.endian()?;
    let mut segments = header.program_headers(endian, &*file)?.iter();
    let relro = segments
        .find(|segment| segment.p_type(endian) == elf::PT_GNU_RELRO)
        .context("no segment becomes read-only")?;
    let (start, end) = (
        relro.p_vaddr(endian) & !0xfff,
        relro.p_vaddr(endian) + relro.p_memsz(endian),
    );
    let mappings = mappings(&app)?;
    let is_own = |mapping: &&Mapping| Path::new(&mapping.file) == app;
    let image = mappings.iter().find(is_own).context("no image")?.start;
    let (start, end) = (image + start, image + end);
    let inside = |mapping: &&Mapping| mapping.start < end && mapping.end > start;
    let inside: Vec<&Mapping> = mappings.iter().filter(inside).collect();
    ensure!(
        !inside.is_empty() && inside.iter().all(|mapping| mapping.access == "r--p"),
        "{start:#x} to {end:#x}: {inside:x?}"
    );
    Ok(())
}
