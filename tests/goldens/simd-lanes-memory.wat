;; Bytes of the memory that are put into a vector one by one: each is loaded into a register, and these are interleaved
;; in pairs; the first one is not put into every lane.
;;# cpu riscv64-linux: rv64gcv
(module
  (memory 1)
  (func (export "_start")
    (drop (v128.any_true (call $f (i32.const 0)))))
  (func $f (param i32) (result v128)
    (local v128)
    (local.set 1 (v128.load8_splat (local.get 0)))
    (local.set 1 (v128.load8_lane offset=3 1 (local.get 0) (local.get 1)))
    (local.set 1 (v128.load8_lane offset=6 2 (local.get 0) (local.get 1)))
    (local.set 1 (v128.load8_lane offset=9 3 (local.get 0) (local.get 1)))
    (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (local.get 1)))))
