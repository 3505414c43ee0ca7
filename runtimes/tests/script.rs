//! A test script of two instances, compiled for this machine and executed: what fits passes, what does not is printed.
#![cfg(target_os = "linux")]

use elfin_compiler::script::{Action, Bits, Expected, Pattern, Script, Step};
use elfin_compiler::{Options, Target};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const LIBRARY: &str = r#"(module
    (memory (export "memory") 1)
    (table (export "table") 2 funcref)
    (global (export "global") (mut i64) (i64.const 7))
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
    (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func $deep (export "deep") (call $deep) (call $deep)))"#;

/// Its second data segment does not fit: what comes before stays.
const USER: &str = r#"(module
    (import "library" "add" (func $add (param i32 i32) (result i32)))
    (import "library" "memory" (memory 1))
    (import "library" "table" (table 2 funcref))
    (elem (i32.const 1) $five)
    (data (i32.const 8) "\2a\00\00\00")
    (data (i32.const 65533) "\01\02\03\04")
    (func $five (result i32) (call $add (i32.const 2) (i32.const 3))))"#;

#[test]
fn steps_are_performed_and_compared() {
    let host = match std::env::consts::ARCH {
        "x86_64" => Target::X86_64,
        "aarch64" => Target::Aarch64,
        _ => Target::Riscv64,
    };
    let mut steps = vec![
        step(1, Action::Instantiate(0), Expected::AnyReturn),
        step(
            2,
            Action::Register(0, "library".to_owned()),
            Expected::AnyReturn,
        ),
        step(3, invoke("add", &[1, 2]), is(3)),
        step(4, invoke("call", &[1]), trap("uninitialized element")),
        step(
            5,
            Action::Instantiate(1),
            trap("out of bounds memory access"),
        ),
        step(6, invoke("call", &[1]), is(5)),
        step(7, invoke("load", &[8]), is(42)),
        step(8, invoke("deep", &[]), trap("call stack exhausted")),
        step(
            9,
            Action::Get {
                instance: 0,
                export: "global".to_owned(),
            },
            is(7),
        ),
        step(
            10,
            invoke("load", &[65533]),
            trap("out of bounds memory access"),
        ),
    ];
    assert_eq!(run(host, &steps), "steps 9, failed 0\n");
    steps[2].expected = is(4);
    steps[9].expected = is(0);
    let expected = "line 3: step 1: expected a return 0x0004/0xffffffff, got a return 0x0003\n\
                    line 10: step 8: expected a return 0x0000/0xffffffff, got trap: out of bounds memory access\n\
                    steps 9, failed 2\n";
    assert_eq!(run(host, &steps), expected);
}

fn run(target: Target, steps: &[Step]) -> String {
    let script = Script {
        steps: steps.to_vec(),
    };
    let runtime = elfin_runtimes::get(target, false).unwrap();
    let modules = [LIBRARY.as_bytes(), USER.as_bytes()];
    let output =
        elfin_compiler::compile_script(&modules, &script, &Options::new(target), runtime).unwrap();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("script");
    // Nobody executes the file while it is written.
    let new = path.with_extension("new");
    std::fs::write(&new, output.bytes).unwrap();
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(&new, &path).unwrap();
    let output = Command::new(&path).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

fn step(line: u32, action: Action, expected: Expected) -> Step {
    Step {
        line,
        action,
        expected,
    }
}

fn invoke(export: &str, arguments: &[Bits]) -> Action {
    Action::Invoke {
        instance: 0,
        export: export.to_owned(),
        arguments: arguments.to_vec(),
    }
}

fn is(value: Bits) -> Expected {
    let mask = u32::MAX.into();
    Expected::Return(vec![vec![Pattern::Masked { mask, value }]])
}

fn trap(message: &str) -> Expected {
    let traps = (0..=255).filter_map(elfin_compiler::script::Trap::from_code);
    Expected::Trap(
        traps
            .into_iter()
            .find(|trap| trap.message() == message)
            .unwrap(),
    )
}
