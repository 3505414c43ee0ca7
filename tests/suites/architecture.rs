//! Which module may import which: the data's way through the code is forward.
//!
//! A module's imports are the names behind `crate::` in its files; each must be in
//! its line of the table. Every module may use what its crate lists as shared.

use anyhow::{Context, Result, ensure};
use elfin_tests::place;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A crate's modules, each with those that it may import.
struct Rules {
    source: &'static str,
    /// What every module may import.
    shared: &'static [&'static str],
    modules: &'static [(&'static str, &'static [&'static str])],
}

/// parse <- program <- optimize <- translate <- codegen <- debug <- object <- link
const COMPILER: Rules = Rules {
    source: "compiler/src",
    shared: &[
        "cache", "cpu", "demangle", "embed", "error", "features", "note", "options", "progress",
        "script", "target",
    ],
    modules: &[
        ("cache", &[]),
        ("cpu", &[]),
        ("demangle", &[]),
        ("embed", &[]),
        ("error", &[]),
        ("features", &[]),
        ("note", &[]),
        ("progress", &[]),
        ("target", &[]),
        ("options", &[]),
        ("script", &[]),
        ("parse", &[]),
        ("program", &["parse"]),
        ("optimize", &["parse", "program"]),
        ("translate", &["parse", "program", "optimize"]),
        // Its tests alone parse.
        ("codegen", &["parse", "program", "optimize", "translate"]),
        // Its test alone knows what code refers to.
        ("sandbox", &["translate"]),
        (
            "debug",
            &["parse", "program", "optimize", "translate", "codegen"],
        ),
        (
            "object",
            &[
                "parse",
                "program",
                "optimize",
                "translate",
                "codegen",
                "debug",
                "sandbox",
            ],
        ),
        ("link", &["object"]),
    ],
};

/// preview1 -> host -> sys -> arch; `start` runs the rest, and keeps what the kernel handed over.
const RUNTIME: Rules = Rules {
    source: "runtime-lib/src",
    shared: &["message", "planted", "program"],
    modules: &[
        ("arch", &["exception", "start", "elfin_program"]),
        ("exception", &["arch", "start", "sys", "trap"]),
        ("sys", &["arch"]),
        ("message", &["sys"]),
        ("planted", &[]),
        ("program", &[]),
        ("recipe", &[]),
        ("guest", &["sys"]),
        ("host", &["start", "sys"]),
        ("preview1", &["guest", "host", "sys"]),
        ("unstable", &["guest", "host", "preview1"]),
        ("memory", &["start", "sys"]),
        ("table", &["start", "sys"]),
        ("wait", &["sys"]),
        ("attempt", &["arch"]),
        ("cpu", &["arch", "start", "sys"]),
        ("grant", &["host", "start", "sys"]),
        ("limit", &["sys"]),
        ("wall", &["arch", "host", "start", "sys", "trap"]),
        ("trap", &["arch", "attempt", "start", "sys"]),
        ("script", &["attempt", "sys"]),
        ("invoke", &["start", "sys"]),
        ("panic", &["sys"]),
        ("start", &["arch", "host", "memory", "sys", "table", "trap"]),
    ],
};

#[test]
fn the_compiler_imports_forward() -> Result<()> {
    check(&COMPILER)
}

#[test]
fn the_runtime_imports_forward() -> Result<()> {
    check(&RUNTIME)
}

/// The public library is what the compiler's phases share with the command line, and no phase prints or exits.
#[test]
fn the_compiler_neither_prints_nor_exits() -> Result<()> {
    for (path, text) in sources(&place::workspace_root().join(COMPILER.source))? {
        for forbidden in ["println!", "eprintln!", "print!(", "process::exit"] {
            ensure!(!text.contains(forbidden), "{path} has `{forbidden}`");
        }
    }
    Ok(())
}

