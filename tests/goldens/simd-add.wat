;; What the lanes are costs nothing: a vector lies in one register, whatever an instruction takes it for.
(module
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (v128.any_true (call $f (i32.const 0) (i32.const 16)))))
  (func $f (param i32 i32) (result v128)
    (f32x4.convert_i32x4_s
      (i32x4.add (v128.load (local.get 0)) (v128.load (local.get 1))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %r8d
;;|   movdqu 0x40000000(%r8), %xmm5
;;|   movl %esi, %r8d
;;|   movdqu 0x40000000(%r8), %xmm0
;;|   jmp     label1
;;| block1:
;;|   paddd %xmm0, %xmm5
;;|   cvtdq2ps %xmm5, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movz x7, #16, LSL #32
;;|   ldr q7, [x7, w2, UXTW]
;;|   ldr q16, [x7, w3, UXTW]
;;|   b label1
;;| block1:
;;|   add v16.4s, v7.4s, v16.4s
;;|   scvtf v0.4s, v16.4s
;;|   ret

;;# golden riscv64-linux:
;;| the type v128 needs the simd128 proposal, which elfin can compile for riscv64 only with vector instructions (rv64gcv), and that is not supported yet; build the module without it (for example `-C target-feature=-simd128` in RUSTFLAGS, `-mno-simd128` with clang) or compile it for another target (in function `wasm-function[0]`) (at offset 0x3c)
