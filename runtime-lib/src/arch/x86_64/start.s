# The kernel enters here with argc at the stack pointer. The frame pointer's chain ends in 0.
    .section .text._start, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    xor ebp, ebp
    mov rdi, rsp
    lea rsi, [rip + {program}]
    and rsp, -16
    call {start}
    ud2
    .size _start, . - _start
