//! The traps that scripts name by their messages.

use anyhow::{Result, bail};
use elfin_abi::trap::Trap;

/// What a module has that an access can be out of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// It has a memory.
    pub memory: bool,
    /// It has a table.
    pub table: bool,
}

/// The trap of a message. As in the specification's interpreter the script may give the beginning alone, or append
/// the index of an element; where that fits several traps, what the module has decides.
pub fn from_message(message: &str, bounds: Bounds) -> Result<Trap> {
    let is_meant = |trap: &Trap| {
        let known = trap.message();
        known.starts_with(message)
            || message
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with(' '))
    };
    let meant: Vec<Trap> = (0..=u8::MAX)
        .filter_map(Trap::from_code)
        .filter(is_meant)
        .collect();
    match (meant.as_slice(), message) {
        ([trap], _) => Ok(*trap),
        (_, "null function reference" | "null exception reference") => Ok(Trap::NullReference),
        (_, "out of bounds") if bounds.memory != bounds.table => Ok(if bounds.memory {
            Trap::MemoryOutOfBounds
        } else {
            Trap::TableOutOfBounds
        }),
        _ => bail!("`{message}` names {} traps, not one", meant.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_may_be_shorter_and_longer() {
        let trap = |message| from_message(message, Bounds::default()).ok();
        assert_eq!(trap("undefined"), Some(Trap::UndefinedElement));
        assert_eq!(
            trap("uninitialized element 2"),
            Some(Trap::UninitializedElement)
        );
        assert_eq!(trap("null function reference"), Some(Trap::NullReference));
        assert_eq!(trap("out of bounds"), None);
        assert_eq!(trap("out of luck"), None);
    }

    #[test]
    fn what_the_module_has_decides() {
        let (memory, table) = (true, false);
        let trap = from_message("out of bounds", Bounds { memory, table });
        assert_eq!(trap.unwrap(), Trap::MemoryOutOfBounds);
    }
}
