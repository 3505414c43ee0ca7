//! `--dir`: a directory of the host that the guest may use. Paths are bytes, not text.

use elfin_abi::grant;
use elfin_compiler::options::Directory;
use std::ffi::OsStr;

/// Parses `HOST[::GUEST[::ro]]`.
pub(super) fn parse(text: &OsStr) -> Result<Directory, &'static str> {
    let directory = grant::directory(text.as_encoded_bytes())?;
    Ok(Directory {
        host: directory.host.into(),
        guest: directory.guest.into(),
        read_only: directory.read_only,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn bytes_pass_through() {
        use std::os::unix::ffi::OsStrExt;
        let directory = parse(OsStr::from_bytes(b"\xff::\xfe::ro")).unwrap();
        assert_eq!(directory.host, b"\xff");
        assert_eq!(directory.guest, b"\xfe");
        assert!(directory.read_only);
    }
}
