//! Listening sockets: bound before the guest runs, which then accepts connections.
#![allow(unsafe_code)]

use super::refuse_grant;
use crate::host::descriptors;
use crate::program::elements;
use crate::sys::socket;
use core::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use elfin_abi::layout::Listener;

/// [`elfin_abi::host::intrinsic::LISTEN`].
// SAFETY: nothing else has this name.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn elfin_listen(listener: &'static Listener) {
    listen(&address(listener), elements(&listener.text));
}

/// Gives the guest a socket that listens at the address, which is written so.
pub(super) fn listen(address: &SocketAddr, text: &[u8]) {
    let listening = socket::listen(address).and_then(descriptors::insert_listener);
    if let Err(errno) = listening {
        refuse_grant("cannot listen at the granted address", text, errno);
    }
}

fn address(listener: &Listener) -> SocketAddr {
    let port = listener.port as u16;
    let [a, b, c, d, ..] = listener.address;
    match listener.version {
        4 => (Ipv4Addr::new(a, b, c, d), port).into(),
        _ => SocketAddrV6::new(Ipv6Addr::from(listener.address), port, 0, listener.scope).into(),
    }
}
