//! The types that an array may have, and what the instructions of WebAssembly make of two of their values.

/// The type of an array's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Bytes and pairs of bytes, without a sign and with one, which are numbers of 32 bits outside of the memory.
    U8,
    S8,
    U16,
    S16,
    I32,
    I64,
    F32,
    F64,
    /// Vectors already: four integers of 32 bits.
    I32x4,
}

impl Type {
    pub const ALL: [Self; 9] = [
        Self::U8,
        Self::S8,
        Self::U16,
        Self::S16,
        Self::I32,
        Self::I64,
        Self::F32,
        Self::F64,
        Self::I32x4,
    ];

    /// That of the values outside of the memory.
    pub fn value(self) -> Self {
        match self {
            Self::U8 | Self::S8 | Self::U16 | Self::S16 => Self::I32,
            wide => wide,
        }
    }

    /// Whether an element in memory has fewer bits than its value.
    pub fn is_narrow(self) -> bool {
        self.value() != self
    }

    /// The instruction that loads an element.
    pub fn load(self) -> String {
        let suffix = match self {
            Self::U8 => "8_u",
            Self::S8 => "8_s",
            Self::U16 => "16_u",
            Self::S16 => "16_s",
            _ => "",
        };
        format!("{}.load{suffix}", self.name())
    }

    /// The instruction that stores one.
    pub fn store(self) -> String {
        match self.is_narrow() {
            true => format!("i32.store{}", 8 * self.size()),
            false => format!("{}.store", self.name()),
        }
    }

