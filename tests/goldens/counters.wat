;; A counter lives in one register: its next value is what ends the loop.
(module
  (memory 1)
  (func (export "_start") (call $f (i32.const 8)))
  (func $f (param i32) (local i32)
    (loop
      (i32.store8 (i32.add (local.get 0) (local.get 1)) (local.get 1))
      (br_if 0 (i32.ne (i32.const 400)
        (local.tee 1 (i32.add (local.get 1) (i32.const 4))))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   uninit  %rdx
;;|   xorl %edx, %edx
;;|   jmp     label1
;;| block1:
;;|   leal (%rdi, %rdx), %r8d
;;|   movb %dl, 0x40000000(%r8)
;;|   leal 4(%rdx), %edx
;;|   cmpl $0x190, %edx
;;|   jnz     label2; j label3
;;| block2:
;;|   jmp     label1
;;| block3:
;;|   jmp     label4
;;| block4:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz w3, #0
;;|   b label1
;;| block1:
;;|   add w7, w2, w3
;;|   movz x8, #16, LSL #32
;;|   strb w3, [x8, w7, UXTW]
;;|   add w3, w3, #4
;;|   subs wzr, w3, #400
;;|   b.ne label2 ; b label3
;;| block2:
;;|   b label1
;;| block3:
;;|   b label4
;;| block4:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a2,196608
;;|   ld a2,0(a2)
;;|   li a1,0
;;|   j label1
;;| block1:
;;|   addw a3,a0,a1
;;|   slli a3,a3,32
;;|   srli a4,a3,32
;;|   add a3,a2,a4
;;|   sb a1,0(a3)
;;|   addiw a1,a1,4
;;|   li a4,400
;;|   sext.w a4,a4
;;|   bne a1,a4,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
