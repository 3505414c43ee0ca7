;; A product of lanes of 32 bits takes seven instructions of SSE2 and one of SSE4.1: the function is there twice, and the
;; first version begins with a test of what was found of the CPU.
;;# cpu riscv64-linux: rv64gcv
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2) (i32.const 3)))))
  (func $f (param $v v128) (param $rounds i32) (result v128)
    (loop $next
      (local.set $v (i32x4.mul (local.get $v) (local.get $v)))
      (br_if $next (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (local.get $v)))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl $0x6df, %eax
;;|   movl $0x30000000, %ecx
;;|   andl (%rcx), %eax
;;|   cmpl $0x6df, %eax
;;|   jz      label7; j label1
;;| block1:
;;|   jmp     label2
;;| block2:
;;|   jmp     label3
;;| block3:
;;|   subl $0x1, %edi
;;|   pshufd $0x31, %xmm0, %xmm1
;;|   pshufd $0x31, %xmm0, %xmm2
;;|   pmuludq %xmm0, %xmm0
;;|   pshufd $0x8, %xmm0, %xmm0
;;|   pmuludq %xmm2, %xmm1
;;|   pshufd $0x8, %xmm1, %xmm1
;;|   punpckldq %xmm1, %xmm0
;;|   testl %edi, %edi
;;|   jnz     label4; j label5
;;| block4:
;;|   jmp     label3
;;| block5:
;;|   jmp     label6
;;| block6:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq
;;| block7:
;;|   return_call_known f.arch_x86_64_v3 (0) tmp=%r11 %xmm0=%xmm0 %rdi=%rdi
;;|
;;| ; f.arch_x86_64_v3
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   jmp     label1
;;| block1:
;;|   subl $0x1, %edi
;;|   vpmulld %xmm0, %xmm0, %xmm0
;;|   testl %edi, %edi
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
;;|   b label1
;;| block1:
;;|   sub w2, w2, #1
;;|   mul v0.4s, v0.4s, v0.4s
;;|   cbnz w2, label2 ; b label3
;;| block2:
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
;;| block0:
;;|   vle8.v v8,-16(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   j label1
;;| block1:
;;|   addiw a1,a1,-1
;;|   vmul.vv v8,v8,v8 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   bne a1,zero,taken(label2),not_taken(label3)
;;| block2:
;;|   j label1
;;| block3:
;;|   j label4
;;| block4:
;;|   vse8.v v8,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   addi sp,sp,16
;;|   ret
