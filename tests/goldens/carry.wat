;; The carry of a low word's sum is that of the machine.
(module
  (memory 1)
  (func (export "_start")
    (call $f (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)))
  (func $f (param i64 i64 i64 i64) (local i64)
    (i64.store (i32.const 0)
      (local.tee 4 (i64.add (local.get 0) (local.get 2))))
    (i64.store offset=8 (i32.const 0)
      (i64.add
        (i64.add (local.get 1) (local.get 3))
        (i64.extend_i32_u (i64.lt_u (local.get 4) (local.get 0)))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   addq %rdx, %rdi
;;|   adcq %rcx, %rsi
;;|   uninit  %r8
;;|   xorq %r8, %r8
;;|   movq %rdi, 0x40000000(%r8)
;;|   movq %rsi, 0x40000008(%r8)
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   adds x6, x2, x4
;;|   adc x8, x3, x5
;;|   movz x7, #16, LSL #32
;;|   str x6, [x7]
;;|   str x8, [x7, #8]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   add a0,a0,a2
;;|   sltu a2,a0,a2
;;|   add a1,a1,a3
;;|   add a3,a1,a2
;;|   lui a1,1
;;|   slli a1,a1,24
;;|   sd a0,0(a1)
;;|   sd a3,8(a1)
;;|   ret
