;;! A 64-bit memory of more than 4 GiB, at once and by growth; its accesses far behind the beginning.
;;# invoke: touch = 98305 262144 1 2 3
;;# invoke: beyond = trap out of bounds memory access
(module
  (memory i64 98304)
  (data (i64.const 0x1_7fff_0000) "\01")
  (func $grow (drop (memory.grow (i64.const 1))))
  (func (export "touch") (result i64 i64 i32 i32 i64)
    call $grow
    memory.size
    (drop (memory.grow (i64.sub (i64.const 262144) (memory.size))))
    memory.size
    (i32.store8 offset=0x1_0000_0000 (i64.const 0x8000_0000) (i32.const 2))
    (i64.store (i64.const 0x3_ffff_fff8) (i64.const 3))
    (i32.load8_u (i64.const 0x1_7fff_0000))
    (i32.load8_u offset=0x8000_0000 (i64.const 0x1_0000_0000))
    (i64.load offset=0xffff_fff8 (i64.const 0x3_0000_0000)))
  (func (export "beyond") (result i32)
    call $grow
    (i32.load8_u offset=0x8001_0000 (i64.const 0x1_0000_0000))))
