;;! WASI's pointers have 32 bits, whatever the memory's indices have.
;;# no-reference: node's WASI takes no such memory
;;# stdout: below 4 GiB
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") i64 1)
  (data (i64.const 0) "\08\00\00\00\0c\00\00\00below 4 GiB\n")
  (func (export "_start")
    (drop (memory.grow (i64.const 65536)))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 0)))))
