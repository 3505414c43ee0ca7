;;! An import that elfin does not know: an error that lists all with their signatures, or a trap, or zeros.
;;# run: refused
;;# compile-error: env
;;# compile-error: first
;;# compile-error: second
;;# compile-error: --unknown-imports
;;# run: trap, but only when it is called
;;# elfin: --unknown-imports=trap --invoke unused
;;# stdout: 5
;;# run: trap
;;# elfin: --unknown-imports=trap --invoke used
;;# trap: unknown import called
;;# run: zero
;;# elfin: --unknown-imports=zero --invoke used
;;# stdout: 3
;;# no-reference: node has no such option
(module
  (import "env" "first" (func $first (param i32) (result i32)))
  (import "env" "second" (func $second (param i64 f64) (result f32)))
  (memory (export "memory") 1)
  (func (export "_start") (drop (call $used)))
  (func (export "unused") (result i32) (i32.const 5))
  (func $used (export "used") (result i32)
    (i32.add (call $first (i32.const 1))
      (i32.add (i32.const 3) (i32.trunc_f32_s (call $second (i64.const 1) (f64.const 1)))))))
