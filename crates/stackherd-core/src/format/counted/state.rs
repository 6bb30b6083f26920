//! States of counted goroutines, which `debug=1` does not print.
//!
//! Go hides the runtime's frames at the leaf (Go `runtime/pprof/pprof.go`, `printStackRecord`) but lists their addresses, so
//! their number is known. It tells what a function of the program waits for, because each way into the scheduler has its depth:
//!
//! ```text
//! 3   runtime.gopark  runtime.chanrecv  runtime.chanrecv1     a channel operation, since Go 1.14
//! 2   runtime.gopark  runtime.selectgo                        a select statement
//! ```
//!
//! All parked goroutines share the first address, the call in `runtime.gopark`; it is found by majority.

use hashbrown::HashMap;
use memchr::memmem;

use crate::infer::{Inferred, infer};
use crate::snapshot::Goroutine;
use crate::tables::{StringId, Tables};
use crate::wait::Category;

/// What a group's addresses and names say of its state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evidence {
    first_pc: u64,
    /// Addresses before the first one with a printed frame, if it is known which one that is.
    n_hidden: Option<u32>,
    leaf: Leaf,
    inferred: Option<Inferred>,
}

/// The first printed function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    /// None, or one of the runtime that waits under the name of another package.
    Other,
    /// One that waits in `runtime.gopark` and nowhere else: `sync.runtime_Semacquire`.
    Parked,
    /// `time.Sleep`.
    Sleep,
    /// `iter.Pull`: switches to or from an iterator.
    Coroutine,
    /// Anything else.
    Code,
    /// The same, and it has not run yet.
    Unstarted,
}

impl Evidence {
    /// Of a group with these addresses, functions leaf first, and the address of the first of them.
    pub(super) fn new(tables: &Tables, pcs: &[u64], functions: &[StringId], first_call: Option<u64>, is_entry: bool) -> Self {
        let mut names = functions.iter().map(|&function| tables.bytes(function));
        // Only the leaf tells what is waited for; a caller such as runtime.cgocall may be far from it.
        let inferred = names.clone().next().and_then(|leaf| infer(core::iter::once(leaf))).and_then(|_| infer(names.clone()));
        let at = first_call.and_then(|call| pcs.iter().position(|&pc| pc == call.wrapping_add(1)));
        Self {
            first_pc: pcs.first().copied().unwrap_or_default(),
            n_hidden: at.and_then(|at| u32::try_from(at).ok()),
            leaf: names.next().map_or(Leaf::Other, |name| Leaf::of(name, is_entry)),
            inferred,
        }
    }
}

impl Leaf {
    fn of(name: &[u8], is_entry: bool) -> Self {
        let has = |part: &str| memmem::find(name, part.as_bytes()).is_some();
        if name == b"time.Sleep" {
            Self::Sleep
        } else if has(".runtime_pollWait") || has(".runtime_Semacquire") || has(".runtime_notifyListWait") {
            Self::Parked
        } else if name.starts_with(b"iter.Pull") {
            Self::Coroutine
        } else if [b"runtime".as_slice(), b"reflect.", b"os/signal.signal", b"internal/synctest.", b"0x"]
            .iter()
            .any(|start| name.starts_with(start))
            || has(".runtime_")
        {
            Self::Other
        } else if is_entry {
            Self::Unstarted
        } else {
            Self::Code
        }
    }
}

/// What was concluded for all groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Conclusions {
    /// Goroutines whose state was inferred.
    pub(super) n_inferred: u64,
    /// Goroutines in a channel operation of unknown direction.
    pub(super) n_channel: u64,
}

/// Gives every row its state. `O(rows)`.
pub(super) fn conclude(tables: &mut Tables, rows: &mut [Goroutine], evidence: &[Evidence]) -> Conclusions {
    let scheduler = Scheduler::of(rows, evidence);
    let mut conclusions = Conclusions::default();
    for (row, evidence) in rows.iter_mut().zip(evidence) {
        let (wait_reason, category) = scheduler.state(evidence);
        row.wait_reason = tables.strings.intern(wait_reason.as_bytes());
        row.category = category;
        if wait_reason != WAITING {
            conclusions.n_inferred = conclusions.n_inferred.saturating_add(row.count());
        }
        if category == Category::Chan {
            conclusions.n_channel = conclusions.n_channel.saturating_add(row.count());
        }
    }
    conclusions
}

/// Said of what is parked for an unknown reason.
const WAITING: &str = "waiting";

/// How the process that was dumped parks its goroutines.
#[derive(Clone, Copy, Debug)]
struct Scheduler {
    /// The address all parked goroutines share.
    parked_pc: Option<u64>,
    /// Up to Go 1.13 channel operations park in `runtime.goparkunlock`, one call more; up to Go 1.10 `runtime.selectgo` calls
    /// `runtime.selectgoImpl`.
    has_goparkunlock: bool,
}

