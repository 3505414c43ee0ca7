//! A function with a loop: generated, worked out an iteration at a time, and as text.

use crate::arithmetic::{
    FLOAT_COMPARISONS, FLOAT_OPERATIONS, INTEGER_COMPARISONS, INTEGER_OPERATIONS, Type, binary,
    holds,
};
use crate::expression::Expression;
use elfin_tests::mutate::Random;
use std::fmt::Write;

/// Bytes of memory that a loop has for itself.
pub const REGION: usize = 2048;

/// Where the regions begin; what lies before is for the pointers and for the end.
pub const REGIONS: usize = 65536;

/// Where in its region a loop leaves what its counter, its first pointer, the value that it carried and its sum have come
/// to.
const LEFT: [usize; 4] = [REGION - 24, REGION - 20, REGION - 16, REGION - 40];

/// Pointers of a loop.
pub const POINTERS: usize = 3;

/// How a loop counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// All pointers move on; the first one's end is the loop's.
    Pointers,
    /// All pointers move on, and a number goes down to 0, or below this, which is also how far it goes in each iteration.
    Down(i32),
    /// The pointers stay, and an index in bytes is added to them that begins here.
    Bytes(u32),
    /// The same with an index in elements.
    Elements(u32),
}

/// How a sum goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Combining {
    /// By an operation.
    Operation(&'static str),
    /// It stays where the comparison of it and the next value holds, which takes its place otherwise.
    Unless(&'static str),
}

/// What a loop sums up, in a wide sense.
#[derive(Clone, Debug)]
struct Sum {
    combining: Combining,
    /// What each iteration adds.
    terms: Vec<Expression>,
}

/// What it compares to know whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// Whether the end is not reached.
    Differs,
    /// Whether it is not reached, or passed: how far the end lies before where the last iteration gets to, whether the
    /// numbers have a sign, and whether the loop goes on when they are the same.
    Order(i32, bool, bool),
}

/// A loop, and the array that it works on.
#[derive(Clone, Debug)]
pub struct Function {
    pub ty: Type,
    counting: Counting,
    ending: Ending,
    iterations: i32,
    /// Where the pointers point to in the first iteration, in the region.
    starts: [i32; POINTERS],
    /// What they gain in each iteration.
    steps: [i32; POINTERS],
    /// Whether the compiler can tell where they point to.
    is_known: bool,
    /// The pointer that is stored to, how far from it, and what.
    stores: Vec<(usize, i32, Expression)>,
    /// What an iteration loads at its start and hands on; otherwise that is what it stores first, if it stores.
    carried: Option<Expression>,
    /// Whether it hands anything on at all.
    hands_on: bool,
    /// What it sums up behind its stores, if it does.
    sum: Option<Sum>,
    /// Behind how many of the stores the last iteration ends, if that is not behind all that an iteration does.
    exit: Option<usize>,
    /// What the region holds at first.
    pub region: Vec<u8>,
}

/// What a loop works on.
pub struct State {
    pub memory: Vec<u8>,
    pub pointers: [i32; POINTERS],
    pub invariant: u128,
    pub previous: u128,
    pub counter: u32,
}

