;;! How arguments are read and results printed.
;;# invoke: all 1 2 0.5 0.25 = 1 2 0.5 0.25
;;# invoke: all -1 -9223372036854775808 -0 1e100 = -1 -9223372036854775808 -0 10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000
;;# invoke: all 2147483647 9223372036854775807 inf -inf = 2147483647 9223372036854775807 inf -inf
;;# invoke: nothing =
;;# run: too few arguments
;;# elfin: --invoke all
;;# args: 1 2
;;# exit: 126
;;# run: not a number
;;# elfin: --invoke all
;;# args: 1 x 0 0
;;# exit: 126
;;# no-reference: node prints floats in its own way
(module
  (func (export "all") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3))
  (func (export "nothing")))
