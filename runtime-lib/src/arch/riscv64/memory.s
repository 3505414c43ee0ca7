# memmove, memset and memcmp: a0 to, a1 from (memset: the byte), a2 length. strlen, for `CStr`: a0 the string.
#
# A misaligned access may be emulated by the firmware, at a hundred times the cost: none is made. Where target and source
# differ in their alignment, aligned words of the source are shifted together. Such a word may reach past the end of
# the source, but not into another page.

    .section .text.elfin_memmove, "ax", @progbits
    .globl elfin_memmove
    .type elfin_memmove, @function
    .p2align 4
elfin_memmove:
    .cfi_startproc
    # Unsigned, to - from is below the length just when the target begins inside the source.
    sub t0, a0, a1
    bltu t0, a2, .Lmove_backward
    mv t1, a0
    add a3, a0, a2
    sltiu t2, a2, 24
    bnez t2, .Lmove_forward_tail
    # Bytes until the target is aligned.
    neg t2, a0
    andi t2, t2, 7
    add t2, t2, a0
.Lmove_forward_head:
    bgeu t1, t2, .Lmove_forward_aligned
    lbu t3, 0(a1)
    sb t3, 0(t1)
    addi a1, a1, 1
    addi t1, t1, 1
    j .Lmove_forward_head
.Lmove_forward_aligned:
    andi a4, a3, -8
    andi t2, a1, 7
    bnez t2, .Lmove_forward_shifted
    addi a5, a4, -64
    bgtu t1, a5, .Lmove_forward_8
.Lmove_forward_64:
    ld t2, 0(a1)
    ld t3, 8(a1)
    ld t4, 16(a1)
    ld t5, 24(a1)
    ld t6, 32(a1)
    ld a6, 40(a1)
    ld a7, 48(a1)
    ld t0, 56(a1)
    addi a1, a1, 64
    sd t2, 0(t1)
    sd t3, 8(t1)
    sd t4, 16(t1)
    sd t5, 24(t1)
    sd t6, 32(t1)
    sd a6, 40(t1)
    sd a7, 48(t1)
    sd t0, 56(t1)
    addi t1, t1, 64
    bleu t1, a5, .Lmove_forward_64
.Lmove_forward_8:
    bgeu t1, a4, .Lmove_forward_tail
    ld t2, 0(a1)
    sd t2, 0(t1)
    addi a1, a1, 8
    addi t1, t1, 8
    j .Lmove_forward_8
.Lmove_forward_shifted:
    # t2: bytes by which the source is past a word; the words there are shifted right and left by these bits.
    sub a6, a1, t2
    slli t3, t2, 3
    neg t4, t3
    ld t5, 0(a6)
.Lmove_forward_shift:
    ld t6, 8(a6)
    srl t5, t5, t3
    sll a7, t6, t4
    or t5, t5, a7
    sd t5, 0(t1)
    mv t5, t6
    addi a6, a6, 8
    addi t1, t1, 8
    bltu t1, a4, .Lmove_forward_shift
    add a1, a6, t2
.Lmove_forward_tail:
    bgeu t1, a3, .Lmove_done
    lbu t3, 0(a1)
    sb t3, 0(t1)
    addi a1, a1, 1
    addi t1, t1, 1
    j .Lmove_forward_tail
.Lmove_done:
    ret

.Lmove_backward:
    # The same downward: t1 and a1 are ends.
    add t1, a0, a2
    add a1, a1, a2
    sltiu t2, a2, 24
    bnez t2, .Lmove_backward_tail
    andi t2, t1, -8
.Lmove_backward_head:
    bleu t1, t2, .Lmove_backward_aligned
    lbu t3, -1(a1)
    sb t3, -1(t1)
    addi a1, a1, -1
    addi t1, t1, -1
    j .Lmove_backward_head
.Lmove_backward_aligned:
    addi a4, a0, 7
    andi a4, a4, -8
    andi t2, a1, 7
    bnez t2, .Lmove_backward_shifted
    addi a5, a4, 64
    bltu t1, a5, .Lmove_backward_8
.Lmove_backward_64:
    ld t2, -8(a1)
    ld t3, -16(a1)
    ld t4, -24(a1)
    ld t5, -32(a1)
    ld t6, -40(a1)
    ld a6, -48(a1)
    ld a7, -56(a1)
    ld t0, -64(a1)
    addi a1, a1, -64
    sd t2, -8(t1)
    sd t3, -16(t1)
    sd t4, -24(t1)
    sd t5, -32(t1)
    sd t6, -40(t1)
    sd a6, -48(t1)
    sd a7, -56(t1)
    sd t0, -64(t1)
    addi t1, t1, -64
    bgeu t1, a5, .Lmove_backward_64
