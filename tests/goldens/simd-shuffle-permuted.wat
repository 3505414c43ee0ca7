;; x86-64 with SSSE3: bytes of a vector and zeros are one permutation; two shuffles that narrow are one instruction of SSE2
;; and shifts.
;;# cpu x86_64-linux: x86-64-v2
;;# cpu riscv64-linux: rv64gcv
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2) (v128.const i64x2 3 4)))))
  (func $f (param v128 v128) (result v128)
    (v128.xor
      (i8x16.shuffle 15 16 13 16 11 16 9 16 7 16 5 16 3 16 1 16 (local.get 0) (v128.const i64x2 0 0))
      (i8x16.shuffle 1 3 5 7 9 11 13 15 17 19 21 23 25 27 29 31 (local.get 0) (local.get 1)))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movdqu (%rip), %xmm2
;;|   movdqa %xmm0, %xmm4
;;|   pshufb %xmm2, %xmm4
;;|   psrlw $0x8, %xmm0
;;|   psrlw $0x8, %xmm1
;;|   packuswb %xmm1, %xmm0
;;|   movdqa %xmm0, %xmm1
;;|   movdqa %xmm4, %xmm0
;;|   pxor %xmm1, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movi v31.16b, #0
;;|   ldr q6, [const(0)]
;;|   mov v30.16b, v0.16b
;;|   tbl v16.16b, { v30.16b, v31.16b }, v6.16b
;;|   uzp2 v7.16b, v30.16b, v1.16b
;;|   eor v0.16b, v16.16b, v7.16b
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   vle8.v v8,-32(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v9,-16(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v10,[const(5)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v12,[const(4)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vrgather.vi v11,v12,0 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v13,[const(3)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vrgather.vv v12,v8,v13 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vand.vv v11,v10,v11 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vnot.v v10,v10 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vand.vv v10,v10,v12 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vor.vv v10,v11,v10 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v11,[const(2)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v13,[const(1)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vrgather.vv v12,v9,v13 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v13,[const(0)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vrgather.vv v9,v8,v13 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vand.vv v8,v11,v12 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vnot.v v11,v11 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vand.vv v9,v11,v9 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vor.vv v8,v8,v9 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vxor.vv v8,v10,v8 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vse8.v v8,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   addi sp,sp,32
;;|   ret
