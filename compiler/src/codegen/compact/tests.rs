//! Small functions as Cranelift makes them, byte by byte.

use super::encode::pad;
use super::{Rules, compact};
use crate::codegen::machine_code::{MachineCode, Referent, Site};
use crate::codegen::{Relocation, RelocationTarget};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::UserExternalNameRef;
use cranelift_entity::EntityRef;

/// `push %rbp; mov %rsp, %rbp`
const ENTER: &[u8] = &[0x55, 0x48, 0x89, 0xe5];
/// `sub $16, %rsp`
const ROOM: &[u8] = &[0x48, 0x83, 0xec, 0x10];
/// `add $16, %rsp`
const NO_ROOM: &[u8] = &[0x48, 0x83, 0xc4, 0x10];
/// `mov %rbp, %rsp; pop %rbp`
const LEAVE: &[u8] = &[0x48, 0x89, 0xec, 0x5d];
const RETURN: &[u8] = &[0xc3];
/// `call` of something else.
const CALL: &[u8] = &[0xe8, 0, 0, 0, 0];
/// `mov %rsi, (%rsp)`
const STORE_RSI: &[u8] = &[0x48, 0x89, 0x34, 0x24];
/// `mov (%rsp), %rsi`
const LOAD_RSI: &[u8] = &[0x48, 0x8b, 0x34, 0x24];

/// Neither addresses in tables nor copies.
const SIMPLE: Rules = Rules {
    absolute: false,
    copies: false,
    loops_in_lines: false,
};
const ALL: Rules = Rules {
    absolute: true,
    copies: true,
    loops_in_lines: false,
};

fn code(parts: &[&[u8]]) -> MachineCode {
    MachineCode {
        bytes: parts.concat(),
        alignment: 16,
        relocations: Vec::new(),
        sites: Vec::new(),
        catching_calls: Vec::new(),
        debug: None,
    }
}

/// The code with an address at this offset.
fn relocated(parts: &[&[u8]], offset: u32) -> MachineCode {
    let mut code = code(parts);
    code.relocations.push(Relocation {
        offset,
        kind: Reloc::X86CallPCRel4,
        target: RelocationTarget::Symbol(Referent::Name(UserExternalNameRef::new(0))),
        addend: -4,
    });
    code
}

/// Compacts the code, whose blocks start at these offsets.
fn compacted(mut code: MachineCode, blocks: &[u32]) -> MachineCode {
    compact(&mut code, blocks, SIMPLE);
    code
}

#[track_caller]
fn assert_bytes(code: &MachineCode, parts: &[&[u8]]) {
    assert_eq!(code.bytes, parts.concat(), "{:02x?}", code.bytes);
}

/// `test %edi, %edi; jne` to behind the first `ret`.
fn leaf() -> MachineCode {
    let first: &[u8] = &[0x85, 0xff, 0x0f, 0x85, 7, 0, 0, 0, 0x31, 0xc0];
    let second: &[u8] = &[0x81, 0xc7, 1, 0, 0, 0, 0x89, 0xf8];
    code(&[ENTER, first, LEAVE, RETURN, second, LEAVE, RETURN])
}

#[test]
fn a_function_without_calls_needs_no_frame_and_short_branches() {
    let first: &[u8] = &[0x85, 0xff, 0x75, 3, 0x31, 0xc0];
    let second: &[u8] = &[0x83, 0xc7, 1, 0x89, 0xf8];
    let compacted = compacted(leaf(), &[0, 12, 19]);
    assert_bytes(&compacted, &[first, RETURN, second, RETURN]);
}

#[test]
fn a_branch_is_as_long_as_its_distance_asks_for() {
    let skipped = [0x90; 200];
    let branch: &[u8] = &[0x85, 0xff, 0x0f, 0x85, 200, 0, 0, 0];
    let code = code(&[ENTER, branch, &skipped, LEAVE, RETURN]);
    let compacted = compacted(code, &[0, 12, 212]);
    assert_bytes(&compacted, &[branch, &skipped, RETURN]);
}

