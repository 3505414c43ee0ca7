//! Two numbers become a vector by one instruction.
//!
//! Of the lower halves of two registers, `movlhps` makes a vector in the place of the first one. Cranelift is told to copy
//! the first one to both halves before, since it has no other vector that begins with a number and may end with anything:
//!
//! ```text
//! pshufd $0x44, %xmm1, %xmm1          nothing, or movaps from another register
//! movlhps %xmm0, %xmm1                movlhps %xmm0, %xmm1
//! ```
//!
//! The upper half that `pshufd` makes is overwritten, and the lower one is what it was.

use super::effect::reg;
use super::flow::{Flow, Kind};
use iced_x86::{Code, OpKind};

/// The lower half in both halves.
const LOWER_TWICE: u8 = 0x44;

/// Joins the pairs of a function, into which control comes at these offsets.
pub(super) fn join(flow: &mut Flow, entries: &[u32]) {
    for second in 1..flow.pieces.len() {
        let [first, joining] = [second - 1, second].map(|piece| &flow.instructions[piece]);
        let to = first.op0_register();
        if first.code() != Code::Pshufd_xmm_xmmm128_imm8
            || first.op1_kind() != OpKind::Register
            || first.immediate8() != LOWER_TWICE
            || joining.code() != Code::Movlhps_xmm_xmm
            || joining.op0_register() != to
            || reg(to).is_none()
            || entries.binary_search(&flow.pieces[second].start).is_ok()
        {
            continue;
        }
        let from = first.op1_register();
        flow.pieces[second - 1].kind = if from == to {
            Kind::Dropped
        } else {
            Kind::Copy { to, from }
        };
    }
}
