;;! Every kind of trap, with the function and the instruction that the report names.
;;# invoke: div 7 0 = trap integer divide by zero
;;# frames: div@I32DivS
;;# invoke: div -2147483648 -1 = trap integer overflow
;;# frames: div@I32DivS
;;# invoke: div 7 2 = 3
;;# invoke: div64 1 0 = trap integer divide by zero
;;# frames: div64@I64DivU
;;# invoke: rem 1 0 = trap integer divide by zero
;;# frames: rem@I32RemS
;;# invoke: rem -2147483648 -1 = 0
;;# invoke: rem64 1 0 = trap integer divide by zero
;;# frames: rem64@I64RemU
;;# invoke: load 65533 = trap out of bounds memory access
;;# frames: load@I32Load
;;# invoke: load 65532 = 0
;;# invoke: load -1 = trap out of bounds memory access
;;# invoke: store 65536 = trap out of bounds memory access
;;# frames: store@I32Store8
;;# invoke: far 0 = trap out of bounds memory access
;;# frames: far@I64Load
;;# invoke: far -1 = trap out of bounds memory access
;;# invoke: trunc 2147483648 = trap integer overflow
;;# frames: trunc@I32TruncF64S
;;# invoke: trunc -2147483649 = trap integer overflow
;;# invoke: trunc -2147483648.9 = -2147483648
;;# invoke: trunc 2147483647.9 = 2147483647
;;# invoke: trunc nan = trap invalid conversion to integer
;;# frames: trunc@I32TruncF64S
;;# invoke: trunc-unsigned -1 = trap integer overflow
;;# invoke: trunc-unsigned -0.9 = 0
;;# invoke: trunc-unsigned 4294967295 = -1
;;# invoke: trunc-unsigned 4294967296 = trap integer overflow
;;# invoke: through 0 = trap unreachable
;;# frames: fail@Unreachable through@CallIndirect
;;# invoke: through 1 = trap indirect call type mismatch
;;# frames: through@CallIndirect
;;# invoke: through 2 = trap uninitialized element
;;# frames: through@CallIndirect
;;# invoke: through 3 = trap undefined element
;;# frames: through@CallIndirect
;;# invoke: through -1 = trap undefined element
;;# invoke: get 3 = trap out of bounds table access
;;# frames: get@TableGet
;;# invoke: set 4 = trap out of bounds table access
;;# frames: set@TableSet
;;# invoke: fill-table 2 2 = trap out of bounds table access
;;# frames: fill-table@TableFill
;;# invoke: copy-table 2 2 = trap out of bounds table access
;;# frames: copy-table@TableCopy
;;# invoke: init-table 2 = trap out of bounds table access
;;# frames: init-table@TableInit
;;# invoke: fill 65530 7 = trap out of bounds memory access
;;# frames: fill@MemoryFill
;;# invoke: copy 65530 0 7 = trap out of bounds memory access
;;# frames: copy@MemoryCopy
;;# invoke: copy 0 65530 7 = trap out of bounds memory access
;;# invoke: init 0 1 4 = trap out of bounds memory access
;;# frames: init@MemoryInit
;;# invoke: init 65534 0 3 = trap out of bounds memory access
;;# invoke: forever = trap call stack exhausted
;;# invoke: unaligned 5 = trap out of bounds memory access
(module
  (type $none (func))
  (memory 1)
  (table $t 3 funcref)
  (elem (table $t) (i32.const 0) func $fail $load)
  (elem $e func $fail)
  (data $d "data")
  (func $fail unreachable)
  (func $div (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $div64 (export "div64") (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func $rem (export "rem") (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
  (func $rem64 (export "rem64") (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1)))
  (func $load (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func $store (export "store") (param i32) (i32.store8 (local.get 0) (i32.const 1)))
  (func $far (export "far") (param i32) (result i64) (i64.load offset=0xffffffff (local.get 0)))
  (func $unaligned (export "unaligned") (param i32) (result i64)
    (i64.load offset=65532 align=1 (local.get 0)))
  (func $trunc (export "trunc") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func $trunc-unsigned (export "trunc-unsigned") (param f64) (result i32) (i32.trunc_f64_u (local.get 0)))
  (func $through (export "through") (param i32) (call_indirect $t (type $none) (local.get 0)))
  (func $get (export "get") (param i32) (drop (table.get $t (local.get 0))))
  (func $set (export "set") (param i32) (table.set $t (local.get 0) (ref.null func)))
  (func $fill-table (export "fill-table") (param i32 i32)
    (table.fill $t (local.get 0) (ref.null func) (local.get 1)))
  (func $copy-table (export "copy-table") (param i32 i32)
    (table.copy $t $t (i32.const 0) (local.get 0) (local.get 1)))
  (func $init-table (export "init-table") (param i32)
    (table.init $t $e (i32.const 0) (i32.const 0) (local.get 0)))
  (func $fill (export "fill") (param i32 i32) (memory.fill (local.get 0) (i32.const 1) (local.get 1)))
  (func $copy (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func $init (export "init") (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)))
  (func $forever (export "forever") (result i32) (i32.add (call $forever) (i32.const 1))))
