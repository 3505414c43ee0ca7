//! Initial contents of linear memories: segments that the kernel maps where they belong, or bytes to copy.

use super::Builder;
use super::MappedImage;
use super::record::Record;
use crate::program::{Memory, MemoryId, Run};
use crate::target::Target;
use elfin_abi::address::{MAX_PAGE_SIZE, MEMORY_RESERVATION};
use elfin_abi::layout::{Copy, MemoryInit, Range};
use std::mem::offset_of;

/// The largest page of the target's kernels: what a segment's alignment costs in the file.
fn page_size(target: Target) -> u64 {
    match target {
        Target::X86_64 | Target::Riscv64 => 4096,
        Target::Aarch64 => MAX_PAGE_SIZE,
    }
}

/// Up to this many bytes are copied at start: that costs a microsecond, a segment of its own costs its alignment in the
/// file.
fn copied_at_most(target: Target) -> u64 {
    page_size(target).max(32 << 10)
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
    init.put_u64(offset_of!(MemoryInit, memory), builder.layout.memories[id]);
    init.put_u64(offset_of!(MemoryInit, reservation), MEMORY_RESERVATION);
    let target = builder.options.target;
    if memory.image.len() <= copied_at_most(target) {
        let copies: Vec<Record> = memory
            .image
            .runs
            .iter()
            .map(|run| copy(builder, id, run))
            .collect();
        let (place, len) = builder.add_array(copies);
        init.put_span(offset_of!(MemoryInit, copies), place, len);
        return init;
    }
    let base = builder.layout.memory_bases[id];
    let images = pages(&memory.image.runs, page_size(target));
    let ranges: Vec<Record> = images
        .iter()
        .map(|(start, _, len)| {
            let mut range = Record::of::<Range>();
            range.put_u64(offset_of!(Range, start), base + start);
            range.put_u64(offset_of!(Range, len), *len);
            range
        })
        .collect();
    let images = images.into_iter().map(|(start, bytes, len)| MappedImage {
        address: base + start,
        bytes,
        len,
    });
    builder.images.extend(images);
    let (place, len) = builder.add_array(ranges);
    init.put_span(offset_of!(MemoryInit, mapped), place, len);
    init
}

fn copy(builder: &mut Builder<'_>, id: MemoryId, run: &Run) -> Record {
    let mut record = Record::of::<Copy>();
    record.put_u64(
        offset_of!(Copy, to),
        builder.layout.memory_bases[id] + run.offset,
    );
    if let Some(from) = builder.add_bytes(&run.bytes) {
        record.put_address(offset_of!(Copy, from), from);
    }
    record.put_u64(offset_of!(Copy, len), run.bytes.len() as u64);
    record
}

/// The runs as whole pages, so that no other byte of the file shows: where each begins, its bytes, its length in
/// memory. Runs whose pages meet become one.
fn pages(runs: &[Run], page_size: u64) -> Vec<(u64, Vec<u8>, u64)> {
    let mut pages: Vec<(u64, Vec<u8>, u64)> = Vec::new();
    for run in runs {
        let start = run.offset / page_size * page_size;
        let end = (run.offset + run.bytes.len() as u64).next_multiple_of(page_size);
        match pages.last_mut() {
            Some((first, _, len)) if *first + *len >= start => *len = end - *first,
            _ => pages.push((start, Vec::new(), end - start)),
        }
        let (first, bytes, _) = pages.last_mut().expect("it has just been made");
        bytes.resize((run.offset - *first) as usize, 0);
        bytes.extend_from_slice(&run.bytes);
    }
    pages
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
        let [(0, first, 8192), (16384, second, 4096)] = &pages[..] else {
            panic!("{pages:?}")
        };
        assert_eq!((first.len(), first[10], first[4096]), (4100, b'a', b'6'));
        assert_eq!(
            (second.len(), second[20_000 - 16384]),
            (20_001 - 16384, b'z')
        );
    }
}
