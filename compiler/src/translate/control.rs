//! Structured control: blocks, branches, and the code after them that can't be reached.

use super::environment::clif_type;
use super::exception;
use super::function::Lowering;
use super::stack::{Frame, FrameKind};
use crate::error::Result;
use crate::parse::index::TypeIndex;
use crate::parse::module::{FuncType, ValType};
use crate::parse::types;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, TrapCode, Value};
use elfin_abi::trap::Trap;
use wasmparser::BlockType;

/// Cranelift's code of a trap: our own number, which Cranelift keeps.
pub(super) fn trap_code(trap: Trap) -> TrapCode {
    TrapCode::unwrap_user(trap as u8)
}

/// A new block that takes values of these types.
pub(super) fn block_with_params<T: Copy>(
    lowering: &mut Lowering<'_, '_>,
    types: &[ValType<T>],
) -> Block {
    let block = lowering.builder.create_block();
    for ty in types {
        lowering.builder.append_block_param(block, clif_type(*ty));
    }
    block
}

/// Values as a branch passes them.
pub(super) fn block_args(values: &[Value]) -> Vec<BlockArg> {
    values.iter().map(|value| BlockArg::Value(*value)).collect()
}

/// What a block takes and gives.
pub(super) fn block_type(lowering: &Lowering<'_, '_>, ty: BlockType) -> Result<FuncType> {
    Ok(match ty {
        BlockType::Empty => FuncType {
            params: Box::default(),
            results: Box::default(),
        },
        BlockType::Type(ty) => FuncType {
            params: Box::default(),
            results: Box::new([types::value(ty, 0)?]),
        },
        BlockType::FuncType(index) => {
            lowering.instance.module.types[TypeIndex::from_u32(index)].clone()
        }
    })
}

/// Opens a block.
pub(super) fn push_frame<T: Copy>(
    lowering: &mut Lowering<'_, '_>,
    kind: FrameKind,
    params: usize,
    results: &[ValType<T>],
) {
    let exit = block_with_params(lowering, results);
    let height = lowering.stack.height() - params;
    let handlers = lowering.stack.handlers();
    let frame = Frame {
        kind,
        exit,
        exit_is_used: false,
        exit_is_likely: false,
        height,
        params,
        results: results.len(),
        handlers,
        start: lowering.mark(),
    };
    lowering.stack.frames.push(frame);
}

/// `block`
pub(super) fn block(lowering: &mut Lowering<'_, '_>, ty: BlockType) -> Result<()> {
    let FuncType { params, results } = block_type(lowering, ty)?;
    push_frame(lowering, FrameKind::Block, params.len(), &results);
    Ok(())
}

/// `loop`: its header takes the parameters, and is sealed at its end.
pub(super) fn loop_(lowering: &mut Lowering<'_, '_>, ty: BlockType) -> Result<()> {
    let FuncType { params, results } = block_type(lowering, ty)?;
    let header = block_with_params(lowering, &params);
    if lowering.is_rare {
        lowering.builder.set_cold_block(header);
    }
    push_frame(lowering, FrameKind::Loop(header), params.len(), &results);
    let values = lowering.stack.pop_many(params.len());
    lowering.builder.ins().jump(header, &block_args(&values));
    lowering.builder.switch_to_block(header);
    lowering.contents.forget();
    let sets = lowering.body.sets_in_loop(lowering.site.offset as usize);
    lowering.locals.enter_loop(sets);
    lowering.stack.extend(lowering.builder.block_params(header));
    Ok(())
}

/// `if`: both branches are dominated by this point, so they share its values without block parameters.
pub(super) fn if_(lowering: &mut Lowering<'_, '_>, ty: BlockType) -> Result<()> {
    let condition = lowering.stack.pop();
    let FuncType { params, results } = block_type(lowering, ty)?;
    let then = lowering.builder.create_block();
    let otherwise = lowering.builder.create_block();
    if let Some(is_likely) = lowering.hint {
        let unlikely = if is_likely { otherwise } else { then };
        lowering.builder.set_cold_block(unlikely);
    }
    lowering
        .builder
        .ins()
        .brif(condition, then, &[], otherwise, &[]);
    let values = lowering.stack.peek(params.len()).to_vec();
    push_frame(
        lowering,
        FrameKind::If(otherwise, values),
        params.len(),
        &results,
    );
    lowering.builder.seal_block(then);
    lowering.builder.seal_block(otherwise);
    lowering.builder.switch_to_block(then);
    Ok(())
}

/// `else`
pub(super) fn else_(lowering: &mut Lowering<'_, '_>) {
    leave_to_exit(lowering);
    let frame = lowering
        .stack
        .frames
        .last_mut()
        .expect("an else lies in an if");
    let FrameKind::If(otherwise, params) = std::mem::replace(&mut frame.kind, FrameKind::Block)
    else {
        unreachable!("a validated else follows an if");
    };
    let (height, start) = (frame.height, frame.start);
    lowering.join(start);
    lowering.stack.truncate(height);
    lowering.stack.extend(&params);
    lowering.builder.switch_to_block(otherwise);
    lowering.stack.reachable = true;
}

