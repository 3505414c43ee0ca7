;; A byte that a loop carries needs no mask: neither what comes from the front nor what comes from the end has more bits.
(module
  (memory 1)
  (func (export "_start") (drop (call $f (i32.const 8))))
  (func $f (param i32) (result i32) (local i32 i32)
    (local.set 1 (i32.load8_u (local.get 0)))
    (loop
      (local.set 2 (i32.add (local.get 2)
        (i32.eq (i32.and (local.get 1) (i32.const 255)) (i32.const 44))))
      (local.set 1 (i32.load8_u offset=1 (local.get 0)))
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br_if 0 (i32.ne (i32.const 10) (i32.and (local.get 1) (i32.const 255)))))
    (local.get 2)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   movzbq 0x40000000(%rsi), %rdi
;;|   uninit  %rax
;;|   xorl %eax, %eax
;;|   jmp     label1
;;| block1:
;;|   movzbq 0x40000001(%rsi), %rcx
;;|   cmpl $0x2c, %edi
;;|   sete %dl
;;|   movzbl %dl, %edx
;;|   leal (%rax, %rdx), %eax
;;|   leal 1(%rsi), %esi
;;|   cmpl $0xa, %ecx
;;|   jnz     label2; j label3
;;| block2:
;;|   movq %rcx, %rdi
;;|   jmp     label1
;;| block3:
;;|   jmp     label4
;;| block4:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x13, #16, LSL #32
;;|   ldrb w4, [x13, w2, UXTW]
;;|   mov x0, x2
;;|   movz w2, #0
;;|   b label1
;;| block1:
;;|   movz x14, #16, LSL #32
;;|   add x14, x14, x0, UXTW
;;|   ldrb w14, [x14, #1]
;;|   subs wzr, w4, #44
;;|   cset x15, eq
;;|   add w2, w2, w15, UXTB
;;|   add w0, w0, #1
;;|   subs wzr, w14, #10
;;|   b.ne label2 ; b label3
;;| block2:
;;|   mov x4, x14
;;|   b label1
;;| block3:
;;|   b label4
;;| block4:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a1,196608
;;|   ld a1,0(a1)
;;|   slli a2,a0,32
;;|   mv a3,a0
;;|   srli a0,a2,32
;;|   add a0,a1,a0
;;|   lbu a4,0(a0)
;;|   li a0,0
;;|   mv a2,a3
;;|   j label1
;;| block1:
;;|   slli a3,a2,32
;;|   srli a3,a3,32
;;|   add a3,a1,a3
;;|   lbu a3,1(a3)
;;|   li a5,10
;;|   sext.w a4,a4
;;|   xori a4,a4,44
;;|   seqz a4,a4
;;|   addw a0,a0,a4
;;|   addiw a2,a2,1
;;|   sext.w a4,a3
;;|   sext.w a5,a5
;;|   bne a4,a5,taken(label2),not_taken(label3)
;;| block2:
;;|   mv a4,a3
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
