//! Exceptions: `try_table`, and calls inside of one.
//!
//! Nothing happens on the way into a block or out of it: a call inside lists its handlers in an exception table, which
//! becomes data. `throw` leaves the values in the program's state and calls the runtime, which makes them an exception,
//! finds the handler and jumps to it with a reference to the exception.

use super::control::{self, block_args, set_unreachable, trap_code};
use super::environment::clif_type;
use super::function::Lowering;
use super::stack::{FrameKind, Handler};
use super::symbol::{Intrinsic, Symbol};
use crate::error::Result;
use crate::parse::index::TagIndex;
use crate::program::TagId;
use cranelift_codegen::ir::{
    AbiParam, Block, BlockArg, BlockCall, ExceptionTable, ExceptionTableData, ExceptionTableItem,
    ExceptionTag, FuncRef, InstBuilder, MemFlagsData, SigRef, Value, types,
};
use elfin_abi::exception::PAYLOAD_OFFSET;
use elfin_abi::trap::Trap;
use std::collections::HashSet;
use wasmparser::{Catch, TryTable};

/// What a call goes to.
pub(super) enum Callee {
    /// A function.
    Direct(FuncRef),
    /// A function of this type at this address.
    Indirect(SigRef, Value),
}

/// Calls a function, and pushes its results; if it may throw, with the handlers around the call.
pub(super) fn call(lowering: &mut Lowering<'_, '_>, callee: Callee, args: &[Value], throws: bool) {
    lowering.contents.forget();
    let handlers = lowering.stack.handlers();
    if handlers.is_empty() || !throws {
        let ins = lowering.builder.ins();
        let call = match callee {
            Callee::Direct(function) => ins.call(function, args),
            Callee::Indirect(signature, code) => ins.call_indirect(signature, code, args),
        };
        lowering.stack.extend(lowering.builder.inst_results(call));
        return;
    }
    let signature = match callee {
        Callee::Direct(function) => lowering.builder.func.dfg.ext_funcs[function].signature,
        Callee::Indirect(signature, _) => signature,
    };
    let next = lowering.builder.create_block();
    let table = exception_table(lowering, signature, next, &handlers);
    let ins = lowering.builder.ins();
    match callee {
        Callee::Direct(function) => ins.try_call(function, args, table),
        Callee::Indirect(_, code) => ins.try_call_indirect(code, args, table),
    };
    lowering.builder.seal_block(next);
    lowering.builder.switch_to_block(next);
    lowering.stack.extend(lowering.builder.block_params(next));
}

/// Where a call of this type goes on: at `next`, which becomes a block of its results, or at a handler.
fn exception_table(
    lowering: &mut Lowering<'_, '_>,
    signature: SigRef,
    next: Block,
    handlers: &[Handler],
) -> ExceptionTable {
    let builder = &mut lowering.builder;
    let results: Vec<AbiParam> = builder.func.dfg.signatures[signature].returns.clone();
    for result in &results {
        builder.append_block_param(next, result.value_type);
    }
    let lists = &mut builder.func.dfg.value_lists;
    let results = (0..results.len()).map(|index| BlockArg::TryCallRet(index as u32));
    let next = BlockCall::new(next, results, lists);
    let items = handlers.iter().map(|handler| {
        let target = BlockCall::new(handler.block, [BlockArg::TryCallExn(0)], lists);
        match handler.tag {
            Some(tag) => ExceptionTableItem::Tag(ExceptionTag::from_u32(tag.as_u32()), target),
            None => ExceptionTableItem::Default(target),
        }
    });
    let table = ExceptionTableData::new(signature, next, items);
    builder.func.dfg.exception_tables.push(table)
}

/// `try_table`
pub(super) fn try_table(lowering: &mut Lowering<'_, '_>, table: &TryTable) -> Result<()> {
    let ty = control::block_type(lowering, table.ty)?;
    let clauses: Vec<(Block, Catch)> = table
        .catches
        .iter()
        .map(|catch| (handler_block(lowering), *catch))
        .collect();
    let handlers = clauses.iter().map(|(block, catch)| match *catch {
        Catch::One { tag, .. } | Catch::OneRef { tag, .. } => (*block, Some(tag)),
        Catch::All { .. } | Catch::AllRef { .. } => (*block, None),
    });
    let handlers: Vec<_> = handlers
        .map(|(block, tag)| (block, tag.map(TagIndex::from_u32)))
        .collect();
    let kind = FrameKind::TryTable(clauses);
    control::push_frame(lowering, kind, ty.params.len(), &ty.results);
    guard(lowering, &handlers);
    Ok(())
}

/// A block that takes an exception.
pub(super) fn handler_block(lowering: &mut Lowering<'_, '_>) -> Block {
    let block = lowering.builder.create_block();
    lowering.builder.append_block_param(block, types::I64);
    lowering.builder.set_cold_block(block);
    block
}

