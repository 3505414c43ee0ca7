//! Work on all threads whose results are taken in the order of the items: what is done with them then needs no list of
//! all, and does not depend on how many threads there are.

use crate::error::{Error, Result};
use rayon::current_num_threads;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An item heavier than this part of all for each thread is begun before the others, so that no thread is left with it
/// when the others are done. Its result waits for its turn.
const HEAVY: usize = 128;

/// Does `work` for every item, on the threads of the present pool, each with a state that `begin` makes, and hands the
/// results to `take` one at a time, in the order of the items. `weights` say how long each takes, roughly.
///
/// The error is that of the first item that has one, whichever thread meets it first.
pub(super) fn in_order<T, S, R>(
    items: &[T],
    weights: &[usize],
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> Result<R> + Sync,
    take: impl FnMut(R) + Send,
) -> Result<()>
where
    T: Sync,
    R: Send,
{
    let order = order(weights, current_num_threads());
    let next = AtomicUsize::new(0);
    let line = Mutex::new(Line::new(take));
    // The first item that is known to have failed: what comes behind it is of no use any more.
    let failed = AtomicUsize::new(items.len());
    rayon::broadcast(|_| {
        let mut state = begin();
        while let Some(&index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            if index > failed.load(Ordering::Relaxed) {
                continue;
            }
            let result = work(&mut state, &items[index]);
            if result.is_err() {
                failed.fetch_min(index, Ordering::Relaxed);
            }
            line.lock()
                .expect("nothing panics with it")
                .put(index, result);
        }
    });
    let line = line.into_inner().expect("nothing panics with it");
    line.finish()
}

/// Indices in the order in which work begins: the heavy ones, the heaviest first, then the others as they come.
fn order(weights: &[usize], threads: usize) -> Vec<usize> {
    let limit = weights.iter().sum::<usize>() / (HEAVY * threads);
    let (mut heavy, others): (Vec<usize>, Vec<usize>) =
        (0..weights.len()).partition(|index| weights[*index] > limit);
    heavy.sort_by_key(|index| std::cmp::Reverse(weights[*index]));
    heavy.extend(others);
    heavy
}

/// Results on their way to whoever takes them in order.
struct Line<R, F> {
    /// The index whose turn it is.
    turn: usize,
    /// What came before its turn.
    waiting: HashMap<usize, R>,
    take: F,
    /// The error with the lowest index.
    error: Option<(usize, Error)>,
}

impl<R, F: FnMut(R)> Line<R, F> {
    fn new(take: F) -> Self {
        Self {
            turn: 0,
            waiting: HashMap::new(),
            take,
            error: None,
        }
    }

    fn put(&mut self, index: usize, result: Result<R>) {
        match result {
            Ok(result) => _ = self.waiting.insert(index, result),
            Err(error) if self.error.as_ref().is_none_or(|(first, _)| index < *first) => {
                self.error = Some((index, error));
            }
            Err(_) => {}
        }
        while let Some(result) = self.waiting.remove(&self.turn) {
            (self.take)(result);
            self.turn += 1;
        }
    }

    fn finish(self) -> Result<()> {
        match self.error {
            None => Ok(()),
            Some((_, error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn pool(threads: usize) -> rayon::ThreadPool {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
        builder.build().unwrap()
    }

    #[test]
    fn results_come_in_order() {
        let items: Vec<usize> = (0..1000).collect();
        let weights: Vec<usize> = items.iter().map(|item| item % 7 * 1000).collect();
        for threads in [1, 3] {
            let mut taken = Vec::new();
            let result = pool(threads).install(|| {
                let double = |_: &mut (), item: &usize| Ok(item * 2);
                in_order(&items, &weights, || (), double, |result| taken.push(result))
            });
            result.unwrap();
            assert!(taken.iter().copied().eq((0..1000).map(|item| item * 2)));
        }
    }

    #[test]
    fn heavy_items_begin_first() {
        let mut weights = vec![1; 300];
        (weights[7], weights[200]) = (100, 300);
        let order = order(&weights, 2);
        assert_eq!(order[..4], [200, 7, 0, 1]);
        assert_eq!(order.len(), 300);
    }

    #[test]
    fn the_first_error_counts() {
        let items: Vec<usize> = (0..500).collect();
        let fail = |_: &mut (), item: &usize| match item % 100 {
            // The last one fails first, as far as that can be arranged.
            57 => Err(Error::new(ErrorKind::Limit, item.to_string())),
            _ => Ok(()),
        };
        for threads in [1, 3] {
            let result = pool(threads).install(|| {
                let weights = items.clone();
                in_order(&items, &weights, || (), fail, drop)
            });
            assert_eq!(result.unwrap_err().message, "57");
        }
    }
}
