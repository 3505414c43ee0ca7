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
use crate::optimize::{self, Opcodes, shuffle, versions};
use crate::options::Emit;
use crate::program::{Entry, FuncId, FunctionKind};
use crate::progress::Progress;
use crate::translate::{self, Environment, Locations, Symbol};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{Opcode, SourceLoc, UserExternalNameRef, UserFuncName};
use cranelift_codegen::settings::OptLevel;
use cranelift_codegen::{CodegenError, CodegenResult, CompiledCode, Context};
use cranelift_entity::{EntityRef, PrimaryMap};
use cranelift_frontend::FunctionBuilderContext;
use elfin_abi::host::FUNCTIONS;
use kept::Kept;
use machine_code::{MachineCode, Referent};
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
    /// Whether the present function permutes bytes by more instructions than a machine that has one for that.
    permutes: bool,
}

impl Worker {
    fn new() -> Self {
        Self {
            context: Context::new(),
            builder: FunctionBuilderContext::new(),
            registers: regalloc2::Ctx::default(),
            locations: Locations::default(),
            plans: shuffle::Plans::default(),
            permutes: false,
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

/// Compiles all functions of the program, and lays each out as soon as it is its turn; what has a second version, with
/// `versions`. What `cache` has is taken from there, and it gets the rest.
pub fn compile(
    env: &Environment<'_>,
    versions: Option<&Environment<'_>>,
    progress: &Progress,
    cache: Option<&dyn Cache>,
) -> Result<Text> {
    let units = units(env);
    progress.expect(units.len());
    let kept = cache.map(|cache| Kept::new(cache, env));
    let weights: Vec<usize> = units.iter().map(|unit| weight(env, *unit)).collect();
    let kept_versions = cache
        .zip(versions)
        .map(|(cache, env)| Kept::new(cache, env));
    let compile = |worker: &mut Worker, unit: &Symbol| {
        let first = compile_one(env, *unit, worker, kept.as_ref())?;
        let second = match (versions, *unit) {
            (Some(env), Symbol::Function(function)) if first.code.has_version() => {
                let second = compile_one(env, *unit, worker, kept_versions.as_ref())?;
                Some((second, Symbol::Version(function)))
            }
            _ => None,
        };
        progress.count();
        if first.is_reused && second.as_ref().is_none_or(|(second, _)| second.is_reused) {
            progress.count_reused();
        }
        let second = second.map(|(second, symbol)| finish(env, symbol, second));
        Ok((finish(env, *unit, first), second))
    };
    let mut text = Text::new(env.target);
    let add = |(first, second)| {
        text.add(first);
        if let Some(second) = second {
            text.add(second);
        }
    };
    schedule::in_order(&units, &weights, Worker::new, compile, add)?;
    Ok(text)
}

/// Machine code, and what it means in this program.
struct Compiled {
    code: MachineCode,
    meaning: Meaning,
    /// Whether the code was kept.
    is_reused: bool,
}

fn compile_one(
    env: &Environment<'_>,
    unit: Symbol,
    worker: &mut Worker,
    kept: Option<&Kept<'_>>,
) -> Result<Compiled> {
    if let Some(kept) = kept {
        return reuse(env, unit, worker, kept);
    }
    build(env, unit, worker)?;
    let meaning = worker.meaning();
    let code = emit(env, unit, worker)?;
    Ok(Compiled {
        code,
        meaning,
        is_reused: false,
    })
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
pub fn text(
    env: &Environment<'_>,
    versions: Option<&Environment<'_>>,
    form: &Emit,
) -> Result<String> {
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
            let (mut text, has_version) = listing(env, unit, unit, form, worker)?;
            if let (Some(env), true, Symbol::Function(function)) = (versions, has_version, unit) {
                text += &listing(env, unit, Symbol::Version(function), form, worker)?.0;
            }
            Ok(text)
        })
        .collect::<Result<_>>()?;
    Ok(texts.concat())
}

/// The text of one function with the name of `title`, and whether it has a second version.
fn listing(
    env: &Environment<'_>,
    unit: Symbol,
    title: Symbol,
    form: &Emit,
    worker: &mut Worker,
) -> Result<(String, bool)> {
    build(env, unit, worker)?;
    let title = format!("; {}\n", name(env, title));
    if let Emit::Clif(_) = form {
        let clif = worker.context.func.display().to_string();
        return Ok((title + &legend(env, &worker.context) + &clif + "\n", false));
    }
    worker.context.set_disasm(true);
    let Generated { code, version, .. } = compile_clif(env, unit, worker)?;
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
    Ok((title + &text + "\n", version.is_some()))
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
        Symbol::Version(_) => name(env, symbol),
    }
}

/// What follows the name of a function in that of its second version, as GCC has it.
pub const VERSION_SUFFIX: &str = ".arch_x86_64_v3";

/// A name for people.
fn name(env: &Environment<'_>, unit: Symbol) -> String {
    match unit {
        Symbol::Function(function) => env.program.name(function).into_owned(),
        Symbol::Version(function) => env.program.name(function).into_owned() + VERSION_SUFFIX,
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
    worker.permutes = false;
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
        worker.permutes = shuffle::expand(func, &mut worker.plans, machine);
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
) -> Result<Compiled> {
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
            let same = kept.key(&worker.context.func, worker.permutes) == key
                && worker.meaning() == meaning;
            assert!(
                same,
                "`{}` was recognised as another function",
                name(env, unit)
            );
        }
        if let Some(code) = kept.get(&key) {
            return Ok(Compiled {
                code,
                meaning,
                is_reused: true,
            });
        }
    }
    build(env, unit, worker)?;
    let key = kept.key(&worker.context.func, worker.permutes);
    let meaning = worker.meaning();
    let found = kept.get(&key);
    let is_reused = found.is_some();
    let code = match found {
        Some(code) => code,
        None => {
            let code = emit(env, unit, worker)?;
            kept.put(&key, &code);
            code
        }
    };
    if let Some(recognised) = recognised {
        kept.put_translated(env, &recognised, key, &meaning);
    }
    Ok(Compiled {
        code,
        meaning,
        is_reused,
    })
}

