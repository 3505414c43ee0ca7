//! Lengths of time on the command line: seconds, or with a suffix ms, s, m or h.

use std::time::Duration;

/// Parses a length of time, which is a millisecond at least.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let end = text.find(|character: char| !character.is_ascii_digit());
    let (digits, unit) = text.split_at(end.unwrap_or(text.len()));
    let milliseconds = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    if digits.is_empty() || milliseconds == 0 {
        return Err(
            "a time is a number of seconds, or one with ms, s, m or h, such as 500ms".into(),
        );
    }
    let time = digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(milliseconds))
        .filter(|&time| time <= LONGEST)
        .ok_or("the longest time is 100 years; without --timeout there is no limit")?;
    match time {
        0 => Err("a program needs some time; without --timeout there is no limit".into()),
        _ => Ok(Duration::from_millis(time)),
    }
}

/// A hundred years, in milliseconds.
const LONGEST: u64 = 100 * 366 * 24 * 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        for (text, milliseconds) in [
            ("1", 1000),
            ("90s", 90_000),
            ("1ms", 1),
            ("2m", 120_000),
            ("1h", 3_600_000),
        ] {
            assert_eq!(
                parse(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time() {
        for (text, word) in [
            ("", "500ms"),
            ("s", "500ms"),
            ("1.5s", "500ms"),
            ("-1", "500ms"),
            ("1 s", "500ms"),
            ("1d", "500ms"),
            ("1é", "500ms"),
            ("0", "no limit"),
            ("0ms", "no limit"),
            ("99999999h", "100 years"),
            ("99999999999999999999", "100 years"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
