//! The blocks of a function: what is entered at its start alone, and left at its end alone.

use super::flow::{Flow, Kind, ends, target_of_entry};
use crate::codegen::machine_code::MachineCode;
use iced_x86::FlowControl;

/// A piece of code that is entered at its start and left at its end.
pub(super) struct Block {
    pub first: usize,
    /// The piece behind its last.
    pub end: usize,
    pub successors: Vec<u32>,
}

/// The blocks of a function; `None` if it is not known where a branch goes.
pub(super) fn blocks(code: &MachineCode, flow: &Flow) -> Option<Vec<Block>> {
    let pieces = flow.pieces.len();
    let mut is_first = vec![false; pieces + 1];
    is_first[0] = true;
    let mut targets: Vec<Vec<usize>> = Vec::new();
    let mut targets_of: Vec<Option<usize>> = vec![None; pieces];
    for (number, piece) in flow.pieces.iter().enumerate() {
        let mut add = |to: Vec<usize>| {
            for target in &to {
                is_first[*target] = true;
            }
            is_first[number + 1] = true;
            targets_of[number] = Some(targets.len());
            targets.push(to);
        };
        match (piece.kind, flow.instructions[number].flow_control()) {
            (Kind::Dropped, _) => {}
            (Kind::Jump { target }, _) => add(vec![flow.at(target)?]),
            (Kind::Branch { target, .. }, _) => add(vec![flow.at(target)?, number + 1]),
            (Kind::Choose { target, .. }, _) => add(vec![flow.at(target)?, number + 1]),
            (Kind::Table | Kind::Addresses | Kind::Data, _) => add(Vec::new()),
            (Kind::TableJump { table, .. }, _) => add(table_targets(code, flow, table)?),
            // A call at the end of the function, unless there is a table in an unknown form.
            (_, FlowControl::IndirectBranch) => match flow.pieces.get(number + 1) {
                Some(piece) if matches!(piece.kind, Kind::Table | Kind::Data) => return None,
                _ => add(Vec::new()),
            },
            _ if ends(&flow.instructions[number]) => add(Vec::new()),
            _ => {}
        }
    }
    let firsts: Vec<usize> = (0..pieces).filter(|piece| is_first[*piece]).collect();
    let block_of = |piece: usize| firsts.binary_search(&piece).ok().map(|block| block as u32);
    let mut blocks = Vec::with_capacity(firsts.len());
    for (number, first) in firsts.iter().enumerate() {
        let end = firsts.get(number + 1).copied().unwrap_or(pieces);
        let successors = match targets_of[end - 1] {
            Some(of) => {
                let targets = targets[of].iter();
                targets
                    .map(|target| block_of(*target))
                    .collect::<Option<_>>()?
            }
            None => vec![block_of(end)?],
        };
        blocks.push(Block {
            first: *first,
            end,
            successors,
        });
    }
    Some(blocks)
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
