//! The reference: wasmi, an interpreter that shares no code generator with elfin. It runs a module and says what every
//! call came to.

use super::coverage::Coverage;
use super::digest;
use super::generate::{Call, Generated};
use super::lower;
use anyhow::{Context, Result, bail};
use elfin_abi::trap::Trap;
use elfin_compiler::script::Bits;
use wasmi::errors::{ErrorKind, InstantiationError};
use wasmi::{
    Config, Engine, ExternRef, Instance, Linker, Module, Nullable, Store, TrapCode, Val, ValType,
};

/// What the reference saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// What instantiation came to, without results.
    pub instantiation: Outcome,
    /// What each call came to; none where there is no instance.
    pub calls: Vec<Outcome>,
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It returned these values.
    Return(Vec<Value>),
    /// It trapped.
    Trap(Trap),
}

/// A result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// These bits; a null reference has none set.
    Bits(Bits),
    /// Some reference.
    Reference,
}

/// What the reference can't judge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut(pub &'static str);

/// What a module may execute. Generated ones count their own loops; reduction may take that away from them.
const FUEL: u64 = 200_000_000;

/// The interpreter.
#[derive(Debug)]
pub struct Reference {
    engine: Engine,
}

impl Reference {
    /// Sets it up.
    pub fn new() -> Self {
        let mut config = Config::default();
        config
            .wasm_multi_memory(true)
            .wasm_custom_page_sizes(true)
            .wasm_memory64(true)
            .wasm_wide_arithmetic(true)
            .wasm_tail_call(true)
            .wasm_extended_const(true)
            .consume_fuel(true)
            .set_max_recursion_depth(100_000)
            .set_max_stack_height(256 << 20)
            .set_max_cached_stacks(1);
        Self {
            engine: Engine::new(&config),
        }
    }

    /// Runs a module.
    pub fn run(&self, generated: &Generated) -> Result<Result<Observed, LeftOut>> {
        let module = lower::lower(&generated.module)?;
        Ok(self.perform(&module, &generated.calls)?.map(|run| run.0))
    }

    /// Runs a module with probes, and adds what it executes to the coverage. What the reference observes must be the
    /// same; where it is not, the reference is wrong.
    pub fn cover(
        &self,
        generated: &Generated,
        observed: &Observed,
        coverage: &mut Coverage,
    ) -> Result<Result<(), LeftOut>> {
        let reworded = generated.reworded.instructions();
        let always: Vec<&str> = reworded.iter().map(|(instead_of, _)| *instead_of).collect();
        let probed = coverage.probe(&generated.module, &always)?;
        coverage.generated.extend(&probed.present);
        if probed.probes.is_empty() {
            return Ok(Ok(()));
        }
        let module = lower::lower(&probed.module)?;
        let (again, store, instance) = match self.perform(&module, &generated.calls)? {
            Ok(run) => run,
            Err(left_out) => return Ok(Err(left_out)),
        };
        if again != *observed {
            return Ok(Err(CONTRADICTION));
        }
        let Some(instance) = instance else {
            return Ok(Ok(()));
        };
        for (name, export) in &probed.probes {
            let global = instance.get_global(&store, export);
            let global = global.context("every probe is exported")?;
            if global.get(&store).i32() == Some(1) {
                coverage.executed.insert(name);
                for (_, reworded) in reworded.iter().filter(|(instead_of, _)| instead_of == name) {
                    coverage.generated.insert(reworded);
                    coverage.executed.insert(reworded);
                }
            }
        }
        Ok(Ok(()))
    }

    /// Instantiates a lowered module and calls its exports.
    fn perform(&self, module: &[u8], calls: &[Call]) -> Result<Result<Run, LeftOut>> {
        let module = Module::new(&self.engine, module);
        let module = module.context("wasmi refuses the module")?;
        let mut store = Store::new(&self.engine, ());
        store.set_fuel(FUEL)?;
        let linker = Linker::new(&self.engine);
        let instance = match linker.instantiate_and_start(&mut store, &module) {
            Ok(instance) => instance,
            Err(error) => {
                let observed = trap(&error)?.map(|trap| Observed {
                    instantiation: Outcome::Trap(trap),
                    calls: Vec::new(),
                });
                return Ok(observed.map(|observed| (observed, store, None)));
            }
        };
        let mut outcomes = Vec::new();
        for call in calls {
            match invoke(&mut store, &instance, call)? {
                Ok(outcome) => outcomes.push(outcome),
                Err(left_out) => return Ok(Err(left_out)),
            }
        }
        let observed = Observed {
            instantiation: Outcome::Return(Vec::new()),
            calls: outcomes,
        };
        Ok(Ok((observed, store, Some(instance))))
    }
}

/// What was observed, and what it was observed of, if there is an instance.
type Run = (Observed, Store<()>, Option<Instance>);

