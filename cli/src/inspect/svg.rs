//! The picture of an executable's sizes: a tree map as SVG that needs nothing beside it.
//!
//! Each leaf is a `rect` with the attribute `data-bytes`, whose area is that share of the map, and a tooltip. What would
//! be too small to see or to point at is one leaf together with its like.

use super::sizes::{KINDS, Part};
use super::treemap::{Rectangle, squarify};
use crate::plain::{escape, number};
use std::fmt::Write;

/// Of the map. The legend stands below.
const WIDTH: f64 = 1200.0;
const HEIGHT: f64 = 800.0;

/// The least area of a leaf of its own.
const LEAST_AREA: f64 = 16.0;

/// Height of a line of text, and the width of a letter at most.
const LINE: f64 = 14.0;
const LETTER: f64 = 6.7;

/// The size of a leaf's label to a group's.
const LINE_RATIO: f64 = 11.0 / 14.0;

/// A colour for each of [`KINDS`].
const COLORS: [&str; KINDS.len()] = [
    "#4e79a7", "#f28e2b", "#edc948", "#59a14f", "#8cd17d", "#b07aa1", "#9c755f", "#ff9da7",
    "#76b7b2", "#d4d4d4",
];

/// Draws the parts of the executable of this name.
pub(super) fn draw(name: &str, file: &Part) -> String {
    let legend = file.parts.iter().filter(|part| part.size > 0).count() as f64 * (LINE + 4.0);
    let height = HEIGHT + 2.0 * LINE + legend;
    let name = escape(name);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"monospace\" font-size=\"11\">\n\
         <title>{name}: {} bytes</title>\n\
         <style>.leaf{{stroke:#fff;stroke-width:.4}} .leaf:hover{{fill-opacity:.7}} .group{{fill:none;stroke:#fff;\
         stroke-width:1.5}} .name{{fill:#fff;font-size:14px;font-weight:bold}} text{{pointer-events:none}}</style>\n",
        number(file.size)
    );
    let whole = Rectangle {
        x: 0.0,
        y: 0.0,
        width: WIDTH,
        height: HEIGHT,
    };
    let mut groups = String::new();
    for (part, place) in divide(file, whole) {
        let kind = KINDS.iter().position(|kind| *kind == part.name);
        let color = COLORS[kind.unwrap_or(COLORS.len() - 1)];
        draw_part(
            &mut svg,
            &mut groups,
            &part,
            place,
            &escape(&part.name),
            color,
        );
    }
    svg += &groups;
    let mut y = HEIGHT + LINE + 4.0;
    for part in file.parts.iter().filter(|part| part.size > 0) {
        let kind = KINDS.iter().position(|kind| *kind == part.name);
        let color = COLORS[kind.unwrap_or(COLORS.len() - 1)];
        let _ = writeln!(
            svg,
            "<circle cx=\"8\" cy=\"{}\" r=\"5\" fill=\"{color}\"/><text x=\"20\" y=\"{y}\">{} {} bytes, {:.1} %</text>",
            y - 4.0,
            escape(&part.name),
            number(part.size),
            part.size as f64 * 100.0 / file.size as f64
        );
        y += LINE + 4.0;
    }
    svg += "</svg>\n";
    svg
}

/// Draws a part, its groups' borders into `groups`, which lie above all leaves. `path` is escaped.
fn draw_part(
    svg: &mut String,
    groups: &mut String,
    part: &Part,
    place: Rectangle,
    path: &str,
    color: &str,
) {
    let Rectangle {
        x,
        y,
        width,
        height,
    } = place;
    let at = format!("x=\"{x:.4}\" y=\"{y:.4}\" width=\"{width:.4}\" height=\"{height:.4}\"");
    if part.parts.is_empty() || place.area() < LEAST_AREA {
        let _ = writeln!(
            svg,
            "<rect class=\"leaf\" {at} fill=\"{color}\" data-bytes=\"{}\"><title>{path}: {} bytes</title></rect>",
            part.size,
            number(part.size)
        );
        if let Some(label) = label(&part.name, width, height) {
            let (x, y) = (x + 3.0, y + LINE);
            let _ = writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\">{label}</text>");
        }
        return;
    }
    let _ = writeln!(
        groups,
        "<rect class=\"group\" {at} pointer-events=\"none\"/>"
    );
    // Labels of leaves stand at their tops.
    if height > 3.0 * LINE
        && let Some(label) = label(&part.name, width * LINE_RATIO, height)
    {
        let (x, y) = (x + 4.0, y + height - 5.0);
        let _ = writeln!(
            groups,
            "<text class=\"name\" x=\"{x:.1}\" y=\"{y:.1}\">{label}</text>"
        );
    }
    for (inner, place) in divide(part, place) {
        let path = format!("{path}: {}", escape(&inner.name));
        draw_part(svg, groups, &inner, place, &path, color);
    }
}

/// Where the parts of a part lie; those that would be too small are one.
fn divide(part: &Part, place: Rectangle) -> Vec<(Part, Rectangle)> {
    let least = (LEAST_AREA / place.area() * part.size as f64).ceil() as u64;
    let sized = part.parts.iter().filter(|part| part.size > 0);
    let (small, mut parts): (Vec<Part>, Vec<Part>) =
        sized.cloned().partition(|part| part.size < least);
    let rest = match &small[..] {
        [] => None,
        [_] => small.into_iter().next(),
        _ => Some(Part {
            name: format!("{} smaller ones", small.len()),
            size: small.iter().map(|part| part.size).sum(),
            parts: Vec::new(),
        }),
    };
    parts.extend(rest);
    parts.sort_by_key(|part| std::cmp::Reverse(part.size));
    let sizes: Vec<u64> = parts.iter().map(|part| part.size).collect();
    if sizes.is_empty() {
        return Vec::new();
    }
    parts.into_iter().zip(squarify(&sizes, place)).collect()
}

/// As much of a name as fits, if that says anything.
fn label(name: &str, width: f64, height: f64) -> Option<String> {
    let fits = ((width - 6.0) / LETTER) as usize;
    if height < LINE + 4.0 || fits < 4 {
        return None;
    }
    let len = name.chars().count();
    if len <= fits {
        return Some(escape(name));
    }
    let start: String = name.chars().take(fits - 1).collect();
    Some(escape(&start) + "…")
}
