//! What an executable in the cache is known by: whatever decides its bytes, and nothing else.

use crate::cache;
use elfin_compiler::Options;
use std::path::Path;

/// Bytes of a guest's name that begin the name of its file, as many as the kernel shows of a process.
const NAME: usize = 15;

/// The name of the file in the cache: `app-` and the hash in hexadecimal, so that `top` shows `app`.
///
/// `None` where it can't be found out which elfin this is: then nothing of another one may be used.
pub(super) fn key(input: &Path, module: &[u8], options: &Options) -> Option<String> {
    let mut hash = blake3::Hasher::new();
    hash.update(cache::build()?.as_bytes());
    // The options by their names and values, so that none of them can be forgotten. How many threads compile says
    // nothing of the bytes.
    let options = Options {
        jobs: 0,
        ..options.clone()
    };
    hash.update(format!("{options:?}").as_bytes());
    hash.update(blake3::hash(module).as_bytes());
    Some(format!("{}-{}", name(input), hash.finalize().to_hex()))
}

/// The beginning of the input's name, in characters that no terminal minds.
fn name(input: &Path) -> String {
    let stem = input.file_stem().unwrap_or_default().to_string_lossy();
    let is_plain =
        |character: &char| character.is_ascii_alphanumeric() || "_-+.".contains(*character);
    // A name with a point before it is none of an executable.
    let name = stem.trim_start_matches('.').chars().filter(is_plain);
    name.take(NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cache::name::is_executable;
    use elfin_compiler::Target;
    use elfin_compiler::cpu::Cpu;
    use elfin_compiler::options::OptLevel;

    #[test]
    fn whatever_decides_the_bytes_is_in_it() {
        let options = Options::new(Target::X86_64);
        let of = |module: &[u8], options: &Options| key(Path::new("a/app.wasm"), module, options);
        let first = of(b"module", &options).unwrap();
        assert!(
            first.starts_with("app-") && is_executable(&first),
            "{first}"
        );
        assert_eq!(of(b"module", &options).unwrap(), first);
        let threads = Options {
            jobs: 7,
            ..options.clone()
        };
        assert_eq!(of(b"module", &threads).unwrap(), first);
        assert_ne!(of(b"another", &options).unwrap(), first);
        for other in [
            Options::new(Target::Aarch64),
            Options {
                cpu: Cpu::parse(Target::X86_64, "+sse3").unwrap(),
                ..options.clone()
            },
            Options {
                opt_level: OptLevel::None,
                ..options.clone()
            },
            Options {
                invoke: Some("f".into()),
                ..options.clone()
            },
            Options {
                max_memory: Some(1 << 20),
                ..options.clone()
            },
        ] {
            assert_ne!(of(b"module", &other).unwrap(), first, "{other:?}");
        }
    }

    #[test]
    fn names() {
        for (path, expected) in [
            ("a/app.wasm", "app"),
            ("-", "-"),
            ("..", ""),
            (".hidden.wasm", "hidden"),
            ("a name\n.wat", "aname"),
            ("a-very-long-name-of-a-module.wasm", "a-very-long-nam"),
        ] {
            assert_eq!(name(Path::new(path)), expected);
        }
    }
}
