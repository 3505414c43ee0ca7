//! The modules of a script as elfin gets them, and what of them the plan must know.

use super::form;
use super::trap::Bounds;
use anyhow::Result;
use wasmparser::{Parser, Payload, TypeRef};
use wast::{QuoteWat, QuoteWatTest, Wat};

/// A module that elfin must refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A `.wasm` file.
    Binary(Vec<u8>),
    /// A `.wat` file.
    Text(Vec<u8>),
}

/// A module that is to be instantiated.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its number among the modules of the plan.
    pub module: usize,
    /// The names of the modules that it imports from.
    pub imports: Vec<String>,
    /// What it has.
    pub bounds: Bounds,
}

/// A wrong module as the script gives it: quoted text stays text, and so does text that can't be encoded.
pub fn wrong(module: &mut QuoteWat<'_>, script: &str) -> Result<Input> {
    let offset = module.span().offset();
    Ok(match module.to_test() {
        Ok(QuoteWatTest::Binary(bytes)) => Input::Binary(bytes),
        Ok(QuoteWatTest::Text(text)) => Input::Text(text),
        Err(_) => Input::Text(form::around(script, offset)?.as_bytes().to_vec()),
    })
}

/// A right module in binary form.
pub fn right(module: &mut QuoteWat<'_>) -> Result<Vec<u8>> {
    Ok(module.encode()?)
}

/// The same, of a directive that allows no quoted text.
pub fn unquoted(module: Wat<'_>) -> Result<Vec<u8>> {
    right(&mut QuoteWat::Wat(module))
}

/// What the plan must know of a module in binary form. Where it has both a memory and a table, and defines one of them,
/// that one counts: whether a segment fits an imported one is seldom what a script can say.
pub fn describe(bytes: &[u8], module: usize) -> Result<Definition> {
    let mut imports = Vec::new();
    let (mut imported, mut defined) = (Bounds::default(), Bounds::default());
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    imported.memory |= matches!(import.ty, TypeRef::Memory(_));
                    imported.table |= matches!(import.ty, TypeRef::Table(_));
                    imports.push(import.module.to_owned());
                }
            }
            Payload::MemorySection(section) => defined.memory |= section.count() > 0,
            Payload::TableSection(section) => defined.table |= section.count() > 0,
            _ => {}
        }
    }
    let bounds = if defined == Bounds::default() {
        imported
    } else {
        defined
    };
    Ok(Definition {
        module,
        imports,
        bounds,
    })
}
