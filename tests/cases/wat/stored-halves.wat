;;! 64 bits of which two stores wrote a part each, at any distance, are what memory holds; so they are where a third store
;;! has changed a byte, where the second one comes late, and as a number with a fraction.
;;# invoke: wide-narrow 64 = 867798387104613893
;;# invoke: narrow-wide 64 = 361417177238866698
;;# invoke: wide-wide-1 64 = 650777868590383874
;;# invoke: wide-wide-3 64 = 795458214266537220
;;# invoke: wide-wide-7 64 = 1084818905618843912
;;# invoke: overwritten 64 = 867798387104677637
;;# invoke: behind 64 = 867798387104613893
;;# invoke: fraction 64 = 2.5
;;# invoke: loaded 64 = 1446519769674483205
;;# invoke: wide-narrow 65528 = trap out of bounds memory access
(module
  (memory (export "memory") 1)
  (data (i32.const 128) "\11\12\13\14\15\16\17\18")
  (func (export "wide-narrow") (param i32) (result i64)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i32.store offset=8 (local.get 0) (i32.const 0x0c0b0a09))
    (i64.load offset=4 (local.get 0)))
  (func (export "narrow-wide") (param i32) (result i64)
    (i64.store offset=4 (local.get 0) (i64.const 0x0807060504030201))
    (i32.store (local.get 0) (i32.const 0x0c0b0a09))
    (i64.load offset=1 (local.get 0)))
  (func (export "wide-wide-1") (param i32) (result i64)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i64.store offset=8 (local.get 0) (i64.const 0x100f0e0d0c0b0a09))
    (i64.load offset=1 (local.get 0)))
  (func (export "wide-wide-3") (param i32) (result i64)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i64.store offset=8 (local.get 0) (i64.const 0x100f0e0d0c0b0a09))
    (i64.load offset=3 (local.get 0)))
  (func (export "wide-wide-7") (param i32) (result i64)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i64.store offset=8 (local.get 0) (i64.const 0x100f0e0d0c0b0a09))
    (i64.load offset=7 (local.get 0)))
  (func (export "overwritten") (param i32) (result i64)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i32.store offset=8 (local.get 0) (i32.const 0x0c0b0a09))
    (i32.store8 offset=5 (local.get 0) (i32.const 0xff))
    (i64.load offset=4 (local.get 0)))
  (func (export "behind") (param i32) (result i64)
    (i64.store offset=8 (local.get 0) (i64.const 0))
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i64.store offset=8 (local.get 0) (i64.const 0x100f0e0d0c0b0a09))
    (i64.load offset=4 (local.get 0)))
  (func (export "fraction") (param i32) (result f64)
    (i64.store (local.get 0) (i64.shl (i64.reinterpret_f64 (f64.const 2.5)) (i64.const 32)))
    (i32.store offset=8 (local.get 0)
      (i32.wrap_i64 (i64.shr_u (i64.reinterpret_f64 (f64.const 2.5)) (i64.const 32))))
    (f64.load offset=4 (local.get 0)))
  ;; What was loaded from elsewhere is stored as the second half.
  (func (export "loaded") (param i32) (result i64)
    (i64.store (local.get 0) (i64.const 0x0807060504030201))
    (i64.store offset=8 (local.get 0) (i64.load offset=64 (local.get 0)))
    (i64.load offset=4 (local.get 0))))
