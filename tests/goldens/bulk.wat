;; A function that copies bytes one by one is proved to do so. Where the ranges lie in the memory and have no byte in
;; common, it is a copy as `memory.copy` has it; the loop is left for the others.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 8)))))
  (func $f (param i32 i32 i32) (result i32) (local i32)
    (local.set 3 (local.get 0))
    (block $done
      (br_if $done (i32.eqz (local.get 2)))
      (loop $next
        (i32.store8 (local.get 3) (i32.load8_u (local.get 1)))
        (local.set 3 (i32.add (local.get 3) (i32.const 1)))
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br_if $next (local.tee 2 (i32.sub (local.get 2) (i32.const 1))))))
    (local.get 0)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;|   subq $0x10, %rsp
;;|   movq %rbx, (%rsp)
;;|   movq %r12, 8(%rsp)
;;| block0:
;;|   movl %edx, %edx
;;|   movl %esi, %r12d
;;|   movl %edi, %ebx
;;|   cmpq %rbx, %r12
;;|   movq %rbx, %rcx
;;|   cmovaeq %r12, %rcx
;;|   leaq (%rcx, %rdx), %rcx
;;|   cmpq $0x10000, %rcx
;;|   setb %cl
;;|   movq %rbx, %rsi
;;|   subq %r12, %rsi
;;|   movq %rsi, %rdi
;;|   negq %rdi
;;|   cmovsq %rsi, %rdi
;;|   cmpq %rdx, %rdi
;;|   setae %sil
;;|   testb %cl, %sil
;;|   jnz     label20; j label1
;;| block2:
;;|   jmp     label19
;;| block3:
;;|   jmp     label4
;;| block4:
;;|   leal -1(%rdx), %ecx
;;|   cmpq $0x20, %rcx
;;|   jnb     label6; j label5
;;| block5:
;;|   movq %rbx, %rcx
;;|   jmp     label14
;;| block6:
;;|   leaq (%r12, %rcx), %rsi
;;|   cmpq (%rip), %rsi
;;|   setbe %r8b
;;|   leaq (%rbx, %rcx), %rsi
;;|   cmpq (%rip), %rsi
;;|   setbe %sil
;;|   andl %esi, %r8d
;;|   leaq 0x40000001(%r12, %rcx), %rsi
;;|   leaq 0x40000000(%rbx), %rdi
;;|   cmpq %rdi, %rsi
;;|   setbe %r10b
;;|   leaq 0x40000001(%rbx, %rcx), %rsi
;;|   leaq 0x40000000(%r12), %rdi
;;|   cmpq %rdi, %rsi
;;|   setbe %sil
;;|   orl %esi, %r10d
;;|   uninit  %r9
;;|   xorq %r9, %r9
;;|   leaq 1(%rcx), %rsi
;;|   testb %r8b, %r10b
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label9
;;| block8:
;;|   movq %rbx, %rcx
;;|   jmp     label14
;;| block9:
;;|   movdqu 0x40000000(%r12, %r9), %xmm0
;;|   movdqu %xmm0, 0x40000000(%rbx, %r9)
;;|   leaq 0x10(%r9), %r9
;;|   movq %rsi, %r10
;;|   andq $0xfffffffffffffff0, %r10
;;|   cmpq %r10, %r9
;;|   jnz     label10; j label11
;;| block10:
;;|   jmp     label9
;;| block11:
;;|   leaq 1(%rcx), %r8
;;|   andq $0xfffffffffffffff0, %rsi
;;|   movl $0x1, %ecx
;;|   leal -1(%rdx, %rcx), %r11d
;;|   andl $0xfffffff0, %r11d
;;|   leal (%rbx, %r11), %ecx
;;|   leal (%r12, %r11), %r12d
;;|   subl %r11d, %edx
;;|   cmpq %rsi, %r8
;;|   jz      label12; j label13
;;| block12:
;;|   jmp     label17
;;| block13:
;;|   jmp     label14
;;| block14:
;;|   movzbq 0x40000000(%r12), %rsi
;;|   movb %sil, 0x40000000(%rcx)
;;|   subl $0x1, %edx
;;|   leal 1(%rcx), %ecx
;;|   leal 1(%r12), %r12d
;;|   testl %edx, %edx
;;|   jnz     label15; j label16
;;| block15:
;;|   jmp     label14
;;| block16:
;;|   jmp     label17
;;| block17:
;;|   jmp     label18
;;| block18:
;;|   jmp     label19
;;| block19:
;;|   movq %rbx, %rax
;;|   jmp     label21
;;| block20:
;;|   leaq 0x40000000(%rbx), %rdi
;;|   leaq 0x40000000(%r12), %rsi
;;|   call    memmove
;;|   movq %rbx, %rax
;;|   jmp     label21
;;| block21:
;;|   movq (%rsp), %rbx
;;|   movq 8(%rsp), %r12
;;|   addq $0x10, %rsp
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block1:
;;|   testl %edx, %edx
;;|   jz      label2; j label3

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;|   str x19, [sp, #-16]!
;;| block0:
;;|   mov x19, x2
;;|   mov w0, w2
;;|   mov w1, w3
;;|   subs xzr, x0, x1
;;|   csel x1, x0, x1, hi
;;|   mov w2, w4
;;|   add x1, x1, x4, UXTW
;;|   subs xzr, x1, #65536
;;|   cset x5, lo
;;|   sub x6, x0, x3, UXTW
;;|   subs xzr, x6, #0
;;|   csneg x6, x6, x6, gt
;;|   subs xzr, x6, x2
;;|   cset x6, hs
;;|   and w5, w5, w6
;;|   ands wzr, w5, #255
;;|   b.ne label20 ; b label1
;;| block2:
;;|   b label19
;;| block3:
;;|   b label4
;;| block4:
;;|   sub w11, w4, #1
;;|   mov w10, w11
;;|   movz x9, #16, LSL #32
;;|   subs xzr, x10, #32
;;|   b.hs label6 ; b label5
;;| block5:
;;|   mov x11, x19
;;|   b label14
;;| block6:
;;|   add x13, x10, x3, UXTW
;;|   orr x12, xzr, #4294967295
;;|   subs xzr, x13, x12
;;|   cset x13, ls
;;|   mov x2, x19
;;|   add x14, x10, x2, UXTW
;;|   subs xzr, x14, x12
;;|   cset x14, ls
;;|   and w15, w13, w14
;;|   movz x0, #1
;;|   movk x0, x0, #16, LSL #32
;;|   add x14, x0, x3, UXTW
;;|   add x1, x14, x11, UXTW
;;|   movz x14, #16, LSL #32
;;|   add x2, x14, x2, UXTW
;;|   subs xzr, x1, x2
;;|   cset x1, ls
;;|   mov x2, x19
;;|   add x0, x0, x2, UXTW
;;|   add x0, x0, x11, UXTW
;;|   add x2, x14, x3, UXTW
;;|   subs xzr, x0, x2
;;|   cset x0, ls
;;|   orr w0, w1, w0
;;|   and w2, w15, w0
;;|   movz x1, #0
;;|   add x0, x10, #1
;;|   ands wzr, w2, #255
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label9
;;| block8:
;;|   mov x11, x19
;;|   b label14
;;| block9:
;;|   add x2, x14, x3, UXTW
;;|   ldr q20, [x2, x1]
;;|   mov x2, x19
;;|   add x2, x14, x2, UXTW
;;|   str q20, [x2, x1]
;;|   add x1, x1, #16
;;|   and x2, x0, #18446744073709551600
;;|   subs xzr, x1, x2
;;|   b.ne label10 ; b label11
;;| block10:
;;|   b label9
;;| block11:
;;|   add x1, x10, #1
;;|   and x0, x0, #18446744073709551600
;;|   movn w2, #0
;;|   add w2, w2, #1
;;|   add w2, w4, w2
;;|   and w2, w2, #4294967280
;;|   mov x5, x19
;;|   add w11, w5, w2
;;|   add w3, w3, w2
;;|   sub w4, w4, w2
;;|   subs xzr, x1, x0
;;|   b.eq label12 ; b label13
;;| block12:
;;|   b label17
;;| block13:
;;|   b label14
;;| block14:
;;|   ldrb w0, [x9, w3, UXTW]
;;|   strb w0, [x9, w11, UXTW]
;;|   sub w4, w4, #1
;;|   add w11, w11, #1
;;|   add w3, w3, #1
;;|   cbnz w4, label15 ; b label16
;;| block15:
;;|   b label14
;;| block16:
;;|   b label17
;;| block17:
;;|   b label18
;;| block18:
;;|   b label19
;;| block19:
;;|   mov x2, x19
;;|   b label21
;;| block20:
;;|   movz x0, #16, LSL #32
;;|   mov x1, x19
;;|   add x4, x0, x1, UXTW
;;|   add x1, x0, x3, UXTW
;;|   mov x0, x4
;;|   bl 0
;;|   mov x2, x19
;;|   b label21
;;| block21:
;;|   ldr x19, [sp], #16
;;|   ldp fp, lr, [sp], #16
;;|   ret
;;| block1:
;;|   cbz w4, label2 ; b label3

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;|   addi sp,sp,-16
;;|   sd s1,8(sp)
;;|   sd s2,0(sp)
;;| block0:
;;|   lui a3,196608
;;|   ld a3,0(a3)
;;|   slli a4,a0,32
;;|   mv s2,a0
;;|   srli a4,a4,32
;;|   slli a0,a1,32
;;|   srli a5,a0,32
;;|   select t0,a4,a5##condition=(a4 ugt a5)
;;|   slli a0,a2,32
;;|   mv s1,a2
;;|   srli a2,a0,32
;;|   add t0,t0,a2
;;|   lui a0,16
;;|   sltu t0,t0,a0
;;|   sub t1,a4,a5
;;|   sub t2,zero,t1
;;|   select a0,t1,t2##condition=(t1 sgt t2)
;;|   sltu a0,a0,a2
;;|   xori a0,a0,1
;;|   and a0,t0,a0
;;|   andi a0,a0,255
;;|   bne a0,zero,taken(label9),not_taken(label1)
;;| block2:
;;|   j label8
;;| block3:
;;|   mv a4,s2
;;|   j label4
;;| block4:
;;|   slli a0,a1,32
;;|   srli a0,a0,32
;;|   add a0,a3,a0
;;|   lbu a5,0(a0)
;;|   slli a0,a4,32
;;|   srli a0,a0,32
;;|   add a0,a3,a0
;;|   sb a5,0(a0)
;;|   addiw a2,a2,-1
;;|   addiw a4,a4,1
;;|   addiw a1,a1,1
;;|   bne a2,zero,taken(label5),not_taken(label6)
;;| block5:
;;|   j label4
;;| block6:
;;|   j label7
;;| block7:
;;|   j label8
;;| block8:
;;|   mv a0,s2
;;|   j label10
;;| block9:
;;|   add a0,a3,a4
;;|   add a1,a3,a5
;;|   call memmove
;;|   mv a0,s2
;;|   j label10
;;| block10:
;;|   ld s1,8(sp)
;;|   ld s2,0(sp)
;;|   addi sp,sp,16
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
;;| block1:
;;|   mv a2,s1
;;|   sext.w a0,a2
;;|   beq a0,zero,taken(label2),not_taken(label3)
