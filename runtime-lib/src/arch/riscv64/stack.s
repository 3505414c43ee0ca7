# elfin_run_on_stack(entry: a0, top: a1, after: a2). The frame pointer's chain ends in 0; a debugger finds
# the caller and its stack by s2 to s4.
    .section .text.elfin_run_on_stack, "ax", @progbits
    .globl elfin_run_on_stack
    .type elfin_run_on_stack, @function
elfin_run_on_stack:
    .cfi_startproc
    mv s2, sp
    .cfi_def_cfa s2, 0
    mv s3, ra
    .cfi_register ra, s3
    mv s4, s0
    .cfi_register s0, s4
    mv sp, a1
    li fp, 0
    mv s1, a2
    jalr a0
    jalr s1
    unimp
    .cfi_endproc
    .size elfin_run_on_stack, . - elfin_run_on_stack

# What a link-time optimisation assembles may lack the target's own extensions: these say what they use.
    .option push
    .option arch, +d
# elfin_attempt(landing: a0, call: a1, code: a2, arguments: a3, results: a4) -> a0. Whoever sets sp to landing[0], a0 to
# another result than 0 and goes to landing[1] makes the attempt end with that result.
    .section .text.elfin_attempt, "ax", @progbits
    .globl elfin_attempt
    .type elfin_attempt, @function
elfin_attempt:
    addi sp, sp, -208
    sd ra, 0(sp)
    sd s0, 8(sp)
    sd s1, 16(sp)
    sd s2, 24(sp)
    sd s3, 32(sp)
    sd s4, 40(sp)
    sd s5, 48(sp)
    sd s6, 56(sp)
    sd s7, 64(sp)
    sd s8, 72(sp)
    sd s9, 80(sp)
    sd s10, 88(sp)
    sd s11, 96(sp)
    fsd fs0, 104(sp)
    fsd fs1, 112(sp)
    fsd fs2, 120(sp)
    fsd fs3, 128(sp)
    fsd fs4, 136(sp)
    fsd fs5, 144(sp)
    fsd fs6, 152(sp)
    fsd fs7, 160(sp)
    fsd fs8, 168(sp)
    fsd fs9, 176(sp)
    fsd fs10, 184(sp)
    fsd fs11, 192(sp)
    sd sp, 0(a0)
    lla t0, 1f
    sd t0, 8(a0)
    mv t0, a1
    mv a0, a2
    mv a1, a3
    mv a2, a4
    jalr t0
    li a0, 0
1:
    ld ra, 0(sp)
    ld s0, 8(sp)
    ld s1, 16(sp)
    ld s2, 24(sp)
    ld s3, 32(sp)
    ld s4, 40(sp)
    ld s5, 48(sp)
    ld s6, 56(sp)
    ld s7, 64(sp)
    ld s8, 72(sp)
    ld s9, 80(sp)
    ld s10, 88(sp)
    ld s11, 96(sp)
    fld fs0, 104(sp)
    fld fs1, 112(sp)
    fld fs2, 120(sp)
    fld fs3, 128(sp)
    fld fs4, 136(sp)
    fld fs5, 144(sp)
    fld fs6, 152(sp)
    fld fs7, 160(sp)
    fld fs8, 168(sp)
    fld fs9, 176(sp)
    fld fs10, 184(sp)
    fld fs11, 192(sp)
    addi sp, sp, 208
    ret
    .size elfin_attempt, . - elfin_attempt

# elfin_land(sp: a0, pc: a1, result: a2)
    .section .text.elfin_land, "ax", @progbits
    .globl elfin_land
    .type elfin_land, @function
elfin_land:
    mv sp, a0
    mv a0, a2
    jr a1
    .size elfin_land, . - elfin_land
    .option pop
