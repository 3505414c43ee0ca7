//! Function names as people wrote them: those of Rust and C++, which compilers encode into symbols.
//!
//! A short symbol can stand for a name of any length, since parts of it refer to earlier parts; what becomes too long
//! is left as it is.

use std::borrow::Cow;
use std::fmt::{self, Write};

/// Bytes of the longest name that is worth reading.
const LONGEST: usize = 4096;

/// The name that a symbol of Rust (without its hash) or C++ stands for; any other name itself.
pub fn demangle(name: &str) -> Cow<'_, str> {
    if name.len() > LONGEST {
        return Cow::Borrowed(name);
    }
    let mut text = Bounded(String::new());
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        if write!(text, "{rust:#}").is_ok() {
            return Cow::Owned(text.0);
        }
    } else if name.starts_with("_Z")
        && let Ok(cpp) = cpp_demangle::Symbol::new(name)
    {
        let options = cpp_demangle::DemangleOptions::new();
        if cpp.structured_demangle(&mut text, &options).is_ok() {
            return Cow::Owned(text.0);
        }
    }
    Cow::Borrowed(name)
}

/// A text that refuses to grow beyond [`LONGEST`].
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::demangle;

    #[test]
    fn names_of_rust_and_cpp() {
        for (symbol, name) in [
            ("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"),
            (
                "_ZN66_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE.llvm.77",
                "<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop",
            ),
            ("_RNvCskwGfYPst2Cb_3foo3bar", "foo::bar"),
            ("_RINvNtC3std3mem8align_ofdE", "std::mem::align_of::<f64>"),
            ("_ZN5shape4areaEi", "shape::area(int)"),
            (
                "_ZNSt6vectorIiE9push_backEi",
                "std::vector<int>::push_back(int)",
            ),
            // What needs none, and what only looks so.
            ("main", "main"),
            ("shape::area(int)", "shape::area(int)"),
            ("_Z", "_Z"),
            ("_R", "_R"),
            ("_ZN", "_ZN"),
        ] {
            assert_eq!(demangle(symbol), name);
        }
    }

    /// Each pair is of two of the one before.
    #[test]
    fn a_name_out_of_measure_stays() {
        let pairs = |count: u32| {
            let mut symbol = "_Z1fSt4pairIiiE".to_owned();
            for level in 0..count {
                let last = char::from_digit(level, 36).unwrap().to_ascii_uppercase();
                symbol += &format!("S_IS{last}_S{last}_E");
            }
            symbol
        };
        assert!(demangle(&pairs(3)).ends_with("int> > > >)"));
        assert_eq!(demangle(&pairs(30)), pairs(30));
        let long = "n".repeat(50_000);
        assert_eq!(demangle(&long), long);
    }
}
