//! A report as comma-separated values, a line a figure.

use super::report::{Figure, Figures, Report};

/// The columns. A size has no spread.
const COLUMNS: [&str; 12] = [
    "runtime",
    "version",
    "how",
    "phase",
    "quantity",
    "unit",
    "rounds",
    "median",
    "iqr",
    "ratio",
    "ratio_low",
    "ratio_high",
];

/// The report as CSV.
pub(super) fn print(report: &Report) -> String {
    let mut text = line(COLUMNS.map(str::to_owned));
    for row in &report.rows {
        let mut add = |phase: &str, quantity: &str, unit: &str, values: [String; 6]| {
            let [rounds, median, iqr, ratio, low, high] = values;
            let first =
                [&row.name, &row.version, row.how, phase, quantity, unit].map(str::to_owned);
            let [name, version, how, phase, quantity, unit] = first;
            text += &line([
                name, version, how, phase, quantity, unit, rounds, median, iqr, ratio, low, high,
            ]);
        };
        for (phase, figures) in [
            ("compile", &row.compile),
            ("start", &row.start),
            ("run", &row.run),
        ] {
            let Some(Figures { wall, cpu, memory }) = figures else {
                continue;
            };
            add(phase, "wall", "s", values(wall));
            add(phase, "cpu", "s", values(cpu));
            add(phase, "memory", "bytes", values(memory));
        }
        if let Some(size) = &row.size {
            let (bytes, ratio) = (size.bytes.to_string(), size.ratio.to_string());
            let none = String::new;
            add(
                "compile",
                "size",
                "bytes",
                [none(), bytes, none(), ratio, none(), none()],
            );
        }
    }
    text
}

fn values(figure: &Figure) -> [String; 6] {
    let ratio = |part: fn(&super::statistics::Ratio) -> f64| {
        figure
            .ratio
            .as_ref()
            .map_or(String::new(), |ratio| part(ratio).to_string())
    };
    [
        figure.samples.len().to_string(),
        figure.summary.median.to_string(),
        figure.summary.iqr.to_string(),
        ratio(|ratio| ratio.median),
        ratio(|ratio| ratio.low),
        ratio(|ratio| ratio.high),
    ]
}

fn line(fields: [String; COLUMNS.len()]) -> String {
    fields.map(|field| quoted(&field)).join(",") + "\n"
}

/// A field, in quotes where it needs them.
fn quoted(field: &str) -> String {
    match field.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        for (field, expected) in [
            ("", ""),
            ("a b", "a b"),
            ("a,b", "\"a,b\""),
            ("\"", "\"\"\"\""),
        ] {
            assert_eq!(quoted(field), expected);
        }
    }
}
