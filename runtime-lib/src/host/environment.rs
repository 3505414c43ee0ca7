//! Arguments and environment variables, as the guest sees them: the arguments all, of the environment what was granted
//! while compiling.

use crate::program::elements;
use crate::start::process;
use core::ffi::CStr;

/// The arguments, the first being the name that the program was called by.
pub(crate) fn arguments() -> impl Iterator<Item = &'static [u8]> {
    process().arguments().map(CStr::to_bytes)
}

/// The granted variables, each `NAME=VALUE`. A variable granted without a value has the one that it had when the
/// executable was started, and is left out when it had none.
pub(crate) fn variables() -> impl Iterator<Item = &'static [u8]> {
    let granted = elements(&process().program().environment).iter();
    granted.filter_map(|variable| variable_text(elements(&variable.text)))
}

fn variable_text(granted: &'static [u8]) -> Option<&'static [u8]> {
    if granted.contains(&b'=') {
        return Some(granted);
    }
    let mut inherited = process().environment().map(CStr::to_bytes);
    inherited.find(|text| is_value_of(text, granted))
}

fn is_value_of(text: &[u8], name: &[u8]) -> bool {
    let rest = text.strip_prefix(name);
    rest.is_some_and(|rest| rest.first() == Some(&b'='))
}

#[cfg(test)]
mod tests {
    use super::is_value_of;

    #[test]
    fn a_name_is_all_of_the_name() {
        assert!(is_value_of(b"HOME=/root", b"HOME"));
        assert!(is_value_of(b"HOME=", b"HOME"));
        assert!(!is_value_of(b"HOMEDIR=/root", b"HOME"));
        assert!(!is_value_of(b"HOME", b"HOME"));
        assert!(!is_value_of(b"HO=/root", b"HOME"));
    }
}
