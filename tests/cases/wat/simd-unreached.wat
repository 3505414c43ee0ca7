;;! A function with vectors that nothing calls is no reason to refuse a module, not even on riscv64.
;;# invoke: f = 1
(module
  (global v128 (v128.const i64x2 1 2))
  (func (export "f") (result i32) (i32.const 1))
  (func (export "g") (param v128) (result v128) (i32x4.add (local.get 0) (v128.const i64x2 1 2))))
