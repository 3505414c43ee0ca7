;;! Text that parses but is no valid module: the error has an offset.
;;# compile-error: type mismatch
;;# compile-error: 0x
(module
  (memory (export "memory") 1)
  (func (export "_start") (result i32) (i64.const 1)))
