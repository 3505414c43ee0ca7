;; A riscv64 CPU may refuse a vector element that is not aligned: the eight bytes are loaded as a scalar, others as bytes.
;;# cpu riscv64-linux: rv64gcv
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (v128.any_true (call $f (i32.const 1)))))
  (func $f (param i32) (result v128)
    (v128.load32x2_u (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   movq 0x40000000(%rsi), %xmm0
;;|   uninit  %xmm6
;;|   xorps %xmm6, %xmm6
;;|   unpcklps %xmm6, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x4, #16, LSL #32
;;|   ldr d3, [x4, w2, UXTW]
;;|   uxtl v0.2d, v3.2s
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a1,a1,32
;;|   srli a3,a1,32
;;|   lui a1,1
;;|   slli a4,a1,24
;;|   add a2,a3,a4
;;|   ld a2,0(a2)
;;|   vmv.v.x v10,zero #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmv.v.i v0,1 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v14,v10,a2,v0.t #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vzext.vf2 v12,v14 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vse8.v v12,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ret
