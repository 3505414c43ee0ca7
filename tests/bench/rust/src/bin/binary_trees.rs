//! Trees that are built, walked and dropped again: an allocation a node.
//# set: small
//# count: 70
//# short: 1

use bench::{Checksum, count};

#[derive(Default)]
struct Node {
    left: Option<Box<Node>>,
    right: Option<Box<Node>>,
}

fn build(depth: u32) -> Node {
    let child = || (depth > 0).then(|| Box::new(build(depth - 1)));
    Node {
        left: child(),
        right: child(),
    }
}

fn nodes(node: &Node) -> u64 {
    let below = |child: &Option<Box<Node>>| child.as_deref().map_or(0, nodes);
    1 + below(&node.left) + below(&node.right)
}

fn main() {
    let mut sum = Checksum::new();
    let kept = build(14);
    for _ in 0..count() {
        for depth in (4..=14).step_by(2) {
            for _ in 0..1 << (14 - depth) {
                sum.add(nodes(&build(depth)));
            }
        }
    }
    sum.add(nodes(&kept));
    sum.print();
}
