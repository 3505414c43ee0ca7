// elfin_run_on_stack(entry: x0, top: x1, after: x2). The frame pointer's chain ends in 0; a debugger finds
// the caller and its stack by x20 to x22.
    .section .text.elfin_run_on_stack, "ax", @progbits
    .globl elfin_run_on_stack
    .type elfin_run_on_stack, @function
elfin_run_on_stack:
    .cfi_startproc
    mov x20, sp
    .cfi_def_cfa x20, 0
    mov x21, x30
    .cfi_register x30, x21
    mov x22, x29
    .cfi_register x29, x22
    mov sp, x1
    mov x29, xzr
    mov x30, xzr
    mov x19, x2
    blr x0
    blr x19
    udf #0
    .cfi_endproc
    .size elfin_run_on_stack, . - elfin_run_on_stack

// elfin_attempt(landing: x0, call: x1, code: x2, arguments: x3, results: x4) -> w0. Whoever sets sp to landing[0], w0
// to another result than 0 and goes to landing[1] makes the attempt end with that result.
    .section .text.elfin_attempt, "ax", @progbits
    .globl elfin_attempt
    .type elfin_attempt, @function
elfin_attempt:
    stp x29, x30, [sp, #-160]!
    stp x19, x20, [sp, #16]
    stp x21, x22, [sp, #32]
    stp x23, x24, [sp, #48]
    stp x25, x26, [sp, #64]
    stp x27, x28, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    adr x10, 1f
    stp x9, x10, [x0]
    mov x9, x1
    mov x0, x2
    mov x1, x3
    mov x2, x4
    blr x9
    mov w0, wzr
1:
    ldp x19, x20, [sp, #16]
    ldp x21, x22, [sp, #32]
    ldp x23, x24, [sp, #48]
    ldp x25, x26, [sp, #64]
    ldp x27, x28, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    ldp x29, x30, [sp], #160
    ret
    .size elfin_attempt, . - elfin_attempt

// elfin_land(sp: x0, pc: x1, result: w2)
    .section .text.elfin_land, "ax", @progbits
    .globl elfin_land
    .type elfin_land, @function
elfin_land:
    mov sp, x0
    mov w0, w2
    br x1
    .size elfin_land, . - elfin_land
