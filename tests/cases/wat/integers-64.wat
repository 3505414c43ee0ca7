;;! Every integer operation of 64 bits at its edges. The operands come from the command line, so that nothing is folded.
;;! Expected values: computed with unbounded integers.
;;# invoke: two 0 0 = 0 0 0 0 0 0 0 0 0 0 0
;;# invoke: compare 0 0 = 1 0 0 0 0 0 1 1 1 1
;;# invoke: two 1 -1 = 0 2 -1 1 -1 -2 -9223372036854775808 0 0 -9223372036854775808 2
;;# invoke: compare 1 -1 = 0 1 0 1 1 0 0 1 1 0
;;# invoke: two -9223372036854775808 -1 = 9223372036854775807 -9223372036854775807 -9223372036854775808 -9223372036854775808 -1 9223372036854775807 0 -1 1 4611686018427387904 1
;;# invoke: compare -9223372036854775808 -1 = 0 1 1 1 0 0 1 1 0 0
;;# invoke: two 9223372036854775807 1 = -9223372036854775808 9223372036854775806 9223372036854775807 1 9223372036854775807 9223372036854775806 -2 4611686018427387903 4611686018427387903 -2 -4611686018427387905
;;# invoke: compare 9223372036854775807 1 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two -7 2 = -5 -9 -14 0 -5 -5 -28 -2 4611686018427387902 -25 9223372036854775806
;;# invoke: compare -7 2 = 0 1 1 0 0 1 1 0 0 1
;;# invoke: two -9223372036854775808 64 = -9223372036854775744 9223372036854775744 0 0 -9223372036854775744 -9223372036854775744 -9223372036854775808 -9223372036854775808 -9223372036854775808 -9223372036854775808 -9223372036854775808
;;# invoke: compare -9223372036854775808 64 = 0 1 1 0 0 1 1 0 0 1
;;# invoke: two 305419896 63 = 305419959 305419833 19241453448 56 305419903 305419847 0 0 0 152709948 610839792
;;# invoke: compare 305419896 63 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two 2596069104 33 = 2596069137 2596069071 85670280432 32 2596069105 2596069073 3853319725962493952 0 0 3853319725962493953 5575015949918011392
;;# invoke: compare 2596069104 33 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two 9223372036854775807 -9223372036854775808 = -1 -1 -9223372036854775808 0 -1 -1 9223372036854775807 9223372036854775807 9223372036854775807 9223372036854775807 9223372036854775807
;;# invoke: compare 9223372036854775807 -9223372036854775808 = 0 1 0 1 1 0 0 1 1 0
;;# invoke: two 255 8 = 263 247 2040 8 255 247 65280 0 0 65280 -72057594037927936
;;# invoke: compare 255 8 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two -32768 127 = -32641 -32895 -4161536 0 -32641 -32641 0 -1 1 9223372036854759424 -65535
;;# invoke: compare -32768 127 = 0 1 1 0 0 1 1 0 0 1
;;# invoke: two 81985529216486895 4275878552 = 81985533492365447 81985524940608343 -5984943637383484440 2290649224 81985531201716223 81985528911066999 7460683158682337280 4886718345 4886718345 7460683158682411845 -6066930334832433271
;;# invoke: compare 81985529216486895 4275878552 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: two 4294967296 2147483648 = 6442450944 2147483648 -9223372036854775808 0 6442450944 6442450944 4294967296 4294967296 4294967296 4294967296 4294967296
;;# invoke: compare 4294967296 2147483648 = 0 1 0 0 1 1 0 0 1 1
;;# invoke: one 0 = 64 64 0 0 0 0 1
;;# invoke: one 1 = 63 0 1 1 1 1 0
;;# invoke: one -1 = 0 0 64 -1 -1 -1 0
;;# invoke: one -9223372036854775808 = 0 63 1 0 0 0 0
;;# invoke: one 9223372036854775807 = 1 0 63 -1 -1 -1 0
;;# invoke: one 128 = 56 7 1 -128 128 128 0
;;# invoke: one 127 = 57 0 7 127 127 127 0
;;# invoke: one 32768 = 48 15 1 0 -32768 32768 0
;;# invoke: one 305397760 = 35 18 5 0 0 305397760 0
;;# invoke: one 2147483648 = 32 31 1 0 0 -2147483648 0
;;# invoke: one 4294967296 = 31 32 1 0 0 0 0
;;# invoke: one -4294967168 = 0 7 33 -128 128 128 0
;;# invoke: divide 7 2 = 3 3 1 1
;;# invoke: divide -7 2 = -3 9223372036854775804 -1 1
;;# invoke: divide 7 -2 = -3 0 1 7
;;# invoke: divide -7 -2 = 3 0 -1 -7
;;# invoke: divide 9223372036854775807 -1 = -9223372036854775807 0 0 9223372036854775807
;;# invoke: divide -9223372036854775808 2 = -4611686018427387904 4611686018427387904 0 0
;;# invoke: divide -9223372036854775808 9223372036854775807 = -1 1 -1 1
;;# invoke: divide -1 10 = 0 1844674407370955161 -1 5
;;# invoke: divide 9223372036854775807 -9223372036854775808 = 0 0 9223372036854775807 9223372036854775807
;;# invoke: divide 5 7 = 0 0 5 5
;;# invoke: by-constants 100 = 14 2 12 4 500
;;# invoke: by-constants -100 = -14 -2 -13 4 -500
;;# invoke: by-constants -9223372036854775808 = -1317624576693539401 -1 -1152921504606846976 0 -9223372036854775808
(module
  (func (export "two") (param i64 i64) (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (i64.add (local.get 0) (local.get 1))
    (i64.sub (local.get 0) (local.get 1))
    (i64.mul (local.get 0) (local.get 1))
    (i64.and (local.get 0) (local.get 1))
    (i64.or (local.get 0) (local.get 1))
    (i64.xor (local.get 0) (local.get 1))
    (i64.shl (local.get 0) (local.get 1))
    (i64.shr_s (local.get 0) (local.get 1))
    (i64.shr_u (local.get 0) (local.get 1))
    (i64.rotl (local.get 0) (local.get 1))
    (i64.rotr (local.get 0) (local.get 1)))
  (func (export "compare") (param i64 i64) (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i64.eq (local.get 0) (local.get 1))
    (i64.ne (local.get 0) (local.get 1))
    (i64.lt_s (local.get 0) (local.get 1))
    (i64.lt_u (local.get 0) (local.get 1))
    (i64.gt_s (local.get 0) (local.get 1))
    (i64.gt_u (local.get 0) (local.get 1))
    (i64.le_s (local.get 0) (local.get 1))
    (i64.le_u (local.get 0) (local.get 1))
    (i64.ge_s (local.get 0) (local.get 1))
    (i64.ge_u (local.get 0) (local.get 1)))
  (func (export "one") (param i64) (result i64 i64 i64 i64 i64 i64 i32)
    (i64.clz (local.get 0))
    (i64.ctz (local.get 0))
    (i64.popcnt (local.get 0))
    (i64.extend8_s (local.get 0))
    (i64.extend16_s (local.get 0))
    (i64.extend32_s (local.get 0))
    (i64.eqz (local.get 0)))
  (func (export "divide") (param i64 i64) (result i64 i64 i64 i64)
    (i64.div_s (local.get 0) (local.get 1))
    (i64.div_u (local.get 0) (local.get 1))
    (i64.rem_s (local.get 0) (local.get 1))
    (i64.rem_u (local.get 0) (local.get 1)))
  (func (export "by-constants") (param i64) (result i64 i64 i64 i64 i64)
    (i64.div_s (local.get 0) (i64.const 7))
    (i64.rem_s (local.get 0) (i64.const 7))
    (i64.shr_s (local.get 0) (i64.const 3))
    (i64.and (local.get 0) (i64.const 7))
    (i64.mul (local.get 0) (i64.const 5))))
