;; From 2^31 on, base and static offset no longer fit a displacement and are added as one constant.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 16))))
  (func $f (param i32) (result i32)
    (i32.load offset=0xfffffff0 (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   movabsq $0x13ffffff0, %rdi
;;|   movl (%rsi, %rdi), %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x5, #65520
;;|   movk x5, x5, #65535, LSL #16
;;|   movk x5, x5, #16, LSL #32
;;|   ldr w2, [x5, w2, UXTW]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   ld a1,[const(0)]
;;|   add a0,a0,a1
;;|   lw a0,0(a0)
;;|   ret
