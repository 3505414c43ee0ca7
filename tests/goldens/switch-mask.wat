;; A branch through a table with few targets among many indices is a test of a bit.
(module
  (memory 1)
  (func (export "_start")
    (i32.store (i32.const 0) (call $f (i32.load (i32.const 0)))))
  (func $f (param $x i32) (result i32)
    (block $default
      (block $space
        (br_table
          $space $space $default $default $space $default $default $default $space $default
          (i32.sub (local.get $x) (i32.const 9))))
      (return (i32.const 7)))
    (i32.const 21)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movq %rdi, %r8
;;|   subl $0x9, %r8d
;;|   cmpl $0x9, %r8d
;;|   jnb     label1; j label2
;;| block1:
;;|   jmp     label5
;;| block2:
;;|   movl $0x1, %r8d
;;|   movq %rdi, %rcx
;;|   subl $0x9, %ecx
;;|   shlq %cl, %r8
;;|   testq $0x113, %r8
;;|   jnz     label4; j label3
;;| block3:
;;|   jmp     label5
;;| block4:
;;|   movl $0x7, %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block5:
;;|   movl $0x15, %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   sub w9, w2, #9
;;|   subs wzr, w9, #9
;;|   b.hs label1 ; b label2
;;| block1:
;;|   b label5
;;| block2:
;;|   movz x12, #1
;;|   sub w13, w2, #9
;;|   lsl x12, x12, x13
;;|   movz x13, #275
;;|   and x12, x12, x13
;;|   cbnz x12, label4 ; b label3
;;| block3:
;;|   b label5
;;| block4:
;;|   movz w2, #7
;;|   ret
;;| block5:
;;|   movz w2, #21
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   li a3,9
;;|   addiw a4,a0,-9
;;|   slli a1,a4,32
;;|   srli a2,a1,32
;;|   slli a4,a3,32
;;|   srli a1,a4,32
;;|   bgeu a2,a1,taken(label1),not_taken(label2)
;;| block1:
;;|   j label5
;;| block2:
;;|   li a5,1
;;|   addiw a0,a0,-9
;;|   sll a5,a5,a0
;;|   andi a5,a5,275
;;|   bne a5,zero,taken(label4),not_taken(label3)
;;| block3:
;;|   j label5
;;| block4:
;;|   li a0,7
;;|   ret
;;| block5:
;;|   li a0,21
;;|   ret
