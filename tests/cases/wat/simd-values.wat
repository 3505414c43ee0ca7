;;! Vectors wherever a value can be: globals, locals, parameters beyond the registers, several results, blocks, branches,
;;! selects, calls of each kind.
;;# cpu x86_64: generic x86-64-v2 x86-64-v3
;;# cpu riscv64: rv64gcv
;;# machine riscv64: rv64gcv rv64gcv-256
;;# invoke: globals = 1 2 7 8 5 6 9
;;# invoke: locals = 0 0 3 4
;;# invoke: many = 78 156
;;# invoke: results = 3 4 1 2
;;# invoke: loop 10 = 55 110
;;# invoke: choose 0 = 5 6
;;# invoke: choose 1 = 1 2
;;# invoke: branch 0 = 1 2
;;# invoke: branch 1 = 3 4
;;# invoke: branch 7 = 5 6
;;# invoke: through 0 = 2 4
;;# invoke: through 1 = -1 -2
;;# invoke: through 2 = trap indirect call type mismatch
;;# invoke: tail 100000 = 100000 200000
(module
  (type $unary (func (param v128) (result v128)))
  ;; Words beside vectors, so that a vector would not be aligned by chance.
  (global $first (mut i32) (i32.const 9))
  (global $vector (mut v128) (v128.const i64x2 5 6))
  (global $second (mut i32) (i32.const 9))
  (global $other (mut v128) (v128.const i64x2 0 0))
  (global $constant v128 (v128.const i64x2 1 2))
  (table funcref (elem $double $negate $locals))

  (func $halves (param v128) (result i64 i64)
    (i64x2.extract_lane 0 (local.get 0))
    (i64x2.extract_lane 1 (local.get 0)))
  (func (export "globals") (result i64 i64 i64 i64 i64 i64 i32)
    (global.set $other (v128.const i64x2 7 8))
    (global.set $first (i32.const 0))
    (call $halves (global.get $constant))
    (call $halves (global.get $other))
    (call $halves (global.get $vector))
    (global.set $vector (global.get $constant))
    (global.get $second)
    (global.set $second (i32.const 0)))

  (func $locals (export "locals") (result i64 i64 i64 i64)
    (local $zero v128) (local $set v128)
    (local.set $set (v128.const i64x2 3 4))
    (call $halves (local.get $zero))
    (call $halves (local.get $set)))

  (func $sum (param v128 i32 v128 v128 v128 f64 v128 v128 v128 v128 v128 v128 v128 v128) (result v128)
    (local.get 0)
    (i64x2.add (local.get 2)) (i64x2.add (local.get 3)) (i64x2.add (local.get 4)) (i64x2.add (local.get 6))
    (i64x2.add (local.get 7)) (i64x2.add (local.get 8)) (i64x2.add (local.get 9)) (i64x2.add (local.get 10))
    (i64x2.add (local.get 11)) (i64x2.add (local.get 12)) (i64x2.add (local.get 13)))
  (func (export "many") (result i64 i64)
    (call $halves
      (call $sum
        (v128.const i64x2 1 2) (i32.const 99) (v128.const i64x2 2 4) (v128.const i64x2 3 6) (v128.const i64x2 4 8)
        (f64.const 99) (v128.const i64x2 5 10) (v128.const i64x2 6 12) (v128.const i64x2 7 14) (v128.const i64x2 8 16)
        (v128.const i64x2 9 18) (v128.const i64x2 10 20) (v128.const i64x2 11 22) (v128.const i64x2 12 24))))

  (func $swap (param v128 v128) (result v128 v128) (local.get 1) (local.get 0))
  (func (export "results") (result i64 i64 i64 i64)
    (local v128)
    (call $swap (v128.const i64x2 1 2) (v128.const i64x2 3 4))
    (local.set 0)
    (call $halves)
    (call $halves (local.get 0)))

  ;; The sum of the numbers up to n, and twice that: the block's parameter carries it.
  (func (export "loop") (param $n i32) (result i64 i64)
    (v128.const i64x2 0 0)
    (loop $next (param v128) (result v128)
      (i64x2.add (i64x2.mul (i64x2.splat (i64.extend_i32_u (local.get $n))) (v128.const i64x2 1 2)))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (br_if $next (local.get $n)))
    (call $halves))

  (func (export "choose") (param i32) (result i64 i64)
    (select (result v128) (v128.const i64x2 3 4) (v128.const i64x2 5 6) (local.get 0))
    (if (param v128) (result v128) (local.get 0)
      (then (drop) (v128.const i64x2 1 2))
      (else))
    (call $halves))

  (func (export "branch") (param i32) (result i64 i64)
    (block $b (result v128)
      (block $a (result v128)
        (br_table $a $b (v128.const i64x2 3 4) (local.get 0)))
      (drop)
      (v128.const i64x2 1 2))
    (select (v128.const i64x2 5 6) (i32.lt_u (local.get 0) (i32.const 2)))
    (call $halves))

  (func $double (type $unary) (i64x2.shl (local.get 0) (i32.const 1)))
  (func $negate (type $unary) (i64x2.neg (local.get 0)))
  (func (export "through") (param i32) (result i64 i64)
    (call $halves (call_indirect (type $unary) (v128.const i64x2 1 2) (local.get 0))))

  (func $count (param $n i32) (param $sum v128) (result v128)
    (if (i32.eqz (local.get $n)) (then (return (local.get $sum))))
    (return_call $count
      (i32.sub (local.get $n) (i32.const 1))
      (i64x2.add (local.get $sum) (v128.const i64x2 1 2))))
  (func (export "tail") (param i32) (result i64 i64)
    (call $halves (call $count (local.get 0) (v128.const i64x2 0 0)))))
