;;! Tables with 64-bit indices.
;;# invoke: size = 3 2
;;# invoke: call 1 = 20
;;# invoke: call 2 = trap uninitialized element
;;# invoke: call 3 = trap undefined element
;;# invoke: call 4294967297 = trap undefined element
;;# invoke: call -1 = trap undefined element
;;# invoke: get 4294967296 = trap out of bounds table access
;;# invoke: set 3 = trap out of bounds table access
;;# invoke: grow 2 = 3 5
;;# invoke: grow 8 = -1 3
;;# invoke: grow -1 = -1 3
;;# invoke: fill 2 1 = 10
;;# invoke: fill 2 2 = trap out of bounds table access
;;# invoke: fill 2 -1 = trap out of bounds table access
;;# invoke: fill -1 2 = trap out of bounds table access
;;# invoke: copy 1 0 2 = 10
;;# invoke: copy -1 0 2 = trap out of bounds table access
;;# invoke: copy 0 -1 2 = trap out of bounds table access
;;# invoke: mixed 1 = 10
;;# invoke: mixed -1 = trap out of bounds table access
;;# invoke: init 1 = 10
;;# invoke: init -1 = trap out of bounds table access
(module
  (type $f (func (result i32)))
  (table $t i64 3 10 funcref)
  (table $small 2 2 funcref)
  (elem (table $t) (i64.const 0) func $ten $twenty)
  (elem $p func $ten)
  (func $ten (result i32) (i32.const 10))
  (func $twenty (result i32) (i32.const 20))
  (func (export "size") (result i64 i32) (table.size $t) (table.size $small))
  (func $call (export "call") (param i64) (result i32) (call_indirect $t (type $f) (local.get 0)))
  (func (export "get") (param i64) (result i32) (ref.is_null (table.get $t (local.get 0))))
  (func (export "set") (param i64) (result i32)
    (table.set $t (local.get 0) (ref.func $ten)) (call $call (local.get 0)))
  (func (export "grow") (param i64) (result i64 i64)
    (table.grow $t (ref.null func) (local.get 0)) (table.size $t))
  (func (export "fill") (param i64 i64) (result i32)
    (table.fill $t (local.get 0) (ref.func $ten) (local.get 1)) (call $call (local.get 0)))
  (func (export "copy") (param i64 i64 i64) (result i32)
    (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)) (call $call (local.get 0)))
  (func (export "mixed") (param i32) (result i32)
    (table.copy $small $t (i32.const 0) (i64.const 0) (local.get 0))
    (call_indirect $small (type $f) (i32.const 0)))
  (func (export "init") (param i64) (result i32)
    (table.init $t $p (local.get 0) (i32.const 0) (i32.const 1)) (call $call (local.get 0))))
