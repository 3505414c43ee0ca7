// elfin_throw(exceptions: x2, tag: x3), elfin_throw_ref(exceptions: x2, exception: x3), by Cranelift's `tail` convention:
// to throw and throw_ref of the runtime go these in x0 and x1, and sp: x2, fp: x3, return address: x4. What the caller
// keeps in x19 to x28 may be a reference, so it goes onto the stack, which a collection looks through.
    .macro elfin_enter name, target
    .section .text.\name, "ax", @progbits
    .globl \name
    .type \name, @function
\name:
    .cfi_startproc
    mov x0, x2
    mov x1, x3
    stp x19, x20, [sp, #-80]!
    .cfi_adjust_cfa_offset 80
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    mov x2, sp
    mov x3, x29
    mov x4, x30
    bl \target
    udf #0
    .cfi_endproc
    .size \name, . - \name
    .endm
    elfin_enter elfin_throw, {throw}
    elfin_enter elfin_throw_ref, {throw_ref}

// elfin_resume(pc: x0, sp: x1, fp: x2, exception: x3). Handlers take the exception in x0.
    .section .text.elfin_resume, "ax", @progbits
    .globl elfin_resume
    .type elfin_resume, @function
elfin_resume:
    mov sp, x1
    mov x29, x2
    mov x16, x0
    mov x0, x3
    br x16
    .size elfin_resume, . - elfin_resume
