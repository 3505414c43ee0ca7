//! `-Z no-PASS`: a pass of the optimiser that is left out.

use elfin_compiler::options::Pass;

/// Parses one value.
pub(super) fn parse(text: &str) -> Result<Pass, String> {
    let passes = Pass::ALL.iter();
    let mut named = passes.filter(|pass| text.strip_prefix("no-") == Some(pass.name()));
    named.next().copied().ok_or_else(|| {
        let all: Vec<String> = Pass::ALL
            .iter()
            .map(|pass| format!("no-{}", pass.name()))
            .collect();
        format!("there is {}", all.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pass_has_a_name_of_its_own() {
        for pass in Pass::ALL {
            assert_eq!(parse(&format!("no-{}", pass.name())), Ok(*pass));
        }
        for text in ["", "no-", "inline", "no-such"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
