;;! Accesses at every alignment, across a page boundary too.
;;# invoke: at 0 = 8 1
;;# invoke: at 1 = 8 1
;;# invoke: at 3 = 8 1
;;# invoke: at 4093 = 8 1
;;# invoke: at 65535 = 8 1
;;# invoke: bytes 65533 = 1 2 1027 67305985 578437695752307201
(module
  (memory 2)
  (func (export "at") (param i32) (result i32 i32)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i32.load8_u offset=7 (local.get 0))
    (i32.load8_u (local.get 0)))
  (func (export "bytes") (param i32) (result i32 i32 i32 i32 i64)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i32.load8_s (local.get 0))
    (i32.load8_u offset=1 (local.get 0))
    (i32.load16_u offset=2 (local.get 0))
    (i32.load (local.get 0))
    (i64.load (local.get 0))))
