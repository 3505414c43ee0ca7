# The kernel enters here with argc at the stack pointer. The frame pointer's chain ends in 0. A linker may address data
# from gp, so it is set first, and not itself by way of gp.
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
    .weak __global_pointer$
_start:
    .cfi_startproc
    .cfi_undefined ra
    .option push
    .option norelax
    lla gp, __global_pointer$
    .option pop
    li fp, 0
    li ra, 0
    mv a0, sp
    lla a1, {program}
    andi sp, sp, -16
    call {start}
    unimp
    .cfi_endproc
    .size _start, . - _start