/// Where code is reachable, jumps to the exit of the innermost frame with its results.
pub(super) fn leave_to_exit(lowering: &mut Lowering<'_, '_>) {
    if !lowering.stack.reachable {
        return;
    }
    let frame = lowering
        .stack
        .frames
        .last_mut()
        .expect("the function's own frame is open");
    (frame.exit_is_used, frame.exit_is_likely) = (true, true);
    let (exit, results) = (frame.exit, frame.results);
    let args = block_args(lowering.stack.peek(results));
    lowering.builder.ins().jump(exit, &args);
}

/// `end`
pub(super) fn end(lowering: &mut Lowering<'_, '_>) {
    if ends_straight(lowering) {
        return;
    }
    leave_to_exit(lowering);
    let mut frame = lowering
        .stack
        .frames
        .pop()
        .expect("the function's own frame is open");
    lowering.join(frame.start);
    match frame.kind {
        FrameKind::Block | FrameKind::Try(..) => {}
        FrameKind::TryTable(clauses) => exception::catch_clauses(lowering, &clauses),
        FrameKind::Loop(header) => lowering.builder.seal_block(header),
        FrameKind::If(otherwise, params) => {
            lowering.builder.switch_to_block(otherwise);
            lowering
                .builder
                .ins()
                .jump(frame.exit, &block_args(&params));
            (frame.exit_is_used, frame.exit_is_likely) = (true, true);
        }
    }
    lowering.stack.truncate(frame.height);
    lowering.stack.reachable = frame.exit_is_used;
    lowering.builder.seal_block(frame.exit);
    if frame.exit_is_used {
        if !frame.exit_is_likely {
            lowering.builder.set_cold_block(frame.exit);
        }
        lowering.builder.switch_to_block(frame.exit);
        lowering
            .stack
            .extend(lowering.builder.block_params(frame.exit));
        if lowering.stack.frames.is_empty() {
            return_(lowering, frame.results);
        }
    }
}

/// Ends a block that nothing branches out of: what follows goes on with its values.
fn ends_straight(lowering: &mut Lowering<'_, '_>) -> bool {
    let frame = lowering.stack.target(0);
    let is_plain = matches!(frame.kind, FrameKind::Block) && !frame.exit_is_used;
    let (exit, results) = (frame.exit, frame.results);
    if !is_plain || !lowering.stack.reachable {
        return false;
    }
    lowering.builder.seal_block(exit);
    lowering.stack.frames.pop();
    if lowering.stack.frames.is_empty() {
        return_(lowering, results);
    }
    true
}

/// What follows can't be reached.
pub(super) fn set_unreachable(lowering: &mut Lowering<'_, '_>) {
    lowering.stack.reachable = false;
    let height = lowering.stack.frames.last().map_or(0, |frame| frame.height);
    lowering.stack.truncate(height);
}

/// `br`
pub(super) fn br(lowering: &mut Lowering<'_, '_>, depth: u32) {
    let (target, count) = lowering.stack.target(depth).branch();
    let args = block_args(lowering.stack.peek(count));
    lowering.builder.ins().jump(target, &args);
    set_unreachable(lowering);
}

/// `br_if`
pub(super) fn br_if(lowering: &mut Lowering<'_, '_>, depth: u32) {
    let condition = lowering.stack.pop();
    let frame = lowering.stack.target(depth);
    let (target, count) = if lowering.hint == Some(false) {
        frame.unlikely_branch()
    } else {
        frame.branch()
    };
    let args = block_args(lowering.stack.peek(count));
    let next = lowering.builder.create_block();
    if lowering.hint == Some(true) {
        lowering.builder.set_cold_block(next);
    }
    lowering
        .builder
        .ins()
        .brif(condition, target, &args, next, &[]);
    lowering.builder.seal_block(next);
    lowering.builder.switch_to_block(next);
}

/// `return`: from an inlined function to behind its call.
pub(super) fn leave_body(lowering: &mut Lowering<'_, '_>) {
    let depth = lowering.stack.frames.len() - 1 - lowering.body_frame;
    if lowering.body_frame == 0 {
        let results = lowering.stack.target(depth as u32).results;
        return_(lowering, results);
        set_unreachable(lowering);
    } else {
        br(lowering, depth as u32);
    }
}

/// Returns the topmost values.
pub(super) fn return_(lowering: &mut Lowering<'_, '_>, results: usize) {
    let values = lowering.stack.pop_many(results);
    lowering.builder.ins().return_(&values);
    lowering.stack.reachable = false;
}

/// `unreachable`
pub(super) fn unreachable(lowering: &mut Lowering<'_, '_>) {
    lowering.builder.ins().trap(trap_code(Trap::Unreachable));
    set_unreachable(lowering);
}
