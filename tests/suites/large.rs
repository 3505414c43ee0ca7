//! A module of 200,000 functions. Each one computes something of its own and calls one at the other end of the code, so
//! that on aarch64, whose branches reach 128 MiB, the linker has to place thunks.

use anyhow::{Context, Result, ensure};
use elfin_compiler::Target;
use elfin_tests::execute::{self, Stdout};
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, machine, suite};
use libtest_mimic::{Arguments, Trial};
use std::borrow::Cow;
use std::path::Path;
use std::time::{Duration, Instant};
use wasm_encoder::{
    BlockType, CodeSection, ElementSection, Elements, ExportKind, ExportSection, Function,
    FunctionSection, Module, RefType, TableSection, TableType, TypeSection, ValType,
};

const FUNCTIONS: u32 = 200_000;

/// Entries of each function's jump table: they make the code long without making it slow to compile. With these,
/// aarch64's code is longer than a branch reaches.
const FAR_ENTRIES: u32 = 220;
const NEAR_ENTRIES: u32 = 8;

fn main() -> Result<()> {
    let arguments = Arguments::from_args();
    let trials = machine::targets()
        .into_iter()
        .map(|target| {
            let name = format!("functions-200000::{}", machine::short_name(target));
            Trial::test(name, move || check(target).map_err(suite::failed))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(target: Target) -> Result<()> {
    let scratch = Scratch::new("large")?;
    let input = scratch.path().join("large.wasm");
    let output = scratch.path().join("large");
    let entries = if target == Target::Aarch64 {
        FAR_ENTRIES
    } else {
        NEAR_ENTRIES
    };
    std::fs::write(&input, module(entries))?;

    let start = Instant::now();
    elfin::compile(&input, &output, target, &["--invoke".into(), "run".into()])?;
    let compiled = start.elapsed();
    let code = code_size(&output)?;
    if target == Target::Aarch64 {
        ensure!(
            code > 140 << 20,
            "only {code} bytes of code: no call is too far for a branch"
        );
    }

    let mut command = machine::command(target, &output)?;
    command.arg("5");
    let outcome =
        execute::run(command, None, Stdout::Collected, Duration::from_secs(300))?.succeeded()?;
    let sum: i32 = String::from_utf8(outcome.stdout)?.trim().parse()?;
    ensure!(
        sum == expected(5, entries),
        "the sum is {sum}, expected {}",
        expected(5, entries)
    );
    eprintln!(
        "{target}: {FUNCTIONS} functions, {} MB of module, {} MB of code, compiled in {:.1} s",
        input.metadata()?.len() / 1_000_000,
        code / 1_000_000,
        compiled.as_secs_f64()
    );
    Ok(())
}

/// Bytes of the executable's code segments.
fn code_size(executable: &Path) -> Result<u64> {
    let bytes = std::fs::read(executable)?;
    let word = |at: usize, len: usize| -> Result<u64> {
        let mut word = [0; 8];
        word[..len].copy_from_slice(bytes.get(at..at + len).context("the file ends early")?);
        Ok(u64::from_le_bytes(word))
    };
    // ELF64: e_phoff at 32, e_phentsize at 54, e_phnum at 56; p_type at 0, p_flags at 4, p_filesz at 32.
    let (first, size, count) = (
        word(32, 8)? as usize,
        word(54, 2)? as usize,
        word(56, 2)? as usize,
    );
    let mut code = 0;
    for header in (0..count).map(|index| first + index * size) {
        let (kind, flags) = (word(header, 4)?, word(header + 4, 4)?);
        if kind == 1 && flags & 1 != 0 {
            code += word(header + 32, 8)?;
        }
    }
    Ok(code)
}

/// `f_i(x, depth)`: mixes `x`, adds what its jump table chooses, and passes the result on to `f_(n-1-i)`.
fn step(index: u32, entries: u32, x: i32) -> i32 {
    let mixed = x.wrapping_mul(multiplier(index)).rotate_left(index % 31) ^ index as i32;
    let even = (mixed as u32 % entries).is_multiple_of(2);
    mixed.wrapping_add(if even { 1 } else { 7 })
}

fn multiplier(index: u32) -> i32 {
    (index.wrapping_mul(0x9e37_79b9) | 1) as i32
}

/// What `run` returns, computed here.
fn expected(seed: i32, entries: u32) -> i32 {
    let mut sum = seed;
    for index in 0..FUNCTIONS {
        let first = step(index, entries, sum);
        let second = step(FUNCTIONS - 1 - index, entries, first);
        sum = step(index, entries, second);
    }
    sum
}

fn module(entries: u32) -> Vec<u8> {
    let mut types = TypeSection::new();
    types
        .ty()
        .function([ValType::I32, ValType::I32], [ValType::I32]);
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for index in 0..FUNCTIONS {
        functions.function(0);
        code.function(&function(index, entries));
    }
    functions.function(1);
    code.function(&run());
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: FUNCTIONS.into(),
        maximum: Some(FUNCTIONS.into()),
        shared: false,
    });
    let mut exports = ExportSection::new();
    exports.export("run", ExportKind::Func, FUNCTIONS);
    let mut elements = ElementSection::new();
    let all: Vec<u32> = (0..FUNCTIONS).collect();
    let zero = wasm_encoder::ConstExpr::i32_const(0);
    elements.active(None, &zero, Elements::Functions(Cow::Owned(all)));
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(&tables)
        .section(&exports);
    module.section(&elements).section(&code);
    module.finish()
}

fn function(index: u32, entries: u32) -> Function {
    let mut function = Function::new([]);
    let mut body = function.instructions();
    body.local_get(0).i32_const(multiplier(index)).i32_mul();
    body.i32_const((index % 31) as i32).i32_rotl();
    body.i32_const(index as i32).i32_xor().local_set(0);
    body.block(BlockType::Empty)
        .block(BlockType::Empty)
        .block(BlockType::Empty);
    body.local_get(0).i32_const(entries as i32).i32_rem_u();
    body.br_table((0..entries).map(|entry| entry % 2).collect::<Vec<_>>(), 2);
    body.end();
    body.local_get(0).i32_const(1).i32_add().local_set(0).br(1);
    body.end();
    body.local_get(0).i32_const(7).i32_add().local_set(0);
    body.end();
    body.local_get(1).if_(BlockType::Result(ValType::I32));
    body.local_get(0)
        .local_get(1)
        .i32_const(1)
        .i32_sub()
        .call(FUNCTIONS - 1 - index);
    body.else_().local_get(0).end().end();
    function
}

/// Calls every function through the table with a depth of 2 and the sum so far.
fn run() -> Function {
    let mut function = Function::new([(1, ValType::I32)]);
    let mut body = function.instructions();
    body.loop_(BlockType::Empty);
    body.local_get(0)
        .i32_const(2)
        .local_get(1)
        .call_indirect(0, 0)
        .local_set(0);
    body.local_get(1).i32_const(1).i32_add().local_tee(1);
    body.i32_const(FUNCTIONS as i32).i32_lt_u().br_if(0);
    body.end();
    body.local_get(0).end();
    function
}
