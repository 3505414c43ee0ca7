//! Rewriting modules: instructions one at a time, and definitions that are appended, so that no index moves.
//!
//! ```text
//! section: id:u8 size:u32 content     content of most: count:u32 item*
//! code item: size:u32 locals:(count:u32 (n:u32 type)*) instruction* end
//! ```

use super::shape::Shape;
use crate::mutate::{assemble, sections};
use anyhow::{Context, Result};
use std::borrow::Cow;
use wasm_encoder::{Encode, Instruction, ValType};
use wasmparser::{BinaryReader, FunctionBody, Operator};

/// Section numbers in the order in which sections stand in a module.
/// <https://webassembly.github.io/spec/core/binary/modules.html#binary-module>
const ORDER: [u8; 13] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/// The sections that are appended to or rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names of the specification")]
pub enum Section {
    Type = 1,
    Function = 3,
    Memory = 5,
    Tag = 13,
    Global = 6,
    Export = 7,
    Element = 9,
    DataCount = 12,
    Code = 10,
    Data = 11,
}

/// Appends an encoded item to a section, which is made where the module has none.
pub fn append(module: &[u8], section: Section, item: &[u8]) -> Result<Vec<u8>> {
    let mut sections = sections(module);
    let position = find_or_insert(&mut sections, section);
    let mut reader = BinaryReader::new(&sections[position].1, 0);
    let count = reader.read_var_u32()?;
    let rest = reader.read_bytes(reader.bytes_remaining())?;
    let mut content = Vec::with_capacity(rest.len() + item.len() + 5);
    (count + 1).encode(&mut content);
    content.extend_from_slice(rest);
    content.extend_from_slice(item);
    sections[position].1 = content;
    Ok(assemble(&sections))
}

/// The place of a section; one that is missing is made, of no items.
fn find_or_insert(sections: &mut Vec<(u8, Vec<u8>)>, section: Section) -> usize {
    let id = section as u8;
    let found = sections.iter().position(|(other, _)| *other == id);
    found.unwrap_or_else(|| {
        let rank = |id: u8| ORDER.iter().position(|&other| other == id);
        let behind = |other: u8| other != 0 && rank(other) > rank(id);
        let place = sections.iter().position(|&(other, _)| behind(other));
        let place = place.unwrap_or(sections.len());
        sections.insert(place, (id, vec![0]));
        place
    })
}

/// Appends a passive data segment.
pub fn append_data(module: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    let count = Shape::of(module)?.data + 1;
    let mut item = vec![1];
    data.encode(&mut item);
    let mut sections = sections(&append(module, Section::Data, &item)?);
    let position = find_or_insert(&mut sections, Section::DataCount);
    sections[position].1.clear();
    count.encode(&mut sections[position].1);
    Ok(assemble(&sections))
}

/// Appends a passive element segment of functions.
pub fn append_elements(module: &[u8], functions: &[u32]) -> Result<Vec<u8>> {
    let mut item = vec![1, 0];
    functions.encode(&mut item);
    append(module, Section::Element, &item)
}

/// The module with another content of a section, if it has that section.
pub fn section(
    module: &[u8],
    section: Section,
    change: impl FnOnce(&[u8]) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let mut sections = sections(module);
    let mut all = sections.iter_mut();
    if let Some((_, content)) = all.find(|(id, _)| *id == section as u8) {
        *content = change(content)?;
    }
    Ok(assemble(&sections))
}

/// Appends an export of an entity: `kind` is 0 for a function, 3 for a global.
pub fn append_export(module: &[u8], name: &str, kind: u8, index: u32) -> Result<Vec<u8>> {
    let mut item = Vec::new();
    name.encode(&mut item);
    item.push(kind);
    index.encode(&mut item);
    append(module, Section::Export, &item)
}

/// Appends a function and exports it under this name.
pub fn append_function(
    module: &[u8],
    name: &str,
    parameters: &[ValType],
    results: &[ValType],
    body: &wasm_encoder::Function,
) -> Result<Vec<u8>> {
    let shape = Shape::of(module)?;
    let mut ty = vec![0x60];
    parameters.encode(&mut ty);
    results.encode(&mut ty);
    let module = append(module, Section::Type, &ty)?;
    let mut type_index = Vec::new();
    (shape.types.len() as u32).encode(&mut type_index);
    let module = append(&module, Section::Function, &type_index)?;
    let mut code = Vec::new();
    body.encode(&mut code);
    let module = append(&module, Section::Code, &code)?;
    append_export(&module, name, 0, shape.functions.len() as u32)
}

/// An instruction, where it stands, and what it becomes.
#[derive(Debug)]
pub struct Site<'s, 'a> {
    /// The function that it stands in.
    pub function: u32,
    /// Its number in the function.
    pub number: usize,
    /// What it is.
    pub operator: &'s Operator<'a>,
    /// Its encoding.
    pub bytes: &'s [u8],
    out: &'s mut Vec<u8>,
    locals: &'s mut Locals,
}

impl Site<'_, '_> {
    /// Keeps the instruction.
    pub fn keep(&mut self) {
        self.out.extend_from_slice(self.bytes);
    }

    /// Puts an instruction here.
    pub fn emit(&mut self, instruction: &Instruction<'_>) {
        instruction.encode(self.out);
    }

    /// Puts an encoded instruction here.
    pub fn emit_bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// An added local of the function: the same one for the same type and number.
    pub fn scratch(&mut self, ty: ValType, number: usize) -> u32 {
        self.locals.scratch(ty, number)
    }
}

