;;! 128-bit arithmetic on pairs of 64-bit integers, the low one first.
;;# elfin: --wasm-features wide-arithmetic
;;# no-reference: node does not know the proposal
;;# invoke: add 1 2 3 4 = 4 6
;;# invoke: add -1 0 1 0 = 0 1
;;# invoke: add -1 -1 1 0 = 0 0
;;# invoke: add -9223372036854775808 9223372036854775807 -9223372036854775808 0 = 0 -9223372036854775808
;;# invoke: sub 0 1 1 0 = -1 0
;;# invoke: sub 0 0 1 0 = -1 -1
;;# invoke: sub 5 7 5 7 = 0 0
;;# invoke: mul_s -1 -1 = 1 0
;;# invoke: mul_s -9223372036854775808 2 = 0 -1
;;# invoke: mul_s 4294967296 4294967296 = 0 1
;;# invoke: mul_u -1 -1 = 1 -2
;;# invoke: mul_u -9223372036854775808 2 = 0 1
;;# invoke: mul_u 3 5 = 15 0
(module
  (func (export "add") (param i64 i64 i64 i64) (result i64 i64)
    (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "sub") (param i64 i64 i64 i64) (result i64 i64)
    (i64.sub128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "mul_s") (param i64 i64) (result i64 i64)
    (i64.mul_wide_s (local.get 0) (local.get 1)))
  (func (export "mul_u") (param i64 i64) (result i64 i64)
    (i64.mul_wide_u (local.get 0) (local.get 1))))