.Lmove_backward_8:
    bleu t1, a4, .Lmove_backward_tail
    ld t2, -8(a1)
    sd t2, -8(t1)
    addi a1, a1, -8
    addi t1, t1, -8
    j .Lmove_backward_8
.Lmove_backward_shifted:
    sub a6, a1, t2
    slli t3, t2, 3
    neg t4, t3
    ld t5, 0(a6)
.Lmove_backward_shift:
    ld t6, -8(a6)
    sll t5, t5, t4
    srl a7, t6, t3
    or t5, t5, a7
    sd t5, -8(t1)
    mv t5, t6
    addi a6, a6, -8
    addi t1, t1, -8
    bgtu t1, a4, .Lmove_backward_shift
    add a1, a6, t2
.Lmove_backward_tail:
    bleu t1, a0, .Lmove_backward_done
    lbu t3, -1(a1)
    sb t3, -1(t1)
    addi a1, a1, -1
    addi t1, t1, -1
    j .Lmove_backward_tail
.Lmove_backward_done:
    ret
    .cfi_endproc
    .size elfin_memmove, . - elfin_memmove

    .section .text.elfin_memset, "ax", @progbits
    .globl elfin_memset
    .type elfin_memset, @function
    .p2align 4
elfin_memset:
    .cfi_startproc
    mv t1, a0
    add a3, a0, a2
    sltiu t2, a2, 16
    bnez t2, .Lset_tail
    # The byte eight times.
    andi a1, a1, 255
    slli t2, a1, 8
    or a1, a1, t2
    slli t2, a1, 16
    or a1, a1, t2
    slli t2, a1, 32
    or a1, a1, t2
    neg t2, a0
    andi t2, t2, 7
    add t2, t2, a0
.Lset_head:
    bgeu t1, t2, .Lset_aligned
    sb a1, 0(t1)
    addi t1, t1, 1
    j .Lset_head
.Lset_aligned:
    andi a4, a3, -8
    addi a5, a4, -64
    bgtu t1, a5, .Lset_8
.Lset_64:
    sd a1, 0(t1)
    sd a1, 8(t1)
    sd a1, 16(t1)
    sd a1, 24(t1)
    sd a1, 32(t1)
    sd a1, 40(t1)
    sd a1, 48(t1)
    sd a1, 56(t1)
    addi t1, t1, 64
    bleu t1, a5, .Lset_64
.Lset_8:
    bgeu t1, a4, .Lset_tail
    sd a1, 0(t1)
    addi t1, t1, 8
    j .Lset_8
.Lset_tail:
    bgeu t1, a3, .Lset_done
    sb a1, 0(t1)
    addi t1, t1, 1
    j .Lset_tail
.Lset_done:
    ret
    .cfi_endproc
    .size elfin_memset, . - elfin_memset

    .section .text.elfin_memcmp, "ax", @progbits
    .globl elfin_memcmp
    .type elfin_memcmp, @function
    .p2align 4
elfin_memcmp:
    .cfi_startproc
    add a3, a0, a2
    # Equal words are skipped where both are aligned; the bytes of the first different one decide.
    or t0, a0, a1
    andi t0, t0, 7
    bnez t0, .Lcompare_1
    andi a4, a3, -8
.Lcompare_8:
    bgeu a0, a4, .Lcompare_1
    ld t1, 0(a0)
    ld t2, 0(a1)
    bne t1, t2, .Lcompare_1
    addi a0, a0, 8
    addi a1, a1, 8
    j .Lcompare_8
.Lcompare_1:
    bgeu a0, a3, .Lcompare_equal
    lbu t1, 0(a0)
    lbu t2, 0(a1)
    addi a0, a0, 1
    addi a1, a1, 1
    beq t1, t2, .Lcompare_1
    sub a0, t1, t2
    ret
.Lcompare_equal:
    li a0, 0
    ret
    .cfi_endproc
    .size elfin_memcmp, . - elfin_memcmp

    .section .text.elfin_strlen, "ax", @progbits
    .globl elfin_strlen
    .type elfin_strlen, @function
elfin_strlen:
    .cfi_startproc
    mv a1, a0
.Lstrlen_1:
    lbu a2, 0(a1)
    addi a1, a1, 1
    bnez a2, .Lstrlen_1
    sub a0, a1, a0
    addi a0, a0, -1
    ret
    .cfi_endproc
    .size elfin_strlen, . - elfin_strlen
