# The kernel enters here with argc at the stack pointer. The frame pointer's chain ends in 0.
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    .cfi_undefined rip
    xor ebp, ebp
    mov rdi, rsp
    lea rsi, [rip + {program}]
    and rsp, -16
    call {start}
    ud2
    .cfi_endproc
    .size _start, . - _start
