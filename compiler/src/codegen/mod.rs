//! CLIF to machine code: every function that the executable needs, in parallel, the result in a fixed order.

mod catching;
mod compact;
mod debug;
mod entry;
mod frame;
mod isa;
mod kept;
mod machine_code;
mod pc_map;
mod schedule;
mod text;
pub mod unwind;

pub use catching::CatchingCall;
pub use debug::DebugInfo;
pub use isa::build as build_isa;
pub use text::{Chunk, Function, Text};

use crate::cache::Cache;
use crate::error::{Error, ErrorKind, Result};
use crate::optimize::{self, shuffle};
use crate::options::Emit;
use crate::program::{Entry, FuncId, FunctionKind};
use crate::progress::Progress;
use crate::translate::{self, Environment, Locations, Symbol};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{self, Opcode, SourceLoc, UserExternalNameRef, UserFuncName};
use cranelift_codegen::settings::OptLevel;
use cranelift_codegen::{CodegenError, CodegenResult, CompiledCode, Context};
use cranelift_entity::{EntityRef, PrimaryMap};
use cranelift_frontend::FunctionBuilderContext;
use elfin_abi::host::FUNCTIONS;
use kept::Kept;
use machine_code::MachineCode;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A function's machine code.
#[derive(Debug)]
struct CompiledFunction {
    /// What it is.
    symbol: Symbol,
    /// Its bytes, with constants behind the instructions.
    code: Vec<u8>,
    /// What its start must be a multiple of.
    alignment: u32,
    /// Where addresses go in, in ascending order of the offsets.
    relocations: Vec<Relocation<Symbol>>,
    /// Its run of the PC map, see [`elfin_abi::pc_map`].
    pc_map: Vec<u8>,
    /// The calls whose exceptions it catches, in the order of their addresses.
    catching_calls: Vec<CatchingCall>,
    /// What debuggers are told of it, if they are to be told something.
    debug: Option<DebugInfo>,
}

/// A place in code where an address goes in; an `S` says whose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relocation<S> {
    /// Bytes from the start of the code.
    pub offset: u32,
    /// How it goes in.
    pub kind: Reloc,
    /// Whose address.
    pub target: RelocationTarget<S>,
    /// Added to it.
    pub addend: i64,
}

/// Whose address goes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RelocationTarget<S> {
    /// Something of the program or the runtime.
    Symbol(S),
    /// This many bytes from the start of the same code.
    Local(u32),
}

impl<S> Relocation<S> {
    /// The same one by another form of symbol, in code that begins so many bytes later.
    fn map<T>(self, later: u32, symbol: impl FnOnce(S) -> T) -> Relocation<T> {
        Relocation {
            offset: self.offset + later,
            kind: self.kind,
            target: match self.target {
                RelocationTarget::Symbol(target) => RelocationTarget::Symbol(symbol(target)),
                RelocationTarget::Local(offset) => RelocationTarget::Local(offset + later),
            },
            addend: self.addend,
        }
    }
}

/// What the names and source locations in a function's CLIF, and so in its machine code, stand for.
#[derive(Debug, PartialEq)]
struct Meaning {
    /// The first source location.
    base: SourceLoc,
    /// The names.
    names: PrimaryMap<UserExternalNameRef, Symbol>,
    /// The source locations.
    locations: Locations,
}

/// What a thread keeps from one function to the next.
struct Worker {
    context: Context,
    builder: FunctionBuilderContext,
    registers: regalloc2::Ctx,
    /// Where the instructions of the present function come from.
    locations: Locations,
    /// The plans for shuffles.
    plans: shuffle::Plans,
}

impl Worker {
    fn new() -> Self {
        Self {
            context: Context::new(),
            builder: FunctionBuilderContext::new(),
            registers: regalloc2::Ctx::default(),
            locations: Locations::default(),
            plans: shuffle::Plans::default(),
        }
    }

    /// What has been built means this; the worker forgets what its locations are.
    fn meaning(&mut self) -> Meaning {
        let params = &self.context.func.params;
        let names = params.user_named_funcs().values();
        Meaning {
            base: params.base_srcloc(),
            names: names.map(Symbol::from_external).collect(),
            locations: std::mem::take(&mut self.locations),
        }
    }
}

/// What an executable of this program consists of, in the order of the text.
fn units(env: &Environment<'_>) -> Vec<Symbol> {
    let has_code = |unit: &Symbol| match unit {
        Symbol::Function(function) => !env.without_code.contains(*function),
        _ => true,
    };
    reachable(env).into_iter().filter(has_code).collect()
}

