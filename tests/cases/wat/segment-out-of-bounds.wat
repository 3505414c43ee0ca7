;;! An active segment that does not fit: the program traps before it begins. elfin says so while compiling.
;;# trap: out of bounds memory access
;;# stderr-contains: while the module is instantiated
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "fits")
  (data (i32.const 65535) "does not")
  (func (export "_start")))
