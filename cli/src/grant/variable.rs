//! `--env` and `--inherit-env`: environment variables that the guest sees. Names and values are bytes, not text.

use elfin_abi::grant;
use elfin_compiler::options::Variable;
use std::ffi::OsStr;

/// What stands for all variables in the place of a name. No shell sets a variable of this name.
pub(super) const ALL: &str = "*";

/// What `--inherit-env` names.
#[derive(Clone)]
pub(super) enum Inherited {
    /// All variables.
    All,
    /// One.
    One(Variable),
}

/// Parses `NAME[=VALUE]`.
pub(super) fn parse(text: &OsStr) -> Result<Variable, &'static str> {
    let variable = grant::variable(text.as_encoded_bytes())?;
    Ok(Variable {
        name: variable.name.into(),
        value: variable.value.map(Into::into),
    })
}

/// Parses a name of the list of `--inherit-env`.
pub(super) fn inherited(text: &OsStr) -> Result<Inherited, &'static str> {
    if text == ALL {
        return Ok(Inherited::All);
    }
    if text.as_encoded_bytes().contains(&b'*') {
        return Err("names are wanted, no patterns; without a list all variables are passed on");
    }
    let variable = parse(text)?;
    match variable.value {
        None => Ok(Inherited::One(variable)),
        Some(_) => Err("only names are inherited; --env NAME=VALUE gives a value"),
    }
}

/// The variables, of those with the same name the last one.
pub(super) fn last_of_each(variables: impl IntoIterator<Item = Variable>) -> Vec<Variable> {
    let mut list: Vec<Variable> = Vec::new();
    for variable in variables {
        list.retain(|earlier| earlier.name != variable.name);
        list.push(variable);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(text: &str) -> Variable {
        parse(OsStr::new(text)).unwrap()
    }

    #[test]
    fn lists_of_names() {
        let parse = |text| inherited(OsStr::new(text));
        assert!(matches!(parse("*"), Ok(Inherited::All)));
        assert!(matches!(parse("A"), Ok(Inherited::One(one)) if one == variable("A")));
        for text in ["", "LC_*", "A=1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_of_a_name_counts() {
        let variables = ["A=1", "B", "A", "C=", "B=2"].map(variable);
        let expected = ["A", "C=", "B=2"].map(variable);
        assert_eq!(last_of_each(variables), expected);
    }
}
