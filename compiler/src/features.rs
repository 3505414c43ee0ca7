//! The proposals of WebAssembly that a module may use: those of WebAssembly 3.0 unless they are switched off, the
//! others where they are switched on. Those that elfin does not compile at all have no switch; they are refused by name.

use std::fmt;
use std::str::FromStr;
use wasmparser::WasmFeatures;

/// A proposal that can be switched.
struct Proposal {
    /// As LLVM spells it, where that has it.
    name: &'static str,
    /// Other names that people know.
    aliases: &'static [&'static str],
    /// What the validator calls it.
    features: WasmFeatures,
    /// Whether it is part of WebAssembly 3.0.
    is_standard: bool,
    /// The proposal that it is built on.
    needs: Option<&'static str>,
}

const fn standard(
    name: &'static str,
    aliases: &'static [&'static str],
    features: WasmFeatures,
) -> Proposal {
    Proposal {
        name,
        aliases,
        features,
        is_standard: true,
        needs: None,
    }
}

const fn further(
    name: &'static str,
    aliases: &'static [&'static str],
    features: WasmFeatures,
) -> Proposal {
    Proposal {
        is_standard: false,
        ..standard(name, aliases, features)
    }
}

const fn built_on(needs: &'static str, proposal: Proposal) -> Proposal {
    Proposal {
        needs: Some(needs),
        ..proposal
    }
}

use WasmFeatures as W;

const PROPOSALS: &[Proposal] = &[
    standard("mutable-globals", &["mutable-global"], W::MUTABLE_GLOBAL),
    standard("sign-ext", &["sign-extension"], W::SIGN_EXTENSION),
    standard(
        "nontrapping-fptoint",
        &["saturating-float-to-int", "nontrapping-float-to-int"],
        W::SATURATING_FLOAT_TO_INT,
    ),
    standard("multivalue", &["multi-value"], W::MULTI_VALUE),
    standard("bulk-memory", &["bulk-memory-opt"], W::BULK_MEMORY),
    standard("reference-types", &[], W::REFERENCE_TYPES),
    standard("simd128", &["simd"], W::SIMD),
    built_on("simd128", standard("relaxed-simd", &[], W::RELAXED_SIMD)),
    standard("tail-call", &["tail-calls"], W::TAIL_CALL),
    standard("extended-const", &[], W::EXTENDED_CONST),
    standard("multi-memory", &["multimemory"], W::MULTI_MEMORY),
    standard("memory64", &[], W::MEMORY64),
    standard(
        "exception-handling",
        &["exceptions"],
        W::EXCEPTIONS.union(W::LEGACY_EXCEPTIONS),
    ),
    // Garbage collection, which has its types as well, is validated to be refused by name.
    built_on(
        "reference-types",
        standard(
            "typed-function-references",
            &["function-references"],
            W::FUNCTION_REFERENCES.union(W::GC),
        ),
    ),
    further("atomics", &["threads"], W::THREADS),
    further("custom-page-sizes", &[], W::CUSTOM_PAGE_SIZES),
    further("wide-arithmetic", &[], W::WIDE_ARITHMETIC),
];

/// Proposals that elfin does not compile, by the names of their repositories.
const UNSWITCHED: &[(&str, WasmFeatures)] = &[
    ("gc", W::GC),
    ("shared-everything-threads", W::SHARED_EVERYTHING_THREADS),
    ("memory-control", W::MEMORY_CONTROL),
    ("stack-switching", W::STACK_SWITCHING),
    ("custom-descriptors", W::CUSTOM_DESCRIPTORS),
    ("compact-imports", W::COMPACT_IMPORTS),
];

/// Every proposal that the validator knows.
pub(crate) fn everything() -> WasmFeatures {
    let others = UNSWITCHED.iter().map(|(_, features)| *features);
    others.fold(Features::all().0, WasmFeatures::union)
}

/// The names of the proposals without which a module is not valid that is valid with [`everything`].
pub(crate) fn needed(is_valid: impl Fn(WasmFeatures) -> bool + Sync) -> Vec<&'static str> {
    let switched = PROPOSALS
        .iter()
        .map(|proposal| (proposal.name, proposal.features));
    let all: Vec<_> = switched.chain(UNSWITCHED.iter().copied()).collect();
    needed_of(&all, &is_valid)
}

