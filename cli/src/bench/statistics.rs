//! What a row of numbers says: its median and spread, and how two rows that were measured in turns compare.

use serde::Serialize;

/// How sure an interval is to hold the true median, at least.
const CONFIDENCE: f64 = 0.95;

/// The fewest rounds whose ratios have an interval of that confidence.
pub(super) const FEWEST: usize = 6;

/// The middle of some numbers, and how far the middle half of them lies apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Summary {
    pub(super) median: f64,
    /// The interquartile range: the third quartile less the first.
    pub(super) iqr: f64,
}

/// How many times as much one row is as another: the median of the ratios of its pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Ratio {
    pub(super) median: f64,
    /// The interval that holds the true median, at 95 % confidence or more; all ratios where they are too few for that.
    pub(super) low: f64,
    pub(super) high: f64,
    /// Whether the interval has that confidence and 1 lies outside of it. If not, the rows were not told apart.
    pub(super) is_clear: bool,
}

/// Summarises numbers, of which there is one at least.
pub(super) fn summarise(numbers: &[f64]) -> Summary {
    let sorted = sorted(numbers);
    Summary {
        median: quantile(&sorted, 0.5),
        iqr: quantile(&sorted, 0.75) - quantile(&sorted, 0.25),
    }
}

/// Compares `numbers` with those of the same rounds in `base`. There is none where `base` has a zero.
pub(super) fn compare(numbers: &[f64], base: &[f64]) -> Option<Ratio> {
    if base.contains(&0.0) {
        return None;
    }
    let ratios: Vec<f64> = numbers.iter().zip(base).map(|(a, b)| a / b).collect();
    let sorted = sorted(&ratios);
    let (first, confidence) = outermost(sorted.len());
    let (low, high) = (sorted[first], sorted[sorted.len() - 1 - first]);
    Some(Ratio {
        median: quantile(&sorted, 0.5),
        low,
        high,
        is_clear: confidence >= CONFIDENCE && (low > 1.0 || high < 1.0),
    })
}

/// The order statistics between which the median of what `count` numbers were drawn from lies: the first one's index,
/// counted from either end, and the confidence. Each number lies below the median with probability 1/2, whatever the
/// distribution, so `k` of them or fewer do with that of the binomial distribution.
fn outermost(count: usize) -> (usize, f64) {
    // The probability that exactly `first` numbers lie below.
    let mut exactly = 0.5_f64.powi(count as i32);
    let mut outside = 2.0 * exactly;
    let mut found = (0, 1.0 - outside);
    for first in 1..count.div_ceil(2) {
        exactly *= (count - first + 1) as f64 / first as f64;
        outside += 2.0 * exactly;
        if 1.0 - outside < CONFIDENCE {
            break;
        }
        found = (first, 1.0 - outside);
    }
    found
}

fn sorted(numbers: &[f64]) -> Vec<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// The quantile of sorted numbers, between two of them by the distance to each.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor(), place.ceil());
    let (low, high) = (sorted[below as usize], sorted[above as usize]);
    low + (high - low) * (place - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_spread() {
        for (numbers, median, iqr) in [
            (&[3.0][..], 3.0, 0.0),
            (&[4.0, 1.0], 2.5, 1.5),
            (&[5.0, 1.0, 3.0, 2.0, 4.0], 3.0, 2.0),
            (&[1.0, 1.0, 1.0, 100.0], 1.0, 24.75),
        ] {
            assert_eq!(summarise(numbers), Summary { median, iqr });
        }
    }

    /// The table of the sign test: <https://en.wikipedia.org/wiki/Sign_test>, two-sided, at 5 %.
    #[test]
    fn the_interval_of_the_median() {
        for (count, first) in [
            (1, 0),
            (5, 0),
            (6, 0),
            (8, 0),
            (9, 1),
            (11, 1),
            (12, 2),
            (15, 3),
            (20, 5),
            (50, 17),
        ] {
            assert_eq!(outermost(count).0, first, "{count}");
        }
        assert_eq!(outermost(1).1, 0.0);
        assert!(outermost(FEWEST - 1).1 < CONFIDENCE && outermost(FEWEST).1 >= CONFIDENCE);
        assert!((outermost(10).1 - 0.978_515_625).abs() < 1e-12);
    }

    #[test]
    fn ratios_are_of_pairs() {
        // A machine that slows down from round to round: neither row alone says anything.
        let base: Vec<f64> = (1..=9).map(f64::from).collect();
        let twice: Vec<f64> = base.iter().map(|number| number * 2.0).collect();
        let ratio = compare(&twice, &base).unwrap();
        assert_eq!((ratio.median, ratio.low, ratio.high), (2.0, 2.0, 2.0));
        assert!(ratio.is_clear);
        assert!(!compare(&base, &base).unwrap().is_clear);
        // As often more as less.
        let noise: Vec<f64> = base
            .iter()
            .map(|n| n * if n % 2.0 == 0.0 { 1.1 } else { 0.9 })
            .collect();
        assert!(!compare(&noise, &base).unwrap().is_clear);
        // One round in nine is an outlier that changes nothing.
        let mut outlier = twice.clone();
        outlier[4] = 0.1;
        assert!(compare(&outlier, &base).unwrap().is_clear);
        // Too few rounds to be sure of anything.
        assert!(!compare(&twice[..5], &base[..5]).unwrap().is_clear);
        assert!(compare(&twice[..6], &base[..6]).unwrap().is_clear);
        assert_eq!(compare(&[1.0], &[0.0]), None);
    }
}
