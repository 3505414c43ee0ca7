//! Initial contents of linear memories: segments that the kernel maps where they belong, pages of a section that the
//! runtime moves there where that is decided at the start, or bytes to copy.

use super::Builder;
use super::MappedImage;
use super::record::{Place, Record};
use crate::program::{Memory, MemoryId, Run};
use crate::target::Target;
use elfin_abi::layout::{Copy, MemoryInit};
use object::SectionKind;
use std::mem::offset_of;

/// Segments that the images of all memories may take together. Older kernels read 4 KiB of program headers, which
/// is 73; no kernel reads more than 64 KiB.
const MAPPED_AT_MOST: usize = 60;

/// Up to this many bytes are copied at start: that costs a microsecond, a segment of its own costs its alignment in the
/// file.
fn copied_at_most(target: Target) -> u64 {
    target.page_size().max(32 << 10)
}

/// Emits the images; gives the [`MemoryInit`] of each memory, in the order of the addresses.
pub(super) fn emit(builder: &mut Builder<'_>) -> Vec<Record> {
    let program = builder.program;
    program
        .memories
        .iter()
        .map(|(id, memory)| emit_memory(builder, id, memory))
        .collect()
}

fn emit_memory(builder: &mut Builder<'_>, id: MemoryId, memory: &Memory) -> Record {
    let mut init = Record::of::<MemoryInit>();
    let state = builder.layout.memories[id];
    builder.put_state_address(&mut init, offset_of!(MemoryInit, memory), state);
    let place = builder.layout.memory_places[id];
    init.put_u64(offset_of!(MemoryInit, reservation), place.reservation);
    init.put_u64(offset_of!(MemoryInit, kept_free), place.kept_free);
    let target = builder.options.target;
    let base = place.base;
    let is_pie = builder.options.pie;
    let (mapped, copied) = if memory.image.len() <= copied_at_most(target) {
        (Vec::new(), Vec::new())
    } else {
        let share = MAPPED_AT_MOST / builder.program.memories.len();
        largest(pages(&memory.image.runs, target.page_size()), share)
    };
    let copies: Vec<Record> = if mapped.is_empty() {
        let runs = memory.image.runs.iter();
        runs.map(|run| copy(builder, run.offset, &run.bytes))
            .collect()
    } else {
        let pages = copied.iter();
        pages
            .map(|pages| copy(builder, pages.start, &pages.bytes))
            .collect()
    };
    let (place, len) = builder.add_array(copies);
    init.put_span(offset_of!(MemoryInit, copies), place, len);
    let mut parts = Vec::new();
    for pages in &mapped {
        let mut part = Record::of::<Copy>();
        part.put_u64(offset_of!(Copy, to), pages.start);
        part.put_u64(offset_of!(Copy, len), pages.len);
        if is_pie {
            let place = add_to_section(builder, pages);
            part.put_address(offset_of!(Copy, from), place);
        }
        parts.push(part);
    }
    let (place, len) = builder.add_array(parts);
    init.put_span(offset_of!(MemoryInit, mapped), place, len);
    if is_pie {
        return init;
    }
    builder
        .images
        .extend(mapped.into_iter().map(|pages| MappedImage {
            address: base + pages.start,
            bytes: pages.bytes,
            len: pages.len,
        }));
    init
}

/// Adds pages to the section of a position-independent executable, from where the runtime moves them; gives their place.
fn add_to_section(builder: &mut Builder<'_>, pages: &Pages) -> Place {
    let page_size = builder.options.target.page_size();
    let section = *builder.image_section.get_or_insert_with(|| {
        let name = b".elfin.image".to_vec();
        builder
            .object
            .add_section(Vec::new(), name, SectionKind::Data)
    });
    let mut bytes = pages.bytes.clone();
    bytes.resize(pages.len as usize, 0);
    let offset = builder
        .object
        .append_section_data(section, &bytes, page_size);
    let symbol = builder.object.section_symbol(section);
    Place {
        symbol,
        offset: offset as usize,
    }
}

/// Bytes to copy to an offset of a memory.
fn copy(builder: &mut Builder<'_>, to: u64, bytes: &[u8]) -> Record {
    let mut record = Record::of::<Copy>();
    record.put_u64(offset_of!(Copy, to), to);
    if let Some(from) = builder.add_bytes(bytes) {
        record.put_address(offset_of!(Copy, from), from);
    }
    record.put_u64(offset_of!(Copy, len), bytes.len() as u64);
    record
}

/// Whole pages of a memory, so that no other byte of the file shows.
#[derive(Debug)]
struct Pages {
    /// Where they begin in the memory.
    start: u64,
    /// Their first bytes; the rest is zero.
    bytes: Vec<u8>,
    /// Their length in memory.
    len: u64,
}

/// The pages of runs, in ascending order. Runs whose pages meet become one.
fn pages(runs: &[Run], page_size: u64) -> Vec<Pages> {
    let mut list: Vec<Pages> = Vec::new();
    for run in runs {
        let start = run.offset / page_size * page_size;
        let end = (run.offset + run.bytes.len() as u64).next_multiple_of(page_size);
        match list.last_mut() {
            Some(last) if last.start + last.len >= start => last.len = end - last.start,
            _ => list.push(Pages {
                start,
                bytes: Vec::new(),
                len: end - start,
            }),
        }
        let last = list.last_mut().expect("it has just been made");
        last.bytes.resize((run.offset - last.start) as usize, 0);
        last.bytes.extend_from_slice(&run.bytes);
    }
    list
}

/// The `count` longest ones, and the others; both in ascending order.
fn largest(pages: Vec<Pages>, count: usize) -> (Vec<Pages>, Vec<Pages>) {
    if count == 0 {
        return (Vec::new(), pages);
    }
    let mut lengths: Vec<(u64, u64)> = pages.iter().map(|pages| (pages.len, pages.start)).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let least = lengths
        .get(count - 1)
        .or(lengths.last())
        .copied()
        .unwrap_or_default();
    pages
        .into_iter()
        .partition(|pages| (pages.len, pages.start) >= least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_become_whole_pages() {
        let run = |offset, bytes: &[u8]| Run {
            offset,
            bytes: bytes.to_vec(),
        };
        let pages = pages(
            &[run(10, b"a"), run(4090, b"0123456789"), run(20_000, b"z")],
            4096,
        );
        let [first, second] = &pages[..] else {
            panic!("{pages:?}")
        };
        assert_eq!((first.start, first.len, first.bytes.len()), (0, 8192, 4100));
        assert_eq!((first.bytes[10], first.bytes[4096]), (b'a', b'6'));
        assert_eq!(
            (second.start, second.len, second.bytes.len()),
            (16384, 4096, 20_001 - 16384)
        );
    }

    #[test]
    fn the_longest_pages_are_mapped() {
        let runs = [(0, 5000), (20_000, 9000), (40_000, 100), (60_000, 5000)];
        let runs = runs.map(|(offset, len)| Run {
            offset,
            bytes: vec![1; len],
        });
        let (mapped, copied) = largest(pages(&runs, 4096), 2);
        let starts = |list: &[Pages]| list.iter().map(|pages| pages.start).collect::<Vec<_>>();
        assert_eq!(
            (starts(&mapped), starts(&copied)),
            (vec![16384, 57344], vec![0, 36864])
        );
        assert_eq!(largest(pages(&runs, 4096), 9).1.len(), 0);
        assert_eq!(largest(pages(&runs, 4096), 0).0.len(), 0);
    }
}
