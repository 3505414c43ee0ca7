;;! No address space holds such a memory.
;;# compile-error: no room in the address space
(module
  (memory i64 0x1_0000_0000_0000)
  (func (export "_start")))
