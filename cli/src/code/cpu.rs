//! `--cpu`: a level and features of the target; a mistyped one is answered with the nearest and with all there are.

use crate::failure::{Failure, Result};
use elfin_compiler::Target;
use elfin_compiler::cpu::{Cpu, CpuName, NATIVE, UnknownCpu, feature_names, level_names};

/// Parses the argument of `--cpu`, which can only be done once the target is known.
pub(super) fn parse(target: Target, text: &str) -> Result<Cpu> {
    Cpu::parse(target, text).map_err(|error| Failure::Usage(explain(text, &error)))
}

/// In the form of clap's own messages.
fn explain(text: &str, error: &UnknownCpu) -> String {
    let target = error.target;
    let near = match nearest(error) {
        Some(near) => format!("\n\n  tip: a similar one exists: '{near}'"),
        None => String::new(),
    };
    format!(
        "invalid value '{text}' for '--cpu <CPU>': {error}\n  \
         [levels of {target}: {}, {NATIVE}]\n  \
         [features: +{}]{near}",
        level_names(target).collect::<Vec<_>>().join(", "),
        feature_names(target).collect::<Vec<_>>().join(", +"),
    )
}

/// The name that someone who typed this one most likely meant, by the measure and threshold of clap's own suggestions.
fn nearest(error: &UnknownCpu) -> Option<String> {
    let name = error.name.to_ascii_lowercase();
    let feature = name.trim_start_matches(['+', '-']);
    let features = feature_names(error.target)
        .map(|known| (strsim::jaro(feature, known), format!("+{known}")));
    let levels = level_names(error.target)
        .chain([NATIVE])
        .map(|known| (strsim::jaro(&name, known), known.to_owned()));
    let candidates: Vec<(f64, String)> = match error.kind {
        CpuName::Native => return None,
        CpuName::Level => levels.chain(features).collect(),
        CpuName::Feature => features.collect(),
    };
    candidates
        .into_iter()
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(target: Target, text: &str) -> Option<String> {
        nearest(&Cpu::parse(target, text).unwrap_err())
    }

    #[test]
    fn near_misses() {
        for (target, text, expected) in [
            (Target::X86_64, "x86-64-v5", "x86-64-v4"),
            (Target::X86_64, "x86_64_v3", "x86-64-v3"),
            (Target::X86_64, "avx2", "+avx2"),
            (Target::X86_64, "generic,+sse4_1", "+sse4.1"),
            (Target::X86_64, "generic,BMI2", "+bmi2"),
            (Target::X86_64, "nativ", "native"),
            (Target::Aarch64, "+lsd", "+lse"),
            (Target::Riscv64, "rv64gvc", "rv64gcv"),
        ] {
            assert_eq!(near(target, text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(near(Target::X86_64, "pentium"), None);
        assert_eq!(near(Target::X86_64, ""), None);
    }
}
