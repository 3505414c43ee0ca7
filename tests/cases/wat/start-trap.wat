;;# trap: unreachable
;;# frames: begin@Unreachable
(module
  (memory (export "memory") 1)
  (func $begin unreachable)
  (start $begin)
  (func (export "_start")))
