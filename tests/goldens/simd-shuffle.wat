;; x86-64 without SSSE3 puts a shuffle together from shifts and masks, without a call.
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2) (v128.const i64x2 3 4)))))
  (func $f (param v128 v128) (result v128)
    (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (local.get 1))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   jmp     label1
;;| block1:
;;|   movdqa %xmm0, %xmm4
;;|   psrlq $0x18, %xmm4
;;|   shufps $0x4e, %xmm1, %xmm0
;;|   psllq $0x28, %xmm0
;;|   movdqa %xmm0, %xmm1
;;|   movdqa %xmm4, %xmm0
;;|   por %xmm1, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   b label1
;;| block1:
;;|   ext v0.16b, v0.16b, v1.16b, #3
;;|   ret

;;# golden riscv64-linux:
;;| the type v128 needs the simd128 proposal, which elfin can compile for riscv64 only with vector instructions (rv64gcv), and that is not supported yet; build the module without it (for example `-C target-feature=-simd128` in RUSTFLAGS, `-mno-simd128` with clang) or compile it for another target (in function `wasm-function[0]`) (at offset 0x2a)
