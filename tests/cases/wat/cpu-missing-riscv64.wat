;;! An executable says what the CPU lacks that it was compiled for, instead of dying of SIGILL. Where the kernel says
;;! nothing, as qemu-user 7.2, instructions are tried.
;;# only: riscv64 because the features are its own
;;# no-reference: the reference engine knows no CPU
;;# exit: 126
;;# run: vectors
;;# cpu riscv64: rv64gcv
;;# machine riscv64: rv64
;;# stderr: elfin: cannot start: this program was compiled for a CPU with V 1.0 with vectors of 128 bits, which this machine lacks; `elfin compile` without `--cpu` makes one that runs here
;;# run: one of several
;;# cpu riscv64: generic,+zba,+zbb,+zbs,+zbc
;;# machine riscv64: rv64,zba=true,zbb=true,zbs=false,zbc=true
;;# stderr-contains: for a CPU with Zbs, which
;;# run: all of several
;;# cpu riscv64: generic,+zba,+zbb,+zbs,+zbc
;;# machine riscv64: rv64,zba=false,zbb=false,zbs=false,zbc=false
;;# stderr-contains: for a CPU with Zba, Zbb, Zbs, Zbc, which
;;# run: instructions without vectors
;;# cpu riscv64: rv64gc,+zbkb,+zicond,+zfa,+zcb
;;# machine riscv64: rv64,zbkb=false
;;# stderr-contains: for a CPU with Zbkb, Zfa, Zicond, Zcb, which
;;# run: vectors without their extension
;;# cpu riscv64: rv64gcv,+zvbb
;;# machine riscv64: rv64gcv
;;# stderr-contains: for a CPU with Zvbb, which
;;# run: enough, and longer vectors
;;# cpu riscv64: rv64gcv,+zba,+zbb,+zbs,+zbc,+zbkb
;;# machine riscv64: rv64,v=true,vlen=512,elen=64,vext_spec=v1.0,zbkb=true
;;# exit: 0
(module (memory (export "memory") 1) (func (export "_start")))
