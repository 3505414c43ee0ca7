;; A vector of which nothing but the lanes is used is loaded lane by lane,
;; that with the last byte first.
;;# cpu riscv64-linux: rv64gcv
;;# without: versions
(module
  (memory 1)
  (func (export "_start") (call $f (i32.const 8)))
  (func $f (param i32) (local v128)
    (local.set 1 (v128.load (i32.add (local.get 0) (i32.const 64))))
    (i32.store offset=128 (local.get 0)
      (i32.add
        (i32.load (i32x4.extract_lane 1 (i32x4.extend_low_i16x8_u (i16x8.extend_high_i8x16_u (local.get 1)))))
        (i32.load (i32x4.extract_lane 3 (i32x4.extend_high_i16x8_u (i16x8.extend_high_i8x16_u (local.get 1)))))))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movl %edi, %edi
;;|   leal 0x40(%rdi), %r9d
;;|   movzbq 0x4000000f(%r9), %r8
;;|   movzbq 0x40000009(%r9), %r9
;;|   movl 0x40000000(%r9), %esi
;;|   addl 0x40000000(%r8), %esi
;;|   movl %esi, 0x40000080(%rdi)
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   add w14, w2, #64
;;|   movz x13, #16, LSL #32
;;|   ldr q16, [x13, w14, UXTW]
;;|   uxtl2 v16.8h, v16.16b
;;|   uxtl v17.4s, v16.4h
;;|   mov w14, v17.s[1]
;;|   ldr w14, [x13, w14, UXTW]
;;|   uxtl2 v16.4s, v16.8h
;;|   mov w15, v16.s[3]
;;|   ldr w15, [x13, w15, UXTW]
;;|   add w14, w14, w15
;;|   add x13, x13, x2, UXTW
;;|   str w14, [x13, #128]
;;|   ret

;;# golden riscv64-linux:
;;| block0:
;;|   addiw a1,a0,64
;;|   slli a1,a1,32
;;|   srli a2,a1,32
;;|   lui a1,1
;;|   slli a1,a1,24
;;|   add a2,a2,a1
;;|   vle8.v v8,0(a2) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vslidedown.vi v10,v8,8 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vzext.vf2 v9,v10 #avl=8, #vtype=(e16, m1, ta, ma)
;;|   vzext.vf2 v10,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vslidedown.vi v9,v10,1 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a2,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   slli a2,a2,32
;;|   srli a2,a2,32
;;|   add a2,a2,a1
;;|   lw a2,0(a2)
;;|   vslidedown.vi v9,v8,12 #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vzext.vf4 v8,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vslidedown.vi v8,v8,3 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a3,v8 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   slli a3,a3,32
;;|   srli a3,a3,32
;;|   add a3,a3,a1
;;|   lw a3,0(a3)
;;|   addw a2,a2,a3
;;|   slli a0,a0,32
;;|   srli a0,a0,32
;;|   add a0,a0,a1
;;|   sw a2,128(a0)
;;|   ret
