//! `--tcp-listen`: an address at which the guest accepts connections.

use elfin_abi::grant;
use std::net::SocketAddr;

/// Parses `IP:PORT`.
pub(super) fn parse(text: &str) -> Result<SocketAddr, &'static str> {
    grant::listener(text.as_bytes())
}
