;;! All 65,536 pages: the last byte is at 2^32 - 1.
;;# invoke: last = 255 65536
;;# invoke: beyond = trap out of bounds memory access
;;# invoke: wraps = trap out of bounds memory access
;;# no-reference: node allows fewer pages on some machines
(module
  (memory 1 65536)
  (func $grow (drop (memory.grow (i32.const 65535))))
  (func (export "last") (result i32 i32)
    call $grow
    (i32.store8 (i32.const -1) (i32.const 255))
    (i32.load8_u offset=0xffffffff (i32.const 0))
    memory.size)
  (func (export "beyond") (result i32) call $grow (i32.load16_u (i32.const -1)))
  (func (export "wraps") (result i32) call $grow (i32.load8_u offset=1 (i32.const -1))))
