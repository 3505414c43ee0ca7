# elfin_run_on_stack(entry: rdi, top: rsi, after: rdx). The frame pointer's chain ends in 0; a
# debugger finds the caller's stack by r12.
    .section .text.elfin_run_on_stack, "ax", @progbits
    .globl elfin_run_on_stack
    .type elfin_run_on_stack, @function
elfin_run_on_stack:
    .cfi_startproc
    mov r12, rsp
    .cfi_def_cfa r12, 8
    mov rsp, rsi
    xor ebp, ebp
    mov rbx, rdx
    call rdi
    call rbx
    ud2
    .cfi_endproc
    .size elfin_run_on_stack, . - elfin_run_on_stack

    .section .text.elfin_sigreturn, "ax", @progbits
    .globl elfin_sigreturn
    .type elfin_sigreturn, @function
elfin_sigreturn:
    mov eax, 15
    syscall
    ud2
    .size elfin_sigreturn, . - elfin_sigreturn

# elfin_attempt(landing: rdi, call: rsi, code: rdx, arguments: rcx, results: r8) -> eax. Whoever sets rsp to landing[0],
# eax to another result than 0 and goes to landing[1] makes the attempt end with that result.
    .section .text.elfin_attempt, "ax", @progbits
    .globl elfin_attempt
    .type elfin_attempt, @function
elfin_attempt:
    push rbp
    push rbx
    push r12
    push r13
    push r14
    push r15
    sub rsp, 8
    mov [rdi], rsp
    lea rax, [rip + 1f]
    mov [rdi + 8], rax
    mov rax, rsi
    mov rdi, rdx
    mov rsi, rcx
    mov rdx, r8
    call rax
    xor eax, eax
1:
    add rsp, 8
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    ret
    .size elfin_attempt, . - elfin_attempt

# elfin_land(sp: rdi, pc: rsi, result: edx)
    .section .text.elfin_land, "ax", @progbits
    .globl elfin_land
    .type elfin_land, @function
elfin_land:
    mov rsp, rdi
    mov eax, edx
    jmp rsi
    .size elfin_land, . - elfin_land
