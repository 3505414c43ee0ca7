;;! Loops that look as if they could do several iterations at once, but for one thing: what they call, elements of two
;;! types, addresses that stay where they are, globals, an end of the memory. `copied` has all that it takes.
;;# elfin: -Z no-inline
;;# invoke: called 99 = 99
;;# invoke: mixed 99 = 4851
;;# invoke: still 99 = 99
;;# invoke: globals 90 = 2880067194370816120
;;# invoke: swapped 99 = 100
;;# invoke: offsets 99 = 300
;;# invoke: copied 65136 100 = 65136
;;# invoke: copied 65136 101 = trap out of bounds memory access
;;# invoke: copied -16 100 = trap out of bounds memory access
(module
  (memory 1)
  (type $counts (func (param i32) (result i32)))
  (global $calls (mut i32) (i32.const 0))
  (global $a (mut i64) (i64.const 0))
  (global $b (mut i64) (i64.const 0))
  (global $x (mut f64) (f64.const 0))
  (global $y (mut f64) (f64.const 0))
  (global $z (mut f64) (f64.const 0))
  (func $count (type $counts)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (local.get 0))
  ;; How often a function is called whose result is not used.
  (func (export "called") (param $n i32) (result i32) (local $p i32)
    (loop
      (drop (call $count (local.get $n)))
      (i32.store (local.get $p) (i32.const 7))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.get $calls))
  ;; Structures of a 32-bit integer and a number with a fraction: the integers' sum.
  (func (export "mixed") (param $n i32) (result i32) (local $p i32) (local $x f32) (local $i i32) (local $sum i32)
    (local.set $x (f32.convert_i32_s (local.get $n)))
    (local.set $i (local.get $n))
    (loop
      (i32.store (local.get $p) (local.get $sum))
      (f32.store offset=4 (local.get $p) (local.get $x))
      (i32.store offset=8 (local.get $p) (local.get $n))
      (f32.store offset=12 (local.get $p) (local.get $x))
      (local.set $p (i32.add (local.get $p) (i32.const 16)))
      (br_if 0 (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
    (loop
      (local.set $p (i32.sub (local.get $p) (i32.const 16)))
      (local.set $sum (i32.add (local.get $sum) (i32.load offset=8 (local.get $p))))
      (local.set $sum (i32.sub (local.get $sum) (i32.trunc_f32_s (f32.load offset=12 (local.get $p)))))
      (local.set $sum (i32.add (local.get $sum) (local.get $i)))
      (br_if 0 (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $sum))
  ;; Four counters in the memory.
  (func (export "still") (param $n i32) (result i32)
    (i64.store (i32.const 64) (i64.const 0))
    (i64.store (i32.const 72) (i64.const 0))
    (loop
      (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
      (i32.store (i32.const 68) (i32.add (i32.load (i32.const 68)) (i32.const 1)))
      (i32.store (i32.const 72) (i32.add (i32.load (i32.const 72)) (i32.const 1)))
      (i32.store (i32.const 76) (i32.add (i32.load (i32.const 76)) (i32.const 1)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.load (i32.const 72)))
  ;; Fibonacci numbers in globals, beside a row.
  (func (export "globals") (param $n i32) (result i64) (local $p i32) (local $old i64)
    (global.set $a (i64.const 0))
    (global.set $b (i64.const 1))
    (loop
      (i64.store (local.get $p) (i64.const 1))
      (i64.store offset=8 (local.get $p) (i64.const 1))
      (local.set $old (global.get $b))
      (global.set $b (i64.add (global.get $a) (global.get $b)))
      (global.set $a (local.get $old))
      (local.set $p (i32.add (local.get $p) (i32.const 16)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.get $a))
  ;; Two globals that get each other's value and one more.
  (func (export "swapped") (param $n i32) (result i64) (local $p i32) (local $old i64)
    (global.set $a (i64.const 0))
    (global.set $b (i64.const 1))
    (loop
      (i64.store (local.get $p) (i64.const 1))
      (i64.store offset=8 (local.get $p) (i64.const 1))
      (local.set $old (global.get $a))
      (global.set $a (i64.add (global.get $b) (i64.const 1)))
      (global.set $b (i64.add (local.get $old) (i64.const 1)))
      (local.set $p (i32.add (local.get $p) (i32.const 16)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (global.get $a))
  (func $set (param $n i32)
    (global.set $x (f64.convert_i32_s (local.get $n)))
    (global.set $y (f64.add (global.get $x) (f64.const 1)))
    (global.set $z (f64.add (global.get $y) (f64.const 1))))
  ;; Points that are moved by what globals hold, pairs of neighbours; gives the sum of the last one.
  (func (export "offsets") (param $n i32) (result f64) (local $p i32)
    (call $set (local.get $n))
    (loop
      (f64.store (local.get $p) (f64.add (f64.load (local.get $p)) (global.get $x)))
      (f64.store offset=8 (local.get $p) (f64.add (f64.load offset=8 (local.get $p)) (global.get $y)))
      (f64.store offset=16 (local.get $p) (f64.add (f64.load offset=16 (local.get $p)) (global.get $y)))
      (f64.store offset=24 (local.get $p) (f64.add (f64.load offset=24 (local.get $p)) (global.get $z)))
      (local.set $p (i32.add (local.get $p) (i32.const 32)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (f64.add
      (f64.sub (f64.load (i32.const 0)) (f64.load (i32.const 8)))
      (f64.add
        (f64.load (i32.sub (local.get $p) (i32.const 24)))
        (f64.add
          (f64.load (i32.sub (local.get $p) (i32.const 16)))
          (f64.load (i32.sub (local.get $p) (i32.const 8)))))))
  ;; Each element is its address; gives the first one.
  (func (export "copied") (param $p i32) (param $n i32) (result i32) (local $q i32)
    (local.set $q (local.get $p))
    (loop
      (i32.store (local.get $p) (local.get $p))
      (local.set $p (i32.add (local.get $p) (i32.const 4)))
      (br_if 0 (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.load (local.get $q))))
