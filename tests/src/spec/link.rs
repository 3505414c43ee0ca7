//! What the compiler says of modules before it generates code: whether it takes them, and whether they link.

use elfin_compiler::features::Features;
use elfin_compiler::options::{Emit, Options};
use elfin_compiler::script::Script;
use elfin_compiler::{Error, Target, compile_script};

/// Whether the steps of a script can be compiled, as far as parsing and linking say. No target matters to that.
pub fn link(modules: &[Vec<u8>], script: &Script, features: Features) -> Result<(), Error> {
    let options = Options {
        // The text of one small function is the least that can be asked for.
        emit: Emit::Clif(Some("elfin_entry".to_owned())),
        features,
        jobs: 1,
        ..Options::new(Target::X86_64)
    };
    let modules: Vec<&[u8]> = modules.iter().map(Vec::as_slice).collect();
    compile_script(&modules, script, &options, &[]).map(drop)
}

/// Whether elfin takes a module.
pub fn parse(module: &[u8], features: Features) -> Result<(), Error> {
    link(&[module.to_vec()], &Script::default(), features)
}

/// The proposal that a module was refused for, from the compiler's message.
pub fn proposal(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("needs the ")?;
    let (proposal, _) = rest.split_once(" proposal")?;
    Some(proposal)
}
