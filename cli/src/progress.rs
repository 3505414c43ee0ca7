//! The progress bar: shown while a compilation lasts longer than a moment, on a terminal only, and gone afterwards,
//! however it ends.

use crate::failure::is_quiet;
use elfin_compiler::progress::{Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
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
    loop {
        if let Some(bar) = &*shown() {
            draw(bar, progress);
        }
        if is_over(INTERVAL) {
            break;
        }
    }
    drop(erase());
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let template = |text| ProgressStyle::with_template(text).expect("it is well-formed");
    let phase = progress.phase();
    if phase == Phase::Codegen {
        let (compiled, functions) = progress.functions();
        bar.set_style(
            template("compiling [{wide_bar}] {human_pos}/{human_len} functions")
                .progress_chars("=> "),
        );
        bar.set_length(functions as u64);
        bar.set_position(compiled as u64);
    } else {
        let what = match phase {
            Phase::Parse | Phase::Program => "reading",
            Phase::Codegen | Phase::Debug | Phase::Object | Phase::Link => "linking",
        };
        bar.set_style(template("{msg}"));
        bar.set_message(what);
    }
    bar.tick();
}
