//! The runtimes that the build script made, one a target: what [`elfin_compiler::compile`] links an executable with.
//!
//! ```
//! use elfin_compiler::{Options, Target, compile};
//!
//! let module = br#"(module (func (export "_start")))"#;
//! let options = Options::new(Target::Riscv64);
//! let runtime = elfin_runtimes::get(options.target, options.pie)?;
//! let executable = compile(module, &options, runtime)?.bytes;
//! assert!(executable.starts_with(b"\x7fELF"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use elfin_compiler::Target;

/// A runtime as it is embedded.
struct Embedded {
    /// The name of its [`Target`].
    target: &'static str,
    /// Whether it is for position-independent executables.
    is_pie: bool,
    /// Its object file. Packed it would be a quarter of the size, and unpacking it was a third of the time that the
    /// smallest module takes: 2 ms.
    object: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/runtimes.rs"));

/// The runtime for `target`, of position-independent executables or of those at fixed addresses: an object file for
/// [`elfin_compiler::compile`]. The error is a sentence for the user: this
/// build was narrowed to other targets.
pub fn get(target: Target, is_pie: bool) -> Result<&'static [u8], String> {
    let embedded = find(target, is_pie).ok_or_else(|| {
        let built = RUNTIMES.iter().filter(|embedded| !embedded.is_pie);
        let built: Vec<&str> = built.map(|embedded| embedded.target).collect();
        format!(
            "this elfin was built without the target `{target}`; it has {}. \
             Build elfin again with `ELFIN_TARGETS` unset",
            built.join(", ")
        )
    })?;
    Ok(embedded.object)
}

/// Whether this build has the runtime for `target`.
pub fn has(target: Target) -> bool {
    find(target, false).is_some()
}

fn find(target: Target, is_pie: bool) -> Option<&'static Embedded> {
    RUNTIMES
        .iter()
        .find(|embedded| embedded.target == target.name() && embedded.is_pie == is_pie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_runtime_is_found() {
        let all = Target::ALL.into_iter();
        let all = all.flat_map(|target| [(target, false), (target, true)]);
        let found: Vec<(Target, bool)> = all
            .filter(|&(target, is_pie)| find(target, is_pie).is_some())
            .collect();
        assert_eq!(found.len(), RUNTIMES.len());
        for (target, is_pie) in found {
            let object = get(target, is_pie).unwrap();
            assert!(object.starts_with(b"\x7fELF"), "{target}");
        }
    }
}
