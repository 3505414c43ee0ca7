//! A module that calls each host function with hostile pointers in each of its pointer arguments, and what must come of
//! each call.
//!
//! ```text
//! page 0   the image of page 1; its first 256 bytes are a record and how it is written
//! page 1   what the pointers of valid calls point to; it ends where the memory ends
//! ```
//!
//! Before each call page 1 is made anew. After it, what the call may write is made anew, and the page compared with its
//! image. Each call writes a record to standard output: errno, and whether the page is as it was.

use anyhow::{Context, Result, ensure};
use elfin_abi::host::{FUNCTIONS, HostFunction, Type};
use std::fmt::Write;

/// Where page 1 begins.
const WORK: u32 = 0x1_0000;
/// Where the memory ends.
const END: u32 = 0x2_0000;

/// `fault`.
const FAULT: u32 = 21;

/// An argument of a valid call.
#[derive(Clone, Copy, PartialEq)]
enum Arg {
    /// A number, or the length of what the pointer before it points to.
    Int(i64),
    /// The file that the module has opened.
    File,
    /// A pointer to so many bytes that are written.
    Out(u32),
    /// A pointer to a text, which is read.
    Text(&'static str),
    /// A pointer to two `iovec`s of 8 bytes each.
    Vectors,
    /// A pointer to a `subscription` of so many bytes: the time of now.
    Subscription(u32),
}

use Arg::{File, Int, Out, Subscription, Text, Vectors};

/// How much is written depends on how the executable is called: two bytes at least.
const STRINGS: Arg = Out(4096);
/// The granted directory.
const DIR: Arg = Int(3);
/// Standard input, a listening socket that does not wait.
const SOCKET: Arg = Int(0);
/// No descriptor.
const NONE: Arg = Int(999);
/// `sock_accept`, which a file does not have.
const FOREIGN_RIGHT: Arg = Int(1 << 29);

/// A valid call of each function and the errno that it gives.
fn valid(function: &HostFunction) -> Option<(Vec<Arg>, u32)> {
    let old = function.module == "wasi_unstable";
    let stat = Out(if old { 56 } else { 64 });
    let moment = Subscription(if old { 56 } else { 48 });
    let (args, errno): (&[Arg], u32) = match function.name {
        "args_get" | "environ_get" => (&[STRINGS, STRINGS], 0),
        "args_sizes_get" | "environ_sizes_get" => (&[Out(4), Out(4)], 0),
        "clock_res_get" => (&[Int(1), Out(8)], 0),
        "clock_time_get" => (&[Int(1), Int(0), Out(8)], 0),
        "fd_advise" => (&[File, Int(0), Int(1), Int(0)], 0),
        "fd_allocate" => (&[File, Int(0), Int(1)], 0),
        "fd_close" => (&[NONE], 8),
        "fd_datasync" | "fd_sync" => (&[File], 0),
        "fd_fdstat_get" => (&[File, Out(24)], 0),
        "fd_fdstat_set_flags" => (&[File, Int(0)], 0),
        "fd_fdstat_set_rights" => (&[File, FOREIGN_RIGHT, Int(0)], 76),
        "fd_filestat_get" => (&[File, stat], 0),
        "fd_filestat_set_size" => (&[File, Int(100)], 0),
        "fd_filestat_set_times" => (&[File, Int(0), Int(0), Int(0)], 0),
        "fd_pread" => (&[File, Vectors, Int(2), Int(0), Out(4)], 0),
        "fd_prestat_get" => (&[DIR, Out(8)], 0),
        "fd_prestat_dir_name" => (&[DIR, Out(1), Int(1)], 0),
        "fd_pwrite" => (&[File, Vectors, Int(2), Int(0), Out(4)], 0),
        "fd_read" => (&[File, Vectors, Int(2), Out(4)], 0),
        "fd_readdir" => (&[DIR, Out(200), Int(200), Int(0), Out(4)], 0),
        "fd_renumber" => (&[NONE, NONE], 8),
        "fd_seek" => (&[File, Int(0), Int(if old { 2 } else { 0 }), Out(8)], 0),
        "fd_tell" => (&[File, Out(8)], 0),
        "fd_write" => (&[File, Vectors, Int(2), Out(4)], 0),
        "path_create_directory" => (&[DIR, Text("f"), Int(1)], 20),
        "path_filestat_get" => (&[DIR, Int(1), Text("f"), Int(1), stat], 0),
        "path_filestat_set_times" => (&[DIR, Int(1), Text("f"), Int(1), Int(0), Int(0), Int(2)], 0),
        "path_link" => (
            &[DIR, Int(0), Text("f"), Int(1), DIR, Text("l"), Int(1)],
            20,
        ),
        "path_open" => (
            &[
                DIR,
                Int(1),
                Text("g"),
                Int(1),
                Int(0),
                Int(2),
                Int(0),
                Int(0),
                Out(4),
            ],
            44,
        ),
        "path_readlink" => (&[DIR, Text("l"), Int(1), Out(16), Int(16), Out(4)], 0),
        "path_remove_directory" => (&[DIR, Text("f"), Int(1)], 54),
        "path_rename" => (&[DIR, Text("g"), Int(1), DIR, Text("h"), Int(1)], 44),
        "path_symlink" => (&[Text("f"), Int(1), DIR, Text("l"), Int(1)], 20),
        "path_unlink_file" => (&[DIR, Text("g"), Int(1)], 44),
        "poll_oneoff" => (&[moment, Out(32), Int(1), Out(4)], 0),
        "proc_raise" => (&[Int(0)], 0),
        "random_get" => (&[Out(16), Int(16)], 0),
        "sched_yield" => (&[], 0),
        "sock_accept" => (&[SOCKET, Int(0), Out(4)], 6),
        "sock_recv" => (&[SOCKET, Vectors, Int(2), Int(0), Out(4), Out(2)], 53),
        "sock_send" => (&[SOCKET, Vectors, Int(2), Int(0), Out(4)], 64),
        "sock_shutdown" => (&[SOCKET, Int(0)], 28),
        _ => return None,
    };
    Some((args.to_vec(), errno))
}

/// What a call must give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expected {
    /// This errno.
    Errno(u32),
    /// Any errno that there is.
    Any,
}

