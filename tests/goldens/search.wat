;; A loop over bytes that finds the end of a string does its first iteration, then looks at 16 bytes at once, and at 64 where
;; the memory has that many.
(module
  (memory 1)
  (func (export "_start") (drop (call $f (i32.const 8))))
  (func $f (param i32) (result i32) (local i32)
    (local.set 1 (local.get 0))
    (loop $next
      (if (i32.load8_u (local.get 1)) (then
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br $next))))
    (i32.sub (local.get 1) (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %r8d
;;|   uninit  %rsi
;;|   xorl %esi, %esi
;;|   movq %r8, %rax
;;|   jmp     label1
;;| block1:
;;|   movzbq 0x40000000(%rax), %r9
;;|   testl %r9d, %r9d
;;|   jz      label22; j label2
;;| block2:
;;|   leal 1(%rax), %eax
;;|   jmp     label3
;;| block3:
;;|   testb %sil, %sil
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label1
;;| block5:
;;|   movl $0x1, %esi
;;|   movl $0x30000010, %ecx
;;|   movq (%rcx), %rdx
;;|   subq %rax, %rdx
;;|   uninit  %rcx
;;|   xorq %rcx, %rcx
;;|   uninit  %rdi
;;|   xorl %edi, %edi
;;|   movd %edi, %xmm0
;;|   punpcklbw %xmm0, %xmm0
;;|   pshuflw $0x0, %xmm0, %xmm0
;;|   pshufd $0x0, %xmm0, %xmm0
;;|   cmpq $0x10, %rdx
;;|   jnl     label6; j label7
;;| block6:
;;|   jmp     label8
;;| block7:
;;|   jmp     label1
;;| block8:
;;|   movdqu 0x40000000(%rax, %rcx), %xmm1
;;|   pcmpeqb %xmm0, %xmm1
;;|   pmovmskb %xmm1, %edi
;;|   testl %edi, %edi
;;|   jnz     label20; j label9
;;| block9:
;;|   leaq 0x10(%rcx), %rcx
;;|   movq %rdx, %rdi
;;|   subq %rcx, %rdi
;;|   cmpq $0x40, %rdi
;;|   jnl     label10; j label11
;;| block10:
;;|   jmp     label12
;;| block11:
;;|   jmp     label16
;;| block12:
;;|   movdqu 0x40000000(%rax, %rcx), %xmm3
;;|   pcmpeqb %xmm0, %xmm3
;;|   movdqu 0x40000010(%rax, %rcx), %xmm4
;;|   pcmpeqb %xmm0, %xmm4
;;|   movdqu 0x40000020(%rax, %rcx), %xmm2
;;|   pcmpeqb %xmm0, %xmm2
;;|   movdqu 0x40000030(%rax, %rcx), %xmm1
;;|   pcmpeqb %xmm0, %xmm1
;;|   movdqa %xmm3, %xmm5
;;|   por %xmm4, %xmm5
;;|   por %xmm2, %xmm5
;;|   por %xmm1, %xmm5
;;|   pmovmskb %xmm5, %edi
;;|   testl %edi, %edi
;;|   jnz     label19; j label13
;;| block13:
;;|   leaq 0x40(%rcx), %rcx
;;|   movq %rdx, %rdi
;;|   subq %rcx, %rdi
;;|   cmpq $0x40, %rdi
;;|   jnl     label14; j label15
;;| block14:
;;|   jmp     label12
;;| block15:
;;|   jmp     label16
;;| block16:
;;|   cmpq $0x10, %rdi
;;|   jnl     label17; j label18
;;| block17:
;;|   jmp     label8
;;| block18:
;;|   jmp     label21
;;| block19:
;;|   pmovmskb %xmm3, %edx
;;|   movl %edx, %edx
;;|   pmovmskb %xmm4, %edi
;;|   movl %edi, %edi
;;|   shlq $0x10, %rdi
;;|   orq %rdi, %rdx
;;|   pmovmskb %xmm2, %edi
;;|   movl %edi, %edi
;;|   shlq $0x20, %rdi
;;|   orq %rdi, %rdx
;;|   pmovmskb %xmm1, %edi
;;|   movl %edi, %edi
;;|   shlq $0x30, %rdi
;;|   orq %rdi, %rdx
;;|   movl $0x40, %edi
;;|   bsfq %rdx, %rdx
;;|   cmoveq %rdi, %rdx
;;|   leaq (%rcx, %rdx), %rcx
;;|   jmp     label21
;;| block20:
;;|   pmovmskb %xmm1, %edx
;;|   movl %edx, %edi
;;|   movl $0x40, %edx
;;|   bsfq %rdi, %rdi
;;|   cmoveq %rdx, %rdi
;;|   leaq (%rcx, %rdi), %rcx
;;|   jmp     label21
;;| block21:
;;|   leal (%rax, %rcx), %eax
;;|   jmp     label1
;;| block22:
;;|   jmp     label23
;;| block23:
;;|   jmp     label24
;;| block24:
;;|   subl %r8d, %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz w3, #0
;;|   mov x4, x2
;;|   b label1
;;| block1:
;;|   movz x0, #16, LSL #32
;;|   ldrb w0, [x0, w4, UXTW]
;;|   cbz w0, label22 ; b label2
;;| block2:
;;|   add w4, w4, #1
;;|   b label3
;;| block3:
;;|   ands wzr, w3, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label1
;;| block5:
;;|   movz w3, #1
;;|   movz w0, #8
;;|   movk w0, w0, #12288, LSL #16
;;|   ldr x0, [x0]
;;|   sub x1, x0, x4, UXTW
;;|   movz x0, #16, LSL #32
;;|   add x5, x0, x4, UXTW
;;|   movz x0, #0
;;|   subs xzr, x1, #16
;;|   b.ge label6 ; b label7
;;| block6:
;;|   b label8
;;| block7:
;;|   b label1
;;| block8:
;;|   ldr q0, [x5, x0]
;;|   cmeq v0.16b, v0.16b, #0
;;|   umaxp v1.4s, v0.4s, v0.4s
;;|   mov x6, v1.d[0]
;;|   subs xzr, x6, #0
;;|   cset x6, ne
;;|   ands wzr, w6, #255
;;|   b.ne label20 ; b label9
;;| block9:
;;|   add x0, x0, #16
;;|   sub x6, x1, x0
;;|   subs xzr, x6, #64
;;|   b.ge label10 ; b label11
;;| block10:
;;|   b label12
;;| block11:
;;|   b label16
;;| block12:
;;|   add x7, x5, x0
;;|   ldr q7, [x5, x0]
;;|   cmeq v18.16b, v7.16b, #0
;;|   ldr q7, [x7, #16]
;;|   cmeq v17.16b, v7.16b, #0
;;|   ldr q7, [x7, #32]
;;|   cmeq v16.16b, v7.16b, #0
;;|   ldr q7, [x7, #48]
;;|   cmeq v7.16b, v7.16b, #0
;;|   orr v19.16b, v18.16b, v17.16b
;;|   orr v19.16b, v19.16b, v16.16b
;;|   orr v19.16b, v19.16b, v7.16b
;;|   umaxp v5.4s, v19.4s, v19.4s
;;|   mov x7, v5.d[0]
;;|   subs xzr, x7, #0
;;|   cset x10, ne
;;|   ands wzr, w10, #255
;;|   b.ne label19 ; b label13
;;| block13:
;;|   add x0, x0, #64
;;|   sub x6, x1, x0
;;|   subs xzr, x6, #64
;;|   b.ge label14 ; b label15
;;| block14:
;;|   b label12
;;| block15:
;;|   b label16
;;| block16:
;;|   subs xzr, x6, #16
;;|   b.ge label17 ; b label18
;;| block17:
;;|   b label8
;;| block18:
;;|   b label21
;;| block19:
;;|   sshr v18.16b, v18.16b, #7
;;|   movz x13, #513
;;|   movk x13, x13, #2052, LSL #16
;;|   movk x13, x13, #8208, LSL #32
;;|   movk x13, x13, #32832, LSL #48
;;|   dup v19.2d, x13
;;|   and v20.16b, v18.16b, v19.16b
;;|   ext v22.16b, v20.16b, v20.16b, #8
;;|   zip1 v24.16b, v20.16b, v22.16b
;;|   addv h26, v24.8h
;;|   umov w1, v26.h[0]
;;|   mov w1, w1
;;|   sshr v17.16b, v17.16b, #7
;;|   movz x13, #513
;;|   movk x13, x13, #2052, LSL #16
;;|   movk x13, x13, #8208, LSL #32
;;|   movk x13, x13, #32832, LSL #48
;;|   dup v18.2d, x13
;;|   and v20.16b, v17.16b, v18.16b
;;|   ext v22.16b, v20.16b, v20.16b, #8
;;|   zip1 v24.16b, v20.16b, v22.16b
;;|   addv h26, v24.8h
;;|   umov w5, v26.h[0]
;;|   mov w5, w5
;;|   orr x1, x1, x5, LSL 16
;;|   sshr v16.16b, v16.16b, #7
;;|   movz x13, #513
;;|   movk x13, x13, #2052, LSL #16
;;|   movk x13, x13, #8208, LSL #32
;;|   movk x13, x13, #32832, LSL #48
;;|   dup v18.2d, x13
;;|   and v20.16b, v16.16b, v18.16b
;;|   ext v22.16b, v20.16b, v20.16b, #8
;;|   zip1 v24.16b, v20.16b, v22.16b
;;|   addv h26, v24.8h
;;|   umov w5, v26.h[0]
;;|   mov w5, w5
;;|   orr x1, x1, x5, LSL 32
;;|   sshr v16.16b, v7.16b, #7
;;|   movz x13, #513
;;|   movk x13, x13, #2052, LSL #16
;;|   movk x13, x13, #8208, LSL #32
;;|   movk x13, x13, #32832, LSL #48
;;|   dup v18.2d, x13
;;|   and v20.16b, v16.16b, v18.16b
;;|   ext v22.16b, v20.16b, v20.16b, #8
;;|   zip1 v24.16b, v20.16b, v22.16b
;;|   addv h26, v24.8h
;;|   umov w5, v26.h[0]
;;|   mov w5, w5
;;|   orr x1, x1, x5, LSL 48
;;|   rbit x1, x1
;;|   clz x1, x1
;;|   add x0, x0, x1
;;|   b label21
;;| block20:
;;|   sshr v16.16b, v0.16b, #7
;;|   movz x14, #513
;;|   movk x14, x14, #2052, LSL #16
;;|   movk x14, x14, #8208, LSL #32
;;|   movk x14, x14, #32832, LSL #48
;;|   dup v19.2d, x14
;;|   and v21.16b, v16.16b, v19.16b
;;|   ext v23.16b, v21.16b, v21.16b, #8
;;|   zip1 v25.16b, v21.16b, v23.16b
;;|   addv h27, v25.8h
;;|   umov w1, v27.h[0]
;;|   mov w1, w1
;;|   rbit x1, x1
;;|   clz x1, x1
;;|   add x0, x0, x1
;;|   b label21
;;| block21:
;;|   add w4, w4, w0
;;|   b label1
;;| block22:
;;|   b label23
;;| block23:
;;|   b label24
;;| block24:
;;|   sub w2, w4, w2
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a1,196608
;;|   ld a1,0(a1)
;;|   mv a2,a0
;;|   j label1
;;| block1:
;;|   slli a3,a2,32
;;|   srli a3,a3,32
;;|   add a3,a1,a3
;;|   lbu a3,0(a3)
;;|   sext.w a3,a3
;;|   beq a3,zero,taken(label3),not_taken(label2)
;;| block2:
;;|   addiw a2,a2,1
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   j label5
;;| block5:
;;|   subw a0,a2,a0
;;|   ret