/// The locals of a function: those that it has, and added ones.
#[derive(Debug)]
struct Locals {
    /// Parameters and declared locals.
    count: u32,
    added: Vec<(ValType, usize)>,
}

impl Locals {
    fn scratch(&mut self, ty: ValType, number: usize) -> u32 {
        let wanted = (ty, number);
        let found = self.added.iter().position(|&other| other == wanted);
        let position = found.unwrap_or_else(|| {
            self.added.push(wanted);
            self.added.len() - 1
        });
        self.count + position as u32
    }
}

/// Passes every instruction but the `end` of a function to `change`, which puts there what it likes.
pub fn instructions(
    module: &[u8],
    mut change: impl FnMut(&mut Site<'_, '_>) -> Result<()>,
) -> Result<Vec<u8>> {
    let shape = Shape::of(module)?;
    let mut sections = sections(module);
    let Some((_, code)) = sections
        .iter_mut()
        .find(|(id, _)| *id == Section::Code as u8)
    else {
        return Ok(module.to_vec());
    };
    let mut reader = BinaryReader::new(code, 0);
    let count = reader.read_var_u32()?;
    let mut content = Vec::with_capacity(code.len() * 2);
    count.encode(&mut content);
    for function in 0..count {
        let size = reader.read_var_u32()? as usize;
        let body = reader.read_bytes(size)?;
        let parameters = shape.function_type(function).params().len() as u32;
        let body = rewrite_body(body, function, parameters, &mut change)?;
        body.encode(&mut content);
    }
    *code = content;
    Ok(assemble(&sections))
}

fn rewrite_body(
    body: &[u8],
    function: u32,
    parameters: u32,
    change: &mut impl FnMut(&mut Site<'_, '_>) -> Result<()>,
) -> Result<Vec<u8>> {
    let parsed = FunctionBody::new(BinaryReader::new(body, 0));
    let mut declared = parsed.get_locals_reader()?;
    let mut locals = Locals {
        count: parameters,
        added: Vec::new(),
    };
    let groups = declared.get_count();
    let groups_start = declared.original_position();
    for _ in 0..groups {
        locals.count += declared.read()?.0;
    }
    let groups_bytes = &body[groups_start..declared.original_position()];
    let mut reader = parsed.get_operators_reader()?;
    let mut out = Vec::with_capacity(body.len() * 2);
    let mut number = 0;
    while !reader.eof() {
        let start = reader.original_position();
        let operator = reader.read()?;
        let bytes = &body[start..reader.original_position()];
        if reader.eof() {
            out.extend_from_slice(bytes);
            break;
        }
        change(&mut Site {
            function,
            number,
            operator: &operator,
            bytes,
            out: &mut out,
            locals: &mut locals,
        })?;
        number += 1;
    }
    let mut rewritten = Vec::with_capacity(out.len() + groups_bytes.len() + 8);
    (groups + locals.added.len() as u32).encode(&mut rewritten);
    rewritten.extend_from_slice(groups_bytes);
    for (ty, _) in &locals.added {
        1u32.encode(&mut rewritten);
        ty.encode(&mut rewritten);
    }
    rewritten.extend_from_slice(&out);
    Ok(rewritten)
}

/// The instructions of every function with their encodings, without the `end` of the function.
pub fn listing(module: &[u8]) -> Result<Vec<Vec<Vec<u8>>>> {
    let mut functions = vec![Vec::new(); Shape::of(module)?.functions.len()];
    instructions(module, |site| {
        let function: &mut Vec<Vec<u8>> = functions
            .get_mut(site.function as usize)
            .context("every body has a function")?;
        function.push(site.bytes.to_vec());
        site.keep();
        Ok(())
    })?;
    Ok(functions)
}

/// The module with other instructions in one function.
pub fn replace_body(module: &[u8], function: u32, body: &[Cow<'_, [u8]>]) -> Result<Vec<u8>> {
    let mut first = true;
    let rewritten = instructions(module, |site| {
        if site.function != function {
            site.keep();
        } else if first {
            first = false;
            body.iter().for_each(|bytes| site.emit_bytes(bytes));
        }
        Ok(())
    })?;
    Ok(rewritten)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = "(module (func (export \"f\") (param i32) (result i32) (local i64)
        local.get 0 i32.const 1 i32.add))";

    #[test]
    fn keeping_everything_changes_nothing() {
        let module = wat::parse_str(MODULE).unwrap();
        let same = instructions(&module, |site| {
            site.keep();
            Ok(())
        });
        assert_eq!(same.unwrap(), module);
    }

    #[test]
    fn scratch_locals_follow_the_declared_ones() {
        let module = wat::parse_str(MODULE).unwrap();
        let rewritten = instructions(&module, |site| {
            site.keep();
            if matches!(site.operator, Operator::I32Add) {
                let local = site.scratch(ValType::I32, 0);
                assert_eq!(local, 2);
                site.emit(&Instruction::LocalTee(local));
            }
            Ok(())
        });
        wasmparser::validate(&rewritten.unwrap()).unwrap();
    }

    #[test]
    fn appended_functions_are_exported() {
        let module = wat::parse_str("(module)").unwrap();
        let mut body = wasm_encoder::Function::new([]);
        body.instructions().i64_const(5).end();
        let module = append_function(&module, "five", &[], &[ValType::I64], &body).unwrap();
        wasmparser::validate(&module).unwrap();
        let shape = Shape::of(&module).unwrap();
        let exports: Vec<_> = shape.exported_functions().collect();
        assert_eq!(exports, [("five", 0)]);
    }
}
