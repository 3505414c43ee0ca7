//! Splitting a directive's value into words, and the escapes in them.

use anyhow::{Result, bail};

/// Splits at blanks. Double quotes keep blanks together; `\n`, `\t`, `\"`, `\\`, `\xNN` are escapes everywhere, so a
/// word can hold any bytes.
pub fn split(text: &str) -> Result<Vec<Vec<u8>>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quoted = false;
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            b' ' if !quoted => words.extend(word.take()),
            b'\\' => {
                let (byte, tail) = escape(rest)?;
                rest = tail;
                word.get_or_insert_default().push(byte);
            }
            _ => word.get_or_insert_default().push(byte),
        }
    }
    if quoted {
        bail!("a quote is not closed in: {text}");
    }
    words.extend(word);
    Ok(words)
}

/// Resolves the escapes of [`split`] in a text that is not split.
pub fn unescape(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte == b'\\' {
            let (byte, tail) = escape(rest)?;
            rest = tail;
            bytes.push(byte);
        } else {
            bytes.push(byte);
        }
    }
    Ok(bytes)
}

fn escape(rest: &[u8]) -> Result<(u8, &[u8])> {
    match rest {
        [b'n', tail @ ..] => Ok((b'\n', tail)),
        [b't', tail @ ..] => Ok((b'\t', tail)),
        [b'0', tail @ ..] => Ok((0, tail)),
        [byte @ (b'"' | b'\\' | b' '), tail @ ..] => Ok((*byte, tail)),
        [b'x', high, low, tail @ ..] => {
            let digits = [*high, *low];
            let digits = std::str::from_utf8(&digits)?;
            Ok((u8::from_str_radix(digits, 16)?, tail))
        }
        _ => bail!("unknown escape: \\{}", String::from_utf8_lossy(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_quotes_and_escapes() {
        let words = split(r#"a  "b c" "" \xff\n d"e f""#).unwrap();
        let expected: [&[u8]; 5] = [b"a", b"b c", b"", b"\xff\n", b"de f"];
        assert_eq!(words, expected);
        assert!(split("\"a").is_err());
        assert!(split("\\q").is_err());
    }
}
