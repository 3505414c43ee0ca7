;; A function that copies bytes one by one is proved to do so. Where the ranges lie in the memory and have no byte in
;; common, it is a copy as `memory.copy` has it; the loop is left for the others.
(module
  (memory 1)
  (func (export "_start")
    (drop (call $f (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 8)))))
  (func $f (param i32 i32 i32) (result i32) (local i32)
    (local.set 3 (local.get 0))
    (block $done
      (br_if $done (i32.eqz (local.get 2)))
      (loop $next
        (i32.store8 (local.get 3) (i32.load8_u (local.get 1)))
        (local.set 3 (i32.add (local.get 3) (i32.const 1)))
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br_if $next (local.tee 2 (i32.sub (local.get 2) (i32.const 1))))))
    (local.get 0)))