#[test]
fn tables_lead_where_they_led() {
    // lea table(%rip), %rax; movslq (%rax, %rdi, 4), %rcx; add %rcx, %rax; jmp *%rax
    let jump: &[u8] = &[
        0x48, 0x8d, 0x05, 9, 0, 0, 0, 0x48, 0x63, 0x0c, 0xb8, 0x48, 0x01, 0xc8, 0xff, 0xe0,
    ];
    let table: &[u8] = &[8, 0, 0, 0, 19, 0, 0, 0];
    let first: &[u8] = &[0x81, 0xc7, 1, 0, 0, 0];
    let second: &[u8] = &[0x31, 0xc0];
    let parts = [
        ENTER, jump, table, first, LEAVE, RETURN, second, LEAVE, RETURN,
    ];
    let compacted = compacted(code(&parts), &[0, 28, 39]);
    let table: &[u8] = &[8, 0, 0, 0, 12, 0, 0, 0];
    let first: &[u8] = &[0x83, 0xc7, 1];
    assert_bytes(&compacted, &[jump, table, first, RETURN, second, RETURN]);
}

#[test]
fn an_index_of_a_table_is_compared_once() {
    // mov $2, %ebx; mov %edi, %eax
    let count: &[u8] = &[0xbb, 2, 0, 0, 0, 0x89, 0xf8];
    // cmp %ebx, %eax; cmovb %eax, %ebx
    let clamp: &[u8] = &[0x39, 0xd8, 0x0f, 0x42, 0xd8];
    // lea table(%rip), %rcx; movslq (%rcx, %rbx, 4), %rax; add %rax, %rcx; jmp *%rcx
    let jump: &[u8] = &[
        0x48, 0x8d, 0x0d, 9, 0, 0, 0, 0x48, 0x63, 0x04, 0x99, 0x48, 0x01, 0xc1, 0xff, 0xe1,
    ];
    let table: &[u8] = &[12, 0, 0, 0, 17, 0, 0, 0, 22, 0, 0, 0];
    let parts = [
        ENTER, count, clamp, jump, table, LEAVE, RETURN, LEAVE, RETURN, LEAVE, RETURN,
    ];
    let compacted = compacted(code(&parts), &[0, 44, 49, 54]);
    // mov %edi, %eax; cmp $2, %eax; jae to the last; mov %eax, %ebx
    let branch: &[u8] = &[0x89, 0xf8, 0x83, 0xf8, 2, 0x73, 32, 0x8b, 0xd8];
    let table: &[u8] = &[12, 0, 0, 0, 13, 0, 0, 0, 14, 0, 0, 0];
    let parts = [branch, jump, table, RETURN, RETURN, RETURN];
    assert_bytes(&compacted, &parts);
}

#[test]
fn what_a_register_has_is_not_loaded_and_what_the_stack_has_is_not_stored() {
    let store: &[u8] = &[0x48, 0x89, 0x3c, 0x24];
    let load_rax: &[u8] = &[0x48, 0x8b, 0x04, 0x24];
    let load_rcx: &[u8] = &[0x48, 0x8b, 0x0c, 0x24];
    let store_rax: &[u8] = &[0x48, 0x89, 0x04, 0x24];
    let add: &[u8] = &[0x48, 0x01, 0xc8];
    let mut before = relocated(
        &[
            ENTER, ROOM, store, CALL, load_rax, load_rcx, store_rax, add, NO_ROOM, LEAVE, RETURN,
        ],
        13,
    );
    before.sites.push(Site {
        pc: 16,
        trap: 0,
        location: None,
    });
    let compacted = compacted(before, &[0]);
    let copy: &[u8] = &[0x48, 0x8b, 0xc8];
    let parts = [ENTER, ROOM, store, CALL, load_rax, copy, add, LEAVE, RETURN];
    assert_bytes(&compacted, &parts);
    assert_eq!(compacted.relocations[0].offset, 13);
    assert_eq!(compacted.sites[0].pc, 16);
}

