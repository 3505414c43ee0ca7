;;! Several memories: each has its own size, contents and end; instructions name the memory that they use.
;;# also: --pie
;;# invoke: sizes = 1 2 0 3
;;# invoke: contents = 97 98 0
;;# invoke: apart = 1 2 3
;;# invoke: grow = -1 3 2 5
;;# invoke: load2 131068 = 0
;;# invoke: load2 131069 = trap out of bounds memory access
;;# invoke: load2 -1 = trap out of bounds memory access
;;# invoke: far 0 = trap out of bounds memory access
;;# invoke: farthest 0 = trap out of bounds memory access
;;# invoke: empty 0 = trap out of bounds memory access
;;# invoke: copy 0 0 4 = 1684234849
;;# invoke: copy 131068 65532 4 = 0
;;# invoke: copy 131069 0 4 = trap out of bounds memory access
;;# invoke: copy 0 65533 4 = trap out of bounds memory access
;;# invoke: fill 131072 0 = 0
;;# invoke: fill 131072 1 = trap out of bounds memory access
;;# invoke: init 0 3 = 3355185
;;# invoke: init 131070 3 = trap out of bounds memory access
;;# invoke: sum 100 = 14950
(module
  (memory $a 1)
  (memory $b 2 2)
  (memory $c 0)
  (memory $d 3 5)
  (data (memory $a) (i32.const 0) "abcd")
  (data (memory $b) (i32.const 0) "b")
  (data $p "123")
  (func (export "sizes") (result i32 i32 i32 i32)
    (memory.size $a) (memory.size $b) (memory.size $c) (memory.size $d))
  (func (export "contents") (result i32 i32 i32)
    (i32.load8_u $a (i32.const 0)) (i32.load8_u $b (i32.const 0)) (i32.load8_u $d (i32.const 0)))
  (func (export "apart") (result i32 i64 f64)
    (i32.store $a offset=8 (i32.const 0) (i32.const 1))
    (i64.store $b offset=8 (i32.const 0) (i64.const 2))
    (f64.store $d offset=8 (i32.const 0) (f64.const 3))
    (i32.load $a (i32.const 8)) (i64.load $b (i32.const 8)) (f64.load $d (i32.const 8)))
  (func (export "grow") (result i32 i32 i32 i32)
    ;; $b stands at its maximum, $d may grow by two.
    (memory.grow $b (i32.const 1)) (memory.grow $d (i32.const 2)) (memory.size $b) (memory.size $d))
  (func (export "load2") (param i32) (result i32) (i32.load $b (local.get 0)))
  (func (export "far") (param i32) (result i32) (i32.load $b offset=0xfffffff0 (local.get 0)))
  (func (export "farthest") (param i32) (result i64) (i64.load $b offset=0xffffffff (local.get 0)))
  (func (export "empty") (param i32) (result i32) (i32.load8_u $c (local.get 0)))
  (func (export "copy") (param i32 i32 i32) (result i32)
    (memory.copy $b $a (local.get 0) (local.get 1) (local.get 2))
    (i32.load $b (local.get 0)))
  (func (export "fill") (param i32 i32) (result i32)
    (memory.fill $b (local.get 0) (i32.const 7) (local.get 1))
    (i32.load8_u $a (i32.const 8)))
  (func (export "init") (param i32 i32) (result i32)
    (memory.init $b $p (local.get 0) (i32.const 0) (local.get 1))
    (i32.load $b (local.get 0)))
  ;; A loop over two memories, whose bases stay in registers.
  (func (export "sum") (param $n i32) (result i32) (local $i i32) (local $sum i32)
    (loop $write
      (i32.store $b offset=64 (i32.shl (local.get $i) (i32.const 2)) (local.get $i))
      (i32.store $d offset=64 (i32.shl (local.get $i) (i32.const 2)) (i32.shl (local.get $i) (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $write (i32.lt_u (local.get $i) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $read
      (local.set $sum (i32.add (local.get $sum)
        (i32.add (i32.load $b offset=64 (i32.shl (local.get $i) (i32.const 2)))
                 (i32.load $d offset=64 (i32.shl (local.get $i) (i32.const 2))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $read (i32.lt_u (local.get $i) (local.get $n))))
    ;; 3 * (0 + ... + n-1), and what lies between.
    (i32.add (local.get $sum) (i32.const 100))))
