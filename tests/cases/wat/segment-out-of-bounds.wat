;;! A program that traps before it begins is refused while compiling.
;;# compile-error: out of bounds memory access
;;# compile-error: 0x
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "fits")
  (data (i32.const 65535) "does not")
  (func (export "_start")))
