//! Cranelift's settings for each target.

use crate::error::{Error, ErrorKind, Result};
use crate::options::{OptLevel, Options};
use crate::target::Target;
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable, SetResult};

/// Settings that every target shares; design.md gives the reasons at length.
const SHARED: &[(&str, &str)] = &[
    // The guest stack ends in a guard; a frame larger than it must touch each page on its way down.
    ("enable_probestack", "true"),
    ("probestack_strategy", "inline"),
    // Everything lies in one executable: addresses that follow from the program counter are never looked up, in a
    // position-independent one neither. Cranelift's `is_pic` would look them up on riscv64.
    ("use_colocated_libcalls", "true"),
    ("is_pic", "false"),
    // riscv64 returns four results through memory.
    ("enable_multi_ret_implicit_sret", "true"),
    // Accesses are not checked, so there is nothing to mispredict; a table's index check guards no secret.
    ("enable_heap_access_spectre_mitigation", "false"),
    ("enable_table_access_spectre_mitigation", "false"),
    // Where blocks start, for [`super::compact`].
    ("machine_code_cfg_info", "true"),
];

/// The machine that the options name.
pub fn build(options: &Options) -> Result<OwnedTargetIsa> {
    let (target, cpu) = (options.target, options.cpu);
    if cpu.target() != target {
        let message = format!(
            "the CPU is one of {}, but the target is {target}",
            cpu.target()
        );
        return Err(Error::new(ErrorKind::Option, message));
    }
    if options.sign_return_addresses && target != Target::Aarch64 {
        let message = format!(
            "return addresses can be signed on {} alone, but the target is {target}",
            Target::Aarch64
        );
        return Err(Error::new(ErrorKind::Option, message));
    }
    create(options).map_err(|error| {
        Error::new(
            ErrorKind::Internal,
            format!("Cranelift's settings: {error}"),
        )
    })
}

fn create(options: &Options) -> std::result::Result<OwnedTargetIsa, Box<dyn std::error::Error>> {
    let (target, opt_level) = (options.target, options.opt_level);
    let mut flags = settings::builder();
    set_all(&mut flags, SHARED)?;
    // Only debuggers unwind.
    flags.set("unwind_info", if options.debug { "true" } else { "false" })?;
    flags.set(
        "opt_level",
        match opt_level {
            OptLevel::None => "none",
            OptLevel::Basic | OptLevel::Speed => "speed",
            OptLevel::Size => "speed_and_size",
        },
    )?;
    flags.set(
        "regalloc_algorithm",
        if opt_level == OptLevel::None {
            "single_pass"
        } else {
            "backtracking"
        },
    )?;
    flags.set(
        "enable_verifier",
        if cfg!(debug_assertions) {
            "true"
        } else {
            "false"
        },
    )?;
    // Cranelift makes frames on x86-64 anyway, and `return_call` needs them ([`super::compact`] drops those that nothing
    // uses); elsewhere leaf functions would double.
    flags.set(
        "preserve_frame_pointers",
        if target == Target::X86_64 {
            "true"
        } else {
            "false"
        },
    )?;
    let mut builder = isa::lookup(
        target
            .rust_triple()
            .parse()
            .map_err(|_| "an unknown target")?,
    )?;
    if target == Target::Riscv64 {
        for feature in ["has_m", "has_a", "has_f", "has_d", "has_zca", "has_zcd"] {
            builder.enable(feature)?;
        }
    }
    if options.sign_return_addresses {
        builder.enable("sign_return_address")?;
    }
    for flag in options.cpu.flags() {
        builder.enable(flag)?;
    }
    // Translation looks whether the machine has it before it uses it. Cranelift only uses it beside SSE4.2, of which it
    // uses nothing without SSE4.1.
    if options.finds_popcnt() {
        builder.enable("has_popcnt")?;
        builder.enable("has_sse42")?;
    }
    Ok(builder.finish(settings::Flags::new(flags))?)
}

fn set_all(builder: &mut settings::Builder, list: &[(&str, &str)]) -> SetResult<()> {
    list.iter()
        .try_for_each(|(name, value)| builder.set(name, value))
}
