;;! An unknown import that returns a vector returns zeros.
;;# only: x86_64 aarch64 because riscv64 needs vector instructions for SIMD
;;# no-reference: node knows no unknown imports
;;# elfin: --unknown-imports=zero
;;# invoke: f = 0
(module
  (import "env" "vector" (func $vector (param v128) (result v128)))
  (func (export "f") (result i32) (v128.any_true (call $vector (v128.const i64x2 1 1)))))
