//! The module that scripts may import from under the name `spectest`.
//!
//! <https://github.com/WebAssembly/spec/blob/main/interpreter/README.md#spectest-host-module>

/// The name that it is registered with.
pub const NAME: &str = "spectest";

const FUNCTIONS_AND_GLOBALS: &str = r#"
  (func (export "print"))
  (func (export "print_i32") (param i32))
  (func (export "print_i64") (param i64))
  (func (export "print_f32") (param f32))
  (func (export "print_f64") (param f64))
  (func (export "print_i32_f32") (param i32 f32))
  (func (export "print_f64_f64") (param f64 f64))
  (global (export "global_i32") i32 (i32.const 666))
  (global (export "global_i64") i64 (i64.const 666))
  (global (export "global_f32") f32 (f32.const 666.6))
  (global (export "global_f64") f64 (f64.const 666.6))
"#;

/// What takes an address, so that a script without it keeps the usual ones for its own: name and text.
const TABLES_AND_MEMORIES: [(&str, &str); 4] = [
    ("table", r#"(table (export "table") 10 20 funcref)"#),
    ("table64", r#"(table (export "table64") i64 10 20 funcref)"#),
    ("memory", r#"(memory (export "memory") 1 2)"#),
    (
        "shared_memory",
        r#"(memory (export "shared_memory") 1 2 shared)"#,
    ),
];

/// The module as text, with the tables and memories that a script names.
pub fn module(script: &str) -> String {
    let mut module = format!("(module{FUNCTIONS_AND_GLOBALS}");
    for (name, text) in TABLES_AND_MEMORIES {
        if imports(script, name) {
            module += text;
        }
    }
    module + ")"
}

/// Whether a script has `"spectest" "NAME"`, whatever stands between the two that is no string.
fn imports(script: &str, name: &str) -> bool {
    let mut behind = script.split("\"spectest\"").skip(1);
    behind.any(|rest| rest.split('"').nth(1) == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_imported_is_there() {
        let module = module("(memory (import \"spectest\" \"memory\") 1)");
        assert!(module.contains("(export \"memory\")"));
        assert!(!module.contains("table"));
        assert!(!module.contains("shared"));
        assert!(wat::parse_str(module).is_ok());
    }
}