    /// The name of its values in the text format.
    pub fn name(self) -> &'static str {
        match self.value() {
            Self::U8 | Self::S8 | Self::U16 | Self::S16 | Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::I32x4 => "v128",
        }
    }

    /// An operation, as an instruction.
    pub fn operation(self, name: &str) -> String {
        match (self, name) {
            (Self::I32x4, "and" | "or" | "xor") => format!("v128.{name}"),
            (Self::I32x4, _) => format!("i32x4.{name}"),
            _ => format!("{}.{name}", self.name()),
        }
    }

    /// Bytes of an element.
    pub fn size(self) -> i32 {
        match self {
            Self::U8 | Self::S8 => 1,
            Self::U16 | Self::S16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::I64 | Self::F64 => 8,
            Self::I32x4 => 16,
        }
    }

    /// The bits of a number, of which a vector has several.
    pub fn bits(self) -> i32 {
        match self {
            Self::I32x4 => 32,
            _ => 8 * self.value().size(),
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// The value of the element at this place of a memory, its bits.
    pub fn read(self, memory: &[u8], at: usize) -> u128 {
        let mut bytes = [0; 16];
        let size = self.size() as usize;
        bytes[..size].copy_from_slice(&memory[at..][..size]);
        let bits = u128::from_le_bytes(bytes);
        match self {
            Self::S8 => (bits as i8 as u32).into(),
            Self::S16 => (bits as i16 as u32).into(),
            _ => bits,
        }
    }

    /// The bits of a number with a fraction of this type.
    pub fn float(self, value: f64) -> u128 {
        match self {
            Self::F32 => (value as f32).to_bits().into(),
            _ => value.to_bits().into(),
        }
    }

    /// A constant, as an instruction.
    pub fn constant(self, bits: u128) -> String {
        match self.value() {
            Self::U8 | Self::S8 | Self::U16 | Self::S16 | Self::I32 => {
                format!("(i32.const {})", bits as u32)
            }
            Self::I64 => format!("(i64.const {bits})"),
            Self::F32 => format!("(f32.const {:?})", f32::from_bits(bits as u32)),
            Self::F64 => format!("(f64.const {:?})", f64::from_bits(bits as u64)),
            Self::I32x4 => format!("(v128.const i64x2 {} {})", bits as u64, (bits >> 64) as u64),
        }
    }
}

pub const INTEGER_OPERATIONS: [&str; 6] = ["add", "sub", "mul", "and", "or", "xor"];
pub const FLOAT_OPERATIONS: [&str; 6] = ["add", "sub", "mul", "min", "max", "add"];
pub const INTEGER_COMPARISONS: [&str; 6] = ["eq", "ne", "lt_s", "gt_u", "le_s", "ge_u"];
pub const FLOAT_COMPARISONS: [&str; 6] = ["eq", "ne", "lt", "gt", "le", "ge"];
pub const SHIFTS: [&str; 3] = ["shl", "shr_u", "shr_s"];
pub const DIVISORS: [u32; 6] = [3, 7, 10, 81, 1000, 0x8000_0001];
pub const FLOAT_UNARY: [&str; 2] = ["neg", "abs"];

/// What `neg` or `abs` makes of a value, all as bits.
pub fn unary(ty: Type, name: &str, value: u128) -> u128 {
    let sign = 1 << (8 * ty.size() - 1);
    match name {
        "neg" => value ^ sign,
        _ => value & !sign,
    }
}

/// What comes of the numbers of vectors, each by itself.
fn each<const N: usize>(vectors: [u128; N], result: impl Fn([u32; N]) -> u32) -> u128 {
    let results = (0..4).map(|lane| {
        let numbers = vectors.map(|vector| (vector >> (32 * lane)) as u32);
        u128::from(result(numbers)) << (32 * lane)
    });
    results.sum()
}

/// The quotients of a vector's numbers, each that of the number so many lanes further.
pub fn quotients(vector: u128, divisor: u32, turn: usize) -> u128 {
    let vector = vector.rotate_right(32 * turn as u32);
    each([vector], |[number]| number / divisor)
}

/// What a shift makes of a value.
pub fn shift(ty: Type, name: &str, value: u128, distance: u32) -> u128 {
    let narrow = |value: u32| match name {
        "shl" => value << distance,
        "shr_u" => value >> distance,
        _ => (value as i32 >> distance) as u32,
    };
    let wide = value as u64;
    match (ty.value(), name) {
        (Type::I32, _) => narrow(value as u32).into(),
        (Type::I32x4, _) => each([value], |[value]| narrow(value)),
        (_, "shl") => (wide << distance).into(),
        (_, "shr_u") => (wide >> distance).into(),
        _ => ((wide as i64 >> distance) as u64).into(),
    }
}

/// What an operation makes of two values.
pub fn binary(ty: Type, name: &str, left: u128, right: u128) -> u128 {
    match ty.value() {
        Type::U8 | Type::S8 | Type::U16 | Type::S16 | Type::I32 => {
            u128::from(integers(name, left as u64, right as u64) as u32)
        }
        Type::I64 => integers(name, left as u64, right as u64).into(),
        Type::I32x4 => each([left, right], |[left, right]| {
            integers(name, left.into(), right.into()) as u32
        }),
        Type::F32 => {
            let [left, right] = [left, right].map(|bits| f32::from_bits(bits as u32));
            let result = match name {
                "add" => left + right,
                "sub" => left - right,
                "mul" => left * right,
                _ => extreme(name, left.into(), right.into()) as f32,
            };
            result.to_bits().into()
        }
        Type::F64 => {
            let [left, right] = [left, right].map(|bits| f64::from_bits(bits as u64));
            let result = match name {
                "add" => left + right,
                "sub" => left - right,
                "mul" => left * right,
                _ => extreme(name, left, right),
            };
            result.to_bits().into()
        }
    }
}

fn integers(name: &str, left: u64, right: u64) -> u64 {
    match name {
        "add" => left.wrapping_add(right),
        "sub" => left.wrapping_sub(right),
        "mul" => left.wrapping_mul(right),
        "and" => left & right,
        "or" => left | right,
        _ => left ^ right,
    }
}

/// The lesser or greater one, as WebAssembly has it: NaN if there is one, and -0 is less than 0.
fn extreme(name: &str, left: f64, right: f64) -> f64 {
    let is_less = left < right || left == right && left.is_sign_negative();
    match (left.is_nan() || right.is_nan(), is_less == (name == "min")) {
        (true, _) => f64::NAN,
        (false, true) => left,
        (false, false) => right,
    }
}

/// Whether a comparison of two values holds.
pub fn holds(ty: Type, name: &str, left: u128, right: u128) -> bool {
    let signed = match ty.value() {
        Type::I32 => [left, right].map(|bits| (bits as u32 as i32).into()),
        _ => [left, right].map(|bits| bits as i64),
    };
    let floats = match ty {
        Type::F32 => [left, right].map(|bits| f32::from_bits(bits as u32).into()),
        _ => [left, right].map(|bits| f64::from_bits(bits as u64)),
    };
    match (name, ty.is_float()) {
        ("eq", false) => left == right,
        ("ne", false) => left != right,
        ("lt_s", _) => signed[0] < signed[1],
        ("le_s", _) => signed[0] <= signed[1],
        ("gt_u", _) => left > right,
        ("ge_u", _) => left >= right,
        ("eq", true) => floats[0] == floats[1],
        ("ne", true) => floats[0] != floats[1],
        ("lt", _) => floats[0] < floats[1],
        ("gt", _) => floats[0] > floats[1],
        ("le", _) => floats[0] <= floats[1],
        _ => floats[0] >= floats[1],
    }
}