impl Function {
    /// One that is generated.
    pub fn new(random: &mut Random) -> Self {
        let ty = Type::ALL[random.below(Type::ALL.len())];
        let size = ty.size();
        let copies = [1, 1, 2, 4][random.below(4)];
        let step = copies * size;
        let index = [0, 8 * step, i32::MIN, -step][random.below(4)] as u32;
        let counting = match random.below(4) {
            0 => Counting::Pointers,
            1 => Counting::Down([1, 1, 3, 16][random.below(4)]),
            2 => Counting::Bytes(index),
            _ => Counting::Elements(index / size as u32),
        };
        let moves = matches!(counting, Counting::Pointers | Counting::Down(_));
        let way = match counting {
            Counting::Down(step) => step,
            Counting::Elements(_) => copies,
            _ => step,
        };
        let before = random.below(way as usize) as i32;
        // An index that begins below 0 is a large number without a sign.
        let is_signed = index as i32 == -step || random.below(2) == 0;
        let ending = match random.below(2) {
            0 => Ending::Differs,
            _ => Ending::Order(before, is_signed, random.below(2) == 0),
        };
        let starts = [0; POINTERS].map(|_| match random.below(3) {
            0 => 200 + 200 * random.below(3) as i32,
            1 => 400 + size * (random.below(9) as i32 - 4),
            // Two arrays that share a part of an element would show which NaN it is.
            _ if ty.is_float() => 400 + size * random.below(6) as i32,
            _ => 400 + random.below(48) as i32,
        });
        let mut steps = [0; POINTERS].map(|_| match random.below(8) {
            0 => 0,
            1 if moves => size * random.below(4) as i32,
            _ => step,
        });
        steps[0] = step;
        let mut stores = Vec::new();
        for store in 0..1 + random.below(2) {
            let pointer = store * random.below(POINTERS);
            let expression = Expression::new(random, ty, 3);
            for copy in 0..copies {
                let other = random.below(12) == 0;
                let moved = if other {
                    Expression::new(random, ty, 1)
                } else {
                    expression.moved(copy * size).turned(random)
                };
                stores.push((pointer, copy * size, moved));
            }
        }
        let elements = (0..REGION as i32 / size).flat_map(|_| {
            let small = random.below(2000) as f64 / 256.0 - 4.0;
            let mut number = || random.below(1 << 31) as u128;
            let bits = match ty {
                Type::U8 | Type::S8 | Type::U16 | Type::S16 => number(),
                Type::I32 => number() << 1,
                Type::I64 => number() << 32 | number(),
                Type::I32x4 => number() << 96 | number() << 64 | number() << 32 | number(),
                _ => ty.float(small),
            };
            bits.to_le_bytes()[..size as usize].to_vec()
        });
        let region = elements.collect();
        let way = if ty == Type::I32x4 { 720 } else { 360 };
        let most = way / steps.iter().max().expect("there are pointers").max(&size);
        let carried = (random.below(3) == 0).then(|| Expression::load(random, ty));
        let exit = (random.below(4) == 0).then(|| 1 + random.below(stores.len()));
        let sum = (random.below(3) == 0).then(|| Sum::new(random, ty, copies));
        if sum.is_some() && exit.is_none() && random.below(4) != 0 {
            stores.clear();
        }
        Self {
            hands_on: carried.is_some() || random.below(3) == 0,
            carried,
            exit,
            ty,
            counting,
            ending,
            iterations: 1 + random.below(most as usize) as i32,
            starts,
            steps,
            is_known: random.below(3) == 0,
            stores,
            sum,
            region,
        }
    }

    /// It with another operation in one place.
    pub fn broken(&self) -> Self {
        let mut broken = self.clone();
        let stores = broken.stores.iter_mut();
        let stored = stores.map(|(.., expression)| expression);
        let terms = broken.sum.iter_mut().flat_map(|sum| &mut sum.terms);
        let _ = stored.chain(terms).any(Expression::break_one);
        broken
    }

    /// The value of the counter in the first iteration, and what it gains.
    fn counter(&self) -> (u32, i32) {
        match (self.counting, self.ending) {
            (Counting::Pointers, _) => (self.iterations as u32, -1),
            (Counting::Down(step), Ending::Differs) => ((self.iterations * step) as u32, -step),
            (Counting::Down(step), Ending::Order(rest, ..)) => {
                ((self.iterations * step + rest) as u32, -step)
            }
            (Counting::Bytes(start), _) => (start, self.steps[0]),
            (Counting::Elements(start), _) => (start, self.steps[0] / self.ty.size()),
        }
    }

