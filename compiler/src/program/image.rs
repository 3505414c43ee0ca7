//! The initial contents of a linear memory: a few runs of bytes, the rest zero.

/// Gaps below this many bytes are filled with zeros rather than begin a new run: each run costs a segment and the
/// alignment of a page in the file.
const MERGED_GAP: u64 = 16 << 10;

/// A memory's initial contents.
#[derive(Debug, Default)]
pub struct Image {
    /// Non-empty runs in ascending order, apart by at least 16 KiB.
    pub runs: Vec<Run>,
}

/// Bytes at an offset of a memory.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// Where the first byte lies in the memory.
    pub offset: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Image {
    /// The image after writing `segments` one after the other, a later one over an earlier.
    pub(super) fn new(segments: &[(u64, &[u8])]) -> Self {
        let mut ranges: Vec<(u64, u64)> = segments
            .iter()
            .filter(|(_, bytes)| !bytes.is_empty())
            .map(|(offset, bytes)| (*offset, offset + bytes.len() as u64))
            .collect();
        ranges.sort_unstable();
        let mut runs: Vec<Run> = Vec::new();
        let mut merged: Vec<(u64, u64)> = Vec::new();
        for (start, end) in ranges {
            match merged.last_mut() {
                Some(last) if start < last.1 + MERGED_GAP => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        for (start, end) in merged {
            runs.push(Run {
                offset: start,
                bytes: vec![0; (end - start) as usize],
            });
        }
        for (offset, bytes) in segments.iter().filter(|(_, bytes)| !bytes.is_empty()) {
            let run = runs.partition_point(|run| run.offset <= *offset) - 1;
            let at = (offset - runs[run].offset) as usize;
            runs[run].bytes[at..at + bytes.len()].copy_from_slice(bytes);
        }
        let mut image = Self { runs };
        image.trim();
        image
    }

    /// Drops zeros at the ends of runs: fresh memory is zero.
    fn trim(&mut self) {
        for run in &mut self.runs {
            let end = run
                .bytes
                .iter()
                .rposition(|byte| *byte != 0)
                .map_or(0, |last| last + 1);
            run.bytes.truncate(end);
        }
        self.runs.retain(|run| !run.bytes.is_empty());
    }

    /// Bytes in all runs.
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|run| run.bytes.len() as u64).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_segments_win_and_gaps_part_runs() {
        let image = Image::new(&[
            (100, b"aaaa"),
            (1 << 20, b"far"),
            (102, b"bb"),
            (110, b"\0\0"),
            (5, b""),
        ]);
        assert_eq!(
            image.runs,
            [
                Run {
                    offset: 100,
                    bytes: b"aabb".to_vec()
                },
                Run {
                    offset: 1 << 20,
                    bytes: b"far".to_vec()
                },
            ]
        );
        assert_eq!(Image::new(&[(7, b"\0\0\0")]).runs, []);
    }
}
