//! The CPU that code is made for: a level and features of a target, by the names of [`elfin_abi::cpu`].

use crate::target::Target;
use cranelift_codegen::settings::{Configurable, SetResult};
use elfin_abi::cpu::{Feature, GENERIC, Level, aarch64, riscv64, x86_64};
use std::fmt;

/// What the CPU that the executable runs on must have, beyond what every CPU of its target has.
///
/// The executable checks it when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpu {
    target: Target,
    features: u64,
}

/// The name of the CPU that the compiler runs on.
pub const NATIVE: &str = "native";

impl Cpu {
    /// Any CPU of the target.
    pub const fn generic(target: Target) -> Self {
        Self {
            target,
            features: 0,
        }
    }

    /// Reads `LEVEL`, `LEVEL,+FEATURE...` or `+FEATURE...`, such as `x86-64-v2,+bmi2`. A feature brings those with it
    /// without which no CPU has it: `+avx2` is also `+avx`. The level [`NATIVE`] is what this machine has.
    ///
    /// # Errors
    ///
    /// A name that the target does not have; `native` where this machine is not of the target.
    pub fn parse(target: Target, text: &str) -> Result<Self, UnknownCpu> {
        let mut features = 0;
        for (index, part) in text.split(',').enumerate() {
            let unknown = |kind| UnknownCpu {
                target,
                name: part.to_owned(),
                kind,
            };
            if let Some(name) = part.strip_prefix('+') {
                let feature = features_of(target).iter().find(|known| known.name == name);
                features |= feature.ok_or_else(|| unknown(CpuName::Feature))?.with;
            } else if index > 0 {
                return Err(unknown(CpuName::Feature));
            } else if part == NATIVE {
                features |= native(target).ok_or_else(|| unknown(CpuName::Native))?;
            } else {
                let level = levels_of(target).iter().find(|known| known.name == part);
                features |= level.ok_or_else(|| unknown(CpuName::Level))?.features;
            }
        }
        Ok(Self { target, features })
    }

    /// What it is a CPU of.
    pub fn target(self) -> Target {
        self.target
    }

    /// One that also has these features.
    pub(crate) fn with(self, features: u64) -> Self {
        Self {
            features: self.features | features,
            ..self
        }
    }

    /// Its features, as bits of [`elfin_abi::cpu`].
    pub(crate) fn features(self) -> u64 {
        self.features
    }

    /// Cranelift's settings for its features.
    pub(crate) fn flags(self) -> impl Iterator<Item = &'static str> {
        let features = features_of(self.target).iter().enumerate();
        features
            .filter(move |(number, _)| self.features >> number & 1 != 0)
            .map(|(_, feature)| feature.flag)
    }

    /// Whether it has instructions for vectors of 128 bits; only riscv64 has CPUs without.
    pub(crate) fn has_vectors(self) -> bool {
        self.target != Target::Riscv64 || self.features & riscv64::V != 0
    }
}

impl fmt::Display for Cpu {
    /// As [`Cpu::parse`] takes it: the highest level that it reaches, and the features beyond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reached = |level: &&Level| level.features & !self.features == 0;
        let levels = levels_of(self.target).iter().filter(reached);
        // The first of equal ones: `generic` rather than what else the base level is called.
        let level = levels
            .rev()
            .max_by_key(|level| level.features.count_ones())
            .unwrap_or(&GENERIC);
        f.write_str(level.name)?;
        let mut rest = self.features & !level.features;
        // What a feature brings with it needs no name of its own.
        for (number, feature) in features_of(self.target).iter().enumerate().rev() {
            if rest >> number & 1 != 0 {
                write!(f, ",+{}", feature.name)?;
                rest &= !feature.with;
            }
        }
        Ok(())
    }
}

/// The names that [`Cpu::parse`] takes for a target's levels, from the lowest up.
pub fn level_names(target: Target) -> impl Iterator<Item = &'static str> {
    levels_of(target).iter().map(|level| level.name)
}

