# elfin_run_on_stack(entry: a0, top: a1, after: a2). The frame pointer's chain ends in 0.
    .section .text.elfin_run_on_stack, "ax", @progbits
    .globl elfin_run_on_stack
    .type elfin_run_on_stack, @function
elfin_run_on_stack:
    mv sp, a1
    li fp, 0
    mv s1, a2
    jalr a0
    jalr s1
    unimp
    .size elfin_run_on_stack, . - elfin_run_on_stack