/// Those of `proposals`. Most modules need few, and a group that is not needed takes one validation.
fn needed_of(
    proposals: &[(&'static str, WasmFeatures)],
    is_valid: &(impl Fn(WasmFeatures) -> bool + Sync),
) -> Vec<&'static str> {
    let features = proposals.iter().map(|(_, features)| *features);
    let features = features.fold(WasmFeatures::empty(), WasmFeatures::union);
    if is_valid(everything().difference(features)) {
        return Vec::new();
    }
    match proposals {
        [(name, _)] => vec![name],
        _ => {
            let (left, right) = proposals.split_at(proposals.len() / 2);
            let (mut needed, right) =
                rayon::join(|| needed_of(left, is_valid), || needed_of(right, is_valid));
            needed.extend(right);
            needed
        }
    }
}

/// Stands for every proposal.
const ALL: &str = "all";

/// The proposals that a module may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(WasmFeatures);

impl Default for Features {
    /// Those of WebAssembly 3.0.
    fn default() -> Self {
        let mut features = Self::none();
        for proposal in PROPOSALS.iter().filter(|proposal| proposal.is_standard) {
            features.0.insert(proposal.features);
        }
        features
    }
}

impl Features {
    /// WebAssembly 1.0 without its exported mutable globals.
    fn none() -> Self {
        Self(WasmFeatures::MVP)
    }

    /// All proposals that elfin compiles.
    pub fn all() -> Self {
        let mut features = Self::default();
        for proposal in PROPOSALS {
            features.0.insert(proposal.features);
        }
        features
    }

    /// Switches a proposal on, with what it is built on, or off, with what is built on it.
    pub fn apply(&mut self, switch: Switch) {
        for proposal in PROPOSALS {
            let is_meant = switch.name == ALL || switch.name == proposal.name;
            if !is_meant {
                continue;
            }
            self.0.set(proposal.features, switch.is_on);
            for other in PROPOSALS {
                let is_concerned = if switch.is_on {
                    proposal.needs == Some(other.name)
                } else {
                    other.needs == Some(proposal.name)
                };
                if is_concerned {
                    self.0.set(other.features, switch.is_on);
                }
            }
        }
    }

    /// In the validator's terms.
    pub(crate) fn to_wasmparser(self) -> WasmFeatures {
        self.0
    }

    /// The names of proposals that are off, without which a module is not valid, though it is with all of them.
    pub(crate) fn missing(self, is_valid: impl Fn(WasmFeatures) -> bool) -> Vec<&'static str> {
        let all = Self::all();
        if self == all || !is_valid(all.0) {
            return Vec::new();
        }
        let is_off = |proposal: &&Proposal| !self.0.contains(proposal.features);
        let is_needed = |proposal: &&Proposal| !is_valid(all.0.difference(proposal.features));
        let missing = PROPOSALS.iter().filter(is_off).filter(is_needed);
        missing.map(|proposal| proposal.name).collect()
    }
}

/// A proposal to be switched: `NAME`, `-NAME`, or `all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    name: &'static str,
    is_on: bool,
}

impl Switch {
    /// Every name that a switch can have, without its sign; aliases last.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let names = PROPOSALS.iter().map(|proposal| proposal.name).chain([ALL]);
        names.chain(
            PROPOSALS
                .iter()
                .flat_map(|proposal| proposal.aliases.iter().copied()),
        )
    }

    /// The names, without the aliases.
    pub fn canonical_names() -> impl Iterator<Item = &'static str> {
        PROPOSALS.iter().map(|proposal| proposal.name).chain([ALL])
    }
}

/// A name that is no proposal's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProposal(pub String);

impl fmt::Display for UnknownProposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown proposal `{}`; the proposals are ", self.0)?;
        for (index, name) in Switch::canonical_names().enumerate() {
            write!(f, "{}{name}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownProposal {}

impl FromStr for Switch {
    type Err = UnknownProposal;

    fn from_str(text: &str) -> Result<Self, UnknownProposal> {
        let (is_on, name) = match text.strip_prefix('-') {
            Some(name) => (false, name),
            None => (true, text.strip_prefix('+').unwrap_or(text)),
        };
        if name == ALL {
            return Ok(Self { name: ALL, is_on });
        }
        let named =
            |proposal: &&Proposal| proposal.name == name || proposal.aliases.contains(&name);
        match PROPOSALS.iter().find(named) {
            Some(proposal) => Ok(Self {
                name: proposal.name,
                is_on,
            }),
            None => Err(UnknownProposal(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(switches: &str) -> Features {
        let mut features = Features::default();
        for switch in switches.split(',') {
            features.apply(switch.parse().unwrap());
        }
        features
    }

    #[test]
    fn switches() {
        assert_eq!(after("all"), Features::all());
        assert_eq!(after("-all"), Features::none());
        assert_eq!(after("atomics"), after("threads"));
        assert_eq!(after("atomics,-threads"), Features::default());
        assert_eq!(
            after("-all,relaxed-simd,simd128"),
            after("-all,+relaxed-simd")
        );
        assert_eq!(after("-simd,-relaxed-simd"), after("-simd128"));
        assert!("simd256".parse::<Switch>().is_err());
    }

    #[test]
    fn what_is_needed() {
        let needs = |wanted: WasmFeatures| move |given: WasmFeatures| given.contains(wanted);
        assert!(needed(|_| true).is_empty());
        let wanted = W::MUTABLE_GLOBAL | W::SIMD | W::STACK_SWITCHING;
        assert_eq!(
            needed(needs(wanted)),
            ["mutable-globals", "simd128", "stack-switching"]
        );
        assert_eq!(needed(needs(W::GC)), ["typed-function-references", "gc"]);
    }

    #[test]
    fn what_is_missing() {
        let needs = |wanted: WasmFeatures| move |given: WasmFeatures| given.contains(wanted);
        let default = Features::default();
        assert_eq!(default.missing(needs(WasmFeatures::THREADS)), ["atomics"]);
        assert!(default.missing(|_| false).is_empty());
        let both = WasmFeatures::THREADS | WasmFeatures::SIMD;
        assert_eq!(
            after("-simd128").missing(needs(both)),
            ["simd128", "atomics"]
        );
    }
}
