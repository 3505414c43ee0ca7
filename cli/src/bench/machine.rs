//! What the figures were taken on.

use serde::Serialize;
use std::fs;

/// A machine, as far as `/proc` tells.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    pub(super) cpu: String,
    /// Threads that can run at once.
    pub(super) cores: usize,
    pub(super) kernel: String,
    pub(super) architecture: &'static str,
    /// Processes that wanted to run, on average over the minute before.
    pub(super) load: f64,
    /// How the CPU's clock is chosen, where the kernel says so.
    pub(super) governor: Option<String>,
}

impl Machine {
    /// This machine, now.
    pub(super) fn here() -> Self {
        let cpus = read("/proc/cpuinfo");
        let load = read("/proc/loadavg");
        Self {
            cpu: cpu(&cpus).unwrap_or("of unknown kind").to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: format!("Linux {}", read("/proc/sys/kernel/osrelease")),
            architecture: std::env::consts::ARCH,
            load: first_number(&load).unwrap_or(0.0),
            governor: Some(read(
                "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
            ))
            .filter(|governor| !governor.is_empty()),
        }
    }

    /// What makes figures scatter here.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.load > self.cores as f64 * 0.5 {
            notes.push(format!(
                "other programs were running: a load of {} on {} cores before the first measurement",
                self.load, self.cores
            ));
        }
        match self.governor.as_deref() {
            None | Some("performance") => {}
            Some(governor) => notes.push(format!(
                "the CPU's clock changes (governor `{governor}`): `cpupower frequency-set -g performance` keeps it still"
            )),
        }
        notes
    }
}

/// The name of the CPU: x86 and others call it by different keys.
fn cpu(cpus: &str) -> Option<&str> {
    let value = |key| {
        cpus.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name.trim() == key).then_some(value.trim())
        })
    };
    let keys = ["model name", "Model", "uarch", "CPU part", "isa"];
    keys.into_iter().find_map(value)
}

fn first_number(text: &str) -> Option<f64> {
    text.split(' ').next()?.parse().ok()
}

/// The file's text without its last line feed; nothing where it can't be read.
fn read(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cpus() {
        assert_eq!(
            cpu("vendor_id\t: x\nmodel name\t: Intel: 7\n"),
            Some("Intel: 7")
        );
        assert_eq!(cpu("processor : 0\nCPU part\t: 0xd0c\n"), Some("0xd0c"));
        assert_eq!(cpu(""), None);
    }
}
