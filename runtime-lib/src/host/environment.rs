//! Arguments and environment variables, as the guest sees them: the arguments all, of the environment what was granted
//! while compiling, and what [`crate::grant`] adds to that.
//!
//! # Safety
//!
//! There is one thread, and variables are added before the guest runs, so nobody reads them meanwhile. The first `len`
//! elements of the list are initialised.
#![allow(unsafe_code)]

use super::Result;
use crate::program::elements;
use crate::start::{is_of, process};
use crate::sys::mapping::Mapping;
use core::cell::UnsafeCell;
use core::ffi::CStr;
use core::mem::MaybeUninit;

/// The arguments, the first being the name that the program was called by, or that it was compiled to be called by.
pub(crate) fn arguments() -> impl Iterator<Item = &'static [u8]> {
    let name = elements(&process().program().argv0);
    let name = (!name.is_empty()).then_some(name);
    let given = process().arguments().map(CStr::to_bytes);
    name.into_iter()
        .chain(given.skip(usize::from(name.is_some())))
}

/// The granted variables, each `NAME=VALUE`. A variable granted without a value has the one that it had when the
/// executable was started, and is left out when it had none.
pub(crate) fn variables() -> impl Iterator<Item = &'static [u8]> {
    let granted = elements(&process().program().environment).iter();
    granted
        .filter_map(|variable| text_of(elements(&variable.text)))
        .chain(added().iter().copied())
}

/// The `NAME=VALUE` of a grant, which is one or only a name.
pub(crate) fn text_of(granted: &'static [u8]) -> Option<&'static [u8]> {
    if granted.contains(&b'=') {
        return Some(granted);
    }
    process().variable(granted)
}

/// What was granted at the start.
struct Added {
    texts: Option<Mapping<MaybeUninit<&'static [u8]>>>,
    len: usize,
}

struct Shared(UnsafeCell<Added>);

// SAFETY: there is one thread.
unsafe impl Sync for Shared {}

static ADDED: Shared = Shared(UnsafeCell::new(Added {
    texts: None,
    len: 0,
}));

fn added() -> &'static [&'static [u8]] {
    // SAFETY: variables are added before anybody keeps the list.
    let added = unsafe { &mut *ADDED.0.get() };
    match &mut added.texts {
        // SAFETY: so many were written.
        Some(texts) => unsafe {
            core::slice::from_raw_parts(texts.elements().as_ptr().cast(), added.len)
        },
        None => &[],
    }
}

/// Makes room for so many more variables.
pub(crate) fn reserve(count: usize) -> Result<()> {
    let present = added();
    let mut texts = Mapping::<MaybeUninit<&'static [u8]>>::new((present.len() + count).max(1))?;
    for (to, from) in texts.elements().iter_mut().zip(present) {
        to.write(*from);
    }
    // SAFETY: `present` is not used any more.
    unsafe { (*ADDED.0.get()).texts = Some(texts) };
    Ok(())
}

/// Adds a `NAME=VALUE`, unless there is a variable of the name. There is room for it.
pub(crate) fn add(name: &[u8], text: &'static [u8]) {
    if variables().any(|text| is_of(text, name)) {
        return;
    }
    // SAFETY: see above; the iterator is gone.
    let added = unsafe { &mut *ADDED.0.get() };
    let texts = added.texts.as_mut().map(Mapping::elements);
    if let Some(place) = texts.and_then(|texts| texts.get_mut(added.len)) {
        place.write(text);
        added.len += 1;
    }
}
