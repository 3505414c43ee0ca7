;;! Mutable globals of every type, constant ones, one initialised from another, references.
;;# no-reference: node 20 takes no global of the module in a constant expression
;;# invoke: initial = -1 -2 1.5 2.5 42 50 1
;;# invoke: changed = 7 8 0.5 0.25 9
;;# invoke: count 1000000 = 1000000
;;# invoke: call-reference = 11
(module
  (global $i (mut i32) (i32.const -1))
  (global $l (mut i64) (i64.const -2))
  (global $f (mut f32) (f32.const 1.5))
  (global $d (mut f64) (f64.const 2.5))
  (global $constant i32 (i32.const 42))
  (global $sum i64 (i64.sub (i64.mul (i64.const 10) (i64.const 6)) (i64.const 10)))
  (global $copy (mut i32) (global.get $constant))
  (global $reference (mut funcref) (ref.null func))
  (table $t 1 funcref)
  (func $eleven (result i32) (i32.const 11))
  (elem declare func $eleven)
  (func (export "initial") (result i32 i64 f32 f64 i32 i64 i32)
    (global.get $i) (global.get $l) (global.get $f) (global.get $d) (global.get $copy) (global.get $sum)
    (ref.is_null (global.get $reference)))
  (func (export "changed") (result i32 i64 f32 f64 i32)
    (global.set $i (i32.const 7)) (global.set $l (i64.const 8))
    (global.set $f (f32.const 0.5)) (global.set $d (f64.const 0.25)) (global.set $copy (i32.const 9))
    (global.get $i) (global.get $l) (global.get $f) (global.get $d) (global.get $copy))
  (func (export "count") (param i32) (result i32)
    (global.set $i (i32.const 0))
    (loop $again
      (call $increment)
      (br_if $again (i32.lt_u (global.get $i) (local.get 0))))
    (global.get $i))
  (func $increment (global.set $i (i32.add (global.get $i) (i32.const 1))))
  (func (export "call-reference") (result i32)
    (global.set $reference (ref.func $eleven))
    (table.set $t (i32.const 0) (global.get $reference))
    (call_indirect $t (result i32) (i32.const 0))))
