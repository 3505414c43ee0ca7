;; A 128-bit sum: an addition that gives a carry and one that takes it, where the machine has them.
(module
  (func (export "_start")
    (call $f (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)) drop drop)
  (func $f (param i64 i64 i64 i64) (result i64 i64)
    (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movq %rdi, %rax
;;|   addq %rdx, %rax
;;|   movq %rcx, %r8
;;|   movq %rsi, %rcx
;;|   adcq %r8, %rcx
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   adds x2, x2, x4
;;|   adc x3, x3, x5
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   add a0,a0,a2
;;|   sltu a2,a0,a2
;;|   add a1,a1,a3
;;|   add a1,a1,a2
;;|   ret
