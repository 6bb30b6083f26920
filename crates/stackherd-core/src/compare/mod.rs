//! Several dumps: what changed, what grows, and which instance is the odd one.
//!
//! [`compare`](compare()) joins the groups of all dumps by their keys ([`join`]), decides how the dumps relate ([`relation`]) and in which
//! order they were taken ([`order`]), follows goroutines by their ids ([`lives`]) and groups by their counts ([`trend`],
//! [`fleet`]), and lets the rules for several dumps speak.
//!
//! ```text
//! groups ─► join ─► rows ─► measure ─► lives, trend │ fleet ─► sort ─► rules, outcome
//! ids ─► evidence ─► relation ─► order ─► mode, baseline, target
//! ```

mod evidence;
pub mod fleet;
mod ids;
pub mod join;
pub mod lives;
pub mod order;
pub mod outcome;
pub mod relation;
pub(crate) mod sentence;
mod service;
pub(crate) mod sites;
pub(crate) mod span;
pub mod stack_diff;
pub mod trend;

use alloc::vec::Vec;

pub use fleet::Spread;
pub use lives::Lives;
pub use outcome::Outcome;
pub use relation::{Related, Relation};
pub use trend::{Course, Trend};

use crate::finding::{self, Finding};
use crate::judgement::Judgement;
use crate::origin::OriginRules;
use crate::snapshot::Snapshot;
use crate::tables::Tables;
use crate::text::Text;

/// One of the dumps that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Instance<'a> {
    /// The goroutines.
    pub snapshot: &'a Snapshot,
    /// Their groups and what was concluded from them; all dumps are grouped alike.
    pub judgement: &'a Judgement,
    /// When it was taken, in milliseconds since 1970, as far as anybody knows.
    pub at_millis: Option<i64>,
    /// What it is called, differently from the others.
    pub name: &'a str,
    /// What its process is called: a pod, a host, a file without its time. Dumps of one process share it; empty when unknown.
    pub process: &'a str,
}

/// In time or in space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// One service at several moments.
    Series,
    /// Several instances at about the same moment.
    Fleet,
}

/// What the reader decides instead of Stackherd. Indices are those of the dumps as given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// In time or in space; `None` to tell from the dumps.
    pub mode: Option<Mode>,
    /// Whether the dumps are of one process; `None` to tell from them.
    pub relation: Option<Relation>,
    /// The dump the others compare to; `None` for the first in time.
    pub baseline: Option<u32>,
    /// The dump that is compared; `None` for the last in time.
    pub target: Option<u32>,
}

/// What happened to a group between baseline and target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// The baseline has none of it.
    New,
    /// More than before.
    Grown,
    /// Fewer than before.
    Shrunk,
    /// The target has none of it.
    Gone,
    /// As many as before; also when neither has any.
    Same,
}

/// One group in all dumps.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its key.
    pub key: u64,
    /// Goroutines in each dump, in the order given.
    pub counts: Vec<u64>,
    /// Its index among the groups of each dump that has it.
    pub groups: Vec<Option<u32>>,
    /// From baseline to target.
    pub status: Status,
    /// Target minus baseline.
    pub delta: i64,
    /// Who of it was born, ended and did not move; `None` without ids, or when the dumps are not of one process.
    pub lives: Option<Lives>,
    /// Growth per minute from baseline to target; `None` when times are unknown or equal.
    pub per_minute: Option<f64>,
    /// How it went over all dumps; `None` for a fleet, and below three dumps.
    pub trend: Option<Trend>,
    /// How the instances differ; `None` for a series.
    pub spread: Option<Spread>,
}

/// How several dumps differ. Indices of dumps are those of the instances as given.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// In time or in space.
    pub mode: Mode,
    /// Whether the dumps are of one process, and why that is thought.
    pub related: Related,
    /// The dumps in the order of time; as given where that is unknown.
    pub order: Vec<u32>,
    /// Dumps of another process than the dump before them in `order`: the service was restarted.
    pub restarts: Vec<u32>,
    /// The dump the others compare to.
    pub baseline: u32,
    /// The dump that is compared.
    pub target: u32,
    /// Minutes from baseline to target, when both times are known.
    pub minutes: Option<f64>,
    /// Goroutines in each dump.
    pub totals: Vec<u64>,
    /// One for each group of any dump: the greatest change first; in a fleet the oddest first. Ties by key.
    pub rows: Vec<Row>,
    /// What follows from several dumps, worst first. [`Finding::groups`] are indices of `rows`.
    pub findings: Vec<ComparedFinding>,
    /// Which leaks of the baseline are smaller or gone; `None` when it has none, in a fleet, and between strangers.
    pub outcome: Option<Outcome>,
    /// What changed, in one sentence.
    pub title: Text,
    /// What else is worth knowing. May be empty.
    pub detail: Text,
}

