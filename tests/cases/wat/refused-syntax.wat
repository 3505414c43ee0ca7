;;# input: source
;;# compile-error: refused-syntax.wat
;;# no-reference: it is no module
(module
  (func (export "_start") (i32.const 1) (i32.nonsense)))
