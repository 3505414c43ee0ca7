;; A loop over an array whose numbers can only be taken in their order.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 0) (i32.const 400))))
  (func $f (param $at i32) (param $end i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum
        (i32.add
          (i32.rotl (local.get $sum) (i32.const 1))
          (i32.load (local.get $at))))
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
;;|   movl 0x40000000(%rdi), %ecx
;;|   leal 4(%rdi), %edi
;;|   roll $1, %eax
;;|   leal (%rax, %rcx), %eax
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
;;|   mov x13, x2
;;|   movz w2, #0
;;|   b label1
;;| block1:
;;|   movz x11, #16, LSL #32
;;|   mov x0, x13
;;|   ldr w11, [x11, w0, UXTW]
;;|   add w0, w0, #4
;;|   extr w12, w2, #31
;;|   add w2, w12, w11
;;|   subs wzr, w0, w3
;;|   b.lo label2 ; b label3
;;| block2:
;;|   mov x13, x0
;;|   b label1
;;| block3:
;;|   b label4
;;| block4:
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;|   addi sp,sp,-16
;;|   sd s10,8(sp)
;;| block0:
;;|   mv a3,a0
;;|   lui a0,196608
;;|   ld a2,0(a0)
;;|   li a0,0
;;|   j label1
;;| block1:
;;|   slli a4,a3,32
;;|   srli a4,a4,32
;;|   add a4,a2,a4
;;|   lw a4,0(a4)
;;|   addiw a3,a3,4
;;|   li t3,1
;;|   slli a0,a0,32
;;|   srli a5,a0,32
;;|   andi a0,t3,31
;;|   li s10,32
;;|   sub t3,s10,a0
;;|   sll t0,a5,a0
;;|   srl a5,a5,t3
;;|   select a5,zero,a5##condition=(a0 eq zero)
;;|   or a0,t0,a5
;;|   addw a0,a0,a4
;;|   slli a4,a3,32
;;|   srli a4,a4,32
;;|   slli a5,a1,32
;;|   srli a5,a5,32
;;|   bltu a4,a5,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   ld s10,8(sp)
;;|   addi sp,sp,16
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   ret