impl Comparison {
    /// Whether the target was taken before the baseline.
    #[must_use]
    pub fn is_reversed(&self) -> bool {
        is_before(&self.order, self.target, self.baseline)
    }
}

/// A finding that needs several dumps.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedFinding {
    /// What it says; its groups are indices of [`Comparison::rows`].
    pub finding: Finding,
    /// The dump to look at.
    pub dump: u32,
    /// The dumps that it is about, in a fleet: those that stand out, the oddest first.
    pub dumps: Vec<u32>,
}

/// What a rule for several dumps looks at.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// Strings, frames and stacks.
    pub tables: &'a Tables,
    /// Whose code is whose.
    pub origins: &'a OriginRules,
    /// The dumps.
    pub instances: &'a [Instance<'a>],
    /// What is known so far: everything but findings and sentences.
    pub comparison: &'a Comparison,
}

impl<'a> Compared<'a> {
    /// The dump that is compared.
    #[must_use]
    pub fn target(&self) -> Option<&'a Instance<'a>> {
        self.instances.get(self.comparison.target as usize)
    }

    /// The dump the others compare to.
    #[must_use]
    pub fn baseline(&self) -> Option<&'a Instance<'a>> {
        self.instances.get(self.comparison.baseline as usize)
    }
}

/// Compares dumps whose groups are alike in the same way; `None` below two. `O(goroutines + groups × dumps)`.
#[must_use]
pub fn compare(tables: &Tables, origins: &OriginRules, instances: &[Instance<'_>], wanted: Wanted) -> Option<Comparison> {
    if instances.len() < 2 {
        return None;
    }
    let mut rows = join::rows(instances);
    let related = relation::relate(tables, origins, instances, &rows, wanted);
    let order = order::in_time(instances, &related);
    let mode = wanted.mode.unwrap_or_else(|| order::mode(instances, &related, &order));
    let in_range = |index: &u32| (*index as usize) < instances.len();
    let baseline = wanted.baseline.filter(in_range).or_else(|| order.first().copied()).unwrap_or(0);
    let target = wanted.target.filter(in_range).or_else(|| order.iter().rev().find(|&&index| index != baseline).copied());
    let target = target.unwrap_or(baseline);
    // Programs that have nothing to do with each other are no restart.
    let can_restart = mode == Mode::Series && related.relation == Relation::SameService;
    let restarts = if can_restart { order::restarts(&related, &order) } else { Vec::new() };
    let at = |index: u32| instances.get(index as usize).and_then(|instance| instance.at_millis);
    let minutes = at(baseline)
        .zip(at(target))
        .map(|(from, to)| to.saturating_sub(from) as f64 / 60_000.0)
        .filter(|minutes| *minutes != 0.0);
    join::measure(&mut rows, baseline, target, minutes);
    match mode {
        Mode::Series => {
            if related.are_one_process(baseline, target) {
                follow(&mut rows, instances, [baseline, target], is_before(&order, target, baseline));
            }
            trend::follow(&mut rows, instances, &order);
        }
        Mode::Fleet => fleet::spread(&mut rows),
    }
    join::sort(&mut rows, mode);
    let totals = instances.iter().map(|instance| instance.snapshot.n_goroutines()).collect();
    let mut comparison = Comparison {
        mode,
        related,
        order,
        restarts,
        baseline,
        target,
        minutes,
        totals,
        rows,
        findings: Vec::new(),
        outcome: None,
        title: Text::default(),
        detail: Text::default(),
    };
    // The rules look at a comparison without findings, and so on.
    comparison.findings = finding::find_between(&Compared { tables, origins, instances, comparison: &comparison });
    comparison.outcome = outcome::outcome(&Compared { tables, origins, instances, comparison: &comparison });
    let (title, detail) = sentence::sentences(&Compared { tables, origins, instances, comparison: &comparison });
    (comparison.title, comparison.detail) = (title, detail);
    Some(comparison)
}

/// Whether `left` comes before `right` in `order`.
fn is_before(order: &[u32], left: u32, right: u32) -> bool {
    order.iter().find(|&&dump| dump == left || dump == right) == Some(&left) && left != right
}

fn follow(rows: &mut [Row], instances: &[Instance<'_>], dumps: [u32; 2], is_reversed: bool) {
    let [Some(baseline), Some(target)] = dumps.map(|dump| instances.get(dump as usize)) else { return };
    lives::follow(rows, baseline, target, lives::Waits::new(baseline, target, is_reversed));
}
