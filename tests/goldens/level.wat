;; What every CPU lacks, a level has: the loaded word's rounding and its index are an instruction each.
;;# cpu x86_64-linux: x86-64-v3
;;# cpu riscv64-linux: rv64gc,+zba
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.const 8))))
  (func $f (param i32) (result f64)
    (f64.floor (f64.load (local.get 0)))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %esi
;;|   uninit  %xmm3
;;|   vxorpd %xmm3, %xmm3, %xmm5
;;|   vroundsd $0x1, 0x40000000(%rsi), %xmm5, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x4, #16, LSL #32
;;|   ldr d4, [x4, w2, UXTW]
;;|   frintm d0, d4
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   lui a5,1
;;|   slli a1,a5,24
;;|   add.uw a0,a0,a1
;;|   fld fa0,0(a0)
;;|   lui a0,1075
;;|   slli a0,a0,40
;;|   fmv.d.x fa1,a0
;;|   fabs.d fa2,fa0
;;|   flt.d a4,fa2,fa1
;;|   fcvt.l.d a0,fa0,rdn
;;|   fcvt.d.l fa1,a0,rdn
;;|   fsgnj.d fa1,fa1,fa0
;;|   fmv.d.x fa2,zero
;;|   fadd.d fa0,fa0,fa2,rne
;;|   select fa0,fa0,fa1##condition=(a4 eq zero)
;;|   ret
