;; A sum of bytes: each lane has its own, 16 bits wide until they are added up to 32.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 0) (i32.const 1024))))
  (func $f (param $p i32) (param $end i32) (result i32)
    (local $sum i32)
    (loop
      (local.set $sum
        (i32.add (local.get $sum) (i32.load8_u (local.get $p))))
      (br_if 0
        (i32.ne
          (local.tee $p (i32.add (local.get $p) (i32.const 1)))
          (local.get $end))))
    (local.get $sum)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   jmp     label1
;;| block1:
;;|   movq %rdi, %rax
;;|   subl %esi, %eax
;;|   leal 1(%rax), %eax
;;|   negl %eax
;;|   movl %eax, %edx
;;|   uninit  %rax
;;|   xorl %eax, %eax
;;|   cmpq $0x20, %rdx
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label9
;;| block3:
;;|   leaq (%rdi, %rdx), %r8
;;|   uninit  %rcx
;;|   xorq %rcx, %rcx
;;|   uninit  %xmm0
;;|   pxor %xmm0, %xmm0
;;|   uninit  %rax
;;|   xorl %eax, %eax
;;|   cmpq (%rip), %r8
;;|   jbe     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label9
;;| block6:
;;|   movdqu 0x40000000(%rdi, %rcx), %xmm2
;;|   leaq 0x10(%rcx), %rcx
;;|   movq %rdx, %rax
;;|   andq $0xfffffffffffffff0, %rax
;;|   uninit  %xmm3
;;|   pxor %xmm3, %xmm3
;;|   movdqa %xmm2, %xmm1
;;|   punpcklbw %xmm3, %xmm1
;;|   uninit  %xmm3
;;|   pxor %xmm3, %xmm3
;;|   punpckhbw %xmm3, %xmm2
;;|   paddw %xmm2, %xmm1
;;|   uninit  %xmm3
;;|   pxor %xmm3, %xmm3
;;|   movdqa %xmm1, %xmm2
;;|   punpcklwd %xmm3, %xmm2
;;|   uninit  %xmm3
;;|   pxor %xmm3, %xmm3
;;|   punpckhwd %xmm3, %xmm1
;;|   paddd %xmm1, %xmm2
;;|   paddd %xmm2, %xmm0
;;|   cmpq %rax, %rcx
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   movd %xmm0, %ecx
;;|   pshufd $0x1, %xmm0, %xmm1
;;|   movd %xmm1, %r8d
;;|   leal (%rcx, %r8), %ecx
;;|   pshufd $0x2, %xmm0, %xmm1
;;|   movd %xmm1, %r8d
;;|   leal (%rcx, %r8), %ecx
;;|   pshufd $0x3, %xmm0, %xmm0
;;|   movd %xmm0, %r8d
;;|   leal (%rcx, %r8), %eax
;;|   andl $0xfffffff0, %edx
;;|   leal (%rdi, %rdx), %edi
;;|   jmp     label9
;;| block9:
;;|   movzbq 0x40000000(%rdi), %rdx
;;|   leal 1(%rdi), %edi
;;|   leal (%rax, %rdx), %eax
;;|   cmpl %esi, %edi
;;|   jnz     label10; j label11
;;| block10:
;;|   jmp     label9
;;| block11:
;;|   jmp     label12
;;| block12:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   b label1
;;| block1:
;;|   sub w0, w2, w3
;;|   mov x5, x2
;;|   add w0, w0, #1
;;|   sub w1, wzr, w0
;;|   mov w4, w1
;;|   movz w2, #0
;;|   movz x0, #16, LSL #32
;;|   subs xzr, x4, #32
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label9
;;| block3:
;;|   add x7, x4, x5, UXTW
;;|   orr x8, xzr, #4294967295
;;|   movz x15, #0
;;|   movi v17.16b, #0
;;|   movz w2, #0
;;|   movz x6, #16, LSL #32
;;|   subs xzr, x7, x8
;;|   b.ls label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label9
;;| block6:
;;|   add x2, x6, x5, UXTW
;;|   ldr q0, [x2, x15]
;;|   add x15, x15, #16
;;|   and x2, x4, #18446744073709551600
;;|   uxtl v1.8h, v0.8b
;;|   uxtl2 v0.8h, v0.16b
;;|   add v0.8h, v1.8h, v0.8h
;;|   uxtl v1.4s, v0.4h
;;|   uxtl2 v0.4s, v0.8h
;;|   add v0.4s, v1.4s, v0.4s
;;|   add v17.4s, v17.4s, v0.4s
;;|   subs xzr, x15, x2
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   mov w2, v17.s[0]
;;|   mov w4, v17.s[1]
;;|   add w2, w2, w4
;;|   mov w4, v17.s[2]
;;|   add w2, w2, w4
;;|   mov w4, v17.s[3]
;;|   add w2, w2, w4
;;|   and w1, w1, #4294967280
;;|   add w5, w5, w1
;;|   b label9
;;| block9:
;;|   ldrb w1, [x0, w5, UXTW]
;;|   add w5, w5, #1
;;|   add w2, w2, w1
;;|   subs wzr, w5, w3
;;|   b.ne label10 ; b label11
;;| block10:
;;|   b label9
;;| block11:
;;|   b label12
;;| block12:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mv a2,a0
;;|   lui a4,196608
;;|   ld a4,0(a4)
;;|   li a0,0
;;|   mv a3,a0
;;|   j label1
;;| block1:
;;|   slli a5,a2,32
;;|   srli a0,a5,32
;;|   add a5,a4,a0
;;|   lbu a5,0(a5)
;;|   addiw a2,a2,1
;;|   mv a0,a3
;;|   addw a0,a0,a5
;;|   sext.w a5,a1
;;|   bne a2,a5,taken(label2),not_taken(label3)
;;| block2:
;;|   mv a3,a0
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
