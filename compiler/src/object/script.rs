//! The steps of a test script, as the runtime reads them.

use super::Builder;
use super::record::{Place, Record};
use crate::parse::module::ValType;
use crate::program::{Action, FuncId, SignatureId, Step};
use crate::script::{Bits, Expected, Pattern};
use crate::translate::Symbol;
use elfin_abi::layout::{self, Outcome, Script, Slot};
use std::mem::offset_of;

/// The [`Script`] of these steps.
pub(super) fn record(builder: &mut Builder<'_>, steps: &[Step]) -> Record {
    let mut records = Vec::with_capacity(steps.len());
    for script_step in steps {
        records.push(step(builder, script_step));
    }
    let (place, len) = builder.add_array(records);
    let mut script = Record::of::<Script>();
    script.put_span(offset_of!(Script, steps), place, len);
    script
}

fn step(builder: &mut Builder<'_>, step: &Step) -> Record {
    let mut record = Record::of::<layout::Step>();
    record.put_u32(offset_of!(layout::Step, line), step.line);
    let outcome = outcome(&step.expected);
    record.put_u32(offset_of!(layout::Step, outcome), outcome);
    let types = match &step.action {
        Action::Instantiate(instance) => {
            let call = Symbol::Instantiate(*instance);
            put_symbol(builder, &mut record, offset_of!(layout::Step, call), call);
            Vec::new()
        }
        Action::Call(function, arguments) => {
            call(builder, &mut record, *function, arguments);
            builder.program.type_of(*function).results.to_vec()
        }
        Action::Get(global) => {
            let address = builder.layout.globals[*global];
            builder.put_state_address(&mut record, offset_of!(layout::Step, code), address);
            vec![builder.program.globals[*global].content]
        }
    };
    if let Expected::Return(results) = &step.expected {
        let records: Vec<Record> = types
            .iter()
            .zip(results)
            .map(|(ty, patterns)| expected(builder, *ty, patterns))
            .collect();
        let (place, len) = builder.add_array(records);
        record.put_span(offset_of!(layout::Step, results), place, len);
    }
    record
}

fn call(builder: &mut Builder<'_>, record: &mut Record, function: FuncId, arguments: &[Bits]) {
    let signature = builder.program.functions[function].signature;
    put_symbol(
        builder,
        record,
        offset_of!(layout::Step, call),
        Symbol::Call(signature),
    );
    put_symbol(
        builder,
        record,
        offset_of!(layout::Step, code),
        Symbol::Function(function),
    );
    let arguments = arguments.iter().map(|bits| {
        let mut slot = Record::of::<Slot>();
        put_bits(&mut slot, 0, *bits);
        slot
    });
    let (place, len) = builder.add_array(arguments);
    record.put_span(offset_of!(layout::Step, arguments), place, len);
}

fn put_symbol(builder: &mut Builder<'_>, record: &mut Record, at: usize, symbol: Symbol) {
    let symbol = builder.symbol(symbol);
    record.put_address(at, Place { symbol, offset: 0 });
}

fn put_bits(record: &mut Record, at: usize, bits: Bits) {
    record.bytes[at..at + size_of::<Slot>()].copy_from_slice(&bits.to_le_bytes());
}

fn outcome(expected: &Expected) -> u32 {
    match expected {
        Expected::Return(_) => Outcome::RETURN,
        Expected::AnyReturn => Outcome::ANY_RETURN,
        Expected::Exception => Outcome::EXCEPTION,
        Expected::Trap(trap) => Outcome::TRAP + *trap as u32,
    }
}

fn expected(builder: &mut Builder<'_>, ty: ValType<SignatureId>, patterns: &[Pattern]) -> Record {
    let patterns = patterns.iter().map(|pattern| {
        let mut record = Record::of::<layout::Pattern>();
        match pattern {
            Pattern::Masked { mask, value } => {
                put_bits(&mut record, offset_of!(layout::Pattern, mask), *mask);
                put_bits(&mut record, offset_of!(layout::Pattern, value), *value);
            }
            Pattern::NonZero => record.put_u64(offset_of!(layout::Pattern, is_non_zero), 1),
        }
        record
    });
    let (place, len) = builder.add_array(patterns);
    let mut record = Record::of::<layout::Expected>();
    record.put_u64(offset_of!(layout::Expected, size), size(ty));
    record.put_span(offset_of!(layout::Expected, patterns), place, len);
    record
}

/// Bytes of a value.
fn size(ty: ValType<SignatureId>) -> u64 {
    match ty {
        ValType::I32 | ValType::F32 => 4,
        ValType::I64 | ValType::F64 | ValType::Ref(_) => 8,
        ValType::V128 => 16,
    }
}
