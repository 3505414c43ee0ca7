;; A load takes what was stored just before; a store to other bytes of the same index lies between.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 8) (i64.const 1))))
  (func $f (param i32 i64) (result i64)
    (i64.store (local.get 0) (local.get 1))
    (i64.store offset=8 (local.get 0) (i64.const 2))
    (i64.load (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   movq %rsi, 0x40000000(%rdi)
;;|   movq $0x2, 0x40000008(%rdi)
;;|   movq %rsi, %rax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x6, #16, LSL #32
;;|   add x5, x6, x2, UXTW
;;|   str x3, [x6, w2, UXTW]
;;|   movz x6, #2
;;|   str x6, [x5, #8]
;;|   mov x2, x3
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   lui a2,1
;;|   slli a2,a2,24
;;|   add a0,a0,a2
;;|   sd a1,0(a0)
;;|   li a2,2
;;|   sd a2,8(a0)
;;|   mv a0,a1
;;|   ret
