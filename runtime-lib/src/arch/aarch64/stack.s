// elfin_run_on_stack(entry: x0, top: x1, after: x2). The frame pointer's chain ends in 0.
    .section .text.elfin_run_on_stack, "ax", @progbits
    .globl elfin_run_on_stack
    .type elfin_run_on_stack, @function
elfin_run_on_stack:
    mov sp, x1
    mov x29, xzr
    mov x30, xzr
    mov x19, x2
    blr x0
    blr x19
    udf #0
    .size elfin_run_on_stack, . - elfin_run_on_stack
