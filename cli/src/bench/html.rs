//! A report as a page: one file that needs nothing beside it, for light and dark screens and for paper.

use super::plot::{self, Strip};
use super::report::{Figure, Report, Row};
use super::text::{QUANTITIES, interval, notes, times};
use super::unit::Unit;
use crate::plain::{escape, number};
use std::fmt::Write;

const STYLE: &str = include_str!("report.css");

/// How everything was measured; paragraphs.
const METHODS: [&str; 6] = [
    "Every contestant was prepared as its users would: ahead of time where it can, with the lines below. Each ran once \
     before anything was measured; all of them printed the same and ended in the same way, in every run.",
    "In each round every contestant ran once, in an order that changes from round to round, so that what the machine does \
     besides meets all of them alike.",
    "Each run is a process of its own. Its time passes from just before it is started to when it has ended; CPU time and peak \
     memory (resident set) are the kernel's count of that process and of those that it started and waited for. Peak \
     memory can't be told below what the small process that starts it has.",
    "The spread is the interquartile range (IQR): how far the middle half of the samples lies apart.",
    "A ratio is to elfin generic: the median of the ratios of the rounds. The interval holds the true median at 95 % confidence or \
     more, whatever the distribution (from order statistics, as in the sign test). Where it holds 1, or where there are \
     fewer than 6 rounds, the two were not told apart.",
    "What elfin compiles at its level generic runs on any CPU of this kind; elfin native, and what the runtimes compile, is \
     for the CPU of this machine.",
];

/// The report as a page.
pub(super) fn print(report: &Report) -> String {
    let title = title(report);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"elfin {}\">\n\
         <title>elfin bench: {title}</title>\n<style>\n{STYLE}",
        report.elfin
    );
    for (color, variable) in plot::COLORS {
        let _ = writeln!(
            page,
            "svg [fill=\"{color}\"]{{fill:var({variable})}} svg [stroke=\"{color}\"]{{stroke:var({variable})}}"
        );
    }
    let _ = writeln!(
        page,
        "</style>\n</head>\n<body>\n<header>\n<h1><code>{title}</code></h1>"
    );
    machine(&mut page, report);
    page += "</header>\n<main>\n";
    overview(&mut page, report);
    for quantity in &QUANTITIES {
        let rows: Vec<(&Row, &Figure)> = report
            .rows
            .iter()
            .filter_map(|row| Some((row, (quantity.of)(row)?)))
            .collect();
        if !rows.is_empty() {
            section(
                &mut page,
                quantity.title,
                quantity.meaning,
                quantity.unit,
                &rows,
            );
        }
    }
    contestants(&mut page, report);
    methods(&mut page, report);
    page += "</main>\n</body>\n</html>\n";
    page
}

fn title(report: &Report) -> String {
    let arguments = report.input.arguments.iter().map(|word| format!(" {word}"));
    escape(&format!(
        "{}{}",
        report.input.name,
        arguments.collect::<String>()
    ))
}

fn machine(page: &mut String, report: &Report) {
    let machine = &report.machine;
    let _ = writeln!(
        page,
        "<p>{} rounds on {}, {} cores, {} ({}); elfin {}; a module of {} bytes{}.</p>",
        report.runs,
        escape(&machine.cpu),
        machine.cores,
        escape(&machine.kernel),
        machine.architecture,
        report.elfin,
        number(report.input.size),
        match &report.input.stdin {
            Some(file) => format!(" that reads <code>{}</code>", escape(file)),
            None => String::new(),
        }
    );
}

