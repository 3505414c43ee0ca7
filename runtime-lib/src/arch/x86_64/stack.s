# elfin_run_on_stack(entry: rdi, top: rsi, after: rdx). The frame pointer's chain ends in 0.
    .section .text.elfin_run_on_stack, "ax", @progbits
    .globl elfin_run_on_stack
    .type elfin_run_on_stack, @function
elfin_run_on_stack:
    mov rsp, rsi
    xor ebp, ebp
    mov rbx, rdx
    call rdi
    call rbx
    ud2
    .size elfin_run_on_stack, . - elfin_run_on_stack

    .section .text.elfin_sigreturn, "ax", @progbits
    .globl elfin_sigreturn
    .type elfin_sigreturn, @function
elfin_sigreturn:
    mov eax, 15
    syscall
    ud2
    .size elfin_sigreturn, . - elfin_sigreturn
