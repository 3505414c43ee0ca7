;; Two arrays are compared 16 bytes at once, as far as the count and the memory's size allow; what counts does not take part.
(module
  (memory 1 2)
  (func (export "_start") (drop (call $f (i32.const 8) (i32.const 64) (memory.grow (i32.const 1)))))
  (func $f (param $left i32) (param $right i32) (param $count i32) (result i32) (local $difference i32)
    (block $differs
      (loop $next
        (br_if $differs (local.tee $difference (i32.sub
          (i32.load8_u (local.get $left)) (i32.load8_u (local.get $right)))))
        (local.set $left (i32.add (local.get $left) (i32.const 1)))
        (local.set $right (i32.add (local.get $right) (i32.const 1)))
        (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))
    (local.get $difference)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;|   subq $0x10, %rsp
;;|   movq %rbx, (%rsp)
;;| block0:
;;|   movl %esi, %esi
;;|   movl %edi, %edi
;;|   uninit  %r8
;;|   xorl %r8d, %r8d
;;|   jmp     label1
;;| block1:
;;|   movzbq 0x40000000(%rdi), %rax
;;|   movzbq 0x40000000(%rsi), %r9
;;|   subl %r9d, %eax
;;|   testl %eax, %eax
;;|   jnz     label2; j label3
;;| block2:
;;|   jmp     label25
;;| block3:
;;|   movq %rdx, %rbx
;;|   subl $0x1, %ebx
;;|   testl %ebx, %ebx
;;|   jz      label23; j label4
;;| block4:
;;|   leal 1(%rdi), %r10d
;;|   leal 1(%rsi), %r11d
;;|   testb %r8b, %r8b
;;|   jnz     label5; j label6
;;| block5:
;;|   movq %rbx, %rdx
;;|   movq %r11, %rsi
;;|   movq %r10, %rdi
;;|   jmp     label1
;;| block6:
;;|   movl $0x30000010, %eax
;;|   movq (%rax), %rax
;;|   movq %rax, %r9
;;|   subq %r10, %r9
;;|   subq %r11, %rax
;;|   cmpq %r9, %rax
;;|   cmovlq %rax, %r9
;;|   leal -2(%rdx), %eax
;;|   cmpq %r9, %rax
;;|   cmovlq %rax, %r9
;;|   uninit  %rcx
;;|   xorq %rcx, %rcx
;;|   movl $0x1, %r8d
;;|   cmpq $0x10, %r9
;;|   jnl     label7; j label8
;;| block7:
;;|   jmp     label9
;;| block8:
;;|   movq %rbx, %rdx
;;|   movq %r11, %rsi
;;|   movq %r10, %rdi
;;|   jmp     label1
;;| block9:
;;|   movdqu 0x40000000(%r10, %rcx), %xmm0
;;|   movdqu 0x40000000(%r11, %rcx), %xmm1
;;|   pcmpeqb %xmm1, %xmm0
;;|   pmovmskb %xmm0, %eax
;;|   cmpl $0xffff, %eax
;;|   jnz     label21; j label10
;;| block10:
;;|   leaq 0x10(%rcx), %rcx
;;|   movq %r9, %rax
;;|   subq %rcx, %rax
;;|   cmpq $0x20, %rax
;;|   jnl     label11; j label12
;;| block11:
;;|   jmp     label13
;;| block12:
;;|   jmp     label17
;;| block13:
;;|   movdqu 0x40000000(%r10, %rcx), %xmm0
;;|   movdqu 0x40000000(%r11, %rcx), %xmm2
;;|   movdqu 0x40000010(%r10, %rcx), %xmm1
;;|   movdqu 0x40000010(%r11, %rcx), %xmm3
;;|   pcmpeqb %xmm2, %xmm0
;;|   pcmpeqb %xmm3, %xmm1
;;|   movdqa %xmm0, %xmm2
;;|   pand %xmm1, %xmm2
;;|   pmovmskb %xmm2, %eax
;;|   cmpl $0xffff, %eax
;;|   jnz     label20; j label14
;;| block14:
;;|   leaq 0x20(%rcx), %rcx
;;|   movq %r9, %rax
;;|   subq %rcx, %rax
;;|   cmpq $0x20, %rax
;;|   jnl     label15; j label16
;;| block15:
;;|   jmp     label13
;;| block16:
;;|   jmp     label17
;;| block17:
;;|   cmpq $0x10, %rax
;;|   jnl     label18; j label19
;;| block18:
;;|   jmp     label9
;;| block19:
;;|   jmp     label22
;;| block20:
;;|   pmovmskb %xmm0, %eax
;;|   xorl $0xffff, %eax
;;|   pmovmskb %xmm1, %edx
;;|   xorl $0xffff, %edx
;;|   shlq $0x10, %rdx
;;|   orq %rdx, %rax
;;|   movl $0x40, %edx
;;|   bsfq %rax, %rax
;;|   cmoveq %rdx, %rax
;;|   leaq (%rcx, %rax), %rcx
;;|   jmp     label22
;;| block21:
;;|   xorl $0xffff, %eax
;;|   movl $0x40, %edx
;;|   bsfq %rax, %rax
;;|   cmoveq %rdx, %rax
;;|   leaq (%rcx, %rax), %rcx
;;|   jmp     label22
;;| block22:
;;|   leal 1(%rdi, %rcx), %edi
;;|   leal 1(%rsi, %rcx), %esi
;;|   subl %ecx, %ebx
;;|   movl $0x1, %r8d
;;|   movq %rbx, %rdx
;;|   jmp     label1
;;| block23:
;;|   jmp     label24
;;| block24:
;;|   jmp     label25
;;| block25:
;;|   movq (%rsp), %rbx
;;|   addq $0x10, %rsp
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz w7, #0
;;|   b label1
;;| block1:
;;|   movz x0, #16, LSL #32
;;|   mov x1, x2
;;|   ldrb w2, [x0, w1, UXTW]
;;|   mov x5, x3
;;|   ldrb w0, [x0, w5, UXTW]
;;|   sub w2, w2, w0
;;|   cbnz w2, label2 ; b label3
;;| block2:
;;|   b label25
;;| block3:
;;|   sub w0, w4, #1
;;|   cbz w0, label23 ; b label4
;;| block4:
;;|   add w1, w1, #1
;;|   add w8, w5, #1
;;|   ands wzr, w7, #255
;;|   b.ne label5 ; b label6
;;| block5:
;;|   mov x2, x1
;;|   mov x3, x8
;;|   mov x4, x0
;;|   b label1
;;| block6:
;;|   movz w2, #8
;;|   movk w2, w2, #12288, LSL #16
;;|   ldr x3, [x2]
;;|   sub x2, x3, x1, UXTW
;;|   sub x3, x3, x8, UXTW
;;|   subs xzr, x2, x3
;;|   csel x2, x2, x3, lt
;;|   sub w3, w4, #2
;;|   mov w3, w3
;;|   subs xzr, x2, x3
;;|   csel x4, x2, x3, lt
;;|   movz x3, #0
;;|   movz w7, #1
;;|   movz x2, #16, LSL #32
;;|   add x5, x2, x1, UXTW
;;|   add x6, x2, x8, UXTW
;;|   subs xzr, x4, #16
;;|   b.ge label7 ; b label8
;;| block7:
;;|   b label9
;;| block8:
;;|   mov x2, x1
;;|   mov x3, x8
;;|   mov x4, x0
;;|   b label1
;;| block9:
;;|   ldr q0, [x5, x3]
;;|   ldr q1, [x6, x3]
;;|   cmeq v0.16b, v0.16b, v1.16b
;;|   uminv b1, v0.16b
;;|   mov x2, v1.d[0]
;;|   subs xzr, x2, #0
;;|   cset x2, ne
;;|   ands wzr, w2, #255
;;|   b.eq label21 ; b label10
;;| block10:
;;|   add x3, x3, #16
;;|   sub x2, x4, x3
;;|   subs xzr, x2, #32
;;|   b.ge label11 ; b label12
;;| block11:
;;|   b label13
;;| block12:
;;|   b label17
;;| block13:
;;|   add x2, x5, x3
;;|   ldr q0, [x5, x3]
;;|   add x7, x6, x3
;;|   ldr q1, [x6, x3]
;;|   ldr q2, [x2, #16]
;;|   ldr q3, [x7, #16]
;;|   cmeq v1.16b, v0.16b, v1.16b
;;|   cmeq v0.16b, v2.16b, v3.16b
;;|   and v2.16b, v1.16b, v0.16b
;;|   uminv b2, v2.16b
;;|   mov x2, v2.d[0]
;;|   subs xzr, x2, #0
;;|   cset x7, ne
;;|   ands wzr, w7, #255
;;|   b.eq label20 ; b label14
;;| block14:
;;|   add x3, x3, #32
;;|   sub x2, x4, x3
;;|   subs xzr, x2, #32
;;|   b.ge label15 ; b label16
;;| block15:
;;|   b label13
;;| block16:
;;|   b label17
;;| block17:
;;|   subs xzr, x2, #16
;;|   b.ge label18 ; b label19
;;| block18:
;;|   b label9
;;| block19:
;;|   b label22
;;| block20:
;;|   sshr v1.16b, v1.16b, #7
;;|   movz x6, #513
;;|   movk x6, x6, #2052, LSL #16
;;|   movk x6, x6, #8208, LSL #32
;;|   movk x6, x6, #32832, LSL #48
;;|   dup v16.2d, x6
;;|   and v16.16b, v1.16b, v16.16b
;;|   ext v17.16b, v16.16b, v16.16b, #8
;;|   zip1 v17.16b, v16.16b, v17.16b
;;|   addv h19, v17.8h
;;|   umov w2, v19.h[0]
;;|   eor w11, w2, #65535
;;|   mov w11, w11
;;|   sshr v1.16b, v0.16b, #7
;;|   movz x6, #513
;;|   movk x6, x6, #2052, LSL #16
;;|   movk x6, x6, #8208, LSL #32
;;|   movk x6, x6, #32832, LSL #48
;;|   dup v16.2d, x6
;;|   and v16.16b, v1.16b, v16.16b
;;|   ext v17.16b, v16.16b, v16.16b, #8
;;|   zip1 v17.16b, v16.16b, v17.16b
;;|   addv h19, v17.8h
;;|   umov w2, v19.h[0]
;;|   eor w12, w2, #65535
;;|   mov w12, w12
;;|   orr x11, x11, x12, LSL 16
;;|   rbit x10, x11
;;|   clz x12, x10
;;|   add x3, x3, x12
;;|   b label22
;;| block21:
;;|   sshr v2.16b, v0.16b, #7
;;|   movz x7, #513
;;|   movk x7, x7, #2052, LSL #16
;;|   movk x7, x7, #8208, LSL #32
;;|   movk x7, x7, #32832, LSL #48
;;|   dup v16.2d, x7
;;|   and v16.16b, v2.16b, v16.16b
;;|   ext v17.16b, v16.16b, v16.16b, #8
;;|   zip1 v18.16b, v16.16b, v17.16b
;;|   addv h20, v18.8h
;;|   umov w2, v20.h[0]
;;|   eor w12, w2, #65535
;;|   mov w12, w12
;;|   rbit x11, x12
;;|   clz x13, x11
;;|   add x3, x3, x13
;;|   b label22
;;| block22:
;;|   add w1, w1, w3
;;|   add w5, w8, w3
;;|   sub w4, w0, w3
;;|   movz w7, #1
;;|   mov x2, x1
;;|   mov x3, x5
;;|   b label1
;;| block23:
;;|   b label24
;;| block24:
;;|   b label25
;;| block25:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mv a4,a0
;;|   lui a0,196608
;;|   ld a3,0(a0)
;;|   j label1
;;| block1:
;;|   slli a0,a4,32
;;|   srli a0,a0,32
;;|   add a0,a3,a0
;;|   lbu a0,0(a0)
;;|   slli a5,a1,32
;;|   srli a5,a5,32
;;|   add a5,a3,a5
;;|   lbu a5,0(a5)
;;|   subw a0,a0,a5
;;|   bne a0,zero,taken(label2),not_taken(label3)
;;| block2:
;;|   j label7
;;| block3:
;;|   addiw a2,a2,-1
;;|   addiw a4,a4,1
;;|   addiw a1,a1,1
;;|   bne a2,zero,taken(label4),not_taken(label5)
;;| block4:
;;|   j label1
;;| block5:
;;|   j label6
;;| block6:
;;|   j label7
;;| block7:
;;|   ret
