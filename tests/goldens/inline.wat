;; A small function takes the place of its calls.
(module
  (func (export "_start")
    (drop (call $f (i32.const 1))))
  (func $f (param i32) (result i32)
    (i32.sub (call $is_digit (local.get 0)) (i32.const 1)))
  (func $is_digit (param i32) (result i32)
    (i32.lt_u (i32.sub (local.get 0) (i32.const 48)) (i32.const 10))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   subl $0x30, %edi
;;|   cmpl $0xa, %edi
;;|   setb %sil
;;|   movzbl %sil, %eax
;;|   subl $0x1, %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   sub w5, w2, #48
;;|   subs wzr, w5, #10
;;|   cset x6, lo
;;|   uxtb w6, w6
;;|   sub w2, w6, #1
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   addiw a0,a0,-48
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   sltiu a0,a0,10
;;|   addiw a0,a0,-1
;;|   ret
