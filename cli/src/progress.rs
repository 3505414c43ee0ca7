//! The progress bar: shown while a compilation lasts longer than a moment, on a terminal only, and gone afterwards,
//! however it ends.

use crate::failure::is_quiet;
use elfin_compiler::progress::{Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What takes less is over before anyone wonders.
const PATIENCE: Duration = Duration::from_millis(500);

/// Between two looks at the progress.
const INTERVAL: Duration = Duration::from_millis(100);

/// The bar that is shown now.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Does `work`, and shows how far it is.
pub(crate) fn show<T>(work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    if is_quiet() || !stderr().is_terminal() {
        return work(&progress);
    }
    thread::scope(|scope| {
        // Dropped when the work is done or panics.
        let (_working, done) = channel::<()>();
        let progress = &progress;
        scope.spawn(move || watch(progress, done));
        work(progress)
    })
}

/// Does something with standard error while no bar is on it.
pub(crate) fn suspend(work: impl FnOnce()) {
    match &*shown() {
        Some(bar) => bar.suspend(work),
        None => work(),
    }
}

/// Removes the bar. As long as the guard is kept, none is drawn.
pub(crate) fn erase() -> MutexGuard<'static, Option<ProgressBar>> {
    let mut shown = shown();
    if let Some(bar) = shown.take() {
        bar.finish_and_clear();
    }
    shown
}

fn shown() -> MutexGuard<'static, Option<ProgressBar>> {
    SHOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Draws the bar until the work is done.
fn watch(progress: &Progress, done: Receiver<()>) {
    let is_over = |after| done.recv_timeout(after) != Err(RecvTimeoutError::Timeout);
    // Without the watch, an interrupt would leave the bar behind; better none.
    if is_over(PATIENCE) || crate::output::watch_for_end().is_err() {
        return;
    }
    let target = ProgressDrawTarget::stderr();
    *shown() = Some(ProgressBar::with_draw_target(None, target));
    let mut drawn = None;
    loop {
        let phase = progress.phase();
        if let Some(bar) = &*shown() {
            if drawn.replace(phase) != Some(phase) {
                bar.set_style(style(phase));
            }
            draw(bar, phase, progress);
        }
        if is_over(INTERVAL) {
            break;
        }
    }
    drop(erase());
}

/// What a phase is shown as.
fn style(phase: Phase) -> ProgressStyle {
    let template = match phase {
        Phase::Parse | Phase::Program => "reading",
        Phase::Codegen => "compiling [{wide_bar}] {human_pos}/{human_len} functions",
        Phase::Debug => "describing for debuggers",
        Phase::Object | Phase::Link => "linking",
    };
    let style = ProgressStyle::with_template(template).expect("it is well-formed");
    style.progress_chars("=> ")
}

fn draw(bar: &ProgressBar, phase: Phase, progress: &Progress) {
    let (compiled, functions) = progress.functions();
    if phase != Phase::Codegen {
        bar.tick();
    } else if bar.length() != Some(functions as u64) {
        bar.set_length(functions as u64);
    } else {
        bar.set_position(compiled as u64);
    }
    // The line is full. What the terminal itself shows at Ctrl-C must not begin another one, or this one would stay.
    if !bar.is_hidden() {
        let _ = stderr().write_all(b"\r");
    }
}
