;; Lanes that are taken out of vectors and put into another one, one by one, are a shuffle; below SSSE3 it is a plan of
;; as few instructions as there can be.
;;# cpu riscv64-linux: rv64gcv
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2) (v128.const i64x2 3 4)))))
  (func $f (param v128 v128) (result v128)
    (local v128)
    (local.set 2 (i8x16.replace_lane 0 (local.get 2) (i32x4.extract_lane 0 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 1 (local.get 2) (i32x4.extract_lane 1 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 2 (local.get 2) (i32x4.extract_lane 2 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 3 (local.get 2) (i32x4.extract_lane 3 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 4 (local.get 2) (i32x4.extract_lane 0 (local.get 1))))
    (local.set 2 (i8x16.replace_lane 5 (local.get 2) (i32x4.extract_lane 1 (local.get 1))))
    (local.set 2 (i8x16.replace_lane 6 (local.get 2) (i32x4.extract_lane 2 (local.get 1))))
    (local.set 2 (i8x16.replace_lane 7 (local.get 2) (i32x4.extract_lane 3 (local.get 1))))
    (i16x8.extend_low_i8x16_u (local.get 2))))
