//! The blocks of a function: what is entered at its start alone, and left at its end alone.

use super::flow::{Flow, Kind, ends, target_of_entry};
use crate::codegen::machine_code::MachineCode;
use iced_x86::FlowControl;
use std::ops::Range;

/// A piece of code that is entered at its start and left at its end.
pub(super) struct Block {
    pub first: usize,
    /// The piece behind its last.
    pub end: usize,
    /// Where the numbers of its successors are.
    successors: Range<usize>,
}

/// The blocks of a function, in their order.
pub(super) struct Blocks {
    pub all: Vec<Block>,
    /// The numbers of the successors, block after block.
    successors: Vec<u32>,
}

impl Blocks {
    /// The numbers of the blocks that a block leads to.
    pub fn successors(&self, block: &Block) -> &[u32] {
        &self.successors[block.successors.clone()]
    }
}

/// The blocks of a function; `None` if it is not known where a branch goes.
pub(super) fn blocks(code: &MachineCode, flow: &Flow) -> Option<Blocks> {
    let pieces = flow.pieces.len();
    let mut is_first = vec![false; pieces + 1];
    is_first[0] = true;
    // The pieces that blocks lead to, and where the last piece of each such block has them.
    let mut targets: Vec<usize> = Vec::new();
    let mut ways: Vec<(usize, Range<usize>)> = Vec::new();
    for (number, piece) in flow.pieces.iter().enumerate() {
        let before = targets.len();
        match (piece.kind, flow.instructions[number].flow_control()) {
            (Kind::Dropped, _) => continue,
            (Kind::Jump { target }, _) => targets.push(flow.at(target)?),
            (Kind::Branch { target, .. } | Kind::Choose { target, .. }, _) => {
                targets.extend([flow.at(target)?, number + 1]);
            }
            (Kind::Table | Kind::Addresses | Kind::Data, _) => {}
            (Kind::TableJump { table, .. }, _) => {
                targets.extend(table_targets(code, flow, table)?);
            }
            // A call at the end of the function, unless there is a table in an unknown form.
            (_, FlowControl::IndirectBranch) => match flow.pieces.get(number + 1) {
                Some(piece) if matches!(piece.kind, Kind::Table | Kind::Data) => return None,
                _ => {}
            },
            _ if ends(&flow.instructions[number]) => {}
            _ => continue,
        }
        for target in &targets[before..] {
            is_first[*target] = true;
        }
        is_first[number + 1] = true;
        ways.push((number, before..targets.len()));
    }
    let firsts: Vec<usize> = (0..pieces).filter(|piece| is_first[*piece]).collect();
    let mut all = Vec::with_capacity(firsts.len());
    let mut ways = ways.into_iter().peekable();
    for (number, first) in firsts.iter().enumerate() {
        let end = firsts.get(number + 1).copied().unwrap_or(pieces);
        let successors = match ways.next_if(|(last, _)| *last == end - 1) {
            Some((_, successors)) => successors,
            None => {
                targets.push(end);
                targets.len() - 1..targets.len()
            }
        };
        all.push(Block {
            first: *first,
            end,
            successors,
        });
    }
    let block_of = |piece: &usize| firsts.binary_search(piece).ok().map(|block| block as u32);
    let successors = targets.iter().map(block_of).collect::<Option<_>>()?;
    Some(Blocks { all, successors })
}

/// Where a jump through a table goes.
fn table_targets(code: &MachineCode, flow: &Flow, table: u32) -> Option<Vec<usize>> {
    let table = flow.pieces[flow.at(table)?];
    let entries = (table.start..table.end()).step_by(4);
    let targets = entries.map(|entry| flow.at(target_of_entry(&code.bytes, table.start, entry)));
    let mut targets: Vec<usize> = targets.collect::<Option<_>>()?;
    targets.sort_unstable();
    targets.dedup();
    Some(targets)
}
