;;! Size, growth and its limit; bytes that are new are zero.
;;# invoke: grow 1 = 2 3
;;# invoke: grow 0 = 2 2
;;# invoke: grow 3 = 2 5
;;# invoke: grow 4 = -1 2
;;# invoke: grow 65536 = -1 2
;;# invoke: grow -1 = -1 2
;;# invoke: new-bytes = 0 0 7 9
;;# invoke: edge = trap out of bounds memory access
;;# frames: edge@I32Load8U
;;# invoke: after-growth = 0
;;# invoke: repeated = 2 3 4 -1
(module
  (memory 2 5)
  (func (export "grow") (param i32) (result i32 i32) (memory.grow (local.get 0)) (memory.size))
  (func (export "new-bytes") (result i32 i32 i32 i32)
    (i32.store8 (i32.const 131071) (i32.const 9))
    (drop (memory.grow (i32.const 3)))
    (i32.store8 (i32.const 327679) (i32.const 7))
    (i32.load (i32.const 131072))
    (i32.load (i32.const 200000))
    (i32.load8_u (i32.const 327679))
    (i32.load8_u (i32.const 131071)))
  (func $edge (export "edge") (result i32) (i32.load8_u (i32.const 131072)))
  (func (export "after-growth") (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.load8_u (i32.const 131072)))
  (func (export "repeated") (result i32 i32 i32 i32)
    (memory.grow (i32.const 1)) (memory.grow (i32.const 1)) (memory.grow (i32.const 1)) (memory.grow (i32.const 1))))
