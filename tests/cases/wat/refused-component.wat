;;# compile-error: component
;;# compile-error: rustup target add wasm32-wasip1
(component)
