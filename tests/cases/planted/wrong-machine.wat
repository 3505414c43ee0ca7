;;! The machine lacks what the executable was compiled for, and the case does not expect it.
;;# cpu x86_64: generic x86-64-v3
;;# machine x86_64: qemu64
;;# cpu aarch64: generic +i8mm
;;# machine aarch64: cortex-a53
;;# cpu riscv64: generic rv64gcv
;;# machine riscv64: rv64
;;# must-fail: exit status 126, expected 0
;;# must-fail: which this machine lacks
(module (memory (export "memory") 1) (func (export "_start")))
