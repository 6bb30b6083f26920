//! What the view of objects shows.

use stackherd_report::protocol::{BlockingView, CycleStep, CycleView, FrameView, ObjectRow};
use stackherd_report::{BlockingKind, Confidence, Origin};

use super::{place, thousands};

/// The first thing to know of what goroutines wait for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BlockedOn<'a> {
    /// No object has a waiter.
    Nothing,
    /// Goroutines wait for each other.
    Cycle {
        cycle: &'a CycleView,
        /// Where they wait, each place once.
        places: Vec<String>,
    },
    /// The object with the most waiters.
    Most(&'a ObjectRow),
}

/// The fact that comes first.
pub(crate) fn blocked_on(view: &BlockingView) -> BlockedOn<'_> {
    match (view.cycles.first(), view.objects.first()) {
        (Some(cycle), _) => {
            let mut places = Vec::new();
            for place in cycle.steps.iter().filter_map(step_frame).map(place).filter(|place| !place.is_empty()) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            BlockedOn::Cycle { cycle, places }
        }
        (None, Some(object)) => BlockedOn::Most(object),
        (None, None) => BlockedOn::Nothing,
    }
}

/// The kinds of the objects listed, in the order of their declaration.
pub(crate) fn blocking_kinds(view: &BlockingView) -> Vec<BlockingKind> {
    let is_present = |kind: &BlockingKind| view.objects.iter().any(|object| object.kind == *kind);
    BlockingKind::ALL.iter().copied().filter(is_present).collect()
}

/// The objects of a kind, by index, in their order.
pub(crate) fn objects_of(view: &BlockingView, kind: Option<BlockingKind>) -> Vec<u32> {
    let is_wanted = |object: &ObjectRow| kind.is_none_or(|kind| object.kind == kind);
    (0..).zip(&view.objects).filter(|(_, object)| is_wanted(object)).map(|(index, _)| index).collect()
}

/// Who seems to hold an object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Holder<'a> {
    pub(crate) goid: Option<u64>,
    pub(crate) state: &'a str,
    pub(crate) is_in_cycle: bool,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) why: &'a str,
    /// Candidates besides this one.
    pub(crate) others: usize,
}

/// The likeliest holder of the object at `index`: in a cycle, the goroutine that closes it.
pub(crate) fn holder(view: &BlockingView, index: u32) -> Option<Holder<'_>> {
    let object = view.objects.get(index as usize)?;
    let next = closing_step(view, index);
    let of_cycle = |goid: Option<u64>| goid.is_some() && next.is_some_and(|step| step.goid == goid);
    let candidates = &object.candidates;
    let chosen = candidates.iter().find(|candidate| of_cycle(candidate.goid));
    match (chosen, next, candidates.first()) {
        (None, Some(step), _) => Some(Holder {
            goid: step.goid,
            state: &step.state,
            is_in_cycle: true,
            confidence: None,
            why: "",
            others: candidates.len(),
        }),
        (Some(candidate), _, _) | (None, None, Some(candidate)) => Some(Holder {
            goid: candidate.goid,
            state: &candidate.state,
            is_in_cycle: chosen.is_some(),
            confidence: Some(candidate.confidence),
            why: &candidate.why,
            others: candidates.len() - 1,
        }),
        (None, None, None) => None,
    }
}

/// The goroutine of a cycle that seems to hold an object of it: the one after the one that waits for it.
fn closing_step(view: &BlockingView, index: u32) -> Option<&CycleStep> {
    let object = view.objects.get(index as usize)?;
    let steps = &view.cycles.get(object.cycle? as usize)?.steps;
    let waiting = steps.iter().position(|step| step.object == Some(index))?;
    steps.get((waiting + 1) % steps.len())
}

/// The object that the goroutine at `index` of a cycle seems to hold: the one the goroutine before it waits for.
pub(crate) fn held_by(cycle: &CycleView, index: usize) -> Option<&CycleStep> {
    let before = index.checked_sub(1).or_else(|| cycle.steps.len().checked_sub(1))?;
    cycle.steps.get(before)
}

/// The frame that says where a goroutine of a cycle waits: the reader's own, else the outermost one sent.
pub(crate) fn step_frame(step: &CycleStep) -> Option<&FrameView> {
    let of = |origin| step.stack.iter().find(move |frame| frame.origin == origin);
    of(Origin::App).or_else(|| of(Origin::Dependency)).or(step.stack.last())
}

/// `ledger.Transfer`.
pub(crate) fn function_name(frame: &FrameView) -> String {
    if frame.package.is_empty() { frame.name.clone() } else { format!("{}.{}", frame.package, frame.name) }
}

/// How many of the frames on top of a stack are the runtime's, when they are worth folding.
pub(crate) fn folded_on_top(stack: &[FrameView]) -> usize {
    let runtime = stack.iter().take_while(|frame| frame.origin == Origin::Runtime).count();
    if runtime < 2 { 0 } else { runtime }
}

/// Go's own name of what is waited for; channels and the like have none.
pub(crate) const fn type_name(kind: BlockingKind) -> Option<&'static str> {
    match kind {
        BlockingKind::Mutex => Some("sync.Mutex"),
        BlockingKind::Rwmutex => Some("sync.RWMutex"),
        BlockingKind::Waitgroup => Some("sync.WaitGroup"),
        BlockingKind::Cond => Some("sync.Cond"),
        BlockingKind::Once => Some("sync.Once"),
        BlockingKind::Channel | BlockingKind::Connection | BlockingKind::Semaphore => None,
    }
}

