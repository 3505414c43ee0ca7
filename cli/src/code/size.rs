//! Sizes on the command line: bytes, or with a suffix K, M or G, the powers of 1024.

/// Parses a size.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        _ => (text, 0),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("a size is a number of bytes, or one with K, M or G, such as 64M".into());
    }
    digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(1 << shift))
        .ok_or_else(|| "no address space is that large".into())
}

/// Parses the size of a stack, which is a page at least.
pub(super) fn stack(text: &str) -> Result<u64, String> {
    let size = parse(text)?;
    if size < 64 << 10 {
        return Err("the smallest stack is 64K".into());
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes() {
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(parse("65536"), Ok(65536));
        assert_eq!(parse("64K"), Ok(64 << 10));
        assert_eq!(parse("8m"), Ok(8 << 20));
        assert_eq!(parse("4G"), Ok(4 << 30));
        assert_eq!(parse("17179869183G"), Ok(17179869183 << 30));
    }

    #[test]
    fn what_is_no_size() {
        for text in [
            "", "K", "-1", "+1", "1.5M", "8MB", "8 M", "0x10", "8T", "é", "1é",
        ] {
            assert!(parse(text).unwrap_err().contains("such as 64M"), "{text}");
        }
        for text in ["17179869184G", "99999999999999999999"] {
            assert!(parse(text).unwrap_err().contains("large"), "{text}");
        }
    }

    #[test]
    fn stacks() {
        assert!(stack("0").is_err());
        assert!(stack("65535").is_err());
        assert_eq!(stack("64K"), Ok(64 << 10));
    }
}