/// Stores `rsi`, does something in one of two ways, and loads it.
fn two_ways(one: &[u8; 2]) -> MachineCode {
    let branch: &[u8] = &[0x85, 0xff, 0x0f, 0x84, 2, 0, 0, 0];
    let parts = [
        ENTER, ROOM, STORE_RSI, branch, one, LOAD_RSI, NO_ROOM, LEAVE, RETURN,
    ];
    compacted(code(&parts), &[0, 20, 22])
}

#[test]
fn a_load_stays_where_one_way_changes_the_register() {
    let branch: &[u8] = &[0x85, 0xff, 0x74, 2];
    // xor %esi, %esi
    let one: &[u8; 2] = &[0x31, 0xf6];
    let parts = [ENTER, ROOM, STORE_RSI, branch, one, LOAD_RSI, LEAVE, RETURN];
    assert_bytes(&two_ways(one), &parts);
    // xor %ecx, %ecx: without the load nothing needs the place, but stores at the start are told to debuggers.
    let one: &[u8; 2] = &[0x31, 0xc9];
    let parts = [ENTER, ROOM, STORE_RSI, branch, one, LEAVE, RETURN];
    assert_bytes(&two_ways(one), &parts);
}

#[test]
fn the_stack_behind_the_end_of_the_frame_is_another_one() {
    // mov %r13, (%rsp); mov (%rsp), %r13
    let saved: &[u8] = &[0x4c, 0x89, 0x2c, 0x24, 0x4c, 0x8b, 0x2c, 0x24];
    // mov (%rsp), %r11; mov %r11, 0x30(%rsp); add $0x30, %rsp; jmp
    let jump: &[u8] = &[
        0x4c, 0x8b, 0x1c, 0x24, 0x4c, 0x89, 0x5c, 0x24, 0x30, 0x48, 0x83, 0xc4, 0x30, 0xe9, 0, 0,
        0, 0,
    ];
    let code = relocated(&[ENTER, ROOM, saved, NO_ROOM, LEAVE, jump], 38);
    let compacted = compacted(code, &[0]);
    assert_bytes(&compacted, &[ENTER, ROOM, saved, LEAVE, jump]);
    assert_eq!(compacted.relocations[0].offset, 34);
}

#[test]
fn arguments_of_calls_are_stored() {
    // mov %rsi, (%rsp), which nothing here reads.
    let parts = [
        ENTER, ROOM, STORE_RSI, CALL, STORE_RSI, CALL, NO_ROOM, LEAVE, RETURN,
    ];
    let mut code = relocated(&parts, 13);
    let second = Relocation {
        offset: 22,
        ..code.relocations[0]
    };
    code.relocations.push(second);
    let compacted = compacted(code, &[0]);
    let parts = [ENTER, ROOM, STORE_RSI, CALL, STORE_RSI, CALL, LEAVE, RETURN];
    assert_bytes(&compacted, &parts);
}

#[test]
fn innermost_loops_are_aligned() {
    // dec %edi; jne back to it
    let body: &[u8] = &[0xff, 0xcf, 0x0f, 0x85, 0xf8, 0xff, 0xff, 0xff];
    let code = code(&[ENTER, &[0x31, 0xc0], body, LEAVE, RETURN]);
    let compacted = compacted(code, &[0, 6, 14]);
    let loop_: &[u8] = &[0xff, 0xcf, 0x75, 0xfc];
    assert_eq!(compacted.bytes[16..], [loop_, RETURN].concat());
}

