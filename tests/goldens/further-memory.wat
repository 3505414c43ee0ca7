;; The base of a further memory is a constant; in a loop it is loaded once where a constant is not cheap.
(module
  (memory 1)
  (memory $b 1)
  (func (export "_start") (call $f (i32.const 16)))
  (func $f (param i32)
    (loop $next
      (i32.store $b offset=8 (local.get 0) (i32.const 7))
      (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 4)))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   movl $0x30000000, %edi
;;|   movq 0x28(%rdi), %rdi
;;|   jmp     label1
;;| block1:
;;|   movl $0x7, 8(%rdi, %rsi)
;;|   subl $0x4, %esi
;;|   testl %esi, %esi
;;|   jnz     label2; j label3
;;| block2:
;;|   jmp     label1
;;| block3:
;;|   jmp     label4
;;| block4:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   b label1
;;| block1:
;;|   movz w7, #7
;;|   movz x8, #19, LSL #32
;;|   add x8, x8, x2, UXTW
;;|   str w7, [x8, #8]
;;|   sub w2, w2, #4
;;|   cbnz w2, label2 ; b label3
;;| block2:
;;|   b label1
;;| block3:
;;|   b label4
;;| block4:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a1,196608
;;|   ld a1,32(a1)
;;|   j label1
;;| block1:
;;|   li a2,7
;;|   slli a3,a0,32
;;|   srli a3,a3,32
;;|   add a3,a1,a3
;;|   sw a2,8(a3)
;;|   addiw a0,a0,-4
;;|   bne a0,zero,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
