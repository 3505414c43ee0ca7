;;! `try_table`: which clause catches, what it gets, and what it must not catch.
;;# invoke: order 0 = 10
;;# invoke: order 1 = 11
;;# invoke: order 2 = 12
;;# invoke: order 3 = 0
;;# invoke: inner-first 0 = 1
;;# invoke: inner-first 1 = 2
;;# invoke: inner-first 2 = 2
;;# invoke: shadowed = 1
;;# invoke: values = 1 2 3.5 4.25
;;# invoke: reference = 42
;;# invoke: nested-reference = 7
;;# invoke: again = 3
;;# invoke: locals 0 = 111
;;# invoke: locals 1 = 110
;;# invoke: locals 2 = 100
;;# invoke: indirect 0 = 5
;;# invoke: indirect 1 = 77
;;# invoke: many-arguments 1 = 99
;;# invoke: many-arguments 0 = 78
;;# invoke: loop 1000 = 1000
;;# invoke: recursion 100000 = 100000
;;# invoke: in-caller = 1
;;# invoke: traps 0 = trap unreachable
;;# invoke: traps 1 = trap integer divide by zero
;;# invoke: traps 2 = trap out of bounds memory access
;;# invoke: traps 3 = trap call stack exhausted
;;# invoke: traps 4 = trap null reference
;;# invoke: null = trap null reference
;;# invoke: aliases = 1
(module
  (type $thunk (func (result i32)))
  (memory 1)
  (tag $a) (tag $b) (tag $c)
  (tag $number (param i32))
  (tag $several (param i32 i64 f32 f64))
  (tag $function (param funcref externref (ref null $thunk)))
  (tag $exception (param exnref))
  (tag $same (export "one") (export "other"))
  (table funcref (elem $five $throws-number))
  (elem declare func $forty-two)

  (func $five (type $thunk) (i32.const 5))
  (func $forty-two (type $thunk) (i32.const 42))
  (func $throws-number (type $thunk) (throw $number (i32.const 77)))
  (func $throw-one-of (param i32)
    (block (block (block (block (br_table 0 1 2 3 (local.get 0)))
      (throw $a)) (throw $b)) (throw $c)))

  ;; The clauses are asked in their order.
  (func (export "order") (param i32) (result i32)
    (block $all
      (block $on-b
        (block $on-a
          (try_table (catch $a $on-a) (catch $b $on-b) (catch_all $all) (catch $c $on-a)
            (call $throw-one-of (local.get 0)))
          (return (i32.const 0)))
        (return (i32.const 10)))
      (return (i32.const 11)))
    (i32.const 12))

  ;; An inner block is asked before an outer one.
  (func (export "inner-first") (param i32) (result i32)
    (block $outer
      (try_table (catch $a $outer) (catch_all $outer)
        (block $inner
          (try_table (catch $a $inner) (call $throw-one-of (local.get 0)))
          (return (i32.const 0)))
        (return (i32.const 1))))
    (i32.const 2))

  ;; What an inner block catches altogether reaches no outer one.
  (func (export "shadowed") (result i32)
    (block $outer
      (try_table (catch $a $outer)
        (block $inner
          (try_table (catch_all $inner) (call $throw-one-of (i32.const 0)))
          (return (i32.const 0)))
        (return (i32.const 1))))
    (i32.const 2))

  (func (export "values") (result i32 i64 f32 f64)
    (block $caught (result i32 i64 f32 f64)
      (try_table (catch $several $caught)
        (throw $several (i32.const 1) (i64.const 2) (f32.const 3.5) (f64.const 4.25)))
      (unreachable)))

  (table $one 1 (ref null $thunk))
  (func (export "reference") (result i32)
    (local $function (ref null $thunk))
    (block $caught (result funcref externref (ref null $thunk))
      (try_table (catch $function $caught)
        (throw $function (ref.null func) (ref.null extern) (ref.func $forty-two)))
      (unreachable))
    (local.set $function)
    (table.set $one (i32.const 0) (local.get $function))
    (if (i32.eqz (ref.is_null)) (then (unreachable)))
    (if (i32.eqz (ref.is_null)) (then (unreachable)))
    (call_indirect $one (type $thunk) (i32.const 0)))

  ;; A reference to an exception, carried by another one.
  (func (export "nested-reference") (result i32)
    (local $first exnref)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (throw $number (i32.const 7)))
      (unreachable))
    (local.set $first)
    (block $carried (result exnref)
      (try_table (catch $exception $carried) (throw $exception (local.get $first)))
      (unreachable))
    (local.set $first)
    (block $number (result i32)
      (try_table (catch $number $number) (throw_ref (local.get $first)))
      (unreachable)))

  ;; An exception can be thrown more than once, from elsewhere too.
  (func $throw-again (param exnref) (throw_ref (local.get 0)))
  (func (export "again") (result i32)
    (local $exception exnref) (local $count i32)
    (block $caught (result i32 exnref)
      (try_table (catch_ref $number $caught) (throw $number (i32.const 1)))
      (unreachable))
    (local.set $exception)
    (local.set $count)
    (loop $more
      (block $caught (result i32 exnref)
        (try_table (catch_ref $number $caught) (call $throw-again (local.get $exception)))
        (unreachable))
      (local.set $exception)
      (local.set $count (i32.add (local.get $count)))
      (br_if $more (i32.lt_u (local.get $count) (i32.const 3))))
    (local.get $count))

  ;; A handler finds locals as they were at the call.
  (func $throw-if (param i32) (if (local.get 0) (then (throw $a))))
  (func (export "locals") (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.const 100))
    (block $caught
      (try_table (catch $a $caught)
        (call $throw-if (i32.eq (local.get 0) (i32.const 2)))
        (local.set 1 (i32.add (local.get 1) (i32.const 10)))
        (call $throw-if (i32.eq (local.get 0) (i32.const 1)))
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))))
    (local.get 1))

  (func (export "indirect") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $number $caught)
        (call_indirect (type $thunk) (local.get 0)))))

  ;; Arguments and results on the stack, and a handler behind.
  (func $many (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
      (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
    (call $throw-if (local.get 0))
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
    (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 11))
  (func (export "many-arguments") (param i32) (result i32)
    (local i32 i32 i32)
    (local.set 1 (i32.const 90))
    (local.set 2 (i32.const 9))
    (block $caught
      (try_table (catch $a $caught)
        (call $many (local.get 0) (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5)
          (i32.const 6) (i32.const 7) (i32.const 8) (i32.const 9) (i32.const 10) (i32.const 23))
        (i32.add) (i32.add) (i32.add) (i32.add) (i32.add) (i32.add)
        (i32.add) (i32.add) (i32.add) (i32.add) (i32.add)
        (return)))
    (i32.add (local.get 1) (local.get 2)))

  ;; A clause may branch to a loop.
  (func (export "loop") (param i32) (result i32)
    (local i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (try_table (catch $b $next) (throw $b))
        (unreachable)))
    (local.get 1))

  ;; Through many frames, each of which catches something else.
  (func $descend (param i32)
    (if (i32.eqz (local.get 0)) (then (throw $number (i32.const 100000))))
    (block $other
      (try_table (catch $a $other) (call $descend (i32.sub (local.get 0) (i32.const 1))))
      (return))
    (unreachable))
  (func (export "recursion") (param i32) (result i32)
    (block $caught (result i32)
      (try_table (catch $number $caught) (call $descend (local.get 0)))
      (unreachable)))

  ;; A tail call leaves the block: its exceptions are the caller's.
  (func $tail-call (result i32)
    (block $caught
      (try_table (catch_all $caught) (return_call $throws-number)))
    (i32.const 0))
  (func (export "in-caller") (result i32)
    (block $caught
      (try_table (catch_all $caught) (drop (call $tail-call)))
      (return (i32.const 0)))
    (i32.const 1))

  ;; Traps are no exceptions.
  (func $endless (param i32) (result i32)
    (i32.add (call $endless (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
  (func $trap (param i32)
    (block (block (block (block (block (br_table 0 1 2 3 4 (local.get 0)))
      (unreachable))
      (drop (i32.div_u (i32.const 1) (i32.const 0))) (return))
      (drop (i32.load (i32.const 0x10000))) (return))
      (drop (call $endless (i32.const 0))) (return))
    (throw_ref (ref.null exn)))
  (func (export "traps") (param i32)
    (block $caught
      (try_table (catch_all $caught) (call $trap (local.get 0)))))
  (func (export "null")
    (block $caught
      (try_table (catch_all $caught) (throw_ref (ref.null exn)))))

  (func (export "aliases") (result i32)
    (block $caught
      (try_table (catch $same $caught) (throw $same))
      (unreachable))
    (i32.const 1)))
