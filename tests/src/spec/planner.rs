//! Directives to a [`Plan`]: modules are encoded, names resolved, expectations translated.

use super::encode::{self, Definition};
use super::form::Lines;
use super::instances::{Instance, Instances};
use super::kind::Kind;
use super::plan::{Directive, Fate, Plan};
use super::skips::{Skips, What};
use super::{features, link, pattern, spectest, trap};
use anyhow::Result;
use elfin_abi::trap::Trap;
use elfin_compiler::script::{Action, Expected, Pattern, Step};
use elfin_compiler::{Error, ErrorKind};
use wast::lexer::Lexer;
use wast::parser::{ParseBuffer, parse};
use wast::token::Id;
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, WastRet, Wat};

/// Translates the script of this name.
pub fn plan(name: &str, text: &str, skips: &Skips) -> Result<Plan> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer)?;
    let directives = parse::<Wast<'_>>(&buffer)?.directives;
    let lines = Lines::new(text);
    let mut planner = Planner::new(name, text, skips)?;
    for directive in directives {
        let line = lines.of(directive.span().offset());
        let kind = Kind::of(&directive);
        planner.line = line;
        let fate = planner.directive(directive);
        let fate = fate.unwrap_or_else(|fate| planner.excused(fate));
        let directive = Directive { line, kind, fate };
        planner.plan.directives.push(directive);
    }
    Ok(planner.plan)
}

/// What has been translated so far.
struct Planner<'a> {
    name: &'a str,
    text: &'a str,
    skips: &'a Skips,
    plan: Plan,
    instances: Instances,
    /// The number of the next instance.
    next: usize,
    /// The line of the directive that is being translated.
    line: u32,
}

impl<'a> Planner<'a> {
    /// A plan that begins with `spectest`.
    fn new(name: &'a str, text: &'a str, skips: &'a Skips) -> Result<Self> {
        let mut planner = Planner {
            name,
            text,
            skips,
            plan: Plan::default(),
            instances: Instances::default(),
            next: 0,
            line: 0,
        };
        let module = wat::parse_str(spectest::module(text))?;
        planner.plan.modules.push(module);
        planner.plan.features = features::of(name)?;
        planner.plan.uses_vectors = text.contains("v128");
        planner.instantiate(0, Expected::AnyReturn);
        let action = Action::Register(0, spectest::NAME.to_owned());
        planner.push(action, Expected::AnyReturn);
        Ok(planner)
    }

    /// What becomes of a directive; an error is its fate as well.
    fn directive(&mut self, directive: WastDirective<'_>) -> Result<Fate, Fate> {
        match directive {
            WastDirective::Module(module) => self.module(module),
            WastDirective::ModuleDefinition(module) => self.definition(module),
            WastDirective::ModuleInstance {
                instance, module, ..
            } => self.instance(instance, module),
            WastDirective::Register { name, module, .. } => self.register(name, module),
            WastDirective::Invoke(invoke) => self.invoke(invoke, Expected::AnyReturn),
            WastDirective::AssertReturn { exec, results, .. } => {
                self.execute(exec, |_| Ok(Expected::Return(patterns(&results)?)))
            }
            WastDirective::AssertTrap { exec, message, .. } => self.execute(exec, |instance| {
                let trap = trap::from_message(message, instance.bounds)?;
                Ok(Expected::Trap(trap))
            }),
            WastDirective::AssertExhaustion { call, message, .. } => {
                let trap = trap::from_message(message, trap::Bounds::default())?;
                self.invoke(call, Expected::Trap(trap))
            }
            WastDirective::AssertException { exec, .. } => {
                self.execute(exec, |_| Ok(Expected::Exception))
            }
            WastDirective::AssertUnlinkable {
                module, message, ..
            } => self.unlinkable(module, message),
            WastDirective::AssertInvalid { mut module, .. }
            | WastDirective::AssertMalformed { mut module, .. }
            | WastDirective::AssertInvalidCustom { mut module, .. }
            | WastDirective::AssertMalformedCustom { mut module, .. } => {
                Ok(Fate::Refuse(encode::wrong(&mut module, self.text)?))
            }
            WastDirective::AssertSuspension { .. } => Err(cannot("suspend")),
            WastDirective::Thread(_) | WastDirective::Wait { .. } => Err(cannot("start threads")),
        }
    }

    fn module(&mut self, mut module: QuoteWat<'_>) -> Result<Fate, Fate> {
        let name = module.name();
        let definition = self.take(&mut module);
        self.add_instance(name, definition)
    }

    fn definition(&mut self, mut module: QuoteWat<'_>) -> Result<Fate, Fate> {
        let name = module.name();
        let definition = self.take(&mut module);
        let definition = definition.map_err(|fate| self.excused(fate));
        self.instances.define(name, definition.clone());
        definition.map(|_| Fate::Done)
    }

    fn instance(&mut self, name: Option<Id<'_>>, definition: Option<Id<'_>>) -> Result<Fate, Fate> {
        let definition = self.instances.definition(definition);
        self.add_instance(name, definition)
    }

    fn register(&mut self, name: &str, instance: Option<Id<'_>>) -> Result<Fate, Fate> {
        let instance = self.instances.get(instance);
        self.instances.register(name, instance.clone());
        let number = instance?.number;
        self.push(
            Action::Register(number, name.to_owned()),
            Expected::AnyReturn,
        );
        Ok(Fate::Done)
    }

    fn invoke(&mut self, invoke: WastInvoke<'_>, expected: Expected) -> Result<Fate, Fate> {
        self.execute(WastExecute::Invoke(invoke), |_| Ok(expected))
    }

