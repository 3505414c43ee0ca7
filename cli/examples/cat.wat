;; Prints the files that are named on the command line, as cat(1) does: a whole WASI preview 1 program in text form.
;;
;;   elfin compile cat.wat --dir . && ./cat README.md
;;
;; The first directory granted with --dir is descriptor 3; the names are taken relative to it.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  ;; 0        the words that the functions above write their results to
  ;; 16       one iovec: address, length
  ;; 32       messages
  ;; 0x10000  the buffer that a file passes through, 64 KiB
  ;; 0x20000  argv, then the strings that it points to
  (memory (export "memory") 3)
  (data (i32.const 32) "usage: cat FILE...\ncan't open: can't read: \n")

  (global $stdout i32 (i32.const 1))
  (global $stderr i32 (i32.const 2))
  (global $directory i32 (i32.const 3))
  (global $iovec i32 (i32.const 16))
  (global $buffer i32 (i32.const 0x10000))
  (global $buffer_size i32 (i32.const 0x10000))
  (global $argv i32 (i32.const 0x20000))

  (func (export "_start")
    (local $argc i32) (local $index i32)
    (local.set $argc (call $arguments))
    (if (i32.lt_u (local.get $argc) (i32.const 2))
      (then
        (call $write (global.get $stderr) (i32.const 32) (i32.const 19))
        (call $proc_exit (i32.const 2))))
    (local.set $index (i32.const 1))
    (loop $next
      (call $print
        (i32.load
          (i32.add (global.get $argv) (i32.shl (local.get $index) (i32.const 2)))))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $index) (local.get $argc)))))

  ;; Puts the arguments at $argv, gives their number.
  (func $arguments (result i32)
    (local $argc i32)
    (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (local.set $argc (i32.load (i32.const 0)))
    ;; Make room: a page for every 64 KiB of argv and strings.
    (drop
      (memory.grow
        (i32.shr_u
          (i32.add (i32.load (i32.const 4)) (i32.shl (local.get $argc) (i32.const 2)))
          (i32.const 16))))
    (drop
      (call $args_get
        (global.get $argv)
        (i32.add (global.get $argv) (i32.shl (local.get $argc) (i32.const 2)))))
    (local.get $argc))

  ;; Copies the file of this name (a C string) to standard output.
  (func $print (param $name i32)
    (local $length i32) (local $file i32)
    (local.set $length (call $length (local.get $name)))
    (if
      (call $path_open
        (global.get $directory)
        (i32.const 1)              ;; follow symbolic links
        (local.get $name) (local.get $length)
        (i32.const 0)              ;; neither create nor truncate
        (i64.const 2) (i64.const 0) ;; the right to read; none for what would be opened below it
        (i32.const 0)
        (i32.const 0))             ;; the descriptor is stored at 0
      (then (call $fail (i32.const 51) (local.get $name) (local.get $length))))
    (local.set $file (i32.load (i32.const 0)))
    (loop $more
      (i32.store (global.get $iovec) (global.get $buffer))
      (i32.store offset=4 (global.get $iovec) (global.get $buffer_size))
      (if (call $fd_read (local.get $file) (global.get $iovec) (i32.const 1) (i32.const 0))
        (then (call $fail (i32.const 63) (local.get $name) (local.get $length))))
      ;; Nothing read means the end.
      (if (i32.load (i32.const 0))
        (then
          (call $write (global.get $stdout) (global.get $buffer) (i32.load (i32.const 0)))
          (br $more))))
    (drop (call $fd_close (local.get $file))))

  ;; Writes bytes, however many calls that takes.
  (func $write (param $to i32) (param $from i32) (param $length i32)
    (loop $more
      (i32.store (global.get $iovec) (local.get $from))
      (i32.store offset=4 (global.get $iovec) (local.get $length))
      (if (call $fd_write (local.get $to) (global.get $iovec) (i32.const 1) (i32.const 0))
        (then (call $proc_exit (i32.const 1))))
      (local.set $from (i32.add (local.get $from) (i32.load (i32.const 0))))
      (local.set $length (i32.sub (local.get $length) (i32.load (i32.const 0))))
      (br_if $more (local.get $length))))

  ;; Prints one of the twelve-byte messages and the name, and ends.
  (func $fail (param $message i32) (param $name i32) (param $length i32)
    (call $write (global.get $stderr) (local.get $message) (i32.const 12))
    (call $write (global.get $stderr) (local.get $name) (local.get $length))
    (call $write (global.get $stderr) (i32.const 75) (i32.const 1))
    (call $proc_exit (i32.const 1)))

  ;; The length of a C string.
  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (loop $more
      (if (i32.load8_u (local.get $end))
        (then
          (local.set $end (i32.add (local.get $end) (i32.const 1)))
          (br $more))))
    (i32.sub (local.get $end) (local.get $text))))
