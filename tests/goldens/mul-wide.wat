;; The 128 bits of a product of 64-bit integers.
(module
  (func (export "_start") (call $f (i64.const 1) (i64.const 2)) drop drop)
  (func $f (param i64 i64) (result i64 i64)
    (i64.mul_wide_u (local.get 0) (local.get 1))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movq %rdi, %rax
;;|   mulq %rsi ;; implicit: %rax, %rdx
;;|   movq %rdx, %rcx
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   madd x4, x2, x3, xzr
;;|   umulh x3, x2, x3
;;|   mov x2, x4
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mul a2,a0,a1
;;|   mulhu a1,a0,a1
;;|   mv a0,a2
;;|   ret