#[test]
fn loops_lie_in_few_lines() {
    // xor %eax, %eax, so often; then a loop of xor %ecx, %ecx, so often, and dec %edi; jne back
    let placed = |in_front: usize, inside: usize, loops_in_lines| {
        let front = [0x31, 0xc0].repeat(in_front);
        let mut body = [0x31, 0xc9].repeat(inside);
        body.extend([0xff, 0xcf, 0x0f, 0x85]);
        body.extend((-(body.len() as i32 + 4)).to_le_bytes());
        let mut code = code(&[ENTER, &front, &body, LEAVE, RETURN]);
        let start = 4 + front.len() as u32;
        let rules = Rules {
            loops_in_lines,
            ..SIMPLE
        };
        compact(&mut code, &[0, start, start + body.len() as u32], rules);
        let first = |bytes: &[u8]| bytes == [0x31, 0xc9];
        let at = code.bytes.windows(2).position(first);
        (at.unwrap(), code.alignment)
    };
    // 4 bytes fit in a line at any multiple of 16, 44 do not.
    assert_eq!(placed(1, 1, true), (16, 64));
    assert_eq!(placed(1, 20, false), (16, 16));
    assert_eq!(placed(1, 20, true), (16, 64));
    assert_eq!(placed(16, 20, false), (32, 16));
    assert_eq!(placed(16, 20, true), (64, 64));
    // 104 bytes fit in two lines, 184 take three anyway.
    assert_eq!(placed(16, 50, true), (64, 64));
    assert_eq!(placed(16, 90, true), (32, 64));
}

/// `lea table(%rip), %rax; movslq (%rax, %rdi, 4), %rcx; add %rcx, %rax; jmp *%rax`, right before the table.
const TABLE_JUMP: &[u8] = &[
    0x48, 0x8d, 0x05, 9, 0, 0, 0, 0x48, 0x63, 0x0c, 0xb8, 0x48, 0x01, 0xc8, 0xff, 0xe0,
];
/// `jmp *table(, %rdi, 8)`
const ADDRESS_JUMP: &[u8] = &[0xff, 0x24, 0xfd, 0, 0, 0, 0];

#[test]
fn jumps_to_a_jump_through_a_table_are_one() {
    // mov (%rsi), %edi
    let load: &[u8] = &[0x8b, 0x3e];
    let table: &[u8] = &[8, 0, 0, 0, 16, 0, 0, 0];
    // add $1, %esi; jmp to the load
    let add: &[u8] = &[0x83, 0xc6, 1];
    let back: &[u8] = &[0xe9, 0xde, 0xff, 0xff, 0xff];
    let mut code = code(&[ENTER, load, TABLE_JUMP, table, add, back, LEAVE, RETURN]);
    let site = |pc| Site {
        pc,
        trap: 0,
        location: None,
    };
    code.sites.push(site(4));
    compact(&mut code, &[0, 4, 30, 38], ALL);
    let next = [load, ADDRESS_JUMP].concat();
    assert_bytes(&code, &[&next, add, &next, RETURN, &[0; 2], &[0; 16]]);
    assert_eq!(code.sites, [site(0), site(12)]);
    let relocations = code.relocations.iter();
    let found: Vec<_> = relocations
        .map(|relocation| (relocation.offset, relocation.kind, relocation.target))
        .collect();
    let expected = [
        (5, Reloc::Abs4, 24),
        (17, Reloc::Abs4, 24),
        (24, Reloc::Abs8, 9),
        (32, Reloc::Abs8, 21),
    ];
    let expected = expected.map(|(at, kind, to)| (at, kind, RelocationTarget::Local(to)));
    assert_eq!(found, expected);
}

