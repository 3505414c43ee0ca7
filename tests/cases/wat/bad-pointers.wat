;;! A guest pointer outside the memory is an errno (21, fault), never a crash.
;;# invoke: write 65536 1 = 21
;;# invoke: write -8 1 = 21
;;# invoke: write 0 -1 = 21
;;# invoke: write 65528 1 = 0
;;# invoke: random 65530 7 = 21
;;# invoke: random -1 2 = 21
;;# invoke: random 65530 6 = 0
;;# invoke: clock 65529 = 21
;;# invoke: clock 65528 = 0
;;# no-reference: node answers with other numbers
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "write") (param i32 i32) (result i32)
    (call $fd_write (i32.const 1) (local.get 0) (local.get 1) (i32.const 16)))
  (func (export "random") (param i32 i32) (result i32) (call $random_get (local.get 0) (local.get 1)))
  (func (export "clock") (param i32) (result i32) (call $clock (i32.const 1) (i64.const 0) (local.get 0))))
