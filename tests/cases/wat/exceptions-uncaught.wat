;;! An exception that nobody catches ends the program like a trap, with the frames from where it was thrown.
;;# also: --pie
;;# also aarch64: --branch-protection pac-ret
;;# exit: 134
;;# run: with names
;;# stderr:
;;| elfin: uncaught exception: too-late
;;|    0: 0x0036  inner
;;|    1: 0x0046  middle
;;|    2: 0x0051  wasm-function[2]
;;# run: stripped
;;# elfin: --strip
;;# stderr:
;;| elfin: uncaught exception: tag[1]
;;|    0: 0x0036  wasm-function[0]
;;|    1: 0x0046  wasm-function[1]
;;|    2: 0x0051  wasm-function[2]
(module
  (tag $other)
  (tag $too-late (param i32))
  (func $inner (param i32)
    (if (local.get 0) (then (throw $too-late (i32.const 3)))))
  (func $middle
    (block $caught
      (try_table (catch $other $caught) (call $inner (i32.const 1)))
      (call $inner (i32.const 0))))
  (func (export "_start") (call $middle)))
