;; A load is one instruction: the memory's base is part of the displacement (x86-64) or one constant (the others), and
;; nothing is checked.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 16))))
  (func $f (param i32) (result i32)
    (i32.load offset=8 (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   movl 0x40000008(%rsi), %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x4, #16, LSL #32
;;|   add x4, x4, x2, UXTW
;;|   ldr w2, [x4, #8]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   lui a1,1
;;|   slli a1,a1,24
;;|   add a0,a0,a1
;;|   lw a0,8(a0)
;;|   ret
