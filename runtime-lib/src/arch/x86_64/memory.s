# memmove, memset and memcmp: rdi to, rsi from (memset: the byte), rdx length. strlen, for `CStr`: rdi the string.
#
# Up to 128 bytes everything is loaded before anything is stored, with accesses that overlap in the middle. From 2 KiB
# on, and where nothing overlaps, the string instructions win: every x86-64 CPU since 2013 has fast ones (ERMS).

    .section .text.elfin_memmove, "ax", @progbits
    .globl elfin_memmove
    .type elfin_memmove, @function
    .p2align 5
elfin_memmove:
    .cfi_startproc
    mov rax, rdi
    cmp rdx, 16
    jb .Lmove_below_16
    cmp rdx, 32
    ja .Lmove_above_32
    movups xmm0, [rsi]
    movups xmm1, [rsi + rdx - 16]
    movups [rdi], xmm0
    movups [rdi + rdx - 16], xmm1
    ret
.Lmove_below_16:
    cmp edx, 8
    jae .Lmove_8
    cmp edx, 4
    jae .Lmove_4
    cmp edx, 1
    jb .Lmove_done
    movzx ecx, byte ptr [rsi]
    je .Lmove_1
    movzx r8d, word ptr [rsi + rdx - 2]
    mov [rdi + rdx - 2], r8w
.Lmove_1:
    mov [rdi], cl
.Lmove_done:
    ret
.Lmove_8:
    mov rcx, [rsi]
    mov r8, [rsi + rdx - 8]
    mov [rdi], rcx
    mov [rdi + rdx - 8], r8
    ret
.Lmove_4:
    mov ecx, [rsi]
    mov r8d, [rsi + rdx - 4]
    mov [rdi], ecx
    mov [rdi + rdx - 4], r8d
    ret
.Lmove_above_32:
    cmp rdx, 64
    ja .Lmove_above_64
    movups xmm0, [rsi]
    movups xmm1, [rsi + 16]
    movups xmm2, [rsi + rdx - 32]
    movups xmm3, [rsi + rdx - 16]
    movups [rdi], xmm0
    movups [rdi + 16], xmm1
    movups [rdi + rdx - 32], xmm2
    movups [rdi + rdx - 16], xmm3
    ret
.Lmove_above_64:
    # The last 64 bytes, for all that follow.
    movups xmm4, [rsi + rdx - 64]
    movups xmm5, [rsi + rdx - 48]
    movups xmm6, [rsi + rdx - 32]
    movups xmm7, [rsi + rdx - 16]
    cmp rdx, 128
    ja .Lmove_above_128
    movups xmm0, [rsi]
    movups xmm1, [rsi + 16]
    movups xmm2, [rsi + 32]
    movups xmm3, [rsi + 48]
    movups [rdi], xmm0
    movups [rdi + 16], xmm1
    movups [rdi + 32], xmm2
    movups [rdi + 48], xmm3
    movups [rdi + rdx - 64], xmm4
    movups [rdi + rdx - 48], xmm5
    movups [rdi + rdx - 32], xmm6
    movups [rdi + rdx - 16], xmm7
    ret
.Lmove_above_128:
    # Unsigned, to - from is below the length just when the target begins inside the source.
    mov rcx, rdi
    sub rcx, rsi
    cmp rcx, rdx
    jb .Lmove_backward
    cmp rdx, 2048
    jae .Lmove_string
.Lmove_forward:
    # The first 16 bytes are stored last; in between, 64 at a time from the first multiple of 16.
    movups xmm8, [rsi]
    lea r8, [rdi + rdx - 64]
    mov rcx, rdi
    and ecx, 15
    sub rcx, 16
    sub rdi, rcx
    sub rsi, rcx
    .p2align 4
.Lmove_forward_64:
    movups xmm0, [rsi]
    movups xmm1, [rsi + 16]
    movups xmm2, [rsi + 32]
    movups xmm3, [rsi + 48]
    add rsi, 64
    movaps [rdi], xmm0
    movaps [rdi + 16], xmm1
    movaps [rdi + 32], xmm2
    movaps [rdi + 48], xmm3
    add rdi, 64
    cmp rdi, r8
    jb .Lmove_forward_64
    movups [r8], xmm4
    movups [r8 + 16], xmm5
    movups [r8 + 32], xmm6
    movups [r8 + 48], xmm7
    movups [rax], xmm8
    ret
.Lmove_string:
    # Not when the source begins inside the target: the string instruction is slow then.
    neg rcx
    cmp rcx, rdx
    jb .Lmove_forward
    mov rcx, rdx
    rep movsb
    ret
.Lmove_backward:
    # As forward, with the first 64 bytes loaded and stored in the place of the first 16, and downward.
    movups xmm8, [rsi]
    movups xmm9, [rsi + 16]
    movups xmm10, [rsi + 32]
    movups xmm11, [rsi + 48]
    lea r8, [rdi + rdx]
    lea r10, [rsi + rdx]
    mov r9, r8
    mov ecx, r8d
    and ecx, 15
    sub r8, rcx
    sub r10, rcx
    lea r11, [rdi + 64]
    .p2align 4
