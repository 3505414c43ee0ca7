;;! Several tables: growth, fill, copy with overlap, init, dropped segments, functions and external references.
;;# invoke: sizes = 3 10 0
;;# invoke: grow 5 = 3 8
;;# invoke: grow 20 = -1 3
;;# invoke: grow 17 = 3 20
;;# invoke: call-grown = 22
;;# invoke: nulls = 0 1 1 0
;;# invoke: copied = 33 11 22 33
;;# invoke: copied-down = 22 33 33
;;# invoke: between = 11 22
;;# invoke: initialised = 33 11
;;# invoke: dropped 0 = 0
;;# invoke: dropped 1 = trap out of bounds table access
;;# invoke: declared-is-dropped = trap out of bounds table access
;;# invoke: filled = 22 22 1
;;# invoke: set-and-call = 11
;;# invoke: external = 1 3
;;# invoke: expressions = 33 1
;;# invoke: grown-far = 11
(module
  (type $number (func (result i32)))
  (table $a 3 20 funcref)
  (table $b 10 10 funcref)
  (table $x 0 100 externref)
  (table $expressions funcref (elem (item ref.func $f33) (item ref.null func)))
  (elem (table $a) (i32.const 0) func $f11 $f22 $f33)
  (elem $passive func $f33 $f11)
  (elem declare func $f22)
  (elem $active (table $b) (i32.const 9) func $f22)
  (func $f11 (result i32) (i32.const 11))
  (func $f22 (result i32) (i32.const 22))
  (func $f33 (result i32) (i32.const 33))
  (func $a (param i32) (result i32) (call_indirect $a (type $number) (local.get 0)))
  (func $b (param i32) (result i32) (call_indirect $b (type $number) (local.get 0)))
  (func (export "sizes") (result i32 i32 i32) (table.size $a) (table.size $b) (table.size $x))
  (func (export "grow") (param i32) (result i32 i32)
    (table.grow $a (ref.null func) (local.get 0)) (table.size $a))
  (func (export "call-grown") (result i32)
    (drop (table.grow $a (ref.func $f22) (i32.const 4)))
    (call $a (i32.const 6)))
  (func (export "nulls") (result i32 i32 i32 i32)
    (ref.is_null (table.get $a (i32.const 0)))
    (ref.is_null (table.get $b (i32.const 0)))
    (ref.is_null (ref.null extern))
    (ref.is_null (ref.func $f22)))
  (func (export "copied") (result i32 i32 i32 i32)
    (drop (table.grow $a (ref.null func) (i32.const 1)))
    (table.copy $a $a (i32.const 1) (i32.const 0) (i32.const 3))
    (table.set $a (i32.const 0) (ref.func $f33))
    (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)) (call $a (i32.const 3)))
  (func (export "copied-down") (result i32 i32 i32)
    (table.copy $a $a (i32.const 0) (i32.const 1) (i32.const 2))
    (call $a (i32.const 0)) (call $a (i32.const 1)) (call $a (i32.const 2)))
  (func (export "between") (result i32 i32)
    (table.copy $b $a (i32.const 4) (i32.const 0) (i32.const 3))
    (call $b (i32.const 4)) (call $b (i32.const 5)))
  (func (export "initialised") (result i32 i32)
    (table.init $b $passive (i32.const 1) (i32.const 0) (i32.const 2))
    (call $b (i32.const 1)) (call $b (i32.const 2)))
  (func (export "dropped") (param i32) (result i32)
    (elem.drop $passive)
    (table.init $b $passive (i32.const 0) (i32.const 0) (local.get 0))
    (i32.const 0))
  (func (export "declared-is-dropped")
    (table.init $b $active (i32.const 0) (i32.const 0) (i32.const 1)))
  (func (export "filled") (result i32 i32 i32)
    (table.fill $b (i32.const 2) (ref.func $f22) (i32.const 3))
    (call $b (i32.const 2)) (call $b (i32.const 4))
    (ref.is_null (table.get $b (i32.const 5))))
  (func (export "set-and-call") (result i32)
    (table.set $b (i32.const 3) (table.get $a (i32.const 0)))
    (call $b (i32.const 3)))
  (func (export "external") (result i32 i32)
    (drop (table.grow $x (ref.null extern) (i32.const 3)))
    (ref.is_null (table.get $x (i32.const 2)))
    (table.size $x))
  (func (export "expressions") (result i32 i32)
    (call_indirect $expressions (type $number) (i32.const 0))
    (ref.is_null (table.get $expressions (i32.const 1))))
  (func (export "grown-far") (result i32)
    (drop (table.grow $a (ref.func $f11) (i32.const 17)))
    (call $a (i32.const 19))))
