//! Exceptions in the legacy form: `try`, whose clauses are blocks of their own.
//!
//! <https://github.com/WebAssembly/exception-handling/blob/main/proposals/exception-handling/legacy/Exceptions.md>

use super::control;
use super::exception::{enter_handler, guard, handler_block, payload, throw_again};
use super::function::Lowering;
use super::stack::FrameKind;
use crate::error::Result;
use crate::parse::index::TagIndex;
use crate::parse::legacy::LegacyEnd;
use cranelift_codegen::ir::Block;
use std::rc::Rc;
use wasmparser::BlockType;

/// `try`
pub(super) fn try_(lowering: &mut Lowering<'_, '_>, ty: BlockType) -> Result<()> {
    let ty = control::block_type(lowering, ty)?;
    let tries = &lowering.body.tries;
    let index = tries
        .binary_search_by_key(&(lowering.site.offset as usize), |found| found.offset)
        .expect("each try was recorded while the body was validated");
    match &tries[index].end {
        LegacyEnd::Catches(tags) => {
            let handlers: Vec<_> = tags
                .iter()
                .map(|tag| (handler_block(lowering), *tag))
                .collect();
            let blocks: Vec<Block> = handlers.iter().map(|(block, _)| *block).collect();
            let kind = FrameKind::Try(blocks.into_iter(), None);
            control::push_frame(lowering, kind, ty.params.len(), &ty.results);
            guard(lowering, &handlers);
        }
        LegacyEnd::Delegate(depth) => {
            let target = lowering.stack.target(*depth);
            let handlers = Rc::clone(&target.handlers);
            let kind = FrameKind::Block;
            control::push_frame(lowering, kind, ty.params.len(), &ty.results);
            lowering.stack.target(0).handlers = handlers;
        }
    }
    Ok(())
}

/// `catch`
pub(super) fn catch(lowering: &mut Lowering<'_, '_>, tag: TagIndex) {
    begin_clause(lowering);
    if let (true, FrameKind::Try(_, Some(exception))) =
        (lowering.stack.reachable, &lowering.stack.target(0).kind)
    {
        let exception = *exception;
        let values = payload(lowering, tag, exception);
        lowering.stack.extend(&values);
    }
}

/// `catch_all`
pub(super) fn catch_all(lowering: &mut Lowering<'_, '_>) {
    begin_clause(lowering);
}

/// Ends the body or a clause of a `try` and begins the next clause, whose exceptions the `try` does not catch.
fn begin_clause(lowering: &mut Lowering<'_, '_>) {
    control::leave_to_exit(lowering);
    let outer = Rc::clone(&lowering.stack.target(1).handlers);
    let frame = lowering.stack.target(0);
    frame.handlers = outer;
    let (height, start) = (frame.height, frame.start);
    let FrameKind::Try(clauses, _) = &mut frame.kind else {
        unreachable!("a validated clause belongs to a try");
    };
    let block = clauses.next().expect("each clause was recorded");
    lowering.stack.truncate(height);
    lowering.join(start);
    let exception = enter_handler(lowering, block);
    lowering.stack.reachable = exception.is_some();
    if let FrameKind::Try(_, caught) = &mut lowering.stack.target(0).kind {
        *caught = exception;
    }
}

/// `rethrow`
pub(super) fn rethrow(lowering: &mut Lowering<'_, '_>, depth: u32) {
    let FrameKind::Try(_, Some(exception)) = lowering.stack.target(depth).kind else {
        unreachable!("a validated rethrow names a clause");
    };
    throw_again(lowering, exception);
}
