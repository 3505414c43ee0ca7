//! How the values of an exception lie in memory: one behind the other, a vector in 16 bytes, anything else in 8.

use super::{Program, SignatureId, TagId};
use crate::parse::module::ValType;

impl Program<'_> {
    /// The types of the values that exceptions with this tag carry, each with its offset.
    pub fn payload(&self, tag: TagId) -> impl Iterator<Item = (i32, ValType<SignatureId>)> + '_ {
        let types = &self.signatures[self.tags[tag].signature].params;
        types.iter().scan(0, |next, ty| {
            let offset = *next;
            *next += size(*ty);
            Some((offset, *ty))
        })
    }

    /// Bytes of these values.
    pub fn payload_size(&self, tag: TagId) -> u64 {
        let last = self.payload(tag).last();
        last.map_or(0, |(offset, ty)| (offset + size(ty)) as u64)
    }
}

fn size(ty: ValType<SignatureId>) -> i32 {
    if ty == ValType::V128 { 16 } else { 8 }
}
