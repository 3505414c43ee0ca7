;;! The module is fine, but the case wants it refused.
;;# compile-error: no such message
;;# must-fail: expected a refusal with exit status 1
;;# must-fail: elfin's stderr lacks `no such message`
;;# must-fail: left an output file behind
(module (memory (export "memory") 1) (func (export "_start")))
