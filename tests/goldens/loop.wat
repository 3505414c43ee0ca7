;; A loop over an array.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 0) (i32.const 400))))
  (func $f (param $at i32) (param $end i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (local.get $sum)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   uninit  %rax
;;|   xorl %eax, %eax
;;|   jmp     label1
;;| block1:
;;|   movl 0x40000000(%rdi), %r11d
;;|   leal 4(%rdi), %edi
;;|   leal (%rax, %r11), %eax
;;|   cmpl %esi, %edi
;;|   jb      label2; j label3
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
;;|   mov x12, x2
;;|   movz w2, #0
;;|   b label1
;;| block1:
;;|   movz x10, #16, LSL #32
;;|   mov x15, x12
;;|   ldr w10, [x10, w15, UXTW]
;;|   add w15, w15, #4
;;|   add w2, w2, w10
;;|   subs wzr, w15, w3
;;|   b.lo label2 ; b label3
;;| block2:
;;|   mov x12, x15
;;|   b label1
;;| block3:
;;|   b label4
;;| block4:
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mv a3,a0
;;|   lui a0,196608
;;|   ld a2,0(a0)
;;|   li a0,0
;;|   mv a5,a0
;;|   j label1
;;| block1:
;;|   slli a0,a3,32
;;|   srli a0,a0,32
;;|   add a0,a2,a0
;;|   lw a4,0(a0)
;;|   addiw a3,a3,4
;;|   mv a0,a5
;;|   addw a0,a0,a4
;;|   slli a5,a3,32
;;|   srli a4,a5,32
;;|   slli a5,a1,32
;;|   srli a5,a5,32
;;|   bltu a4,a5,taken(label2),not_taken(label3)
;;| block2:
;;|   mv a5,a0
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ret
