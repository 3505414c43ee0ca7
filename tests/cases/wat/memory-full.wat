;;! 65,520 pages, the most that a memory with 32-bit addresses has: it ends 1 MiB below 4 GiB.
;;# invoke: last = 255 65520
;;# invoke: beyond = trap out of bounds memory access
;;# invoke: wraps = trap out of bounds memory access
;;# no-reference: node allows fewer pages on some machines
(module
  (memory 1 65536)
  (func $grow (drop (memory.grow (i32.const 65519))))
  (func (export "last") (result i32 i32)
    call $grow
    (i32.store8 (i32.const 0xffefffff) (i32.const 255))
    (i32.load8_u offset=0xffefffff (i32.const 0))
    memory.size)
  (func (export "beyond") (result i32) call $grow (i32.load16_u (i32.const 0xffefffff)))
  (func (export "wraps") (result i32) call $grow (i32.load8_u offset=1 (i32.const -1))))
