//! Modules that are valid but out of measure: each compiles, or is refused with exit status 1 and a word on the limit.
//! Neither takes the compiler down nor leaves an output file when refused.

use anyhow::{Result, ensure};
use elfin_compiler::Target;
use elfin_tests::execute::{self, Stdout};
use elfin_tests::place::Scratch;
use elfin_tests::{elfin, machine};
use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, InstructionSink, MemorySection, MemoryType, Module,
    RefType, TableSection, TableType, TypeSection, ValType,
};

/// A module whose `_start` has these locals and this body, which leaves nothing on the stack.
fn module(locals: &[(u32, ValType)], body: impl FnOnce(&mut InstructionSink<'_>)) -> Module {
    let mut function = Function::new(locals.iter().copied());
    let mut sink = function.instructions();
    body(&mut sink);
    sink.end();
    let mut code = CodeSection::new();
    code.function(&function);
    assemble(
        &[],
        &MemorySection::new(),
        &TableSection::new(),
        &code,
        &DataSection::new(),
    )
}

fn assemble(
    parameters: &[ValType],
    memories: &MemorySection,
    tables: &TableSection,
    code: &CodeSection,
    data: &DataSection,
) -> Module {
    let mut types = TypeSection::new();
    types.ty().function(parameters.iter().copied(), []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("_start", ExportKind::Func, 0);
    let mut module = Module::new();
    module
        .section(&types)
        .section(&functions)
        .section(tables)
        .section(memories);
    module.section(&exports).section(code).section(data);
    module
}

fn empty() -> CodeSection {
    let mut code = CodeSection::new();
    code.function(&nothing());
    code
}

fn nothing() -> Function {
    let mut function = Function::new([]);
    function.instructions().end();
    function
}

#[derive(Clone, Copy)]
enum Must {
    /// It compiles.
    Compile,
    /// It is refused with this text.
    Refuse(&'static str),
    /// Either; what counts is that nothing breaks.
    Either,
}

fn check(name: &str, module: Module, must: Must) -> Result<()> {
    let scratch = Scratch::new(name)?;
    let input = scratch.path().join("input.wasm");
    let output = scratch.path().join("output");
    std::fs::write(&input, module.finish())?;
    for target in Target::ALL {
        let start = Instant::now();
        let options: [OsString; 1] = ["-j1".into()];
        let outcome = elfin::try_compile(&input, &output, target, &options)?;
        let stderr = outcome.stderr_text();
        let ending = outcome.ending();
        println!(
            "{name} on {target}: {ending} in {:.1} s: {}",
            start.elapsed().as_secs_f64(),
            stderr.trim_end()
        );
        match (outcome.code(), must) {
            (Some(0), Must::Compile | Must::Either) => {
                run(name, target, &output)?;
                std::fs::remove_file(&output)?;
            }
            (Some(1), Must::Refuse(text)) => {
                ensure!(
                    stderr.contains(text),
                    "{name} on {target}: no word on `{text}`: {stderr}"
                );
            }
            (Some(1), Must::Either) => {}
            _ => anyhow::bail!("{name} on {target}: {ending}: {stderr}"),
        }
        ensure!(
            !output.exists(),
            "{name} on {target}: an output file is left behind"
        );
    }
    Ok(())
}

/// What compiles runs to its end.
fn run(name: &str, target: Target, executable: &Path) -> Result<()> {
    let command = machine::command(target, executable)?;
    let outcome = execute::run(command, None, Stdout::Collected, Duration::from_secs(30))?;
    let stderr = outcome.stderr_text();
    ensure!(
        outcome.code() == Some(0),
        "{name} on {target} ran to: {}: {stderr}",
        outcome.ending()
    );
    Ok(())
}

#[test]
fn nested_blocks() -> Result<()> {
    let nested = |depth: usize| {
        module(&[], |body| {
            for _ in 0..depth {
                body.block(BlockType::Empty);
            }
            for _ in 0..depth {
                body.end();
            }
        })
    };
    check("1,000 nested blocks", nested(1_000), Must::Compile)?;
    check("a million nested blocks", nested(1_000_000), Must::Either)
}

#[test]
fn nested_ifs_and_loops() -> Result<()> {
    let nested = |depth: usize| {
        module(&[(1, ValType::I32)], |body| {
            for level in 0..depth {
                if level % 2 == 0 {
                    body.local_get(0).if_(BlockType::Empty);
                } else {
                    body.loop_(BlockType::Empty);
                    body.local_get(0).br_if(0);
                }
            }
            for _ in 0..depth {
                body.end();
            }
        })
    };
    check("500 nested ifs and loops", nested(500), Must::Compile)?;
    check("20,000 nested ifs and loops", nested(20_000), Must::Either)
}

#[test]
fn deep_expression() -> Result<()> {
    let deep = module(&[(1, ValType::I32)], |body| {
        for _ in 0..100_000 {
            body.local_get(0);
        }
        for _ in 1..100_000 {
            body.i32_add();
        }
        body.local_set(0);
    });
    check("an expression of 100,000 operands", deep, Must::Either)
}

#[test]
fn long_function() -> Result<()> {
    let long = module(&[(2, ValType::I64)], |body| {
        for n in 0..200_000 {
            body.local_get(0).i64_const(n).i64_add().local_set(0);
        }
    });
    check("a function of 800,000 instructions", long, Must::Either)
}

#[test]
fn locals() -> Result<()> {
    let many = |count| {
        module(&[(count, ValType::I64)], |body| {
            body.local_get(count - 1).drop();
        })
    };
    check("1,000 locals", many(1_000), Must::Compile)?;
    check("50,000 locals", many(50_000), Must::Either)?;
    check("50,001 locals", many(50_001), Must::Refuse("local"))?;
    check("4 billion locals", many(u32::MAX), Must::Refuse("local"))
}

#[test]
fn jump_table() -> Result<()> {
    let large = module(&[(1, ValType::I32)], |body| {
        body.block(BlockType::Empty);
        body.local_get(0).br_table(vec![0; 1_000_000], 0);
        body.end();
    });
    check("a jump table of a million entries", large, Must::Either)
}

#[test]
fn tables() -> Result<()> {
    let table = |minimum| {
        let mut tables = TableSection::new();
        let element_type = RefType::FUNCREF;
        tables.table(TableType {
            element_type,
            table64: false,
            minimum,
            maximum: None,
            shared: false,
        });
        assemble(
            &[],
            &MemorySection::new(),
            &tables,
            &empty(),
            &DataSection::new(),
        )
    };
    check("a table of 100,000 elements", table(100_000), Must::Compile)?;
    check(
        "a table of 4 billion elements",
        table(u32::MAX.into()),
        Must::Either,
    )
}

fn memory(minimum: u64, data: &DataSection) -> Module {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    assemble(&[], &memories, &TableSection::new(), &empty(), data)
}

#[test]
fn memories() -> Result<()> {
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(0), *b"first");
    data.active(0, &ConstExpr::i32_const(-4), *b"last");
    check(
        "data at both ends of 4 GiB",
        memory(65_536, &data),
        Must::Compile,
    )?;
    check(
        "a memory of 65,537 pages",
        memory(65_537, &DataSection::new()),
        Must::Refuse("0x"),
    )?;
    let mut scattered = DataSection::new();
    for n in 0..50_000_i32 {
        scattered.active(0, &ConstExpr::i32_const(n.wrapping_mul(80_000)), [1]);
    }
    check(
        "50,000 data segments across 4 GiB",
        memory(65_536, &scattered),
        Must::Compile,
    )
}

#[test]
fn signatures() -> Result<()> {
    let parameters = |count| {
        let mut types = TypeSection::new();
        types.ty().function(vec![ValType::I32; count], []);
        types
            .ty()
            .function([], vec![ValType::I64; count.min(1_000)]);
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0).function(1).function(2);
        let mut exports = ExportSection::new();
        exports.export("_start", ExportKind::Func, 2);
        let mut code = CodeSection::new();
        code.function(&nothing());
        let mut many = Function::new([]);
        for n in 0..count.min(1_000) {
            many.instructions().i64_const(n as i64);
        }
        many.instructions().end();
        code.function(&many);
        let mut start = Function::new([]);
        for _ in 0..count {
            start.instructions().i32_const(7);
        }
        start.instructions().call(0).call(1);
        for _ in 0..count.min(1_000) {
            start.instructions().drop();
        }
        start.instructions().end();
        code.function(&start);
        let mut module = Module::new();
        module
            .section(&types)
            .section(&functions)
            .section(&exports)
            .section(&code);
        module
    };
    check(
        "1,000 parameters and results",
        parameters(1_000),
        Must::Either,
    )?;
    check("1,001 parameters", parameters(1_001), Must::Refuse("param"))
}

#[test]
fn counts_without_contents() -> Result<()> {
    // A section that claims four billion entries, and has none.
    for id in [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12] {
        let mut module = Module::new();
        module.section(&wasm_encoder::RawSection {
            id,
            data: &[0xff, 0xff, 0xff, 0xff, 0x0f],
        });
        check(
            &format!("section {id} of 4 billion entries"),
            module,
            Must::Refuse("0x"),
        )?;
    }
    Ok(())
}

#[test]
fn globals_and_names() -> Result<()> {
    let mut globals = GlobalSection::new();
    let ty = GlobalType {
        val_type: ValType::I64,
        mutable: true,
        shared: false,
    };
    for n in 0..1_000_000 {
        globals.global(ty, &ConstExpr::i64_const(n));
    }
    let mut module = Module::new();
    module.section(&globals);
    check(
        "a million globals, and no `_start`",
        module,
        Must::Refuse("_start"),
    )?;

    let mut names = wasm_encoder::NameSection::new();
    let mut map = wasm_encoder::NameMap::new();
    map.append(0, &"n".repeat(50_000));
    names.functions(&map);
    let mut named = memory(1, &DataSection::new());
    named.section(&names);
    check("a name of 50,000 bytes", named, Must::Compile)
}