/// One table of everything: medians, and ratios below them.
fn overview(page: &mut String, report: &Report) {
    page.push_str(
        "<section>\n<h2>At a glance</h2>\n<p>Medians; below them, how many times elfin generic's. A ratio in parentheses \
         was not told apart from 1. In the pictures a dot is a round, the bar the middle half of the rounds, and the stroke \
         the median, whose number stands behind.</p>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\"></th>",
    );
    for quantity in &QUANTITIES {
        let _ = write!(page, "<th scope=\"col\">{}</th>", quantity.title);
    }
    page.push_str("<th scope=\"col\">artefact</th></tr></thead>\n<tbody>\n");
    for (at, row) in report.rows.iter().enumerate() {
        let _ = write!(
            page,
            "<tr{}><th scope=\"row\">{}</th>",
            class(row),
            escape(&row.name)
        );
        for quantity in &QUANTITIES {
            let cell = (quantity.of)(row).map(|figure| {
                let ratio = figure.ratio.filter(|_| at > 0).map(|ratio| {
                    let times = times(ratio.median);
                    match ratio.is_clear {
                        true => format!("{times}×"),
                        false => format!("({times}×)"),
                    }
                });
                (quantity.unit.show(figure.summary.median), ratio)
            });
            write_cell(page, cell);
        }
        let size = row.size.as_ref().map(|size| {
            let ratio = (at > 0).then(|| format!("{}×", times(size.ratio)));
            (Unit::Bytes.show(size.bytes as f64), ratio)
        });
        write_cell(page, size);
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table></div>\n</section>\n");
}

/// A value and its ratio, or a dash.
fn write_cell(page: &mut String, cell: Option<(String, Option<String>)>) {
    let _ = match cell {
        None => write!(page, "<td><span aria-label=\"none\">–</span></td>"),
        Some((value, None)) => write!(page, "<td>{value}</td>"),
        Some((value, Some(ratio))) => write!(page, "<td>{value}<small>{ratio}</small></td>"),
    };
}

/// A quantity: what it is, a picture, and a table with the same.
fn section(page: &mut String, title: &str, meaning: &str, unit: Unit, rows: &[(&Row, &Figure)]) {
    let strips: Vec<Strip> = rows
        .iter()
        .map(|(row, figure)| Strip {
            name: &row.name,
            samples: &figure.samples,
            is_ours: is_ours(row),
        })
        .collect();
    let (heading, picture) = (capital(title), plot::draw(title, unit, &strips));
    let _ = write!(
        page,
        "<section>\n<h2>{heading}</h2>\n<p>{}.</p>\n<figure>\n{picture}</figure>\n\
         <div class=\"wide\"><table>\n<thead><tr><th scope=\"col\"></th><th scope=\"col\">median</th><th scope=\"col\">IQR</th>\
         <th scope=\"col\">ratio</th><th scope=\"col\" class=\"words\">95 % interval</th></tr></thead>\n<tbody>\n",
        capital(meaning)
    );
    for (at, (row, figure)) in rows.iter().enumerate() {
        let (ratio, interval) = match figure.ratio {
            Some(ratio) if at > 0 => (times(ratio.median), interval(figure, &ratio)),
            Some(_) => ("1".into(), String::new()),
            None => (String::new(), String::new()),
        };
        let _ = writeln!(
            page,
            "<tr{}><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{ratio}</td><td class=\"words\">{interval}</td></tr>",
            class(row),
            escape(&row.name),
            unit.show(figure.summary.median),
            unit.show(figure.summary.iqr)
        );
    }
    page.push_str("</tbody>\n</table></div>\n</section>\n");
}

/// Who took part, in which version, and with which lines.
fn contestants(page: &mut String, report: &Report) {
    page.push_str("<section>\n<h2>Versions and command lines</h2>\n<dl>\n");
    for row in &report.rows {
        let version = escape(&format!("{} {}", row.version, row.how));
        let _ = writeln!(
            page,
            "<dt>{}</dt><dd>{}</dd>",
            escape(&row.name),
            version.trim_start()
        );
        for line in [row.compile_command.as_ref(), Some(&row.command)]
            .into_iter()
            .flatten()
        {
            let _ = writeln!(page, "<dd><code>{}</code></dd>", escape(&line.join(" ")));
        }
    }
    page.push_str("</dl>\n</section>\n");
}

fn methods(page: &mut String, report: &Report) {
    page.push_str("<section>\n<h2>How it was measured</h2>\n");
    for paragraph in METHODS {
        let _ = writeln!(page, "<p>{}</p>", escape(paragraph));
    }
    let notes = notes(report);
    if !notes.is_empty() {
        page.push_str("<h2>Notes</h2>\n<ul>\n");
        for note in notes {
            let _ = writeln!(page, "<li>{}</li>", escape(&note.replace('\n', " ")));
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</section>\n");
}

fn is_ours(row: &Row) -> bool {
    row.name.starts_with("elfin ")
}

fn class(row: &Row) -> &'static str {
    match is_ours(row) {
        true => " class=\"ours\"",
        false => "",
    }
}

/// With a capital in front.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
