;; `w -= a[i] b[i]` with w in memory: several iterations at once as they are, by one counter, since each needs the w of the one
;; before. The loop ends in its midst.
(module
  (memory 1)
  (func (export "_start")
    (call $f (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 8)) (i32.load (i32.const 12))))
  (func $f (param $w i32) (param $a i32) (param $b i32) (param $n i32)
    (block $done
      (loop $next
        (f64.store (local.get $w)
          (f64.sub (f64.load (local.get $w)) (f64.mul (f64.load (local.get $a)) (f64.load (local.get $b)))))
        (br_if $done (i32.eqz (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (f64.store (local.get $w)
          (f64.sub (f64.load (local.get $w)) (f64.mul (f64.load offset=8 (local.get $a)) (f64.load offset=8 (local.get $b)))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (br $next)))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movq %rdi, %rax
;;|   movl %edx, %edi
;;|   movl %esi, %r8d
;;|   jmp     label1
;;| block1:
;;|   leal -1(%rcx), %edx
;;|   movq %rax, %r9
;;|   movl %r9d, %eax
;;|   cmpq $0x4, %rdx
;;|   jnb     label3; j label2
;;| block2:
;;|   jmp     label9
;;| block3:
;;|   movq %rdx, %rsi
;;|   shlq $0x4, %rsi
;;|   leaq (%r8, %rsi), %r10
;;|   cmpq (%rip), %r10
;;|   setbe %r10b
;;|   leaq (%rdi, %rsi), %rsi
;;|   cmpq (%rip), %rsi
;;|   setbe %r11b
;;|   uninit  %rsi
;;|   xorq %rsi, %rsi
;;|   movl %r9d, %r9d
;;|   andq $0xfffffffffffffffe, %rdx
;;|   shlq $0x4, %rdx
;;|   testb %r10b, %r11b
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label6
;;| block5:
;;|   jmp     label9
;;| block6:
;;|   movsd 0x40000000(%r9), %xmm0
;;|   movsd 0x40000000(%r8, %rsi), %xmm1
;;|   leaq 0x40000000(%rdi), %r10
;;|   movsd 0x40000000(%rdi, %rsi), %xmm4
;;|   mulsd %xmm4, %xmm1
;;|   subsd %xmm1, %xmm0
;;|   movsd %xmm0, 0x40000000(%r9)
;;|   movsd 0x40000008(%r8, %rsi), %xmm3
;;|   movsd 0x40000008(%rdi, %rsi), %xmm5
;;|   mulsd %xmm5, %xmm3
;;|   subsd %xmm3, %xmm0
;;|   movsd %xmm0, 0x40000000(%r9)
;;|   movsd 0x40000010(%r8, %rsi), %xmm4
;;|   movsd 0x40000010(%rdi, %rsi), %xmm6
;;|   mulsd %xmm6, %xmm4
;;|   subsd %xmm4, %xmm0
;;|   movsd %xmm0, 0x40000000(%r9)
;;|   movsd 0x40000018(%r8, %rsi), %xmm6
;;|   mulsd 0x18(%r10, %rsi), %xmm6
;;|   subsd %xmm6, %xmm0
;;|   movsd %xmm0, 0x40000000(%r9)
;;|   leaq 0x20(%rsi), %rsi
;;|   cmpq %rdx, %rsi
;;|   jnz     label7; j label8
;;| block7:
;;|   jmp     label6
;;| block8:
;;|   leal -1(%rcx), %r10d
;;|   andl $0xfffffffe, %r10d
;;|   movq %r10, %r11
;;|   shll $0x4, %r11d
;;|   leal (%r8, %r11), %r8d
;;|   leal (%rdi, %r11), %edi
;;|   subl %r10d, %ecx
;;|   jmp     label9
;;| block9:
;;|   movsd 0x40000000(%rax), %xmm5
;;|   movsd 0x40000000(%r8), %xmm0
;;|   movsd 0x40000000(%rdi), %xmm1
;;|   mulsd %xmm1, %xmm0
;;|   subsd %xmm0, %xmm5
;;|   movsd %xmm5, 0x40000000(%rax)
;;|   cmpl $0x1, %ecx
;;|   jz      label11; j label10
;;| block10:
;;|   movsd 0x40000008(%r8), %xmm0
;;|   mulsd 0x40000008(%rdi), %xmm0
;;|   subsd %xmm0, %xmm5
;;|   movsd %xmm5, 0x40000000(%rax)
;;|   leal 0x10(%r8), %r8d
;;|   leal 0x10(%rdi), %edi
;;|   subl $0x1, %ecx
;;|   jmp     label9
;;| block11:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   b label1
;;| block1:
;;|   sub w0, w5, #1
;;|   mov w6, w0
;;|   movz x0, #16, LSL #32
;;|   subs xzr, x6, #2
;;|   b.hs label3 ; b label2
;;| block2:
;;|   b label9
;;| block3:
;;|   mov w7, w3
;;|   lsl x1, x6, #4
;;|   add x8, x7, x6, LSL 4
;;|   orr x7, xzr, #4294967295
;;|   subs xzr, x8, x7
;;|   cset x8, ls
;;|   mov w9, w4
;;|   add x6, x9, x6, LSL 4
;;|   subs xzr, x6, x7
;;|   cset x6, ls
;;|   and w8, w8, w6
;;|   movz x6, #0
;;|   movz x7, #16, LSL #32
;;|   ands wzr, w8, #255
;;|   b.ne label4 ; b label5
;;| block4:
;;|   b label6
;;| block5:
;;|   b label9
;;| block6:
;;|   ldr d2, [x7, w2, UXTW]
;;|   add x9, x7, x3, UXTW
;;|   add x8, x9, x6
;;|   ldr d3, [x9, x6]
;;|   add x10, x7, x4, UXTW
;;|   add x9, x10, x6
;;|   ldr d4, [x10, x6]
;;|   fmul d3, d3, d4
;;|   fsub d2, d2, d3
;;|   str d2, [x7, w2, UXTW]
;;|   ldr d3, [x8, #8]
;;|   ldr d4, [x9, #8]
;;|   fmul d3, d3, d4
;;|   fsub d3, d2, d3
;;|   str d3, [x7, w2, UXTW]
;;|   add x6, x6, #16
;;|   subs xzr, x6, x1
;;|   b.ne label7 ; b label8
;;| block7:
;;|   b label6
;;| block8:
;;|   sub w7, w5, #1
;;|   add w3, w3, w7, LSL 4
;;|   add w4, w4, w7, LSL 4
;;|   movn w7, #0
;;|   sub w5, wzr, w7
;;|   b label9
;;| block9:
;;|   ldr d16, [x0, w2, UXTW]
;;|   ldr d17, [x0, w3, UXTW]
;;|   ldr d18, [x0, w4, UXTW]
;;|   fmul d17, d17, d18
;;|   fsub d16, d16, d17
;;|   str d16, [x0, w2, UXTW]
;;|   subs wzr, w5, #1
;;|   b.eq label11 ; b label10
;;| block10:
;;|   add x11, x0, x3, UXTW
;;|   ldr d17, [x11, #8]
;;|   add x11, x0, x4, UXTW
;;|   ldr d18, [x11, #8]
;;|   fmul d17, d17, d18
;;|   fsub d16, d16, d17
;;|   str d16, [x0, w2, UXTW]
;;|   add w3, w3, #16
;;|   add w4, w4, #16
;;|   sub w5, w5, #1
;;|   b label9
;;| block11:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a4,196608
;;|   ld t1,0(a4)
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   add a4,t1,a0
;;|   j label1
;;| block1:
;;|   fld fa0,0(a4)
;;|   slli a0,a1,32
;;|   srli a0,a0,32
;;|   add a5,t1,a0
;;|   fld fa1,0(a5)
;;|   slli a0,a2,32
;;|   srli a0,a0,32
;;|   add t0,t1,a0
;;|   fld fa2,0(t0)
;;|   fmul.d fa1,fa1,fa2,rne
;;|   fsub.d fa0,fa0,fa1,rne
;;|   fsd fa0,0(a4)
;;|   li a0,1
;;|   sext.w t2,a3
;;|   sext.w a0,a0
;;|   beq t2,a0,taken(label3),not_taken(label2)
;;| block2:
;;|   fld fa1,8(a5)
;;|   fld fa2,8(t0)
;;|   fmul.d fa1,fa1,fa2,rne
;;|   fsub.d fa0,fa0,fa1,rne
;;|   fsd fa0,0(a4)
;;|   addiw a1,a1,16
;;|   addiw a2,a2,16
;;|   addiw a3,a3,-1
;;|   j label1
;;| block3:
;;|   ret