#[test]
fn an_index_with_zeros_in_front_is_taken_as_it_is() {
    // mov $1, %ebx; cmp %ebx, %edi; cmovb %edi, %ebx
    let clamp: &[u8] = &[0xbb, 1, 0, 0, 0, 0x39, 0xdf, 0x0f, 0x42, 0xdf];
    // lea table(%rip), %rax; movslq (%rax, %rbx, 4), %rcx; add %rcx, %rax; jmp *%rax
    let jump = [&TABLE_JUMP[..10], &[0x98], &TABLE_JUMP[11..]].concat();
    let table: &[u8] = &[8, 0, 0, 0, 13, 0, 0, 0];
    let ways = [LEAVE, RETURN, LEAVE, RETURN].concat();
    let compacted = |load: &[u8]| {
        let mut code = code(&[ENTER, load, clamp, &jump, table, &ways]);
        let first = 4 + load.len() as u32 + 34;
        compact(&mut code, &[0, first, first + 5], ALL);
        code
    };
    // movzbl (%rsi), %edi
    let zeros: &[u8] = &[0x0f, 0xb6, 0x3e];
    // cmp $1, %edi; jae to the last
    let branch: &[u8] = &[0x83, 0xff, 1, 0x73, 8];
    let tables: &[u8] = &[0; 23];
    let parts = [
        zeros,
        branch,
        ADDRESS_JUMP,
        RETURN,
        RETURN,
        &tables[..7],
        &tables[..16],
    ];
    assert_bytes(&compacted(zeros), &parts);
    // movsbq (%rsi), %rdi
    let signs: &[u8] = &[0x48, 0x0f, 0xbe, 0x3e];
    // cmp $1, %edi; jae to the last; mov %edi, %ebx; jmp *table(, %rbx, 8)
    let branch: &[u8] = &[0x83, 0xff, 1, 0x73, 10, 0x8b, 0xdf];
    let jump: &[u8] = &[0xff, 0x24, 0xdd, 0, 0, 0, 0];
    let parts = [
        signs,
        branch,
        jump,
        RETURN,
        RETURN,
        &tables[..4],
        &tables[..16],
    ];
    assert_bytes(&compacted(signs), &parts);
}

#[test]
fn a_loop_that_is_left_at_its_top_has_a_branch_at_its_end() {
    // xor %eax, %eax
    let before: &[u8] = &[0x31, 0xc0];
    // test %edi, %edi; je to the end; dec %edi; jmp back
    let test: &[u8] = &[0x85, 0xff];
    let leave: &[u8] = &[0x0f, 0x84, 7, 0, 0, 0];
    let body: &[u8] = &[0xff, 0xcf];
    let back: &[u8] = &[0xe9, 0xf1, 0xff, 0xff, 0xff];
    let parts = [ENTER, before, test, leave, body, back, LEAVE, RETURN];
    let mut code = code(&parts);
    compact(&mut code, &[0, 6, 14, 21], ALL);
    let mut gap = Vec::new();
    pad(&mut gap, 10);
    let leave: &[u8] = &[0x74, 16];
    let again: &[u8] = &[0x75, 0xfa];
    assert_bytes(
        &code,
        &[before, test, leave, &gap, body, test, again, RETURN],
    );
}

#[test]
fn what_is_not_understood_stays() {
    // No instruction in 64 bits.
    let code = code(&[ENTER, &[0x06], LEAVE, RETURN]);
    assert_bytes(&compacted(code, &[0]), &[ENTER, &[0x06], LEAVE, RETURN]);
}

#[test]
fn a_pair_of_numbers_needs_no_copy_to_both_halves() {
    // pshufd $0x44, %xmm1, %xmm1; movlhps %xmm0, %xmm1
    let pair: &[u8] = &[0x66, 0x0f, 0x70, 0xc9, 0x44, 0x0f, 0x16, 0xc8];
    let code = compacted(code(&[ENTER, pair, LEAVE, RETURN]), &[0]);
    assert_bytes(&code, &[&[0x0f, 0x16, 0xc8], RETURN]);
}

