;; A shuffle names sixteen bytes where four are meant, and what is done with these says which: here it is one shift.
;;# cpu riscv64-linux: rv64gcv
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2)))))
  (func $f (param v128) (result v128)
    (i32x4.extend_low_i16x8_u
      (i16x8.extend_low_i8x16_u
        (i8x16.shuffle 3 7 11 15 0 0 0 0 0 0 0 0 0 0 0 0 (local.get 0) (local.get 0))))))
