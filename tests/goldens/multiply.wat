;; A function that multiplies 128-bit numbers by halves is proved to do so, and becomes one multiplication. Its result
;; is forwarded, and words of it that nobody uses are not computed.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i64.const 1) (i64.const 2))))
  (func $f (param i64 i64) (result i64)
    (call $multiply (i32.const 16) (local.get 0) (i64.const 0) (local.get 1) (i64.const 0))
    (i64.xor (i64.load (i32.const 16)) (i64.load offset=8 (i32.const 16))))
  (func $multiply (param i32 i64 i64 i64 i64) (local i64)
    (i64.store offset=8 (local.get 0)
      (i64.add
        (i64.add
          (i64.add
            (i64.add
              (i64.mul (local.get 4) (local.get 1))
              (i64.mul (local.get 2) (local.get 3)))
            (i64.mul
              (local.tee 4 (i64.shr_u (local.get 3) (i64.const 32)))
              (local.tee 2 (i64.shr_u (local.get 1) (i64.const 32)))))
          (i64.shr_u
            (local.tee 3
              (i64.add
                (i64.shr_u
                  (local.tee 5
                    (i64.mul
                      (local.tee 3 (i64.and (local.get 3) (i64.const 4294967295)))
                      (local.tee 1 (i64.and (local.get 1) (i64.const 4294967295)))))
                  (i64.const 32))
                (i64.mul (local.get 3) (local.get 2))))
            (i64.const 32)))
        (i64.shr_u
          (local.tee 3
            (i64.add
              (i64.and (local.get 3) (i64.const 4294967295))
              (i64.mul (local.get 4) (local.get 1))))
          (i64.const 32))))
    (i64.store (local.get 0)
      (i64.or
        (i64.shl (local.get 3) (i64.const 32))
        (i64.and (local.get 5) (i64.const 4294967295))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movq %rdi, %rax
;;|   mulq %rsi ;; implicit: %rax, %rdx
;;|   movl $0x10, %esi
;;|   movq %rdx, 0x40000008(%rsi)
;;|   movq %rax, 0x40000000(%rsi)
;;|   xorq %rdx, %rax
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   madd x5, x2, x3, xzr
;;|   umulh x7, x2, x3
;;|   orr x6, xzr, #68719476752
;;|   str x7, [x6, #8]
;;|   str x5, [x6]
;;|   eor x2, x5, x7
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   mul a3,a0,a1
;;|   mulhu a1,a0,a1
;;|   ld a2,[const(0)]
;;|   sd a1,8(a2)
;;|   sd a3,0(a2)
;;|   xor a0,a3,a1
;;|   ret
