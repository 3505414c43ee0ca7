;; Bits are counted by the instruction where the program has found it when it started, on x86-64.
(module
  (func (export "_start") (drop (call $f (i64.const 8))))
  (func $f (param i64) (result i64)
    (i64.popcnt (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl $0x30000000, %eax
;;|   movl (%rax), %eax
;;|   testl $0x10, %eax
;;|   jnz     label2; j label1
;;| block2:
;;|   popcntq %rdi, %rax
;;|   jmp     label3
;;| block3:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block1:
;;|   movq %rdi, %rax
;;|   shrq $1, %rax
;;|   andq (%rip), %rax
;;|   subq %rax, %rdi
;;|   movq %rdi, %rax
;;|   andq (%rip), %rax
;;|   shrq $0x2, %rdi
;;|   andq (%rip), %rdi
;;|   leaq (%rax, %rdi), %rax
;;|   movq %rax, %rcx
;;|   shrq $0x4, %rcx
;;|   leaq (%rax, %rcx), %rax
;;|   andq (%rip), %rax
;;|   imulq (%rip), %rax
;;|   shrq $0x38, %rax
;;|   jmp     label3

;;# golden aarch64-linux:
;;| block0:
;;|   fmov d2, x2
;;|   cnt v4.8b, v2.8b
;;|   addv b6, v4.8b
;;|   umov w2, v6.b[0]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mv a3,a0
;;|   popcnt a0,a3##ty=i64 tmp=a2 step=a1
;;|   ret
