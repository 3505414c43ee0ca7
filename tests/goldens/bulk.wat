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
;;| block0:
;;|   movl %edx, %edx
;;|   movl %esi, %esi
;;|   movl %edi, %ebx
;;|   cmpq %rbx, %rsi
;;|   movq %rbx, %rcx
;;|   cmovaeq %rsi, %rcx
;;|   leaq (%rcx, %rdx), %rcx
;;|   cmpq $0x10000, %rcx
;;|   setb %cl
;;|   movq %rbx, %rdi
;;|   subq %rsi, %rdi
;;|   movq %rdi, %r8
;;|   negq %r8
;;|   cmovsq %rdi, %r8
;;|   cmpq %rdx, %r8
;;|   setae %dil
;;|   testb %cl, %dil
;;|   jnz     label9; j label1
;;| block2:
;;|   jmp     label8
;;| block3:
;;|   movq %rbx, %rcx
;;|   jmp     label4
;;| block6:
;;|   jmp     label7
;;| block7:
;;|   jmp     label8
;;| block8:
;;|   movq %rbx, %rax
;;|   jmp     label10
;;| block9:
;;|   leaq 0x40000000(%rbx), %rdi
;;|   leaq 0x40000000(%rsi), %rsi
;;|   call    memmove
;;|   movq %rbx, %rax
;;|   jmp     label10
;;| block10:
;;|   movq (%rsp), %rbx
;;|   addq $0x10, %rsp
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block1:
;;|   testl %edx, %edx
;;|   jz      label2; j label3
;;| block4:
;;|   movzbq 0x40000000(%rsi), %rdi
;;|   movb %dil, 0x40000000(%rcx)
;;|   subl $0x1, %edx
;;|   leal 1(%rcx), %ecx
;;|   leal 1(%rsi), %esi
;;|   testl %edx, %edx
;;|   jnz     label5; j label6
;;| block5:
;;|   jmp     label4

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;|   str x27, [sp, #-16]!
;;| block0:
;;|   mov x27, x2
;;|   mov w0, w2
;;|   mov w1, w3
;;|   subs xzr, x0, x1
;;|   csel x1, x0, x1, hi
;;|   mov w2, w4
;;|   add x1, x1, x4, UXTW
;;|   subs xzr, x1, #65536
;;|   cset x1, lo
;;|   sub x0, x0, x3, UXTW
;;|   subs xzr, x0, #0
;;|   csneg x0, x0, x0, gt
;;|   subs xzr, x0, x2
;;|   cset x0, hs
;;|   and w0, w1, w0
;;|   ands wzr, w0, #255
;;|   b.ne label9 ; b label1
;;| block2:
;;|   b label8
;;| block3:
;;|   mov x0, x27
;;|   b label4
;;| block6:
;;|   b label7
;;| block7:
;;|   b label8
;;| block8:
;;|   mov x2, x27
;;|   b label10
;;| block9:
;;|   movz x0, #16, LSL #32
;;|   mov x1, x27
;;|   add x4, x0, x1, UXTW
;;|   add x1, x0, x3, UXTW
;;|   mov x0, x4
;;|   bl 0
;;|   mov x2, x27
;;|   b label10
;;| block10:
;;|   ldr x27, [sp], #16
;;|   ldp fp, lr, [sp], #16
;;|   ret
;;| block1:
;;|   cbz w4, label2 ; b label3
;;| block4:
;;|   movz x1, #16, LSL #32
;;|   ldrb w2, [x1, w3, UXTW]
;;|   strb w2, [x1, w0, UXTW]
;;|   sub w4, w4, #1
;;|   add w0, w0, #1
;;|   add w3, w3, #1
;;|   cbnz w4, label5 ; b label6
;;| block5:
;;|   b label4

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
