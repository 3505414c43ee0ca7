;; Structures of 12 bytes are copied as 64 and 32 bits into a frame, and their last 64 read, in a loop: these are put
;; together. `(sp + 16) | 4` is a sum, since the stack pointer is always a multiple of 16; the frame does not change in
;; the loop.
(module
  (memory 1)
  (global $sp (mut i32) (i32.const 4096))
  (func (export "_start")
    (drop (call $f (i32.const 0) (i32.const 480))))
  (func $f (param $at i32) (param $end i32) (result i64) (local $frame i32) (local $copy i32) (local $sum i64)
    (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (i32.const 32))))
    (i32.store offset=8 (local.get $frame) (local.get $end))
    (local.set $copy (i32.or (i32.add (local.get $frame) (i32.const 16)) (i32.const 4)))
    (loop $next
      (i64.store align=4 (local.get $copy) (i64.load align=4 (local.get $at)))
      (i32.store offset=8 (local.get $copy) (i32.load offset=8 (local.get $at)))
      (local.set $sum (i64.add (local.get $sum) (i64.load offset=24 (local.get $frame))))
      (local.set $at (i32.add (local.get $at) (i32.const 12)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (global.set $sp (i32.add (local.get $frame) (i32.const 32)))
    (local.get $sum)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;|   subq $0x30, %rsp
;;|   movq %rbx, (%rsp)
;;|   movq %r12, 8(%rsp)
;;|   movq %r13, 0x10(%rsp)
;;|   movq %r14, 0x18(%rsp)
;;|   movq %r15, 0x20(%rsp)
;;| block0:
;;|   movl %edi, %edi
;;|   movl $0x30000000, %eax
;;|   movl 0x28(%rax), %r15d
;;|   movq %r15, %rcx
;;|   subl $0x20, %ecx
;;|   movl %ecx, 0x28(%rax)
;;|   movl %esi, 0x40000008(%rcx)
;;|   jmp     label1
;;| block1:
;;|   leal 0xc(%rdi), %r8d
;;|   movq %rsi, %rax
;;|   subl %r8d, %eax
;;|   leal -1(%rax), %eax
;;|   mull (%rip) ;; implicit: %eax, %edx
;;|   shrl $0x3, %edx
;;|   leaq 1(%rdx), %r9
;;|   uninit  %rax
;;|   xorq %rax, %rax
;;|   cmpl %esi, %r8d
;;|   movq %rax, %r8
;;|   cmovbq %r9, %r8
;;|   cmpq $0x4, %r8
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label9
;;| block3:
;;|   leal 0xc(%rdi), %eax
;;|   imulq $0xc, %r8, %r9
;;|   leaq (%rax, %r9), %rax
;;|   cmpq (%rip), %rax
;;|   setle %al
;;|   leaq (%rdi, %r9), %rdx
;;|   cmpq (%rip), %rdx
;;|   setbe %bl
;;|   uninit  %r9
;;|   xorq %r9, %r9
;;|   leal -0x20(%r15), %r10d
;;|   movq %r8, %rdx
;;|   andq $0xfffffffffffffffe, %rdx
;;|   imulq $0xc, %rdx, %r11
;;|   testb %al, %bl
;;|   jnz     label4; j label5
;;| block4:
;;|   movq %r9, %rax
;;|   jmp     label6
;;| block5:
;;|   movq %r9, %rax
;;|   jmp     label9
;;| block6:
;;|   movq 0x40000000(%rdi, %r9), %rbx
;;|   movq %rbx, 0x40000014(%r10)
;;|   movl 0x40000008(%rdi, %r9), %r13d
;;|   movl %r13d, 0x4000001c(%r10)
;;|   movq 0x4000000c(%rdi, %r9), %r12
;;|   movq %r12, 0x40000014(%r10)
;;|   movl 0x40000014(%rdi, %r9), %r14d
;;|   movl %r14d, 0x4000001c(%r10)
;;|   leaq 0x18(%r9), %r9
;;|   shldq $0x20, %rbx, %r13
;;|   leaq (%rax, %r13), %rdx
;;|   shldq $0x20, %r12, %r14
;;|   leaq (%rdx, %r14), %rax
;;|   cmpq %r11, %r9
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   andl $0xfffffffe, %r8d
;;|   imull $0xc, %r8d, %r8d
;;|   leal (%rdi, %r8), %edi
;;|   jmp     label9
;;| block9:
;;|   movq 0x40000000(%rdi), %r8
;;|   movq %r8, 0x40000014(%rcx)
;;|   movl 0x40000008(%rdi), %r9d
;;|   movl %r9d, 0x4000001c(%rcx)
;;|   leal 0xc(%rdi), %edi
;;|   shldq $0x20, %r8, %r9
;;|   leaq (%rax, %r9), %rax
;;|   cmpl %esi, %edi
;;|   jb      label10; j label11
;;| block10:
;;|   jmp     label9
;;| block11:
;;|   jmp     label12
;;| block12:
;;|   movl $0x30000000, %ecx
;;|   movl %r15d, 0x28(%rcx)
;;|   movq (%rsp), %rbx
;;|   movq 8(%rsp), %r12
;;|   movq 0x10(%rsp), %r13
;;|   movq 0x18(%rsp), %r14
;;|   movq 0x20(%rsp), %r15
;;|   addq $0x30, %rsp
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;|   str x22, [sp, #-16]!
;;| block0:
;;|   movz x10, #12288, LSL #16
;;|   ldr w8, [x10, #32]
;;|   sub w9, w8, #32
;;|   str w9, [x10, #32]
;;|   movz x10, #16, LSL #32
;;|   add x11, x10, x9, UXTW
;;|   str w3, [x11, #8]
;;|   b label1
;;| block1:
;;|   add w11, w2, #12
;;|   mov x15, x2
;;|   sub w12, w3, w11
;;|   sub w12, w12, #1
;;|   movz w13, #43691
;;|   movk w13, w13, #43690, LSL #16
;;|   mov w12, w12
;;|   mov w13, w13
;;|   madd x12, x12, x13, xzr
;;|   lsr x14, x12, #32
;;|   lsr w12, w14, #3
;;|   mov w12, w12
;;|   add x12, x12, #1
;;|   movz x2, #0
;;|   subs wzr, w11, w3
;;|   csel x12, x12, x2, lo
;;|   subs xzr, x12, #4
;;|   b.hs label3 ; b label2
;;| block2:
;;|   mov x0, x15
;;|   b label9
;;| block3:
;;|   mov x0, x15
;;|   add w15, w0, #12
;;|   mov w1, w15
;;|   movz x15, #12
;;|   madd x2, x12, x15, x1
;;|   orr x1, xzr, #4294967295
;;|   subs xzr, x2, x1
;;|   cset x2, le
;;|   mov w4, w0
;;|   madd x4, x12, x15, x4
;;|   subs xzr, x4, x1
;;|   cset x1, ls
;;|   and w2, w2, w1
;;|   movz x1, #0
;;|   movz x4, #16, LSL #32
;;|   add x4, x4, x0, UXTW
;;|   sub w5, w8, #32
;;|   movz x6, #20
;;|   movk x6, x6, #16, LSL #32
;;|   and x7, x12, #18446744073709551614
;;|   madd x7, x7, x15, xzr
;;|   ands wzr, w2, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   mov x2, x1
;;|   b label6
;;| block5:
;;|   mov x2, x1
;;|   b label9
;;| block6:
;;|   add x13, x4, x1
;;|   ldr x11, [x4, x1]
;;|   add x15, x6, x5, UXTW
;;|   str x11, [x6, w5, UXTW]
;;|   ldr w22, [x13, #8]
;;|   str w22, [x15, #8]
;;|   add x14, x4, #12
;;|   ldr x14, [x14, x1]
;;|   str x14, [x6, w5, UXTW]
;;|   ldr w13, [x13, #20]
;;|   str w13, [x15, #8]
;;|   add x1, x1, #24
;;|   mov w15, w22
;;|   extr x11, x15, x11, LSR 32
;;|   add x2, x2, x11
;;|   mov w11, w13
;;|   extr x11, x11, x14, LSR 32
;;|   add x2, x2, x11
;;|   subs xzr, x1, x7
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   and w1, w12, #4294967294
;;|   movz w4, #12
;;|   madd w0, w1, w4, w0
;;|   b label9
;;| block9:
;;|   movz x1, #16, LSL #32
;;|   add x4, x1, x0, UXTW
;;|   ldr x1, [x1, w0, UXTW]
;;|   add x5, x10, x9, UXTW
;;|   add x6, x10, #20
;;|   str x1, [x6, w9, UXTW]
;;|   ldr w4, [x4, #8]
;;|   str w4, [x5, #28]
;;|   add w0, w0, #12
;;|   mov w4, w4
;;|   extr x1, x4, x1, LSR 32
;;|   add x2, x2, x1
;;|   subs wzr, w0, w3
;;|   b.lo label10 ; b label11
;;| block10:
;;|   b label9
;;| block11:
;;|   b label12
;;| block12:
;;|   movz x0, #12288, LSL #16
;;|   str w8, [x0, #32]
;;|   ldr x22, [sp], #16
;;|   ldp fp, lr, [sp], #16
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mv a5,a0
;;|   lui a0,196608
;;|   ld a3,0(a0)
;;|   lw a2,32(a0)
;;|   addiw a4,a2,-32
;;|   sw a4,32(a0)
;;|   slli a0,a4,32
;;|   srli a0,a0,32
;;|   add a4,a3,a0
;;|   sw a1,8(a4)
;;|   li a0,0
;;|   mv t1,a0
;;|   j label1
;;| block1:
;;|   slli a0,a5,32
;;|   srli a0,a0,32
;;|   add t0,a3,a0
;;|   ld a0,0(t0)
;;|   sd a0,20(a4)
;;|   lw t0,8(t0)
;;|   sw t0,28(a4)
;;|   addiw a5,a5,12
;;|   srli a0,a0,32
;;|   slli t0,t0,32
;;|   srli t0,t0,32
;;|   slli t0,t0,32
;;|   or t0,a0,t0
;;|   mv a0,t1
;;|   add a0,a0,t0
;;|   slli t0,a5,32
;;|   srli t0,t0,32
;;|   slli t1,a1,32
;;|   srli t1,t1,32
;;|   bltu t0,t1,taken(label2),not_taken(label3)
;;| block2:
;;|   mv t1,a0
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   lui a1,196608
;;|   sw a2,32(a1)
;;|   ret
