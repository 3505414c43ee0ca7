;;! memory.copy with overlaps, fill, init at its bounds; nothing is written when it traps.
;;# invoke: copy 0 3 5 = 7523094301143098724
;;# invoke: copy 3 0 5 = 7306073769693635169
;;# invoke: copy 0 0 8 = 7523094288207667809
;;# invoke: copy 8 65536 0 = 7523094288207667809
;;# invoke: copy 8 65537 0 = trap out of bounds memory access
;;# invoke: large 3 = 1
;;# invoke: fill 1 3 258 = 7523094286557119073
;;# invoke: fill 65536 0 1 = 7523094288207667809
;;# invoke: fill 65537 0 1 = trap out of bounds memory access
;;# invoke: fill 0 -1 1 = trap out of bounds memory access
;;# invoke: init 2 1 3 = 7523094076928975457
;;# invoke: init 0 4 0 = 7523094288207667809
;;# invoke: init 0 5 0 = trap out of bounds memory access
(module
  (memory 1)
  (data (i32.const 0) "abcdefgh")
  (data $p "1234")
  (func $word (result i64) (i64.load (i32.const 0)))
  (func (export "copy") (param i32 i32 i32) (result i64)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)) call $word)
  (func (export "fill") (param i32 i32 i32) (result i64)
    (memory.fill (local.get 0) (local.get 2) (local.get 1)) call $word)
  (func (export "init") (param i32 i32 i32) (result i64)
    (memory.init $p (local.get 0) (local.get 1) (local.get 2)) call $word)
  ;; A copy of 60,000 bytes by so many bytes upwards, checked byte by byte.
  (func (export "large") (param $by i32) (result i32) (local $i i32)
    (loop $write
      (i32.store8 offset=100 (local.get $i) (i32.mul (local.get $i) (i32.const 7)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $write (i32.lt_u (local.get $i) (i32.const 60000))))
    (memory.copy (i32.add (i32.const 100) (local.get $by)) (i32.const 100) (i32.const 60000))
    (local.set $i (i32.const 0))
    (loop $read
      (if (i32.ne (i32.load8_u offset=100 (i32.add (local.get $i) (local.get $by)))
                  (i32.and (i32.mul (local.get $i) (i32.const 7)) (i32.const 255)))
        (then (return (i32.const 0))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $read (i32.lt_u (local.get $i) (i32.const 60000))))
    (i32.const 1)))
