//! Error numbers: from Linux's to preview 1's.

use crate::guest::Fault;
use crate::host::{Errno, NOT_CAPABLE};

/// What a function of preview 1 gives, before it is encoded.
pub(crate) type Result<T> = core::result::Result<T, Errno>;

impl From<Fault> for Errno {
    fn from(_: Fault) -> Errno {
        Errno::FAULT
    }
}

/// Preview 1's number for "success".
const SUCCESS: i32 = 0;

/// Preview 1's number for a missing right.
const NOTCAPABLE: u8 = 76;

/// Preview 1's number for an error that has no counterpart there.
const IO: u8 = 29;

/// The result as the guest gets it.
pub(crate) fn encode(result: Result<()>) -> i32 {
    match result {
        Ok(()) => SUCCESS,
        Err(errno) => i32::from(number(errno)),
    }
}

/// Preview 1's number for an error.
pub(super) fn number(errno: Errno) -> u8 {
    let index = errno.raw_os_error() as usize;
    match NUMBERS.get(index) {
        Some(&number) if number != 0 => number,
        _ if errno == NOT_CAPABLE => NOTCAPABLE,
        _ => IO,
    }
}

macro_rules! numbers {
    ($($name:ident = $number:literal,)*) => {
        /// Preview 1's number at the place of Linux's; 0 where it has none.
        static NUMBERS: [u8; 134] = {
            let mut numbers = [0; 134];
            $(numbers[Errno::$name.raw_os_error() as usize] = $number;)*
            numbers
        };
    };
}

numbers! {
    TOOBIG = 1,
    ACCESS = 2,
    ADDRINUSE = 3,
    ADDRNOTAVAIL = 4,
    AFNOSUPPORT = 5,
    AGAIN = 6,
    ALREADY = 7,
    BADF = 8,
    BADMSG = 9,
    BUSY = 10,
    CANCELED = 11,
    CHILD = 12,
    CONNABORTED = 13,
    CONNREFUSED = 14,
    CONNRESET = 15,
    DEADLK = 16,
    DESTADDRREQ = 17,
    DOM = 18,
    DQUOT = 19,
    EXIST = 20,
    FAULT = 21,
    FBIG = 22,
    HOSTUNREACH = 23,
    IDRM = 24,
    ILSEQ = 25,
    INPROGRESS = 26,
    INTR = 27,
    INVAL = 28,
    IO = 29,
    ISCONN = 30,
    ISDIR = 31,
    LOOP = 32,
    MFILE = 33,
    MLINK = 34,
    MSGSIZE = 35,
    MULTIHOP = 36,
    NAMETOOLONG = 37,
    NETDOWN = 38,
    NETRESET = 39,
    NETUNREACH = 40,
    NFILE = 41,
    NOBUFS = 42,
    NODEV = 43,
    NOENT = 44,
    NOEXEC = 45,
    NOLCK = 46,
    NOLINK = 47,
    NOMEM = 48,
    NOMSG = 49,
    NOPROTOOPT = 50,
    NOSPC = 51,
    NOSYS = 52,
    NOTCONN = 53,
    NOTDIR = 54,
    NOTEMPTY = 55,
    NOTRECOVERABLE = 56,
    NOTSOCK = 57,
    NOTSUP = 58,
    NOTTY = 59,
    NXIO = 60,
    OVERFLOW = 61,
    OWNERDEAD = 62,
    PERM = 63,
    PIPE = 64,
    PROTO = 65,
    PROTONOSUPPORT = 66,
    PROTOTYPE = 67,
    RANGE = 68,
    ROFS = 69,
    SPIPE = 70,
    SRCH = 71,
    STALE = 72,
    TIMEDOUT = 73,
    TXTBSY = 74,
    XDEV = 75,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_both_ends() {
        assert_eq!(encode(Ok(())), 0);
        assert_eq!(encode(Err(Errno::TOOBIG)), 1);
        assert_eq!(encode(Err(Errno::BADF)), 8);
        assert_eq!(encode(Err(Errno::FAULT)), 21);
        assert_eq!(encode(Err(Errno::PERM)), 63);
        assert_eq!(encode(Err(Errno::XDEV)), 75);
        assert_eq!(encode(Err(NOT_CAPABLE)), 76);
    }

    #[test]
    fn an_unknown_error_is_an_error() {
        assert_eq!(encode(Err(Errno::HWPOISON)), 29);
        assert_eq!(encode(Err(Errno::from_raw_os_error(512))), 29);
    }

    #[test]
    fn each_number_of_the_specification_is_reached() {
        let mut found = NUMBERS.to_vec();
        found.retain(|&number| number != 0);
        found.sort_unstable();
        assert!(found.iter().copied().eq(1..=75));
    }
}
