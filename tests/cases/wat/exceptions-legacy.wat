;;! The legacy form: `try` with `catch`, `catch_all`, `delegate` and `rethrow`.
;;# invoke: clauses 0 = 10
;;# invoke: clauses 1 = 21
;;# invoke: clauses 2 = 12
;;# invoke: clauses 3 = 5
;;# invoke: keeps-the-value = 7
;;# invoke: rethrow 0 = 1
;;# invoke: rethrow 1 = 2
;;# invoke: rethrow 2 = 3
;;# invoke: delegate 0 = 3
;;# invoke: delegate 1 = 2
;;# invoke: delegate-to-block = 1
;;# invoke: delegate-to-clause = 1
;;# invoke: delegate-to-caller = 9
;;# invoke: without-clauses = 1
;;# invoke: clause-is-not-guarded = 2
;;# invoke: locals = 11
;;# invoke: unreachable-code = 4
;;# invoke: both-forms = 9
;;# invoke: tail-call = 6
;;# invoke: trap = trap unreachable
(module
  (tag $a) (tag $b (param i32)) (tag $c)
  (func $throw-one-of (param i32)
    (block (block (block (block (br_table 0 1 2 3 (local.get 0)))
      (throw $a)) (throw $b (i32.const 21))) (throw $c)))
  (func $throw-value (param i32) (throw $b (local.get 0)))

  (func (export "clauses") (param i32) (result i32)
    try (result i32)
      (call $throw-one-of (local.get 0))
      (i32.const 5)
    catch $a
      (i32.const 10)
    catch $b
    catch_all
      (i32.const 12)
    end)

  ;; A rethrown exception is the same one.
  (func (export "keeps-the-value") (result i32)
    try (result i32)
      try
        (call $throw-value (i32.const 7))
      catch_all
        rethrow 0
      end
      (i32.const 0)
    catch $b
    end)

  ;; Which of two exceptions is rethrown, and who catches it.
  (func (export "rethrow") (param i32) (result i32)
    try (result i32)
      try (result i32)
        (throw $a)
      catch $a
        try (result i32)
          (throw $c)
        catch $c
          (if (i32.eqz (local.get 0)) (then rethrow 2))
          (if (i32.eq (local.get 0) (i32.const 1)) (then rethrow 1))
          (i32.const 3)
        end
      end
    catch $a
      (i32.const 1)
    catch $c
      (i32.const 2)
    end)

  ;; A delegated exception passes the block between.
  (func (export "delegate") (param i32) (result i32)
    try $outer (result i32)
      try (result i32)
        (if (local.get 0) (then (throw $a)))
        try (result i32)
          (throw $a)
        delegate $outer
      catch $a
        (i32.const 2)
      end
    catch $a
      (i32.const 3)
    end)

  (func (export "delegate-to-block") (result i32)
    try (result i32)
      block
        try
          (throw $a)
        delegate 0
      end
      (i32.const 0)
    catch_all
      (i32.const 1)
    end)

  ;; A clause is not guarded by its own block.
  (func (export "delegate-to-clause") (result i32)
    try (result i32)
      try
        (throw $a)
      catch $a
        try
          rethrow 1
        delegate 0
      end
      (i32.const 0)
    catch_all
      (i32.const 1)
    end)

  (func $delegates-out
    try
      try
        (throw $b (i32.const 9))
      delegate 1
    catch_all
    end)
  (func (export "delegate-to-caller") (result i32)
    try (result i32)
      (call $delegates-out)
      (i32.const 0)
    catch $b
    end)

  (func (export "without-clauses") (result i32)
    try (result i32)
      try (result i32)
        (call $throw-one-of (i32.const 0))
        (i32.const 0)
      end
    catch $a
      (i32.const 1)
    end)

  (func (export "clause-is-not-guarded") (result i32)
    try (result i32)
      try (result i32)
        (throw $a)
      catch $a
        (call $throw-one-of (i32.const 0))
        (i32.const 0)
      catch_all
        (i32.const 1)
      end
    catch $a
      (i32.const 2)
    end)

  (func (export "locals") (result i32)
    (local i32)
    try
      (local.set 0 (i32.const 1))
      (call $throw-one-of (i32.const 3))
      (local.set 0 (i32.const 10))
      (call $throw-one-of (i32.const 0))
      (local.set 0 (i32.const 100))
    catch_all
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
    end
    (local.get 0))

  ;; Blocks that can't be reached, and clauses of bodies that don't throw.
  (func (export "unreachable-code") (result i32)
    (block
      (br 0)
      try
        try
          (throw $a)
        delegate 0
      catch $a
        try
        catch_all
          rethrow 1
        end
      catch_all
      end)
    try (result i32)
      (i32.const 4)
    catch $a
      (i32.const 5)
    catch_all
      rethrow 0
    end)

  (func (export "both-forms") (result i32)
    (block $caught (result i32)
      (try_table (catch $b $caught)
        try
          (call $throw-value (i32.const 9))
        catch_all
          rethrow 0
        end)
      (unreachable)))

  (func $leaves (result i32)
    try (result i32)
      (i32.const 6)
      return_call $throw-and-return
    catch_all
      (i32.const 1)
    end)
  (func $throw-and-return (param i32) (result i32)
    (throw $b (local.get 0)))
  (func (export "tail-call") (result i32)
    try (result i32)
      (call $leaves)
    catch $b
    end)

  (func (export "trap")
    try
      (unreachable)
    catch_all
    end))
