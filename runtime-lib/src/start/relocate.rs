//! The first steps of a position-independent executable, which no dynamic linker takes for it: the kernel has chosen
//! where it lies, so the addresses in its data are put right; then what never changes again becomes read-only.
//!
//! # Safety
//!
//! The compiler has checked that the program headers are mapped, that all relocations are relative ones, and that what
//! is to become read-only ends with a page. Until [`relocate`] is done nothing here follows an address that is data.
#![allow(unsafe_code)]

use super::process::process;
use super::refuse::refuse_mapping;
use super::start;
use crate::program::elements;
use crate::sys::memory::{Access, protect};
use core::ptr::{copy_nonoverlapping, with_exposed_provenance, with_exposed_provenance_mut};
use core::slice::from_raw_parts;
use elfin_abi::layout::Program;
use linux_raw_sys::auxvec::{AT_PAGESZ, AT_PHDR, AT_PHNUM};
use linux_raw_sys::elf::{
    DT_RELA, DT_RELASZ, Elf_Dyn, Elf_Phdr, Elf_Rela, PT_DYNAMIC, PT_GNU_RELRO, PT_PHDR,
};

/// The executable's first function.
///
/// # Safety
///
/// As for [`start`].
pub(crate) unsafe extern "C" fn enter(stack: *const usize, program: &'static Program) -> ! {
    // SAFETY: as the caller promises; what this stores are addresses from registers.
    unsafe { process().set(stack, program) };
    let image = Image::find();
    // SAFETY: nothing has run before.
    unsafe { image.relocate() };
    copy_to_state(program);
    image.protect();
    // SAFETY: as the caller promises.
    unsafe { start(stack, program) }
}

/// The executable in memory.
struct Image {
    headers: &'static [Elf_Phdr],
    /// What is added to each address of the file.
    bias: usize,
}

impl Image {
    #[inline(never)]
    fn find() -> Image {
        let address = process().auxiliary(AT_PHDR as usize).unwrap_or(0);
        let count = process().auxiliary(AT_PHNUM as usize).unwrap_or(0);
        let headers: &[Elf_Phdr] = match count {
            0 => &[],
            // SAFETY: the kernel says where it has mapped the headers, which nobody writes to.
            _ => unsafe { from_raw_parts(with_exposed_provenance(address), count) },
        };
        let mut image = Image { headers, bias: 0 };
        let expected = image.segment(PT_PHDR).map_or(0, |header| header.p_vaddr);
        image.bias = address.wrapping_sub(expected);
        image
    }

    fn segment(&self, kind: u32) -> Option<&'static Elf_Phdr> {
        self.headers.iter().find(|header| header.p_type == kind)
    }

    /// Puts the addresses in data right.
    ///
    /// # Safety
    ///
    /// It has not been done yet.
    #[inline(never)]
    unsafe fn relocate(&self) {
        let Some(dynamic) = self.segment(PT_DYNAMIC) else {
            return;
        };
        let mut entry: *const Elf_Dyn =
            with_exposed_provenance(self.bias.wrapping_add(dynamic.p_vaddr));
        let (mut start, mut len) = (0, 0);
        // SAFETY: the list ends with a tag that is 0.
        unsafe {
            while (*entry).d_tag != 0 {
                match (*entry).d_tag {
                    DT_RELA => start = (*entry).d_un.d_ptr,
                    DT_RELASZ => len = (*entry).d_un.d_ptr,
                    _ => {}
                }
                entry = entry.add(1);
            }
        }
        let relocations: *const Elf_Rela = with_exposed_provenance(self.bias.wrapping_add(start));
        for index in 0..len / size_of::<Elf_Rela>() {
            // SAFETY: there are so many, all relative ones, each for a word of the executable's data.
            unsafe {
                let relocation = &*relocations.add(index);
                let word = self.bias.wrapping_add(relocation.r_offset);
                with_exposed_provenance_mut::<usize>(word)
                    .write(self.bias.wrapping_add(relocation.r_addend));
            }
        }
    }

    /// Makes what the relocations were for read-only.
    fn protect(&self) {
        let Some(constants) = self.segment(PT_GNU_RELRO) else {
            return;
        };
        let page_size = process().auxiliary(AT_PAGESZ as usize).unwrap_or(1);
        let start = self.bias.wrapping_add(constants.p_vaddr);
        let end = start.wrapping_add(constants.p_memsz) as u64 & !(page_size as u64 - 1);
        let start = start as u64 & !(page_size as u64 - 1);
        // SAFETY: nothing refers to it for writing.
        if let Err(error) = unsafe { protect(start, end - start, Access::Read) } {
            refuse_mapping("read-only data", end - start, error);
        }
    }
}

/// References to functions that lie in the state: their initial values are known once addresses are right.
fn copy_to_state(program: &'static Program) {
    for copy in elements(&program.copies) {
        let from = with_exposed_provenance::<u8>(copy.from as usize);
        let to = with_exposed_provenance_mut::<u8>(copy.to as usize);
        // SAFETY: from read-only data to the state; the compiler gave the places.
        unsafe { copy_nonoverlapping(from, to, copy.len as usize) };
    }
}
