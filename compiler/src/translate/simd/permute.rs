//! Shuffles on x86-64 below SSSE3, which has no instruction that permutes bytes; Cranelift would call a library.
//!
//! What it has: interleaving of lanes of any width, permutations of 32-bit lanes and of 16-bit lanes within a half,
//! narrowing, shifts, and masks. Compilers mostly ask for what a few of these give; they are tried one after the other.
//! What is left goes through memory, byte by byte.

use super::lanes::bitcast;
use super::shuffle::{Lanes, choose, instruction, stack_slot, words32};
use crate::translate::constant::vector;
use crate::translate::function::Lowering;
use cranelift_codegen::ir::types::{I8, I8X16, I16X8, I32X4, I64, I64X2};
use cranelift_codegen::ir::{InstBuilder, Value};

/// A way to shuffle two vectors; `None` where it does not give these lanes.
type Way = fn(&mut Lowering<'_, '_>, Value, Value, Lanes) -> Option<Value>;

/// The cheapest ones first.
const WAYS: [Way; 8] = [
    interleave,
    permute_words32,
    blend,
    concatenate,
    narrow,
    permute_words16,
    permute_swapped_bytes,
    permute_doubled_bytes,
];

/// The bytes of two vectors that `lanes` names.
pub(super) fn permute(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Value {
    let (first, second, lanes) = simplify(first, second, lanes);
    WAYS.iter()
        .find_map(|way| way(lowering, first, second, lanes))
        .unwrap_or_else(|| permute_in_memory(lowering, first, second, lanes))
}

/// Where all bytes come from one vector, it is both, and the lanes are below 16.
fn simplify(first: Value, second: Value, lanes: Lanes) -> (Value, Value, Lanes) {
    if first == second || lanes.iter().all(|lane| *lane < 16) {
        (first, first, lanes.map(|lane| lane % 16))
    } else if lanes.iter().all(|lane| *lane >= 16) {
        (second, second, lanes.map(|lane| lane - 16))
    } else {
        (first, second, lanes)
    }
}

/// The vectors in the order in which `pattern` gives `lanes`, if it does in one.
fn in_order(
    first: Value,
    second: Value,
    lanes: Lanes,
    pattern: impl Fn(usize) -> usize,
) -> Option<(Value, Value)> {
    let pattern: Lanes = std::array::from_fn(|index| pattern(index) as u8 % 32);
    if first == second {
        (pattern.map(|lane| lane % 16) == lanes).then_some((first, first))
    } else if pattern == lanes {
        Some((first, second))
    } else if pattern.map(|lane| lane ^ 16) == lanes {
        Some((second, first))
    } else {
        None
    }
}

/// The low or the high lanes of both vectors in turns: `punpckl`, `punpckh`.
fn interleave(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    for width in [1, 2, 4, 8] {
        for start in [0, 8] {
            let pattern = |index: usize| {
                let lane = index / width;
                start + lane / 2 * width + lane % 2 * 16 + index % width
            };
            if let Some((first, second)) = in_order(first, second, lanes, pattern) {
                let lanes = std::array::from_fn(|index| pattern(index) as u8);
                return Some(instruction(lowering, first, second, lanes));
            }
        }
    }
    None
}

/// The lanes as lanes of `WIDTH` bytes, if they are such.
fn wider<const WIDTH: usize, const COUNT: usize>(lanes: Lanes) -> Option<[u8; COUNT]> {
    let words: [u8; COUNT] = std::array::from_fn(|index| lanes[index * WIDTH] / WIDTH as u8);
    let bytes: Lanes =
        std::array::from_fn(|index| words[index / WIDTH] * WIDTH as u8 + (index % WIDTH) as u8);
    (bytes == lanes).then_some(words)
}

/// Lanes of 32 bits: `pshufd`, `shufps`, or a `pshufd` of each and a mask.
fn permute_words32(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    let words: [u8; 4] = wider::<4, 4>(lanes)?;
    if words == [0, 1, 2, 3] {
        return Some(first);
    }
    let from_second = words.map(|word| word >= 4);
    let is_instruction = matches!(
        from_second,
        [false, false, false, false] | [false, false, true, true] | [true, true, false, false]
    );
    if is_instruction {
        return Some(words32(lowering, first, second, words));
    }
    let mut part = |vector: Value, is_second: bool| {
        let words: [u8; 4] = std::array::from_fn(|index| {
            if from_second[index] == is_second {
                words[index] % 4
            } else {
                index as u8
            }
        });
        match words {
            [0, 1, 2, 3] => vector,
            _ => words32(lowering, vector, vector, words),
        }
    };
    let (first, second) = (part(first, false), part(second, true));
    let is_second = std::array::from_fn(|index| from_second[index / 4]);
    Some(choose(lowering, first, second, is_second))
}

/// Every byte stays where it is.
fn blend(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    let stays = (0..16).all(|index| lanes[index] % 16 == index as u8);
    stays.then(|| choose(lowering, first, second, lanes.map(|lane| lane >= 16)))
}

/// Sixteen neighbouring bytes of one vector behind the other.
fn concatenate(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    let start = usize::from(lanes[0] % 16);
    let (first, second) = in_order(first, second, lanes, |index| start + index)?;
    // The 64 bits on each side of the middle.
    let words = if first == second {
        [2, 3, 0, 1]
    } else {
        [2, 3, 4, 5]
    };
    let middle = words32(lowering, first, second, words);
    let [first, middle, second] =
        [first, middle, second].map(|value| bitcast(&mut lowering.builder, I64X2, value));
    let (low, high) = if start < 8 {
        (first, middle)
    } else {
        (middle, second)
    };
    let bits = (start % 8 * 8) as i64;
    let builder = &mut lowering.builder;
    let low = builder.ins().ushr_imm_u(low, bits);
    let high = builder.ins().ishl_imm_u(high, 64 - bits);
    let value = builder.ins().bor(low, high);
    Some(bitcast(builder, I8X16, value))
}

/// Every second lane of 8 or 16 bits: `packuswb` and `packssdw` of what is made to fit.
fn narrow(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    for odd in [0, 1] {
        if let Some((first, second)) = in_order(first, second, lanes, |index| index * 2 + odd) {
            let builder = &mut lowering.builder;
            let [first, second] = [first, second].map(|value| {
                let value = bitcast(builder, I16X8, value);
                if odd == 1 {
                    return builder.ins().ushr_imm_u(value, 8);
                }
                let low = std::array::from_fn(|index| if index % 2 == 0 { 0xff } else { 0 });
                let low = vector(builder, I16X8, low);
                builder.ins().band(value, low)
            });
            return Some(builder.ins().unarrow(first, second));
        }
        let words = |index: usize| index / 2 * 4 + odd * 2 + index % 2;
        if let Some((first, second)) = in_order(first, second, lanes, words) {
            let builder = &mut lowering.builder;
            let [first, second] = [first, second].map(|value| {
                let value = bitcast(builder, I32X4, value);
                let high = match odd {
                    1 => value,
                    _ => builder.ins().ishl_imm_u(value, 16),
                };
                builder.ins().sshr_imm_u(high, 16)
            });
            let value = builder.ins().snarrow(first, second);
            return Some(bitcast(builder, I8X16, value));
        }
    }
    None
}

/// Lanes of 16 bits: permutations of halves, or one by one.
fn permute_words16(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    let words: [u8; 8] = wider::<2, 8>(lanes)?;
    let from_first = halves(words.map(|word| (word < 8).then_some(word)));
    let from_second = halves(words.map(|word| word.checked_sub(8)));
    let (Some(from_first), Some(from_second)) = (from_first, from_second) else {
        return Some(insert_words16(lowering, first, second, words));
    };
    let permuted = permute_halves(lowering, first, from_first);
    if first == second {
        return Some(permuted);
    }
    let second = permute_halves(lowering, second, from_second);
    let is_second = std::array::from_fn(|index| words[index / 2] >= 8);
    Some(choose(lowering, permuted, second, is_second))
}

/// Which half of a vector each half of the result comes from, and the permutations within the halves.
struct Halves {
    sources: [u8; 2],
    words: [[u8; 4]; 2],
}

/// The words as permutations of halves; `None` if a half needs both. Words that nobody asks for stay.
fn halves(words: [Option<u8>; 8]) -> Option<Halves> {
    let mut halves = Halves {
        sources: [0, 1],
        words: [[0, 1, 2, 3]; 2],
    };
    for half in 0..2 {
        let wanted = &words[half * 4..half * 4 + 4];
        let mut sources = wanted.iter().flatten().map(|word| word / 4);
        if let Some(source) = sources.next() {
            if sources.any(|other| other != source) {
                return None;
            }
            halves.sources[half] = source;
        }
        for (index, word) in wanted.iter().enumerate() {
            if let Some(word) = word {
                halves.words[half][index] = word % 4;
            }
        }
    }
    Some(halves)
}

/// `pshufd` for the halves, `pshuflw` and `pshufhw` within them, each where it changes anything.
fn permute_halves(lowering: &mut Lowering<'_, '_>, vector: Value, halves: Halves) -> Value {
    let [low, high] = halves.sources.map(|source| source * 2);
    let mut value = match [low, high] {
        [0, 2] => vector,
        _ => words32(lowering, vector, vector, [low, low + 1, high, high + 1]),
    };
    for (half, words) in halves.words.iter().enumerate() {
        if *words != [0, 1, 2, 3] {
            let lanes = std::array::from_fn(|index| {
                let word = if index / 8 == half {
                    words[index / 2 % 4] + half as u8 * 4
                } else {
                    index as u8 / 2
                };
                word * 2 + index as u8 % 2
            });
            value = instruction(lowering, value, value, lanes);
        }
    }
    value
}

/// `pextrw` and `pinsrw` of each word that is not in its place.
fn insert_words16(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    words: [u8; 8],
) -> Value {
    let in_place = |offset: u8| {
        (0..8)
            .filter(|index| words[*index as usize] == index + offset)
            .count()
    };
    let offset = if in_place(8) > in_place(0) { 8 } else { 0 };
    let sources = [first, second].map(|value| bitcast(&mut lowering.builder, I16X8, value));
    let mut value = sources[usize::from(offset / 8)];
    for (index, word) in words.into_iter().enumerate() {
        if word != index as u8 + offset {
            let source = sources[usize::from(word / 8)];
            let word = lowering.builder.ins().extractlane(source, word % 8);
            value = lowering.builder.ins().insertlane(value, word, index as u8);
        }
    }
    bitcast(&mut lowering.builder, I8X16, value)
}

/// Lanes of 16 bits whose bytes change places.
fn permute_swapped_bytes(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    let straight = lanes.map(|lane| lane ^ 1);
    wider::<2, 8>(straight)?;
    let mut swap = |value: Value| {
        let builder = &mut lowering.builder;
        let value = bitcast(builder, I16X8, value);
        let high = builder.ins().ishl_imm_u(value, 8);
        let low = builder.ins().ushr_imm_u(value, 8);
        let swapped = builder.ins().bor(high, low);
        bitcast(builder, I8X16, swapped)
    };
    let swapped_first = swap(first);
    let swapped_second = if first == second {
        swapped_first
    } else {
        swap(second)
    };
    Some(permute(lowering, swapped_first, swapped_second, straight))
}

/// Lanes of 16 bits whose two bytes are the same one, all from one half of one vector.
fn permute_doubled_bytes(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Option<Value> {
    let half = lanes[0] / 8;
    let is_doubled = (0..16).all(|index| lanes[index] == lanes[index & !1]);
    if !is_doubled || first != second || lanes.iter().any(|lane| lane / 8 != half) {
        return None;
    }
    let interleaved =
        std::array::from_fn(|index| half * 8 + index as u8 / 2 + index as u8 % 2 * 16);
    let doubled = instruction(lowering, first, first, interleaved);
    let words = std::array::from_fn(|index| lanes[index] % 8 * 2 + index as u8 % 2);
    Some(permute(lowering, doubled, doubled, words))
}

/// Byte by byte through the function's frame.
fn permute_in_memory(
    lowering: &mut Lowering<'_, '_>,
    first: Value,
    second: Value,
    lanes: Lanes,
) -> Value {
    let result = stack_slot(lowering, 16);
    let sources = stack_slot(lowering, if first == second { 16 } else { 32 });
    let builder = &mut lowering.builder;
    builder.ins().stack_store(I64, first, sources, 0);
    if first != second {
        builder.ins().stack_store(I64, second, sources, 16);
    }
    for (index, lane) in lanes.into_iter().enumerate() {
        let byte = builder.ins().stack_load(I64, I8, sources, i32::from(lane));
        builder.ins().stack_store(I64, byte, result, index as i32);
    }
    builder.ins().stack_load(I64, I8X16, result, 0)
}
