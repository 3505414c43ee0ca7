;; A loop over an array.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 0) (i32.const 400))))
  (func $f (param $at i32) (param $end i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.get $sum)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   jmp     label1
;;| block1:
;;|   leal 4(%rdi), %eax
;;|   movq %rsi, %rcx
;;|   subl %eax, %ecx
;;|   leal -1(%rcx), %ecx
;;|   shrl $0x2, %ecx
;;|   leaq 1(%rcx), %rdx
;;|   uninit  %rcx
;;|   xorq %rcx, %rcx
;;|   cmpl %esi, %eax
;;|   cmovbq %rdx, %rcx
;;|   uninit  %rax
;;|   xorl %eax, %eax
;;|   cmpq $0x10, %rcx
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label9
;;| block3:
;;|   leal 4(%rdi), %eax
;;|   leaq (%rax, %rcx, 4), %rax
;;|   cmpq (%rip), %rax
;;|   setle %r9b
;;|   leaq (%rdi, %rcx, 4), %rax
;;|   cmpq (%rip), %rax
;;|   setbe %r10b
;;|   uninit  %rdx
;;|   xorq %rdx, %rdx
;;|   uninit  %xmm0
;;|   pxor %xmm0, %xmm0
;;|   uninit  %rax
;;|   xorl %eax, %eax
;;|   movq %rcx, %r8
;;|   andq $0xfffffffffffffff8, %r8
;;|   shlq $0x2, %r8
;;|   testb %r9b, %r10b
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label9
;;| block6:
;;|   movdqu 0x40000000(%rdi, %rdx), %xmm1
;;|   movdqu 0x40000010(%rdi, %rdx), %xmm2
;;|   leaq 0x20(%rdx), %rdx
;;|   paddd %xmm1, %xmm0
;;|   paddd %xmm2, %xmm0
;;|   cmpq %r8, %rdx
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   movd %xmm0, %edx
;;|   pshufd $0x1, %xmm0, %xmm1
;;|   movd %xmm1, %r8d
;;|   leal (%rdx, %r8), %edx
;;|   pshufd $0x2, %xmm0, %xmm1
;;|   movd %xmm1, %r8d
;;|   leal (%rdx, %r8), %edx
;;|   pshufd $0x3, %xmm0, %xmm0
;;|   movd %xmm0, %r8d
;;|   leal (%rdx, %r8), %eax
;;|   andl $0xfffffff8, %ecx
;;|   leal (%rdi, %rcx, 4), %edi
;;|   jmp     label9
;;| block9:
;;|   movl 0x40000000(%rdi), %edx
;;|   leal 4(%rdi), %edi
;;|   leal (%rax, %rdx), %eax
;;|   cmpl %esi, %edi
;;|   jb      label10; j label11
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
;;|   add w0, w2, #4
;;|   mov x4, x2
;;|   sub w1, w3, w0
;;|   sub w1, w1, #1
;;|   lsr w1, w1, #2
;;|   mov w1, w1
;;|   add x1, x1, #1
;;|   movz x2, #0
;;|   subs wzr, w0, w3
;;|   csel x1, x1, x2, lo
;;|   movz w2, #0
;;|   movz x0, #16, LSL #32
;;|   subs xzr, x1, #16
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label9
;;| block3:
;;|   add w2, w4, #4
;;|   mov w2, w2
;;|   add x5, x2, x1, LSL 2
;;|   orr x2, xzr, #4294967295
;;|   subs xzr, x5, x2
;;|   cset x5, le
;;|   mov w6, w4
;;|   add x6, x6, x1, LSL 2
;;|   subs xzr, x6, x2
;;|   cset x2, ls
;;|   and w8, w5, w2
;;|   movz x5, #0
;;|   movi v31.16b, #0
;;|   movz w2, #0
;;|   movz x6, #16, LSL #32
;;|   and x7, x1, #18446744073709551608
;;|   lsl x7, x7, #2
;;|   ands wzr, w8, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label9
;;| block6:
;;|   add x2, x6, x4, UXTW
;;|   add x8, x2, x5
;;|   ldr q0, [x2, x5]
;;|   ldr q1, [x8, #16]
;;|   add x5, x5, #32
;;|   add v0.4s, v31.4s, v0.4s
;;|   add v31.4s, v0.4s, v1.4s
;;|   subs xzr, x5, x7
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   mov w2, v31.s[0]
;;|   mov w5, v31.s[1]
;;|   add w2, w2, w5
;;|   mov w5, v31.s[2]
;;|   add w2, w2, w5
;;|   mov w5, v31.s[3]
;;|   add w2, w2, w5
;;|   and w1, w1, #4294967288
;;|   add w4, w4, w1, LSL 2
;;|   b label9
;;| block9:
;;|   ldr w5, [x0, w4, UXTW]
;;|   add w4, w4, #4
;;|   add w2, w2, w5
;;|   subs wzr, w4, w3
;;|   b.lo label10 ; b label11
;;| block10:
;;|   b label9
;;| block11:
;;|   b label12
;;| block12:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mv a3,a0
;;|   lui a0,196608
;;|   ld a2,0(a0)
;;|   li a0,0
;;|   mv a5,a0
;;|   j label1
;;| block1:
;;|   slli a0,a3,32
;;|   srli a0,a0,32
;;|   add a0,a2,a0
;;|   lw a4,0(a0)
;;|   addiw a3,a3,4
;;|   mv a0,a5
;;|   addw a0,a0,a4
;;|   slli a5,a3,32
;;|   srli a4,a5,32
;;|   slli a5,a1,32
;;|   srli a5,a5,32
;;|   bltu a4,a5,taken(label2),not_taken(label3)
;;| block2:
;;|   mv a5,a0
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