    /// The comparison that a loop goes on by: of what changes with what it ends at.
    fn goes_on(&self, changes: &str, end: &str) -> String {
        let Ending::Order(_, is_signed, is_or_equal) = self.ending else {
            return match self.counting {
                Counting::Down(_) => changes.to_owned(),
                _ => format!("(i32.ne {changes} {end})"),
            };
        };
        let sign = if is_signed { "s" } else { "u" };
        let name = match (self.counting, is_or_equal) {
            (Counting::Down(_), true) => "ge",
            (Counting::Down(_), false) => "gt",
            (_, true) => "le",
            (_, false) => "lt",
        };
        format!("(i32.{name}_{sign} {changes} {end})")
    }

    /// What the loop compares with in the end: so far it is from where the last iteration gets to.
    fn end_distance(&self) -> i32 {
        match self.ending {
            Ending::Differs => 0,
            Ending::Order(before, _, is_or_equal) => -before - i32::from(is_or_equal),
        }
    }

    /// What the region holds in the end, that of the loop with this number.
    pub fn result(&self, number: usize) -> Vec<u8> {
        let (counter, gain) = self.counter();
        let mut state = State {
            memory: self.region.clone(),
            pointers: self.starts,
            invariant: self.ty.read(&self.region, 0),
            previous: self.ty.read(&self.region, 8),
            counter,
        };
        let mut total = self.ty.read(&self.region, 16);
        let size = self.ty.size() as usize;
        for iteration in 1..=self.iterations {
            let carried = self.carried.as_ref();
            let mut first = carried.map(|carried| carried.value(self, &state));
            let exit = self.exit.filter(|_| iteration == self.iterations);
            let stores = exit.unwrap_or(self.stores.len());
            for (pointer, offset, expression) in &self.stores[..stores] {
                let value = expression.value(self, &state);
                let at = (state.pointers[*pointer] + offset) as usize;
                state.memory[at..][..size].copy_from_slice(&value.to_le_bytes()[..size]);
                first.get_or_insert(value);
            }
            if exit.is_some() {
                break;
            }
            if let Some(sum) = &self.sum {
                let terms = sum.terms.iter().map(|term| term.value(self, &state));
                total = terms.fold(total, |total, term| {
                    sum.combining.value(self.ty, total, term)
                });
            }
            if self.hands_on {
                state.previous = first.unwrap_or(state.previous);
            }
            state.counter = state.counter.wrapping_add_signed(gain);
            for (pointer, step) in state.pointers.iter_mut().zip(self.steps) {
                *pointer += step;
            }
        }
        let moves = (self.iterations - i32::from(self.exit.is_some())) * self.steps[0];
        let way = if self.is_indexed() { 0 } else { moves };
        let pointer = self.pointer(number, 0).wrapping_add_signed(way);
        let left = [state.counter.into(), pointer.into(), state.previous, total];
        for ((at, value), size) in
            LEFT.into_iter()
                .zip(left)
                .zip([4, 4, size, self.ty.value().size() as usize])
        {
            state.memory[at..][..size].copy_from_slice(&value.to_le_bytes()[..size]);
        }
        state.memory
    }

    /// Whether an index is added to the pointers.
    fn is_indexed(&self) -> bool {
        matches!(self.counting, Counting::Bytes(_) | Counting::Elements(_))
    }

    /// What a pointer is at the start, in the loop with this number.
    fn pointer(&self, number: usize, pointer: usize) -> u32 {
        let start = (REGIONS + number * REGION) as u32 + self.starts[pointer] as u32;
        let (index, _) = self.counter();
        match self.counting {
            _ if self.steps[pointer] == 0 => start,
            Counting::Pointers | Counting::Down(_) => start,
            Counting::Bytes(_) => start.wrapping_sub(index),
            Counting::Elements(_) => start.wrapping_sub(index.wrapping_mul(self.ty.size() as u32)),
        }
    }

