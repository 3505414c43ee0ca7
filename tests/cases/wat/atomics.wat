;;! Atomic accesses of every width, in a memory that is shared and at its end; waiting, when there is one thread.
;;# elfin: --wasm-features threads
;;# invoke: add = -2054781048 -9114578089212575967 136 -9114578090645354719 34696 -9114578090645323999 -9114578090645354616 -7879972474208846047 136 -9114578090645354719 34696 -9114578090645323999 2240186248 -9114578089212575967
;;# invoke: sub = -2054781048 -9114578092078133265 136 -9114578090645354513 34696 -9114578090645385233 -9114578090645354616 8097560366627688431 136 -9114578090645354513 34696 -9114578090645385233 2240186248 -9114578092078133265
;;# invoke: and = -2054781048 -9114578092801259640 136 -9114578090645354616 34696 -9114578090645387384 -9114578090645354616 72623859790382984 136 -9114578090645354616 34696 -9114578090645387384 2240186248 -9114578092801259640
;;# invoke: or = -2054781048 -9114578089296857191 136 -9114578090645354599 34696 -9114578090645325927 -9114578090645354616 -7952596333999229031 136 -9114578090645354599 34696 -9114578090645325927 2240186248 -9114578089296857191
;;# invoke: xor = -2054781048 -9114578089381138415 136 -9114578090645354735 34696 -9114578090645327855 -9114578090645354616 -8025220193789612015 136 -9114578090645354735 34696 -9114578090645327855 2240186248 -9114578089381138415
;;# invoke: xchg = -2054781048 -9114578091452762215 136 -9114578090645354599 34696 -9114578090645358695 -9114578090645354616 1234605616436508569 136 -9114578090645354599 34696 -9114578090645358695 2240186248 -9114578091452762215
;;# invoke: exchange = -2054781048 -9114578091452762215 136 -9114578090645354599 34696 -9114578090645358695 -9114578090645354616 1234605616436508569 136 -9114578090645354599 34696 -9114578090645358695 2240186248 -9114578091452762215
;;# invoke: keep = -2054781048 -9114578090645354616 136 -9114578090645354616 34696 -9114578090645354616 -9114578090645354616 -9114578090645354616 136 -9114578090645354616 34696 -9114578090645354616 2240186248 -9114578090645354616
;;# invoke: load = -2054781048 136 34696 -9114578090645354616 136 34696 2240186248
;;# invoke: store = -9114578091452762215 -9114578090645354599 -9114578090645358695 1234605616436508569 -9114578090645354599 -9114578090645358695 -9114578091452762215
;;# invoke: aligned 65532 = 0
;;# invoke: aligned 65536 = trap out of bounds memory access
;;# invoke: aligned -4 = trap out of bounds memory access
;;# invoke: aligned 2 = trap unaligned atomic
;;# invoke: aligned-16 1 = trap unaligned atomic
;;# invoke: byte 65535 = 0
;;# invoke: byte 65536 = trap out of bounds memory access
;;# invoke: large 65528 = 0
;;# invoke: large 65532 = trap unaligned atomic
;;# invoke: large 65536 = trap out of bounds memory access
;;# invoke: wait32 0 1 = 1
;;# invoke: wait32 0 0 = 2
;;# invoke: wait32 65536 0 = trap out of bounds memory access
;;# invoke: wait32 2 0 = trap unaligned atomic
;;# invoke: wait64 8 1 = 1
;;# invoke: wait64 8 4294967296 = 1
;;# invoke: wait64 8 0 = 2
;;# invoke: wait64 4 0 = trap unaligned atomic
;;# invoke: wait-unshared 0 = trap expected shared memory
;;# invoke: notify 0 = 0
;;# invoke: notify 2 = trap unaligned atomic
;;# invoke: notify 65536 = trap out of bounds memory access
;;# invoke: fence = 1
(module
  (memory $m 1 2 shared)
  (memory $unshared 1)
  (memory $m64 i64 1)
  ;; Eight words.
  (func $fill (local $i i32)
    (loop $next
      (i64.store (local.get $i) (i64.const 0x8182838485868788))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 64)))))
  (func (export "add") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.add (i32.const 0) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.add_u (i32.const 8) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.add_u (i32.const 16) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.add (i32.const 24) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.add_u (i32.const 32) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.add_u (i32.const 40) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.add_u (i32.const 48) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "sub") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.sub (i32.const 0) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.sub_u (i32.const 8) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.sub_u (i32.const 16) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.sub (i32.const 24) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.sub_u (i32.const 32) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.sub_u (i32.const 40) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.sub_u (i32.const 48) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "and") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.and (i32.const 0) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.and_u (i32.const 8) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.and_u (i32.const 16) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.and (i32.const 24) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.and_u (i32.const 32) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.and_u (i32.const 40) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.and_u (i32.const 48) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "or") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.or (i32.const 0) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.or_u (i32.const 8) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.or_u (i32.const 16) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.or (i32.const 24) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.or_u (i32.const 32) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.or_u (i32.const 40) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.or_u (i32.const 48) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "xor") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.xor (i32.const 0) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.xor_u (i32.const 8) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.xor_u (i32.const 16) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.xor (i32.const 24) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.xor_u (i32.const 32) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.xor_u (i32.const 40) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.xor_u (i32.const 48) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "xchg") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.xchg (i32.const 0) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.xchg_u (i32.const 8) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.xchg_u (i32.const 16) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.xchg (i32.const 24) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.xchg_u (i32.const 32) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.xchg_u (i32.const 40) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.xchg_u (i32.const 48) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "exchange") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const -2054781048) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.cmpxchg_u (i32.const 8) (i32.const 136) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.cmpxchg_u (i32.const 16) (i32.const 34696) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.cmpxchg (i32.const 24) (i64.const -9114578090645354616) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.cmpxchg_u (i32.const 32) (i64.const 136) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.cmpxchg_u (i32.const 40) (i64.const 34696) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.cmpxchg_u (i32.const 48) (i64.const 2240186248) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "keep") (result i32 i64 i32 i64 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const -2054781047) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.rmw8.cmpxchg_u (i32.const 8) (i32.const 137) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.rmw16.cmpxchg_u (i32.const 16) (i32.const 34697) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.rmw.cmpxchg (i32.const 24) (i64.const -9114578090645354615) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.rmw8.cmpxchg_u (i32.const 32) (i64.const 137) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.rmw16.cmpxchg_u (i32.const 40) (i64.const 34697) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.rmw32.cmpxchg_u (i32.const 48) (i64.const 2240186249) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "load") (result i32 i32 i32 i64 i64 i64 i64)
    call $fill
    (i32.atomic.load (i32.const 0))
    (i32.atomic.load8_u (i32.const 8))
    (i32.atomic.load16_u (i32.const 16))
    (i64.atomic.load (i32.const 24))
    (i64.atomic.load8_u (i32.const 32))
    (i64.atomic.load16_u (i32.const 40))
    (i64.atomic.load32_u (i32.const 48)))
  (func (export "store") (result i64 i64 i64 i64 i64 i64 i64)
    call $fill
    (i32.atomic.store (i32.const 0) (i32.const 1432778649))
    (i64.load (i32.const 0))
    (i32.atomic.store8 (i32.const 8) (i32.const 1432778649))
    (i64.load (i32.const 8))
    (i32.atomic.store16 (i32.const 16) (i32.const 1432778649))
    (i64.load (i32.const 16))
    (i64.atomic.store (i32.const 24) (i64.const 1234605616436508569))
    (i64.load (i32.const 24))
    (i64.atomic.store8 (i32.const 32) (i64.const 1234605616436508569))
    (i64.load (i32.const 32))
    (i64.atomic.store16 (i32.const 40) (i64.const 1234605616436508569))
    (i64.load (i32.const 40))
    (i64.atomic.store32 (i32.const 48) (i64.const 1234605616436508569))
    (i64.load (i32.const 48)))
  (func (export "aligned") (param i32) (result i32) (i32.atomic.rmw.add offset=0 (local.get 0) (i32.const 1)))
  (func (export "aligned-16") (param i32) (result i32) (i32.atomic.load16_u offset=2 (local.get 0)))
  (func (export "byte") (param i32) (result i32)
    (i32.atomic.rmw8.cmpxchg_u (local.get 0) (i32.const 0) (i32.const 1)))
  (func (export "large") (param i64) (result i64)
    (i64.atomic.rmw.or $m64 (local.get 0) (i64.const 1)))
  (func (export "wait32") (param i32 i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (i64.const 1000000)))
  (func (export "wait64") (param i32 i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (local.get 1) (i64.const 1000000)))
  (func (export "wait-unshared") (param i32) (result i32)
    (memory.atomic.wait32 $unshared (local.get 0) (i32.const 0) (i64.const -1)))
  (func (export "notify") (param i32) (result i32)
    (memory.atomic.notify (local.get 0) (i32.const -1)))
  (func (export "fence") (result i32) (atomic.fence) (i32.const 1)))