/// The same with what is only inlined.
fn reachable(env: &Environment<'_>) -> Vec<Symbol> {
    let mut units = vec![Symbol::Entry];
    let called = env.program.called_signatures();
    units.extend(called.into_iter().map(Symbol::Call));
    if let Entry::Script(_) = env.program.entry {
        units.extend(env.program.instances.keys().map(Symbol::Instantiate));
    }
    let compiled = env.program.compiled.iter();
    units.extend(compiled.map(|function| Symbol::Function(*function)));
    units
}

/// Compiles all functions of the program, and lays each out as soon as it is its turn. What `cache` has is taken from
/// there, and it gets the rest.
pub fn compile(
    env: &Environment<'_>,
    progress: &Progress,
    cache: Option<&dyn Cache>,
) -> Result<Text> {
    let units = units(env);
    progress.expect(units.len());
    let kept = cache.map(|cache| Kept::new(cache, env));
    let weights: Vec<usize> = units.iter().map(|unit| weight(env, *unit)).collect();
    let compile = |worker: &mut Worker, unit: &Symbol| {
        let (code, meaning) = match &kept {
            Some(kept) => reuse(env, *unit, worker, kept, progress)?,
            None => {
                build(env, *unit, worker)?;
                (emit(env, *unit, worker)?, worker.meaning())
            }
        };
        progress.count();
        Ok(finish(env, *unit, code, meaning))
    };
    let mut text = Text::new(env.target);
    let add = |function| text.add(function);
    schedule::in_order(&units, &weights, Worker::new, compile, add)?;
    Ok(text)
}

/// How long a function takes to compile, roughly: the bytes of its body.
fn weight(env: &Environment<'_>, unit: Symbol) -> usize {
    let Symbol::Function(function) = unit else {
        return 0;
    };
    let definition = &env.program.functions[function];
    let module = env.program.instances[definition.instance].module;
    let body = module.body(definition.index);
    body.map_or(0, |body| body.code.range().len())
}

/// The functions' text in the form that `form` asks for, of all or of the one of that name.
pub fn text(env: &Environment<'_>, form: &Emit) -> Result<String> {
    let (Emit::Clif(only) | Emit::Assembly(only)) = form else {
        unreachable!("the other forms are not text")
    };
    // The code of a function that is asked for is shown though all its calls may be inlined.
    let chosen: Vec<Symbol> = match only {
        None => units(env),
        Some(only) => {
            let mut named = reachable(env);
            named.retain(|unit| name(env, *unit) == *only);
            named
        }
    };
    if let (Some(only), true) = (only, chosen.is_empty()) {
        let message = format!(
            "the executable has no function `{only}`: the module has none, or it can't be reached"
        );
        return Err(Error::new(ErrorKind::Option, message));
    }
    let texts: Vec<String> = chosen
        .into_par_iter()
        .map_init(Worker::new, |worker, unit| {
            build(env, unit, worker)?;
            let title = format!("; {}\n", name(env, unit));
            if let Emit::Clif(_) = form {
                return Ok(title
                    + &legend(env, &worker.context)
                    + &worker.context.func.display().to_string()
                    + "\n");
            }
            worker.context.set_disasm(true);
            let code = compile_clif(env, unit, worker)?;
            let mut text = code.vcode.unwrap_or_default();
            for (reference, symbol) in symbols(&worker.context).rev() {
                text = text.replace(
                    &format!("User(userextname{})", reference.index()),
                    &symbol_name(env, symbol),
                );
                text = text.replace(
                    &format!("userextname{}", reference.index()),
                    &symbol_name(env, symbol),
                );
            }
            Ok(title + &text + "\n")
        })
        .collect::<Result<_>>()?;
    Ok(texts.concat())
}

/// What a function refers to, in the order of its declarations.
fn symbols(
    context: &Context,
) -> impl DoubleEndedIterator<Item = (UserExternalNameRef, Symbol)> + '_ {
    let names = context.func.params.user_named_funcs();
    names
        .iter()
        .map(|(reference, name)| (reference, Symbol::from_external(name)))
}

/// Comments that say what the numbers in a CLIF function stand for.
fn legend(env: &Environment<'_>, context: &Context) -> String {
    let lines = symbols(context).map(|(_, symbol)| {
        format!(
            "; {} is {}\n",
            symbol.to_external(),
            symbol_name(env, symbol)
        )
    });
    lines.collect()
}

