;; Divisions by constants, with a sign and without, and a remainder.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.load (i32.const 0)))))
  (func $f (param i32) (result i32)
    (i32.add
      (i32.div_u (local.get 0) (i32.const 9))
      (i32.add
        (i32.div_u (local.get 0) (i32.const 7))
        (i32.add
          (i32.rem_u (local.get 0) (i32.const 10))
          (i32.div_s (local.get 0) (i32.const 10)))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %ecx
;;|   imulq $0x38e38e39, %rcx, %rax
;;|   shrq $0x21, %rax
;;|   imulq $0x24924925, %rcx, %rdx
;;|   shrq $0x20, %rdx
;;|   movq %rcx, %rsi
;;|   subl %edx, %esi
;;|   shrl $1, %esi
;;|   leal (%rdx, %rsi), %edx
;;|   shrl $0x2, %edx
;;|   movq %rcx, %rsi
;;|   imulq (%rip), %rsi
;;|   shrq $0x23, %rsi
;;|   imull $0xa, %esi, %edi
;;|   movq %rcx, %rsi
;;|   subl %edi, %esi
;;|   movslq %ecx, %rcx
;;|   imulq $0x66666667, %rcx, %rcx
;;|   sarq $0x22, %rcx
;;|   movq %rcx, %rdi
;;|   shrl $0x1f, %edi
;;|   leal (%rcx, %rdi), %ecx
;;|   leal (%rsi, %rcx), %ecx
;;|   leal (%rdx, %rcx), %ecx
;;|   leal (%rax, %rcx), %eax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz w0, #36409
;;|   movk w0, w0, #14563, LSL #16
;;|   mov w1, w2
;;|   mov w0, w0
;;|   madd x0, x1, x0, xzr
;;|   lsr x0, x0, #32
;;|   lsr w0, w0, #1
;;|   movz w1, #18725
;;|   movk w1, w1, #9362, LSL #16
;;|   mov w3, w2
;;|   mov w1, w1
;;|   madd x1, x3, x1, xzr
;;|   lsr x1, x1, #32
;;|   sub w3, w2, w1
;;|   lsr w3, w3, #1
;;|   add w1, w1, w3
;;|   lsr w1, w1, #2
;;|   movz w3, #52429
;;|   movk w3, w3, #52428, LSL #16
;;|   mov w4, w2
;;|   mov w3, w3
;;|   madd x3, x4, x3, xzr
;;|   lsr x3, x3, #32
;;|   lsr w3, w3, #3
;;|   movz w4, #10
;;|   msub w3, w3, w4, w2
;;|   movz w4, #26215
;;|   movk w4, w4, #26214, LSL #16
;;|   sxtw x2, w2
;;|   sxtw x4, w4
;;|   madd x2, x2, x4, xzr
;;|   asr x2, x2, #32
;;|   asr w2, w2, #2
;;|   lsr w4, w2, #31
;;|   add w2, w2, w4
;;|   add w2, w3, w2
;;|   add w1, w1, w2
;;|   add w2, w0, w1
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a1,233017
;;|   addi a1,a1,-455
;;|   slli a2,a0,32
;;|   srli a2,a2,32
;;|   slli a1,a1,32
;;|   srli a1,a1,32
;;|   mul a1,a2,a1
;;|   srli a1,a1,32
;;|   srliw a1,a1,1
;;|   lui a2,149797
;;|   addi a2,a2,-1755
;;|   slli a3,a0,32
;;|   srli a3,a3,32
;;|   slli a2,a2,32
;;|   srli a2,a2,32
;;|   mul a2,a3,a2
;;|   srli a2,a2,32
;;|   subw a3,a0,a2
;;|   srliw a3,a3,1
;;|   addw a2,a2,a3
;;|   srliw a2,a2,2
;;|   lui a3,-209715
;;|   addi a3,a3,-819
;;|   slli a4,a0,32
;;|   srli a4,a4,32
;;|   slli a3,a3,32
;;|   srli a3,a3,32
;;|   mul a3,a4,a3
;;|   srli a3,a3,32
;;|   srliw a3,a3,3
;;|   li a4,10
;;|   mulw a3,a3,a4
;;|   subw a3,a0,a3
;;|   lui a4,419430
;;|   addi a4,a4,1639
;;|   sext.w a0,a0
;;|   sext.w a4,a4
;;|   mul a0,a0,a4
;;|   srli a0,a0,32
;;|   sraiw a0,a0,2
;;|   srliw a4,a0,31
;;|   addw a0,a0,a4
;;|   addw a0,a3,a0
;;|   addw a0,a2,a0
;;|   addw a0,a1,a0
;;|   ret
