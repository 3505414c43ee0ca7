//! The runtimes that the build script made, one a target, compressed: what [`elfin_compiler::compile`] links an
//! executable with.
//!
//! ```
//! use elfin_compiler::{Options, Target, compile};
//!
//! let module = br#"(module (func (export "_start")))"#;
//! let options = Options::new(Target::Riscv64);
//! let runtime = elfin_runtimes::unpack(options.target, options.pie)?;
//! let executable = compile(module, &options, &runtime)?.bytes;
//! assert!(executable.starts_with(b"\x7fELF"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use elfin_compiler::Target;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// A runtime as it is embedded.
struct Embedded {
    /// The name of its [`Target`].
    target: &'static str,
    /// Whether it is for position-independent executables.
    is_pie: bool,
    /// Bytes that `zlib` unpacks to.
    size: usize,
    /// Its object file, compressed.
    zlib: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/runtimes.rs"));

/// The runtime for `target`, of position-independent executables or of those at fixed addresses: an object file for
/// [`elfin_compiler::compile`]. The error is a sentence for the user: this
/// build was narrowed to other targets.
pub fn unpack(target: Target, is_pie: bool) -> Result<Vec<u8>, String> {
    let Some(embedded) = find(target, is_pie) else {
        let built = RUNTIMES.iter().filter(|embedded| !embedded.is_pie);
        let built: Vec<&str> = built.map(|embedded| embedded.target).collect();
        return Err(format!(
            "this elfin was built without the target `{target}`; it has {}. \
             Build elfin again with `ELFIN_TARGETS` unset",
            built.join(", ")
        ));
    };
    let object = decompress_to_vec_zlib_with_limit(embedded.zlib, embedded.size);
    Ok(object.expect("the build script compressed it"))
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
    fn every_embedded_runtime_is_found_and_unpacks() {
        let all = Target::ALL.into_iter();
        let all = all.flat_map(|target| [(target, false), (target, true)]);
        let found: Vec<(Target, bool)> = all
            .filter(|&(target, is_pie)| find(target, is_pie).is_some())
            .collect();
        assert_eq!(found.len(), RUNTIMES.len());
        for (target, is_pie) in found {
            let object = unpack(target, is_pie).unwrap();
            assert!(object.starts_with(b"\x7fELF"), "{target}");
            assert_eq!(object.len(), find(target, is_pie).unwrap().size);
        }
    }
}
