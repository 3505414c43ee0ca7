;; A shuffle names sixteen bytes where four are meant, and what is done with these says which: here it is one shift.
;;# cpu riscv64-linux: rv64gcv
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2)))))
  (func $f (param v128) (result v128)
    (i32x4.extend_low_i16x8_u
      (i16x8.extend_low_i8x16_u
        (i8x16.shuffle 3 7 11 15 0 0 0 0 0 0 0 0 0 0 0 0 (local.get 0) (local.get 0))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   psrld $0x18, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz w5, #1795
;;|   movk w5, w5, #3851, LSL #16
;;|   fmov s16, w5
;;|   mov v31.16b, v0.16b
;;|   mov v30.16b, v31.16b
;;|   tbl v16.16b, { v30.16b, v31.16b }, v16.16b
;;|   uxtl v7.8h, v16.8b
;;|   uxtl v0.4s, v7.4h
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   vle8.v v8,-16(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v9,[const(0)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vrgather.vv v10,v8,v9 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vzext.vf4 v8,v10 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vse8.v v8,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   addi sp,sp,16
;;|   ret
