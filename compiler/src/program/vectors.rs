//! Vectors on a machine without vector instructions: Cranelift has no code for them there, so a program that can reach
//! a value of the type v128 is refused.

use super::{FuncId, FunctionKind, Program};
use crate::cpu::Cpu;
use crate::error::{Error, ErrorKind, Result};
use crate::parse::module::ValType;
use crate::parse::references::Reference;

/// An error if the CPU lacks vector instructions and a compiled function has a vector.
pub(super) fn refuse(program: &Program<'_>, cpu: Cpu) -> Result<()> {
    if cpu.has_vectors() {
        return Ok(());
    }
    match program
        .compiled
        .iter()
        .find(|function| has_vector(program, **function))
    {
        Some(function) => Err(error(program, *function)),
        None => Ok(()),
    }
}

/// Where a function's body first has a vector.
fn first_vector(program: &Program<'_>, function: FuncId) -> Option<usize> {
    let function = &program.functions[function];
    match function.kind {
        FunctionKind::Wasm => {
            let module = program.instances[function.instance].module;
            module.body(function.index)?.first_vector
        }
        FunctionKind::Host(..) | FunctionKind::Unknown { .. } => None,
    }
}

fn has_vector(program: &Program<'_>, function: FuncId) -> bool {
    let ty = program.type_of(function);
    let mut types = ty.params.iter().chain(&ty.results);
    types.any(|ty| *ty == ValType::V128)
        || first_vector(program, function).is_some()
        || throws_vector(program, function)
}

/// Whether a function throws or catches exceptions that carry vectors.
fn throws_vector(program: &Program<'_>, function: FuncId) -> bool {
    let function = &program.functions[function];
    let instance = &program.instances[function.instance];
    let body = instance.module.body(function.index);
    let mut references = body.iter().flat_map(|body| &body.references);
    references.any(|reference| match *reference {
        Reference::Throw(tag) | Reference::Catch(tag) => program
            .payload(instance.tags[tag])
            .any(|(_, ty)| ty == ValType::V128),
        _ => false,
    })
}

fn error(program: &Program<'_>, function: FuncId) -> Error {
    let message = "the type v128 of the simd128 proposal needs vector instructions, which not every CPU of \
                   riscv64-linux has: add `--cpu rv64gcv`, and the executable runs where they are, or build the \
                   module without it (for example `-C target-feature=-simd128` in RUSTFLAGS, `-mno-simd128` with \
                   clang)";
    let error = Error::new(ErrorKind::Unsupported, message).in_function(program.name(function));
    let definition = &program.functions[function];
    let module = program.instances[definition.instance].module;
    // A function with nothing but a parameter of this type: where its body begins.
    let body = module.body(definition.index);
    let offset = body.map(|body| body.first_vector.unwrap_or(body.code.range().start));
    match offset {
        Some(offset) => error.at(offset),
        None => error,
    }
}
