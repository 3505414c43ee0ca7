;;! A table without a maximum grows by a million elements.
;;# invoke: grow 1000000 = 1 1000001 5
;;# invoke: grow -1 = -1 1 5
(module
  (type $number (func (result i32)))
  (table $t 1 funcref)
  (elem (i32.const 0) $five)
  (func $five (result i32) (i32.const 5))
  (func (export "grow") (param i32) (result i32 i32 i32)
    (table.grow $t (ref.func $five) (local.get 0))
    (table.size $t)
    (call_indirect $t (type $number) (i32.sub (table.size $t) (i32.const 1)))))
