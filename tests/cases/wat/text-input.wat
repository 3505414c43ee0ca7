;;! elfin takes the text format as it is.
;;# input: source
;;# no-reference: node takes binaries
;;# invoke: add 40 2 = 42
(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
