;;! Proposals can be switched off; all that are missing are named.
;;# elfin: --wasm-features=-memory64,-multi-memory
;;# compile-error: needs the multi-memory and memory64 proposals, which are off
(module
  (memory i64 1)
  (memory 1)
  (func (export "_start")))
