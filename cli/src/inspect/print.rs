//! Facts as text for people.

use super::{Sized, executable, module};
use crate::plain::{number, plain};
use std::fmt::{Display, Write};

/// Lines in two columns, under headings.
#[derive(Default)]
struct Page(String);

impl Page {
    fn heading(&mut self, text: impl Display) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0 += &plain(&text.to_string());
        self.0.push('\n');
    }

    fn line(&mut self, key: &str, value: impl Display) {
        let line = format!("  {key:<18} {value}");
        self.0 += plain(&line).trim_end();
        self.0.push('\n');
    }

    /// A size, its share of the whole, and whose it is.
    fn size(&mut self, one: &Sized, whole: u64) {
        let share = one.size as f64 * 100.0 / whole.max(1) as f64;
        let line = format!("  {:>12}  {share:>5.1} %  {}", number(one.size), one.name);
        self.0 += &plain(&line);
        self.0.push('\n');
    }
}

/// An executable.
pub(super) fn executable(name: &str, facts: &executable::Facts) -> String {
    let mut page = Page::default();
    page.heading(format_args!(
        "{name}: {} of elfin {}, {} bytes",
        facts.kind,
        facts.elfin,
        number(facts.size)
    ));
    for input in &facts.inputs {
        page.line("made from", input);
    }
    let lines = |page: &mut Page, lines: &executable::Lines| {
        for (key, values) in lines {
            for value in values {
                page.line(key, value);
            }
        }
    };
    lines(&mut page, &facts.options);
    page.heading(
        "may reach, beside its arguments, the standard streams, clocks and random numbers:",
    );
    lines(&mut page, &facts.grants);
    if facts.grants.is_empty() {
        page.line("nothing", "");
    }
    page.heading("limits:");
    lines(&mut page, &facts.limits);
    page.heading("bytes:");
    for size in &facts.sizes {
        page.size(size, facts.size);
    }
    match &facts.functions {
        Some(functions) => {
            page.heading("largest functions of the program, those of one name together:");
            for function in functions {
                page.size(function, facts.size);
            }
        }
        None => page.heading("its functions have no symbols"),
    }
    page.0
}

/// A module.
pub(super) fn module(name: &str, facts: &module::Facts) -> String {
    let mut page = Page::default();
    page.heading(format_args!(
        "{name}: module in {} form, {} bytes",
        facts.format,
        number(facts.size)
    ));
    page.line("digest", &facts.digest);
    match &facts.error {
        None => page.line("elfin compiles it", "yes"),
        Some(error) => page.line("elfin compiles it", format_args!("no: {error}")),
    }
    let proposals = match &facts.proposals[..] {
        [] => "none".to_owned(),
        list => list.join(", "),
    };
    page.line("proposals", proposals);
    for memory in &facts.memories {
        let mut kinds = words(&[
            ("imported", memory.is_imported),
            ("shared", memory.is_shared),
            ("64-bit", memory.is_64),
        ]);
        if memory.page_size != 65536 {
            kinds += &format!(", pages of {} bytes", memory.page_size);
        }
        let limits = limits(memory.minimum, memory.maximum);
        page.line("memory", format_args!("{limits} pages{kinds}"));
    }
    for table in &facts.tables {
        let kinds = words(&[("imported", table.is_imported), ("64-bit", table.is_64)]);
        let limits = limits(table.minimum, table.maximum);
        page.line(
            "table",
            format_args!("{limits} of {}{kinds}", table.element),
        );
    }
    if let Some(start) = &facts.start {
        let name = function_name(start.index, start.name.as_deref());
        page.line("start function", name);
    }
    for producer in &facts.producers {
        let made = format!("{} {}", producer.name, producer.version);
        page.line(&producer.field, made);
    }
    page.heading(format_args!("imports ({}):", facts.imports.len()));
    for import in &facts.imports {
        let name = format!("{}.{}", import.module, import.name);
        page.line(import.kind, signature(&name, import.ty.as_deref()));
    }
    page.heading(format_args!("exports ({}):", facts.exports.len()));
    for export in &facts.exports {
        page.line(export.kind, signature(&export.name, export.ty.as_deref()));
    }
    page.heading("bytes of sections:");
    for section in &facts.sections {
        page.size(section, facts.size);
    }
    page.heading(format_args!(
        "functions: {} imported, {} defined; the largest:",
        facts.functions.imported, facts.functions.defined
    ));
    for function in &facts.functions.largest {
        let one = Sized {
            name: function_name(function.index, function.name.as_deref()),
            size: function.size,
        };
        page.size(&one, facts.size);
    }
    page.0
}

fn signature(name: &str, ty: Option<&str>) -> String {
    match ty {
        Some(ty) => format!("{name} {ty}"),
        None => name.to_owned(),
    }
}

fn function_name(index: u32, name: Option<&str>) -> String {
    match name {
        Some(name) => name.to_owned(),
        None => format!("function {index}"),
    }
}

fn limits(minimum: u64, maximum: Option<u64>) -> String {
    match maximum {
        Some(maximum) if maximum == minimum => number(minimum),
        Some(maximum) => format!("{} to {}", number(minimum), number(maximum)),
        None => format!("{} or more", number(minimum)),
    }
}

/// The words that hold, a comma before each.
fn words(words: &[(&str, bool)]) -> String {
    let mut text = String::new();
    for (word, _) in words.iter().filter(|(_, holds)| *holds) {
        let _ = write!(text, ", {word}");
    }
    text
}