impl Scheduler {
    fn of(rows: &[Goroutine], evidence: &[Evidence]) -> Self {
        // Goroutines by first address: those that are parked for certain, and those that may be.
        let mut votes: HashMap<u64, (u64, u64), foldhash::fast::FixedState> = HashMap::default();
        for (row, evidence) in rows.iter().zip(evidence) {
            let Some(n_hidden) = evidence.n_hidden else { continue };
            let vote = votes.entry(evidence.first_pc).or_default();
            match evidence.leaf {
                Leaf::Parked if n_hidden >= 2 => vote.0 = vote.0.saturating_add(row.count()),
                Leaf::Sleep if n_hidden >= 1 => vote.0 = vote.0.saturating_add(row.count()),
                Leaf::Code if n_hidden >= 2 => vote.1 = vote.1.saturating_add(row.count()),
                _ => {}
            }
        }
        let mut best = (0, 0);
        let mut parked_pc = None;
        for evidence in evidence {
            // In the order of the dump: the first of equal ones.
            let vote = votes.get(&evidence.first_pc).copied().unwrap_or_default();
            if vote > best {
                (best, parked_pc) = (vote, Some(evidence.first_pc));
            }
        }
        let any = |leaf, n_hidden| {
            evidence.iter().any(|one| one.leaf == leaf && one.n_hidden == Some(n_hidden) && Some(one.first_pc) == parked_pc)
        };
        let has_goparkunlock = any(Leaf::Sleep, 2) || any(Leaf::Code, 4) && !any(Leaf::Code, 3);
        Self { parked_pc, has_goparkunlock }
    }

    fn state(self, evidence: &Evidence) -> (&'static str, Category) {
        let is_parked = self.parked_pc == Some(evidence.first_pc);
        if let Some(inferred) = evidence.inferred
            && !(is_parked && inferred.category == Category::Running)
        {
            return (inferred.wait_reason, inferred.category);
        }
        match (is_parked, evidence.leaf, evidence.n_hidden) {
            (true, Leaf::Code, Some(n_hidden)) => match (n_hidden, self.has_goparkunlock) {
                (3, false) | (4, true) => ("chan receive or send", Category::Chan),
                (2, _) | (3, true) => ("select", Category::Select),
                _ => (WAITING, Category::Other),
            },
            (false, Leaf::Coroutine, Some(1)) => ("coroutine", Category::Other),
            (false, Leaf::Unstarted, Some(0)) => ("runnable", Category::Runnable),
            (false, _, Some(_)) => ("running", Category::Running),
            _ => (WAITING, Category::Other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// Groups as count, addresses, the number of hidden ones and the first function.
    fn states(groups: &[(u64, &[u64], usize, &str)]) -> Vec<(String, Category)> {
        let mut tables = Tables::default();
        let mut rows = Vec::new();
        let mut evidence = Vec::new();
        for &(count, pcs, n_hidden, name) in groups {
            let functions = [tables.strings.intern(name.as_bytes())];
            rows.push(Goroutine::counted(count, StringId::EMPTY, Category::Other));
            let first_call = pcs.get(n_hidden).map(|pc| pc - 1);
            evidence.push(Evidence::new(&tables, pcs, &functions, first_call, false));
        }
        conclude(&mut tables, &mut rows, &evidence);
        let text = |row: &Goroutine| String::from_utf8_lossy(tables.bytes(row.wait_reason)).into_owned();
        rows.iter().map(|row| (text(row), row.category)).collect()
    }

    #[test]
    fn ok_hidden_frames_tell_channels_from_selects() {
        let states = states(&[
            (5, &[9, 8, 7, 6, 1], 3, "main.recv"),
            (2, &[9, 5, 4, 1], 2, "main.loop"),
            (2, &[9, 5, 4, 3, 2, 2, 1], 6, "main.alloc"),
            (1, &[3, 1], 0, "main.work"),
            (1, &[30, 20, 10], 2, "main.preempted"),
        ]);
        let categories: Vec<_> = states.iter().map(|(_, category)| *category).collect();
        assert_eq!(categories, [Category::Chan, Category::Select, Category::Other, Category::Running, Category::Running]);
        assert_eq!((states[0].0.as_str(), states[2].0.as_str()), ("chan receive or send", "waiting"));
    }

    #[test]
    fn ok_a_known_waiter_outweighs_the_most_common_address() {
        let states = states(&[
            (500, &[30, 20, 10], 2, "main.preempted"),
            (1, &[9, 8, 7, 6], 2, "internal/poll.runtime_pollWait"),
            (1, &[9, 5, 4, 1], 2, "main.loop"),
        ]);
        assert_eq!((states[0].1, states[2].1), (Category::Running, Category::Select));
    }

    #[test]
    fn ok_one_call_more_up_to_go_1_13() {
        let states = states(&[
            (1, &[9, 8, 7, 6], 2, "time.Sleep"),
            (5, &[9, 5, 4, 3, 2], 4, "main.recv"),
            (2, &[9, 5, 4, 1], 3, "main.loop"),
        ]);
        assert_eq!((states[1].1, states[2].1), (Category::Chan, Category::Select));
    }

    #[test]
    fn ok_coroutines_and_goroutines_without_addresses() {
        let states = states(&[(1, &[7, 6, 5], 1, "iter.Pull[...].func2"), (4, &[], 0, "main.x")]);
        assert_eq!(states[0], (String::from("coroutine"), Category::Other));
        assert_eq!(states[1], (String::from("waiting"), Category::Other));
    }
}
