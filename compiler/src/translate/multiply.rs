//! The product of two 128-bit numbers, where [`crate::optimize::Multiplications`] has found a function that makes it.

use super::control;
use super::function::Lowering;
use super::memory;
use crate::optimize::{Half, WideMultiplication};
use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::types::I128;

/// Lowers the body of such a function, with its parameters as the first locals: the stores, each as the body has it.
pub(super) fn lower(lowering: &mut Lowering<'_, '_>, multiplication: &WideMultiplication) {
    let (locals, builder) = (&mut lowering.locals, &mut lowering.builder);
    let [address, one_low, one_high, other_low, other_high] =
        [0, 1, 2, 3, 4].map(|index| locals.get(builder, index));
    let [one_wide, other_wide] = [one_low, other_low].map(|word| builder.ins().uextend(I128, word));
    let product = builder.ins().imul(one_wide, other_wide);
    let (low, carried) = builder.ins().isplit(product);
    let one = builder.ins().imul(one_high, other_low);
    let other = builder.ins().imul(one_low, other_high);
    let high = builder.ins().iadd(carried, one);
    let high = builder.ins().iadd(high, other);
    for (memarg, half) in &multiplication.stores {
        let word = match half {
            Half::Low => low,
            Half::High => high,
        };
        lowering.stack.extend(&[address, word]);
        memory::store(lowering, memarg);
    }
    control::end(lowering);
}
