//! Text for people: what comes from elsewhere can't do harm, and numbers are easy to read.

/// The text, which may not command a terminal.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() {
            plain.extend(char.escape_default());
        } else {
            plain.push(char);
        }
    }
    plain
}

/// The text as that of an XML or HTML document, which has no control characters.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for char in plain(text).chars() {
        match char {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            // Not in XML: https://www.w3.org/TR/xml/#charsets
            '\u{fffe}' | '\u{ffff}' => escaped += "\u{fffd}",
            char => escaped.push(char),
        }
    }
    escaped
}

/// A number in groups of three digits.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn no_text_commands_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\nä"), "a\\u{1b}[2Jb\\nä");
    }
}
