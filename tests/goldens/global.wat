;; A mutable global is a word at a constant address; one that nothing sets is a constant.
(module
  (global $set (mut i32) (i32.const 7))
  (global $constant (mut i32) (i32.const 5))
  (func (export "_start")
    (call $f))
  (func $f
    (global.set $set (i32.add (global.get $set) (global.get $constant)))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl $0x30000000, %ecx
;;|   movl $0x30000000, %edx
;;|   addl $0x5, 8(%rcx)
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x2, #12288, LSL #16
;;|   ldr w3, [x2]
;;|   add w3, w3, #5
;;|   str w3, [x2]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a0,196608
;;|   lw a1,0(a0)
;;|   addiw a1,a1,5
;;|   sw a1,0(a0)
;;|   ret
