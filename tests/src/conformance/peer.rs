//! Who is at the other end of an executable's pipe, terminal or socket, and does what its lines `peer COMMAND` say, one
//! after the other.

use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::thread::sleep;
use std::time::Duration;

/// The other ends, by the numbers that the executable gave them.
pub(super) struct Peer {
    ends: HashMap<String, End>,
    /// Where `connect` connects to.
    address: Option<SocketAddr>,
}

enum End {
    File(File),
    Messages(UnixDatagram),
    Connection(TcpStream),
}

/// Long enough for the executable to wait in the kernel, most of the time.
const PAUSE: Duration = Duration::from_millis(20);

/// How long it waits for what the executable should have sent.
const PATIENCE: Duration = Duration::from_secs(20);

impl Peer {
    /// There is no other end.
    pub(super) fn nobody() -> Peer {
        Peer {
            ends: HashMap::new(),
            address: None,
        }
    }

    /// The end for writing of a pipe.
    pub(super) fn of_stream(file: File) -> Peer {
        Peer::of(End::File(file))
    }

    /// The side of a pseudo-terminal where somebody types.
    pub(super) fn of_terminal(file: File) -> Peer {
        Peer::of(End::File(file))
    }

    /// A socket of messages.
    pub(super) fn of_messages(socket: UnixDatagram) -> Result<Peer> {
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Peer::of(End::Messages(socket)))
    }

    /// Somebody who connects.
    pub(super) fn of_listener(address: SocketAddr) -> Peer {
        Peer {
            ends: HashMap::new(),
            address: Some(address),
        }
    }

    fn of(end: End) -> Peer {
        Peer {
            ends: HashMap::from([("0".to_owned(), end)]),
            address: None,
        }
    }

    /// What the executable writes, where that comes out at the peer's end.
    pub(super) fn output(&self) -> Option<File> {
        match self.ends.get("0") {
            Some(End::File(file)) => file.try_clone().ok(),
            _ => None,
        }
    }

    /// Does what a line says. Commands after an error of the executable's find nobody: they fail, and so does its case.
    pub(super) fn act(&mut self, command: &str) -> Result<()> {
        let mut words = command.splitn(3, ' ');
        let (verb, number) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        let rest = words.next().unwrap_or_default();
        match verb {
            "pause" => sleep(PAUSE),
            "connect" => {
                let stream = TcpStream::connect(self.address.context("nobody listens")?)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                self.ends.insert(number.to_owned(), End::Connection(stream));
            }
            "close" => drop(self.ends.remove(number)),
            "send" => self.end(number)?.send(rest.as_bytes())?,
            "send-line" => self.end(number)?.send(format!("{rest}\n").as_bytes())?,
            "send-many" => self.end(number)?.send(&vec![b'm'; rest.parse()?])?,
            "echo" => {
                let mut bytes = vec![0; rest.parse()?];
                let end = self.end(number)?;
                end.receive(&mut bytes)?;
                end.send(&bytes)?;
            }
            "echo-all" => {
                let End::Connection(stream) = self.end(number)? else {
                    bail!("that has no end")
                };
                let mut bytes = Vec::new();
                stream.read_to_end(&mut bytes)?;
                stream.write_all(&bytes)?;
                stream.shutdown(Shutdown::Write)?;
            }
            _ => bail!("a peer does not know how to {verb}"),
        }
        Ok(())
    }

    fn end(&mut self, number: &str) -> Result<&mut End> {
        self.ends
            .get_mut(number)
            .with_context(|| format!("there is no end {number}"))
    }
}

impl End {
    fn send(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            End::File(file) => file.write_all(bytes)?,
            End::Connection(stream) => stream.write_all(bytes)?,
            End::Messages(socket) => drop(socket.send(bytes)?),
        }
        Ok(())
    }

    fn receive(&mut self, bytes: &mut [u8]) -> Result<()> {
        match self {
            End::File(file) => file.read_exact(bytes)?,
            End::Connection(stream) => stream.read_exact(bytes)?,
            End::Messages(socket) => drop(socket.recv(bytes)?),
        }
        Ok(())
    }
}
