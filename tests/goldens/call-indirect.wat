;; A call through a table: an index check against a constant, a comparison of the type, the call. What kind of trap a
;; mismatch is gets decided in a cold block.
(module
  (type $t (func (param i32) (result i32)))
  (table 4 4 funcref)
  (elem (i32.const 0) $g $h)
  (func (export "_start")
    (drop (call $f (i32.const 1) (i32.const 2))))
  (func $f (param i32 i32) (result i32)
    (call_indirect (type $t) (local.get 0) (local.get 1)))
  (func $g (type $t) (local.get 0))
  (func $h (type $t) (i32.const 3)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %esi, %esi
;;|   cmpq $0x4, %rsi
;;|   jnb #trap=user4
;;|   shlq $0x3, %rsi
;;|   movl 0x30000104(%rsi), %r9d
;;|   cmpl $0x1, %r9d
;;|   jnz     label2; j label1
;;| block1:
;;|   movl 0x30000100(%rsi), %r11d
;;|   call    *%r11
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block2:
;;|   testl %r9d, %r9d
;;|   jz #trap=user5
;;|   ud2

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;| block0:
;;|   mov w10, w3
;;|   subs xzr, x10, #4
;;|   b.hs #trap=user4
;;|   lsl x12, x10, #3
;;|   movz w11, #4
;;|   movk w11, w11, #12288, LSL #16
;;|   ldr w14, [x12, x11]
;;|   subs wzr, w14, #1
;;|   b.ne label2 ; b label1
;;| block1:
;;|   movz x13, #12288, LSL #16
;;|   ldr w15, [x12, x13]
;;|   blr x15
;;|   ldp fp, lr, [sp], #16
;;|   ret
;;| block2:
;;|   cbz w14, #trap=user5
;;|   udf #0xc11f

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   slli a2,a1,32
;;|   srli a4,a2,32
;;|   li a3,4
;;|   trap_if user4##(a4 uge a3)
;;|   slli a4,a4,3
;;|   lw a5,805306372(a4)
;;|   li a1,1
;;|   sext.w a3,a5
;;|   sext.w a1,a1
;;|   bne a3,a1,taken(label2),not_taken(label1)
;;| block1:
;;|   lwu a5,805306368(a4)
;;|   callind a5
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
;;| block2:
;;|   sext.w a0,a5
;;|   trap_if user5##(a0 eq zero)
;;|   udf##trap_code=user6
