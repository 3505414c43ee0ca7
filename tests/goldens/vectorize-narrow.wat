;; Bytes are averaged in lanes of 16 bits, since a sum of two takes 9, and become bytes again.
(module
  (memory 1)
  (func (export "_start")
    (call $f (i32.const 0) (i32.const 1024) (i32.const 2048)))
  (func $f (param $p i32) (param $q i32) (param $end i32)
    (loop
      (i32.store8 (local.get $p)
        (i32.shr_u
          (i32.add (i32.load8_u (local.get $p)) (i32.load8_u (local.get $q)))
          (i32.const 1)))
      (local.set $p (i32.add (local.get $p) (i32.const 1)))
      (br_if 0
        (i32.ne
          (local.tee $q (i32.add (local.get $q) (i32.const 1)))
          (local.get $end))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %esi, %esi
;;|   movl %edi, %edi
;;|   jmp     label1
;;| block1:
;;|   movq %rsi, %rax
;;|   subl %edx, %eax
;;|   leal 1(%rax), %eax
;;|   negl %eax
;;|   movl %eax, %eax
;;|   cmpq $0x20, %rax
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label11
;;| block3:
;;|   leaq (%rdi, %rax), %r8
;;|   cmpq (%rip), %r8
;;|   setbe %r9b
;;|   leaq (%rsi, %rax), %r8
;;|   cmpq (%rip), %r8
;;|   setbe %r8b
;;|   andl %r8d, %r9d
;;|   leaq 0x40000001(%rdi, %rax), %r8
;;|   leaq 0x40000000(%rsi), %r10
;;|   cmpq %r10, %r8
;;|   setbe %r10b
;;|   leaq 0x40000001(%rsi, %rax), %r8
;;|   leaq 0x40000000(%rdi), %r11
;;|   cmpq %r11, %r8
;;|   setbe %r8b
;;|   orl %r8d, %r10d
;;|   uninit  %r8
;;|   xorq %r8, %r8
;;|   leaq 1(%rax), %rcx
;;|   testb %r9b, %r10b
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label11
;;| block6:
;;|   movq 0x40000000(%rdi, %r8), %xmm0
;;|   uninit  %xmm1
;;|   pxor %xmm1, %xmm1
;;|   punpcklbw %xmm1, %xmm0
;;|   movq 0x40000000(%rsi, %r8), %xmm1
;;|   uninit  %xmm2
;;|   pxor %xmm2, %xmm2
;;|   punpcklbw %xmm2, %xmm1
;;|   movq 0x40000008(%rdi, %r8), %xmm2
;;|   uninit  %xmm3
;;|   pxor %xmm3, %xmm3
;;|   punpcklbw %xmm3, %xmm2
;;|   movq 0x40000008(%rsi, %r8), %xmm3
;;|   uninit  %xmm4
;;|   pxor %xmm4, %xmm4
;;|   punpcklbw %xmm4, %xmm3
;;|   paddw %xmm1, %xmm0
;;|   psrlw $0x1, %xmm0
;;|   paddw %xmm3, %xmm2
;;|   psrlw $0x1, %xmm2
;;|   packuswb %xmm2, %xmm0
;;|   movdqu %xmm0, 0x40000000(%rdi, %r8)
;;|   leaq 0x10(%r8), %r8
;;|   movq %rcx, %r9
;;|   andq $0xfffffffffffffff0, %r9
;;|   cmpq %r9, %r8
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   leaq 1(%rax), %r8
;;|   andq $0xfffffffffffffff0, %rcx
;;|   leal 1(%rax), %eax
;;|   andl $0xfffffff0, %eax
;;|   leal (%rdi, %rax), %edi
;;|   leal (%rsi, %rax), %esi
;;|   cmpq %rcx, %r8
;;|   jz      label9; j label10
;;| block9:
;;|   jmp     label14
;;| block10:
;;|   jmp     label11
;;| block11:
;;|   movzbq 0x40000000(%rdi), %rax
;;|   movzbq 0x40000000(%rsi), %rcx
;;|   leal (%rax, %rcx), %eax
;;|   shrl $1, %eax
;;|   movb %al, 0x40000000(%rdi)
;;|   leal 1(%rsi), %esi
;;|   leal 1(%rdi), %edi
;;|   cmpl %edx, %esi
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
;;|   sub w5, w3, w4
;;|   add w5, w5, #1
;;|   sub w6, wzr, w5
;;|   mov w7, w6
;;|   movz x5, #16, LSL #32
;;|   subs xzr, x7, #32
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label11
;;| block3:
;;|   add x9, x7, x2, UXTW
;;|   orr x8, xzr, #4294967295
;;|   subs xzr, x9, x8
;;|   cset x9, ls
;;|   add x10, x7, x3, UXTW
;;|   subs xzr, x10, x8
;;|   cset x8, ls
;;|   and w9, w9, w8
;;|   movz x10, #1
;;|   movk x10, x10, #16, LSL #32
;;|   add x8, x10, x2, UXTW
;;|   add x11, x8, x6, UXTW
;;|   movz x8, #16, LSL #32
;;|   add x12, x8, x3, UXTW
;;|   subs xzr, x11, x12
;;|   cset x11, ls
;;|   add x10, x10, x3, UXTW
;;|   add x10, x10, x6, UXTW
;;|   add x12, x8, x2, UXTW
;;|   subs xzr, x10, x12
;;|   cset x10, ls
;;|   orr w10, w11, w10
;;|   and w10, w9, w10
;;|   movz x0, #0
;;|   add x9, x7, #1
;;|   ands wzr, w10, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label11
;;| block6:
;;|   add x13, x8, x2, UXTW
;;|   add x14, x13, x0
;;|   ldr d16, [x13, x0]
;;|   uxtl v16.8h, v16.8b
;;|   add x1, x8, x3, UXTW
;;|   add x15, x1, x0
;;|   ldr d17, [x1, x0]
;;|   uxtl v17.8h, v17.8b
;;|   ldr d18, [x14, #8]
;;|   uxtl v18.8h, v18.8b
;;|   ldr d19, [x15, #8]
;;|   uxtl v19.8h, v19.8b
;;|   add v16.8h, v16.8h, v17.8h
;;|   ushr v16.8h, v16.8h, #1
;;|   add v17.8h, v18.8h, v19.8h
;;|   ushr v17.8h, v17.8h, #1
;;|   sqxtun v16.8b, v16.8h
;;|   sqxtun2 v16.16b, v16.16b, v17.8h
;;|   str q16, [x13, x0]
;;|   add x0, x0, #16
;;|   and x14, x9, #18446744073709551600
;;|   subs xzr, x0, x14
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   add x0, x7, #1
;;|   and x1, x9, #18446744073709551600
;;|   add w6, w6, #1
;;|   and w6, w6, #4294967280
;;|   add w2, w2, w6
;;|   add w3, w3, w6
;;|   subs xzr, x0, x1
;;|   b.eq label9 ; b label10
;;| block9:
;;|   b label14
;;| block10:
;;|   b label11
;;| block11:
;;|   ldrb w0, [x5, w2, UXTW]
;;|   ldrb w1, [x5, w3, UXTW]
;;|   add w0, w0, w1
;;|   lsr w0, w0, #1
;;|   strb w0, [x5, w2, UXTW]
;;|   add w3, w3, #1
;;|   add w2, w2, #1
;;|   subs wzr, w3, w4
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
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;|   addi sp,sp,-32
;;|   sd s4,24(sp)
;;|   sd s5,16(sp)
;;|   sd s6,8(sp)
;;| block0:
;;|   lui a3,196608
;;|   ld a3,0(a3)
;;|   j label1
;;| block1:
;;|   slli a4,a0,32
;;|   srli a4,a4,32
;;|   add a4,a3,a4
;;|   lbu a5,0(a4)
;;|   slli s4,a1,32
;;|   srli s6,s4,32
;;|   add s5,a3,s6
;;|   lbu s5,0(s5)
;;|   addw a5,a5,s5
;;|   srliw a5,a5,1
;;|   sb a5,0(a4)
;;|   addiw a1,a1,1
;;|   addiw a0,a0,1
;;|   sext.w a4,a2
;;|   bne a1,a4,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ld s4,24(sp)
;;|   ld s5,16(sp)
;;|   ld s6,8(sp)
;;|   addi sp,sp,32
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
