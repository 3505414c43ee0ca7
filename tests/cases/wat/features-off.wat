;;! A module that needs a proposal that is off: its name, and the option that switches it on.
;;# compile-error: needs the atomics proposal, which is off
;;# compile-error: --wasm-features=atomics
(module
  (memory 1 1 shared)
  (func (export "_start") (drop (i32.atomic.load (i32.const 0)))))
