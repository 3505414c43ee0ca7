// The kernel enters here with argc at the stack pointer. The frame pointer's chain ends in 0.
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    .cfi_undefined x30
    mov x29, xzr
    mov x30, xzr
    mov x0, sp
    adrp x1, {program}
    add x1, x1, :lo12:{program}
    bl {start}
    udf #0
    .cfi_endproc
    .size _start, . - _start
