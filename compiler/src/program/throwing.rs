//! Which functions can let an exception out: a call of any other needs no handlers.
//!
//! A function throws if it has such an instruction, calls a function that throws, or makes an indirect call with the
//! type of a function that throws and that is referred to. What it catches itself is not looked at.

use super::{FuncId, FunctionKind, Program, SignatureId};
use crate::parse::references::Reference;
use cranelift_entity::EntitySet;
use std::collections::HashMap;

/// What may throw.
#[derive(Debug, Default)]
pub struct Throwing {
    /// Functions, when called directly.
    pub functions: EntitySet<FuncId>,
    /// Types, when functions are called indirectly by them.
    pub signatures: EntitySet<SignatureId>,
}

/// What may throw of a program of which it is known what is compiled and what is referred to.
pub(super) fn find(program: &Program<'_>) -> Throwing {
    let mut throwing = Throwing::default();
    if !program.throws() {
        return throwing;
    }
    let mut callers: HashMap<FuncId, Vec<FuncId>> = HashMap::new();
    let mut indirect_callers: HashMap<SignatureId, Vec<FuncId>> = HashMap::new();
    let mut pending = Vec::new();
    for caller in &program.compiled {
        let function = &program.functions[*caller];
        let FunctionKind::Wasm = function.kind else {
            continue;
        };
        let instance = &program.instances[function.instance];
        let body = instance.module.body(function.index);
        for reference in body.iter().flat_map(|body| &body.references) {
            match *reference {
                Reference::Call(index) => {
                    let callee = instance.functions[index];
                    callers.entry(callee).or_default().push(*caller);
                }
                Reference::CallIndirect(_, ty) | Reference::CallRef(ty) => {
                    let ty = instance.signatures[ty];
                    indirect_callers.entry(ty).or_default().push(*caller);
                }
                Reference::Throw(_) | Reference::ThrowRef => pending.push(*caller),
                _ => {}
            }
        }
    }
    while let Some(function) = pending.pop() {
        if !throwing.functions.insert(function) {
            continue;
        }
        pending.extend(callers.remove(&function).unwrap_or_default());
        if program.referenced.contains(function) {
            let ty = program.functions[function].signature;
            throwing.signatures.insert(ty);
            pending.extend(indirect_callers.remove(&ty).unwrap_or_default());
        }
    }
    throwing
}

#[cfg(test)]
mod tests {
    use crate::options::Options;
    use crate::target::Target;

    #[test]
    fn throwing_spreads_to_callers() {
        let text = r#"(module
            (tag $e)
            (type $a (func)) (type $b (func (param i32)))
            (table funcref (elem $throws $quiet-b))
            (func $start (export "_start")
                (call $calls) (call $indirect-a) (call $indirect-b) (call $quiet) (call $catches))
            (func $throws (throw $e))
            (func $calls (return_call $throws))
            (func $indirect-a (call_indirect (type $a) (i32.const 0)))
            (func $indirect-b (call_indirect (type $b) (i32.const 0) (i32.const 1)))
            (func $quiet (call $quiet))
            (func $quiet-b (param i32))
            (func $catches (block $h (try_table (catch_all $h) (call $throws)))))"#;
        let bytes = crate::parse::binary(text.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &crate::features::Features::default()).unwrap();
        let program = super::super::link(&module, &Options::new(Target::X86_64)).unwrap();
        let throwing: Vec<_> = program
            .throwing
            .functions
            .iter()
            .map(|function| program.name(function).into_owned())
            .collect();
        assert_eq!(
            throwing,
            ["start", "throws", "calls", "indirect-a", "catches"]
        );
    }
}
