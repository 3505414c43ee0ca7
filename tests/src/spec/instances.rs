//! The definitions and instances that a script's directives name. One that is missing passes on why to whatever
//! depends on it.

use super::encode::Definition;
use super::plan::Fate;
use super::spectest;
use super::trap::Bounds;
use std::collections::HashMap;
use wast::token::Id;

/// An instance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Instance {
    /// Its number in the script.
    pub number: usize,
    /// What its module has.
    pub bounds: Bounds,
}

/// Something that a directive names, or why it is missing.
type Known<T> = Result<T, Fate>;

/// What can be named.
#[derive(Debug)]
pub struct Instances {
    named: HashMap<String, Known<Instance>>,
    last: Known<Instance>,
    registered: HashMap<String, Known<Instance>>,
    definitions: HashMap<String, Known<Definition>>,
    last_definition: Known<Definition>,
}

impl Default for Instances {
    /// Instance 0 is `spectest`.
    fn default() -> Instances {
        let spectest = (spectest::NAME.to_owned(), Ok(Instance::default()));
        let none = |what: &str| Fate::Failed(format!("there is no {what} before"));
        Instances {
            named: HashMap::new(),
            last: Err(none("instance")),
            registered: HashMap::from([spectest]),
            definitions: HashMap::new(),
            last_definition: Err(none("definition")),
        }
    }
}

impl Instances {
    /// From here on directives mean this instance by its name, or without one.
    pub fn add(&mut self, name: Option<Id<'_>>, instance: Known<Instance>) {
        self.last = instance.clone();
        if let Some(name) = name {
            self.named.insert(name.name().to_owned(), instance);
        }
    }

    /// Likewise for definitions.
    pub fn define(&mut self, name: Option<Id<'_>>, definition: Known<Definition>) {
        self.last_definition = definition.clone();
        if let Some(name) = name {
            self.definitions.insert(name.name().to_owned(), definition);
        }
    }

    /// From here on imports from this module are an instance's exports.
    pub fn register(&mut self, module: &str, instance: Known<Instance>) {
        self.registered.insert(module.to_owned(), instance);
    }

    /// The instance of this name, or the last one.
    pub fn get(&self, name: Option<Id<'_>>) -> Known<Instance> {
        let Some(name) = name else {
            return self.last.clone();
        };
        let unknown = || {
            Err(Fate::Failed(format!(
                "no instance is named {}",
                name.name()
            )))
        };
        self.named.get(name.name()).cloned().unwrap_or_else(unknown)
    }

    /// The definition of this name, or the last one.
    pub fn definition(&self, name: Option<Id<'_>>) -> Known<Definition> {
        let Some(name) = name else {
            return self.last_definition.clone();
        };
        let unknown = || {
            Err(Fate::Failed(format!(
                "no definition is named {}",
                name.name()
            )))
        };
        let definition = self.definitions.get(name.name());
        definition.cloned().unwrap_or_else(unknown)
    }

    /// An error if a module imports from an instance that should be there and is missing.
    pub fn check_imports(&self, definition: &Definition) -> Result<(), Fate> {
        for module in &definition.imports {
            if let Some(Err(missing)) = self.registered.get(module) {
                return Err(missing.clone());
            }
        }
        Ok(())
    }
}
