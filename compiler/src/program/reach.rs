//! What of a program can be reached, and what reachable code never changes.
//!
//! The roots are the start functions and the entry. A table's functions are reached only through a type with which
//! reachable code calls its elements, or all of them where code reads elements as references.

use super::{
    Constant, FuncId, FunctionKind, Initializer, InstanceId, Program, SignatureId, TableId,
};
use crate::parse::references::Reference;
use cranelift_entity::{EntitySet, SecondaryMap};
use std::collections::HashSet;

/// Fills in what depends on reachability: `compiled`, `referenced`, and the marks of globals, tables, memories and
/// segments. Elements that can't be reached lose their code, but keep their type.
pub(super) fn resolve(program: &mut Program<'_>) {
    let mut walk = Walk::default();
    for root in program.roots() {
        walk.call(root);
    }
    walk.run(program);
    program.compiled = walk
        .called
        .iter()
        .filter(|function| needs_code(program, &walk, *function))
        .collect();
    program.referenced = walk.referenced;
}

/// A host function that is only called is called directly.
fn needs_code(program: &Program<'_>, walk: &Walk, function: FuncId) -> bool {
    let is_root = || program.roots().contains(&function);
    match program.functions[function].kind {
        FunctionKind::Wasm | FunctionKind::Unknown { .. } => true,
        FunctionKind::Host(..) => walk.referenced.contains(function) || is_root(),
    }
}

#[derive(Default)]
struct Walk {
    called: EntitySet<FuncId>,
    referenced: EntitySet<FuncId>,
    pending: Vec<FuncId>,
    calls: HashSet<(TableId, SignatureId)>,
    reads: EntitySet<TableId>,
    /// Tables by which more functions may have become reachable.
    changed: Vec<TableId>,
}

impl Walk {
    fn call(&mut self, function: FuncId) {
        if self.called.insert(function) {
            self.pending.push(function);
        }
    }

    fn refer(&mut self, function: FuncId) {
        self.referenced.insert(function);
        self.call(function);
    }

    fn run(&mut self, program: &mut Program<'_>) {
        for global in program.globals.values() {
            if let Constant::Func(function) = global.initial {
                self.refer(function);
            }
        }
        let Program {
            instances, tables, ..
        } = &mut *program;
        for initializer in instances
            .values()
            .flat_map(|instance| &instance.initializers)
        {
            if let Initializer::Elements {
                table, contents, ..
            } = initializer
            {
                tables[*table].is_written = true;
                for element in contents {
                    if let Constant::Func(function) = element {
                        self.refer(*function);
                    }
                }
            }
        }
        let elements = ElementsBySignature::new(program);
        loop {
            if let Some(function) = self.pending.pop() {
                self.visit(program, function);
            } else if let Some(table) = self.changed.pop() {
                elements.visit(table, self);
            } else {
                break;
            }
        }
    }

    fn visit(&mut self, program: &mut Program<'_>, function: FuncId) {
        let Program {
            instances,
            functions,
            tables,
            memories,
            globals,
            tags,
            ..
        } = program;
        let id: InstanceId = functions[function].instance;
        let instance = &mut instances[id];
        let Some(body) = instance.module.body(functions[function].index) else {
            return;
        };
        for reference in &body.references {
            match *reference {
                Reference::Call(index) => self.call(instance.functions[index]),
                Reference::RefFunc(index) => self.refer(instance.functions[index]),
                Reference::SetGlobal(index) => {
                    let global = &mut globals[instance.globals[index]];
                    global.is_set = true;
                    global.setters += 1;
                }
                Reference::GrowMemory(index) => memories[instance.memories[index]].grows = true,
                Reference::GrowTable(index) => tables[instance.tables[index]].grows = true,
                Reference::WriteTable(index) => tables[instance.tables[index]].is_written = true,
                Reference::CallIndirect(table, ty) => {
                    let table = instance.tables[table];
                    if self.calls.insert((table, instance.signatures[ty])) {
                        self.changed.push(table);
                    }
                }
                Reference::ReadTable(index) => {
                    let table = instance.tables[index];
                    if self.reads.insert(table) {
                        self.changed.push(table);
                    }
                }
                Reference::UseElement(index) => {
                    let segment = &mut instance.elements[index];
                    if !segment.used {
                        segment.used = true;
                        for element in &segment.contents {
                            if let Constant::Func(function) = element {
                                self.refer(*function);
                            }
                        }
                    }
                }
                Reference::DropElement(index) => instance.elements[index].dropped = true,
                Reference::UseData(index) => instance.data[index].used = true,
                Reference::DropData(index) => instance.data[index].dropped = true,
                Reference::Throw(index) => tags[instance.tags[index]].is_thrown = true,
                // Whatever is called through a reference was referred to.
                Reference::CallRef(_) | Reference::Catch(_) | Reference::ThrowRef => {}
            }
        }
    }
}

/// The functions in each table at the start, by type.
struct ElementsBySignature {
    tables: SecondaryMap<TableId, Vec<(SignatureId, FuncId)>>,
}

impl ElementsBySignature {
    fn new(program: &Program<'_>) -> Self {
        let mut tables = SecondaryMap::new();
        for (id, table) in &program.tables {
            let mut functions: Vec<(SignatureId, FuncId)> = table
                .elements
                .iter()
                .filter_map(|element| match element {
                    Constant::Func(function) => {
                        Some((program.functions[*function].signature, *function))
                    }
                    _ => None,
                })
                .collect();
            functions.sort_unstable();
            functions.dedup();
            tables[id] = functions;
        }
        Self { tables }
    }

    fn visit(&self, table: TableId, walk: &mut Walk) {
        let reads = walk.reads.contains(table);
        for (signature, function) in &self.tables[table] {
            if reads || walk.calls.contains(&(table, *signature)) {
                walk.refer(*function);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::features::Features;
    use crate::options::Options;
    use crate::target::Target;
    use cranelift_entity::EntityRef;

    fn compiled(text: &str) -> Vec<usize> {
        let bytes = crate::parse::binary(text.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &Features::default()).unwrap();
        let program = super::super::link(&module, &Options::new(Target::X86_64)).unwrap();
        program
            .compiled
            .iter()
            .map(|function| function.index())
            .collect()
    }

    #[test]
    fn only_what_is_called_is_compiled() {
        let text = r#"(module
            (func $start (export "_start") (call $used))
            (func $used)
            (func $unused (call $used))
            (func $in_table))"#;
        assert_eq!(compiled(text), [0, 1]);
    }

    #[test]
    fn table_elements_are_reached_by_their_type() {
        let text = r#"(module
            (type $a (func)) (type $b (func (param i32)))
            (table funcref (elem $called $other_type))
            (func $start (export "_start") (call_indirect (type $a) (i32.const 0)))
            (func $called)
            (func $other_type (param i32)))"#;
        assert_eq!(compiled(text), [0, 1]);
    }
}
