//! `--env`: an environment variable that the guest sees. Names and values are bytes, not text.

use elfin_abi::grant;
use elfin_compiler::options::Variable;
use std::ffi::OsStr;

/// Parses `NAME[=VALUE]`.
pub(super) fn parse(text: &OsStr) -> Result<Variable, &'static str> {
    let variable = grant::variable(text.as_encoded_bytes())?;
    Ok(Variable {
        name: variable.name.into(),
        value: variable.value.map(Into::into),
    })
}
