;;! Another trap, in another function, at another instruction than expected; and no trap at all.
;;# invoke: divide 1 0 = trap unreachable
;;# frames: other@I32DivU
;;# invoke: divide 4 2 = trap integer divide by zero
;;# invoke: divide 4 2 = 3
;;# must-fail: no line of stderr begins with `elfin: trap: unreachable`
;;# must-fail: frame 0 is `divide`, expected `other`
;;# must-fail: expected I32DivU
;;# must-fail: exit status 0, expected 134
;;# must-fail: stdout differs in line 1: `2`, expected `3`
(module
  (func $divide (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))
