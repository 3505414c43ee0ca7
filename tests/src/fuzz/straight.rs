//! A function of straight-line code: instructions that compute with values or access memory, whose operands are the
//! function's arguments and earlier results. wasm-smith seldom has two vectors on the stack and uses little of what it
//! computes; here every instruction has the same chance, and every value can reach the results.
//!
//! What operands an instruction takes is found by asking the validator.

use super::coverage;
use super::features;
use super::rewrite;
use super::shape::Shape;
use super::tables;
use super::variant::Machine;
use crate::mutate::Random;
use anyhow::Result;
use std::sync::LazyLock;
use wasm_encoder::{Encode, Function, Instruction, ValType};
use wasmparser::{BinaryReader, Operator, OperatorsReader, Validator, WasmFeatures};

/// The name of the function.
const STRAIGHT: &str = "elfin-fuzz straight";

/// An instruction that computes.
#[derive(Debug)]
struct Computation {
    name: &'static str,
    proposal: &'static str,
    /// Its encoding; where the last byte is the number of a lane, it is 0.
    bytes: Vec<u8>,
    /// How many lanes the last byte can choose from; 0 where it is something else.
    lanes: u8,
    operands: Vec<ValType>,
    results: Vec<ValType>,
    accesses_memory: bool,
}

impl Computation {
    /// Whether all operands are addresses and lengths.
    fn is_bulk(&self) -> bool {
        matches!(self.name, "MemoryCopy" | "MemoryFill")
    }
}

const TYPES: [ValType; 5] = [
    ValType::I32,
    ValType::I64,
    ValType::F32,
    ValType::F64,
    ValType::V128,
];

/// Locals of each type; the first one is a parameter.
const EACH: usize = 3;

/// The locals of the function: a parameter of each type, then the others of each type, then the sum.
#[derive(Debug)]
pub struct Locals {
    types: &'static [ValType],
}

impl Locals {
    /// Some local of a type.
    pub fn any(&self, ty: ValType, random: &mut Random) -> u32 {
        let number = self.types.iter().position(|&other| other == ty);
        let number = number.expect("no other types are on");
        match random.below(EACH) {
            0 => number as u32,
            nth => (self.types.len() + number * (EACH - 1) + nth - 1) as u32,
        }
    }

    /// The i64 that every result is added to.
    fn sum(&self) -> u32 {
        (self.types.len() * EACH) as u32
    }
}

/// Appends the function.
pub fn append(module: &[u8], machine: &Machine, random: &mut Random) -> Result<Vec<u8>> {
    let shape = Shape::of(module)?;
    let has_memory = shape.memories.first().is_some_and(|memory| {
        memory.initial > 0 && !memory.memory64 && memory.page_size_log2.is_none()
    });
    let proposals: Vec<_> = features::enabled(machine).map(|on| on.name).collect();
    let usable: Vec<&Computation> = COMPUTATIONS
        .iter()
        .filter(|computation| proposals.contains(&computation.proposal))
        .filter(|computation| has_memory || !computation.accesses_memory)
        .collect();
    let types = if machine.vectors {
        &TYPES[..]
    } else {
        &TYPES[..4]
    };
    let locals = Locals { types };
    let mut declared: Vec<_> = types.iter().map(|&ty| (EACH as u32 - 1, ty)).collect();
    declared.push((1, ValType::I64));
    let mut function = Function::new(declared);
    // Segments of its own, since wasm-smith gives code none of data.
    let module = rewrite::append_data(module, &SEGMENT)?;
    let callable = tables::callable(&shape);
    let module = rewrite::append_elements(&module, &callable)?;
    for _ in 0..20 + random.below(100) {
        let computation = usable[random.below(usable.len())];
        // What ends the function early is rare.
        let may_trap = random.below(40) == 0;
        if may_trap || !(converts(computation.name) || computation.name.contains("Wait")) {
            put(&mut function, computation, &locals, may_trap, random);
        }
        match random.below(60) {
            0..3 => tables::put(&mut function, &shape, &callable, &locals, random),
            3 if has_memory => initialize(&mut function, shape.data, random),
            _ => {}
        }
    }
    for &ty in types {
        function.instruction(&Instruction::LocalGet(locals.any(ty, random)));
    }
    function.instruction(&Instruction::LocalGet(locals.sum()));
    function.instruction(&Instruction::End);
    let results = [types, &[ValType::I64]].concat();
    rewrite::append_function(&module, STRAIGHT, types, &results, &function)
}

