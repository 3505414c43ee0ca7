;;! An executable says what the CPU lacks that it was compiled for, instead of dying of SIGILL.
;;# only: x86_64 because the features are its own
;;# no-reference: the reference engine knows no CPU
;;# exit: 126
;;# run: a level
;;# cpu x86_64: x86-64-v3
;;# machine x86_64: qemu64
;;# stderr: elfin: cannot start: this program was compiled for a CPU with SSSE3, SSE4.1, SSE4.2, POPCNT, AVX, AVX2, FMA, BMI1, BMI2, LZCNT, which this machine lacks; `elfin compile` without `--cpu` makes one that runs here
;;# run: a feature, and what it brings
;;# cpu x86_64: x86-64,+avx
;;# machine x86_64: Westmere
;;# stderr-contains: for a CPU with AVX, which
;;# run: beyond what it has
;;# cpu x86_64: x86-64-v4
;;# machine x86_64: max
;;# stderr-contains: for a CPU with AVX512F, AVX512DQ, AVX512VL, which
;;# run: registers that the kernel does not save
;;# cpu x86_64: +fma
;;# machine x86_64: max,xsave=off
;;# stderr-contains: for a CPU with AVX, FMA, which
;;# run: enough
;;# cpu x86_64: x86-64-v2
;;# machine x86_64: Westmere
;;# exit: 0
(module (memory (export "memory") 1) (func (export "_start")))
