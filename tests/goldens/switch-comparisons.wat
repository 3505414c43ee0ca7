;; A branch through a table with few runs of targets is some comparisons.
(module
  (memory 1)
  (func (export "_start")
    (i32.store (i32.const 0) (call $f (i32.load (i32.const 0)))))
  (func $f (param $x i32) (result i32)
    (block $default
      (block $few
        (block $one
          (br_table $one $few $few $few $default (local.get $x)))
        (return (i32.const 7)))
      (return (i32.const 21)))
    (i32.const 35)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   testl %edi, %edi
;;|   jz      label5; j label1
;;| block1:
;;|   cmpl $0x4, %edi
;;|   jb      label4; j label2
;;| block2:
;;|   jmp     label3
;;| block3:
;;|   movl $0x23, %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block4:
;;|   movl $0x15, %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block5:
;;|   movl $0x7, %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   cbz w2, label5 ; b label1
;;| block1:
;;|   subs wzr, w2, #4
;;|   b.lo label4 ; b label2
;;| block2:
;;|   b label3
;;| block3:
;;|   movz w2, #35
;;|   ret
;;| block4:
;;|   movz w2, #21
;;|   ret
;;| block5:
;;|   movz w2, #7
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   sext.w a1,a0
;;|   beq a1,zero,taken(label5),not_taken(label1)
;;| block1:
;;|   li a1,4
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   slli a2,a1,32
;;|   srli a4,a2,32
;;|   bltu a0,a4,taken(label4),not_taken(label2)
;;| block2:
;;|   j label3
;;| block3:
;;|   li a0,35
;;|   ret
;;| block4:
;;|   li a0,21
;;|   ret
;;| block5:
;;|   li a0,7
;;|   ret
