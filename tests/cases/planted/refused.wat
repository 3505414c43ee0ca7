;;! The module is not compiled, but the case wants it to run.
;;# must-fail: elfin compile: exit status 1
(module (import "env" "unknown" (func)) (memory (export "memory") 1) (func (export "_start")))
