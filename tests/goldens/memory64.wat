;; An access of a 64-bit memory costs one comparison with its size and one branch: the rest of what it reaches lies in
;; the memory or in its guard.
(module
  (memory i64 1)
  (func (export "_start")
    (drop (memory.grow (i64.const 1)))
    (drop (call $f (i64.const 16))))
  (func $f (param i64) (result i32)
    (i32.load offset=8 (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl $0x30000000, %esi
;;|   cmpq 0x10(%rsi), %rdi
;;|   jnb #trap=user2
;;|   movl 0x40000008(%rdi), %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x6, #12288, LSL #16
;;|   ldr x6, [x6, #8]
;;|   subs xzr, x2, x6
;;|   b.hs #trap=user2
;;|   movz x8, #16, LSL #32
;;|   add x8, x2, x8
;;|   ldr w2, [x8, #8]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a1,196608
;;|   ld a1,8(a1)
;;|   trap_if user2##(a0 uge a1)
;;|   lui a1,1
;;|   slli a1,a1,24
;;|   add a0,a0,a1
;;|   lw a0,8(a0)
;;|   ret