    /// An action, or the instantiation of a module that nothing can name afterwards.
    fn execute(
        &mut self,
        execute: WastExecute<'_>,
        expected: impl FnOnce(Instance) -> Result<Expected>,
    ) -> Result<Fate, Fate> {
        let (instance, action) = match execute {
            WastExecute::Wat(module) => {
                let definition = self.take(&mut QuoteWat::Wat(module))?;
                self.instances.check_imports(&definition)?;
                let bounds = definition.bounds;
                let expected = expected(Instance { number: 0, bounds })?;
                return Ok(self.instantiate(definition.module, expected));
            }
            WastExecute::Invoke(invoke) => {
                let instance = self.instances.get(invoke.module)?;
                let arguments = invoke.args.iter().map(pattern::argument);
                let action = Action::Invoke {
                    instance: instance.number,
                    export: invoke.name.to_owned(),
                    arguments: arguments.collect::<Result<_>>()?,
                };
                (instance, action)
            }
            WastExecute::Get { module, global, .. } => {
                let instance = self.instances.get(module)?;
                let action = Action::Get {
                    instance: instance.number,
                    export: global.to_owned(),
                };
                (instance, action)
            }
        };
        let expected = expected(instance)?;
        Ok(self.push(action, expected))
    }

    /// A module whose imports don't fit: while compiling, or where that can't be known yet, when it is instantiated.
    fn unlinkable(&mut self, module: Wat<'_>, message: &str) -> Result<Fate, Fate> {
        let bytes = encode::unquoted(module)?;
        let definition = self.define(bytes)?;
        self.instances.check_imports(&definition)?;

        let mut script = self.plan.script.clone();
        script.steps.push(Step {
            line: self.line,
            action: Action::Instantiate(definition.module),
            expected: Expected::AnyReturn,
        });
        match link::link(&self.plan.modules, &script, self.plan.features) {
            Ok(()) => {
                let expected = Expected::Trap(Trap::IncompatibleImport);
                Ok(self.instantiate(definition.module, expected))
            }
            Err(error) if is_unlinkable(&error, message) => {
                // What can't be linked must not stay among the modules.
                self.plan.modules.truncate(definition.module);
                Ok(Fate::Unlinkable)
            }
            Err(error) => Err(self.refused(&error)),
        }
    }

    /// Encodes a module, and adds it if elfin takes it.
    fn take(&mut self, module: &mut QuoteWat<'_>) -> Result<Definition, Fate> {
        let bytes = encode::right(module)?;
        self.define(bytes)
    }

    fn define(&mut self, bytes: Vec<u8>) -> Result<Definition, Fate> {
        link::parse(&bytes, self.plan.features).map_err(|error| self.refused(&error))?;
        let definition = encode::describe(&bytes, self.plan.modules.len())?;
        self.plan.modules.push(bytes);
        Ok(definition)
    }

    /// The fate of a module that elfin refuses although it should not.
    fn refused(&self, error: &Error) -> Fate {
        let proposal = link::proposal(&error.message);
        let proposal = proposal.filter(|_| error.kind == ErrorKind::Unsupported);
        let entry = proposal.and_then(|proposal| {
            let what = What::Needs(proposal.to_owned());
            self.skips.find(self.name, &what, None)
        });
        entry.map_or_else(|| Fate::Failed(error.to_string()), Fate::Skipped)
    }

    /// A failure that the list of skips names by its line is a skip.
    fn excused(&self, fate: Fate) -> Fate {
        let entry = self.skips.find(self.name, &What::Line(self.line), None);
        match (&fate, entry) {
            (Fate::Failed(_), Some(entry)) => Fate::Skipped(entry),
            _ => fate,
        }
    }

    fn add_instance(
        &mut self,
        name: Option<Id<'_>>,
        definition: Result<Definition, Fate>,
    ) -> Result<Fate, Fate> {
        let definition = definition.and_then(|definition| {
            self.instances.check_imports(&definition)?;
            Ok(definition)
        });
        match definition {
            Ok(Definition { module, bounds, .. }) => {
                let number = self.next;
                self.instances.add(name, Ok(Instance { number, bounds }));
                Ok(self.instantiate(module, Expected::AnyReturn))
            }
            Err(fate) => {
                let fate = self.excused(fate);
                let dependent = match &fate {
                    Fate::Failed(_) => Fate::Failed(format!("see line {}", self.line)),
                    other => other.clone(),
                };
                self.instances.add(name, Err(dependent));
                Err(fate)
            }
        }
    }

    fn instantiate(&mut self, module: usize, expected: Expected) -> Fate {
        self.next += 1;
        self.push(Action::Instantiate(module), expected)
    }

    /// Adds a step to the script.
    fn push(&mut self, action: Action, expected: Expected) -> Fate {
        let number = self.plan.steps;
        if !matches!(action, Action::Register(..)) {
            self.plan.steps += 1;
        }
        self.plan.script.steps.push(Step {
            line: self.line,
            action,
            expected,
        });
        Fate::Step(number)
    }
}

fn patterns(results: &[WastRet<'_>]) -> Result<Vec<Vec<Pattern>>> {
    results.iter().map(pattern::result).collect()
}

/// Whether a module was refused for what the script says of its imports.
fn is_unlinkable(error: &Error, message: &str) -> bool {
    let is_unknown = |text: &str| text.contains("unknown import") || text.contains("does not know");
    error.kind == ErrorKind::Link && is_unknown(&error.message) == is_unknown(message)
}

fn cannot(what: &str) -> Fate {
    Fate::Failed(format!("the executable of a script can't {what}"))
}
