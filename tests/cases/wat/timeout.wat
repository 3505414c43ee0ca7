;; The time that a program may take.
;;# no-reference: node has no limit
;;# run: not over
;;# elfin: --timeout 1h
;;# args: x
;;# run: over while it computes
;;# elfin: --timeout 200ms
;;# exit: 124
;;# stderr: elfin: ended: the program was compiled to run no longer than 200 ms
;;# run: over while it waits
;;# elfin: --timeout 1
;;# args: x y
;;# exit: 124
;;# stderr: elfin: ended: the program was compiled to run no longer than 1 s

(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  ;; A subscription to the monotonic clock, in a hundred seconds.
  (data (i32.const 16) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\00\e8\76\48\17")
  (func (export "_start")
    (drop (call $args (i32.const 0) (i32.const 4)))
    (if (i32.eq (i32.load (i32.const 0)) (i32.const 2)) (then return))
    (if (i32.eq (i32.load (i32.const 0)) (i32.const 3))
      (then (drop (call $poll (i32.const 16) (i32.const 100) (i32.const 1) (i32.const 0)))))
    (loop (br 0))))
