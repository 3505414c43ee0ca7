;; x86-64 without SSE4.1 rounds by additions, without a call.
(module
  (func (export "_start")
    (drop (call $f (f64.const 1.5))))
  (func $f (param f64) (result f64)
    (f64.nearest (local.get 0))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movabsq $0x7fffffffffffffff, %rax
;;|   movq %rax, %xmm2
;;|   movdqa %xmm0, %xmm1
;;|   andpd %xmm2, %xmm1
;;|   movabsq $0x4330000000000000, %rax
;;|   movq %rax, %xmm2
;;|   movdqa %xmm1, %xmm4
;;|   addsd (%rip), %xmm4
;;|   subsd (%rip), %xmm4
;;|   movabsq $0x8000000000000000, %r11
;;|   movq %r11, %xmm5
;;|   movdqa %xmm5, %xmm3
;;|   andnpd %xmm4, %xmm3
;;|   andpd %xmm0, %xmm5
;;|   orpd %xmm5, %xmm3
;;|   subsd (%rip), %xmm0
;;|   ucomisd %xmm1, %xmm2
;;|   movsd %xmm0, %xmm0; jbe $next; movsd %xmm3, %xmm0; $next:
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   frintn d0, d0
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a0,1075
;;|   slli a0,a0,40
;;|   fmv.d.x fa1,a0
;;|   fabs.d fa2,fa0
;;|   flt.d a0,fa2,fa1
;;|   fcvt.l.d a2,fa0,rne
;;|   fcvt.d.l fa4,a2,rne
;;|   fsgnj.d fa1,fa4,fa0
;;|   fmv.d.x fa2,zero
;;|   fadd.d fa0,fa0,fa2,rne
;;|   select fa0,fa0,fa1##condition=(a0 eq zero)
;;|   ret
