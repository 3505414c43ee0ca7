;;# compile-error: _start
;;# compile-error: --invoke
(module
  (func (export "other")))
