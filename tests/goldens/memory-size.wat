;; The size of a memory that nothing grows is a constant, also where a bulk instruction checks against it.
(module
  (memory 3)
  (func (export "_start")
    (call $f (memory.size)))
  (func $f (param i32)
    (memory.fill (local.get 0) (i32.const 1) (i32.const 100))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   movl $0x64, %edx
;;|   leaq 0x64(%rdi), %r8
;;|   cmpq $0x30000, %r8
;;|   jnbe #trap=user2
;;|   leaq 0x40000000(%rdi), %rdi
;;|   movl $0x1, %esi
;;|   call    memset
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;| block0:
;;|   mov w9, w2
;;|   movz x8, #100
;;|   add x9, x9, #100
;;|   subs xzr, x9, #196608
;;|   b.hi #trap=user2
;;|   movz x10, #16, LSL #32
;;|   add x0, x10, x2, UXTW
;;|   movz w1, #1
;;|   mov x2, x8
;;|   bl 0
;;|   ldp fp, lr, [sp], #16
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   slli a0,a0,32
;;|   srli a3,a0,32
;;|   li a2,100
;;|   addi a1,a3,100
;;|   lui a4,48
;;|   trap_if user2##(a1 ugt a4)
;;|   lui a1,1
;;|   slli a4,a1,24
;;|   add a0,a3,a4
;;|   li a1,1
;;|   call memset
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
