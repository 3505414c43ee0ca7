# elfin_probe(number: a0) -> a0: executes an instruction of the extension with this number in elfin_abi::cpu::riscv64.
# Gives 1, or 0 from the handler of SIGILL, which returns to the caller. Each has 8 bytes; only registers that a call
# does not keep are written.
    .section .text.elfin_probe, "ax", @progbits
    .globl elfin_probe
    .type elfin_probe, @function
elfin_probe:
    .option push
    .option norvc
    .option arch, +v, +zba, +zbb, +zbs, +zbc, +zbkb, +zvbb, +zfa, +zicond
    lla t0, 1f
    slli a1, a0, 3
    add t0, t0, a1
    li a0, 1
    jr t0
1:  j 2f
    nop
    sh1add t0, t0, t0
    ret
    andn t0, t0, t0
    ret
    bext t0, t0, t0
    ret
    clmul t0, t0, t0
    ret
    pack t0, t0, t0
    ret
    j 4f
    nop
    fli.d ft0, 1.0
    ret
    czero.eqz t0, t0, t0
    ret
    .option push
    .option rvc
    .option arch, +zcb
    c.zext.b a1
    c.nop
    .option pop
    ret

# V: before version 1.0 the bits of vtype had other meanings, so that what is written is not what is read.
2:  li a1, 2
    vsetvli a1, a1, e64, m1, ta, ma
    csrr t0, vtype
    li t1, 0xd8
    bne t0, t1, 3f
    csrr t0, vlenb
    li t1, 16
    bltu t0, t1, 3f
    vfmv.f.s ft0, v0
    ret
3:  li a0, 0
    ret

# Zvbb
4:  vsetivli zero, 2, e64, m1, ta, ma
    vandn.vv v8, v8, v8
    ret
    .option pop
    .size elfin_probe, . - elfin_probe
