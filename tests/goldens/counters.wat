;; A counter lives in one register: its next value is what ends the loop.
(module
  (memory 1)
  (func (export "_start") (call $f (i32.const 8)))
  (func $f (param i32) (local i32)
    (loop
      (i32.store (i32.add (local.get 0) (local.get 1)) (local.get 1))
      (br_if 0 (i32.ne (i32.const 400)
        (local.tee 1 (i32.add (local.get 1) (i32.const 4))))))))
