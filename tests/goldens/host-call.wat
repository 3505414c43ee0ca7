;; A host function is called directly, with the address of the memory's state in front.
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $f)))
  (func $f (result i32)
    (call $yield)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl $0x30000008, %edi
;;|   call    sched_yield
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;| block0:
;;|   movz x0, #12288, LSL #16
;;|   bl 0
;;|   mov x2, x0
;;|   ldp fp, lr, [sp], #16
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   lui a0,196608
;;|   call sched_yield
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
