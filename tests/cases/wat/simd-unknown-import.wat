;;! An unknown import that returns a vector returns zeros.
;;# cpu x86_64: generic x86-64-v2 x86-64-v3
;;# cpu riscv64: rv64gcv
;;# machine riscv64: rv64gcv rv64gcv-256
;;# no-reference: node knows no unknown imports
;;# elfin: --unknown-imports=zero
;;# invoke: f = 0
(module
  (import "env" "vector" (func $vector (param v128) (result v128)))
  (func (export "f") (result i32) (v128.any_true (call $vector (v128.const i64x2 1 1)))))
