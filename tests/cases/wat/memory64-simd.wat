;;! Vectors and lanes of a 64-bit memory, up to its last byte.
;;# only: x86_64 aarch64 because riscv64 has no vectors yet
;;# invoke: vector 65520 = 0
;;# invoke: vector 65521 = trap out of bounds memory access
;;# invoke: vector -16 = trap out of bounds memory access
;;# invoke: lane 65534 = 258
;;# invoke: lane 65535 = trap out of bounds memory access
;;# invoke: splat 65532 = 0
;;# invoke: splat 65533 = trap out of bounds memory access
;;# invoke: extend 65528 = 0
;;# invoke: extend 65529 = trap out of bounds memory access
(module
  (memory i64 1 1)
  (func (export "vector") (param i64) (result i64)
    (v128.store (local.get 0) (v128.load (local.get 0)))
    (i64x2.extract_lane 1 (v128.load (local.get 0))))
  (func (export "lane") (param i64) (result i32)
    (v128.store16_lane 0 (local.get 0) (i32x4.splat (i32.const 0x30102)))
    (i32x4.extract_lane 0 (v128.load16_lane 0 (local.get 0) (v128.const i64x2 0 0))))
  (func (export "splat") (param i64) (result i32)
    (i32x4.extract_lane 3 (v128.load32_splat (local.get 0))))
  (func (export "extend") (param i64) (result i32)
    (i16x8.extract_lane_s 7 (v128.load8x8_s (local.get 0)))))
