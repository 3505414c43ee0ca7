;;! Branch hints move code and change nothing; a section that can't be read says nothing.
;;# invoke: if 1 = 10
;;# invoke: if 0 = 20
;;# invoke: branch 1 = 1
;;# invoke: branch 0 = 2
(module
  (func (export "if") (param i32) (result i32)
    (@metadata.code.branch_hint "\00")
    (if (result i32) (local.get 0) (then (i32.const 10)) (else (i32.const 20))))
  (func (export "branch") (param i32) (result i32)
    (block $slow
      (@metadata.code.branch_hint "\01")
      (br_if $slow (i32.eqz (local.get 0)))
      (return (i32.const 1)))
    (i32.const 2))
  (@custom "metadata.code.branch_hint" (before code) "\ff\ff"))
