;; Structures of 12 bytes are copied as 64 and 32 bits into a frame, and their last 64 read, in a loop: these are put
;; together. `(sp + 16) | 4` is a sum, since the stack pointer is always a multiple of 16; the frame does not change in
;; the loop.
(module
  (memory 1)
  (global $sp (mut i32) (i32.const 4096))
  (func (export "_start")
    (drop (call $f (i32.const 0) (i32.const 480))))
  (func $f (param $at i32) (param $end i32) (result i64) (local $frame i32) (local $copy i32) (local $sum i64)
    (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (i32.const 32))))
    (i32.store offset=8 (local.get $frame) (local.get $end))
    (local.set $copy (i32.or (i32.add (local.get $frame) (i32.const 16)) (i32.const 4)))
    (loop $next
      (i64.store align=4 (local.get $copy) (i64.load align=4 (local.get $at)))
      (i32.store offset=8 (local.get $copy) (i32.load offset=8 (local.get $at)))
      (local.set $sum (i64.add (local.get $sum) (i64.load offset=24 (local.get $frame))))
      (local.set $at (i32.add (local.get $at) (i32.const 12)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (global.set $sp (i32.add (local.get $frame) (i32.const 32)))
    (local.get $sum)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   movl $0x30000000, %eax
;;|   movl 0x28(%rax), %edx
;;|   movq %rdx, %rcx
;;|   subl $0x20, %ecx
;;|   movl %ecx, 0x28(%rax)
;;|   movl %esi, 0x40000008(%rcx)
;;|   uninit  %rax
;;|   xorq %rax, %rax
;;|   jmp     label1
;;| block1:
;;|   movq 0x40000000(%rdi), %r8
;;|   movq %r8, 0x40000014(%rcx)
;;|   movl 0x40000008(%rdi), %r9d
;;|   movl %r9d, 0x4000001c(%rcx)
;;|   leal 0xc(%rdi), %edi
;;|   shldq $0x20, %r8, %r9
;;|   leaq (%rax, %r9), %rax
;;|   cmpl %esi, %edi
;;|   jb      label2; j label3
;;| block2:
;;|   jmp     label1
;;| block3:
;;|   jmp     label4
;;| block4:
;;|   movl $0x30000000, %ecx
;;|   movl %edx, 0x28(%rcx)
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   mov x6, x2
;;|   movz x2, #12288, LSL #16
;;|   ldr w0, [x2, #32]
;;|   sub w1, w0, #32
;;|   str w1, [x2, #32]
;;|   movz x4, #16, LSL #32
;;|   add x2, x4, x1, UXTW
;;|   str w3, [x2, #8]
;;|   movz x2, #0
;;|   mov x9, x2
;;|   b label1
;;| block1:
;;|   movz x5, #16, LSL #32
;;|   add x2, x5, x6, UXTW
;;|   ldr x5, [x5, w6, UXTW]
;;|   add x7, x4, x1, UXTW
;;|   add x8, x4, #20
;;|   str x5, [x8, w1, UXTW]
;;|   ldr w2, [x2, #8]
;;|   str w2, [x7, #28]
;;|   add w6, w6, #12
;;|   mov w2, w2
;;|   extr x5, x2, x5, LSR 32
;;|   mov x2, x9
;;|   add x2, x2, x5
;;|   subs wzr, w6, w3
;;|   b.lo label2 ; b label3
;;| block2:
;;|   mov x9, x2
;;|   b label1
;;| block3:
;;|   b label4
;;| block4:
;;|   movz x1, #12288, LSL #16
;;|   str w0, [x1, #32]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mv a5,a0
;;|   lui a0,196608
;;|   ld a3,0(a0)
;;|   lw a2,32(a0)
;;|   addiw a4,a2,-32
;;|   sw a4,32(a0)
;;|   slli a0,a4,32
;;|   srli a0,a0,32
;;|   add a4,a3,a0
;;|   sw a1,8(a4)
;;|   li a0,0
;;|   mv t1,a0
;;|   j label1
;;| block1:
;;|   slli a0,a5,32
;;|   srli a0,a0,32
;;|   add t0,a3,a0
;;|   ld a0,0(t0)
;;|   sd a0,20(a4)
;;|   lw t0,8(t0)
;;|   sw t0,28(a4)
;;|   addiw a5,a5,12
;;|   srli a0,a0,32
;;|   slli t0,t0,32
;;|   srli t0,t0,32
;;|   slli t0,t0,32
;;|   or t0,a0,t0
;;|   mv a0,t1
;;|   add a0,a0,t0
;;|   slli t0,a5,32
;;|   srli t0,t0,32
;;|   slli t1,a1,32
;;|   srli t1,t1,32
;;|   bltu t0,t1,taken(label2),not_taken(label3)
;;| block2:
;;|   mv t1,a0
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   lui a1,196608
;;|   sw a2,32(a1)
;;|   ret
