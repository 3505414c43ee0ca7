;; x86-64 without SSSE3 puts a shuffle together from shifts and masks, without a call.
;;# cpu riscv64-linux: rv64gcv
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2) (v128.const i64x2 3 4)))))
  (func $f (param v128 v128) (result v128)
    (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (local.get 1))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movdqa %xmm0, %xmm2
;;|   shufps $0xc6, %xmm1, %xmm0
;;|   movdqa %xmm2, %xmm7
;;|   psllq $0x28, %xmm0
;;|   movdqa %xmm7, %xmm1
;;|   psrlq $0x18, %xmm1
;;|   por %xmm1, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   ext v0.16b, v0.16b, v1.16b, #3
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   vle8.v v8,-32(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v9,-16(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v14,[const(2)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v10,[const(1)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vrgather.vv v15,v9,v10 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v10,[const(0)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vrgather.vv v9,v8,v10 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vand.vv v11,v14,v15 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vnot.v v13,v14 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vand.vv v15,v13,v9 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vor.vv v8,v11,v15 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vse8.v v8,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   addi sp,sp,32
;;|   ret
