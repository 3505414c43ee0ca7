;;! Exceptions that nothing refers to any more are freed; those in a local, a global, a table or another exception stay.
;;# timeout: 300
;;# elfin: --stack-size 64M
;;# invoke: many 10000000 = 10000000
;;# invoke: keep 100000 = 4950
;;# invoke: grown 100000 = 12
;;# invoke: chain 100000 = 5000050000
;;# invoke: deep 100000 100000 = 100000
;;# invoke: in-locals 100000 = 36
(module
  (tag $e (param i64))
  (tag $nested (param exnref i64))
  (table $kept 100 exnref)
  (table $grows 1 exnref)
  (global $last (mut exnref) (ref.null exn))

  (func $throw (param i64) (throw $e (local.get 0)))

  ;; The exception with this value.
  (func $make (param i64) (result exnref)
    (local exnref)
    (block $caught (result i64 exnref)
      (try_table (catch_ref $e $caught) (call $throw (local.get 0)))
      (unreachable))
    (local.set 1)
    (drop)
    (local.get 1))

  ;; The value of an exception.
  (func $value (param exnref) (result i64)
    (block $caught (result i64)
      (try_table (catch $e $caught) (throw_ref (local.get 0)))
      (unreachable)))

  ;; Throws this often; the references on the way are garbage at once. Gives the number of exceptions caught.
  (func $many (export "many") (param i64) (result i64)
    (local i64)
    (loop $again
      (local.set 1 (i64.add (local.get 1)
        (i64.extend_i32_u (i64.ne (call $value (call $make (local.get 0))) (i64.const 0)))))
      (br_if $again (i64.ne (i64.const 0) (local.tee 0 (i64.sub (local.get 0) (i64.const 1))))))
    (local.get 1))

  ;; 100 exceptions in a table and one in a global outlive this many others.
  (func (export "keep") (param i64) (result i64)
    (local $sum i64) (local $index i32)
    (loop $fill
      (table.set $kept (local.get $index) (call $make (i64.extend_i32_u (local.get $index))))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $fill (i32.lt_u (local.get $index) (i32.const 100))))
    (global.set $last (call $make (i64.const 7)))
    (drop (call $many (local.get 0)))
    (loop $add
      (local.set $index (i32.sub (local.get $index) (i32.const 1)))
      (local.set $sum (i64.add (local.get $sum) (call $value (table.get $kept (local.get $index)))))
      (br_if $add (local.get $index)))
    (if (i64.ne (call $value (global.get $last)) (i64.const 7)) (then (unreachable)))
    (local.get $sum))

  ;; Likewise in a table that grows.
  (func (export "grown") (param i64) (result i64)
    (drop (table.grow $grows (call $make (i64.const 4)) (i32.const 3)))
    (drop (call $many (local.get 0)))
    (i64.add
      (call $value (table.get $grows (i32.const 1)))
      (i64.add (call $value (table.get $grows (i32.const 2))) (call $value (table.get $grows (i32.const 3))))))

  ;; Exceptions of which each carries the one before; then the sum of their values.
  (func (export "chain") (param i64) (result i64)
    (local $chain exnref) (local $sum i64) (local $value i64)
    (loop $longer
      (block $caught (result exnref i64 exnref)
        (try_table (catch_ref $nested $caught) (throw $nested (local.get $chain) (local.get 0)))
        (unreachable))
      (local.set $chain) (drop) (drop)
      (br_if $longer (i64.ne (i64.const 0) (local.tee 0 (i64.sub (local.get 0) (i64.const 1))))))
    (drop (call $many (i64.const 100000)))
    (loop $add
      (block $caught (result exnref i64)
        (try_table (catch $nested $caught) (throw_ref (local.get $chain)))
        (unreachable))
      (local.set $value)
      (local.set $chain)
      (local.set $sum (i64.add (local.get $sum) (local.get $value)))
      (br_if $add (i32.eqz (ref.is_null (local.get $chain)))))
    (local.get $sum))

  ;; Throws this often below this many frames, the last time through all of them.
  (func (export "deep") (param i32 i64) (result i64)
    (block $caught (result i64)
      (try_table (catch $e $caught) (call $descend (local.get 0) (local.get 1)))
      (unreachable)))
  (func $descend (param i32 i64)
    (if (local.get 0)
      (then (call $descend (i32.sub (local.get 0) (i32.const 1)) (local.get 1)))
      (else (throw $e (call $many (local.get 1)))))
    ;; Keeps the call above from being the last thing that happens.
    (global.set $last (ref.null exn)))

  ;; Eight references in locals, while others are made.
  (func (export "in-locals") (param i64) (result i64)
    (local exnref exnref exnref exnref exnref exnref exnref exnref)
    (local.set 1 (call $make (i64.const 1)))
    (local.set 2 (call $make (i64.const 2)))
    (local.set 3 (call $make (i64.const 3)))
    (local.set 4 (call $make (i64.const 4)))
    (local.set 5 (call $make (i64.const 5)))
    (local.set 6 (call $make (i64.const 6)))
    (local.set 7 (call $make (i64.const 7)))
    (local.set 8 (call $make (i64.const 8)))
    (drop (call $many (local.get 0)))
    (i64.add (call $value (local.get 1)) (i64.add (call $value (local.get 2))
      (i64.add (call $value (local.get 3)) (i64.add (call $value (local.get 4))
      (i64.add (call $value (local.get 5)) (i64.add (call $value (local.get 6))
      (i64.add (call $value (local.get 7)) (call $value (local.get 8)))))))))))
