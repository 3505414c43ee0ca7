//! `--kernel-sandbox`: `auto`, `off`, `require`, or `require=` with a list of the walls.

use elfin_compiler::options::KernelSandbox;

/// Parses the value.
pub(super) fn parse(text: &str) -> Result<KernelSandbox, String> {
    let parts = match text.split_once('=') {
        None if text == "auto" => return Ok(KernelSandbox::AUTO),
        None if text == "off" => return Ok(KernelSandbox::Off),
        None if text == "require" => "seccomp,landlock",
        Some(("require", parts)) => parts,
        _ => return Err("say `auto`, `off`, `require`, or `require=seccomp,landlock`".into()),
    };
    let (mut require_seccomp, mut require_landlock) = (false, false);
    for part in parts.split(',') {
        match part {
            "seccomp" => require_seccomp = true,
            "landlock" => require_landlock = true,
            _ => {
                return Err(format!(
                    "`{part}` can't be required; `seccomp` and `landlock` can"
                ));
            }
        }
    }
    Ok(KernelSandbox::On {
        require_seccomp,
        require_landlock,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form() {
        let on = |require_seccomp, require_landlock| {
            Ok(KernelSandbox::On {
                require_seccomp,
                require_landlock,
            })
        };
        assert_eq!(parse("auto"), on(false, false));
        assert_eq!(parse("off"), Ok(KernelSandbox::Off));
        assert_eq!(parse("require"), on(true, true));
        assert_eq!(parse("require=seccomp"), on(true, false));
        assert_eq!(parse("require=landlock"), on(false, true));
        assert_eq!(parse("require=landlock,seccomp"), on(true, true));
        for text in ["", "on", "auto=seccomp", "require=", "require=selinux"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
