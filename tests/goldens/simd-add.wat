;; What the lanes are costs nothing: a vector lies in one register, whatever an instruction takes it for.
;;# cpu riscv64-linux: rv64gcv
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (v128.any_true (call $f (i32.const 0) (i32.const 16)))))
  (func $f (param i32 i32) (result v128)
    (f32x4.convert_i32x4_s
      (i32x4.add (v128.load (local.get 0)) (v128.load (local.get 1))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %r8d
;;|   movdqu 0x40000000(%r8), %xmm5
;;|   movl %esi, %r8d
;;|   movdqu 0x40000000(%r8), %xmm0
;;|   paddd %xmm0, %xmm5
;;|   cvtdq2ps %xmm5, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x7, #16, LSL #32
;;|   ldr q7, [x7, w2, UXTW]
;;|   ldr q16, [x7, w3, UXTW]
;;|   add v7.4s, v7.4s, v16.4s
;;|   scvtf v0.4s, v7.4s
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a4,a1,32
;;|   srli a3,a4,32
;;|   lui a4,1
;;|   slli a1,a4,24
;;|   add a5,a3,a1
;;|   vle8.v v15,0(a5) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   slli a4,a2,32
;;|   srli a2,a4,32
;;|   add a5,a2,a1
;;|   vle8.v v8,0(a5) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vadd.vv v15,v15,v8 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vfcvt.f.x.v v15,v15 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vse8.v v15,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ret
