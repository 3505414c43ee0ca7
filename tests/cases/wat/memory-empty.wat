;;! A memory of no pages traps on every access until it grows.
;;# invoke: size = 0
;;# invoke: load 0 = trap out of bounds memory access
;;# invoke: grown 0 = 0
;;# invoke: fill-nothing = 0
;;# invoke: fill-beyond = trap out of bounds memory access
(module
  (memory 0)
  (data (i32.const 0) "")
  (func (export "size") (result i32) memory.size)
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "grown") (param i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.load8_u (local.get 0)))
  (func (export "fill-nothing") (result i32)
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 0)) memory.size)
  (func (export "fill-beyond")
    (memory.fill (i32.const 1) (i32.const 1) (i32.const 0))))
