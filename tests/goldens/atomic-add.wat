;; An atomic addition: a check of the alignment, then one instruction, or a loop on an aarch64 of the first generation.
(module
  (memory 1 1 shared)
  (func (export "_start") (drop (call $f (i32.const 16))))
  (func $f (param i32) (result i32)
    (i32.atomic.rmw.add offset=8 (local.get 0) (i32.const 1))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   leaq 0x40000008(%rsi), %rdi
;;|   testq $0x3, %rdi
;;|   jnz #trap=user14
;;|   movl $0x1, %eax
;;|   lock xaddl %eax, 0x40000008(%rsi)
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;|   str x28, [sp, #-16]!
;;|   stp x26, x27, [sp, #-16]!
;;|   stp x24, x25, [sp, #-16]!
;;| block0:
;;|   movz x9, #8
;;|   movk x9, x9, #16, LSL #32
;;|   add x25, x9, x2, UXTW
;;|   and x9, x25, #3
;;|   cbnz x9, #trap=user14
;;|   movz w26, #1
;;|   atomic_rmw_loop_add_32 addr=x25 operand=x26 oldval=x27 scratch1=x24 scratch2=x28
;;|   mov x2, x27
;;|   ldp x24, x25, [sp], #16
;;|   ldp x26, x27, [sp], #16
;;|   ldr x28, [sp], #16
;;|   ldp fp, lr, [sp], #16
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   ld a1,[const(0)]
;;|   add a0,a0,a1
;;|   andi a1,a0,3
;;|   trap_if user14##(a1 ne zero)
;;|   li a1,1
;;|   amoadd.w.aqrl a0,a1,(a0)
;;|   ret
