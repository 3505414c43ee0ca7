//! What a CPU can have beyond what every CPU of its target has: one table for the command line, the code generator and
//! the check that an executable makes when it starts.
//!
//! A feature is a bit of [`crate::layout::Program::cpu_features`], counted from 0 in the order of its target's table.
//! Only what the code generator knows is in a table, and nothing else is asked of a CPU: the levels of the x86-64 psABI
//! have more features, which make no difference here.

/// What the compiler knows of a feature.
pub struct Feature {
    /// Its name on the command line, after a `+`: Rust's name of it.
    pub name: &'static str,
    /// Cranelift's setting.
    pub flag: &'static str,
    /// It and the features without which there is no CPU that has it.
    pub with: u64,
}

/// What the runtime knows of a feature.
pub struct Check<T> {
    /// Its name in a message: the one of the vendor's manual.
    pub title: &'static str,
    /// Where the machine tells of it.
    pub place: T,
}

/// A set of features that goes by a name.
pub struct Level {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its features.
    pub features: u64,
}

/// The level of what every CPU of a target has; each target has it.
pub const GENERIC: Level = level("generic", 0);

const fn level(name: &'static str, features: u64) -> Level {
    Level { name, features }
}

macro_rules! features {
    ($place:ty: $($constant:ident = $number:literal, $name:literal, $flag:literal, $title:literal, $at:expr,
                  with $with:expr;)*) => {
        $(#[doc = concat!("The bit of ", $title, ".")] pub const $constant: u64 = 1 << $number;)*

        /// What the compiler knows of each feature.
        pub const FEATURES: &[Feature] =
            &[$(Feature { name: $name, flag: $flag, with: $constant | $with }),*];

        /// What the runtime knows of each feature.
        pub const CHECKS: &[Check<$place>] = &[$(Check { title: $title, place: $at }),*];

        // A feature's number is its place in the tables.
        const _: () = {
            let numbers: &[usize] = &[$($number),*];
            let mut index = 0;
            while index < numbers.len() {
                assert!(numbers[index] == index);
                index += 1;
            }
        };
    };
}

/// x86-64. <https://gitlab.com/x86-psABIs/x86-64-ABI> names the levels.
pub mod x86_64 {
    use super::{Check, Feature, GENERIC, Level, level};

    /// A bit that the instruction `cpuid` gives.
    pub struct Cpuid {
        /// What is asked for, in eax.
        pub leaf: u32,
        /// The part of it, in ecx.
        pub subleaf: u32,
        /// The register that holds the answer: 0 to 3 for eax, ebx, ecx, edx.
        pub register: u8,
        /// The bit in it.
        pub bit: u8,
        /// The registers that the kernel must save, as bits of XCR0.
        pub state: u8,
    }

    const EAX: u8 = 0;
    const EBX: u8 = 1;
    const ECX: u8 = 2;
    /// xmm and ymm.
    const YMM: u8 = 0b110;
    /// Those, the mask registers, and zmm in two parts.
    const ZMM: u8 = 0b1110_0110;

    const fn leaf(leaf: u32, register: u8, bit: u8, state: u8) -> Cpuid {
        Cpuid {
            leaf,
            subleaf: 0,
            register,
            bit,
            state,
        }
    }

    const AVX_VNNI_BIT: Cpuid = Cpuid {
        subleaf: 1,
        ..leaf(7, EAX, 4, YMM)
    };

    const UP_TO_SSE41: u64 = SSE3 | SSSE3 | SSE41;
    const UP_TO_AVX: u64 = UP_TO_SSE41 | SSE42 | POPCNT | AVX;
    const UP_TO_AVX512F: u64 = UP_TO_AVX | FMA | AVX2 | AVX512F;

    features! { Cpuid:
        SSE3 = 0, "sse3", "has_sse3", "SSE3", leaf(1, ECX, 0, 0), with 0;
        SSSE3 = 1, "ssse3", "has_ssse3", "SSSE3", leaf(1, ECX, 9, 0), with SSE3;
        SSE41 = 2, "sse4.1", "has_sse41", "SSE4.1", leaf(1, ECX, 19, 0), with SSE3 | SSSE3;
        SSE42 = 3, "sse4.2", "has_sse42", "SSE4.2", leaf(1, ECX, 20, 0), with UP_TO_SSE41;
        POPCNT = 4, "popcnt", "has_popcnt", "POPCNT", leaf(1, ECX, 23, 0), with 0;
        CMPXCHG16B = 5, "cmpxchg16b", "has_cmpxchg16b", "CMPXCHG16B", leaf(1, ECX, 13, 0), with 0;
        AVX = 6, "avx", "has_avx", "AVX", leaf(1, ECX, 28, YMM), with UP_TO_AVX;
        AVX2 = 7, "avx2", "has_avx2", "AVX2", leaf(7, EBX, 5, YMM), with UP_TO_AVX;
        FMA = 8, "fma", "has_fma", "FMA", leaf(1, ECX, 12, YMM), with UP_TO_AVX;
        BMI1 = 9, "bmi1", "has_bmi1", "BMI1", leaf(7, EBX, 3, 0), with 0;
        BMI2 = 10, "bmi2", "has_bmi2", "BMI2", leaf(7, EBX, 8, 0), with 0;
        LZCNT = 11, "lzcnt", "has_lzcnt", "LZCNT", leaf(0x8000_0001, ECX, 5, 0), with 0;
        AVX512F = 12, "avx512f", "has_avx512f", "AVX512F", leaf(7, EBX, 16, ZMM), with UP_TO_AVX512F;
        AVX512DQ = 13, "avx512dq", "has_avx512dq", "AVX512DQ", leaf(7, EBX, 17, ZMM), with UP_TO_AVX512F;
        AVX512VL = 14, "avx512vl", "has_avx512vl", "AVX512VL", leaf(7, EBX, 31, ZMM), with UP_TO_AVX512F;
        AVX512VBMI = 15, "avx512vbmi", "has_avx512vbmi", "AVX512_VBMI", leaf(7, ECX, 1, ZMM), with UP_TO_AVX512F;
        AVX512BITALG = 16, "avx512bitalg", "has_avx512bitalg", "AVX512_BITALG", leaf(7, ECX, 12, ZMM),
            with UP_TO_AVX512F;
        AVX512VNNI = 17, "avx512vnni", "has_avx512vnni", "AVX512_VNNI", leaf(7, ECX, 11, ZMM), with UP_TO_AVX512F;
        AVX_VNNI = 18, "avxvnni", "has_avx_vnni", "AVX-VNNI", AVX_VNNI_BIT, with UP_TO_AVX | AVX2;
    }

    const V2: u64 = UP_TO_SSE41 | SSE42 | POPCNT | CMPXCHG16B;
    const V3: u64 = V2 | AVX | AVX2 | FMA | BMI1 | BMI2 | LZCNT;
    const V4: u64 = V3 | AVX512F | AVX512DQ | AVX512VL;

    /// The levels, from the lowest up. A number of features can have several names.
    pub const LEVELS: &[Level] = &[
        GENERIC,
        level("x86-64", 0),
        level("x86-64-v2", V2),
        level("x86-64-v3", V3),
        level("x86-64-v4", V4),
    ];
}

/// aarch64. None of its features changes the code of what a module can contain so far: they are for atomic operations,
/// half-precision numbers, and dot products whose intermediate sums are wider than relaxed SIMD's.
pub mod aarch64 {
    use super::{Check, Feature, GENERIC, Level, level};

    /// Bits of an entry of the auxiliary vector: `arch/arm64/include/uapi/asm/hwcap.h` in Linux.
    pub struct Hwcap {
        /// The entry: [`HWCAP`] or [`HWCAP2`].
        pub entry: u8,
        /// The bits, which must all be set.
        pub bits: u64,
    }

    /// `AT_HWCAP`
    pub const HWCAP: u8 = 16;
    /// `AT_HWCAP2`
    pub const HWCAP2: u8 = 26;

    const fn hwcap(entry: u8, bits: u64) -> Hwcap {
        Hwcap { entry, bits }
    }

    features! { Hwcap:
        LSE = 0, "lse", "has_lse", "LSE", hwcap(HWCAP, 1 << 8), with 0;
        FP16 = 1, "fp16", "has_fp16", "FP16", hwcap(HWCAP, 1 << 9 | 1 << 10), with 0;
        DOTPROD = 2, "dotprod", "has_dotprod", "DotProd", hwcap(HWCAP, 1 << 20), with 0;
        I8MM = 3, "i8mm", "has_i8mm", "I8MM", hwcap(HWCAP2, 1 << 13), with 0;
    }

    /// The levels.
    pub const LEVELS: &[Level] = &[GENERIC, level("armv8-a", 0)];
}

/// riscv64.
pub mod riscv64 {
    use super::{Check, Feature, GENERIC, Level, level};

    /// The bit of `RISCV_HWPROBE_KEY_IMA_EXT_0` that the system call `riscv_hwprobe` sets:
    /// `Documentation/arch/riscv/hwprobe.rst` in Linux. The instruction that is tried where it is not set lies at the
    /// feature's number in the runtime's `arch/riscv64/probe.s`.
    pub struct Hwprobe(pub u8);

    features! { Hwprobe:
        V = 0, "v", "has_v", "V 1.0 with vectors of 128 bits", Hwprobe(2), with 0;
        ZBA = 1, "zba", "has_zba", "Zba", Hwprobe(3), with 0;
        ZBB = 2, "zbb", "has_zbb", "Zbb", Hwprobe(4), with 0;
        ZBS = 3, "zbs", "has_zbs", "Zbs", Hwprobe(5), with 0;
        ZBC = 4, "zbc", "has_zbc", "Zbc", Hwprobe(7), with 0;
        ZBKB = 5, "zbkb", "has_zbkb", "Zbkb", Hwprobe(8), with 0;
        ZVBB = 6, "zvbb", "has_zvbb", "Zvbb", Hwprobe(17), with V;
        ZFA = 7, "zfa", "has_zfa", "Zfa", Hwprobe(32), with 0;
        ZICOND = 8, "zicond", "has_zicond", "Zicond", Hwprobe(35), with 0;
        ZCB = 9, "zcb", "has_zcb", "Zcb", Hwprobe(44), with 0;
    }

    /// The levels, from the lowest up.
    pub const LEVELS: &[Level] = &[GENERIC, level("rv64gc", 0), level("rv64gcv", V)];
}
