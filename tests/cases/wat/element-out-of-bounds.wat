;;! An active segment that does not fit: the program traps before it begins. elfin says so while compiling.
;;# trap: out of bounds table access
;;# stderr-contains: while the module is instantiated
(module
  (memory (export "memory") 1)
  (table 2 funcref)
  (elem (i32.const 1) func $f $f)
  (func $f)
  (func (export "_start")))