/// The names that [`Cpu::parse`] takes after a `+`.
pub fn feature_names(target: Target) -> impl Iterator<Item = &'static str> {
    features_of(target).iter().map(|feature| feature.name)
}

fn levels_of(target: Target) -> &'static [Level] {
    match target {
        Target::X86_64 => x86_64::LEVELS,
        Target::Aarch64 => aarch64::LEVELS,
        Target::Riscv64 => riscv64::LEVELS,
    }
}

fn features_of(target: Target) -> &'static [Feature] {
    match target {
        Target::X86_64 => x86_64::FEATURES,
        Target::Aarch64 => aarch64::FEATURES,
        Target::Riscv64 => riscv64::FEATURES,
    }
}

/// The features of this machine, if it is a Linux machine of the target.
fn native(target: Target) -> Option<u64> {
    if Target::host() != Some(target) || !cfg!(target_os = "linux") {
        return None;
    }
    let mut found = Found {
        known: features_of(target),
        features: 0,
    };
    cranelift_native::infer_native_flags(&mut found).ok()?;
    // What is named without the rest of it, as by a virtual machine that hides a part, is not used.
    let has = |feature: &&Feature| found.features & feature.with == feature.with;
    let whole = found.known.iter().filter(has);
    Some(whole.fold(0, |features, feature| features | feature.with))
}

/// Collects the settings that Cranelift infers. It knows more of them than elfin makes use of.
struct Found {
    known: &'static [Feature],
    features: u64,
}

impl Configurable for Found {
    fn set(&mut self, _name: &str, _value: &str) -> SetResult<()> {
        Ok(())
    }

    fn enable(&mut self, name: &str) -> SetResult<()> {
        if let Some(number) = self.known.iter().position(|known| known.flag == name) {
            self.features |= 1 << number;
        }
        Ok(())
    }
}

/// What a name that [`Cpu::parse`] does not know was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuName {
    /// A level.
    Level,
    /// A feature, with its `+`.
    Feature,
    /// [`NATIVE`], where this machine is not of the target.
    Native,
}

/// A name that is no level's or feature's of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCpu {
    /// The target.
    pub target: Target,
    /// The part of the text that is wrong.
    pub name: String,
    /// What it was to be.
    pub kind: CpuName,
}

