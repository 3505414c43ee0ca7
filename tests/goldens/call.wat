;; A call is direct and passes nothing but the arguments.
(module
  (func (export "_start")
    (drop (call $f (i32.const 1))))
  (func $f (param i32) (result i32)
    (i32.add (call $g (local.get 0)) (i32.const 1)))
  (func $g (param i32) (result i32)
    (call $g (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   call    g
;;|   leal 1(%rax), %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;| block0:
;;|   bl 0
;;|   add w2, w2, #1
;;|   ldp fp, lr, [sp], #16
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   call g
;;|   addiw a0,a0,1
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