#[test]
fn the_first_of_a_pair_is_copied_from_another_register() {
    // pshufd $0x44, %xmm9, %xmm1; movlhps %xmm0, %xmm1
    let pair: &[u8] = &[0x66, 0x41, 0x0f, 0x70, 0xc9, 0x44, 0x0f, 0x16, 0xc8];
    let code = compacted(code(&[ENTER, pair, LEAVE, RETURN]), &[0]);
    // movaps %xmm9, %xmm1
    assert_bytes(
        &code,
        &[&[0x41, 0x0f, 0x28, 0xc9, 0x0f, 0x16, 0xc8], RETURN],
    );
}

#[test]
fn both_halves_stay_where_control_comes_between() {
    // pshufd $0x44, %xmm1, %xmm1; movlhps %xmm0, %xmm1
    let pair: &[u8] = &[0x66, 0x0f, 0x70, 0xc9, 0x44, 0x0f, 0x16, 0xc8];
    let code = compacted(code(&[ENTER, pair, LEAVE, RETURN]), &[0, 9]);
    assert_bytes(&code, &[pair, RETURN]);
    // Another order of the halves, and another register.
    let other: &[u8] = &[0x66, 0x0f, 0x70, 0xc9, 0x4e, 0x0f, 0x16, 0xc8];
    let apart: &[u8] = &[0x66, 0x0f, 0x70, 0xd1, 0x44, 0x0f, 0x16, 0xc8];
    for part in [other, apart] {
        let code = compacted(self::code(&[ENTER, part, LEAVE, RETURN]), &[0]);
        assert_bytes(&code, &[part, RETURN]);
    }
}

#[test]
fn a_loaded_number_has_zeros_beside_it() {
    // movss (%rdi), %xmm1
    let load: &[u8] = &[0xf3, 0x0f, 0x10, 0x0f];
    // xorps %xmm0, %xmm0; movss %xmm1, %xmm0
    let alone: &[u8] = &[0x0f, 0x57, 0xc0, 0xf3, 0x0f, 0x10, 0xc1];
    let code = compacted(self::code(&[ENTER, load, alone, LEAVE, RETURN]), &[0]);
    // movaps %xmm1, %xmm0
    assert_bytes(&code, &[load, &[0x0f, 0x28, 0xc1], RETURN]);
    // Control comes from elsewhere, the number is computed, or has another width.
    let code = compacted(self::code(&[ENTER, load, alone, LEAVE, RETURN]), &[0, 8]);
    assert_bytes(&code, &[load, alone, RETURN]);
    // addss %xmm2, %xmm1
    let sum: &[u8] = &[0xf3, 0x0f, 0x58, 0xca];
    let code = compacted(self::code(&[ENTER, load, sum, alone, LEAVE, RETURN]), &[0]);
    assert_bytes(&code, &[load, sum, alone, RETURN]);
    // movsd (%rdi), %xmm1
    let wider: &[u8] = &[0xf2, 0x0f, 0x10, 0x0f];
    let code = compacted(self::code(&[ENTER, wider, alone, LEAVE, RETURN]), &[0]);
    assert_bytes(&code, &[wider, alone, RETURN]);
}

#[test]
fn what_has_been_extended_is_not_extended_again() {
    // mov %ecx, %ecx
    let extend: &[u8] = &[0x89, 0xc9];
    let zero: &[u8] = &[0x31, 0xc0];
    let made: [&[u8]; 4] = [
        // mov (%rdi), %ecx; cmovl %edx, %ecx; add %edx, %ecx; movzbq (%rdi), %rcx
        &[0x8b, 0x0f],
        &[0x0f, 0x4c, 0xca],
        &[0x01, 0xd1],
        &[0x48, 0x0f, 0xb6, 0x0f],
    ];
    for made in made {
        let code = code(&[ENTER, made, zero, extend, LEAVE, RETURN]);
        assert_bytes(&compacted(code, &[0]), &[made, zero, RETURN]);
    }
    let other: [&[u8]; 4] = [
        // mov (%rdi), %rcx; mov (%rdi), %cl; bsr %edx, %ecx; mov %ecx, %edx
        &[0x48, 0x8b, 0x0f],
        &[0x8a, 0x0f],
        &[0x0f, 0xbd, 0xca],
        &[0x89, 0xca],
    ];
    for other in other {
        let code = code(&[ENTER, other, zero, extend, LEAVE, RETURN]);
        assert_bytes(&compacted(code, &[0]), &[other, zero, extend, RETURN]);
    }
    // Control comes from elsewhere to where it is.
    let load: &[u8] = &[0x8b, 0x0f];
    let code = code(&[ENTER, load, zero, extend, LEAVE, RETURN]);
    assert_bytes(&compacted(code, &[0, 8]), &[load, zero, extend, RETURN]);
}

