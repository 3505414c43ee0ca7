# elfin_throw(exceptions: rdi, tag: rsi), elfin_throw_ref(exceptions: rdi, exception: rsi), by Cranelift's `tail`
# convention: to throw and throw_ref of the runtime go also sp: rdx, fp: rcx, return address: r8. What the caller keeps in
# rbx and r12 to r15 may be a reference, so it goes onto the stack, which a collection looks through.
    .macro elfin_enter name, target
    .section .text.\name, "ax", @progbits
    .globl \name
    .type \name, @function
\name:
    .cfi_startproc
    mov r8, [rsp]
    push rbx
    push r12
    push r13
    push r14
    push r15
    .cfi_adjust_cfa_offset 40
    mov rdx, rsp
    mov rcx, rbp
    call \target
    ud2
    .cfi_endproc
    .size \name, . - \name
    .endm
    elfin_enter elfin_throw, {throw}
    elfin_enter elfin_throw_ref, {throw_ref}

# elfin_resume(pc: rdi, sp: rsi, fp: rdx, exception: rcx). Handlers take the exception in rax.
    .section .text.elfin_resume, "ax", @progbits
    .globl elfin_resume
    .type elfin_resume, @function
elfin_resume:
    mov rsp, rsi
    mov rbp, rdx
    mov rax, rcx
    jmp rdi
    .size elfin_resume, . - elfin_resume
