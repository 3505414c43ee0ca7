;;! The start function runs before `_start`, after the segments are in place.
;;# no-reference: node runs the start function before its WASI knows the memory
;;# stdout: start sees data, then _start
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\0f\00\00\00")
  (data (i32.const 16) "start sees data, then _start\n")
  (func $print (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
  (func $begin
    call $print
    (i32.store (i32.const 0) (i32.const 31))
    (i32.store (i32.const 4) (i32.const 14)))
  (start $begin)
  (func (export "_start") call $print))
