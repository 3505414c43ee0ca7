;;! `i32.popcnt` and `i64.popcnt` on machines with the instruction and without it.
;;! Expected values: counted by hand; `differences` compares with a loop over the bits.
;;# machine x86_64: qemu64,+ssse3,+sse4.1,-popcnt qemu64,+ssse3,+sse4.1,+popcnt
;;# also: -Z no-popcount
;;# also: --pie
;;# also: -O1
;;# also: -Os
;;# also x86_64: --cpu +sse4.1
;;# also x86_64: --cpu +ssse3
;;# invoke: count 0 = 0 0
;;# invoke: count 1 = 1 1
;;# invoke: count -1 = 32 64
;;# invoke: count -2147483648 = 1 33
;;# invoke: count 1431655765 = 16 16
;;# invoke: count 305419896 = 13 13
;;# invoke: differences 20000 = 0
(module
  ;; The number, and the same with its sign in the upper half.
  (func (export "count") (param i32) (result i32 i64)
    (i32.popcnt (local.get 0))
    (i64.popcnt (i64.extend_i32_s (local.get 0))))
  (func $bits (param i64) (result i64)
    (local $count i64)
    (loop $next
      (local.set $count (i64.add (local.get $count) (i64.and (local.get 0) (i64.const 1))))
      (local.set 0 (i64.shr_u (local.get 0) (i64.const 1)))
      (br_if $next (i64.ne (local.get 0) (i64.const 0))))
    (local.get $count))
  (func (export "differences") (param $left i32) (result i32)
    (local $random i64) (local $found i32)
    (local.set $random (i64.const 0x9e3779b97f4a7c15))
    (loop $next
      ;; xorshift64: Marsaglia, Xorshift RNGs, 2003
      (local.set $random (i64.xor (local.get $random) (i64.shl (local.get $random) (i64.const 13))))
      (local.set $random (i64.xor (local.get $random) (i64.shr_u (local.get $random) (i64.const 7))))
      (local.set $random (i64.xor (local.get $random) (i64.shl (local.get $random) (i64.const 17))))
      (local.set $found (i32.add (local.get $found)
        (i64.ne (i64.popcnt (local.get $random)) (call $bits (local.get $random)))))
      (local.set $found (i32.add (local.get $found)
        (i64.ne
          (i64.extend_i32_u (i32.popcnt (i32.wrap_i64 (local.get $random))))
          (call $bits (i64.and (local.get $random) (i64.const 0xffffffff))))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $next (local.get $left)))
    (local.get $found)))
