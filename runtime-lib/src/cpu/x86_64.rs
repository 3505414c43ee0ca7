//! x86-64: `cpuid`, and XCR0 for the registers that the kernel saves.
//!
//! # Safety
//!
//! `xgetbv` is only executed where `cpuid` says that the kernel has enabled it.
#![allow(unsafe_code)]

use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};
pub(super) use elfin_abi::cpu::x86_64::CHECKS;
use elfin_abi::cpu::x86_64::Cpuid;

/// Those of the features that are missing.
pub(super) fn missing(features: u64) -> u64 {
    let state = saved_state();
    super::without(features, CHECKS, |place| {
        bit(place) && state & u64::from(place.state) == u64::from(place.state)
    })
}

/// What `cpuid` says; a leaf beyond the last one has no bits.
fn bit(place: &Cpuid) -> bool {
    let last = __cpuid(place.leaf & 0x8000_0000).eax;
    if place.leaf > last {
        return false;
    }
    let answer = __cpuid_count(place.leaf, place.subleaf);
    let registers = [answer.eax, answer.ebx, answer.ecx, answer.edx];
    let register = registers.get(usize::from(place.register));
    register.is_some_and(|register| register >> place.bit & 1 != 0)
}

/// The registers that the kernel saves, as bits of XCR0.
fn saved_state() -> u64 {
    const OSXSAVE: u32 = 1 << 27;
    if __cpuid(1).ecx & OSXSAVE == 0 {
        return 0;
    }
    // SAFETY: see above.
    unsafe { _xgetbv(0) }
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
