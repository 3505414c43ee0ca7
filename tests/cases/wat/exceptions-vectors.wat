;;! Exceptions that carry vectors, which keep all their bits.
;;# only: x86_64 aarch64 because riscv64 needs vector instructions for SIMD
;;# invoke: vectors = 1 4 5 8 9
(module
  (tag $e (param v128 i32 v128))
  (func $throw
    (throw $e (v128.const i32x4 1 2 3 4) (i32.const 9) (v128.const i32x4 5 6 7 8)))
  (func (export "vectors") (result i32 i32 i32 i32 i32)
    (local v128 v128 i32)
    (block $caught (result v128 i32 v128)
      (try_table (catch $e $caught) (call $throw))
      (unreachable))
    (local.set 1)
    (local.set 2)
    (local.set 0)
    (i32x4.extract_lane 0 (local.get 0))
    (i32x4.extract_lane 3 (local.get 0))
    (i32x4.extract_lane 0 (local.get 1))
    (i32x4.extract_lane 3 (local.get 1))
    (local.get 2)))
