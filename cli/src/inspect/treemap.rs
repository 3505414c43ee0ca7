//! Squarified tree maps: a rectangle is divided into rectangles of given areas that are nearly squares.
//!
//! Mark Bruls, Kees Huizing, Jarke J. van Wijk: Squarified Treemaps, Eurographics/IEEE VGTC Symposium on Visualization,
//! 2000. <https://doi.org/10.1007/978-3-7091-6783-0_4>

/// A rectangle; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rectangle {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rectangle {
    pub(super) fn area(self) -> f64 {
        self.width * self.height
    }
}

/// Divides `whole` in proportion to `sizes`, which are positive and in descending order.
pub(super) fn squarify(sizes: &[u64], whole: Rectangle) -> Vec<Rectangle> {
    let total: u64 = sizes.iter().sum();
    let scale = whole.area() / total as f64;
    let areas: Vec<f64> = sizes.iter().map(|size| *size as f64 * scale).collect();
    let mut rectangles = Vec::with_capacity(areas.len());
    let mut free = whole;
    let mut rest = &areas[..];
    while !rest.is_empty() {
        let row = row(rest, free.width.min(free.height));
        let (placed, later) = rest.split_at(row);
        free = place(placed, free, &mut rectangles);
        rest = later;
    }
    rectangles
}

/// How many of the areas stand in a row along a side of this length: one more as long as that makes the least square
/// of them no worse.
fn row(areas: &[f64], side: f64) -> usize {
    let mut sum = areas[0];
    let mut worst = ratio(areas[0], areas[0], sum, side);
    for (count, area) in areas.iter().enumerate().skip(1) {
        let next = ratio(areas[0], *area, sum + area, side);
        if next > worst {
            return count;
        }
        sum += area;
        worst = next;
    }
    areas.len()
}

/// The ratio of the longer to the shorter side of the rectangle that is least of a square, in a row of areas.
fn ratio(largest: f64, smallest: f64, sum: f64, side: f64) -> f64 {
    let (sum, side) = (sum * sum, side * side);
    (side * largest / sum).max(sum / (side * smallest))
}

/// Puts a row along the shorter side of what is free; gives what is free then.
fn place(row: &[f64], free: Rectangle, rectangles: &mut Vec<Rectangle>) -> Rectangle {
    let sum: f64 = row.iter().sum();
    let mut at = 0.0;
    if free.width >= free.height {
        let width = sum / free.height;
        for area in row {
            let height = area / width;
            rectangles.push(Rectangle {
                y: free.y + at,
                width,
                height,
                ..free
            });
            at += height;
        }
        Rectangle {
            x: free.x + width,
            width: free.width - width,
            ..free
        }
    } else {
        let height = sum / free.width;
        for area in row {
            let width = area / height;
            rectangles.push(Rectangle {
                x: free.x + at,
                width,
                height,
                ..free
            });
            at += width;
        }
        Rectangle {
            y: free.y + height,
            height: free.height - height,
            ..free
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Rectangle = Rectangle {
        x: 0.0,
        y: 0.0,
        width: 6.0,
        height: 4.0,
    };

    /// The example of the paper.
    #[test]
    fn the_papers_example() {
        let rectangles = squarify(&[6, 6, 4, 3, 2, 2, 1], WHOLE);
        let sides: Vec<(f64, f64)> = rectangles
            .iter()
            .map(|one| {
                let round = |number: f64| (number * 100.0).round() / 100.0;
                (round(one.width), round(one.height))
            })
            .collect();
        assert_eq!(
            sides,
            [
                (3.0, 2.0),
                (3.0, 2.0),
                (1.71, 2.33),
                (1.29, 2.33),
                (1.2, 1.67),
                (1.2, 1.67),
                (0.6, 1.67)
            ]
        );
    }

    #[test]
    fn areas_fill_the_whole() {
        let sizes: Vec<u64> = (1..1000).rev().map(|number| number * number).collect();
        let total: u64 = sizes.iter().sum();
        let rectangles = squarify(&sizes, WHOLE);
        for (size, one) in sizes.iter().zip(&rectangles) {
            let share = *size as f64 / total as f64;
            assert!((one.area() / WHOLE.area() - share).abs() < share * 1e-6);
            assert!(one.x >= 0.0 && one.x + one.width < 6.0 + 1e-9, "{one:?}");
            assert!(one.y >= 0.0 && one.y + one.height < 4.0 + 1e-9, "{one:?}");
        }
    }
}
