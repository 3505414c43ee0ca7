;;! References to functions of a known type: called without a check of the type, null or not decided by branches.
;;# invoke: call 5 = 25
;;# invoke: call_null = trap null reference
;;# invoke: tail 10000000 = 0
;;# invoke: from_table 0 = 1
;;# invoke: from_table 1 = trap null reference
;;# invoke: on_null 0 = 7
;;# invoke: on_null 1 = -1
;;# invoke: on_non_null 0 = 7
;;# invoke: on_non_null 1 = -1
;;# invoke: from_global 6 = 36
;;# invoke: as_non_null = trap null reference
(module
  (type $unary (func (param i32) (result i32)))
  (rec (type $self (func (param i32 (ref $self)) (result i32))))
  (type $seven (func (result i32)))
  (global $square (ref $unary) (ref.func $square))
  (table $table 2 (ref null $unary))
  (elem (table $table) (i32.const 0) (ref null $unary) (ref.func $increment))
  (elem declare func $down $seven)
  (func $square (type $unary) (i32.mul (local.get 0) (local.get 0)))
  (func $increment (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func $seven (type $seven) (i32.const 7))
  (func (export "call") (param i32) (result i32)
    (call_ref $unary (local.get 0) (ref.func $square)))
  (func (export "call_null") (result i32)
    (call_ref $unary (i32.const 0) (ref.null $unary)))
  (func (export "tail") (param i32) (result i32)
    (return_call_ref $self (local.get 0) (ref.func $down) (ref.func $down)))
  (func $down (type $self)
    (if (i32.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call_ref $self (i32.sub (local.get 0) (i32.const 1)) (local.get 1) (local.get 1)))
  (func (export "from_table") (param i32) (result i32)
    (call_ref $unary (i32.const 0) (table.get $table (local.get 0))))
  (func (export "from_global") (param i32) (result i32)
    (call_ref $unary (local.get 0) (global.get $square)))
  (func $maybe (param i32) (result (ref null $seven))
    (select (result (ref null $seven)) (ref.null $seven) (ref.func $seven) (local.get 0)))
  (func (export "on_null") (param i32) (result i32)
    (block $null
      (return (call_ref $seven (br_on_null $null (call $maybe (local.get 0))))))
    (i32.const -1))
  (func (export "on_non_null") (param i32) (result i32)
    (block $some (result (ref $seven))
      (br_on_non_null $some (call $maybe (local.get 0)))
      (return (i32.const -1)))
    (call_ref $seven))
  (func (export "as_non_null")
    (drop (ref.as_non_null (call $maybe (i32.const 1))))))