/// `compile` only reads and writes files, so it works on every system: what only Linux has is in `run` and `bench`, what
/// only Unix has in a file of the command line's `output`.
#[test]
fn compile_is_portable() -> Result<()> {
    for source in [COMPILER.source, "cli/src"] {
        for (path, text) in sources(&place::workspace_root().join(source))? {
            let folders = ["bench/", "cache/", "run/"];
            let is_system =
                folders.iter().any(|folder| path.starts_with(folder)) || path.ends_with("/unix.rs");
            if !is_system && let Some(name) = of_one_system(&text) {
                anyhow::bail!("{source}/{path} uses `{name}`");
            }
        }
    }
    Ok(())
}

/// What a file uses, outside of its tests, that not every system has.
fn of_one_system(text: &str) -> Option<&'static str> {
    let end = ["#[cfg(test)]", "#[cfg(all(test"].map(|tests| text.find(tests));
    let end = end.into_iter().flatten().min().unwrap_or(text.len());
    let names = [
        "std::os::",
        "nix::",
        "rustix::",
        "libc::",
        "signal_hook",
        "\"/proc",
    ];
    names.into_iter().find(|name| text[..end].contains(name))
}

#[test]
fn a_planted_system_call_is_found() {
    assert_eq!(
        of_one_system("use std::os::unix::fs::symlink;"),
        Some("std::os::")
    );
    assert_eq!(
        of_one_system("use std::fs;\n#[cfg(test)]\nuse std::os::fd;"),
        None
    );
}

#[test]
fn a_planted_import_is_found() {
    let rules = [("parse", &["program"][..])];
    assert_eq!(
        imports("use crate::{parse::index, translate};\nlet x = crate::link::f();"),
        set(&["link", "parse", "translate"])
    );
    assert!(violation("parse", "use crate::program::Program;", &rules, &[]).is_none());
    assert!(violation("parse", "use crate::translate::Symbol;", &rules, &[]).is_some());
    assert!(violation("other", "", &rules, &[]).is_some());
}

fn check(rules: &Rules) -> Result<()> {
    let root = place::workspace_root().join(rules.source);
    for (path, text) in sources(&root)? {
        let module = path
            .split('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        if let Some(violation) = violation(module, &text, rules.modules, rules.shared) {
            anyhow::bail!("{}/{path}: {violation}", rules.source);
        }
    }
    Ok(())
}

/// What a file of `module` imports that it may not.
fn violation(
    module: &str,
    text: &str,
    rules: &[(&str, &[&str])],
    shared: &[&str],
) -> Option<String> {
    let Some((_, allowed)) = rules.iter().find(|(name, _)| *name == module) else {
        return Some(format!(
            "`{module}` is missing in the table of suites/architecture.rs"
        ));
    };
    let found = imports(text);
    let wrong = found.iter().find(|name| {
        *name != module && !allowed.contains(&name.as_str()) && !shared.contains(&name.as_str())
    })?;
    Some(format!("`{module}` may not import `{wrong}`"))
}

/// The modules that stand behind `crate::`, also in braces; comments and tests count as well.
fn imports(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, prefix) in text.match_indices("crate::") {
        let is_path_end = text[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric() && before != '_');
        let rest = &text[at + prefix.len()..];
        if !is_path_end {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(list) => names.extend(top_level_names(list)),
            None => names.extend(first_name(rest)),
        }
    }
    names
}

/// The first names of a use list's items, up to its closing brace.
fn top_level_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut begins = true;
    for (at, character) in list.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            _ if begins && depth == 0 && !character.is_whitespace() => {
                names.extend(first_name(&list[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    names
}

fn first_name(path: &str) -> Option<String> {
    let end = path
        .find(|character: char| !character.is_alphanumeric() && character != '_')
        .unwrap_or(path.len());
    let name = &path[..end];
    // Types at the crate's root (`crate::Error`) are re-exports of what is shared.
    name.starts_with(|first: char| first.is_lowercase())
        .then(|| name.to_owned())
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// All Rust files below a folder: their paths from there, and their text without line comments.
fn sources(root: &Path) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path)?;
                let code = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
                files.push((name, code.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    ensure!(files.len() > 10, "{} holds too few files", root.display());
    Ok(files)
}
