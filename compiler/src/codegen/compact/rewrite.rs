//! Writes a function's pieces to their new places, and moves what refers to them.

use super::encode::{NOT_BELOW, branch, compare, copy, copy_half, pad};
use super::flow::{Flow, Kind, Piece, target_of_entry};
use super::layout::Layout;
use crate::codegen::machine_code::MachineCode;
use crate::codegen::{RelocationTarget, unwind};

/// Has a function have this layout.
pub(super) fn rewrite(code: &mut MachineCode, flow: &Flow, layout: &Layout) {
    let len = layout.starts[flow.pieces.len()];
    let mut bytes = Vec::with_capacity(len as usize);
    for (number, piece) in flow.pieces.iter().enumerate() {
        let gap = layout.starts[number] - bytes.len() as u32;
        if piece.kind == Kind::Data {
            bytes.resize(bytes.len() + gap as usize, 0);
        } else {
            pad(&mut bytes, gap);
        }
        write(&mut bytes, &code.bytes, flow, layout, number);
        debug_assert_eq!(bytes.len(), layout.ends[number] as usize);
    }
    move_all(code, flow, layout);
    code.bytes = bytes;
}

fn write(bytes: &mut Vec<u8>, old: &[u8], flow: &Flow, layout: &Layout, number: usize) {
    let piece = &flow.pieces[number];
    let len = layout.len(number);
    let place = &old[piece.start as usize..piece.end() as usize];
    let end = layout.ends[number];
    let distance = |target| layout.map(flow, target).wrapping_sub(end) as i32;
    match piece.kind {
        _ if len == 0 => {}
        Kind::SmallImmediate { opcode } => {
            let first = bytes.len();
            bytes.extend(&place[..len as usize]);
            bytes[first + opcode as usize] = 0x83;
        }
        Kind::Jump { target } if len == 2 => bytes.extend([0xeb, distance(target) as u8]),
        Kind::Jump { target } => {
            bytes.push(0xe9);
            bytes.extend(distance(target).to_le_bytes());
        }
        Kind::Branch { target } => {
            let condition = place[usize::from(place.len() == 6)] & 0xf;
            branch(bytes, condition, distance(target), len == 2);
        }
        Kind::Compare { index, count } => bytes.extend(compare(index, count)),
        Kind::Choose {
            target,
            clamped,
            index,
        } => {
            let copy = copy_half(clamped, index);
            let behind = copy.len() as u32;
            let distance = distance(target).wrapping_add_unsigned(behind);
            branch(bytes, NOT_BELOW, distance, len == 2 + behind);
            bytes.extend(copy);
        }
        Kind::Reference { target, at } => {
            let first = bytes.len();
            bytes.extend(place);
            bytes[first + at as usize..][..4].copy_from_slice(&distance(target).to_le_bytes());
        }
        Kind::Copy { to, from } => bytes.extend(copy(to, from)),
        Kind::Table => write_table(bytes, old, flow, layout, piece),
        _ => bytes.extend(place),
    }
}

fn write_table(bytes: &mut Vec<u8>, old: &[u8], flow: &Flow, layout: &Layout, table: &Piece) {
    let start = layout.map(flow, table.start);
    for entry in (table.start..table.end()).step_by(4) {
        let target = layout.map(flow, target_of_entry(old, table.start, entry));
        bytes.extend(target.wrapping_sub(start).to_le_bytes());
    }
}

/// Moves what refers to places of the function.
fn move_all(code: &mut MachineCode, flow: &Flow, layout: &Layout) {
    let map = |offset| layout.map(flow, offset);
    for relocation in &mut code.relocations {
        relocation.offset = map(relocation.offset);
        if let RelocationTarget::Local(target) = &mut relocation.target {
            *target = map(*target);
        }
    }
    for site in &mut code.sites {
        site.pc = map(site.pc);
    }
    for call in &mut code.catching_calls {
        let returns_to = layout.map_end(flow, call.returns_to);
        for handler in &mut call.handlers {
            let target = call.returns_to.wrapping_add_signed(handler.offset);
            handler.offset = map(target).wrapping_sub(returns_to) as i32;
        }
        call.returns_to = returns_to;
    }
    if let Some(debug) = &mut code.debug {
        for (start, _) in &mut debug.locations {
            *start = map(*start);
        }
        let len = layout.starts[flow.pieces.len()];
        unwind::set_len(&mut debug.frame, len);
        if !flow.needs_frame {
            unwind::drop_frame(&mut debug.frame);
        }
    }
}