    /// Whether two regions are the same but for which NaN an element is.
    pub fn is_same(&self, one: &[u8], other: &[u8]) -> bool {
        let is_nan = |bytes: &[u8]| match self.ty {
            Type::F32 => f32::from_bits(self.ty.read(bytes, 0) as u32).is_nan(),
            Type::F64 => f64::from_bits(self.ty.read(bytes, 0) as u64).is_nan(),
            _ => false,
        };
        let size = self.ty.size() as usize;
        let one = one.chunks(size);
        one.zip(other.chunks(size))
            .all(|(one, other)| one == other || is_nan(one) && is_nan(other))
    }

    /// An address as an instruction, and the static offset, which takes what is not negative in half of the places.
    pub fn address(&self, pointer: usize, offset: i32) -> (String, String) {
        let base = format!("(local.get $p{pointer})");
        let index = match self.counting {
            _ if self.steps[pointer] == 0 => None,
            Counting::Pointers | Counting::Down(_) => None,
            Counting::Bytes(_) => Some("(local.get $counter)".to_owned()),
            Counting::Elements(_) => {
                let shift = self.ty.size().trailing_zeros();
                Some(format!(
                    "(i32.shl (local.get $counter) (i32.const {shift}))"
                ))
            }
        };
        let address = match index {
            Some(index) => format!("(i32.add {base} {index})"),
            None => base,
        };
        match offset {
            0 => (address, String::new()),
            1.. if pointer != 1 => (address, format!("offset={offset} ")),
            _ => (
                format!("(i32.add {address} (i32.const {offset}))"),
                String::new(),
            ),
        }
    }

    /// The branch out of the midst of the last iteration.
    fn exit_text(&self, gain: i32) -> String {
        let (value, gain) = match self.counting {
            Counting::Pointers => ("$p0", self.steps[0]),
            _ => ("$counter", gain),
        };
        let next = format!("(i32.add (local.get {value}) (i32.const {gain}))");
        let goes_on = self.goes_on(&next, "(local.get $end)");
        format!("(br_if 1 (i32.eqz {goes_on}))")
    }

