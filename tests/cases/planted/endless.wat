;;! The program does not end.
;;# timeout: 1
;;# must-fail: the time was up
(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))
