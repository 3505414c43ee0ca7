;; `y[i] += 2 x[i]`: two vectors at a time, where x and y don't meet; the rest, or all of it, by the loop as it was.
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
;;|   subq $0x10, %rsp
;;|   movq %rbx, (%rsp)
;;|   movq %r12, 8(%rsp)
;;| block0:
;;|   jmp     label1
;;| block1:
;;|   leal -1(%rdx), %eax
;;|   cmpq $0x8, %rax
;;|   setae %r10b
;;|   movl %esi, %ecx
;;|   leaq (%rcx, %rax, 8), %r8
;;|   cmpq (%rip), %r8
;;|   setbe %r8b
;;|   andl %r8d, %r10d
;;|   movl %edi, %r8d
;;|   leaq (%r8, %rax, 8), %r9
;;|   cmpq (%rip), %r9
;;|   setbe %r9b
;;|   andl %r9d, %r10d
;;|   leaq 0x40000008(%rcx, %rax, 8), %r9
;;|   leaq 0x40000000(%r8), %r11
;;|   cmpq %r11, %r9
;;|   setbe %r12b
;;|   leaq 0x40000008(%r8, %rax, 8), %r9
;;|   leaq 0x40000000(%rcx), %r11
;;|   cmpq %r11, %r9
;;|   setbe %r9b
;;|   orl %r9d, %r12d
;;|   uninit  %r11
;;|   xorq %r11, %r11
;;|   movupd (%rip), %xmm0
;;|   leaq 1(%rax), %r9
;;|   movq %r9, %rbx
;;|   andq $0xfffffffffffffffc, %rbx
;;|   shlq $0x3, %rbx
;;|   testb %r10b, %r12b
;;|   jnz     label2; j label3
;;| block2:
;;|   jmp     label4
;;| block3:
;;|   jmp     label9
;;| block4:
;;|   movupd 0x40000000(%rcx, %r11), %xmm2
;;|   movupd 0x40000000(%r8, %r11), %xmm4
;;|   movupd 0x40000010(%rcx, %r11), %xmm1
;;|   movupd 0x40000010(%r8, %r11), %xmm3
;;|   mulpd %xmm0, %xmm4
;;|   addpd %xmm4, %xmm2
;;|   movupd %xmm2, 0x40000000(%rcx, %r11)
;;|   mulpd %xmm0, %xmm3
;;|   addpd %xmm3, %xmm1
;;|   movupd %xmm1, 0x40000010(%rcx, %r11)
;;|   leaq 0x20(%r11), %r11
;;|   cmpq %rbx, %r11
;;|   jnz     label5; j label6
;;| block5:
;;|   jmp     label4
;;| block6:
;;|   leaq 1(%rax), %r10
;;|   andq $0xfffffffffffffffc, %r9
;;|   movl $0x1, %r11d
;;|   leal -1(%rdx, %r11), %r8d
;;|   andl $0xfffffffc, %r8d
;;|   leal (%rsi, %r8, 8), %esi
;;|   leal (%rdi, %r8, 8), %edi
;;|   subl %r8d, %edx
;;|   cmpq %r9, %r10
;;|   jz      label7; j label8
;;| block7:
;;|   jmp     label12
;;| block8:
;;|   jmp     label9
;;| block9:
;;|   movl %esi, %eax
;;|   movsd 0x40000000(%rax), %xmm0
;;|   movl %edi, %ecx
;;|   movabsq $0x4000000000000000, %r8
;;|   movq %r8, %xmm1
;;|   mulsd 0x40000000(%rcx), %xmm1
;;|   addsd %xmm1, %xmm0
;;|   movsd %xmm0, 0x40000000(%rax)
;;|   subl $0x1, %edx
;;|   leal 8(%rsi), %esi
;;|   leal 8(%rdi), %edi
;;|   testl %edx, %edx
;;|   jnz     label10; j label11
;;| block10:
;;|   jmp     label9
;;| block11:
;;|   jmp     label12
;;| block12:
;;|   jmp     label13
;;| block13:
;;|   movq (%rsp), %rbx
;;|   movq 8(%rsp), %r12
;;|   addq $0x10, %rsp
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   b label1
;;| block1:
;;|   sub w6, w4, #1
;;|   mov w6, w6
;;|   subs xzr, x6, #8
;;|   cset x7, hs
;;|   mov w8, w3
;;|   add x9, x8, x6, LSL 3
;;|   orr x8, xzr, #4294967295
;;|   subs xzr, x9, x8
;;|   cset x9, ls
;;|   and w9, w7, w9
;;|   mov w10, w2
;;|   add x10, x10, x6, LSL 3
;;|   subs xzr, x10, x8
;;|   cset x10, ls
;;|   and w10, w9, w10
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
;;|   b.ne label2 ; b label3
;;| block2:
;;|   b label4
;;| block3:
;;|   b label9
;;| block4:
;;|   add x1, x9, x3, UXTW
;;|   add x15, x1, x0
;;|   ldr q17, [x1, x0]
;;|   add x7, x9, x2, UXTW
;;|   add x5, x7, x0
;;|   ldr q20, [x7, x0]
;;|   ldr q18, [x15, #16]
;;|   ldr q19, [x5, #16]
;;|   fmul v20.2d, v20.2d, v16.2d
;;|   fadd v17.2d, v17.2d, v20.2d
;;|   str q17, [x1, x0]
;;|   fmul v17.2d, v19.2d, v16.2d
;;|   fadd v17.2d, v18.2d, v17.2d
;;|   str q17, [x15, #16]
;;|   add x0, x0, #32
;;|   subs xzr, x0, x12
;;|   b.ne label5 ; b label6
;;| block5:
;;|   b label4
;;| block6:
;;|   add x0, x6, #1
;;|   and x1, x11, #18446744073709551612
;;|   movn w5, #0
;;|   add w5, w5, #1
;;|   add w5, w4, w5
;;|   and w5, w5, #4294967292
;;|   add w3, w3, w5, LSL 3
;;|   add w2, w2, w5, LSL 3
;;|   sub w4, w4, w5
;;|   subs xzr, x0, x1
;;|   b.eq label7 ; b label8
;;| block7:
;;|   b label12
;;| block8:
;;|   b label9
;;| block9:
;;|   movz x0, #16, LSL #32
;;|   ldr d24, [x0, w3, UXTW]
;;|   ldr d25, [x0, w2, UXTW]
;;|   fmov d26, #2
;;|   fmul d25, d25, d26
;;|   fadd d24, d24, d25
;;|   str d24, [x0, w3, UXTW]
;;|   sub w4, w4, #1
;;|   add w3, w3, #8
;;|   add w2, w2, #8
;;|   cbnz w4, label10 ; b label11
;;| block10:
;;|   b label9
;;| block11:
;;|   b label12
;;| block12:
;;|   b label13
;;| block13:
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