/// A name for people of anything that code refers to.
fn symbol_name(env: &Environment<'_>, symbol: Symbol) -> String {
    match symbol {
        Symbol::Function(_) | Symbol::Entry | Symbol::Call(_) | Symbol::Instantiate(_) => {
            name(env, symbol)
        }
        Symbol::Host(index) => FUNCTIONS[index as usize].name.to_owned(),
        Symbol::Intrinsic(intrinsic) => intrinsic.name().to_owned(),
        Symbol::Data(_, index) => format!("{index}"),
        Symbol::Elements(_, index) => format!("{index}"),
        Symbol::Initializer(instance, index) => format!("{instance} initializer {index}"),
        Symbol::Invocation => "elfin_invocation".to_owned(),
        Symbol::Script => "elfin_script_steps".to_owned(),
        Symbol::Exceptions => "elfin_exceptions".to_owned(),
        Symbol::State => "elfin_state".to_owned(),
        Symbol::Origin => "elfin_origin".to_owned(),
        Symbol::Table(table) => format!("{table}"),
    }
}

/// A name for people.
fn name(env: &Environment<'_>, unit: Symbol) -> String {
    match unit {
        Symbol::Function(function) => env.program.name(function).into_owned(),
        Symbol::Entry => "elfin_entry".to_owned(),
        Symbol::Call(signature) => format!("elfin_call_{}", signature.as_u32()),
        Symbol::Instantiate(instance) => format!("elfin_instantiate_{}", instance.as_u32()),
        other => unreachable!("{other:?} is no function of the program"),
    }
}

/// Translates one function into the worker's context.
fn build(env: &Environment<'_>, unit: Symbol, worker: &mut Worker) -> Result<()> {
    worker.context.clear();
    worker.locations = Locations::default();
    let func = &mut worker.context.func;
    // `Context::clear` leaves them, so that those of other functions would become part of this one's key.
    func.dfg.exception_tables.clear();
    func.name = UserFuncName::User(unit.to_external());
    match unit {
        Symbol::Entry => translate::entry(env, &mut worker.builder, func),
        Symbol::Call(signature) => translate::call(env, signature, &mut worker.builder, func),
        Symbol::Instantiate(instance) => {
            translate::instantiate(env, instance, &mut worker.builder, func);
        }
        Symbol::Function(function) => translate_function(env, function, worker)?,
        other => unreachable!("{other:?} is no function of the program"),
    }
    let func = &mut worker.context.func;
    if let Some(machine) = env.gathers_bytes {
        shuffle::expand(func, &mut worker.plans, machine);
    } else if !env.permutes_bytes {
        shuffle::expand_alone(func, &mut worker.plans);
    }
    Ok(())
}

fn translate_function(env: &Environment<'_>, function: FuncId, worker: &mut Worker) -> Result<()> {
    let func = &mut worker.context.func;
    match env.program.functions[function].kind {
        FunctionKind::Wasm => {
            let locations = translate::translate(env, function, &mut worker.builder, func);
            worker.locations =
                locations.map_err(|error| error.in_function(env.program.name(function)))?;
            Ok(())
        }
        FunctionKind::Host(..) | FunctionKind::Unknown { .. } => {
            translate::stub(env, function, &mut worker.builder, func);
            Ok(())
        }
    }
}

/// Takes the machine code of a function from where it is kept, or makes it and keeps it.
fn reuse(
    env: &Environment<'_>,
    unit: Symbol,
    worker: &mut Worker,
    kept: &Kept<'_>,
    progress: &Progress,
) -> Result<(MachineCode, Meaning)> {
    let recognised = match unit {
        Symbol::Function(function) => kept.recognise(env, function),
        _ => None,
    };
    let translated = recognised
        .as_ref()
        .and_then(|known| kept.translated(env, known));
    if let Some((key, meaning)) = translated {
        if cfg!(any(test, debug_assertions)) {
            build(env, unit, worker)?;
            let same = kept.key(&worker.context.func) == key && worker.meaning() == meaning;
            assert!(
                same,
                "`{}` was recognised as another function",
                name(env, unit)
            );
        }
        if let Some(code) = kept.get(&key) {
            progress.count_reused();
            return Ok((code, meaning));
        }
    }
    build(env, unit, worker)?;
    let key = kept.key(&worker.context.func);
    let code = match kept.get(&key) {
        Some(code) => {
            progress.count_reused();
            code
        }
        None => {
            let code = emit(env, unit, worker)?;
            kept.put(&key, &code);
            code
        }
    };
    let meaning = worker.meaning();
    if let Some(recognised) = recognised {
        kept.put_translated(env, &recognised, key, &meaning);
    }
    Ok((code, meaning))
}

/// Makes machine code of what has been built.
fn emit(env: &Environment<'_>, unit: Symbol, worker: &mut Worker) -> Result<MachineCode> {
    let base = worker.context.func.params.base_srcloc();
    let code = compile_clif(env, unit, worker)?;
    let machine_code = MachineCode::new(env.isa, &code, base);
    let mut machine_code = machine_code.map_err(|error| error.in_function(name(env, unit)))?;
    if env.compacts {
        let rules = compact::Rules {
            absolute: !env.is_pie,
            copies: env.copies,
            loops_in_lines: env.copies && computes(&worker.context.func),
        };
        compact::compact(&mut machine_code, &code.bb_starts, rules);
    }
    Ok(machine_code)
}

