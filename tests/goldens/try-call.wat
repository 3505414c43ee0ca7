;; A call in a `try_table` is the call that it would be outside, see `call`: where its handler lies is data, and the
;; handler stands behind everything else. A handler finds all registers changed, so the function saves at its entry those
;; that its caller keeps.
(module
  (tag $e (param i32))
  (func (export "_start")
    (drop (call $f (i32.const 1))))
  (func $f (param i32) (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $e $caught)
        (i32.add (call $g (local.get 0)) (i32.const 1)))))
  (func $g (param i32) (result i32)
    (drop (call $g (local.get 0)))
    (throw $e (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;|   subq $0x30, %rsp
;;|   movq %rbx, (%rsp)
;;|   movq %r12, 8(%rsp)
;;|   movq %r13, 0x10(%rsp)
;;|   movq %r14, 0x18(%rsp)
;;|   movq %r15, 0x20(%rsp)
;;| block0:
;;|   call    g; jmp MachLabel(1); catch [tag0: MachLabel(3)]
;;| block1:
;;|   jmp     label2
;;| block2:
;;|   leal 1(%rax), %eax
;;|   jmp     label4
;;| block4:
;;|   movq (%rsp), %rbx
;;|   movq 8(%rsp), %r12
;;|   movq 0x10(%rsp), %r13
;;|   movq 0x18(%rsp), %r14
;;|   movq 0x20(%rsp), %r15
;;|   addq $0x30, %rsp
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block3:
;;|   movl 0x10(%rax), %eax
;;|   jmp     label4

;;# golden aarch64-linux:
;;|   stp fp, lr, [sp, #-16]!
;;|   mov fp, sp
;;|   stp x27, x28, [sp, #-16]!
;;|   stp x25, x26, [sp, #-16]!
;;|   stp x23, x24, [sp, #-16]!
;;|   stp x21, x22, [sp, #-16]!
;;|   stp x19, x20, [sp, #-16]!
;;|   stp d14, d15, [sp, #-16]!
;;|   stp d12, d13, [sp, #-16]!
;;|   stp d10, d11, [sp, #-16]!
;;|   stp d8, d9, [sp, #-16]!
;;| block0:
;;|   bl 0; b MachLabel(1); catch [tag0: MachLabel(3)]
;;| block1:
;;|   b label2
;;| block2:
;;|   add w2, w2, #1
;;|   b label4
;;| block4:
;;|   ldp d8, d9, [sp], #16
;;|   ldp d10, d11, [sp], #16
;;|   ldp d12, d13, [sp], #16
;;|   ldp d14, d15, [sp], #16
;;|   ldp x19, x20, [sp], #16
;;|   ldp x21, x22, [sp], #16
;;|   ldp x23, x24, [sp], #16
;;|   ldp x25, x26, [sp], #16
;;|   ldp x27, x28, [sp], #16
;;|   ldp fp, lr, [sp], #16
;;|   ret
;;| block3:
;;|   ldr w2, [x0, #16]
;;|   b label4

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;|   addi sp,sp,-192
;;|   sd fp,184(sp)
;;|   sd s1,176(sp)
;;|   sd s2,168(sp)
;;|   sd s3,160(sp)
;;|   sd s4,152(sp)
;;|   sd s5,144(sp)
;;|   sd s6,136(sp)
;;|   sd s7,128(sp)
;;|   sd s8,120(sp)
;;|   sd s9,112(sp)
;;|   sd s10,104(sp)
;;|   sd s11,96(sp)
;;|   fsd fs0,88(sp)
;;|   fsd fs2,80(sp)
;;|   fsd fs3,72(sp)
;;|   fsd fs4,64(sp)
;;|   fsd fs5,56(sp)
;;|   fsd fs6,48(sp)
;;|   fsd fs7,40(sp)
;;|   fsd fs8,32(sp)
;;|   fsd fs9,24(sp)
;;|   fsd fs10,16(sp)
;;|   fsd fs11,8(sp)
;;| block0:
;;|   call g; j MachLabel(1); catch [tag0: MachLabel(3)]
;;| block1:
;;|   j label2
;;| block2:
;;|   addiw a0,a0,1
;;|   j label4
;;| block4:
;;|   ld fp,184(sp)
;;|   ld s1,176(sp)
;;|   ld s2,168(sp)
;;|   ld s3,160(sp)
;;|   ld s4,152(sp)
;;|   ld s5,144(sp)
;;|   ld s6,136(sp)
;;|   ld s7,128(sp)
;;|   ld s8,120(sp)
;;|   ld s9,112(sp)
;;|   ld s10,104(sp)
;;|   ld s11,96(sp)
;;|   fld fs0,88(sp)
;;|   fld fs2,80(sp)
;;|   fld fs3,72(sp)
;;|   fld fs4,64(sp)
;;|   fld fs5,56(sp)
;;|   fld fs6,48(sp)
;;|   fld fs7,40(sp)
;;|   fld fs8,32(sp)
;;|   fld fs9,24(sp)
;;|   fld fs10,16(sp)
;;|   fld fs11,8(sp)
;;|   addi sp,sp,192
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
;;| block3:
;;|   lw a0,16(a0)
;;|   j label4
