//! Directory trees become nodes, names and contents in read-only data: [`Embedded`].
//!
//! Contents are a section of their own, which the kernel maps with the executable and reads page by page, as the guest
//! does. Names and numbers depend on nothing but the trees, so equal trees give equal bytes.

use super::Builder;
use super::record::{Place, Record};
use crate::embed::{EmbeddedDirectory, Entry, Kind};
use crate::error::Result;
use crate::translate::{Intrinsic, Symbol};
use elfin_abi::layout::{Embedded, Node, NodeKind};
use object::SectionKind;
use std::collections::VecDeque;
use std::mem::{offset_of, size_of};

/// Emits the [`Embedded`] of the options; gives where it lies, `None` if there is none.
pub(super) fn emit(builder: &mut Builder<'_>) -> Result<Option<Place>> {
    let directories = &builder.options.grants.embedded;
    if directories.is_empty() {
        return Ok(None);
    }
    let trees = Trees::new(directories);
    let mut record = Record::of::<Embedded>();
    let symbol = builder.symbol(Symbol::Intrinsic(Intrinsic::Embedded));
    record.put_address(
        offset_of!(Embedded, operations),
        Place { symbol, offset: 0 },
    );
    let len = (trees.nodes.bytes.len() / size_of::<Node>()) as u64;
    let nodes = builder.add_constant(trees.nodes);
    record.put_span(offset_of!(Embedded, nodes), Some(nodes), len);
    let names = builder.add_bytes(&trees.names);
    record.put_span(offset_of!(Embedded, names), names, trees.names.len() as u64);
    if !trees.contents.is_empty() {
        let len = trees.contents.len() as u64;
        let name = b".rodata.elfin.contents".to_vec();
        let kind = SectionKind::ReadOnlyData;
        let section = builder.object.add_section(Vec::new(), name, kind);
        builder.object.set_section_data(section, trees.contents, 16);
        let symbol = builder.object.section_symbol(section);
        let place = Place { symbol, offset: 0 };
        record.put_span(offset_of!(Embedded, contents), Some(place), len);
    }
    Ok(Some(builder.add_constant(record)))
}

/// What the records refer to.
#[derive(Default)]
struct Trees {
    nodes: Record,
    names: Vec<u8>,
    contents: Vec<u8>,
}

impl Trees {
    fn new(directories: &[EmbeddedDirectory]) -> Self {
        let mut trees = Self::default();
        // Directories whose entries have no numbers yet, by the numbers of their own; roots come first.
        let mut waiting: VecDeque<(u32, &[Entry])> = VecDeque::new();
        for (number, directory) in (0..).zip(directories) {
            trees.add(NodeKind::Directory, number, b"");
            waiting.push_back((number, &directory.entries));
        }
        let mut next = directories.len() as u32;
        while let Some((parent, entries)) = waiting.pop_front() {
            trees.set_extent(parent, u64::from(next), entries.len() as u64);
            let mut entries: Vec<&Entry> = entries.iter().collect();
            entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
            for entry in entries {
                match &entry.kind {
                    Kind::Directory(entries) => {
                        trees.add(NodeKind::Directory, parent, &entry.name);
                        waiting.push_back((next, entries));
                    }
                    Kind::File(contents) => {
                        trees.add(NodeKind::File, parent, &entry.name);
                        trees.add_contents(next, contents);
                    }
                    Kind::Link(text) => {
                        trees.add(NodeKind::Link, parent, &entry.name);
                        trees.add_contents(next, text);
                    }
                }
                next += 1;
            }
        }
        trees
    }

    fn add(&mut self, kind: NodeKind, parent: u32, name: &[u8]) {
        let mut node = Record::of::<Node>();
        node.put_u32(offset_of!(Node, kind), kind as u32);
        node.put_u32(offset_of!(Node, parent), parent);
        node.put_u32(offset_of!(Node, name), self.names.len() as u32);
        node.put_u32(offset_of!(Node, name_len), name.len() as u32);
        self.nodes.append(node);
        self.names.extend_from_slice(name);
    }

    fn add_contents(&mut self, node: u32, bytes: &[u8]) {
        self.set_extent(node, self.contents.len() as u64, bytes.len() as u64);
        self.contents.extend_from_slice(bytes);
    }

    fn set_extent(&mut self, node: u32, start: u64, len: u64) {
        let at = node as usize * size_of::<Node>();
        self.nodes.put_u64(at + offset_of!(Node, start), start);
        self.nodes.put_u64(at + offset_of!(Node, len), len);
    }
}
