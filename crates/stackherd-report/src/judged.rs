//! What was concluded from a dump, as the page shows it: views of the protocol.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::protocol::FrameView;
use crate::report::{BlockingKind, Confidence, Fix, Onset, Severity, Verdict, contract};

contract! {
    /// What is wrong with a dump.
    pub struct Judgement {
        /// In one sentence.
        pub verdict: Verdict,
        /// The finding that the verdict is about: an index.
        pub verdict_finding: Option<u32>,
        /// Worst first.
        pub findings: Vec<FindingView>,
        /// Goroutines set aside as idle.
        pub idle_goroutines: u64,
        /// Groups set aside as idle.
        pub idle_groups: u64,
    }

    /// A finding as its card shows it.
    pub struct FindingView {
        /// The rule's name.
        pub rule: String,
        /// How bad it is.
        pub severity: Severity,
        /// How sure it is.
        pub confidence: Confidence,
        /// One sentence.
        pub title: String,
        /// Goroutines concerned.
        pub goroutines: u64,
        /// Keys of the groups concerned, the largest first, at most 50.
        pub groups: Vec<String>,
        /// Groups concerned.
        pub n_groups: u32,
        /// Where they are stuck.
        pub culprit: Option<FrameView>,
        /// Where they were started.
        pub created_by: Option<FrameView>,
        /// What speaks for it.
        pub evidence: Vec<String>,
        /// Why it may be wrong, and what would decide.
        pub counter_evidence: Vec<String>,
        /// What to change; its code is a pattern, not the reader's source.
        pub fix: Option<Fix>,
        /// Where to read on.
        pub reference: Option<String>,
        /// When it began.
        pub onset: Option<Onset>,
        /// It is about one or more objects that [`Response::Blocking`](crate::protocol::Response::Blocking) lists.
        pub has_objects: bool,
        /// For the clipboard.
        pub markdown: String,
    }

    /// What goroutines wait for.
    pub struct BlockingView {
        /// Most waiters first, at most 1,000.
        pub objects: Vec<ObjectRow>,
        /// How many there are.
        pub n_objects: u32,
        /// Goroutines that wait for them.
        pub waiters: u64,
        /// Goroutines that wait for each other.
        pub cycles: Vec<CycleView>,
    }

    /// An object that goroutines wait for.
    pub struct ObjectRow {
        /// Its address as Go prints it; empty when none is printed.
        pub address: String,
        /// The address is the object's own, not that of the struct it is in.
        pub exact: bool,
        /// What it is.
        pub kind: BlockingKind,
        /// Goroutines that wait for it.
        pub waiters: u64,
        /// Keys of their groups, the largest first, at most 20.
        pub groups: Vec<String>,
        /// Where most of them wait.
        pub waiting_at: Option<FrameView>,
        /// Their longest wait, in minutes.
        pub oldest_minutes: Option<u32>,
        /// Who may hold it, the likeliest first, at most 5.
        pub candidates: Vec<CandidateView>,
        /// Index into [`BlockingView::cycles`].
        pub cycle: Option<u32>,
    }

    /// A goroutine that may hold an object.
    pub struct CandidateView {
        /// Its id, when the format has ids.
        pub goid: Option<u64>,
        /// Go's word for its state.
        pub state: String,
        /// Key of its group.
        pub group: String,
        /// The first application frame of its stack.
        pub top: Option<FrameView>,
        /// How likely it is.
        pub confidence: Confidence,
        /// What speaks for it.
        pub why: String,
    }

    /// Goroutines that wait for each other: each for an object that the next one seems to hold, the last one for the
    /// first's.
    pub struct CycleView {
        /// In order.
        pub steps: Vec<CycleStep>,
        /// Why it is thought to be one, step by step.
        pub why: Vec<String>,
        /// What to change.
        pub fix: Option<Fix>,
    }

    /// A goroutine of a cycle and what it waits for.
    pub struct CycleStep {
        /// Its id, when the format has ids.
        pub goid: Option<u64>,
        /// Go's word for its state, its wait included.
        pub state: String,
        /// Key of its group.
        pub group: String,
        /// Its stack from the leaf, as far as the application's frames reach; at most 12 frames.
        pub stack: Vec<FrameView>,
        /// The object it waits for: an index into [`BlockingView::objects`], when listed there.
        pub object: Option<u32>,
        /// Its address.
        pub address: String,
        /// What the object is.
        pub kind: BlockingKind,
    }

    /// Who started whom.
    pub struct AncestryView {
        /// The tree from the top, at most 5,000 sites.
        pub sites: Vec<AncestryRow>,
        /// How many there are.
        pub n_sites: u32,
        /// The dump names creators by id, so there is more than one level.
        pub has_parents: bool,
    }

    /// A creation site: a line of the tree.
    pub struct AncestryRow {
        /// 0 for the roots.
        pub depth: u32,
        /// The `go` statement; `None` for goroutines that none started, such as main.
        pub site: Option<FrameView>,
        /// Goroutines started here that are in the dump.
        pub goroutines: u64,
        /// Those, and all that descend from them.
        pub subtree: u64,
        /// Goroutines started here whose creator is not in the dump any more.
        pub orphans: u64,
        /// The longest wait of a goroutine started here, in minutes.
        pub oldest_minutes: Option<u32>,
        /// Key of the largest group started here.
        pub largest_group: Option<String>,
    }
}
