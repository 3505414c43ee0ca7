;;! A program that traps before it begins is refused while compiling.
;;# compile-error: out of bounds table access
;;# compile-error: 0x
(module
  (memory (export "memory") 1)
  (table 2 funcref)
  (elem (i32.const 1) func $f $f)
  (func $f)
  (func (export "_start")))
