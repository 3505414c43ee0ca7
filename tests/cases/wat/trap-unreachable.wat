;;# also: --pie
;;# also aarch64: --branch-protection pac-ret
;;# trap: unreachable
;;# frames: inner@Unreachable outer@Call _start@Call
(module
  (func $inner unreachable)
  (func $outer call $inner)
  (func $_start (export "_start") call $outer))
