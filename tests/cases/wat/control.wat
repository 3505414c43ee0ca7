;;! Blocks with parameters and several results, br_table, br_if with values, unreachable code, deep nesting.
;;# invoke: classify 0 = 100
;;# invoke: classify 1 = 101
;;# invoke: classify 2 = 102
;;# invoke: classify 3 = 199
;;# invoke: classify -1 = 199
;;# invoke: values 0 = 7
;;# invoke: values 1 = 3
;;# invoke: values 5 = 7
;;# invoke: power 3 5 = 243
;;# invoke: power 2 0 = 1
;;# invoke: swap 1 2 = 2 1
;;# invoke: divide 17 5 = 3 2
;;# invoke: nested 1 = 31
;;# invoke: nested 0 = 30
;;# invoke: early 3 = 3
;;# invoke: early -3 = 0
;;# invoke: mixed 4 = 4 8.5 16 0.25
;;# invoke: ten = 1 2 3 4 5 6 7 8 9 10
;;# invoke: after-return = 5
;;# invoke: loop-result 6 = 720
;;# invoke: select 0 = 2 4
;;# invoke: select 9 = 1 3
;;# invoke: big-table 999 = 999
;;# invoke: big-table 1000 = -1
(module
  (func (export "classify") (param i32) (result i32)
    (block $other (block $two (block $one (block $zero
      (br_table $zero $one $two $other (local.get 0)))
      (return (i32.const 100)))
      (return (i32.const 101)))
      (return (i32.const 102)))
    (i32.const 199))
  (func (export "values") (param i32) (result i32)
    (block $outer (result i32)
      (i32.add (i32.const 5)
        (block $inner (result i32)
          (br_table $inner $outer (i32.add (local.get 0) (i32.const 2)) (local.get 0))))))
  (func (export "power") (param i32 i32) (result i32)
    (i32.const 1) (local.get 1)
    (block $done (param i32 i32) (result i32)
      (loop $again (param i32 i32) (result i32)
        (local.set 1)
        (br_if $done (i32.eqz (local.get 1)))
        (i32.mul (local.get 0))
        (i32.sub (local.get 1) (i32.const 1))
        (br $again))))
  (func $swap (export "swap") (param i32 i32) (result i32 i32) (local.get 1) (local.get 0))
  (func (export "divide") (param i32 i32) (result i32 i32)
    (i32.rem_u (local.get 0) (local.get 1))
    (i32.div_u (local.get 0) (local.get 1))
    (call $swap))
  (func (export "nested") (param i32) (result i32)
    (i32.const 10) (i32.const 20)
    (if (param i32 i32) (result i32) (local.get 0)
      (then (block (param i32 i32) (result i32) (i32.add) (i32.const 1) (i32.add)))
      (else (i32.add))))
  (func (export "early") (param i32) (result i32)
    (loop $again (result i32)
      (if (i32.lt_s (local.get 0) (i32.const 0))
        (then (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br $again)))
      (return (local.get 0))))
  (func (export "mixed") (param i32) (result i32 f64 i64 f32)
    (local.get 0) (f64.const 8.5) (i64.const 16) (f32.const 0.25))
  (func (export "ten") (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (call $ten))
  (func $ten (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5)
    (i32.const 6) (i32.const 7) (i32.const 8) (i32.const 9) (i32.const 10))
  (func (export "after-return") (result i32)
    (return (i32.const 5))
    (drop (i32.add)) (unreachable) (br_if 0 (i32.const 1)) (drop) (i64.const 1) (drop) (select) (i32.wrap_i64))
  (func (export "loop-result") (param i32) (result i32) (local i32)
    (local.set 1 (i32.const 1))
    (loop $again (result i32)
      (local.set 1 (i32.mul (local.get 1) (local.get 0)))
      (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))
      (local.get 1)))
  (func (export "select") (param i32) (result i32 i64)
    (select (i32.const 1) (i32.const 2) (local.get 0))
    (select (result i64) (i64.const 3) (i64.const 4) (local.get 0)))
  (func (export "big-table") (param i32) (result i32)
    (block $default
      (block $found
        (br_table
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found $found $found $found $found $found $found $found $found
          $found $found $found $found $found $found
          $default (local.get 0)))
      (return (local.get 0)))
    (i32.const -1)))