/// Whether a function computes with numbers that are no integers: then it may spend its time in short loops, and most of
/// what a small program has does not.
fn computes(func: &ir::Function) -> bool {
    let mut blocks = func.layout.blocks();
    blocks.any(|block| {
        let mut insts = func.layout.block_insts(block);
        insts.any(|inst| {
            let opcode = func.dfg.insts[inst].opcode();
            matches!(
                opcode,
                Opcode::Fadd | Opcode::Fsub | Opcode::Fmul | Opcode::Fdiv | Opcode::Sqrt
            )
        })
    })
}

/// Runs Cranelift. A panic of Cranelift is its bug or ours, and says which function it was.
fn compile_clif(env: &Environment<'_>, unit: Symbol, worker: &mut Worker) -> Result<CompiledCode> {
    let error = match catch_unwind(AssertUnwindSafe(|| run_cranelift(env, worker))) {
        Ok(Ok(code)) => return Ok(code),
        Ok(Err(CodegenError::ImplLimitExceeded | CodegenError::CodeTooLarge)) => {
            Error::new(ErrorKind::Limit, "the function is too large to compile")
        }
        Ok(Err(error)) => Error::new(
            ErrorKind::Internal,
            format!("code generation failed: {error}"),
        ),
        Err(_) => Error::new(
            ErrorKind::Internal,
            "code generation panicked; this is a bug in elfin",
        ),
    };
    Err(error.in_function(name(env, unit)))
}

/// What [`Context::compile`] does, with passes of elfin's own between Cranelift's and the machine.
fn run_cranelift(env: &Environment<'_>, worker: &mut Worker) -> CodegenResult<CompiledCode> {
    let Worker {
        context, registers, ..
    } = worker;
    let control = &mut ControlPlane::default();
    context.optimize(env.isa, control)?;
    if env.vectorizes && optimize::vectorize(&mut context.func) {
        context.compute_cfg();
        context.compute_domtree();
        context.optimize(env.isa, control)?;
    }
    if let Some(memory) = &env.searches
        && optimize::search(&mut context.func, &context.cfg, memory)
    {
        // There is nothing to be optimised in what it adds.
        context.compute_cfg();
        context.compute_domtree();
        context.verify_if(env.isa)?;
    }
    if env.loads_lanes {
        optimize::load_lanes(&mut context.func);
        context.verify_if(env.isa)?;
    }
    if env.divides {
        optimize::divide(&mut context.func);
        context.verify_if(env.isa)?;
    }
    if env.unmasks {
        optimize::drop_masks(&mut context.func);
        context.verify_if(env.isa)?;
    }
    if env.joins_counters {
        optimize::compare_next_values(&mut context.func);
        context.verify_if(env.isa)?;
    }
    if env.widens {
        optimize::widen(&mut context.func);
        context.verify_if(env.isa)?;
    }
    if env.orders {
        optimize::keep_loops_together(context);
        context.verify_if(env.isa)?;
    }
    let Context { func, domtree, .. } = context;
    let code = env
        .isa
        .compile_function(func, domtree, registers, context.want_disasm, control)?;
    Ok(code.apply_params(&func.params))
}

/// Puts machine code with this meaning in its place in the program.
fn finish(
    env: &Environment<'_>,
    unit: Symbol,
    mut code: MachineCode,
    meaning: Meaning,
) -> CompiledFunction {
    let Meaning {
        base,
        names,
        locations,
    } = meaning;
    let relocations = std::mem::take(&mut code.relocations).into_iter();
    CompiledFunction {
        symbol: unit,
        alignment: code.alignment.max(alignment(env)),
        relocations: relocations
            .map(|relocation| relocation.map(0, |name| names[name]))
            .collect(),
        pc_map: pc_map::build(env.target, &code, base, &locations),
        debug: debug::info(&mut code, base, &locations),
        code: code.bytes,
        catching_calls: code.catching_calls,
    }
}

/// Cranelift prefers 32 bytes on x86-64, which makes small programs 3 % larger than 16 do, and these 1 % larger than 8.
const MAXIMUM_ALIGNMENT: u32 = 8;

/// Where functions begin: as the machine fetches best, or as tightly as it allows where size counts.
fn alignment(env: &Environment<'_>) -> u32 {
    let alignment = env.isa.function_alignment();
    match env.isa.flags().opt_level() {
        OptLevel::SpeedAndSize => alignment.minimum,
        OptLevel::None | OptLevel::Speed => alignment.preferred.min(MAXIMUM_ALIGNMENT),
    }
}
