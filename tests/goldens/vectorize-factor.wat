;; `y[i] += a x[i]`: the vectors and the loop behind them have `a` in the same register, and no copy of it is made.
;;# without: versions
(module
  (memory 1)
  (func (export "_start")
    (call $f (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 8))
      (f32.load (i32.const 12))))
  (func $f (param $x i32) (param $y i32) (param $n i32) (param $a f32)
    (loop $next
      (f32.store (local.get $y)
        (f32.add
          (f32.load (local.get $y))
          (f32.mul (local.get $a) (f32.load (local.get $x)))))
      (local.set $x (i32.add (local.get $x) (i32.const 4)))
      (local.set $y (i32.add (local.get $y) (i32.const 4)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %esi, %esi
;;|   movl %edi, %r8d
;;|   jmp     label1
;;| block1:
;;|   leal -1(%rdx), %eax
;;|   movdqa %xmm0, %xmm1
;;|   shufps $0x0, %xmm0, %xmm1
;;|   cmpq $0x10, %rax
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label11
;;| block3:
;;|   leaq (%rsi, %rax, 4), %rcx
;;|   cmpq (%rip), %rcx
;;|   setbe %r9b
;;|   leaq (%r8, %rax, 4), %rcx
;;|   cmpq (%rip), %rcx
;;|   setbe %cl
;;|   andl %ecx, %r9d
;;|   leaq 0x40000004(%rsi, %rax, 4), %rcx
;;|   leaq 0x40000000(%r8), %rdi
;;|   cmpq %rdi, %rcx
;;|   setbe %r11b
;;|   leaq 0x40000004(%r8, %rax, 4), %rcx
;;|   leaq 0x40000000(%rsi), %rdi
;;|   cmpq %rdi, %rcx
;;|   setbe %cl
;;|   orl %ecx, %r11d
;;|   uninit  %rdi
;;|   xorq %rdi, %rdi
;;|   shufps $0x0, %xmm0, %xmm0
;;|   leaq 1(%rax), %rcx
;;|   movq %rcx, %r10
;;|   andq $0xfffffffffffffff8, %r10
;;|   shlq $0x2, %r10
;;|   testb %r9b, %r11b
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label11
;;| block6:
;;|   movups 0x40000000(%rsi, %rdi), %xmm3
;;|   movups 0x40000000(%r8, %rdi), %xmm5
;;|   movups 0x40000010(%rsi, %rdi), %xmm2
;;|   movups 0x40000010(%r8, %rdi), %xmm4
;;|   mulps %xmm0, %xmm5
;;|   addps %xmm5, %xmm3
;;|   movups %xmm3, 0x40000000(%rsi, %rdi)
;;|   mulps %xmm0, %xmm4
;;|   addps %xmm4, %xmm2
;;|   movups %xmm2, 0x40000010(%rsi, %rdi)
;;|   leaq 0x20(%rdi), %rdi
;;|   cmpq %r10, %rdi
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   leaq 1(%rax), %rdi
;;|   andq $0xfffffffffffffff8, %rcx
;;|   movl $0x1, %r9d
;;|   leal -1(%rdx, %r9), %r9d
;;|   andl $0xfffffff8, %r9d
;;|   leal (%rsi, %r9, 4), %esi
;;|   leal (%r8, %r9, 4), %r8d
;;|   subl %r9d, %edx
;;|   cmpq %rcx, %rdi
;;|   jz      label9; j label10
;;| block9:
;;|   jmp     label14
;;| block10:
;;|   jmp     label11
;;| block11:
;;|   movss 0x40000000(%rsi), %xmm0
;;|   movdqa %xmm1, %xmm2
;;|   mulss 0x40000000(%r8), %xmm2
;;|   addss %xmm2, %xmm0
;;|   movss %xmm0, 0x40000000(%rsi)
;;|   subl $0x1, %edx
;;|   leal 4(%rsi), %esi
;;|   leal 4(%r8), %r8d
;;|   testl %edx, %edx
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
;;|   sub w5, w4, #1
;;|   mov w6, w5
;;|   movz x5, #16, LSL #32
;;|   dup v5.4s, v0.s[0]
;;|   subs xzr, x6, #16
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label11
;;| block3:
;;|   mov w8, w3
;;|   add x9, x8, x6, LSL 2
;;|   orr x8, xzr, #4294967295
;;|   subs xzr, x9, x8
;;|   cset x9, ls
;;|   mov w10, w2
;;|   add x10, x10, x6, LSL 2
;;|   subs xzr, x10, x8
;;|   cset x10, ls
;;|   and w11, w9, w10
;;|   movz x12, #4
;;|   movk x12, x12, #16, LSL #32
;;|   add x10, x12, x3, UXTW
;;|   add x13, x10, x6, LSL 2
;;|   movz x10, #16, LSL #32
;;|   add x14, x10, x2, UXTW
;;|   subs xzr, x13, x14
;;|   cset x13, ls
;;|   add x12, x12, x2, UXTW
;;|   add x12, x12, x6, LSL 2
;;|   add x14, x10, x3, UXTW
;;|   subs xzr, x12, x14
;;|   cset x12, ls
;;|   orr w12, w13, w12
;;|   and w14, w11, w12
;;|   movz x0, #0
;;|   dup v16.4s, v0.s[0]
;;|   add x12, x6, #1
;;|   and x13, x12, #18446744073709551608
;;|   lsl x13, x13, #2
;;|   ands wzr, w14, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label11
;;| block6:
;;|   add x7, x10, x3, UXTW
;;|   add x1, x7, x0
;;|   ldr q17, [x7, x0]
;;|   add x9, x10, x2, UXTW
;;|   add x8, x9, x0
;;|   ldr q20, [x9, x0]
;;|   ldr q18, [x1, #16]
;;|   ldr q19, [x8, #16]
;;|   fmul v20.4s, v20.4s, v16.4s
;;|   fadd v17.4s, v17.4s, v20.4s
;;|   str q17, [x7, x0]
;;|   fmul v17.4s, v19.4s, v16.4s
;;|   fadd v17.4s, v18.4s, v17.4s
;;|   str q17, [x1, #16]
;;|   add x0, x0, #32
;;|   subs xzr, x0, x13
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   add x0, x6, #1
;;|   and x1, x12, #18446744073709551608
;;|   movn w6, #0
;;|   add w6, w6, #1
;;|   add w6, w4, w6
;;|   and w6, w6, #4294967288
;;|   add w3, w3, w6, LSL 2
;;|   add w2, w2, w6, LSL 2
;;|   sub w4, w4, w6
;;|   subs xzr, x0, x1
;;|   b.eq label9 ; b label10
;;| block9:
;;|   b label14
;;| block10:
;;|   b label11
;;| block11:
;;|   ldr s25, [x5, w3, UXTW]
;;|   ldr s26, [x5, w2, UXTW]
;;|   fmul s26, s5, s26
;;|   fadd s25, s25, s26
;;|   str s25, [x5, w3, UXTW]
;;|   sub w4, w4, #1
;;|   add w3, w3, #4
;;|   add w2, w2, #4
;;|   cbnz w4, label12 ; b label13
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
;;|   lui a3,196608
;;|   ld a3,0(a3)
;;|   j label1
;;| block1:
;;|   slli a4,a1,32
;;|   srli a4,a4,32
;;|   add a4,a3,a4
;;|   flw fa1,0(a4)
;;|   slli a5,a0,32
;;|   srli a5,a5,32
;;|   add a5,a3,a5
;;|   flw fa2,0(a5)
;;|   fmul.s fa2,fa0,fa2,rne
;;|   fadd.s fa1,fa1,fa2,rne
;;|   fsw fa1,0(a4)
;;|   addiw a2,a2,-1
;;|   addiw a1,a1,4
;;|   addiw a0,a0,4
;;|   bne a2,zero,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
