;; A call in a `try_table` costs what it costs outside of one: compare `f` with that of `call`. Where the handler lies is
;; data; the handler itself stands behind everything else.
(module
  (tag $e (param i32))
  (func (export "_start")
    (drop (call $f (i32.const 1))))
  (func $f (param i32) (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $e $caught)
        (i32.add (call $g (local.get 0)) (i32.const 1)))))
  (func $g (param i32) (result i32)
    (throw $e (local.get 0))))
