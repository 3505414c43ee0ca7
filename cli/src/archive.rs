//! The runtime archives that the build script made, one a target, compressed.

use crate::failure::{Failure, Result};
use elfin_compiler::Target;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// An archive as it is embedded.
struct Embedded {
    /// The name of its [`Target`].
    target: &'static str,
    /// Bytes that `zlib` unpacks to.
    size: usize,
    /// The archive, compressed.
    zlib: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/archives.rs"));

/// The runtime archive for `target`, if this elfin was built with it.
pub(crate) fn unpack(target: Target) -> Result<Vec<u8>> {
    let Some(embedded) = find(target) else {
        let built: Vec<&str> = ARCHIVES.iter().map(|embedded| embedded.target).collect();
        return Err(Failure::Usage(format!(
            "this elfin was built without the target `{target}`; it has {}. \
             Build elfin again with `ELFIN_TARGETS` unset",
            built.join(", ")
        )));
    };
    decompress_to_vec_zlib_with_limit(embedded.zlib, embedded.size)
        .map_err(|error| Failure::Bug(Some(format!("the archive for {target}: {error}"))))
}

fn find(target: Target) -> Option<&'static Embedded> {
    ARCHIVES
        .iter()
        .find(|embedded| embedded.target == target.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_archive_is_found_and_unpacks() {
        let found: Vec<Target> = Target::ALL
            .into_iter()
            .filter(|&target| find(target).is_some())
            .collect();
        assert_eq!(found.len(), ARCHIVES.len());
        for target in found {
            let archive = unpack(target).unwrap();
            assert!(archive.starts_with(b"!<arch>\n"), "{target}");
            assert_eq!(archive.len(), find(target).unwrap().size);
        }
    }
}
