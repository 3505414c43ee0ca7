//! The progress bar: shown while a compilation, or another work of many steps, lasts longer than a moment, on a terminal
//! only, and gone afterwards, however it ends.

use crate::failure::is_quiet;
use console::Term;
use elfin_compiler::progress::{Phase, Progress};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use std::io::{self, IsTerminal, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// How far a work of many steps is.
#[cfg(target_os = "linux")]
#[derive(Default)]
pub(crate) struct Steps {
    /// What is being done.
    what: Mutex<&'static str>,
    done: AtomicUsize,
    all: AtomicUsize,
}

#[cfg(target_os = "linux")]
impl Steps {
    /// So many steps are to be done.
    pub(crate) fn expect(&self, steps: usize) {
        self.all.store(steps, Ordering::Relaxed);
    }

    /// This is being done from now on.
    pub(crate) fn begin(&self, what: &'static str) {
        *self.what.lock().unwrap_or_else(PoisonError::into_inner) = what;
    }

    /// A step has been done.
    pub(crate) fn count(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// What is shown at a moment: what is being done, and how much of it.
pub(crate) struct Shown {
    what: &'static str,
    unit: &'static str,
    /// Of how many, if that is known.
    done: Option<(usize, usize)>,
}

impl From<&Progress> for Shown {
    fn from(progress: &Progress) -> Self {
        let (what, is_counted) = match progress.phase() {
            Phase::Parse | Phase::Program => ("reading", false),
            Phase::Codegen => ("compiling", true),
            Phase::Debug => ("describing for debuggers", false),
            Phase::Object | Phase::Link => ("linking", false),
        };
        Self {
            what,
            unit: "functions",
            done: is_counted.then(|| progress.functions()),
        }
    }
}

#[cfg(target_os = "linux")]
impl From<&Steps> for Shown {
    fn from(steps: &Steps) -> Self {
        let done = steps.done.load(Ordering::Relaxed);
        Self {
            what: *steps.what.lock().unwrap_or_else(PoisonError::into_inner),
            unit: "steps",
            done: Some((done, steps.all.load(Ordering::Relaxed))),
        }
    }
}

/// Does `work`, and shows how far it is, which `progress` tells.
pub(crate) fn show<P, T>(work: impl FnOnce(&P) -> T) -> T
where
    P: Default + Sync,
    for<'a> Shown: From<&'a P>,
{
    let progress = P::default();
    if is_quiet() || !stderr().is_terminal() || console::is_dumb() {
        return work(&progress);
    }
    thread::scope(|scope| {
        // Dropped when the work is done or panics.
        let (_working, done) = channel::<()>();
        let progress = &progress;
        scope.spawn(move || watch(|| Shown::from(progress), done));
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
fn watch(now: impl Fn() -> Shown, done: Receiver<()>) {
    let is_over = |after| done.recv_timeout(after) != Err(RecvTimeoutError::Timeout);
    // Without the watch, an interrupt would leave the bar behind; better none.
    if is_over(PATIENCE) || crate::output::watch_for_end().is_err() {
        return;
    }
    let target = ProgressDrawTarget::term_like(Box::new(Line(Term::buffered_stderr())));
    *shown() = Some(ProgressBar::with_draw_target(None, target));
    let mut drawn = None;
    loop {
        let now = now();
        if let Some(bar) = &*shown() {
            if drawn.replace(now.what) != Some(now.what) {
                bar.set_style(style(&now));
            }
            draw(bar, &now);
        }
        if is_over(INTERVAL) {
            break;
        }
    }
    drop(erase());
}

fn style(shown: &Shown) -> ProgressStyle {
    let template = match shown.done {
        None => shown.what.to_owned(),
        Some(_) => format!(
            "{} [{{wide_bar}}] {{human_pos}}/{{human_len}} {}",
            shown.what, shown.unit
        ),
    };
    let style = ProgressStyle::with_template(&template).expect("it is well-formed");
    style.progress_chars("=> ")
}

fn draw(bar: &ProgressBar, shown: &Shown) {
    match shown.done {
        None => bar.tick(),
        Some((_, all)) if bar.length() != Some(all as u64) => bar.set_length(all as u64),
        Some((done, _)) => bar.set_position(done as u64),
    }
}

/// The terminal's line that the bar fills. The cursor goes back to its begin in the same write: what the terminal itself
/// shows at Ctrl-C must not begin another line, or this one would stay.
#[derive(Debug)]
struct Line(Term);

impl TermLike for Line {
    fn width(&self) -> u16 {
        self.0.width()
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.write_str("\r")?;
        self.0.flush()
    }
}
