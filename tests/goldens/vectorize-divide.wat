;; Divisions by a constant are products whose upper halves count: vectors have them for two lanes at a time.
(module
  (memory 1)
  (func (export "_start")
    (call $f (i32.const 0) (i32.const 1024)))
  (func $f (param $p i32) (param $end i32)
    (loop
      (i32.store (local.get $p)
        (i32.div_u (i32.load (local.get $p)) (i32.const 81)))
      (br_if 0
        (i32.ne
          (local.tee $p (i32.add (local.get $p) (i32.const 4)))
          (local.get $end))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   jmp     label1
;;| block1:
;;|   movq %rdi, %rax
;;|   subl %esi, %eax
;;|   leal 4(%rax), %ecx
;;|   negl %ecx
;;|   movq %rcx, %rax
;;|   shrl $0x2, %eax
;;|   cmpq $0x10, %rax
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label11
;;| block3:
;;|   movq %rcx, %rdx
;;|   andl $0xfffffffc, %edx
;;|   cmpl %ecx, %edx
;;|   sete %r9b
;;|   leaq (%rdi, %rax, 4), %rcx
;;|   cmpq (%rip), %rcx
;;|   setbe %r10b
;;|   uninit  %rdx
;;|   xorq %rdx, %rdx
;;|   movdqu (%rip), %xmm0
;;|   leaq 1(%rax), %rcx
;;|   movq %rcx, %r8
;;|   andq $0xfffffffffffffff8, %r8
;;|   shlq $0x2, %r8
;;|   testb %r9b, %r10b
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label11
;;| block6:
;;|   movdqu 0x40000000(%rdi, %rdx), %xmm3
;;|   movdqu 0x40000010(%rdi, %rdx), %xmm1
;;|   pshufd $0x50, %xmm3, %xmm2
;;|   pshufd $0x50, %xmm0, %xmm4
;;|   pmuludq %xmm4, %xmm2
;;|   pshufd $0xfa, %xmm3, %xmm3
;;|   pshufd $0xfa, %xmm0, %xmm4
;;|   pmuludq %xmm4, %xmm3
;;|   shufps $0xdd, %xmm3, %xmm2
;;|   psrld $0x6, %xmm2
;;|   movdqu %xmm2, 0x40000000(%rdi, %rdx)
;;|   pshufd $0x50, %xmm1, %xmm2
;;|   pshufd $0x50, %xmm0, %xmm3
;;|   pmuludq %xmm3, %xmm2
;;|   pshufd $0xfa, %xmm1, %xmm1
;;|   pshufd $0xfa, %xmm0, %xmm3
;;|   pmuludq %xmm3, %xmm1
;;|   shufps $0xdd, %xmm1, %xmm2
;;|   psrld $0x6, %xmm2
;;|   movdqu %xmm2, 0x40000010(%rdi, %rdx)
;;|   leaq 0x20(%rdx), %rdx
;;|   cmpq %r8, %rdx
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   leaq 1(%rax), %rdx
;;|   andq $0xfffffffffffffff8, %rcx
;;|   leal 1(%rax), %eax
;;|   andl $0xfffffff8, %eax
;;|   leal (%rdi, %rax, 4), %edi
;;|   cmpq %rcx, %rdx
;;|   jz      label9; j label10
;;| block9:
;;|   jmp     label14
;;| block10:
;;|   jmp     label11
;;| block11:
;;|   movl 0x40000000(%rdi), %ecx
;;|   imulq (%rip), %rcx
;;|   shrq $0x26, %rcx
;;|   movl %ecx, 0x40000000(%rdi)
;;|   leal 4(%rdi), %edi
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
;;|   sub w0, w2, w3
;;|   add w0, w0, #4
;;|   sub w5, wzr, w0
;;|   lsr w1, w5, #2
;;|   mov w4, w1
;;|   movz x0, #16, LSL #32
;;|   subs xzr, x4, #16
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label11
;;| block3:
;;|   and w6, w5, #4294967292
;;|   subs wzr, w6, w5
;;|   cset x5, eq
;;|   mov w6, w2
;;|   add x6, x6, x4, LSL 2
;;|   orr x7, xzr, #4294967295
;;|   subs xzr, x6, x7
;;|   cset x6, ls
;;|   and w9, w5, w6
;;|   movz x5, #0
;;|   movz x6, #16, LSL #32
;;|   movz w7, #34791
;;|   movk w7, w7, #51781, LSL #16
;;|   dup v0.4s, w7
;;|   add x7, x4, #1
;;|   and x8, x7, #18446744073709551608
;;|   lsl x8, x8, #2
;;|   ands wzr, w9, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label11
;;| block6:
;;|   add x10, x6, x2, UXTW
;;|   add x9, x10, x5
;;|   ldr q2, [x10, x5]
;;|   ldr q1, [x9, #16]
;;|   umull v3.2d, v2.2s, v0.2s
;;|   umull2 v2.2d, v2.4s, v0.4s
;;|   uzp2 v2.4s, v3.4s, v2.4s
;;|   ushr v2.4s, v2.4s, #6
;;|   str q2, [x10, x5]
;;|   umull v2.2d, v1.2s, v0.2s
;;|   umull2 v1.2d, v1.4s, v0.4s
;;|   uzp2 v1.4s, v2.4s, v1.4s
;;|   ushr v1.4s, v1.4s, #6
;;|   str q1, [x9, #16]
;;|   add x5, x5, #32
;;|   subs xzr, x5, x8
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   add x4, x4, #1
;;|   and x5, x7, #18446744073709551608
;;|   add w6, w1, #1
;;|   and w6, w6, #4294967288
;;|   add w2, w2, w6, LSL 2
;;|   subs xzr, x4, x5
;;|   b.eq label9 ; b label10
;;| block9:
;;|   b label14
;;| block10:
;;|   b label11
;;| block11:
;;|   ldr w8, [x0, w2, UXTW]
;;|   movz w9, #34791
;;|   movk w9, w9, #51781, LSL #16
;;|   mov w5, w8
;;|   mov w7, w9
;;|   madd x9, x5, x7, xzr
;;|   lsr x11, x9, #32
;;|   lsr w8, w11, #6
;;|   str w8, [x0, w2, UXTW]
;;|   add w2, w2, #4
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
;;|   lw a4,0(a3)
;;|   lui a5,-220072
;;|   addi a5,a5,2023
;;|   slli a4,a4,32
;;|   srli a4,a4,32
;;|   slli a5,a5,32
;;|   srli a5,a5,32
;;|   mul a4,a4,a5
;;|   srli a4,a4,32
;;|   srliw a4,a4,6
;;|   sw a4,0(a3)
;;|   addiw a0,a0,4
;;|   sext.w a3,a1
;;|   bne a0,a3,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
