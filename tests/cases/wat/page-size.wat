;;! A memory with pages of one byte ends where it says, inside of the machine's page.
;;# elfin: --wasm-features custom-page-sizes
;;# no-reference: node does not know the proposal
;;# invoke: size = 6 1
;;# invoke: load 2 = 1701077858
;;# invoke: load 3 = trap out of bounds memory access
;;# invoke: load -1 = trap out of bounds memory access
;;# invoke: offset 1 = 101
;;# invoke: offset 2 = trap out of bounds memory access
;;# invoke: grow 3 = 6 9 0
;;# invoke: grow 65536 = 6 65542 0
;;# invoke: grow 99994 = 6 100000 0
;;# invoke: grow 99995 = -1 6 101
;;# invoke: grow -1 = -1 6 101
;;# invoke: fill 6 = 7
;;# invoke: fill 7 = trap out of bounds memory access
;;# invoke: copy 6 = 0
;;# invoke: copy 7 = trap out of bounds memory access
;;# invoke: large 65535 = 0
;;# invoke: large 65536 = trap out of bounds memory access
;;# invoke: far 5 = trap out of bounds memory access
(module
  (memory $m 6 100000 (pagesize 1))
  (memory $n 1 (pagesize 0x10000))
  (data (memory $m) (i32.const 1) "abcde")
  (func (export "size") (result i32 i32) (memory.size $m) (memory.size $n))
  (func (export "load") (param i32) (result i32) (i32.load $m (local.get 0)))
  (func (export "offset") (param i32) (result i32) (i32.load8_u $m offset=4 (local.get 0)))
  (func (export "grow") (param i32) (result i32 i32 i32)
    (memory.grow $m (local.get 0))
    (memory.size $m)
    (i32.load8_u $m (i32.sub (memory.size $m) (i32.const 1))))
  (func (export "fill") (param i32) (result i32)
    (memory.fill $m (i32.const 0) (i32.const 7) (local.get 0))
    (i32.load8_u $m (i32.const 4)))
  (func (export "copy") (param i32) (result i32)
    (memory.copy $m $n (i32.const 0) (i32.const 0) (local.get 0))
    (i32.load8_u $m (i32.const 4)))
  (func (export "large") (param i32) (result i32) (i32.load8_u $n (local.get 0)))
  (func (export "far") (param i32) (result i32) (i32.load8_u $m offset=0xffffffff (local.get 0))))
