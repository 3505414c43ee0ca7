//! Writes a function's pieces to their new places, and moves what refers to them.

use super::encode::{NOT_BELOW, branch, compare, copy, copy_half, pad, table_jump};
use super::flow::{Flow, Kind, Piece, target_of_entry};
use super::layout::Layout;
use super::within::Within;
use crate::codegen::machine_code::{Debug, Location, MachineCode, Referent};
use crate::codegen::{Relocation, RelocationTarget, unwind};
use cranelift_codegen::binemit::Reloc;

/// Has a function have this layout.
pub(super) fn rewrite(code: &mut MachineCode, flow: &Flow, layout: &Layout) {
    let len = layout.starts[flow.pieces.len()];
    let relocations = std::mem::take(&mut code.relocations);
    let mut written = Written {
        bytes: Vec::with_capacity(len as usize),
        relocations: Vec::with_capacity(relocations.len()),
    };
    let mut relocations = Within::new(&relocations, |relocation| relocation.offset);
    for (number, piece) in flow.pieces.iter().enumerate() {
        let gap = layout.starts[number] - written.bytes.len() as u32;
        if matches!(piece.kind, Kind::Data | Kind::Addresses) {
            let padded = written.bytes.len() + gap as usize;
            written.bytes.resize(padded, 0);
        } else {
            pad(&mut written.bytes, gap);
        }
        written.write(code, relocations.range(piece.range()), flow, layout, number);
        debug_assert_eq!(written.bytes.len(), layout.ends[number] as usize);
    }
    move_sites(code, flow, layout);
    move_handlers(code, flow, layout);
    if let Some(debug) = &mut code.debug {
        move_locations(debug, flow, layout);
        unwind::set_len(&mut debug.frame, len);
        if !flow.needs_frame {
            unwind::drop_frame(&mut debug.frame);
        }
    }
    code.bytes = written.bytes;
    code.relocations = written.relocations;
}

/// What has been written of a function.
struct Written {
    bytes: Vec<u8>,
    relocations: Vec<Relocation<Referent>>,
}

impl Written {
    /// Writes a piece, into which these addresses go.
    fn write(
        &mut self,
        code: &MachineCode,
        relocations: &[Relocation<Referent>],
        flow: &Flow,
        layout: &Layout,
        number: usize,
    ) {
        let bytes = &mut self.bytes;
        let piece = &flow.pieces[number];
        let len = layout.len(number);
        let place = &code.bytes[piece.start as usize..piece.end() as usize];
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
            Kind::Branch { target, inverted } => {
                let condition = place[usize::from(place.len() == 6)] & 0xf ^ u8::from(inverted);
                branch(bytes, condition, distance(target), len == 2);
            }
            Kind::Compare { index, count } => bytes.extend(compare(index, count)),
            Kind::Choose { target, copy } => {
                let copy = copy.map(copy_half).unwrap_or_default();
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
            Kind::TableJump {
                table,
                index: Some(index),
            } => {
                bytes.extend(table_jump(index));
                self.refer(end - 4, Reloc::Abs4, layout.map(flow, table));
            }
            Kind::Table => self.write_distances(&code.bytes, flow, layout, piece),
            Kind::Addresses => self.write_addresses(&code.bytes, flow, layout, piece),
            _ => {
                bytes.extend(place);
                self.move_relocations(relocations, flow, layout, number);
            }
        }
    }

    /// An address of the function that goes in at an offset.
    fn refer(&mut self, offset: u32, kind: Reloc, target: u32) {
        self.relocations.push(Relocation {
            offset,
            kind,
            target: RelocationTarget::Local(target),
            addend: 0,
        });
    }

    /// A table of distances.
    fn write_distances(&mut self, old: &[u8], flow: &Flow, layout: &Layout, table: &Piece) {
        let start = layout.map(flow, table.start);
        for entry in (table.start..table.end()).step_by(4) {
            let target = layout.map(flow, target_of_entry(old, table.start, entry));
            let distance = target.wrapping_sub(start);
            self.bytes.extend(distance.to_le_bytes());
        }
    }

    /// A table of addresses.
    fn write_addresses(&mut self, old: &[u8], flow: &Flow, layout: &Layout, table: &Piece) {
        for entry in (table.start..table.end()).step_by(4) {
            let target = layout.map(flow, target_of_entry(old, table.start, entry));
            self.refer(self.bytes.len() as u32, Reloc::Abs8, target);
            self.bytes.extend([0; 8]);
        }
    }

    /// The addresses that go into a piece as it was.
    fn move_relocations(
        &mut self,
        relocations: &[Relocation<Referent>],
        flow: &Flow,
        layout: &Layout,
        number: usize,
    ) {
        for relocation in relocations {
            let mut moved = *relocation;
            moved.offset = layout.inside(flow, number, relocation.offset);
            if let RelocationTarget::Local(target) = &mut moved.target {
                *target = layout.map(flow, *target);
            }
            self.relocations.push(moved);
        }
    }
}

/// Moves the calls and what can trap.
fn move_sites(code: &mut MachineCode, flow: &Flow, layout: &Layout) {
    let mut moved = Vec::with_capacity(code.sites.len());
    let mut sites = Within::new(&code.sites, |site| site.pc);
    for (number, piece) in flow.pieces.iter().enumerate() {
        let is_there = layout.len(number) > 0;
        for site in sites.range(piece.range()).iter().filter(|_| is_there) {
            let mut site = *site;
            site.pc = layout.inside(flow, number, site.pc);
            moved.push(site);
        }
    }
    code.sites = moved;
}

/// Moves the calls that catch exceptions, of which there are no copies, and their handlers.
fn move_handlers(code: &mut MachineCode, flow: &Flow, layout: &Layout) {
    for call in &mut code.catching_calls {
        let owner = flow.owner(call.returns_to - 1);
        let returns_to = layout.ends[owner.expect("a call ends there")];
        for handler in &mut call.handlers {
            let target = call.returns_to.wrapping_add_signed(handler.offset);
            handler.offset = layout.map(flow, target).wrapping_sub(returns_to) as i32;
        }
        call.returns_to = returns_to;
    }
}

/// Moves where instructions come from: each piece from where it came.
fn move_locations(debug: &mut Debug, flow: &Flow, layout: &Layout) {
    let mut moved: Vec<(u32, Location)> = Vec::with_capacity(debug.locations.len());
    for (number, piece) in flow.pieces.iter().enumerate() {
        let behind = debug
            .locations
            .partition_point(|(start, _)| *start <= piece.start);
        let Some((_, location)) = debug.locations[..behind].last() else {
            continue;
        };
        let is_new = moved.last().is_none_or(|(_, last)| last != location);
        if is_new && layout.len(number) > 0 {
            moved.push((layout.starts[number], *location));
        }
    }
    debug.locations = moved;
}
