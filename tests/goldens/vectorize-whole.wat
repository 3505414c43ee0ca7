;; Lanes that are taken out of a vector, divided and put together again are divided in the vector.
;;# cpu riscv64-linux: rv64gcv
(module
  (memory 1)
  (func (export "_start")
    (call $f (i32.const 0) (i32.const 1024)))
  (func $f (param $p i32) (param $end i32) (local $v v128)
    (loop
      (local.set $v (v128.load (local.get $p)))
      (v128.store (local.get $p)
        (i32x4.replace_lane 3
          (i32x4.replace_lane 2
            (i32x4.replace_lane 1
              (i32x4.splat (i32.div_u (i32x4.extract_lane 0 (local.get $v)) (i32.const 81)))
              (i32.div_u (i32x4.extract_lane 1 (local.get $v)) (i32.const 81)))
            (i32.div_u (i32x4.extract_lane 2 (local.get $v)) (i32.const 81)))
          (i32.div_u (i32x4.extract_lane 3 (local.get $v)) (i32.const 81))))
      (br_if 0
        (i32.ne
          (local.tee $p (i32.add (local.get $p) (i32.const 16)))
          (local.get $end))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   jmp     label1
;;| block1:
;;|   movq %rdi, %r8
;;|   subl %esi, %r8d
;;|   leal 0x10(%r8), %edx
;;|   negl %edx
;;|   movq %rdx, %r8
;;|   shrl $0x4, %r8d
;;|   cmpq $0x4, %r8
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label11
;;| block3:
;;|   movq %rdx, %r9
;;|   andl $0xfffffff0, %r9d
;;|   cmpl %edx, %r9d
;;|   sete %r10b
;;|   movq %r8, %r9
;;|   shlq $0x4, %r9
;;|   leaq (%rdi, %r9), %r9
;;|   cmpq (%rip), %r9
;;|   setbe %r11b
;;|   uninit  %rcx
;;|   xorq %rcx, %rcx
;;|   movdqu (%rip), %xmm0
;;|   leaq 1(%r8), %rax
;;|   movq %rax, %r9
;;|   andq $0xfffffffffffffffe, %r9
;;|   shlq $0x4, %r9
;;|   testb %r10b, %r11b
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label11
;;| block6:
;;|   movdqu 0x40000000(%rdi, %rcx), %xmm2
;;|   movdqu 0x40000010(%rdi, %rcx), %xmm1
;;|   pshufd $0x50, %xmm2, %xmm5
;;|   pshufd $0x50, %xmm0, %xmm3
;;|   pmuludq %xmm3, %xmm5
;;|   pshufd $0xfa, %xmm2, %xmm2
;;|   pshufd $0xfa, %xmm0, %xmm3
;;|   pmuludq %xmm3, %xmm2
;;|   shufps $0xdd, %xmm2, %xmm5
;;|   psrld $0x6, %xmm5
;;|   movdqu %xmm5, 0x40000000(%rdi, %rcx)
;;|   pshufd $0x50, %xmm1, %xmm6
;;|   pshufd $0x50, %xmm0, %xmm2
;;|   pmuludq %xmm2, %xmm6
;;|   pshufd $0xfa, %xmm1, %xmm1
;;|   pshufd $0xfa, %xmm0, %xmm2
;;|   pmuludq %xmm2, %xmm1
;;|   shufps $0xdd, %xmm1, %xmm6
;;|   psrld $0x6, %xmm6
;;|   movdqu %xmm6, 0x40000010(%rdi, %rcx)
;;|   leaq 0x20(%rcx), %rcx
;;|   cmpq %r9, %rcx
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   leaq 1(%r8), %rcx
;;|   andq $0xfffffffffffffffe, %rax
;;|   leal 1(%r8), %edx
;;|   andl $0xfffffffe, %edx
;;|   shll $0x4, %edx
;;|   leal (%rdi, %rdx), %edi
;;|   cmpq %rax, %rcx
;;|   jz      label9; j label10
;;| block9:
;;|   jmp     label14
;;| block10:
;;|   jmp     label11
;;| block11:
;;|   movl 0x4000000c(%rdi), %r8d
;;|   movl 0x40000000(%rdi), %eax
;;|   imulq (%rip), %rax
;;|   shrq $0x26, %rax
;;|   movd %eax, %xmm7
;;|   movl 0x40000004(%rdi), %eax
;;|   imulq (%rip), %rax
;;|   shrq $0x26, %rax
;;|   movd %eax, %xmm0
;;|   punpckldq %xmm0, %xmm7
;;|   movl 0x40000008(%rdi), %eax
;;|   imulq (%rip), %rax
;;|   shrq $0x26, %rax
;;|   movd %eax, %xmm0
;;|   imulq (%rip), %r8
;;|   shrq $0x26, %r8
;;|   movd %r8d, %xmm1
;;|   punpckldq %xmm1, %xmm0
;;|   punpcklqdq %xmm0, %xmm7
;;|   movdqu %xmm7, 0x40000000(%rdi)
;;|   leal 0x10(%rdi), %edi
;;|   cmpl %esi, %edi
;;|   jnz     label12; j label13
;;| block12:
;;|   jmp     label11
;;| block13:
;;|   jmp     label14
;;| block14:
;;|   jmp     label15
;;| block15:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   b label1
;;| block1:
;;|   sub w13, w2, w3
;;|   add w13, w13, #16
;;|   sub w0, wzr, w13
;;|   lsr w14, w0, #4
;;|   mov w15, w14
;;|   movz x13, #16, LSL #32
;;|   subs xzr, x15, #4
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label11
;;| block3:
;;|   and w1, w0, #4294967280
;;|   subs wzr, w1, w0
;;|   cset x0, eq
;;|   mov w1, w2
;;|   add x1, x1, x15, LSL 4
;;|   orr x4, xzr, #4294967295
;;|   subs xzr, x1, x4
;;|   cset x1, ls
;;|   and w6, w0, w1
;;|   movz x0, #0
;;|   movz x1, #16, LSL #32
;;|   movz w4, #34791
;;|   movk w4, w4, #51781, LSL #16
;;|   dup v20.4s, w4
;;|   add x4, x15, #1
;;|   and x5, x4, #18446744073709551614
;;|   lsl x5, x5, #4
;;|   ands wzr, w6, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label11
;;| block6:
;;|   add x7, x1, x2, UXTW
;;|   add x6, x7, x0
;;|   ldr q23, [x7, x0]
;;|   ldr q22, [x6, #16]
;;|   umull v24.2d, v23.2s, v20.2s
;;|   umull2 v23.2d, v23.4s, v20.4s
;;|   uzp2 v23.4s, v24.4s, v23.4s
;;|   ushr v23.4s, v23.4s, #6
;;|   str q23, [x7, x0]
;;|   umull v23.2d, v22.2s, v20.2s
;;|   umull2 v24.2d, v22.4s, v20.4s
;;|   uzp2 v23.4s, v23.4s, v24.4s
;;|   ushr v23.4s, v23.4s, #6
;;|   str q23, [x6, #16]
;;|   add x0, x0, #32
;;|   subs xzr, x0, x5
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   add x0, x15, #1
;;|   and x1, x4, #18446744073709551614
;;|   add w4, w14, #1
;;|   and w4, w4, #4294967294
;;|   add w2, w2, w4, LSL 4
;;|   subs xzr, x0, x1
;;|   b.eq label9 ; b label10
;;| block9:
;;|   b label14
;;| block10:
;;|   b label11
;;| block11:
;;|   ldr q31, [x13, w2, UXTW]
;;|   mov w1, v31.s[0]
;;|   movz w0, #34791
;;|   movk w0, w0, #51781, LSL #16
;;|   mov w1, w1
;;|   mov w4, w0
;;|   madd x1, x1, x4, xzr
;;|   lsr x1, x1, #32
;;|   lsr w1, w1, #6
;;|   dup v16.4s, w1
;;|   mov w1, v31.s[1]
;;|   mov w1, w1
;;|   mov w4, w0
;;|   madd x1, x1, x4, xzr
;;|   lsr x1, x1, #32
;;|   lsr w1, w1, #6
;;|   mov v16.s[1], v16.s[1], w1
;;|   mov w1, v31.s[2]
;;|   mov w1, w1
;;|   mov w4, w0
;;|   madd x1, x1, x4, xzr
;;|   lsr x1, x1, #32
;;|   lsr w1, w1, #6
;;|   mov v16.s[2], v16.s[2], w1
;;|   mov w1, v31.s[3]
;;|   mov w1, w1
;;|   mov w0, w0
;;|   madd x0, x1, x0, xzr
;;|   lsr x0, x0, #32
;;|   lsr w0, w0, #6
;;|   mov v16.s[3], v16.s[3], w0
;;|   str q16, [x13, w2, UXTW]
;;|   add w2, w2, #16
;;|   subs wzr, w2, w3
;;|   b.ne label12 ; b label13
;;| block12:
;;|   b label11
;;| block13:
;;|   b label14
;;| block14:
;;|   b label15
;;| block15:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a2,196608
;;|   ld a2,0(a2)
;;|   j label1
;;| block1:
;;|   slli a3,a0,32
;;|   srli a3,a3,32
;;|   add a3,a2,a3
;;|   vle8.v v8,0(a3) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vmv.x.s a5,v8 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   lui a4,-220072
;;|   addi a4,a4,2023
;;|   slli a5,a5,32
;;|   srli a5,a5,32
;;|   slli t0,a4,32
;;|   srli t0,t0,32
;;|   mul a5,a5,t0
;;|   srli a5,a5,32
;;|   srliw a5,a5,6
;;|   vmv.v.x v9,a5 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vslidedown.vi v10,v8,1 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a5,v10 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   slli a5,a5,32
;;|   srli a5,a5,32
;;|   slli t0,a4,32
;;|   srli t0,t0,32
;;|   mul a5,a5,t0
;;|   srli a5,a5,32
;;|   srliw a5,a5,6
;;|   vmv.v.i v0,2 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v10,v9,a5,v0.t #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vslidedown.vi v9,v8,2 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a5,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   slli a5,a5,32
;;|   srli a5,a5,32
;;|   slli t0,a4,32
;;|   srli t0,t0,32
;;|   mul a5,a5,t0
;;|   srli a5,a5,32
;;|   srliw a5,a5,6
;;|   vmv.v.i v0,4 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v9,v10,a5,v0.t #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vslidedown.vi v8,v8,3 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a5,v8 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   slli a5,a5,32
;;|   srli a5,a5,32
;;|   slli a4,a4,32
;;|   srli a4,a4,32
;;|   mul a4,a5,a4
;;|   srli a4,a4,32
;;|   srliw a4,a4,6
;;|   vmv.v.i v0,8 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v8,v9,a4,v0.t #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vse8.v v8,0(a3) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   addiw a0,a0,16
;;|   sext.w a3,a1
;;|   bne a0,a3,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
