;; The operands of a sum trade sides where loads come to lie in a row: b[i] = a[i-1] + a[i] in one iteration and
;; a[i+1] + a[i] in the next; and what an iteration hands to the next is loaded with the rest.
(module
  (memory 1)
  (func (export "_start") (call $f (i32.const 0) (i32.const 8192)))
  (func $f (param $at i32) (param $end i32) (local $before f64) (local $here f64)
    (local.set $before (f64.load (local.get $at)))
    (loop
      (f64.store offset=32768 (local.get $at)
        (f64.add (local.get $before) (local.tee $here (f64.load offset=8 (local.get $at)))))
      (f64.store offset=32776 (local.get $at)
        (f64.add (local.tee $before (f64.load offset=16 (local.get $at))) (local.get $here)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if 0 (i32.ne (local.get $at) (local.get $end))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   movsd 0x40000000(%rdi), %xmm0
;;|   jmp     label1
;;| block1:
;;|   movq %rdi, %rax
;;|   subl %esi, %eax
;;|   leal 0x10(%rax), %ecx
;;|   negl %ecx
;;|   movq %rcx, %rax
;;|   shrl $0x4, %eax
;;|   cmpq $0x4, %rax
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label11
;;| block3:
;;|   movq %rcx, %rdx
;;|   andl $0xfffffff0, %edx
;;|   cmpl %ecx, %edx
;;|   sete %r9b
;;|   movq %rax, %rcx
;;|   shlq $0x4, %rcx
;;|   leaq (%rdi, %rcx), %rcx
;;|   cmpq (%rip), %rcx
;;|   setbe %r10b
;;|   uninit  %rdx
;;|   xorq %rdx, %rdx
;;|   leaq 1(%rax), %rcx
;;|   movq %rcx, %r8
;;|   andq $0xfffffffffffffffe, %r8
;;|   shlq $0x4, %r8
;;|   testb %r9b, %r10b
;;|   jnz     label4; j label5
;;| block4:
;;|   movdqa %xmm0, %xmm5
;;|   jmp     label6
;;| block5:
;;|   jmp     label11
;;| block6:
;;|   movsd 0x40000008(%rdi, %rdx), %xmm2
;;|   movupd 0x40000008(%rdi, %rdx), %xmm3
;;|   movupd 0x40000010(%rdi, %rdx), %xmm1
;;|   movupd 0x40000018(%rdi, %rdx), %xmm4
;;|   movsd 0x40000020(%rdi, %rdx), %xmm0
;;|   pshufd $0x44, %xmm5, %xmm5
;;|   movlhps %xmm2, %xmm5
;;|   addpd %xmm3, %xmm5
;;|   movupd %xmm5, 0x40008000(%rdi, %rdx)
;;|   addpd %xmm4, %xmm1
;;|   movupd %xmm1, 0x40008010(%rdi, %rdx)
;;|   leaq 0x20(%rdx), %rdx
;;|   cmpq %r8, %rdx
;;|   jnz     label7; j label8
;;| block7:
;;|   movdqa %xmm0, %xmm5
;;|   jmp     label6
;;| block8:
;;|   leaq 1(%rax), %rdx
;;|   andq $0xfffffffffffffffe, %rcx
;;|   leal 1(%rax), %eax
;;|   andl $0xfffffffe, %eax
;;|   shll $0x4, %eax
;;|   leal (%rdi, %rax), %edi
;;|   cmpq %rcx, %rdx
;;|   jz      label9; j label10
;;| block9:
;;|   jmp     label14
;;| block10:
;;|   jmp     label11
;;| block11:
;;|   movsd 0x40000008(%rdi), %xmm1
;;|   addsd %xmm1, %xmm0
;;|   movsd %xmm0, 0x40008000(%rdi)
;;|   movsd 0x40000010(%rdi), %xmm0
;;|   movdqa %xmm0, %xmm2
;;|   addsd %xmm1, %xmm2
;;|   movsd %xmm2, 0x40008008(%rdi)
;;|   leal 0x10(%rdi), %edi
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
;;|   mov w4, w2
;;|   movz x0, #16, LSL #32
;;|   ldr d16, [x0, w2, UXTW]
;;|   b label1
;;| block1:
;;|   sub w0, w2, w3
;;|   add w0, w0, #16
;;|   sub w5, wzr, w0
;;|   lsr w0, w5, #4
;;|   mov w1, w0
;;|   subs xzr, x1, #4
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label11
;;| block3:
;;|   and w6, w5, #4294967280
;;|   subs wzr, w6, w5
;;|   cset x5, eq
;;|   add x4, x4, x1, LSL 4
;;|   orr x6, xzr, #4294967295
;;|   subs xzr, x4, x6
;;|   cset x4, ls
;;|   and w8, w5, w4
;;|   movz x4, #0
;;|   movz x5, #8
;;|   movk x5, x5, #16, LSL #32
;;|   add x6, x1, #1
;;|   and x7, x6, #18446744073709551614
;;|   lsl x7, x7, #4
;;|   ands wzr, w8, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   mov v0.16b, v16.16b
;;|   b label6
;;| block5:
;;|   b label11
;;| block6:
;;|   add x8, x5, x2, UXTW
;;|   add x9, x8, x4
;;|   ldr d5, [x8, x4]
;;|   ldr q17, [x8, x4]
;;|   add x10, x8, #8
;;|   ldr q6, [x10, x4]
;;|   ldr q7, [x9, #16]
;;|   ldr d16, [x9, #24]
;;|   dup v4.2d, v0.d[0]
;;|   mov v4.d[1], v4.d[1], v5.d[0]
;;|   fadd v5.2d, v4.2d, v17.2d
;;|   movz x9, #32760
;;|   add x9, x8, x9
;;|   str q5, [x9, x4]
;;|   fadd v6.2d, v6.2d, v7.2d
;;|   movz x9, #32776
;;|   add x8, x8, x9
;;|   str q6, [x8, x4]
;;|   add x4, x4, #32
;;|   subs xzr, x4, x7
;;|   b.ne label7 ; b label8
;;| block7:
;;|   mov v0.16b, v16.16b
;;|   b label6
;;| block8:
;;|   add x10, x1, #1
;;|   and x11, x6, #18446744073709551614
;;|   add w12, w0, #1
;;|   and w12, w12, #4294967294
;;|   add w2, w2, w12, LSL 4
;;|   subs xzr, x10, x11
;;|   b.eq label9 ; b label10
;;| block9:
;;|   b label14
;;| block10:
;;|   b label11
;;| block11:
;;|   movz x14, #16, LSL #32
;;|   add x15, x14, x2, UXTW
;;|   ldr d17, [x15, #8]
;;|   fadd d16, d16, d17
;;|   add x0, x14, #32768
;;|   str d16, [x0, w2, UXTW]
;;|   ldr d16, [x15, #16]
;;|   fadd d17, d16, d17
;;|   movz x15, #32776
;;|   add x0, x14, x15
;;|   str d17, [x0, w2, UXTW]
;;|   add w2, w2, #16
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
;;|   slli a3,a0,32
;;|   srli a3,a3,32
;;|   add a3,a2,a3
;;|   fld fa0,0(a3)
;;|   j label1
;;| block1:
;;|   slli a3,a0,32
;;|   srli a3,a3,32
;;|   add a3,a2,a3
;;|   fld fa1,8(a3)
;;|   fadd.d fa0,fa0,fa1,rne
;;|   fsd fa0,32768(a3)
;;|   fld fa0,16(a3)
;;|   fadd.d fa1,fa0,fa1,rne
;;|   fsd fa1,32776(a3)
;;|   addiw a0,a0,16
;;|   sext.w a3,a1
;;|   bne a0,a3,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
