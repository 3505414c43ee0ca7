// memmove, memset and memcmp: x0 to, x1 from (memset: the byte), x2 length. strlen, for `CStr`: x0 the string.
//
// Up to 128 bytes everything is loaded before anything is stored, with accesses that overlap in the middle.

    .section .text.elfin_memmove, "ax", @progbits
    .globl elfin_memmove
    .type elfin_memmove, @function
    .p2align 5
elfin_memmove:
    .cfi_startproc
    add x4, x1, x2
    add x5, x0, x2
    cmp x2, #16
    b.lo .Lmove_below_16
    cmp x2, #32
    b.hi .Lmove_above_32
    ldr q0, [x1]
    ldr q1, [x4, #-16]
    str q0, [x0]
    str q1, [x5, #-16]
    ret
.Lmove_below_16:
    tbz x2, #3, .Lmove_below_8
    ldr x6, [x1]
    ldr x7, [x4, #-8]
    str x6, [x0]
    str x7, [x5, #-8]
    ret
.Lmove_below_8:
    tbz x2, #2, .Lmove_below_4
    ldr w6, [x1]
    ldr w7, [x4, #-4]
    str w6, [x0]
    str w7, [x5, #-4]
    ret
.Lmove_below_4:
    cbz x2, .Lmove_done
    // The first, the middle and the last byte.
    lsr x8, x2, #1
    ldrb w6, [x1]
    ldrb w7, [x4, #-1]
    ldrb w9, [x1, x8]
    strb w6, [x0]
    strb w9, [x0, x8]
    strb w7, [x5, #-1]
.Lmove_done:
    ret
.Lmove_above_32:
    cmp x2, #128
    b.hi .Lmove_above_128
    ldp q0, q1, [x1]
    ldp q2, q3, [x4, #-32]
    cmp x2, #64
    b.hi .Lmove_above_64
    stp q0, q1, [x0]
    stp q2, q3, [x5, #-32]
    ret
.Lmove_above_64:
    ldp q4, q5, [x1, #32]
    ldp q6, q7, [x4, #-64]
    stp q0, q1, [x0]
    stp q4, q5, [x0, #32]
    stp q6, q7, [x5, #-64]
    stp q2, q3, [x5, #-32]
    ret
.Lmove_above_128:
    // Unsigned, to - from is below the length just when the target begins inside the source.
    sub x6, x0, x1
    cmp x6, x2
    b.lo .Lmove_backward
    // The first 16 and the last 64 bytes are loaded now and stored last; in between, 64 at a time from the first
    // multiple of 16 of the target.
    ldr q16, [x1]
    ldp q4, q5, [x4, #-64]
    ldp q6, q7, [x4, #-32]
    and x6, x0, #15
    mov x7, #16
    sub x6, x7, x6
    add x1, x1, x6
    add x3, x0, x6
    sub x8, x5, #64
.Lmove_forward_64:
    ldp q0, q1, [x1]
    ldp q2, q3, [x1, #32]
    add x1, x1, #64
    stp q0, q1, [x3]
    stp q2, q3, [x3, #32]
    add x3, x3, #64
    cmp x3, x8
    b.lo .Lmove_forward_64
    stp q4, q5, [x5, #-64]
    stp q6, q7, [x5, #-32]
    str q16, [x0]
    ret
.Lmove_backward:
    // As forward, downward from the last multiple of 16 of the target's end.
    ldr q16, [x4, #-16]
    ldp q4, q5, [x1]
    ldp q6, q7, [x1, #32]
    and x6, x5, #15
    sub x4, x4, x6
    sub x3, x5, x6
    add x8, x0, #64
.Lmove_backward_64:
    ldp q0, q1, [x4, #-32]
    ldp q2, q3, [x4, #-64]
    sub x4, x4, #64
    stp q0, q1, [x3, #-32]
    stp q2, q3, [x3, #-64]
    sub x3, x3, #64
    cmp x3, x8
    b.hi .Lmove_backward_64
    stp q4, q5, [x0]
    stp q6, q7, [x0, #32]
    str q16, [x5, #-16]
    ret
    .cfi_endproc
    .size elfin_memmove, . - elfin_memmove

    .section .text.elfin_memset, "ax", @progbits
    .globl elfin_memset
    .type elfin_memset, @function
    .p2align 5
elfin_memset:
    .cfi_startproc
    dup v0.16b, w1
    add x5, x0, x2
    cmp x2, #16
    b.lo .Lset_below_16
    str q0, [x0]
    str q0, [x5, #-16]
    cmp x2, #32
    b.ls .Lset_done
    str q0, [x0, #16]
    str q0, [x5, #-32]
    cmp x2, #64
    b.ls .Lset_done
    stp q0, q0, [x0, #32]
    stp q0, q0, [x5, #-64]
    cmp x2, #128
    b.ls .Lset_done
    // The first and the last 64 bytes are done; in between, 64 at a time from the next multiple of 16.
    sub x8, x5, #64
    add x3, x0, #64
    and x3, x3, #-16
.Lset_64:
    stp q0, q0, [x3]
    stp q0, q0, [x3, #32]
    add x3, x3, #64
    cmp x3, x8
    b.lo .Lset_64
.Lset_done:
    ret
.Lset_below_16:
    tbz x2, #3, .Lset_below_8
    str d0, [x0]
    str d0, [x5, #-8]
    ret
.Lset_below_8:
    tbz x2, #2, .Lset_below_4
    str s0, [x0]
    str s0, [x5, #-4]
    ret
.Lset_below_4:
    cbz x2, .Lset_done
    lsr x8, x2, #1
    strb w1, [x0]
    strb w1, [x0, x8]
    strb w1, [x5, #-1]
    ret
    .cfi_endproc
    .size elfin_memset, . - elfin_memset

    .section .text.elfin_memcmp, "ax", @progbits
    .globl elfin_memcmp
    .type elfin_memcmp, @function
    .p2align 4
elfin_memcmp:
    .cfi_startproc
    subs x2, x2, #8
    b.lo .Lcompare_tail
.Lcompare_8:
    ldr x3, [x0], #8
    ldr x4, [x1], #8
    cmp x3, x4
    b.ne .Lcompare_words
    subs x2, x2, #8
    b.hs .Lcompare_8
.Lcompare_tail:
    adds x2, x2, #8
    b.eq .Lcompare_equal
.Lcompare_1:
    ldrb w3, [x0], #1
    ldrb w4, [x1], #1
    subs w5, w3, w4
    b.ne .Lcompare_bytes
    subs x2, x2, #1
    b.ne .Lcompare_1
.Lcompare_equal:
    mov w0, wzr
    ret
.Lcompare_bytes:
    mov w0, w5
    ret
.Lcompare_words:
    // The first byte in memory is the lowest: turned around, it decides the comparison.
    rev x3, x3
    rev x4, x4
    cmp x3, x4
    cset w0, hi
    csinv w0, w0, wzr, hs
    ret
    .cfi_endproc
    .size elfin_memcmp, . - elfin_memcmp

    .section .text.elfin_strlen, "ax", @progbits
    .globl elfin_strlen
    .type elfin_strlen, @function
elfin_strlen:
    .cfi_startproc
    mov x1, x0
.Lstrlen_1:
    ldrb w2, [x1], #1
    cbnz w2, .Lstrlen_1
    sub x0, x1, x0
    sub x0, x0, #1
    ret
    .cfi_endproc
    .size elfin_strlen, . - elfin_strlen