fn put(
    function: &mut Function,
    computation: &Computation,
    locals: &Locals,
    may_trap: bool,
    random: &mut Random,
) {
    for (position, &ty) in computation.operands.iter().enumerate() {
        function.instruction(&Instruction::LocalGet(locals.any(ty, random)));
        if computation.accesses_memory && (position == 0 || computation.is_bulk()) {
            // A multiple of eight in the first 2 KiB, so that atomics are aligned and stores meet loads.
            function.instruction(&Instruction::I32Const(0x7f8));
            function.instruction(&Instruction::I32And);
        }
        if position == 1 && !may_trap && divides(computation.name) {
            odd(function, ty);
        }
    }
    let (&last, rest) = computation
        .bytes
        .split_last()
        .expect("an instruction has an opcode");
    function.raw(rest.iter().copied());
    function.raw([match computation.lanes {
        0 => last,
        lanes => random.below(lanes.into()) as u8,
    }]);
    for &ty in computation.results.iter().rev() {
        let local = locals.any(ty, random);
        function.instruction(&Instruction::LocalSet(local));
        // Otherwise a later one may use it, or none.
        if random.below(2) == 0 {
            add(function, local, ty, locals.sum());
        }
    }
}

/// Adds a local to the sum: `sum = (sum rotated) xor local`.
fn add(function: &mut Function, local: u32, ty: ValType, sum: u32) {
    use Instruction::*;
    let conversions: &[&[Instruction<'_>]] = match ty {
        ValType::I32 => &[&[I64ExtendI32U]],
        ValType::F32 => &[&[I32ReinterpretF32, I64ExtendI32U]],
        ValType::F64 => &[&[I64ReinterpretF64]],
        ValType::V128 => &[&[I64x2ExtractLane(0)], &[I64x2ExtractLane(1)]],
        _ => &[&[]],
    };
    for conversion in conversions {
        for instruction in [LocalGet(sum), I64Const(11), I64Rotl, LocalGet(local)] {
            function.instruction(&instruction);
        }
        for instruction in *conversion {
            function.instruction(instruction);
        }
        function.instruction(&I64Xor);
        function.instruction(&LocalSet(sum));
    }
}

/// What the data segment holds.
const SEGMENT: [u8; 8] = [0x80, 0x7f, 0xff, 0, 1, 0x81, 0x5a, 0xa5];

/// Copies some of the data segment, or drops it.
fn initialize(function: &mut Function, segment: u32, random: &mut Random) {
    if random.below(8) == 0 {
        function.instruction(&Instruction::DataDrop(segment));
        return;
    }
    let from = random.below(SEGMENT.len());
    let length = random.below(SEGMENT.len() - from);
    for number in [random.below(2048), from, length] {
        function.instruction(&Instruction::I32Const(number as i32));
    }
    function.instruction(&Instruction::MemoryInit {
        mem: 0,
        data_index: segment,
    });
}

/// Makes the number on the stack one that can be divided by.
fn odd(function: &mut Function, ty: ValType) {
    let [one, or] = match ty {
        ValType::I32 => [Instruction::I32Const(1), Instruction::I32Or],
        _ => [Instruction::I64Const(1), Instruction::I64Or],
    };
    function.instruction(&one);
    function.instruction(&or);
}

/// Whether an instruction divides integers.
fn divides(name: &str) -> bool {
    is_scalar_integer(name) && (name.contains("Div") || name.contains("Rem"))
}

/// Whether an instruction converts to an integer what may be too large for it.
fn converts(name: &str) -> bool {
    is_scalar_integer(name) && name.contains("TruncF")
}

fn is_scalar_integer(name: &str) -> bool {
    (name.starts_with("I32") || name.starts_with("I64")) && !name.contains('x')
}

/// All instructions that compute or access memory.
static COMPUTATIONS: LazyLock<Vec<Computation>> = LazyLock::new(|| {
    let plain = (0x28..=0x3e).chain(0x45..=0xc4).map(|opcode| vec![opcode]);
    let prefixed = |prefix: u8, opcodes: std::ops::RangeInclusive<u32>| {
        opcodes.map(move |opcode| {
            let mut bytes = vec![prefix];
            opcode.encode(&mut bytes);
            bytes
        })
    };
    plain
        .chain(prefixed(0xfc, 0..=7))
        .chain(prefixed(0xfc, 10..=11))
        .chain(prefixed(0xfc, 19..=22))
        .chain(prefixed(0xfd, 0..=0x113))
        .chain(prefixed(0xfe, 0x00..=0x4e))
        .filter_map(|opcode| computation(&opcode))
        .collect()
});

/// The instruction with this opcode.
fn computation(opcode: &[u8]) -> Option<Computation> {
    // Immediates of zeros are valid, but that an atomic access has the alignment of its width.
    (0..=3).find_map(|alignment| {
        let padded = [opcode, &[alignment], &[0; 20]].concat();
        let mut reader = OperatorsReader::new(BinaryReader::new(&padded, 0));
        let operator = reader.read().ok()?;
        let length = reader.original_position();
        let (name, proposal) = coverage::name_and_proposal(&operator);
        let bytes = padded[..length].to_vec();
        if length == opcode.len() && alignment > 0 {
            return None;
        }
        let (operands, results) = signature(&bytes)?;
        let is_lane = matches!(name, "I8x16Shuffle" | "V128Const");
        let has_lane = !is_lane && length > opcode.len() && name.contains("Lane");
        Some(Computation {
            name,
            proposal,
            lanes: if has_lane {
                lanes(&bytes, &operands, &results)
            } else {
                0
            },
            bytes,
            operands,
            results,
            accesses_memory: is_access(&operator),
        })
    })
}

/// The largest power of two of lanes with which the instruction is valid.
fn lanes(bytes: &[u8], operands: &[ValType], results: &[ValType]) -> u8 {
    let valid = |lanes: &u8| {
        let mut bytes = bytes.to_vec();
        *bytes.last_mut().expect("it has a lane") = lanes - 1;
        is_valid(&bytes, operands, results)
    };
    [16, 8, 4, 2].into_iter().find(valid).unwrap_or(0)
}

fn is_access(operator: &Operator<'_>) -> bool {
    let name = coverage::name(operator);
    ["Load", "Store", "Atomic", "Memory"]
        .iter()
        .any(|word| name.contains(word))
}

/// The types that an instruction takes and gives.
fn signature(bytes: &[u8]) -> Option<(Vec<ValType>, Vec<ValType>)> {
    let lists = |lengths: std::ops::RangeInclusive<u32>| {
        lengths.flat_map(|length| {
            (0..TYPES.len().pow(length)).map(move |number| {
                let digit = |place| TYPES[number / TYPES.len().pow(place) % TYPES.len()];
                (0..length).map(digit).collect::<Vec<_>>()
            })
        })
    };
    let takes = |operands: &Vec<ValType>| {
        // `unreachable` behind it takes the place of whatever it gives.
        is_valid(&[bytes, &[0x00]].concat(), operands, &[])
    };
    // More operands than needed would be valid too, so the shortest list is the right one.
    let operands = lists(0..=3).find(takes).or_else(|| {
        let four = vec![ValType::I64; 4];
        takes(&four).then_some(four)
    })?;
    let results = lists(0..=2).find(|results| is_valid(bytes, &operands, results))?;
    Some((operands, results))
}

/// Whether an instruction takes and gives exactly this.
fn is_valid(bytes: &[u8], operands: &[ValType], results: &[ValType]) -> bool {
    let mut function = Function::new([]);
    for number in 0..operands.len() {
        function.instruction(&Instruction::LocalGet(number as u32));
    }
    function.raw(bytes.iter().copied());
    function.instruction(&Instruction::End);
    // A memory of one page.
    let module = b"\0asm\x01\0\0\0\x05\x03\x01\0\x01";
    let Ok(module) = rewrite::append_function(module, "f", operands, results, &function) else {
        return false;
    };
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    validator.validate_all(&module).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> &'static Computation {
        COMPUTATIONS
            .iter()
            .find(|computation| computation.name == name)
            .unwrap_or_else(|| panic!("no {name}"))
    }

    #[test]
    fn signatures_are_found() {
        use ValType::*;
        assert_eq!(find("I32Add").operands, [I32, I32]);
        assert_eq!(find("I64ExtendI32S").results, [I64]);
        assert_eq!(find("F64Store").operands, [I32, F64]);
        assert!(find("F64Store").results.is_empty());
        assert_eq!(find("F32x4RelaxedMadd").operands, [V128, V128, V128]);
        assert_eq!(find("I64Add128").operands, [I64; 4]);
        assert_eq!(find("I64Add128").results, [I64, I64]);
        assert_eq!(find("I16x8ReplaceLane").lanes, 8);
        assert_eq!(find("V128Load32Lane").lanes, 4);
        assert_eq!(find("I64AtomicRmw16CmpxchgU").operands, [I32, I64, I64]);
        assert_eq!(find("I8x16Shuffle").lanes, 0);
        assert!(COMPUTATIONS.len() > 400, "{}", COMPUTATIONS.len());
    }
}
