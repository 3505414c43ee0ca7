//! Bytes to a validated [`Module`].
//!
//! Everything that the specification allows and that elfin does not compile is refused here, by type or by
//! instruction, so the later phases see only what they know.

pub mod constant;
pub mod index;
pub mod legacy;
pub mod loops;
pub mod module;
pub mod references;
mod sections;
pub(crate) mod types;
pub mod unsupported;
mod weight;

use crate::error::{Error, ErrorKind, Result};
use crate::features::{self, Features};
use module::{Body, Module};
use rayon::prelude::*;
use std::borrow::Cow;
use wasmparser::{
    BlockType, FuncToValidate, FuncValidatorAllocations, FunctionBody, Operator, Parser, Payload,
    ValType, ValidPayload, Validator, ValidatorResources, WasmFeatures,
};

/// A module in binary form: `input` itself, or what its text says.
pub fn binary(input: &[u8]) -> Result<Cow<'_, [u8]>> {
    if input.starts_with(b"\0asm") {
        return Ok(Cow::Borrowed(input));
    }
    // A module's text begins with a parenthesis or a comment.
    if !input.trim_ascii_start().starts_with(b"(") && !input.trim_ascii_start().starts_with(b";") {
        let message = "the input is neither a WebAssembly binary (they begin with `\\0asm`) nor the text of a module";
        return Err(Error::new(ErrorKind::Invalid, message).at(0));
    }
    let text = std::str::from_utf8(input).map_err(|error| {
        Error::new(ErrorKind::Invalid, "the text is not UTF-8").at(error.valid_up_to())
    })?;
    match wat::parse_str(text) {
        Ok(bytes) => Ok(Cow::Owned(bytes)),
        Err(error) => Err(Error::new(
            ErrorKind::Invalid,
            format!("the text can't be parsed: {error}"),
        )),
    }
}

/// Parses and validates a module in binary form, which may use these features; function bodies in parallel.
pub fn parse<'a>(bytes: &'a [u8], features: &Features) -> Result<Module<'a>> {
    read(bytes, features.to_wasmparser()).map_err(|error| match error.kind {
        // An invalid module is invalid first, whatever it uses.
        ErrorKind::Unsupported => match validate_all(bytes, features.to_wasmparser()) {
            Err(invalid) => invalid.into(),
            Ok(()) => error,
        },
        ErrorKind::Invalid => {
            let is_valid = |features| validate_all(bytes, features).is_ok();
            match features.missing(is_valid)[..] {
                [] => error,
                ref off => unsupported::switched_off(off, error),
            }
        }
        _ => error,
    })
}

/// The names of the proposals without which a module is not valid.
pub fn proposals(bytes: &[u8]) -> Result<Vec<&'static str>> {
    if Parser::is_component(bytes) {
        return Err(component());
    }
    validate_all(bytes, features::everything())?;
    Ok(features::needed(|features| {
        validate_all(bytes, features).is_ok()
    }))
}

fn validate_all(bytes: &[u8], features: WasmFeatures) -> wasmparser::Result<()> {
    // A component is refused by name, valid or not.
    if Parser::is_component(bytes) {
        return Ok(());
    }
    let mut validator = Validator::new_with_features(features);
    validator.validate_all(bytes).map(drop)
}

fn read(bytes: &[u8], features: WasmFeatures) -> Result<Module<'_>> {
    if Parser::is_component(bytes) {
        return Err(component());
    }
    let mut validator = Validator::new_with_features(features);
    let mut parser = Parser::new(0);
    // A proposal that is off changes what some bytes mean, before the validator sees it.
    parser.set_features(features);
    let mut sections = sections::Sections::default();
    let mut bodies = Vec::new();
    for payload in parser.parse_all(bytes) {
        let payload = payload?;
        match validator.payload(&payload)? {
            ValidPayload::Func(function, body) => bodies.push((function, body)),
            ValidPayload::Ok | ValidPayload::Parser(_) | ValidPayload::End(_) => {}
        }
        if !matches!(payload, Payload::CodeSectionEntry(_)) {
            sections.read(payload)?;
        }
    }
    let bodies = bodies
        .into_par_iter()
        .map_init(FuncValidatorAllocations::default, validate)
        .collect::<Result<Vec<Body<'_>>>>()?;
    sections.finish(bodies)
}

