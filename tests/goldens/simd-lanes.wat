;; Lanes that are taken out of vectors and put into another one, one by one, are a shuffle; below SSSE3 it is a plan of
;; as few instructions as there can be.
;;# cpu riscv64-linux: rv64gcv
(module
  (func (export "_start")
    (drop (v128.any_true (call $f (v128.const i64x2 1 2) (v128.const i64x2 3 4)))))
  (func $f (param v128 v128) (result v128)
    (local v128)
    (local.set 2 (i8x16.replace_lane 0 (local.get 2) (i32x4.extract_lane 0 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 1 (local.get 2) (i32x4.extract_lane 1 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 2 (local.get 2) (i32x4.extract_lane 2 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 3 (local.get 2) (i32x4.extract_lane 3 (local.get 0))))
    (local.set 2 (i8x16.replace_lane 4 (local.get 2) (i32x4.extract_lane 0 (local.get 1))))
    (local.set 2 (i8x16.replace_lane 5 (local.get 2) (i32x4.extract_lane 1 (local.get 1))))
    (local.set 2 (i8x16.replace_lane 6 (local.get 2) (i32x4.extract_lane 2 (local.get 1))))
    (local.set 2 (i8x16.replace_lane 7 (local.get 2) (i32x4.extract_lane 3 (local.get 1))))
    (i16x8.extend_low_i8x16_u (local.get 2))))

;;# golden x86_64-linux:
;;|   pushq %rbp
;;|   movq %rsp, %rbp
;;| block0:
;;|   movdqu (%rip), %xmm6
;;|   pand %xmm6, %xmm0
;;|   pand %xmm6, %xmm1
;;|   packuswb %xmm1, %xmm0
;;|   movq %rbp, %rsp
;;|   popq %rbp
;;|   retq

;;# golden aarch64-linux:
;;| block0:
;;|   movi v4.16b, #0
;;|   mov w0, v0.s[0]
;;|   mov v4.b[0], v4.b[0], w0
;;|   mov w0, v0.s[1]
;;|   mov v4.b[1], v4.b[1], w0
;;|   mov w0, v0.s[2]
;;|   mov v4.b[2], v4.b[2], w0
;;|   mov w0, v0.s[3]
;;|   mov v4.b[3], v4.b[3], w0
;;|   mov w0, v1.s[0]
;;|   mov v4.b[4], v4.b[4], w0
;;|   mov w0, v1.s[1]
;;|   mov v4.b[5], v4.b[5], w0
;;|   mov w0, v1.s[2]
;;|   mov v4.b[6], v4.b[6], w0
;;|   mov w0, v1.s[3]
;;|   mov v4.b[7], v4.b[7], w0
;;|   uxtl v0.8h, v4.8b
;;|   ret

;;# golden riscv64-linux:
;;|   addi sp,sp,-16
;;|   sd ra,8(sp)
;;|   sd fp,0(sp)
;;|   mv fp,sp
;;| block0:
;;|   vle8.v v9,-32(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v8,-16(incoming_arg) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vle8.v v11,[const(0)] #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vmv.x.s a1,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.v.i v0,1 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v10,v11,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vslidedown.vi v11,v9,1 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a1,v11 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.v.i v0,2 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v11,v10,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vslidedown.vi v10,v9,2 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a1,v10 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.v.i v0,4 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v10,v11,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vslidedown.vi v9,v9,3 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a1,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.v.i v0,8 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v11,v10,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vmv.x.s a1,v8 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   li a2,16
;;|   vmv.s.x v0,a2 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v9,v11,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vslidedown.vi v10,v8,1 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a1,v10 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   li a2,32
;;|   vmv.s.x v0,a2 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v10,v9,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vslidedown.vi v9,v8,2 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a1,v9 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   li a2,64
;;|   vmv.s.x v0,a2 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v9,v10,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vslidedown.vi v8,v8,3 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   vmv.x.s a1,v8 #avl=4, #vtype=(e32, m1, ta, ma)
;;|   li a2,128
;;|   vmv.s.x v0,a2 #avl=2, #vtype=(e64, m1, ta, ma)
;;|   vmerge.vxm v8,v9,a1,v0.t #avl=16, #vtype=(e8, m1, ta, ma)
;;|   vzext.vf2 v9,v8 #avl=8, #vtype=(e16, m1, ta, ma)
;;|   vse8.v v9,0(a0) #avl=16, #vtype=(e8, m1, ta, ma)
;;|   ld ra,8(sp)
;;|   ld fp,0(sp)
;;|   addi sp,sp,16
;;|   addi sp,sp,32
;;|   ret
