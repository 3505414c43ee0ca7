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
;;| block0:
;;|   movl %esi, %esi
;;|   movl %edi, %edi
;;|   uninit  %r9
;;|   xorl %r9d, %r9d
;;|   jmp     label1
;;| block1:
;;|   movzbq 0x40000000(%rdi), %rax
;;|   movzbq 0x40000000(%rsi), %r8
;;|   subl %r8d, %eax
;;|   testl %eax, %eax
;;|   jnz     label2; j label3
;;| block2:
;;|   jmp     label25
;;| block3:
;;|   subl $0x1, %edx
;;|   leal 1(%rdi), %edi
;;|   leal 1(%rsi), %esi
;;|   testl %edx, %edx
;;|   jz      label23; j label4
;;| block4:
;;|   testb %r9b, %r9b
;;|   jnz     label5; j label6
;;| block5:
;;|   jmp     label1
;;| block6:
;;|   movl $0x1, %r9d
;;|   movl $0x30000010, %eax
;;|   movq (%rax), %rax
;;|   movq %rax, %rcx
;;|   subq %rdi, %rcx
;;|   subq %rsi, %rax
;;|   cmpq %rax, %rcx
;;|   cmovlq %rcx, %rax
;;|   leal -1(%rdx), %ecx
;;|   cmpq %rcx, %rax
;;|   cmovlq %rax, %rcx
;;|   uninit  %rax
;;|   xorq %rax, %rax
;;|   cmpq $0x10, %rcx
;;|   jnl     label7; j label8
;;| block7:
;;|   jmp     label9
;;| block8:
;;|   jmp     label1
;;| block9:
;;|   movdqu 0x40000000(%rdi, %rax), %xmm0
;;|   movdqu 0x40000000(%rsi, %rax), %xmm1
;;|   pcmpeqb %xmm1, %xmm0
;;|   pmovmskb %xmm0, %r8d
;;|   cmpl $0xffff, %r8d
;;|   jnz     label21; j label10
;;| block10:
;;|   leaq 0x10(%rax), %rax
;;|   movq %rcx, %r8
;;|   subq %rax, %r8
;;|   cmpq $0x20, %r8
;;|   jnl     label11; j label12
;;| block11:
;;|   jmp     label13
;;| block12:
;;|   jmp     label17
;;| block13:
;;|   movdqu 0x40000000(%rdi, %rax), %xmm0
;;|   movdqu 0x40000000(%rsi, %rax), %xmm1
;;|   pcmpeqb %xmm1, %xmm0
;;|   movdqu 0x40000010(%rdi, %rax), %xmm1
;;|   movdqu 0x40000010(%rsi, %rax), %xmm2
;;|   pcmpeqb %xmm2, %xmm1
;;|   movdqa %xmm0, %xmm2
;;|   pand %xmm1, %xmm2
;;|   pmovmskb %xmm2, %r8d
;;|   cmpl $0xffff, %r8d
;;|   jnz     label20; j label14
;;| block14:
;;|   leaq 0x20(%rax), %rax
;;|   movq %rcx, %r8
;;|   subq %rax, %r8
;;|   cmpq $0x20, %r8
;;|   jnl     label15; j label16
;;| block15:
;;|   jmp     label13
;;| block16:
;;|   jmp     label17
;;| block17:
;;|   cmpq $0x10, %r8
;;|   jnl     label18; j label19
;;| block18:
;;|   jmp     label9
;;| block19:
;;|   jmp     label22
;;| block20:
;;|   pmovmskb %xmm0, %ecx
;;|   xorl $0xffff, %ecx
;;|   pmovmskb %xmm1, %r8d
;;|   xorl $0xffff, %r8d
;;|   shlq $0x10, %r8
;;|   orq %r8, %rcx
;;|   movl $0x40, %r8d
;;|   bsfq %rcx, %rcx
;;|   cmoveq %r8, %rcx
;;|   leaq (%rax, %rcx), %rax
;;|   jmp     label22
;;| block21:
;;|   pmovmskb %xmm0, %ecx
;;|   xorl $0xffff, %ecx
;;|   movl $0x40, %r8d
;;|   bsfq %rcx, %rcx
;;|   cmoveq %r8, %rcx
;;|   leaq (%rax, %rcx), %rax
;;|   jmp     label22
;;| block22:
;;|   leal (%rdi, %rax), %edi
;;|   leal (%rsi, %rax), %esi
;;|   subl %eax, %edx
;;|   jmp     label1
;;| block23:
;;|   jmp     label24
;;| block24:
;;|   jmp     label25
;;| block25:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz w7, #0
;;|   b label1
;;| block1:
;;|   movz x0, #16, LSL #32
;;|   mov x8, x2
;;|   ldrb w1, [x0, w8, UXTW]
;;|   ldrb w0, [x0, w3, UXTW]
;;|   sub w2, w1, w0
;;|   cbnz w2, label2 ; b label3
;;| block2:
;;|   b label25
;;| block3:
;;|   sub w4, w4, #1
;;|   add w8, w8, #1
;;|   add w3, w3, #1
;;|   cbz w4, label23 ; b label4
;;| block4:
;;|   ands wzr, w7, #255
;;|   b.ne label5 ; b label6
;;| block5:
;;|   mov x2, x8
;;|   b label1
;;| block6:
;;|   movz w7, #1
;;|   movz w0, #8
;;|   movk w0, w0, #12288, LSL #16
;;|   ldr x2, [x0]
;;|   sub x0, x2, x8, UXTW
;;|   movz x1, #16, LSL #32
;;|   add x1, x1, x8, UXTW
;;|   sub x2, x2, x3, UXTW
;;|   subs xzr, x0, x2
;;|   csel x0, x0, x2, lt
;;|   movz x2, #16, LSL #32
;;|   add x5, x2, x3, UXTW
;;|   sub w2, w4, #1
;;|   mov w2, w2
;;|   subs xzr, x0, x2
;;|   csel x6, x0, x2, lt
;;|   movz x0, #0
;;|   subs xzr, x6, #16
;;|   b.ge label7 ; b label8
;;| block7:
;;|   b label9
;;| block8:
;;|   mov x2, x8
;;|   b label1
;;| block9:
;;|   ldr q0, [x1, x0]
;;|   ldr q1, [x5, x0]
;;|   cmeq v0.16b, v0.16b, v1.16b
;;|   uminv b1, v0.16b
;;|   mov x2, v1.d[0]
;;|   subs xzr, x2, #0
;;|   cset x2, ne
;;|   ands wzr, w2, #255
;;|   b.eq label21 ; b label10
;;| block10:
;;|   add x0, x0, #16
;;|   sub x2, x6, x0
;;|   subs xzr, x2, #32
;;|   b.ge label11 ; b label12
;;| block11:
;;|   b label13
;;| block12:
;;|   b label17
;;| block13:
;;|   add x9, x1, x0
;;|   add x10, x5, x0
;;|   ldr q3, [x1, x0]
;;|   ldr q4, [x5, x0]
;;|   cmeq v4.16b, v3.16b, v4.16b
;;|   ldr q3, [x9, #16]
;;|   ldr q5, [x10, #16]
;;|   cmeq v3.16b, v3.16b, v5.16b
;;|   and v5.16b, v4.16b, v3.16b
;;|   uminv b1, v5.16b
;;|   mov x9, v1.d[0]
;;|   subs xzr, x9, #0
;;|   cset x9, ne
;;|   ands wzr, w9, #255
;;|   b.eq label20 ; b label14
;;| block14:
;;|   add x0, x0, #32
;;|   sub x2, x6, x0
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
;;|   sshr v4.16b, v4.16b, #7
;;|   movz x9, #513
;;|   movk x9, x9, #2052, LSL #16
;;|   movk x9, x9, #8208, LSL #32
;;|   movk x9, x9, #32832, LSL #48
;;|   dup v16.2d, x9
;;|   and v16.16b, v4.16b, v16.16b
;;|   ext v18.16b, v16.16b, v16.16b, #8
;;|   zip1 v20.16b, v16.16b, v18.16b
;;|   addv h22, v20.8h
;;|   umov w1, v22.h[0]
;;|   eor w14, w1, #65535
;;|   mov w14, w14
;;|   sshr v4.16b, v3.16b, #7
;;|   movz x9, #513
;;|   movk x9, x9, #2052, LSL #16
;;|   movk x9, x9, #8208, LSL #32
;;|   movk x9, x9, #32832, LSL #48
;;|   dup v16.2d, x9
;;|   and v16.16b, v4.16b, v16.16b
;;|   ext v18.16b, v16.16b, v16.16b, #8
;;|   zip1 v20.16b, v16.16b, v18.16b
;;|   addv h22, v20.8h
;;|   umov w1, v22.h[0]
;;|   eor w15, w1, #65535
;;|   mov w15, w15
;;|   orr x14, x14, x15, LSL 16
;;|   rbit x13, x14
;;|   clz x15, x13
;;|   add x0, x0, x15
;;|   b label22
;;| block21:
;;|   sshr v5.16b, v0.16b, #7
;;|   movz x10, #513
;;|   movk x10, x10, #2052, LSL #16
;;|   movk x10, x10, #8208, LSL #32
;;|   movk x10, x10, #32832, LSL #48
;;|   dup v16.2d, x10
;;|   and v17.16b, v5.16b, v16.16b
;;|   ext v19.16b, v17.16b, v17.16b, #8
;;|   zip1 v21.16b, v17.16b, v19.16b
;;|   addv h23, v21.8h
;;|   umov w1, v23.h[0]
;;|   eor w15, w1, #65535
;;|   mov w15, w15
;;|   rbit x14, x15
;;|   clz x1, x14
;;|   add x0, x0, x1
;;|   b label22
;;| block22:
;;|   add w8, w8, w0
;;|   add w3, w3, w0
;;|   sub w4, w4, w0
;;|   mov x2, x8
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
