;;! An executable says what the CPU lacks that it was compiled for, instead of dying of SIGILL.
;;# only: aarch64 because the features are its own
;;# no-reference: the reference engine knows no CPU
;;# exit: 126
;;# cpu aarch64: generic,+lse,+dotprod,+i8mm
;;# run: none of them
;;# machine aarch64: cortex-a53
;;# stderr-contains: for a CPU with LSE, DotProd, I8MM, which this machine lacks
;;# run: one, which another word of the kernel's tells of
;;# machine aarch64: cortex-a76
;;# stderr-contains: for a CPU with I8MM, which this machine lacks
;;# run: enough
;;# machine aarch64: max
;;# exit: 0
(module (memory (export "memory") 1) (func (export "_start")))