fn component() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "the input is a component, which elfin does not compile yet; build for WASI preview 1 instead \
         (Rust: `rustup target add wasm32-wasip1`, then `cargo build --target wasm32-wasip1`; \
         clang: `--target=wasm32-wasip1`)",
    )
}

/// Validates one function body and gathers what it refers to.
fn validate<'a>(
    allocations: &mut FuncValidatorAllocations,
    (function, body): (FuncToValidate<ValidatorResources>, FunctionBody<'a>),
) -> Result<Body<'a>> {
    let mut validator = function.into_validator(std::mem::take(allocations));
    let mut references = Vec::new();
    let mut first_vector = None;
    let mut locals = body.get_locals_reader()?;
    for _ in 0..locals.get_count() {
        let offset = locals.original_position();
        let (_, ty) = locals.read()?;
        types::value(ty, offset)?;
        if ty == ValType::V128 {
            first_vector.get_or_insert(offset);
        }
    }
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let mut operators = wasmparser::OperatorsReader::new(reader);
    let mut tries = legacy::LegacyTries::default();
    let mut loops = loops::Loops::default();
    let (mut has_tail_calls, mut counts_bits, mut weight) = (false, false, 0u32);
    let mut memories = Vec::new();
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset()?;
        validator.op(offset, &operator)?;
        references::collect(&operator, &mut references);
        tries.visit(&operator, offset);
        loops.visit(&operator, offset);
        if validator.get_operand_type(0) == Some(Some(ValType::V128)) {
            first_vector.get_or_insert(offset);
        }
        has_tail_calls |= references::is_tail_call(&operator);
        counts_bits |= matches!(operator, Operator::I32Popcnt | Operator::I64Popcnt);
        weight = weight.saturating_add(weight::of(&operator));
        if let Some(memory) = references::accessed_memory(&operator)
            && !memories.contains(&memory)
        {
            memories.push(memory);
        }
        refuse(&operator, offset)?;
    }
    operators.finish()?;
    *allocations = validator.into_allocations();
    references.sort_unstable();
    references.dedup();
    let loops = loops.finish();
    Ok(Body {
        code: body,
        references: references.into(),
        first_vector,
        memories_of_loops: if loops.is_empty() {
            Box::default()
        } else {
            memories.into()
        },
        loops,
        tries: tries.finish(),
        hints: Box::default(),
        has_tail_calls,
        counts_bits,
        weight,
    })
}

/// An error if elfin does not compile an instruction or a type that it names.
fn refuse(operator: &Operator<'_>, offset: usize) -> Result<()> {
    if !unsupported::is_lowered(operator) {
        return Err(unsupported::operator(operator, offset));
    }
    match *operator {
        Operator::Block {
            blockty: BlockType::Type(ty),
        }
        | Operator::Loop {
            blockty: BlockType::Type(ty),
        }
        | Operator::If {
            blockty: BlockType::Type(ty),
        }
        | Operator::Try {
            blockty: BlockType::Type(ty),
        }
        | Operator::TypedSelect { ty } => types::value(ty, offset).map(drop),
        Operator::TryTable { ref try_table } => match try_table.ty {
            BlockType::Type(ty) => types::value(ty, offset).map(drop),
            BlockType::Empty | BlockType::FuncType(_) => Ok(()),
        },
        Operator::RefNull { hty } => {
            let ty = wasmparser::RefType::new(true, hty)
                .ok_or_else(|| unsupported::operator(operator, offset))?;
            types::reference(ty, offset).map(drop)
        }
        _ => Ok(()),
    }
}