    /// The function as text.
    pub fn text(&self, number: usize) -> String {
        let (name, load, store) = (self.ty.name(), self.ty.load(), self.ty.store());
        let region = REGIONS + number * REGION;
        let mut text = format!(
            "(func $f{number} (local $counter i32) (local $end i32)
 (local $invariant {name}) (local $previous {name}) (local $first {name}) (local $sum {name})
 (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $vector v128)
 (local.set $invariant ({load} (i32.const {region})))
 (local.set $previous ({load} (i32.const {})))
 (local.set $sum ({load} (i32.const {})))\n",
            region + 8,
            region + 16
        );
        let (counter, gain) = self.counter();
        for pointer in 0..POINTERS {
            let value = self.pointer(number, pointer) as i32;
            let value = format!("(i32.const {value})");
            // The compiler does not know what lies in the memory.
            let value = if self.is_known {
                value
            } else {
                writeln!(text, " (i32.store (i32.const 0) {value})\n (call $forget)").unwrap();
                "(i32.load (i32.const 0))".to_owned()
            };
            writeln!(text, " (local.set $p{pointer} {value})").unwrap();
        }
        let end = match (self.counting, self.ending) {
            (Counting::Down(step), Ending::Order(_, _, is_or_equal)) => {
                (step - i32::from(!is_or_equal)) as u32
            }
            _ => counter.wrapping_add_signed(gain * self.iterations + self.end_distance()),
        };
        writeln!(text, " (local.set $counter (i32.const {}))", counter as i32).unwrap();
        let end = match self.counting {
            Counting::Pointers => {
                let way = self.steps[0] * self.iterations + self.end_distance();
                format!("(i32.add (local.get $p0) (i32.const {way}))")
            }
            _ => format!("(i32.const {})", end as i32),
        };
        writeln!(text, " (local.set $end {end})\n (block (loop").unwrap();
        if let Some(carried) = &self.carried {
            writeln!(text, "  (local.set $first {})", carried.text(self)).unwrap();
        }
        for (place, (pointer, offset, expression)) in self.stores.iter().enumerate() {
            if self.exit == Some(place) {
                writeln!(text, "  {}", self.exit_text(gain)).unwrap();
            }
            let (address, offset) = self.address(*pointer, *offset);
            let mut value = expression.text(self);
            if place == 0 && self.carried.is_none() {
                value = format!("(local.tee $first {value})");
            }
            writeln!(text, "  ({store} {offset}{address} {value})").unwrap();
        }
        if self.exit == Some(self.stores.len()) {
            writeln!(text, "  {}", self.exit_text(gain)).unwrap();
        }
        if let Some(sum) = &self.sum {
            for term in &sum.terms {
                let next = sum.combining.text(self.ty, &term.text(self));
                writeln!(text, "  (local.set $sum {next})").unwrap();
            }
        }
        if self.hands_on && (self.carried.is_some() || !self.stores.is_empty()) {
            writeln!(text, "  (local.set $previous (local.get $first))").unwrap();
        }
        if let Counting::Pointers | Counting::Down(_) = self.counting {
            for (pointer, step) in self.steps.iter().enumerate() {
                writeln!(
                    text,
                    "  (local.set $p{pointer} (i32.add (local.get $p{pointer}) (i32.const {step})))"
                )
                .unwrap();
            }
        }
        let next =
            format!("(local.tee $counter (i32.add (local.get $counter) (i32.const {gain})))");
        let goes_on = match self.counting {
            _ if self.exit.is_some() => format!("(drop {next}) (br 0)"),
            Counting::Pointers => {
                let goes_on = self.goes_on("(local.get $p0)", "(local.get $end)");
                format!("(drop {next}) (br_if 0 {goes_on})")
            }
            _ => format!("(br_if 0 {})", self.goes_on(&next, "(local.get $end)")),
        };
        let [counter, pointer, previous, sum] = LEFT.map(|place| region + place);
        write!(
            text,
            "  {goes_on}))
 (i32.store (i32.const {counter}) (local.get $counter))
 (i32.store (i32.const {pointer}) (local.get $p0))
 ({store} (i32.const {previous}) (local.get $previous))
 ({name}.store (i32.const {sum}) (local.get $sum)))"
        )
        .unwrap();
        text
    }
}

impl Sum {
    fn new(random: &mut Random, ty: Type, copies: i32) -> Self {
        use Combining as C;
        let operation = |random: &mut Random, names: &[&'static str]| {
            C::Operation(names[random.below(names.len())])
        };
        let combining = match random.below(4) {
            0 | 1 => C::Operation("add"),
            2 if ty == Type::I32x4 => C::Operation("xor"),
            2 if ty.is_float() => operation(random, &FLOAT_OPERATIONS),
            2 => operation(random, &INTEGER_OPERATIONS),
            _ if ty == Type::I32x4 => C::Operation("sub"),
            _ if ty.is_float() => C::Unless(FLOAT_COMPARISONS[2 + random.below(4)]),
            _ => C::Unless(INTEGER_COMPARISONS[2 + random.below(4)]),
        };
        let depth = random.below(3);
        let term = Expression::new(random, ty, depth);
        let terms = (0..copies).map(|copy| term.moved(copy * ty.size()).turned(random));
        let terms = terms.collect();
        Self { combining, terms }
    }
}

impl Combining {
    fn value(self, ty: Type, total: u128, term: u128) -> u128 {
        match self {
            Self::Operation(name) => binary(ty, name, total, term),
            Self::Unless(name) if holds(ty, name, total, term) => total,
            Self::Unless(_) => term,
        }
    }

    fn text(self, ty: Type, term: &str) -> String {
        let total = "(local.get $sum)";
        match self {
            Self::Operation(name) => format!("({} {total} {term})", ty.operation(name)),
            Self::Unless(name) => {
                let compare = format!("({}.{name} {total} {term})", ty.name());
                format!("(select {total} {term} {compare})")
            }
        }
    }
}
