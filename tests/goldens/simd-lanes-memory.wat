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

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %ecx
;;|   movzbq 0x40000000(%rcx), %rdx
;;|   movzbq 0x40000003(%rcx), %rsi
;;|   movzbq 0x40000006(%rcx), %rax
;;|   movzbq 0x40000009(%rcx), %rcx
;;|   movd %edx, %xmm0
;;|   movd %esi, %xmm1
;;|   shufps $0xc4, %xmm1, %xmm0
;;|   movd %eax, %xmm1
;;|   movd %ecx, %xmm2
;;|   shufps $0xc4, %xmm2, %xmm1
;;|   packuswb %xmm1, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x13, #16, LSL #32
;;|   add x15, x13, x2, UXTW
;;|   ldrb w0, [x13, w2, UXTW]
;;|   ldrb w13, [x15, #3]
;;|   ldrb w14, [x15, #6]
;;|   ldrb w15, [x15, #9]
;;|   dup v16.16b, w0
;;|   mov v16.b[1], v16.b[1], w13
;;|   mov v16.b[2], v16.b[2], w14
;;|   mov v16.b[3], v16.b[3], w15
;;|   uxtl v16.8h, v16.8b
;;|   uxtl v0.4s, v16.4h
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a1,a1,32
;;|   srli a1,a1,32
;;|   lui a2,1
;;|   slli a2,a2,24
;;|   add a1,a1,a2
;;|   lb a4,0(a1)
;;|   lb a3,3(a1)
;;|   lb a2,6(a1)
;;|   lb a1,9(a1)
;;|   vmv.v.x v8,a4 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vmv.v.i v0,2 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v9,v8,a3,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vmv.v.i v0,4 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v8,v9,a2,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vmv.v.i v0,8 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v9,v8,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vzext.vf4 v8,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vse8.v v8,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ret
