//! The body of a function, as a list that a run can go back and forth in.

use wasmparser::{FunctionBody, Operator};

/// More operators than any function has that copies or fills.
const MOST_OPERATORS: usize = 4000;

/// More locals than any of them has.
const MOST_LOCALS: u32 = 100;

/// A body.
pub(super) struct Code<'a> {
    pub operators: Vec<Operator<'a>>,
    /// Locals that are not parameters.
    pub locals: u32,
    /// Of each operator that begins a block, a loop or a condition: where its `else` is, and its end.
    pub ends: Vec<(Option<usize>, usize)>,
}

impl<'a> Code<'a> {
    /// Reads a body. None for one that has no loop, more than is looked at, or what keeps or takes something elsewhere: few
    /// functions have neither globals nor pointers to functions, and a loop.
    pub fn new(body: &FunctionBody<'a>) -> Option<Self> {
        let mut locals = 0u32;
        for group in body.get_locals_reader().ok()? {
            locals = locals.checked_add(group.ok()?.0)?;
        }
        let mut reader = body.get_operators_reader().ok()?;
        let mut code = Self {
            operators: Vec::new(),
            locals,
            ends: Vec::new(),
        };
        let mut open: Vec<(usize, Option<usize>)> = Vec::new();
        let mut has_loop = false;
        while !reader.eof() {
            let at = code.operators.len();
            let operator = reader.read().ok()?;
            match operator {
                Operator::Block { .. } | Operator::If { .. } => open.push((at, None)),
                Operator::Loop { .. } => {
                    has_loop = true;
                    open.push((at, None));
                }
                Operator::GlobalGet { .. }
                | Operator::GlobalSet { .. }
                | Operator::CallIndirect { .. } => {
                    return None;
                }
                Operator::Else => open.last_mut()?.1 = Some(at),
                Operator::End => {
                    if let Some((start, otherwise)) = open.pop() {
                        code.ends[start] = (otherwise, at);
                    }
                }
                _ => {}
            }
            code.operators.push(operator);
            code.ends.push((None, 0));
        }
        let is_small = code.operators.len() <= MOST_OPERATORS && locals <= MOST_LOCALS;
        (has_loop && is_small).then_some(code)
    }
}
