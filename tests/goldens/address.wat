;; Once an access has succeeded, indices behind its own can't wrap: they need no addition.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 1))))
  (func $f (param i32) (result i32)
    (i32.add
      (i32.load (i32.add (local.get 0) (i32.const 1024)))
      (i32.mul
        (i32.load (i32.add (local.get 0) (i32.const 1028)))
        (i32.load (i32.add (local.get 0) (i32.const 1020)))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   leal 0x400(%rdi), %r9d
;;|   movl 0x40000000(%r9), %r8d
;;|   movl 0x40000004(%r9), %esi
;;|   leal 0x3fc(%rdi), %edi
;;|   imull 0x40000000(%rdi), %esi
;;|   leal (%r8, %rsi), %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   add w10, w2, #1024
;;|   movz x9, #16, LSL #32
;;|   add x11, x9, x10, UXTW
;;|   ldr w10, [x9, w10, UXTW]
;;|   ldr w11, [x11, #4]
;;|   add w12, w2, #1020
;;|   ldr w9, [x9, w12, UXTW]
;;|   madd w2, w11, w9, w10
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   addiw a1,a0,1024
;;|   slli a5,a1,32
;;|   srli a1,a5,32
;;|   lui a5,1
;;|   slli a2,a5,24
;;|   add a3,a1,a2
;;|   lw a1,0(a3)
;;|   lw a3,4(a3)
;;|   addiw a0,a0,1020
;;|   slli a5,a0,32
;;|   srli a0,a5,32
;;|   add a0,a0,a2
;;|   lw a0,0(a0)
;;|   mulw a0,a3,a0
;;|   addw a0,a1,a0
;;|   ret
