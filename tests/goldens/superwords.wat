;; Two reciprocals of the third power of a root, as of distances between bodies.
(module
  (memory 1)
  (func (export "_start")
    (f64.store (i32.const 8)
      (call $f (f64.load (i32.const 0)) (f64.load (i32.const 8)) (f64.load (i32.const 16)))))
  (func $f (param f64 f64 f64) (result f64)
    (f64.sub
      (f64.mul
        (f64.div (f64.const 1) (f64.mul (local.get 0) (f64.sqrt (local.get 0))))
        (local.get 2))
      (f64.sub
        (f64.div (f64.const 1) (f64.mul (local.get 1) (f64.sqrt (local.get 1))))
        (local.get 2)))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movdqa %xmm1, %xmm4
;;|   movupd (%rip), %xmm3
;;|   pshufd $0x44, %xmm0, %xmm1
;;|   movdqa %xmm4, %xmm0
;;|   movlhps %xmm0, %xmm1
;;|   sqrtpd %xmm1, %xmm0
;;|   mulpd %xmm0, %xmm1
;;|   divpd %xmm1, %xmm3
;;|   movdqa %xmm3, %xmm0
;;|   mulsd %xmm2, %xmm0
;;|   pshufd $0xee, %xmm3, %xmm1
;;|   subsd %xmm2, %xmm1
;;|   subsd %xmm1, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   fmov d16, #1
;;|   fsqrt d17, d0
;;|   fmul d17, d0, d17
;;|   fdiv d17, d16, d17
;;|   fmul d17, d17, d2
;;|   fsqrt d18, d1
;;|   fmul d18, d1, d18
;;|   fdiv d16, d16, d18
;;|   fsub d16, d16, d2
;;|   fsub d0, d17, d16
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a3,1023
;;|   slli a5,a3,40
;;|   fmv.d.x fa3,a5
;;|   fsqrt.d fa5,fa0,rne
;;|   fmul.d fa5,fa0,fa5,rne
;;|   fdiv.d fa5,fa3,fa5,rne
;;|   fmul.d fa5,fa5,fa2,rne
;;|   fsqrt.d fa0,fa1,rne
;;|   fmul.d fa0,fa1,fa0,rne
;;|   fdiv.d fa0,fa3,fa0,rne
;;|   fsub.d fa0,fa0,fa2,rne
;;|   fsub.d fa0,fa5,fa0,rne
;;|   ret
