//! Samples become a table: a row a subject, geometric means of each set, and what is worst.

use super::build::Subject;
use super::corpus::Set;
use super::measure::{ELFIN, Samples};
use serde_json::{Value, json};

/// Elfin's code counts as slower than a runtime's from this ratio on: less is noise.
const SLOWER: f64 = 1.03;

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub subject: Subject,
    /// What each needed; the first one is what the others are compared with.
    pub samples: Vec<Samples>,
}

/// All rows, in the order in which they were measured; each has the same columns.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// One at least.
    pub rows: Vec<Row>,
}

/// Geometric means of some rows' ratios.
struct Mean {
    of: String,
    rows: usize,
    ratios: Vec<f64>,
}

impl Row {
    /// How many times as long as the first one each of the others takes.
    fn ratios(&self) -> Vec<f64> {
        let others = self.samples[1..].iter();
        others.map(|other| ratio(other, &self.samples[0])).collect()
    }

    /// The line above the rows.
    pub fn head(&self) -> String {
        let others = self.samples[1..].iter();
        let names: String = others.map(|other| format!("{:>15}", other.name)).collect();
        format!(
            "{:<24}{:>10}{names}",
            "",
            format!("{} s", self.samples[0].name)
        )
    }

    /// The row as text.
    pub fn line(&self) -> String {
        let seconds = median(self.samples[0].seconds.iter().copied());
        let cells = text_cells(&self.ratios());
        format!("{:<24}{seconds:>10.3}{cells}", self.subject.name)
    }
}

impl Table {
    /// The columns of ratios.
    fn columns(&self) -> &[Samples] {
        &self.rows[0].samples[1..]
    }

    /// Of each set that has rows, and of all.
    fn means(&self) -> Vec<Mean> {
        let mut means = Vec::new();
        for set in Set::ALL.into_iter().map(Some).chain([None]) {
            let rows = self.rows.iter();
            let rows = rows.filter(|row| set.is_none_or(|set| row.subject.set == set));
            let rows: Vec<Vec<f64>> = rows.map(Row::ratios).collect();
            if !rows.is_empty() {
                let column = |i: usize| geometric_mean(rows.iter().map(|row| row[i]));
                means.push(Mean {
                    of: set.map_or("all".to_owned(), |set| set.to_string()),
                    rows: rows.len(),
                    ratios: (0..self.columns().len()).map(column).collect(),
                });
            }
        }
        means
    }

    /// The largest ratio of each column, and whose it is.
    fn worst(&self) -> Vec<(f64, &str)> {
        let worst = |column: usize| {
            let rows = self.rows.iter();
            let ratios = rows.map(|row| (row.ratios()[column], row.subject.name.as_str()));
            ratios.max_by(|a, b| a.0.total_cmp(&b.0))
        };
        (0..self.columns().len()).filter_map(worst).collect()
    }

    /// The subjects with which elfin's code takes longer than this runtime's, and how many times as long.
    fn slower_than(&self, runtime: &str) -> Vec<String> {
        let slower = |row: &Row| {
            let find = |name: &str| row.samples.iter().find(|samples| samples.name == name);
            let ratio = ratio(find(ELFIN)?, find(runtime)?);
            (ratio > SLOWER).then(|| format!("{} {ratio:.2}", row.subject.name))
        };
        self.rows.iter().filter_map(slower).collect()
    }

    /// What stands below the rows.
    pub fn foot(&self) -> String {
        let mut lines = vec![String::new()];
        for mean in self.means() {
            let (of, rows) = (mean.of, format!("of {}", mean.rows));
            lines.push(format!("{of:<24}{rows:>10}{}", text_cells(&mean.ratios)));
        }
        let worst: Vec<f64> = self.worst().iter().map(|(ratio, _)| *ratio).collect();
        lines.push(format!("{:<34}{}", "worst", text_cells(&worst)));
        lines.push(String::new());
        for (column, (ratio, name)) in self.columns().iter().zip(self.worst()) {
            let (is, version) = (&column.name, &column.version);
            lines.push(format!("{is} ({version}): worst is {name}, {ratio:.2}"));
            if !is.starts_with("elfin") {
                let slower = self.slower_than(is).join(", ");
                lines.push(format!("    {ELFIN} is slower on: {slower}"));
            }
        }
        lines.join("\n") + "\n"
    }

