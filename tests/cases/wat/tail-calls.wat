;;! Ten million tail calls need no stack: direct, through a table, between functions with different parameters.
;;# timeout: 120
;;# invoke: count 10000000 = 10000000
;;# invoke: even 10000000 = 1
;;# invoke: even 9999999 = 0
;;# invoke: indirect 10000000 = 50000005000000
;;# invoke: shuffle 3000001 = 2 3 1
;;# invoke: many 1000000 = 55
;;# invoke: wrong-type = trap indirect call type mismatch
;;# invoke: null = trap uninitialized element
(module
  (type $sum (func (param i32 i64) (result i64)))
  (table 3 3 funcref)
  (elem (i32.const 0) $step $count)
  (func $count (export "count") (param i32) (result i32) (return_call $counting (local.get 0) (i32.const 0)))
  (func $counting (param i32 i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $counting (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 1))))
  (func $even (export "even") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
    (return_call $odd (i32.sub (local.get 0) (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call $even (i32.sub (local.get 0) (i32.const 1))))
  (func (export "indirect") (param i32) (result i64)
    (return_call_indirect (type $sum) (local.get 0) (i64.const 0) (i32.const 0)))
  (func $step (type $sum)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call_indirect (type $sum)
      (i32.sub (local.get 0) (i32.const 1))
      (i64.add (local.get 1) (i64.extend_i32_u (local.get 0)))
      (i32.const 0)))
  (func (export "shuffle") (param i32) (result i32 i32 i32)
    (return_call $rotate (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3)))
  (func $rotate (param i32 i32 i32 i32) (result i32 i32 i32)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1) (local.get 2) (local.get 3))))
    (return_call $rotate (i32.sub (local.get 0) (i32.const 1)) (local.get 2) (local.get 3) (local.get 1)))
  ;; More parameters than registers, in a callee whose caller has few.
  (func (export "many") (param i32) (result i64) (return_call $few (local.get 0)))
  (func $few (param i32) (result i64)
    (return_call $wide (local.get 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
      (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10)))
  (func $wide (param i32 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)
    (if (local.get 0) (then (return_call $few (i32.sub (local.get 0) (i32.const 1)))))
    (i64.add (local.get 1) (i64.add (local.get 2) (i64.add (local.get 3) (i64.add (local.get 4) (i64.add (local.get 5)
    (i64.add (local.get 6) (i64.add (local.get 7) (i64.add (local.get 8) (i64.add (local.get 9) (local.get 10)))))))))))
  (func (export "wrong-type") (result i64)
    (return_call_indirect (type $sum) (i32.const 0) (i64.const 0) (i32.const 1)))
  (func (export "null") (result i64)
    (return_call_indirect (type $sum) (i32.const 0) (i64.const 0) (i32.const 2))))