/// Probes change nothing that a program does, so a reference that observes something else with them is wrong.
pub const CONTRADICTION: LeftOut = LeftOut("the reference contradicts itself");

impl Default for Reference {
    fn default() -> Self {
        Self::new()
    }
}

impl Observed {
    /// The calls of generated functions that returned, and those that trapped.
    pub fn endings<'a>(&'a self, calls: &'a [Call]) -> impl Iterator<Item = &'a Outcome> {
        let own = |call: &Call| call.export == digest::REFUEL || call.export == digest::DIGEST;
        let outcomes = self.calls.iter().zip(calls);
        outcomes
            .filter(move |(_, call)| !own(call))
            .map(|(outcome, _)| outcome)
    }
}

fn invoke(
    store: &mut Store<()>,
    instance: &Instance,
    call: &Call,
) -> Result<Result<Outcome, LeftOut>> {
    let function = instance
        .get_func(&*store, &call.export)
        .with_context(|| format!("no function {:?}", call.export))?;
    let ty = function.ty(&*store);
    let arguments: Vec<Val> = ty
        .params()
        .iter()
        .zip(&call.arguments)
        .map(|(&ty, &bits)| to_wasmi(store, ty, bits))
        .collect();
    let mut results: Vec<Val> = ty
        .results()
        .iter()
        .map(|&ty| Val::default_for_ty(ty))
        .collect();
    match function.call(&mut *store, &arguments, &mut results) {
        Ok(()) => {
            let values = results.iter().map(|value| from_wasmi(store, value));
            Ok(Ok(Outcome::Return(values.collect())))
        }
        Err(error) => Ok(trap(&error)?.map(Outcome::Trap)),
    }
}

fn to_wasmi(store: &mut Store<()>, ty: ValType, bits: Bits) -> Val {
    match ty {
        ValType::I32 => Val::I32(bits as i32),
        ValType::I64 => Val::I64(bits as i64),
        ValType::F32 => Val::F32(wasmi::F32::from_bits(bits as u32)),
        ValType::F64 => Val::F64(wasmi::F64::from_bits(bits as u64)),
        ValType::V128 => Val::V128(wasmi::V128::from(bits)),
        ValType::ExternRef if bits != 0 => {
            Val::ExternRef(Nullable::Val(ExternRef::new(store, bits)))
        }
        ValType::FuncRef | ValType::ExternRef => Val::default_for_ty(ty),
    }
}

fn from_wasmi(store: &Store<()>, value: &Val) -> Value {
    match value {
        Val::I32(value) => Value::Bits((*value as u32).into()),
        Val::I64(value) => Value::Bits((*value as u64).into()),
        Val::F32(value) => Value::Bits(value.to_bits().into()),
        Val::F64(value) => Value::Bits(value.to_bits().into()),
        Val::V128(value) => Value::Bits(value.as_u128()),
        Val::FuncRef(Nullable::Null) | Val::ExternRef(Nullable::Null) => Value::Bits(0),
        Val::FuncRef(Nullable::Val(_)) => Value::Reference,
        Val::ExternRef(Nullable::Val(reference)) => {
            match reference.data(store).downcast_ref::<Bits>() {
                Some(&bits) => Value::Bits(bits),
                None => Value::Reference,
            }
        }
    }
}

/// elfin's name of a trap. wasmi has one for an index outside a table, whether an instruction or an indirect call has
/// it; see [`super::subject`].
fn trap(error: &wasmi::Error) -> Result<Result<Trap, LeftOut>> {
    if let ErrorKind::Instantiation(InstantiationError::ElementSegmentDoesNotFit { .. }) =
        error.kind()
    {
        return Ok(Ok(Trap::TableOutOfBounds));
    }
    let Some(code) = error.as_trap_code() else {
        bail!("wasmi gives an error that is no trap: {error}");
    };
    Ok(Ok(match code {
        TrapCode::UnreachableCodeReached => Trap::Unreachable,
        TrapCode::MemoryOutOfBounds => Trap::MemoryOutOfBounds,
        TrapCode::TableOutOfBounds => Trap::TableOutOfBounds,
        TrapCode::IndirectCallToNull => Trap::UninitializedElement,
        TrapCode::IntegerDivisionByZero => Trap::IntegerDivideByZero,
        TrapCode::IntegerOverflow => Trap::IntegerOverflow,
        TrapCode::BadConversionToInteger => Trap::InvalidConversionToInteger,
        TrapCode::BadSignature => Trap::IndirectCallTypeMismatch,
        // The depth that fits is each implementation's own.
        TrapCode::StackOverflow => return Ok(Err(LeftOut("exhausts the reference's stack"))),
        TrapCode::OutOfSystemMemory | TrapCode::GrowthOperationLimited => {
            return Ok(Err(LeftOut("exhausts the reference's memory")));
        }
        TrapCode::OutOfFuel => return Ok(Err(LeftOut("takes too long"))),
    }))
}