/// Makes machine code of what has been built.
fn emit(env: &Environment<'_>, unit: Symbol, worker: &mut Worker) -> Result<MachineCode> {
    let base = worker.context.func.params.base_srcloc();
    let Generated {
        code,
        version,
        opcodes,
    } = compile_clif(env, unit, worker)?;
    let machine_code = MachineCode::new(env.isa, &code, base, version);
    let mut machine_code = machine_code.map_err(|error| error.in_function(name(env, unit)))?;
    if env.compacts {
        // Where there are two versions, there is a loop that gains.
        let has_loops = env.are_second || version.is_some() || opcodes.have(&COMPUTES);
        let rules = compact::Rules {
            absolute: !env.is_pie,
            copies: env.copies,
            loops_in_lines: env.copies && has_loops,
        };
        compact::compact(&mut machine_code, &code.bb_starts, rules);
    }
    Ok(machine_code)
}

/// What a function has that computes with numbers that are no integers: it may spend its time in short loops, and most of
/// what a small program has does not.
const COMPUTES: [Opcode; 5] = [
    Opcode::Fadd,
    Opcode::Fsub,
    Opcode::Fmul,
    Opcode::Fdiv,
    Opcode::Sqrt,
];

/// What has been made of a function.
struct Generated {
    code: CompiledCode,
    /// What the code calls the function's second version, if it has one.
    version: Option<UserExternalNameRef>,
    /// What it was made from.
    opcodes: Opcodes,
}

/// Runs Cranelift. A panic of Cranelift is its bug or ours, and says which function it was.
fn compile_clif(env: &Environment<'_>, unit: Symbol, worker: &mut Worker) -> Result<Generated> {
    let error = match catch_unwind(AssertUnwindSafe(|| run_cranelift(env, unit, worker))) {
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
fn run_cranelift(
    env: &Environment<'_>,
    unit: Symbol,
    worker: &mut Worker,
) -> CodegenResult<Generated> {
    let Worker {
        context,
        registers,
        permutes,
        ..
    } = worker;
    let control = &mut ControlPlane::default();
    context.optimize(env.isa, control)?;
    if env.vectorizes && optimize::vectorize(&mut context.func, &context.cfg) {
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
    // What follows adds nothing that what comes behind looks for.
    let opcodes = Opcodes::of(&context.func);
    if env.loads_lanes {
        optimize::load_lanes(&mut context.func, &opcodes);
        context.verify_if(env.isa)?;
    }
    if env.divides {
        optimize::divide(&mut context.func, &opcodes);
        context.verify_if(env.isa)?;
    }
    if env.chooses_signs {
        optimize::choose_signs(&mut context.func, &opcodes);
        context.verify_if(env.isa)?;
    }
    if env.divides_pairs {
        optimize::pair(&mut context.func, &opcodes);
        context.verify_if(env.isa)?;
    }
    if env.unmasks {
        optimize::drop_masks(&mut context.func, &opcodes);
        context.verify_if(env.isa)?;
    }
    if env.joins_counters {
        optimize::compare_next_values(&mut context.func);
        context.verify_if(env.isa)?;
    }
    if env.widens {
        optimize::widen(&mut context.func, &context.cfg);
        context.verify_if(env.isa)?;
    }
    if env.orders {
        optimize::keep_loops_together(context);
        context.verify_if(env.isa)?;
    }
    let mut version = None;
    if let (Some(found), Symbol::Function(function)) = (env.versions, unit)
        && versions::gains(context, *permutes)
    {
        let name = Symbol::Version(function).to_external();
        version = Some(versions::branch(context, found, name));
        context.verify_if(env.isa)?;
    }
    let Context { func, domtree, .. } = context;
    let code = env
        .isa
        .compile_function(func, domtree, registers, context.want_disasm, control)?;
    Ok(Generated {
        code: code.apply_params(&func.params),
        version,
        opcodes,
    })
}

/// Puts machine code with this meaning in its place in the program.
fn finish(env: &Environment<'_>, unit: Symbol, compiled: Compiled) -> CompiledFunction {
    let Compiled {
        mut code, meaning, ..
    } = compiled;
    let Meaning {
        base,
        names,
        locations,
    } = meaning;
    let symbol = |referent| match (referent, unit) {
        (Referent::Name(name), _) => names[name],
        (Referent::Version, Symbol::Function(function)) => Symbol::Version(function),
        (Referent::Version, _) => unreachable!("only functions have second versions"),
    };
    let relocations = std::mem::take(&mut code.relocations).into_iter();
    CompiledFunction {
        symbol: unit,
        alignment: code.alignment.max(alignment(env)),
        relocations: relocations
            .map(|relocation| relocation.map(0, symbol))
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
