# What the archive adds to a host build's assembly: the C names of the memory functions. One function does for memcpy and
# memmove: telling an overlap costs it a comparison, and only above 128 bytes.
    .globl memcpy
    .set memcpy, elfin_memmove
    .globl memmove
    .set memmove, elfin_memmove
    .globl memset
    .set memset, elfin_memset
    .globl memcmp
    .set memcmp, elfin_memcmp
    .globl bcmp
    .set bcmp, elfin_memcmp
    .globl strlen
    .set strlen, elfin_strlen
