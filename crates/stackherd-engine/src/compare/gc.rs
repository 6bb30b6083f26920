//! Garbage collection before and after, from `gctrace` lines among the inputs.

use stackherd_report::GcChange;

use super::Compared;
use crate::Session;
use crate::session::Loaded;

/// What `GODEBUG=gctrace=1` counts.
const LIVE_HEAP: &str = "heap live";
const PAUSE: &str = "pause";

/// Medians of one log.
#[derive(Clone, Copy)]
struct Gc {
    live_heap_mb: f64,
    pause_ms: f64,
}

/// The change between the logs of baseline and target; `None` unless both are there.
///
/// A log belongs to the dump that stands in the same file. Two logs in files of their own are taken by their times, or in the
/// order given: their lines count from the start of the process, which says nothing of the day.
pub(super) fn change(compared: &Compared, session: &Session) -> Option<GcChange> {
    let (before, after) = beside(compared, session).or_else(|| alone(session))?;
    Some(GcChange { live_heap_mb: (before.live_heap_mb, after.live_heap_mb), pause_ms: (before.pause_ms, after.pause_ms) })
}

/// From the files that hold baseline and target.
fn beside(compared: &Compared, session: &Session) -> Option<(Gc, Gc)> {
    let input_of = |instance: u32| {
        let dump = compared.sides.dumps.get(instance as usize)?;
        session.inputs.values().position(|input| input.dumps.contains(dump))
    };
    let (before, after) = (input_of(compared.comparison.baseline)?, input_of(compared.comparison.target)?);
    let gc = |at: usize| {
        let input = session.inputs.values().nth(at)?;
        input.dumps.iter().filter_map(|dump| session.dumps.get(dump)).find_map(gc_of)
    };
    (before != after).then_some(())?;
    Some((gc(before)?, gc(after)?))
}

/// From two logs in files of their own.
fn alone(session: &Session) -> Option<(Gc, Gc)> {
    let mut logs = session.dumps.values().filter_map(|loaded| Some((loaded, gc_of(loaded)?)));
    let (first, second) = (logs.next()?, logs.next()?);
    if logs.next().is_some() {
        return None;
    }
    let at = |loaded: &Loaded| loaded.taken_at().and_then(|moment| moment.millis);
    let is_turned = at(first.0).zip(at(second.0)).is_some_and(|(first, second)| first > second);
    Some(if is_turned { (second.1, first.1) } else { (first.1, second.1) })
}

fn gc_of(loaded: &Loaded) -> Option<Gc> {
    let series = |name: &str| {
        let series = loaded.snapshot.series().iter().find(|series| series.name == name)?;
        let mut values: Vec<f64> = series.points.iter().map(|point| point.value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Gc { live_heap_mb: series(LIVE_HEAP)?, pause_ms: series(PAUSE)? })
}
