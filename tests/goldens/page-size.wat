;; A memory with pages of one byte ends inside of a page of the machine: what an access reaches is compared with a
;; size that is a constant, as nothing grows the memory.
(module
  (memory 100 (pagesize 1))
  (func (export "_start") (drop (call $f (i32.const 16))))
  (func $f (param i32) (result i32)
    (i32.load offset=8 (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   cmpq $0x58, %rsi
;;|   jnbe #trap=user2
;;|   movl 0x40000008(%rsi), %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   mov w5, w2
;;|   subs xzr, x5, #88
;;|   b.hi #trap=user2
;;|   movz x7, #16, LSL #32
;;|   add x7, x7, x2, UXTW
;;|   ldr w2, [x7, #8]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   li a1,88
;;|   trap_if user2##(a0 ugt a1)
;;|   lui a1,1
;;|   slli a1,a1,24
;;|   add a0,a0,a1
;;|   lw a0,8(a0)
;;|   ret
