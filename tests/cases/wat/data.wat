;;! Overlapping segments, segments at 64 KiB bounds and at the end, gaps.
;;# no-reference: node 20 takes no global of the module in a constant expression
;;# invoke: text 0 = abXYZf
;;# invoke: at 65535 = 49 50
;;# invoke: at 131070 = 8 9
;;# invoke: at 40000 = 0 0
;;# invoke: at 100 = 7 0
;;# invoke: from-global 0 = 71
;;# invoke: extended 0 = 69
;;# invoke: dropped 0 = 0
;;# invoke: dropped 1 = trap out of bounds memory access
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (global $where i32 (i32.const 200))
  (data (i32.const 0) "abcdef")
  (data (i32.const 2) "XYZ")
  (data (i32.const 100) "\07")
  (data (i32.const 65535) "12")
  (data (i32.const 131070) "\08\09")
  (data (global.get $where) "G")
  (data (i32.add (global.get $where) (i32.mul (i32.const 5) (i32.const 20))) "E")
  (data $passive "passive")
  (func (export "at") (param i32) (result i32 i32)
    (i32.load8_u (local.get 0)) (i32.load8_u (i32.add (local.get 0) (i32.const 1))))
  (func (export "from-global") (param i32) (result i32) (i32.load8_u (i32.const 200)))
  (func (export "extended") (param i32) (result i32) (i32.load8_u (i32.const 300)))
  (func (export "text") (param i32)
    (i32.store (i32.const 1000) (local.get 0))
    (i32.store (i32.const 1004) (i32.const 6))
    (i32.store8 (i32.const 6) (i32.const 10))
    (i32.store (i32.const 1004) (i32.const 7))
    (drop (call $fd_write (i32.const 1) (i32.const 1000) (i32.const 1) (i32.const 1008))))
  (func (export "dropped") (param i32) (result i32)
    (data.drop $passive)
    (memory.init $passive (i32.const 0) (i32.const 0) (local.get 0))
    (i32.const 0)))