.Lmove_backward_64:
    movups xmm0, [r10 - 16]
    movups xmm1, [r10 - 32]
    movups xmm2, [r10 - 48]
    movups xmm3, [r10 - 64]
    sub r10, 64
    movaps [r8 - 16], xmm0
    movaps [r8 - 32], xmm1
    movaps [r8 - 48], xmm2
    movaps [r8 - 64], xmm3
    sub r8, 64
    cmp r8, r11
    ja .Lmove_backward_64
    movups [rdi], xmm8
    movups [rdi + 16], xmm9
    movups [rdi + 32], xmm10
    movups [rdi + 48], xmm11
    movups [r9 - 16], xmm7
    ret
    .cfi_endproc
    .size elfin_memmove, . - elfin_memmove

    .section .text.elfin_memset, "ax", @progbits
    .globl elfin_memset
    .type elfin_memset, @function
    .p2align 5
elfin_memset:
    .cfi_startproc
    mov rax, rdi
    movzx esi, sil
    movabs rcx, 0x0101010101010101
    imul rcx, rsi
    cmp rdx, 16
    jb .Lset_below_16
    movq xmm0, rcx
    punpcklqdq xmm0, xmm0
    movups [rdi], xmm0
    movups [rdi + rdx - 16], xmm0
    cmp rdx, 32
    jbe .Lset_done
    movups [rdi + 16], xmm0
    movups [rdi + rdx - 32], xmm0
    cmp rdx, 64
    jbe .Lset_done
    movups [rdi + 32], xmm0
    movups [rdi + 48], xmm0
    movups [rdi + rdx - 64], xmm0
    movups [rdi + rdx - 48], xmm0
    cmp rdx, 128
    jbe .Lset_done
    cmp rdx, 2048
    jae .Lset_string
    # The first and the last 64 bytes are done; in between, 64 at a time from the next multiple of 16.
    lea rdx, [rdi + rdx - 64]
    add rdi, 64
    and rdi, -16
    .p2align 4
.Lset_64:
    movaps [rdi], xmm0
    movaps [rdi + 16], xmm0
    movaps [rdi + 32], xmm0
    movaps [rdi + 48], xmm0
    add rdi, 64
    cmp rdi, rdx
    jb .Lset_64
.Lset_done:
    ret
.Lset_string:
    mov r8, rax
    mov rcx, rdx
    mov eax, esi
    rep stosb
    mov rax, r8
    ret
.Lset_below_16:
    cmp edx, 8
    jae .Lset_8
    cmp edx, 4
    jae .Lset_4
    test edx, edx
    jz .Lset_done
    mov [rdi], cl
    mov [rdi + rdx - 1], cl
    cmp edx, 2
    jbe .Lset_done
    mov [rdi + 1], cl
    ret
.Lset_8:
    mov [rdi], rcx
    mov [rdi + rdx - 8], rcx
    ret
.Lset_4:
    mov [rdi], ecx
    mov [rdi + rdx - 4], ecx
    ret
    .cfi_endproc
    .size elfin_memset, . - elfin_memset

    .section .text.elfin_memcmp, "ax", @progbits
    .globl elfin_memcmp
    .type elfin_memcmp, @function
    .p2align 4
elfin_memcmp:
    .cfi_startproc
    xor ecx, ecx
    sub rdx, 8
    jb .Lcompare_tail
.Lcompare_8:
    mov rax, [rdi + rcx]
    mov r8, [rsi + rcx]
    cmp rax, r8
    jne .Lcompare_words
    add rcx, 8
    cmp rcx, rdx
    jbe .Lcompare_8
.Lcompare_tail:
    add rdx, 8
.Lcompare_1:
    cmp rcx, rdx
    jae .Lcompare_equal
    movzx eax, byte ptr [rdi + rcx]
    movzx r8d, byte ptr [rsi + rcx]
    inc rcx
    sub eax, r8d
    jz .Lcompare_1
    ret
.Lcompare_equal:
    xor eax, eax
    ret
.Lcompare_words:
    # The first byte in memory is the lowest: turned around, it decides the comparison.
    bswap rax
    bswap r8
    cmp rax, r8
    sbb eax, eax
    or eax, 1
    ret
    .cfi_endproc
    .size elfin_memcmp, . - elfin_memcmp

    .section .text.elfin_strlen, "ax", @progbits
    .globl elfin_strlen
    .type elfin_strlen, @function
elfin_strlen:
    .cfi_startproc
    or rax, -1
.Lstrlen_1:
    inc rax
    cmp byte ptr [rdi + rax], 0
    jne .Lstrlen_1
    ret
    .cfi_endproc
    .size elfin_strlen, . - elfin_strlen
