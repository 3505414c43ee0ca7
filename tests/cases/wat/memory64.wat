;;! A memory with 64-bit indices: every access is checked, whatever index and offset add up to.
;;# invoke: size = 1
;;# invoke: grow 2 = 1 3
;;# invoke: grow 9223372036854775807 = -1 1
;;# invoke: grow -1 = -1 1
;;# invoke: load 65528 = 0
;;# invoke: load 65529 = trap out of bounds memory access
;;# invoke: load 4294967296 = trap out of bounds memory access
;;# invoke: load -1 = trap out of bounds memory access
;;# invoke: load -8 = trap out of bounds memory access
;;# invoke: offset 65527 = 0
;;# invoke: offset 65528 = trap out of bounds memory access
;;# invoke: offset -1 = trap out of bounds memory access
;;# invoke: beyond-guard 0 = trap out of bounds memory access
;;# invoke: beyond-guard -4294967296 = trap out of bounds memory access
;;# invoke: largest 0 = trap out of bounds memory access
;;# invoke: largest 1 = trap out of bounds memory access
;;# invoke: largest 8 = trap out of bounds memory access
;;# invoke: largest -1 = trap out of bounds memory access
;;# invoke: byte 65535 = 255
;;# invoke: byte 65536 = trap out of bounds memory access
;;# invoke: store 65535 = trap out of bounds memory access
;;# invoke: data = 1684234849 7
;;# invoke: copy 0 65532 4 = 1684234849
;;# invoke: copy 0 65533 4 = trap out of bounds memory access
;;# invoke: copy 0 8 -1 = trap out of bounds memory access
;;# invoke: copy 0 -1 2 = trap out of bounds memory access
;;# invoke: copy -8 0 16 = trap out of bounds memory access
;;# invoke: fill 65536 0 = 7
;;# invoke: fill -1 1 = trap out of bounds memory access
;;# invoke: fill 0 -1 = trap out of bounds memory access
;;# invoke: init 8 3 = 3355185
;;# invoke: init -2 3 = trap out of bounds memory access
;;# invoke: mixed 4 = 1684234849
;;# invoke: mixed -1 = trap out of bounds memory access
(module
  (memory $m i64 1 5)
  (memory $small 1)
  (global $at i64 (i64.const 65530))
  (data (i64.const 0) "abcd")
  ;; A constant expression of 64 bits.
  (data (offset (i64.add (global.get $at) (i64.mul (i64.const -1) (i64.const -5)))) "\ff")
  (data (i64.const 16) "\07")
  (data $p "123")
  (func (export "size") (result i64) memory.size)
  (func (export "grow") (param i64) (result i64 i64) (memory.grow (local.get 0)) memory.size)
  (func (export "load") (param i64) (result i64)
    (i64.and (i64.load (local.get 0)) (i64.const 0)))
  (func (export "offset") (param i64) (result i64)
    (i64.and (i64.load offset=1 (local.get 0)) (i64.const 0)))
  (func (export "beyond-guard") (param i64) (result i32) (i32.load offset=0x1_0000_0000 (local.get 0)))
  (func (export "largest") (param i64) (result i64) (i64.load offset=0xffff_ffff_ffff_ffff (local.get 0)))
  (func (export "byte") (param i64) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i64) (result i32)
    (i64.store32 (local.get 0) (i64.const 1)) (i32.const 0))
  (func (export "data") (result i32 i32) (i32.load (i64.const 0)) (i32.load8_u (i64.const 16)))
  (func (export "copy") (param i64 i64 i64) (result i32)
    (memory.copy (local.get 1) (local.get 0) (local.get 2))
    (i32.load (local.get 1)))
  (func (export "fill") (param i64 i64) (result i32)
    (memory.fill (local.get 0) (i32.const 9) (local.get 1))
    (i32.load8_u (i64.const 16)))
  (func (export "init") (param i64 i32) (result i32)
    (memory.init $p (local.get 0) (i32.const 0) (local.get 1))
    (i32.load (local.get 0)))
  ;; From the large to the small one: the count has 32 bits.
  (func (export "mixed") (param i32) (result i32)
    (memory.copy $small $m (i32.const 100) (i64.const 0) (local.get 0))
    (i32.load $small (i32.const 100))))
