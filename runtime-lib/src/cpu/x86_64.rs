//! x86-64: `cpuid`, and XCR0 for the registers that the kernel saves.
//!
//! # Safety
//!
//! `xgetbv` is only executed where `cpuid` says that the kernel has enabled it.
#![allow(unsafe_code)]

use core::arch::x86_64::{__cpuid_count, _xgetbv, CpuidResult};
pub(super) use elfin_abi::cpu::x86_64::CHECKS;
use elfin_abi::cpu::x86_64::Cpuid;

/// Those of the features that are missing.
pub(super) fn missing(features: u64) -> u64 {
    let mut answers = Answers::default();
    super::without(features, CHECKS, |place| {
        let state = u64::from(place.state);
        answers.bit(place) && (state == 0 || answers.saved_state() & state == state)
    })
}

/// What `cpuid` has said: a hypervisor takes some microseconds for each answer.
#[derive(Default)]
struct Answers {
    /// The leaf and the part of it, with what was said.
    known: [Option<(u32, u32, CpuidResult)>; 8],
}

impl Answers {
    /// What `cpuid` says; a leaf beyond the last one has no bits.
    fn bit(&mut self, place: &Cpuid) -> bool {
        // The first one is there wherever the instruction is.
        if place.leaf > 1 && place.leaf > self.of(place.leaf & 0x8000_0000, 0).eax {
            return false;
        }
        let answer = self.of(place.leaf, place.subleaf);
        let registers = [answer.eax, answer.ebx, answer.ecx, answer.edx];
        let register = registers.get(usize::from(place.register));
        register.is_some_and(|register| register >> place.bit & 1 != 0)
    }

    /// The registers that the kernel saves, as bits of XCR0.
    fn saved_state(&mut self) -> u64 {
        const OSXSAVE: u32 = 1 << 27;
        if self.of(1, 0).ecx & OSXSAVE == 0 {
            return 0;
        }
        // SAFETY: see above.
        unsafe { _xgetbv(0) }
    }

    fn of(&mut self, leaf: u32, subleaf: u32) -> CpuidResult {
        let asked = |known: &&(u32, u32, CpuidResult)| known.0 == leaf && known.1 == subleaf;
        if let Some((_, _, answer)) = self.known.iter().flatten().find(asked) {
            return *answer;
        }
        let answer = __cpuid_count(leaf, subleaf);
        if let Some(free) = self.known.iter_mut().find(|known| known.is_none()) {
            *free = Some((leaf, subleaf, answer));
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use elfin_abi::cpu::x86_64 as cpu;

    #[test]
    fn agrees_with_the_standard_library() {
        let missing = missing(u64::MAX);
        let expect = |feature: u64, is_there: bool| assert_eq!(missing & feature == 0, is_there);
        expect(cpu::SSE3, std::is_x86_feature_detected!("sse3"));
        expect(cpu::SSE42, std::is_x86_feature_detected!("sse4.2"));
        expect(cpu::POPCNT, std::is_x86_feature_detected!("popcnt"));
        expect(cpu::CMPXCHG16B, std::is_x86_feature_detected!("cmpxchg16b"));
        expect(cpu::AVX, std::is_x86_feature_detected!("avx"));
        expect(cpu::AVX2, std::is_x86_feature_detected!("avx2"));
        expect(cpu::FMA, std::is_x86_feature_detected!("fma"));
        expect(cpu::BMI1, std::is_x86_feature_detected!("bmi1"));
        expect(cpu::BMI2, std::is_x86_feature_detected!("bmi2"));
        expect(cpu::LZCNT, std::is_x86_feature_detected!("lzcnt"));
        expect(cpu::AVX512F, std::is_x86_feature_detected!("avx512f"));
        expect(cpu::AVX512DQ, std::is_x86_feature_detected!("avx512dq"));
        expect(cpu::AVX512VL, std::is_x86_feature_detected!("avx512vl"));
        expect(cpu::AVX512VBMI, std::is_x86_feature_detected!("avx512vbmi"));
        expect(
            cpu::AVX512BITALG,
            std::is_x86_feature_detected!("avx512bitalg"),
        );
        expect(cpu::AVX512VNNI, std::is_x86_feature_detected!("avx512vnni"));
        expect(cpu::AVX_VNNI, std::is_x86_feature_detected!("avxvnni"));
    }
}
