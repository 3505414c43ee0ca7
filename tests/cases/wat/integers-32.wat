;;! Every integer operation of 32 bits at its edges. The operands come from the command line, so that nothing is folded.
;;! Expected values: computed with unbounded integers.
;;# invoke: two 0 0 = 0 0 0 0 0 0 0 0 0 0 0
;;# invoke: compare 0 0 = 1 0 0 0 0 0 1 1 1 1
;;# invoke: two 1 -1 = 0 2 -1 1 -1 -2 -2147483648 0 0 -2147483648 2
;;# invoke: compare 1 -1 = 0 1 0 1 1 0 0 1 1 0
;;# invoke: two -2147483648 -1 = 2147483647 -2147483647 -2147483648 -2147483648 -1 2147483647 0 -1 1 1073741824 1
;;# invoke: compare -2147483648 -1 = 0 1 1 1 0 0 1 1 0 0
;;# invoke: two 2147483647 1 = -2147483648 2147483646 2147483647 1 2147483647 2147483646 -2 1073741823 1073741823 -2 -1073741825
;;# invoke: compare 2147483647 1 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two -7 2 = -5 -9 -14 0 -5 -5 -28 -2 1073741822 -25 2147483646
;;# invoke: compare -7 2 = 0 1 1 0 0 1 1 0 0 1
;;# invoke: two -2147483648 32 = -2147483616 2147483616 0 0 -2147483616 -2147483616 -2147483648 -2147483648 -2147483648 -2147483648 -2147483648
;;# invoke: compare -2147483648 32 = 0 1 1 0 0 1 1 0 0 1
;;# invoke: two 305419896 31 = 305419927 305419865 878082184 24 305419903 305419879 0 0 0 152709948 610839792
;;# invoke: compare 305419896 31 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two -1698898192 33 = -1698898159 -1698898225 -229065488 32 -1698898191 -1698898223 897170912 -849449096 1298034552 897170913 1298034552
;;# invoke: compare -1698898192 33 = 0 1 1 0 0 1 1 0 0 1
;;# invoke: two 2147483647 -2147483648 = -1 -1 -2147483648 0 -1 -1 2147483647 2147483647 2147483647 2147483647 2147483647
;;# invoke: compare 2147483647 -2147483648 = 0 1 0 1 1 0 0 1 1 0
;;# invoke: two 255 8 = 263 247 2040 8 255 247 65280 0 0 65280 -16777216
;;# invoke: compare 255 8 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two -32768 127 = -32641 -32895 -4161536 0 -32641 -32641 0 -1 1 2147467264 -65535
;;# invoke: compare -32768 127 = 0 1 1 0 0 1 1 0 0 1
;;# invoke: one 0 = 32 32 0 0 0 1
;;# invoke: one 1 = 31 0 1 1 1 0
;;# invoke: one -1 = 0 0 32 -1 -1 0
;;# invoke: one -2147483648 = 0 31 1 0 0 0
;;# invoke: one 2147483647 = 1 0 31 -1 -1 0
;;# invoke: one 128 = 24 7 1 -128 128 0
;;# invoke: one 127 = 25 0 7 127 127 0
;;# invoke: one 32768 = 16 15 1 0 -32768 0
;;# invoke: one 305397760 = 3 18 5 0 0 0
;;# invoke: divide 7 2 = 3 3 1 1
;;# invoke: divide -7 2 = -3 2147483644 -1 1
;;# invoke: divide 7 -2 = -3 0 1 7
;;# invoke: divide -7 -2 = 3 0 -1 -7
;;# invoke: divide 2147483647 -1 = -2147483647 0 0 2147483647
;;# invoke: divide -2147483648 2 = -1073741824 1073741824 0 0
;;# invoke: divide -2147483648 2147483647 = -1 1 -1 1
;;# invoke: divide -1 10 = 0 429496729 -1 5
;;# invoke: divide 2147483647 -2147483648 = 0 0 2147483647 2147483647
;;# invoke: divide 5 7 = 0 0 5 5
;;# invoke: by-constants 100 = 14 2 12 4 500
;;# invoke: by-constants -100 = -14 -2 -13 4 -500
;;# invoke: by-constants -2147483648 = -306783378 -2 -268435456 0 -2147483648
(module
  (func (export "two") (param i32 i32) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32.add (local.get 0) (local.get 1))
    (i32.sub (local.get 0) (local.get 1))
    (i32.mul (local.get 0) (local.get 1))
    (i32.and (local.get 0) (local.get 1))
    (i32.or (local.get 0) (local.get 1))
    (i32.xor (local.get 0) (local.get 1))
    (i32.shl (local.get 0) (local.get 1))
    (i32.shr_s (local.get 0) (local.get 1))
    (i32.shr_u (local.get 0) (local.get 1))
    (i32.rotl (local.get 0) (local.get 1))
    (i32.rotr (local.get 0) (local.get 1)))
  (func (export "compare") (param i32 i32) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32.eq (local.get 0) (local.get 1))
    (i32.ne (local.get 0) (local.get 1))
    (i32.lt_s (local.get 0) (local.get 1))
    (i32.lt_u (local.get 0) (local.get 1))
    (i32.gt_s (local.get 0) (local.get 1))
    (i32.gt_u (local.get 0) (local.get 1))
    (i32.le_s (local.get 0) (local.get 1))
    (i32.le_u (local.get 0) (local.get 1))
    (i32.ge_s (local.get 0) (local.get 1))
    (i32.ge_u (local.get 0) (local.get 1)))
  (func (export "one") (param i32) (result i32 i32 i32 i32 i32 i32)
    (i32.clz (local.get 0))
    (i32.ctz (local.get 0))
    (i32.popcnt (local.get 0))
    (i32.extend8_s (local.get 0))
    (i32.extend16_s (local.get 0))
    (i32.eqz (local.get 0)))
  (func (export "divide") (param i32 i32) (result i32 i32 i32 i32)
    (i32.div_s (local.get 0) (local.get 1))
    (i32.div_u (local.get 0) (local.get 1))
    (i32.rem_s (local.get 0) (local.get 1))
    (i32.rem_u (local.get 0) (local.get 1)))
  (func (export "by-constants") (param i32) (result i32 i32 i32 i32 i32)
    (i32.div_s (local.get 0) (i32.const 7))
    (i32.rem_s (local.get 0) (i32.const 7))
    (i32.shr_s (local.get 0) (i32.const 3))
    (i32.and (local.get 0) (i32.const 7))
    (i32.mul (local.get 0) (i32.const 5))))
