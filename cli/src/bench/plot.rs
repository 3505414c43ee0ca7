//! A quantity as a picture: a line a contestant, a dot a round, the middle half as a bar, the median as a number.
//!
//! The picture is SVG that stands in a page. Its colours are the numbers of [`COLORS`], for which the page's style
//! sheet has one for light and one for dark.

use super::statistics::quantile;
use super::unit::Unit;
use crate::plain::{escape, plain};
use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// What is drawn in one line.
pub(super) struct Strip<'a> {
    pub(super) name: &'a str,
    /// One at least.
    pub(super) samples: &'a [f64],
    /// Whether it is elfin's.
    pub(super) is_ours: bool,
}

/// What a colour is for; the red part says which it is.
const INK: RGBColor = RGBColor(1, 0, 0);
const LINES: RGBColor = RGBColor(2, 0, 0);
const OURS: RGBColor = RGBColor(3, 0, 0);
const OTHERS: RGBColor = RGBColor(4, 0, 0);

/// The style sheet's variables for them, by the colours as SVG writes them.
pub(super) const COLORS: [(&str, &str); 4] = [
    ("#010000", "--ink"),
    ("#020000", "--lines"),
    ("#030000", "--ours"),
    ("#040000", "--others"),
];

/// In pixels of a screen that shows it at full width.
const WIDTH: u32 = 880;
const LINE: u32 = 34;
const AXIS: u32 = 34;
const NUMBERS: u32 = 90;
const TEXT: i32 = 14;
/// A letter, at most.
const LETTER: u32 = 8;

/// How many times the least median the largest may be on an axis that begins with zero.
const LINEAR: f64 = 30.0;

/// Draws the strips, the first one on top. `title` is for who does not see the picture.
pub(super) fn draw(title: &str, unit: Unit, strips: &[Strip]) -> String {
    let mut svg = String::new();
    let height = LINE * strips.len() as u32 + AXIS;
    let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    let medians = strips.iter().map(|strip| quartiles(strip.samples)[1]);
    let least = medians.clone().fold(f64::INFINITY, f64::min);
    let most = medians.fold(0.0, f64::max);
    let all = || {
        strips
            .iter()
            .flat_map(|strip| strip.samples.iter().copied())
    };
    let (low, high) = (
        all().fold(f64::INFINITY, f64::min),
        all().fold(0.0, f64::max),
    );
    let is_logarithmic = most > LINEAR * least && low > 0.0;
    match is_logarithmic {
        true => {
            let axis = (low / 1.3..high * 1.3).log_scale();
            chart(
                root,
                axis,
                |value| unit.show_round(value, value),
                unit,
                strips,
            );
        }
        false => {
            let end = high.max(f64::MIN_POSITIVE) * 1.05;
            chart(
                root,
                0.0..end,
                |value| unit.show_round(value, high),
                unit,
                strips,
            );
        }
    }
    let scale = match is_logarithmic {
        true => ", on a logarithmic scale",
        false => "",
    };
    let label = escape(&format!("{title}{scale}"));
    // The size is the page's business.
    let (_, rest) = svg.split_once("viewBox").expect("plotters writes one");
    format!("<svg role=\"img\" aria-label=\"{label}\" viewBox{rest}")
}

fn chart<X: AsRangedCoord<Value = f64>>(
    root: DrawingArea<SVGBackend, plotters::coord::Shift>,
    axis: X,
    scale: impl Fn(f64) -> String,
    unit: Unit,
    strips: &[Strip],
) where
    X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    let draw = || {
        let mut chart = ChartBuilder::on(&root)
            .margin_right(NUMBERS)
            .x_label_area_size(AXIS)
            .y_label_area_size(names_width(strips))
            .build_cartesian_2d(axis, (0..strips.len() - 1).into_segmented())?;
        let names = |place: &SegmentValue<usize>| match place {
            SegmentValue::CenterOf(at) if *at < strips.len() => {
                plain(strips[strips.len() - 1 - at].name)
            }
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .disable_y_mesh()
            .x_labels(6)
            .x_label_formatter(&|value| scale(*value))
            .y_labels(strips.len())
            .y_label_formatter(&names)
            .label_style(text(INK))
            .axis_style(LINES)
            .bold_line_style(LINES)
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (at, strip) in strips.iter().rev().enumerate() {
            let color = match strip.is_ours {
                true => OURS,
                false => OTHERS,
            };
            let place = |value| (value, SegmentValue::CenterOf(at));
            let [first, median, third] = quartiles(strip.samples);
            let middle = PathElement::new([place(first), place(third)], color.stroke_width(7));
            chart.draw_series([middle])?;
            let dots = strip
                .samples
                .iter()
                .map(|sample| Circle::new(place(*sample), 4, color.mix(0.45).filled()));
            chart.draw_series(dots)?;
            let mark = EmptyElement::at(place(median))
                + PathElement::new([(0, -10), (0, 10)], INK.stroke_width(2));
            chart.draw_series([mark])?;
            let largest = strip.samples.iter().copied().fold(0.0, f64::max);
            let number = EmptyElement::at(place(largest))
                + Text::new(
                    unit.show(median),
                    (10, 0),
                    text(INK).pos(Pos::new(HPos::Left, VPos::Center)),
                );
            chart.draw_series([number])?;
        }
        root.present()
    };
    draw().expect("a string takes all that is drawn");
}

fn names_width(strips: &[Strip]) -> u32 {
    let letters = strips.iter().map(|strip| strip.name.chars().count());
    (letters.max().unwrap_or(0) as u32 * LETTER + 16).min(WIDTH / 3)
}

fn text(color: RGBColor) -> TextStyle<'static> {
    ("sans-serif", TEXT).into_font().color(&color)
}

/// The first quartile, the median and the third.
fn quartiles(samples: &[f64]) -> [f64; 3] {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    [0.25, 0.5, 0.75].map(|share| quantile(&sorted, share))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(samples: &[&[f64]]) -> String {
        let strips: Vec<Strip> = samples
            .iter()
            .map(|samples| Strip {
                name: "a <b>",
                samples,
                is_ours: false,
            })
            .collect();
        draw("time & memory", Unit::Seconds, &strips)
    }

    #[test]
    fn a_dot_a_round() {
        let svg = drawn(&[&[1.0, 2.0, 3.0], &[2.0]]);
        assert_eq!(svg.matches("<circle").count(), 4);
        assert!(svg.contains("aria-label=\"time &amp; memory\""), "{svg}");
        assert!(svg.contains("a &lt;b&gt;") && !svg.contains("<b>"), "{svg}");
        for color in svg
            .split("#")
            .skip(1)
            .map(|rest| format!("#{}", &rest[..6]))
        {
            assert!(COLORS.iter().any(|(known, _)| *known == color), "{color}");
        }
    }

    #[test]
    fn scales() {
        assert!(!drawn(&[&[1.0], &[29.0]]).contains("logarithmic"));
        assert!(drawn(&[&[1.0], &[31.0]]).contains("logarithmic"));
        // Neither a zero nor nothing but zeros breaks anything.
        assert!(!drawn(&[&[0.0], &[31.0]]).contains("logarithmic"));
        drawn(&[&[0.0]]);
    }
}