/// A call, and what must come of it.
#[derive(Clone, Debug)]
pub struct Call {
    /// In words.
    pub name: String,
    /// The errno.
    pub expected: Expected,
    function: usize,
    values: Vec<i64>,
    /// The file's descriptor stands in for the value there.
    file_at: Option<usize>,
    /// What it may write.
    writable: Vec<(u32, u32)>,
}

/// Where things lie in page 1.
struct Image {
    data: Vec<(u32, Vec<u8>)>,
    next: u32,
}

impl Image {
    fn place(&mut self, bytes: Vec<u8>) -> u32 {
        let at = self.next;
        self.next = (at + bytes.len() as u32 + 64).next_multiple_of(16);
        self.data.push((at, bytes));
        at
    }
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Where the two buffers of a valid array of vectors lie.
const BUFFERS: [u32; 2] = [WORK + 0x8000, WORK + 0x8100];

/// All calls, and the module that makes them.
pub fn generate() -> Result<(Vec<Call>, String)> {
    let mut image = Image {
        data: Vec::new(),
        next: WORK + 0x100,
    };
    let mut calls = Vec::new();
    for (number, function) in FUNCTIONS.iter().enumerate() {
        if function.name == "proc_exit" {
            continue;
        }
        let (args, errno) = valid(function)
            .with_context(|| format!("no valid call of {} is known", function.name))?;
        ensure!(
            args.len() == function.params.len(),
            "{} has {:?}",
            function.name,
            function.params
        );
        add_calls(number, &args, errno, &mut image, &mut calls);
    }
    ensure!(image.next <= BUFFERS[0], "the image is too large");
    let text = module(&calls, &image)?;
    Ok((calls, text))
}

/// The valid call, then each hostile one followed by the valid one.
fn add_calls(number: usize, args: &[Arg], errno: u32, image: &mut Image, calls: &mut Vec<Call>) {
    let values: Vec<i64> = args
        .iter()
        .map(|arg| match *arg {
            Int(value) => value,
            File => 0,
            Out(size) => image.place(vec![0xc5; size as usize]).into(),
            Text(text) => image.place(text.into()).into(),
            Vectors => image.place(words(&[BUFFERS[0], 8, BUFFERS[1], 8])).into(),
            Subscription(size) => image.place(vec![0; size as usize]).into(),
        })
        .collect();
    let wild: Vec<u32> = [
        [u32::MAX, 2],
        [END - 1, 2],
        [WORK, u32::MAX],
        [END, 1],
        [0x8000_0000, 8],
    ]
    .iter()
    .flat_map(|&[start, len]| [[BUFFERS[0], 8, start, len], [start, len, BUFFERS[0], 8]])
    .filter(|_| args.contains(&Vectors))
    .map(|array| image.place(words(&array)))
    .collect();
    let good = Call {
        name: format!("{}.{}", FUNCTIONS[number].module, FUNCTIONS[number].name),
        expected: Expected::Errno(errno),
        function: number,
        file_at: args.iter().position(|arg| *arg == File),
        writable: writable(args, &values),
        values,
    };
    calls.push(good.clone());
    let mut hostile = |what: String, at: usize, value: i64, expected: Expected| {
        let mut call = good.clone();
        call.name = format!("{}, argument {at}: {what}", call.name);
        call.expected = expected;
        call.values[at] = value;
        call.file_at = call.file_at.filter(|&file| file != at);
        call.writable = match expected {
            Expected::Errno(FAULT) => Vec::new(),
            _ => writable(args, &call.values),
        };
        calls.push(call);
        calls.push(good.clone());
    };
    for (at, arg) in args.iter().enumerate() {
        let size = match *arg {
            Int(value) => {
                let is_length = at > 0 && size_of_pointer(args[at - 1]).is_some();
                for wild in [-1, i64::from(i32::MIN), 0x2000_0001] {
                    let unbounded = FUNCTIONS[number].params[at] == Type::I64;
                    let of_file = args.contains(&File) && unbounded;
                    match is_length && value > 0 {
                        true => hostile(
                            format!("length {wild:#x}"),
                            at,
                            wild,
                            Expected::Errno(FAULT),
                        ),
                        false if of_file => {}
                        false => hostile(format!("number {wild:#x}"), at, wild, Expected::Any),
                    }
                }
                continue;
            }
            File => {
                hostile("no descriptor".into(), at, -1, Expected::Any);
                continue;
            }
            pointer => size_of_pointer(pointer).unwrap_or(1),
        };
        for wild in [
            END - size + 1,
            END - 1,
            END,
            END + 1,
            END + WORK,
            0x7fff_ffff,
            0x8000_0000,
            0xffff_fff8,
            u32::MAX,
        ] {
            if u64::from(wild) + u64::from(size) > END.into() {
                hostile(
                    format!("pointer {wild:#x}"),
                    at,
                    wild.into(),
                    Expected::Errno(FAULT),
                );
            }
        }
        if let Out(_) = arg
            && *arg != STRINGS
        {
            hostile(
                "the end of the memory".into(),
                at,
                (END - size).into(),
                good.expected,
            );
            hostile(
                "not aligned".into(),
                at,
                i64::from(WORK + 0x9001),
                good.expected,
            );
        }
        if let Vectors = arg {
            for &wild in &wild {
                hostile(
                    format!("wild vectors at {wild:#x}"),
                    at,
                    wild.into(),
                    Expected::Errno(FAULT),
                );
            }
        }
        for (other, pointer) in args.iter().enumerate() {
            if other != at && size_of_pointer(*pointer).is_some() {
                hostile(
                    format!("the same as argument {other}"),
                    at,
                    good.values[other],
                    Expected::Any,
                );
            }
        }
    }
}

/// The bytes at least that a pointer points to.
fn size_of_pointer(arg: Arg) -> Option<u32> {
    match arg {
        Int(_) | File => None,
        STRINGS => Some(2),
        Out(size) | Subscription(size) => Some(size),
        Text(text) => Some(text.len() as u32),
        Vectors => Some(16),
    }
}

/// What a call with these arguments may write.
fn writable(args: &[Arg], values: &[i64]) -> Vec<(u32, u32)> {
    let mut ranges = Vec::new();
    for (arg, value) in args.iter().zip(values) {
        let at = *value as u32;
        match *arg {
            Out(size) if (WORK..END).contains(&at) => ranges.push((at, size.min(END - at))),
            Vectors => ranges.extend(BUFFERS.map(|buffer| (buffer, 8))),
            _ => {}
        }
    }
    ranges
}

fn type_name(ty: Type) -> &'static str {
    match ty {
        Type::I32 => "i32",
        Type::I64 => "i64",
    }
}

