//! Quantities as text, with as many digits as say something.

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Bytes,
}

impl Unit {
    /// A quantity with its unit.
    pub(super) fn show(self, value: f64) -> String {
        let (size, name) = self.step(value);
        format!("{} {name}", digits(value / size))
    }

    /// A round quantity in the unit in which `like` is shown, for an axis that ends there.
    pub(super) fn show_round(self, value: f64, like: f64) -> String {
        let (size, name) = self.step(like);
        // What is left of a sum of tenths.
        let rounded = (value / size * 1e6).round() / 1e6;
        match rounded {
            0.0 => "0".into(),
            _ => format!("{rounded} {name}"),
        }
    }

    /// The largest unit of which there is one at least, and its name.
    fn step(self, value: f64) -> (f64, &'static str) {
        let steps = match self {
            Self::Seconds => [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")],
            Self::Bytes => [(1e9, "GB"), (1e6, "MB"), (1e3, "KB")],
        };
        let fits = steps.iter().find(|(size, _)| value >= *size);
        *fits.unwrap_or(&steps[2])
    }
}

/// Three digits or more, but none behind the point from 1000 on.
fn digits(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        0.0..10.0 => format!("{value:.3}"),
        10.0..100.0 => format!("{value:.2}"),
        100.0..1000.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities() {
        for (unit, value, text) in [
            (Unit::Seconds, 0.0, "0 µs"),
            (Unit::Seconds, 1.2345, "1.234 s"),
            (Unit::Seconds, 4321.0, "4321 s"),
            (Unit::Seconds, 0.012_345, "12.35 ms"),
            (Unit::Seconds, 0.000_543_21, "543.2 µs"),
            (Unit::Seconds, 1e-8, "0.010 µs"),
            (Unit::Bytes, 612_345.0, "612.3 KB"),
            (Unit::Bytes, 1_640_000.0, "1.640 MB"),
            (Unit::Bytes, 512.0, "0.512 KB"),
        ] {
            assert_eq!(unit.show(value), text);
        }
        for (value, like, text) in [
            (0.0, 1.0, "0"),
            (0.1 + 0.2, 0.5, "300 ms"),
            (0.5, 1.5, "0.5 s"),
            (20.0, 20.0, "20 s"),
        ] {
            assert_eq!(Unit::Seconds.show_round(value, like), text);
        }
    }
}
