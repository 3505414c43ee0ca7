;;! A WASI function imported with another signature.
;;# compile-error: fd_write
(module
  (import "wasi_snapshot_preview1" "fd_write" (func (param i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "_start")))
