;; A number that is negated or not: by a bit, by a comparison.
(module
  (memory 1)
  (func (export "_start")
    (f64.store (i32.const 8) (call $f (f64.load (i32.const 0)) (i32.load (i32.const 0)))))
  (func $f (param f64 i32) (result f64)
    (f64.add
      (select (f64.neg (local.get 0)) (local.get 0) (i32.and (local.get 1) (i32.const 2)))
      (select (local.get 0) (f64.neg (local.get 0)) (i32.lt_s (local.get 1) (i32.const 7))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movabsq $0x8000000000000000, %rax
;;|   movq %rax, %xmm1
;;|   movdqa %xmm0, %xmm6
;;|   xorpd %xmm1, %xmm6
;;|   movq %rdi, %rax
;;|   shrl $1, %eax
;;|   shlq $0x3f, %rax
;;|   movq %rax, %xmm1
;;|   xorpd %xmm1, %xmm0
;;|   cmpl $0x7, %edi
;;|   setl %al
;;|   movzbq %al, %rax
;;|   shlq $0x3f, %rax
;;|   movq %rax, %xmm1
;;|   xorpd %xmm1, %xmm6
;;|   addsd %xmm6, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   and w7, w2, #2
;;|   fneg d7, d0
;;|   subs wzr, w7, wzr
;;|   fcsel d16, d7, d0, ne
;;|   subs wzr, w2, #7
;;|   fcsel d17, d0, d7, lt
;;|   fadd d0, d16, d17
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   andi a1,a0,2
;;|   fneg.d fa1,fa0
;;|   sext.w a1,a1
;;|   select fa2,fa1,fa0##condition=(a1 ne zero)
;;|   li a1,7
;;|   sext.w a0,a0
;;|   sext.w a1,a1
;;|   select fa3,fa0,fa1##condition=(a0 slt a1)
;;|   fadd.d fa0,fa2,fa3,rne
;;|   ret
