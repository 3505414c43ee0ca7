;; A tail call is a jump.
(module
  (func (export "_start")
    (drop (call $f (i32.const 1))))
  (func $f (param i32) (result i32)
    (return_call $g (i32.add (local.get 0) (i32.const 1))))
  (func $g (param i32) (result i32)
    (call $g (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   leal 1(%rdi), %edi
;;|   return_call_known g (0) tmp=%r11 %rdi=%rdi

;;# golden aarch64-linux:
;;| block0:
;;|   add w2, w2, #1
;;|   return_call g new_stack_arg_size:0 x2=x2

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   addiw a0,a0,1
;;|   return_call g new_stack_arg_size:0 a0=a0
