//! Samples become figures: what all formats show, and what the JSON consists of, which [`super::SCHEMA`] describes.

use super::contest::{Entry, LeftOut, Samples};
use super::line::Line;
use super::machine::Machine;
use super::meter::Ending;
use super::statistics::{Ratio, Summary, compare, summarise};
use serde::Serialize;

/// The version of the JSON.
const SCHEMA_VERSION: u32 = 1;

/// All that is known in the end.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) elfin: &'static str,
    pub(super) input: Input,
    pub(super) machine: Machine,
    pub(super) runs: usize,
    pub(super) compile_runs: usize,
    /// Seconds.
    pub(super) timeout: f64,
    /// Those of `elfin compile` that were given.
    pub(super) options: Vec<String>,
    pub(super) output: Output,
    /// elfin's `generic` comes first.
    pub(super) rows: Vec<Row>,
    pub(super) left_out: Vec<LeftOut>,
    /// What a reader should know.
    pub(super) notes: Vec<String>,
}

/// What was run.
#[derive(Serialize)]
pub(super) struct Input {
    pub(super) name: String,
    /// Bytes of the module, in binary form.
    pub(super) size: u64,
    pub(super) digest: String,
    pub(super) arguments: Vec<String>,
    /// The file that it read from standard input.
    pub(super) stdin: Option<String>,
}

/// What all did.
#[derive(Serialize)]
pub(super) struct Output {
    /// Bytes of standard output.
    pub(super) size: u64,
    pub(super) ending: Ending,
}

/// The figures of one contestant.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    /// Empty where it has none.
    pub(super) version: String,
    pub(super) how: &'static str,
    pub(super) compile_command: Option<Vec<String>>,
    pub(super) command: Vec<String>,
    pub(super) compile: Option<Figures>,
    /// Of the artefact.
    pub(super) size: Option<Size>,
    pub(super) start: Option<Figures>,
    pub(super) run: Option<Figures>,
}

/// What processes used.
#[derive(Serialize)]
pub(super) struct Figures {
    /// Seconds.
    pub(super) wall: Figure,
    /// Seconds.
    pub(super) cpu: Figure,
    /// Bytes.
    pub(super) memory: Figure,
}

/// One quantity.
#[derive(Clone, Serialize)]
pub(super) struct Figure {
    #[serde(flatten)]
    pub(super) summary: Summary,
    /// To elfin's `generic`; `None` where that has no such figure.
    pub(super) ratio: Option<Ratio>,
    /// One a round: those of the same place belong together.
    pub(super) samples: Vec<f64>,
}

/// A size, which does not scatter.
#[derive(Serialize)]
pub(super) struct Size {
    pub(super) bytes: u64,
    pub(super) ratio: f64,
}

impl Report {
    /// Its form for programs, of this version.
    pub(super) fn json(&self) -> String {
        #[derive(Serialize)]
        struct Document<'a> {
            schema: u32,
            kind: &'static str,
            #[serde(flatten)]
            report: &'a Report,
        }
        let document = Document {
            schema: SCHEMA_VERSION,
            kind: "bench",
            report: self,
        };
        let mut text = serde_json::to_string_pretty(&document).expect("it is text and numbers");
        text.push('\n');
        text
    }
}

/// The figures of all, each compared with those of the first.
pub(super) fn rows(entries: &[Entry]) -> Vec<Row> {
    let all = entries.iter();
    all.map(|entry| row(entry, &entries[0])).collect()
}

fn row(entry: &Entry, base: &Entry) -> Row {
    let contestant = &entry.contestant;
    let program = &entry.program;
    let starts = entry.start.as_ref().zip(base.start.as_ref());
    Row {
        name: contestant.name.clone(),
        version: contestant.version().to_owned(),
        how: contestant.how().describe(),
        compile_command: program.compile_line.as_ref().map(Line::shown),
        command: program.line.shown(),
        compile: figures(&program.compile, &base.program.compile),
        size: entry.size().map(|bytes| Size {
            bytes,
            ratio: bytes as f64 / base.size().unwrap_or(bytes) as f64,
        }),
        start: starts.and_then(|(start, base)| figures(&start.run, &base.run)),
        run: figures(&program.run, &base.program.run),
    }
}

/// What samples say; nothing if there are none.
fn figures(samples: &Samples, base: &Samples) -> Option<Figures> {
    if samples.wall.is_empty() {
        return None;
    }
    let figure = |samples: &[f64], base: &[f64]| Figure {
        summary: summarise(samples),
        ratio: compare(samples, base),
        samples: samples.to_vec(),
    };
    Some(Figures {
        wall: figure(&samples.wall, &base.wall),
        cpu: figure(&samples.cpu, &base.cpu),
        memory: figure(&samples.memory, &base.memory),
    })
}