/// Puts the handlers of the innermost frame in front of those that it has from the frames around it.
pub(super) fn guard(lowering: &mut Lowering<'_, '_>, own: &[(Block, Option<TagIndex>)]) {
    let program = lowering.env.program;
    let own = own.iter().map(|(block, tag)| Handler {
        tag: tag.map(|tag| lowering.instance.tags[tag]),
        block: *block,
    });
    let outer = lowering.stack.handlers();
    let mut handlers = Vec::new();
    let mut caught = HashSet::new();
    for handler in own.chain(outer.iter().copied()) {
        // What nothing reachable throws needs no handler.
        let is_thrown = match handler.tag {
            Some(tag) => program.tags[tag].is_thrown,
            None => program.throws(),
        };
        if is_thrown && caught.insert(handler.tag) {
            handlers.push(handler);
        }
        if handler.tag.is_none() {
            break;
        }
    }
    if let Some(frame) = lowering.stack.frames.last_mut() {
        frame.handlers = handlers.into();
    }
}

/// The clauses of a `try_table` that has just ended: each takes its values from the exception and branches.
pub(super) fn catch_clauses(lowering: &mut Lowering<'_, '_>, clauses: &[(Block, Catch)]) {
    for (block, catch) in clauses {
        let Some(exception) = enter_handler(lowering, *block) else {
            continue;
        };
        let (tag, with_reference, depth) = match *catch {
            Catch::One { tag, label } => (Some(tag), false, label),
            Catch::OneRef { tag, label } => (Some(tag), true, label),
            Catch::All { label } => (None, false, label),
            Catch::AllRef { label } => (None, true, label),
        };
        let mut values = match tag {
            Some(tag) => payload(lowering, TagIndex::from_u32(tag), exception),
            None => Vec::new(),
        };
        if with_reference {
            values.push(exception);
        }
        let (target, _) = lowering.stack.target(depth).branch();
        lowering.builder.ins().jump(target, &block_args(&values));
    }
}

/// Goes on at a handler that no further call can have; gives the exception, `None` if no call had it.
pub(super) fn enter_handler(lowering: &mut Lowering<'_, '_>, block: Block) -> Option<Value> {
    lowering.builder.seal_block(block);
    lowering.builder.switch_to_block(block);
    let exception = lowering.builder.block_params(block)[0];
    (!lowering.builder.is_unreachable()).then_some(exception)
}

/// The values that an exception with this tag carries.
pub(super) fn payload(
    lowering: &mut Lowering<'_, '_>,
    tag: TagIndex,
    exception: Value,
) -> Vec<Value> {
    let tag = lowering.instance.tags[tag];
    let values = lowering.env.program.payload(tag);
    let values = values.map(|(offset, ty)| {
        let offset = offset + PAYLOAD_OFFSET as i32;
        let ins = lowering.builder.ins();
        ins.load(clif_type(ty), PAYLOAD_FLAGS, exception, offset)
    });
    values.collect()
}

/// A payload's values exist; a vector among them may lie at any multiple of 8.
const PAYLOAD_FLAGS: MemFlagsData = MemFlagsData::new().with_notrap();

/// `throw`
pub(super) fn throw(lowering: &mut Lowering<'_, '_>, tag: TagIndex) {
    let tag: TagId = lowering.instance.tags[tag];
    let places: Vec<_> = lowering.env.program.payload(tag).collect();
    let values = lowering.stack.pop_many(places.len());
    for ((offset, _), value) in places.into_iter().zip(values) {
        let address = lowering.env.layout.payload + offset as u64;
        lowering.store_state(value, address, PAYLOAD_FLAGS);
    }
    let tag = lowering.constant(tag.as_u32().into());
    enter_runtime(lowering, Intrinsic::Throw, tag);
}

/// `throw_ref`
pub(super) fn throw_ref(lowering: &mut Lowering<'_, '_>) {
    let exception = lowering.stack.pop();
    let is_null = trap_code(Trap::NullReference);
    if lowering.env.program.throws() {
        lowering.builder.ins().trapz(exception, is_null);
        throw_again(lowering, exception);
    } else {
        // There are no exceptions that it could refer to.
        lowering.builder.ins().trap(is_null);
        set_unreachable(lowering);
    }
}

/// Throws an exception that is not null.
pub(super) fn throw_again(lowering: &mut Lowering<'_, '_>, exception: Value) {
    enter_runtime(lowering, Intrinsic::ThrowRef, exception);
}

/// Calls a function of the runtime that goes on at a handler or ends the program.
fn enter_runtime(lowering: &mut Lowering<'_, '_>, intrinsic: Intrinsic, argument: Value) {
    let func = &mut lowering.builder.func;
    let exceptions = lowering.entities.data(func, Symbol::Exceptions);
    let callee = lowering.entities.intrinsic(func, intrinsic);
    let exceptions = lowering.builder.ins().symbol_value(types::I64, exceptions);
    let args = [exceptions, argument];
    call(lowering, Callee::Direct(callee), &args, true);
    // It does not return; Cranelift wants the block to end.
    control::unreachable(lowering);
}
