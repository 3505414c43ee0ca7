# What the archive adds to a host build's assembly.
#
# Host code is never unwound, so no executable needs its unwind information: a debugger finds it in .debug_frame, which
# only an executable with debug information keeps. This counts for the whole object file.
    .cfi_sections .debug_frame

# The C names of the memory functions, of the archive only. One function does for memcpy and memmove: telling an
# overlap costs it a comparison, and only above 128 bytes.
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
