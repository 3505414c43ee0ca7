;; What a module says is unlikely lies at the end, out of the way of what is likely.
(module
  (func (export "_start") (drop (call $f (i32.const 0))))
  (func $f (param i32) (result i32)
    (@metadata.code.branch_hint "\00")
    (if (result i32) (local.get 0)
      (then (i32.mul (local.get 0) (i32.const 12345)))
      (else (i32.const 1)))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   testl %edi, %edi
;;|   jnz     label2; j label1
;;| block1:
;;|   movl $0x1, %eax
;;|   jmp     label3
;;| block3:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block2:
;;|   imull $0x3039, %edi, %eax
;;|   jmp     label3

;;# golden aarch64-linux:
;;| block0:
;;|   cbnz w2, label2 ; b label1
;;| block1:
;;|   movz w2, #1
;;|   b label3
;;| block3:
;;|   ret
;;| block2:
;;|   movz w7, #12345
;;|   madd w2, w2, w7, wzr
;;|   b label3

;;# golden riscv64-linux:
;;| block0:
;;|   sext.w a1,a0
;;|   bne a1,zero,taken(label2),not_taken(label1)
;;| block1:
;;|   li a0,1
;;|   j label3
;;| block3:
;;|   ret
;;| block2:
;;|   lui a1,3
;;|   addi a1,a1,57
;;|   mulw a0,a0,a1
;;|   j label3