/// The text of the module.
fn module(calls: &[Call], image: &Image) -> Result<String> {
    let mut text = String::from("(module\n");
    for (number, function) in FUNCTIONS.iter().enumerate() {
        let params: Vec<&str> = function.params.iter().map(|ty| type_name(*ty)).collect();
        let result = if function.results.is_empty() {
            ""
        } else {
            "(result i32)"
        };
        writeln!(
            text,
            "(import \"{}\" \"{}\" (func $f{number} (param {}) {result}))",
            function.module,
            function.name,
            params.join(" "),
        )?;
    }
    text.push_str(SUPPORT);
    for (at, bytes) in &image.data {
        let at = at - WORK;
        let escaped: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        writeln!(text, "(data (i32.const {at}) \"{escaped}\")")?;
    }
    text.push_str("(func (export \"_start\")\n  call $open\n");
    for chunk in 0..calls.len().div_ceil(PER_FUNCTION) {
        writeln!(text, "  call $calls{chunk}")?;
    }
    text.push_str(")\n");
    for (chunk, calls) in calls.chunks(PER_FUNCTION).enumerate() {
        writeln!(text, "(func $calls{chunk}")?;
        for call in calls {
            write_call(&mut text, call)?;
        }
        text.push_str(")\n");
    }
    text.push(')');
    Ok(text)
}

