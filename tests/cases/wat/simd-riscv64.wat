;;! SIMD on riscv64 without vector instructions: the error names the proposal, the function and the place.
;;# only: riscv64 because the others have vector instructions
;;# no-reference: it is elfin that refuses it
;;# compile-error: simd128
;;# compile-error: rv64gcv
;;# compile-error: in function `first`
;;# compile-error: 0x
(module
  (memory (export "memory") 1)
  (func $first (export "_start") (drop (v128.any_true (v128.load (i32.const 0))))))
