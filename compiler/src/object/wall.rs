//! The [`Wall`]: which functions of the runtime the object refers to decides what the kernel is asked to refuse.

use super::Builder;
use super::record::{Place, Record};
use crate::options::KernelSandbox;
use crate::sandbox::{filter, needs};
use crate::translate::Symbol;
use elfin_abi::host::FUNCTIONS;
use elfin_abi::layout::Wall;
use std::mem::offset_of;

/// Emits the wall, if there is to be one. All other code and data that can refer to the runtime's functions has been
/// emitted.
pub(super) fn emit(builder: &mut Builder<'_>) -> Option<Place> {
    let KernelSandbox::On {
        require_seccomp,
        require_landlock,
    } = builder.options.kernel_sandbox
    else {
        return None;
    };
    // In a fixed order: equal input gives equal bytes.
    let mut functions: Vec<&str> = builder
        .symbols
        .keys()
        .filter_map(|symbol| match *symbol {
            Symbol::Host(index) => Some(FUNCTIONS[index as usize].name),
            Symbol::Intrinsic(intrinsic) => Some(intrinsic.name()),
            _ => None,
        })
        .collect();
    functions.sort_unstable();
    let needs = needs(functions, &builder.options.grants);
    let filter = filter(builder.options.target, &needs.calls);
    assert!(filter.instructions.len() <= Wall::MAX_FILTER);

    let mut record = Record::of::<Wall>();
    let mut instructions = Record::default();
    for instruction in &filter.instructions {
        instructions.bytes.extend(instruction.bytes());
    }
    let place = builder.add_constant(instructions);
    let len = filter.instructions.len() as u64;
    record.put_span(offset_of!(Wall, filter), Some(place), len);
    let required = if require_seccomp { Wall::SECCOMP } else { 0 }
        | if require_landlock { Wall::LANDLOCK } else { 0 };
    for (at, value) in [
        (offset_of!(Wall, process_id_at), filter.process_id_at as u64),
        (offset_of!(Wall, reaches_files), needs.reaches_files.into()),
        (offset_of!(Wall, required), required),
    ] {
        record.put_u64(at, value);
    }
    Some(builder.add_constant(record))
}
