;;! A report shows the names of Rust and C++ as their sources have them; what is no such name stays as it is.
;;# trap: unreachable
;;# frames: shape::area(int)@Unreachable shape::Rect::new@Call <shape::Rect>::area::<u32>@Call _ZN_not_a_name@Call plain@Call
(module
  (func $_ZN5shape4areaEi (param i32) (unreachable))
  (func $_ZN5shape4Rect3new17h0123456789abcdefE (call $_ZN5shape4areaEi (i32.const 1)))
  (func $_RINvMCs4fqI2P2rA04_5shapeNtB3_4Rect4areamE (call $_ZN5shape4Rect3new17h0123456789abcdefE))
  (func $_ZN_not_a_name (call $_RINvMCs4fqI2P2rA04_5shapeNtB3_4Rect4areamE))
  (func $plain (export "_start") (call $_ZN_not_a_name)))
