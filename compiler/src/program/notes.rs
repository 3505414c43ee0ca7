//! What a user should know of a program that compiles.

use super::{FunctionKind, Initializer, Program};
use crate::options::Options;

/// The notes, a sentence each.
pub fn notes(program: &Program<'_>, options: &Options) -> Vec<String> {
    let mut notes = Vec::new();
    let uses_paths = program
        .functions
        .values()
        .any(|function| match function.kind {
            FunctionKind::Host(host, _) => host.name.starts_with("path_"),
            _ => false,
        });
    let grants = &options.grants;
    let is_granted = !grants.directories.is_empty() || !grants.embedded.is_empty();
    if uses_paths && !is_granted && !grants.more_at_start {
        notes.push(
            "the module imports functions for files, but is granted no directory; grant one with --dir HOST[::GUEST]"
                .to_owned(),
        );
    }
    if let Some(what) = misfit(program) {
        notes.push(format!(
            "{what} does not fit, so the program will trap before it begins"
        ));
    }
    notes
}

/// The active segment that does not fit, in a program of one instance: all before it could be folded.
fn misfit(program: &Program<'_>) -> Option<String> {
    if program.instances.len() != 1 {
        return None;
    }
    let instance = program.instances.values().next()?;
    let (kind, len, start) = match instance.initializers.first()? {
        Initializer::Elements {
            start, contents, ..
        } => ("element", contents.len(), start),
        Initializer::Data {
            start, contents, ..
        } => ("data", contents.len(), start),
        Initializer::RequireTable(..) | Initializer::RequireMemory(..) => return None,
    };
    Some(format!("the {kind} segment of {len} at {start}"))
}

#[cfg(test)]
mod tests {
    use crate::features::Features;
    use crate::options::Options;
    use crate::target::Target;

    fn notes(text: &str) -> Vec<String> {
        let bytes = crate::parse::binary(text.as_bytes()).unwrap();
        let module = crate::parse::parse(&bytes, &Features::default()).unwrap();
        let options = Options::new(Target::X86_64);
        let program = super::super::link(&module, &options).unwrap();
        super::notes(&program, &options)
    }

    #[test]
    fn a_segment_that_does_not_fit_is_told() {
        let fits = r#"(module (memory 1) (data (i32.const 65535) "a") (func (export "_start")))"#;
        assert_eq!(notes(fits), [""; 0]);
        let misfit = fits.replace("65535", "65536");
        let expected = "the data segment of 1 at 65536 does not fit, so the program will trap before it begins";
        assert_eq!(notes(&misfit), [expected]);
    }
}