/// Calls in one function of the module.
const PER_FUNCTION: usize = 100;

fn write_call(text: &mut String, call: &Call) -> Result<()> {
    text.push_str("  call $renew\n");
    let params = FUNCTIONS[call.function].params;
    for (at, (ty, value)) in params.iter().zip(&call.values).enumerate() {
        match (call.file_at == Some(at), ty) {
            (true, _) => text.push_str("  global.get $file\n"),
            (false, Type::I32) => writeln!(text, "  i32.const {}", *value as i32)?,
            (false, Type::I64) => writeln!(text, "  i64.const {value}")?,
        }
    }
    writeln!(text, "  call $f{}\n  global.set $errno", call.function)?;
    for (at, len) in &call.writable {
        let from = at - WORK;
        writeln!(
            text,
            "  (memory.copy (i32.const {at}) (i32.const {from}) (i32.const {len}))"
        )?;
    }
    text.push_str("  call $record\n");
    Ok(())
}

/// The memory, opening the file, comparing and recording. `f` exists before; it is opened for reading and writing.
const SUPPORT: &str = r#"
(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "path_open"
  (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "fd_fdstat_set_flags" (func $set_flags (param i32 i32) (result i32)))
(memory (export "memory") 2 2)
(global $file (mut i32) (i32.const 0))
(global $errno (mut i32) (i32.const 0))
(data (i32.const 0x20) "f")
(func $open
  (if (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x20) (i32.const 1) (i32.const 0)
      (i64.const 0xfffffff) (i64.const 0) (i32.const 0) (i32.const 0x30))
    (then unreachable))
  (global.set $file (i32.load (i32.const 0x30)))
  (if (call $set_flags (i32.const 0) (i32.const 4)) (then unreachable)))
(func $renew (memory.copy (i32.const 0x10000) (i32.const 0) (i32.const 0x10000)))
(func $is_intact (result i32) (local $at i32)
  (local.set $at (i32.const 0x100))
  (loop $next
    (if (i64.ne (i64.load (local.get $at)) (i64.load offset=0x10000 (local.get $at)))
      (then (return (i32.const 0))))
    (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 0x10000))))
  (i32.const 1))
(func $record
  (i32.store (i32.const 0x40) (global.get $errno))
  (i32.store (i32.const 0x44) (call $is_intact))
  (i32.store (i32.const 0x48) (i32.const 0x40))
  (i32.store (i32.const 0x4c) (i32.const 8))
  (if (call $write (i32.const 1) (i32.const 0x48) (i32.const 1) (i32.const 0x50)) (then unreachable)))
"#;

/// Compares what the executable wrote with what must come of each call: the calls that went wrong, in words.
pub fn judge(calls: &[Call], output: &[u8]) -> Vec<String> {
    let word = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u32::from(*byte))
    };
    let mut wrong = Vec::new();
    let mut records = output.chunks_exact(8);
    for call in calls {
        let Some((errno, intact)) = records.next().map(|record| record.split_at(4)) else {
            wrong.push(format!("{}: it never came to this call", call.name));
            break;
        };
        let errno = word(errno);
        let right = match call.expected {
            Expected::Errno(expected) => errno == expected,
            Expected::Any => errno <= 76,
        };
        if !right {
            wrong.push(format!(
                "{}: errno {errno}, expected {:?}",
                call.name, call.expected
            ));
        }
        if word(intact) != 1 {
            wrong.push(format!(
                "{}: memory beside the arguments was written",
                call.name
            ));
        }
    }
    if records.next().is_some() {
        wrong.push("there are more records than calls".into());
    }
    wrong
}
