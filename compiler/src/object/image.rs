//! Initial contents of linear memories: segments that the kernel maps where they belong, or bytes to copy.

use super::Builder;
use super::record::{Place, Record};
use crate::error::Result;
use crate::program::{Memory, MemoryId, Run};
use crate::target::Target;
use elfin_abi::address::{MAX_PAGE_SIZE, MEMORY_RESERVATION};
use elfin_abi::layout::{Copy, MEMORY_SECTION_PREFIX, MemoryInit, Range};
use std::mem::offset_of;

/// The largest page of the target's kernels: what a segment's alignment costs in the file.
fn page_size(target: Target) -> u64 {
    match target {
        Target::X86_64 | Target::Riscv64 => 4096,
        Target::Aarch64 => MAX_PAGE_SIZE,
    }
}

/// Emits the images; gives the [`MemoryInit`] of each memory, in the order of the addresses.
pub(super) fn emit(builder: &mut Builder<'_>) -> Result<Vec<Record>> {
    let program = builder.program;
    program
        .memories
        .iter()
        .map(|(id, memory)| emit_memory(builder, id, memory))
        .collect()
}

fn emit_memory(builder: &mut Builder<'_>, id: MemoryId, memory: &Memory) -> Result<Record> {
    let mut init = Record::of::<MemoryInit>();
    init.put_u64(offset_of!(MemoryInit, memory), builder.layout.memories[id]);
    init.put_u64(offset_of!(MemoryInit, reservation), MEMORY_RESERVATION);
    // A small image costs less as read-only data that is copied than as a segment of its own.
    if memory.image.len() <= page_size(builder.options.target) {
        let copies: Vec<Record> = memory
            .image
            .runs
            .iter()
            .map(|run| copy(builder, id, run))
            .collect();
        let (place, len) = builder.add_array(copies);
        init.put_span(offset_of!(MemoryInit, copies), place, len);
        return Ok(init);
    }
    let mut mapped = Vec::new();
    for (number, (start, bytes)) in pages(&memory.image.runs, page_size(builder.options.target))
        .into_iter()
        .enumerate()
    {
        let address = builder.layout.memory_bases[id] + start;
        let len = bytes.len() as u64;
        let name = format!("{MEMORY_SECTION_PREFIX}{}.{number}", id.as_u32());
        let symbol = builder.add_pinned(
            &name,
            address,
            Record {
                bytes,
                addresses: Vec::new(),
            },
            true,
        )?;
        let mut range = Record::of::<Range>();
        range.put_address(offset_of!(Range, start), Place { symbol, offset: 0 });
        range.put_u64(offset_of!(Range, len), len);
        mapped.push(range);
    }
    let (place, len) = builder.add_array(mapped);
    init.put_span(offset_of!(MemoryInit, mapped), place, len);
    Ok(init)
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

/// The runs as whole pages, filled up with zeros, so that no other byte of the file shows; runs whose pages meet
/// become one.
fn pages(runs: &[Run], page_size: u64) -> Vec<(u64, Vec<u8>)> {
    let mut pages: Vec<(u64, Vec<u8>)> = Vec::new();
    for run in runs {
        let start = run.offset / page_size * page_size;
        let end = (run.offset + run.bytes.len() as u64).next_multiple_of(page_size);
        match pages.last_mut() {
            Some((first, bytes)) if *first + bytes.len() as u64 >= start => {
                bytes.resize((end - *first) as usize, 0)
            }
            _ => pages.push((start, vec![0; (end - start) as usize])),
        }
        let (first, bytes) = pages.last_mut().expect("it has just been made");
        let at = (run.offset - *first) as usize;
        bytes[at..at + run.bytes.len()].copy_from_slice(&run.bytes);
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
        assert_eq!(
            pages
                .iter()
                .map(|(start, bytes)| (*start, bytes.len()))
                .collect::<Vec<_>>(),
            [(0, 8192), (16384, 4096)]
        );
        assert_eq!(
            (pages[0].1[10], pages[0].1[4096], pages[1].1[20_000 - 16384]),
            (b'a', b'6', b'z')
        );
    }
}
