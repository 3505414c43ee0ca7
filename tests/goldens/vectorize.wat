;; `y[i] += 2 x[i]`: two vectors at a time, where x and y don't meet; the rest, or all of it, by the loop as it was.
;;# without: versions
(module
  (memory 1)
  (func (export "_start")
    (call $f (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 8))))
  (func $f (param $x i32) (param $y i32) (param $n i32)
    (loop $next
      (f64.store (local.get $y)
        (f64.add
          (f64.load (local.get $y))
          (f64.mul (f64.load (local.get $x)) (f64.const 2))))
      (local.set $x (i32.add (local.get $x) (i32.const 8)))
      (local.set $y (i32.add (local.get $y) (i32.const 8)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %esi, %esi
;;|   movl %edi, %edi
;;|   jmp     label1
;;| block1:
;;|   leal -1(%rdx), %eax
;;|   cmpq $0x8, %rax
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label11
;;| block3:
;;|   leaq (%rsi, %rax, 8), %rcx
;;|   cmpq (%rip), %rcx
;;|   setbe %r9b
;;|   leaq (%rdi, %rax, 8), %rcx
;;|   cmpq (%rip), %rcx
;;|   setbe %cl
;;|   andl %ecx, %r9d
;;|   leaq 0x40000008(%rsi, %rax, 8), %rcx
;;|   leaq 0x40000000(%rdi), %r8
;;|   cmpq %r8, %rcx
;;|   setbe %r11b
;;|   leaq 0x40000008(%rdi, %rax, 8), %rcx
;;|   leaq 0x40000000(%rsi), %r8
;;|   cmpq %r8, %rcx
;;|   setbe %cl
;;|   orl %ecx, %r11d
;;|   uninit  %r8
;;|   xorq %r8, %r8
;;|   movupd (%rip), %xmm0
;;|   leaq 1(%rax), %rcx
;;|   movq %rcx, %r10
;;|   andq $0xfffffffffffffffc, %r10
;;|   shlq $0x3, %r10
;;|   testb %r9b, %r11b
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label11
;;| block6:
;;|   movupd 0x40000000(%rsi, %r8), %xmm2
;;|   movupd 0x40000000(%rdi, %r8), %xmm4
;;|   movupd 0x40000010(%rsi, %r8), %xmm1
;;|   movupd 0x40000010(%rdi, %r8), %xmm3
;;|   mulpd %xmm0, %xmm4
;;|   addpd %xmm4, %xmm2
;;|   movupd %xmm2, 0x40000000(%rsi, %r8)
;;|   mulpd %xmm0, %xmm3
;;|   addpd %xmm3, %xmm1
;;|   movupd %xmm1, 0x40000010(%rsi, %r8)
;;|   leaq 0x20(%r8), %r8
;;|   cmpq %r10, %r8
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   leaq 1(%rax), %r8
;;|   andq $0xfffffffffffffffc, %rcx
;;|   movl $0x1, %r9d
;;|   leal -1(%rdx, %r9), %r9d
;;|   andl $0xfffffffc, %r9d
;;|   leal (%rsi, %r9, 8), %esi
;;|   leal (%rdi, %r9, 8), %edi
;;|   subl %r9d, %edx
;;|   cmpq %rcx, %r8
;;|   jz      label9; j label10
;;| block9:
;;|   jmp     label14
;;| block10:
;;|   jmp     label11
;;| block11:
;;|   movsd 0x40000000(%rsi), %xmm7
;;|   movabsq $0x4000000000000000, %r10
;;|   movq %r10, %xmm0
;;|   mulsd 0x40000000(%rdi), %xmm0
;;|   addsd %xmm0, %xmm7
;;|   movsd %xmm7, 0x40000000(%rsi)
;;|   subl $0x1, %edx
;;|   leal 8(%rsi), %esi
;;|   leal 8(%rdi), %edi
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
;;|   subs xzr, x6, #8
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label11
;;| block3:
;;|   mov w7, w3
;;|   add x8, x7, x6, LSL 3
;;|   orr x7, xzr, #4294967295
;;|   subs xzr, x8, x7
;;|   cset x8, ls
;;|   mov w9, w2
;;|   add x9, x9, x6, LSL 3
;;|   subs xzr, x9, x7
;;|   cset x9, ls
;;|   and w10, w8, w9
;;|   movz x11, #8
;;|   movk x11, x11, #16, LSL #32
;;|   add x9, x11, x3, UXTW
;;|   add x12, x9, x6, LSL 3
;;|   movz x9, #16, LSL #32
;;|   add x13, x9, x2, UXTW
;;|   subs xzr, x12, x13
;;|   cset x12, ls
;;|   add x11, x11, x2, UXTW
;;|   add x11, x11, x6, LSL 3
;;|   add x13, x9, x3, UXTW
;;|   subs xzr, x11, x13
;;|   cset x11, ls
;;|   orr w11, w12, w11
;;|   and w13, w10, w11
;;|   movz x0, #0
;;|   fmov v16.2d, #2
;;|   add x11, x6, #1
;;|   and x12, x11, #18446744073709551612
;;|   lsl x12, x12, #3
;;|   ands wzr, w13, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label11
;;| block6:
;;|   add x1, x9, x3, UXTW
;;|   add x15, x1, x0
;;|   ldr q17, [x1, x0]
;;|   add x8, x9, x2, UXTW
;;|   add x7, x8, x0
;;|   ldr q20, [x8, x0]
;;|   ldr q18, [x15, #16]
;;|   ldr q19, [x7, #16]
;;|   fmul v20.2d, v20.2d, v16.2d
;;|   fadd v17.2d, v17.2d, v20.2d
;;|   str q17, [x1, x0]
;;|   fmul v17.2d, v19.2d, v16.2d
;;|   fadd v17.2d, v18.2d, v17.2d
;;|   str q17, [x15, #16]
;;|   add x0, x0, #32
;;|   subs xzr, x0, x12
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   add x0, x6, #1
;;|   and x1, x11, #18446744073709551612
;;|   movn w6, #0
;;|   add w6, w6, #1
;;|   add w6, w4, w6
;;|   and w6, w6, #4294967292
;;|   add w3, w3, w6, LSL 3
;;|   add w2, w2, w6, LSL 3
;;|   sub w4, w4, w6
;;|   subs xzr, x0, x1
;;|   b.eq label9 ; b label10
;;| block9:
;;|   b label14
;;| block10:
;;|   b label11
;;| block11:
;;|   ldr d24, [x5, w3, UXTW]
;;|   ldr d25, [x5, w2, UXTW]
;;|   fmov d26, #2
;;|   fmul d25, d25, d26
;;|   fadd d24, d24, d25
;;|   str d24, [x5, w3, UXTW]
;;|   sub w4, w4, #1
;;|   add w3, w3, #8
;;|   add w2, w2, #8
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
;;|   fld fa0,0(a4)
;;|   slli a5,a0,32
;;|   srli a5,a5,32
;;|   add a5,a3,a5
;;|   fld fa1,0(a5)
;;|   lui a5,1
;;|   slli a5,a5,50
;;|   fmv.d.x fa2,a5
;;|   fmul.d fa1,fa1,fa2,rne
;;|   fadd.d fa0,fa0,fa1,rne
;;|   fsd fa0,0(a4)
;;|   addiw a2,a2,-1
;;|   addiw a1,a1,8
;;|   addiw a0,a0,8
;;|   bne a2,zero,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
