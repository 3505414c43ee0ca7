;;! 3 GiB, touched near 2^31 and at its end.
;;# invoke: touch = 1 2 3 0
;;# invoke: offset 0 = 2
;;# invoke: offset -2147483648 = trap out of bounds memory access
;;# invoke: offset 1073741820 = 3
;;# invoke: offset 1073741821 = trap out of bounds memory access
(module
  (memory 49152 49152)
  (func $write
    (i32.store (i32.const 0x7ffffffe) (i32.const 1))
    (i32.store offset=0x80000000 (i32.const 4) (i32.const 2))
    (i32.store (i32.const 0xbffffffc) (i32.const 3)))
  (func (export "touch") (result i32 i32 i32 i32)
    call $write
    (i32.load (i32.const 0x7ffffffe))
    (i32.load offset=0x7fffffff (i32.const 5))
    (i32.load offset=0xbffffffc (i32.const 0))
    (i32.load offset=0x40000000 (i32.const 0x40000010)))
  (func (export "offset") (param i32) (result i32)
    call $write
    (i32.load offset=0x80000000
      (select (i32.const 4) (i32.sub (local.get 0) (i32.const 0)) (i32.eqz (local.get 0))))))