/// `test %edi, %edi; jne` to behind `jmp` to the second way; the first and the second way.
fn branch_over_a_jump() -> [Vec<u8>; 3] {
    let jumps = [0x85, 0xff, 0x0f, 0x85, 5, 0, 0, 0, 0xe9, 7, 0, 0, 0];
    let first = [0x31, 0xc0, 0x48, 0x89, 0xec, 0x5d, 0xc3];
    let second = [0x89, 0xf8, 0x48, 0x89, 0xec, 0x5d, 0xc3];
    [jumps.to_vec(), first.to_vec(), second.to_vec()]
}

#[test]
fn a_branch_over_a_jump_jumps() {
    let [jumps, first, second] = branch_over_a_jump();
    let before = code(&[ENTER, &jumps, &first, &second]);
    let after: &[u8] = &[0x85, 0xff, 0x74, 3, 0x31, 0xc0, 0xc3, 0x89, 0xf8, 0xc3];
    assert_bytes(&compacted(before, &[0, 17, 24]), &[after]);
}

#[test]
fn a_jump_stays_that_a_table_leads_to() {
    let [jumps, first, second] = branch_over_a_jump();
    // lea table(%rip), %rax; movslq (%rax, %rdi, 4), %rcx; add %rcx, %rax; jmp *%rax
    let through: &[u8] = &[
        0x48, 0x8d, 0x05, 9, 0, 0, 0, 0x48, 0x63, 0x0c, 0xb8, 0x48, 0x01, 0xc8, 0xff, 0xe0,
    ];
    // To the beginning and to the jump.
    let table: &[u8] = &[8, 0, 0, 0, 16, 0, 0, 0];
    let before = code(&[ENTER, through, table, &jumps, &first, &second]);
    let table: &[u8] = &[8, 0, 0, 0, 12, 0, 0, 0];
    let after: &[u8] = &[
        0x85, 0xff, 0x75, 2, 0xeb, 3, 0x31, 0xc0, 0xc3, 0x89, 0xf8, 0xc3,
    ];
    assert_bytes(
        &compacted(before, &[0, 28, 36, 41, 48]),
        &[through, table, after],
    );
}

#[test]
fn jumps_to_jumps_lead_to_the_end() {
    // test %edi, %edi; jne to jmp to the second way; xor; ret; jmp to behind ret; ret; mov; ret
    let branch: &[u8] = &[0x85, 0xff, 0x0f, 0x85, 7, 0, 0, 0];
    let first: &[u8] = &[0x31, 0xc0, 0x48, 0x89, 0xec, 0x5d, 0xc3];
    let jump: &[u8] = &[0xe9, 7, 0, 0, 0];
    let second: &[u8] = &[0x89, 0xf8, 0x48, 0x89, 0xec, 0x5d, 0xc3];
    let before = code(&[ENTER, branch, first, jump, first, second]);
    let after = compacted(before, &[0, 12, 19, 24, 31]);
    let [branch, jump]: [&[u8]; 2] = [&[0x85, 0xff, 0x75, 8], &[0xeb, 3]];
    let [first, second]: [&[u8]; 2] = [&[0x31, 0xc0, 0xc3], &[0x89, 0xf8, 0xc3]];
    assert_bytes(&after, &[branch, first, jump, first, second]);
}
