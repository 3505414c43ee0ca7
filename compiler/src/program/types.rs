//! The types of all modules, without duplicates.
//!
//! Two defined types are equal if their recursion groups are, so groups are compared as a whole: a reference to a type
//! of the same group by its position, one to an earlier type by the program's number of that.
//! <https://webassembly.github.io/spec/core/valid/conventions.html#rolling-and-unrolling>

use super::SignatureId;
use crate::parse::index::TypeIndex;
use crate::parse::module::{FuncType, HeapType, Module, RefType, ValType};
use cranelift_entity::{EntityRef, PrimaryMap};
use std::collections::HashMap;

/// What instances call their types.
pub(super) type Names = PrimaryMap<TypeIndex, SignatureId>;

/// The types so far.
#[derive(Default)]
pub(super) struct Types {
    /// Every type, those of a group one behind the other.
    pub signatures: PrimaryMap<SignatureId, FuncType<SignatureId>>,
    /// The first type of each group.
    groups: HashMap<Vec<FuncType<Reference>>, SignatureId>,
}

/// How a type of a group refers to another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Reference {
    /// To one of the same group, by its position.
    Inside(usize),
    /// To one of an earlier group.
    Outside(SignatureId),
}

impl Types {
    /// The program's numbers of a module's types.
    pub(super) fn intern(&mut self, module: &Module<'_>) -> Names {
        let mut names = Names::with_capacity(module.types.len());
        for len in &module.groups {
            let start = names.len();
            let members = start..start + *len as usize;
            let reference = |ty: TypeIndex| match ty.index().checked_sub(start) {
                Some(position) => Reference::Inside(position),
                None => Reference::Outside(names[ty]),
            };
            let group: Vec<FuncType<Reference>> = members
                .clone()
                .map(|index| module.types[TypeIndex::new(index)].map(reference))
                .collect();
            let first = self.group(group);
            for position in 0..*len {
                names.push(SignatureId::from_u32(first.as_u32() + position));
            }
        }
        names
    }

    /// The number of a group's first type.
    fn group(&mut self, group: Vec<FuncType<Reference>>) -> SignatureId {
        if let Some(first) = self.groups.get(&group) {
            return *first;
        }
        let first = self.signatures.next_key();
        for ty in &group {
            self.signatures.push(ty.map(|reference| match reference {
                Reference::Inside(position) => SignatureId::new(first.index() + position),
                Reference::Outside(ty) => ty,
            }));
        }
        self.groups.insert(group, first);
        first
    }
}

/// Whether a value of one type may stand where the other is asked for.
pub(super) fn is_subtype(ty: ValType<SignatureId>, of: ValType<SignatureId>) -> bool {
    match (ty, of) {
        (ValType::Ref(ty), ValType::Ref(of)) => is_ref_subtype(ty, of),
        _ => ty == of,
    }
}

fn is_ref_subtype(ty: RefType<SignatureId>, of: RefType<SignatureId>) -> bool {
    (of.nullable || !ty.nullable)
        && match of.heap {
            HeapType::Func => matches!(
                ty.heap,
                HeapType::Func | HeapType::NoFunc | HeapType::Defined(_)
            ),
            HeapType::Defined(_) => ty.heap == of.heap || ty.heap == HeapType::NoFunc,
            HeapType::Extern => matches!(ty.heap, HeapType::Extern | HeapType::NoExtern),
            HeapType::Exn => matches!(ty.heap, HeapType::Exn | HeapType::NoExn),
            HeapType::NoFunc | HeapType::NoExtern | HeapType::NoExn => ty.heap == of.heap,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Features;

    fn names(types: &mut Types, text: &str) -> Vec<u32> {
        let bytes = crate::parse::binary(text.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &Features::default()).unwrap();
        let names = types.intern(&module);
        names.values().map(|name| name.as_u32()).collect()
    }

    #[test]
    fn equal_groups_have_one_number() {
        let mut types = Types::default();
        let first = "(module
            (type (func (param i32)))
            (rec (type $a (func (param (ref $b)))) (type $b (func (result (ref $a)))))
            (type (func (param i32))))";
        assert_eq!(names(&mut types, first), [0, 1, 2, 0]);
        let second = "(module
            (rec (type $c (func (param (ref $d)))) (type $d (func (result (ref $c)))))
            (rec (type $x (func (result (ref $y)))) (type $y (func (param (ref $x)))))
            (type (func (param (ref $c)))))";
        assert_eq!(names(&mut types, second), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn references_have_subtypes() {
        let reference = |nullable, heap| ValType::Ref(RefType { nullable, heap });
        let defined = HeapType::Defined(SignatureId::new(0));
        assert!(is_subtype(
            reference(false, defined),
            reference(true, HeapType::Func)
        ));
        assert!(is_subtype(
            reference(true, HeapType::NoFunc),
            reference(true, defined)
        ));
        assert!(!is_subtype(
            reference(true, defined),
            reference(false, defined)
        ));
        assert!(!is_subtype(
            reference(true, HeapType::Func),
            reference(true, defined)
        ));
        assert!(!is_subtype(
            reference(true, HeapType::Extern),
            reference(true, HeapType::Func)
        ));
    }
}
