//! A report as text for people: a table a quantity, the most telling one first.

use super::report::{Figure, Report, Row};
use super::statistics::{FEWEST, Ratio};
use super::unit::Unit;
use crate::plain::{number, plain};
use std::fmt::Write;

/// A quantity of which there is a table.
pub(super) struct Quantity {
    pub(super) title: &'static str,
    /// What it is, for who does not know the title.
    pub(super) meaning: &'static str,
    pub(super) unit: Unit,
    pub(super) of: fn(&Row) -> Option<&Figure>,
}

/// The quantities that are measured each round, in the order in which they are shown.
pub(super) const QUANTITIES: [Quantity; 6] = [
    Quantity {
        title: "run time, CPU",
        meaning: "seconds of CPU that the program took, from start to exit, of all its threads",
        unit: Unit::Seconds,
        of: |row| Some(&row.run.as_ref()?.cpu),
    },
    Quantity {
        title: "run time",
        meaning: "time that passed from the program's start to its exit",
        unit: Unit::Seconds,
        of: |row| Some(&row.run.as_ref()?.wall),
    },
    Quantity {
        title: "start-up",
        meaning: "time that passed from start to exit of a module that does nothing, prepared in the same way",
        unit: Unit::Seconds,
        of: |row| Some(&row.start.as_ref()?.wall),
    },
    Quantity {
        title: "peak memory",
        meaning: "memory that was resident at most while the program ran",
        unit: Unit::Bytes,
        of: |row| Some(&row.run.as_ref()?.memory),
    },
    Quantity {
        title: "compile time",
        meaning: "time that passed while the program was compiled",
        unit: Unit::Seconds,
        of: |row| Some(&row.compile.as_ref()?.wall),
    },
    Quantity {
        title: "compile time, CPU",
        meaning: "seconds of CPU that compiling took, of all threads",
        unit: Unit::Seconds,
        of: |row| Some(&row.compile.as_ref()?.cpu),
    },
];

/// How to read the tables.
const READING: [&str; 2] = [
    "ratios are to elfin generic: medians of the ratios of the rounds, with the interval that holds the true median at 95 % \
     confidence; where that holds 1, or the rounds are fewer than 6, the two were not told apart",
    "elfin generic runs on any CPU of this kind; elfin native, and what runtimes compile, is for this machine's CPU",
];

/// The report as text.
pub(super) fn print(report: &Report) -> String {
    let mut text = String::new();
    let input = &report.input;
    let arguments = input.arguments.iter().map(|word| format!(" {word}"));
    let arguments: String = arguments.collect();
    let machine = &report.machine;
    let _ = writeln!(
        text,
        "{}, {} rounds, on {} ({} cores), {}",
        plain(&format!("{}{arguments}", input.name)),
        report.runs,
        machine.cpu,
        machine.cores,
        machine.kernel
    );
    for quantity in &QUANTITIES {
        table(&mut text, report, quantity);
    }
    sizes(&mut text, report);
    versions(&mut text, report);
    text.push('\n');
    for note in READING.map(str::to_owned).into_iter().chain(notes(report)) {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

/// The longest name of a row.
fn width(report: &Report) -> usize {
    let names = report.rows.iter().map(|row| row.name.chars().count());
    names.max().unwrap_or(0).max(18)
}

fn table(text: &mut String, report: &Report, quantity: &Quantity) {
    let rows: Vec<_> = report
        .rows
        .iter()
        .filter_map(|row| Some((row, (quantity.of)(row)?)))
        .collect();
    if rows.is_empty() {
        return;
    }
    let width = width(report);
    let _ = writeln!(
        text,
        "\n{:<width$}  {:>9}  {:>9}  {:>7}   95 % interval",
        quantity.title, "median", "IQR", "ratio"
    );
    for (row, figure) in rows {
        let _ = write!(
            text,
            "  {:<width$}{:>9}  {:>9}",
            row.name,
            quantity.unit.show(figure.summary.median),
            quantity.unit.show(figure.summary.iqr)
        );
        let _ = match figure.ratio {
            None => writeln!(text),
            Some(_) if std::ptr::eq(row, &report.rows[0]) => writeln!(text, "  {:>7}", "1"),
            Some(ratio) => writeln!(
                text,
                "  {:>7}   {}",
                times(ratio.median),
                interval(figure, &ratio)
            ),
        };
    }
}

fn sizes(text: &mut String, report: &Report) {
    let width = width(report);
    let _ = writeln!(
        text,
        "\n{:<width$}  {:>9}  {:>9}  {:>7}",
        "artefact", "bytes", "", "ratio"
    );
    for row in &report.rows {
        if let Some(size) = &row.size {
            let (bytes, ratio) = (number(size.bytes), times(size.ratio));
            let _ = writeln!(
                text,
                "  {:<width$}{bytes:>9}  {:>9}  {ratio:>7}",
                row.name, ""
            );
        }
    }
}

fn versions(text: &mut String, report: &Report) {
    let width = width(report);
    let _ = writeln!(text, "\nversions");
    for row in &report.rows {
        let version = plain(&format!("{} ({})", row.version, row.how));
        let _ = writeln!(text, "  {:<width$}{}", row.name, version.trim_start());
    }
}

/// A ratio as text.
pub(super) fn times(ratio: f64) -> String {
    match ratio {
        0.0..10.0 => format!("{ratio:.2}"),
        10.0..100.0 => format!("{ratio:.1}"),
        _ => format!("{ratio:.0}"),
    }
}

/// What is known of a figure's ratio, in words.
pub(super) fn interval(figure: &Figure, ratio: &Ratio) -> String {
    let (low, high) = (times(ratio.low), times(ratio.high));
    if ratio.low == 1.0 && ratio.high == 1.0 {
        "the same".into()
    } else if figure.samples.len() < FEWEST {
        "too few rounds".into()
    } else if ratio.is_clear {
        format!("{low} to {high}")
    } else {
        format!("{low} to {high}, not told apart")
    }
}

/// What a reader should know of this very comparison.
pub(super) fn notes(report: &Report) -> Vec<String> {
    let left_out = report.left_out.iter();
    let left_out = left_out.map(|left| format!("{} is left out: {}", left.name, left.reason));
    report.notes.iter().cloned().chain(left_out).collect()
}
