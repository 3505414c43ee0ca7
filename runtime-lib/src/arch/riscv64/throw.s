# elfin_throw(exceptions: a0, tag: a1), elfin_throw_ref(exceptions: a0, exception: a1), by Cranelift's `tail` convention:
# to throw and throw_ref of the runtime go also sp: a2, fp: a3, return address: a4. What the caller keeps in s1 to s11 may
# be a reference, so it goes onto the stack, which a collection looks through.
    .macro elfin_enter name, target
    .section .text.\name, "ax", @progbits
    .globl \name
    .type \name, @function
\name:
    .cfi_startproc
    addi sp, sp, -96
    .cfi_adjust_cfa_offset 96
    sd s1, 0(sp)
    sd s2, 8(sp)
    sd s3, 16(sp)
    sd s4, 24(sp)
    sd s5, 32(sp)
    sd s6, 40(sp)
    sd s7, 48(sp)
    sd s8, 56(sp)
    sd s9, 64(sp)
    sd s10, 72(sp)
    sd s11, 80(sp)
    mv a2, sp
    mv a3, s0
    mv a4, ra
    call \target
    unimp
    .cfi_endproc
    .size \name, . - \name
    .endm
    elfin_enter elfin_throw, {throw}
    elfin_enter elfin_throw_ref, {throw_ref}

# elfin_resume(pc: a0, sp: a1, fp: a2, exception: a3). Handlers take the exception in a0.
    .section .text.elfin_resume, "ax", @progbits
    .globl elfin_resume
    .type elfin_resume, @function
elfin_resume:
    mv sp, a1
    mv s0, a2
    mv t1, a0
    mv a0, a3
    jr t1
    .size elfin_resume, . - elfin_resume
