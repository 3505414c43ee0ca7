//! Text without allocation and without `core::fmt`: pieces collect in a buffer, which is written out when it is full
//! and by [`Message::send`].

use crate::sys::output::{Stream, write_all};

/// Bytes of the buffer. A trap report of 32 frames with short names fits, so that it is one write.
const SIZE: usize = 4096;

/// A text on its way to a standard stream.
pub(crate) struct Message {
    stream: Stream,
    len: usize,
    bytes: [u8; SIZE],
}

impl Message {
    /// An empty text.
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            len: 0,
            bytes: [0; SIZE],
        }
    }

    /// A message of elfin's own on standard error.
    pub(crate) fn error() -> Self {
        let mut message = Self::new(Stream::Error);
        message.text("elfin: ");
        message
    }

    /// Adds a byte.
    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        if self.len == SIZE {
            self.send();
        }
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
        self
    }

    /// Adds a text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for &byte in text.as_bytes() {
            self.byte(byte);
        }
        self
    }

    /// Adds a text that comes from outside. Control characters, of ASCII (`\x1b`) and of UTF-8 (U+0080 to U+009F),
    /// and bytes that are not UTF-8 are written as their numbers, so that a name can't control a terminal.
    pub(crate) fn foreign(&mut self, text: &[u8]) -> &mut Self {
        for chunk in text.utf8_chunks() {
            let valid = chunk.valid();
            for (at, character) in valid.char_indices() {
                let bytes = valid.as_bytes().get(at..at + character.len_utf8());
                for &byte in bytes.unwrap_or(&[]) {
                    if character.is_control() {
                        self.escaped(byte);
                    } else {
                        self.byte(byte);
                    }
                }
            }
            for &byte in chunk.invalid() {
                self.escaped(byte);
            }
        }
        self
    }

    /// Adds a number in decimal.
    pub(crate) fn decimal(&mut self, number: u64) -> &mut Self {
        self.digits(number, 10, 1)
    }

    /// Adds a signed number in decimal.
    pub(crate) fn signed(&mut self, number: i64) -> &mut Self {
        if number < 0 {
            self.byte(b'-');
        }
        self.decimal(number.unsigned_abs())
    }

    /// Adds a number in hexadecimal after `0x`, of at least four digits.
    pub(crate) fn hex(&mut self, number: u64) -> &mut Self {
        self.text("0x").digits(number, 16, 4)
    }

    /// Adds a number in decimal, right-aligned in this many columns.
    pub(crate) fn column(&mut self, number: u64, width: usize) -> &mut Self {
        let digits = number.checked_ilog10().map_or(1, |log| log as usize + 1);
        for _ in digits..width {
            self.byte(b' ');
        }
        self.decimal(number)
    }

    /// Writes out what has collected.
    pub(crate) fn send(&mut self) {
        write_all(self.stream, self.bytes.get(..self.len).unwrap_or(&[]));
        self.len = 0;
    }

    /// What has collected since it was last sent.
    #[cfg(test)]
    pub(crate) fn collected(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.len]).unwrap()
    }

    fn escaped(&mut self, byte: u8) {
        self.text("\\x").digits(u64::from(byte), 16, 2);
    }

    fn digits(&mut self, mut number: u64, base: u64, least: usize) -> &mut Self {
        let mut digits = [b'0'; 20];
        let mut count = 0;
        for place in digits.iter_mut().rev() {
            if number == 0 && count >= least {
                break;
            }
            let digit = (number % base) as u8;
            *place = digit + if digit < 10 { b'0' } else { b'a' - 10 };
            number /= base;
            count += 1;
        }
        for &digit in digits.iter().skip(digits.len() - count) {
            self.byte(digit);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Message) -> &mut Message) -> std::string::String {
        write(&mut Message::new(Stream::Error)).collected().into()
    }

    #[test]
    fn numbers() {
        assert_eq!(
            written(|m| m.decimal(0).byte(b' ').decimal(u64::MAX)),
            "0 18446744073709551615"
        );
        assert_eq!(written(|m| m.signed(i64::MIN)), "-9223372036854775808");
        assert_eq!(
            written(|m| m.hex(0x1f).byte(b' ').hex(u64::MAX)),
            "0x001f 0xffffffffffffffff"
        );
        assert_eq!(
            written(|m| m.column(0, 4).column(10, 4).column(12345, 4)),
            "   0  1012345"
        );
    }

    #[test]
    fn a_name_can_not_control_a_terminal() {
        assert_eq!(
            written(|m| m.foreign("päth::f<T>".as_bytes())),
            "päth::f<T>"
        );
        assert_eq!(written(|m| m.foreign(b"a\x1b[2J\n")), "a\\x1b[2J\\x0a");
        assert_eq!(
            written(|m| m.foreign("\u{9b}2J".as_bytes())),
            "\\xc2\\x9b2J"
        );
        assert_eq!(written(|m| m.foreign(b"a\xff\xc3")), "a\\xff\\xc3");
    }
}