impl fmt::Display for UnknownCpu {
    /// What is wrong; [`level_names`] and [`feature_names`] say what there is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, name, kind } = self;
        match kind {
            CpuName::Native => {
                return write!(f, "this machine is not {target}, so `{name}` says nothing");
            }
            CpuName::Level => write!(f, "`{name}` is no level of {target}")?,
            CpuName::Feature if name.starts_with('+') => {
                write!(f, "`{name}` is no feature of {target}")?;
            }
            CpuName::Feature => write!(f, "`{name}` is no feature: those begin with a `+`")?,
        }
        let knows = |target: &Target| {
            let feature = name.strip_prefix('+').unwrap_or(name);
            level_names(*target).any(|level| level == name)
                || feature_names(*target).any(|known| known == feature)
        };
        match Target::ALL
            .iter()
            .find(|other| *other != target && knows(other))
        {
            Some(other) => write!(f, "; it is one of {other}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownCpu {}

#[cfg(test)]
mod tests {
    use super::*;
    use cranelift_codegen::isa;

    fn flags(target: Target, text: &str) -> Vec<&'static str> {
        Cpu::parse(target, text).unwrap().flags().collect()
    }

    #[test]
    fn levels_and_features() {
        for text in ["generic", "x86-64"] {
            assert_eq!(
                Cpu::parse(Target::X86_64, text),
                Ok(Cpu::generic(Target::X86_64))
            );
        }
        assert_eq!(
            flags(Target::X86_64, "generic,+bmi2,+sse3"),
            ["has_sse3", "has_bmi2"]
        );
        assert_eq!(flags(Target::Riscv64, "rv64gcv,+zba"), ["has_v", "has_zba"]);
        assert_eq!(flags(Target::Aarch64, "+lse"), ["has_lse"]);
        assert_eq!(flags(Target::Riscv64, "+zvbb"), ["has_v", "has_zvbb"]);
        let levels = |text| Cpu::parse(Target::X86_64, text).unwrap().features();
        let [v2, v3, v4] = ["x86-64-v2", "x86-64-v3", "x86-64-v4"].map(levels);
        assert_eq!((v2 & v3, v3 & v4), (v2, v3));
    }

    #[test]
    fn a_name_for_every_cpu() {
        let name = |target, text| Cpu::parse(target, text).unwrap().to_string();
        for (target, text, expected) in [
            (Target::X86_64, "x86-64", "generic"),
            (Target::X86_64, "x86-64-v2,+sse3,+bmi2", "x86-64-v2,+bmi2"),
            (Target::X86_64, "+avx", "generic,+avx"),
            (Target::Aarch64, "armv8-a,+lse", "generic,+lse"),
            (Target::Riscv64, "+v,+zba", "rv64gcv,+zba"),
        ] {
            assert_eq!(name(target, text), expected, "{text}");
        }
        for target in Target::ALL {
            for features in features_of(target).iter().map(|feature| feature.with) {
                let cpu = Cpu { target, features };
                assert_eq!(Cpu::parse(target, &cpu.to_string()), Ok(cpu));
            }
        }
    }

    #[test]
    fn unknown_names() {
        let error = |target, text| {
            let error = Cpu::parse(target, text).unwrap_err();
            (error.kind, error.to_string())
        };
        assert_eq!(
            error(Target::X86_64, "x86-64-v9"),
            (
                CpuName::Level,
                "`x86-64-v9` is no level of x86_64-linux".into()
            )
        );
        assert_eq!(
            error(Target::X86_64, "rv64gcv"),
            (
                CpuName::Level,
                "`rv64gcv` is no level of x86_64-linux; it is one of riscv64-linux".into()
            )
        );
        assert_eq!(
            error(Target::Aarch64, "generic,+avx2"),
            (
                CpuName::Feature,
                "`+avx2` is no feature of aarch64-linux; it is one of x86_64-linux".into()
            )
        );
        for text in ["generic,lse", "generic,-lse", "generic,", "generic,generic"] {
            assert_eq!(error(Target::Aarch64, text).0, CpuName::Feature, "{text}");
        }
        assert_eq!(error(Target::Aarch64, "").0, CpuName::Level);
        let other = Target::ALL
            .into_iter()
            .find(|target| Some(*target) != Target::host());
        assert_eq!(error(other.unwrap(), "native").0, CpuName::Native);
    }

    #[test]
    fn this_machine_has_what_it_names() {
        if let (Some(target), true) = (Target::host(), cfg!(target_os = "linux")) {
            let native = Cpu::parse(target, NATIVE).unwrap();
            for (number, feature) in features_of(target).iter().enumerate() {
                if native.features >> number & 1 != 0 {
                    assert_eq!(
                        native.features & feature.with,
                        feature.with,
                        "{}",
                        feature.name
                    );
                }
            }
        }
    }

    #[test]
    fn cranelift_knows_every_setting() {
        for target in Target::ALL {
            for feature in features_of(target) {
                let mut builder = isa::lookup(target.rust_triple().parse().unwrap()).unwrap();
                builder.enable(feature.flag).unwrap();
            }
            for level in levels_of(target) {
                for (number, feature) in features_of(target).iter().enumerate() {
                    if level.features >> number & 1 != 0 {
                        assert_eq!(
                            level.features & feature.with,
                            feature.with,
                            "{}",
                            level.name
                        );
                    }
                }
            }
        }
    }
}