/// The class that sets the colour of its mark: that of the state its waiters are in.
pub(crate) const fn kind_colour(kind: BlockingKind) -> &'static str {
    match kind {
        BlockingKind::Channel => "state-recv",
        BlockingKind::Connection => "state-io",
        BlockingKind::Mutex
        | BlockingKind::Rwmutex
        | BlockingKind::Waitgroup
        | BlockingKind::Cond
        | BlockingKind::Once
        | BlockingKind::Semaphore => "state-lock",
    }
}

/// Goroutines of a cycle by id, `207 and 208`, given how the language joins two; `None` when the format has no ids.
pub(crate) fn cycle_goids(cycle: &CycleView) -> Option<Vec<String>> {
    cycle.steps.iter().map(|step| step.goid.map(|goid| goid.to_string())).collect()
}

/// How long a bar is, as a length in percent of the longest one: `12.5%`.
pub(crate) fn bar_width(part: u64, most: u64) -> String {
    let tenths = u128::from(part.min(most)) * 1000 / u128::from(most.max(1));
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// `4` objects, or `1,000 of 2,345` when not all are listed: what is listed, and all when that is more.
pub(crate) fn n_listed(view: &BlockingView) -> (String, Option<String>) {
    let listed = view.objects.len() as u64;
    let all = u64::from(view.n_objects);
    (thousands(listed), (all > listed).then(|| thousands(all)))
}

#[cfg(test)]
mod tests {
    use super::super::sample_blocking::{frame, object, view};
    use super::*;

    #[test]
    fn ok_a_cycle_comes_first_then_the_crowd_then_nothing() {
        let mut view = view();
        assert!(matches!(blocked_on(&view), BlockedOn::Cycle { places, .. } if places == ["ledger.go:18"]));
        view.cycles.clear();
        assert!(matches!(blocked_on(&view), BlockedOn::Most(object) if object.waiters == 99_490));
        view.objects.clear();
        assert_eq!(blocked_on(&view), BlockedOn::Nothing);
    }

    #[test]
    fn ok_only_kinds_that_are_there() {
        assert_eq!(blocking_kinds(&view()), [BlockingKind::Mutex, BlockingKind::Channel]);
        assert_eq!(objects_of(&view(), Some(BlockingKind::Mutex)), [1, 2, 3]);
        assert_eq!(objects_of(&view(), None).len(), 4);
        assert!(objects_of(&view(), Some(BlockingKind::Once)).is_empty());
    }

    #[test]
    fn ok_the_holder_in_a_cycle_is_the_one_that_closes_it() {
        let view = view();
        let first = holder(&view, 2).expect("a holder");
        assert_eq!((first.goid, first.is_in_cycle, first.others), (Some(208), true, 1));
        assert_eq!(first.confidence, Some(Confidence::Likely));
        let second = holder(&view, 3).expect("a holder");
        assert_eq!((second.goid, second.is_in_cycle, second.confidence), (Some(207), true, None), "no candidate was sent");
        let other = holder(&view, 1).expect("a holder");
        assert_eq!((other.goid, other.is_in_cycle, other.others), (Some(18_303), false, 1));
        assert_eq!(holder(&view, 0), None);
        assert_eq!(holder(&view, 99), None);
    }

    #[test]
    fn ok_each_goroutine_of_a_cycle_holds_what_the_one_before_waits_for() {
        let view = view();
        let cycle = &view.cycles[0];
        assert_eq!(held_by(cycle, 0).map(|step| step.address.as_str()), Some("0x16e6ea24a0f0"));
        assert_eq!(held_by(cycle, 1).map(|step| step.address.as_str()), Some("0x16e6ea24a100"));
        assert_eq!(cycle_goids(cycle), Some(vec!["207".to_owned(), "208".to_owned()]));
        let mut without_ids = cycle.clone();
        without_ids.steps[1].goid = None;
        assert_eq!(cycle_goids(&without_ids), None);
    }

    #[test]
    fn ok_the_place_of_a_goroutine_is_the_readers_own() {
        let view = view();
        let step = &view.cycles[0].steps[0];
        assert_eq!(step_frame(step).map(function_name).as_deref(), Some("ledger.Transfer"));
        let mut without_own = step.clone();
        without_own.stack.truncate(2);
        assert_eq!(step_frame(&without_own).map(function_name).as_deref(), Some("sync.(*Mutex).lockSlow"));
    }

    #[test]
    fn ok_runs_of_runtime_frames_on_top_fold() {
        let stack = |origins: &[Origin]| origins.iter().map(|origin| frame(*origin, "p.f", 1)).collect::<Vec<_>>();
        assert_eq!(folded_on_top(&stack(&[Origin::Runtime, Origin::Runtime, Origin::App])), 2);
        assert_eq!(folded_on_top(&stack(&[Origin::Runtime, Origin::App])), 0);
        assert_eq!(folded_on_top(&[]), 0);
    }

    #[test]
    fn ok_numbers() {
        assert_eq!([bar_width(0, 0), bar_width(1, 3), bar_width(3, 3)], ["0.0%", "33.3%", "100.0%"]);
        let mut view = view();
        assert_eq!(n_listed(&view), ("4".to_owned(), None));
        view.n_objects = 2345;
        assert_eq!(n_listed(&view), ("4".to_owned(), Some("2,345".to_owned())));
        assert_eq!(type_name(object(BlockingKind::Rwmutex, 1).kind), Some("sync.RWMutex"));
    }
}