    /// The means as a table, then all rows.
    pub fn markdown(&self) -> String {
        let names: String = self
            .columns()
            .iter()
            .map(|c| format!(" {} |", c.name))
            .collect();
        let rule = " ---: |".repeat(self.columns().len());
        let head = |what: &str| format!("| {what} |{names}\n| --- |{rule}");
        let mut lines = vec![head("CPU time, native = 1, geometric means")];
        for mean in self.means() {
            let cells = markdown_cells(&mean.ratios);
            lines.push(format!("| {} ({}) |{cells}", mean.of, mean.rows));
        }
        let worst = self.worst().into_iter();
        let worst: String = worst
            .map(|(ratio, name)| format!(" {ratio:.2} {name} |"))
            .collect();
        lines.push(format!("| worst |{worst}\n"));
        lines.push(head("program"));
        for row in &self.rows {
            lines.push(format!(
                "| {} |{}",
                row.subject.name,
                markdown_cells(&row.ratios())
            ));
        }
        lines.join("\n") + "\n"
    }

    /// Everything, for programs.
    pub fn json(&self) -> Value {
        let samples = |one: &Samples| json!({ "name": one.name, "version": one.version, "seconds": one.seconds });
        let rows = self.rows.iter().map(|row| {
            json!({
                "name": row.subject.name,
                "set": row.subject.set.to_string(),
                "count": row.subject.count,
                "samples": row.samples.iter().map(samples).collect::<Vec<_>>(),
            })
        });
        json!({ "rows": rows.collect::<Vec<_>>() })
    }
}

fn text_cells(ratios: &[f64]) -> String {
    ratios
        .iter()
        .map(|ratio| format!("{ratio:>15.3}"))
        .collect()
}

fn markdown_cells(ratios: &[f64]) -> String {
    ratios
        .iter()
        .map(|ratio| format!(" {ratio:.2} |"))
        .collect()
}

/// How many times as long one takes as another: the median of the rounds' ratios.
fn ratio(one: &Samples, base: &Samples) -> f64 {
    let rounds = one.seconds.iter().zip(&base.seconds);
    median(rounds.map(|(one, base)| one / base))
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = numbers.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => (sorted[middle - 1] + sorted[middle]) / 2.0,
        _ => sorted[middle],
    }
}

fn geometric_mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0), |(sum, count), x| (sum + x.ln(), count + 1));
    (sum / f64::from(count)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, set: Set, seconds: [[f64; 3]; 3]) -> Row {
        let names = ["native", ELFIN, "wasmtime"].into_iter();
        let samples = names.zip(seconds).map(|(name, seconds)| Samples {
            name: name.to_owned(),
            version: "1".to_owned(),
            seconds: seconds.to_vec(),
        });
        Row {
            subject: Subject {
                name: name.to_owned(),
                set,
                count: 1,
                short: 1,
                module: "module".into(),
                native: "native".into(),
            },
            samples: samples.collect(),
        }
    }

    #[test]
    fn ratios_means_and_the_worst() {
        // The last round is twice as slow for all, which no ratio shows.
        let one = [[1.0, 1.0, 2.0], [2.0, 2.0, 4.0], [3.0, 3.0, 6.0]];
        let other = [[1.0, 1.0, 2.0], [8.0, 8.0, 16.0], [2.0, 2.0, 4.0]];
        let rows = vec![row("a", Set::Small, one), row("b", Set::Real, other)];
        let table = Table { rows };
        assert_eq!(table.rows[0].ratios(), [2.0, 3.0]);
        let means = table.means();
        let is = |mean: f64, expected: f64| (mean - expected).abs() < 1e-12;
        assert!(is(means[0].ratios[0], 2.0) && is(means[0].ratios[1], 3.0));
        assert!(is(means[2].ratios[0], 4.0) && means[2].rows == 2);
        assert_eq!(table.worst(), [(8.0, "b"), (3.0, "a")]);
        assert_eq!(table.slower_than("wasmtime"), ["b 4.00"]);
        let markdown = table.markdown();
        let rows: Vec<&str> = markdown.lines().skip(7).collect();
        assert_eq!(rows[2..], ["| a | 2.00 | 3.00 |", "| b | 8.00 | 2.00 |"]);
    }

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0].into_iter()), 2.5);
    }
}
