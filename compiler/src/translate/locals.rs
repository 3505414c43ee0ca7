//! The locals of a body, as values.
//!
//! Cranelift's builder finds out by a search where different values of a local meet, and in a loop that it has not seen the
//! end of it must take any local for one that changes. Mostly the structure of the code tells: a value holds until the
//! block ends in which it was set, up to the next loop that sets the local. What is known of such a value, that an access
//! with it has succeeded for one, holds as long.

use crate::parse::loops::Sets;
use cranelift_codegen::ir::{Type, Value};
use cranelift_frontend::{FunctionBuilder, Variable};

/// The locals of a body, parameters first.
#[derive(Default)]
pub(super) struct Locals {
    list: Vec<Local>,
    /// Those with a value that was set in a block that is open, in the order of that.
    set: Vec<u32>,
}

struct Local {
    variable: Variable,
    /// What it holds, where the structure of the code tells.
    value: Option<Value>,
}

impl Locals {
    /// Adds a local, which begins with a value.
    pub fn declare(&mut self, builder: &mut FunctionBuilder<'_>, ty: Type, value: Value) {
        let variable = builder.declare_var(ty);
        builder.def_var(variable, value);
        let value = Some(value);
        self.list.push(Local { variable, value });
    }

    /// The value of a local.
    pub fn get(&mut self, builder: &mut FunctionBuilder<'_>, local: u32) -> Value {
        let Local { variable, value } = &mut self.list[local as usize];
        value.unwrap_or_else(|| builder.use_var(*variable))
    }

    /// Gives a local a value.
    pub fn set(&mut self, builder: &mut FunctionBuilder<'_>, local: u32, new: Value) {
        let Local { variable, value } = &mut self.list[local as usize];
        builder.def_var(*variable, new);
        *value = Some(new);
        self.set.push(local);
    }

    /// The place that this is, for [`Self::join`].
    pub fn place(&self) -> usize {
        self.set.len()
    }

    /// Control comes together, from places that differ in what was set since a place.
    pub fn join(&mut self, place: usize) {
        for local in self.set.drain(place..) {
            self.list[local as usize].value = None;
        }
    }

    /// A loop begins that sets these.
    pub fn enter_loop(&mut self, sets: &Sets) {
        match sets {
            Sets::These(locals) => {
                for local in locals {
                    self.list[*local as usize].value = None;
                }
            }
            Sets::Many => {
                for local in &mut self.list {
                    local.value = None;
                }
            }
        }
    }
}
