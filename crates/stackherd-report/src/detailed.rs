//! One group in full, as the page shows it: views of the protocol.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::protocol::{FrameView, GroupRow};
use crate::report::{Label, WaitReasonCount, contract};

contract! {
    /// One group in full.
    pub struct GroupDetail {
        /// The same as in the table.
        pub row: GroupRow,
        /// Leaf first.
        pub stack: Vec<FrameView>,
        /// Frames above which Go left some out: index into `stack` of the frame after the gap
        /// (the length of `stack` when the outermost frames are missing).
        pub elided_before: Option<u32>,
        /// Index into `stack` of the first application frame from the leaf.
        pub culprit: Option<u32>,
        /// Go's own words with their counts, most frequent first.
        pub wait_reasons: Vec<WaitReasonCount>,
        /// Goroutines by wait, at most 24 bars of equal width, the shortest wait first.
        pub wait_histogram: Vec<WaitBar>,
        /// Goroutines locked to an operating system thread.
        pub locked_to_thread: u64,
        /// Why it is idle, in both languages: English, 简体中文.
        pub idle_reason: Option<(String, String)>,
        /// Labels with their counts, most frequent first, at most 50.
        pub labels: Vec<Label>,
        /// Goroutines that started these, with how many each started, most first, at most 20. Empty before Go 1.21.
        pub parents: Vec<Parent>,
        /// The first goroutines, at most 50.
        pub goroutines: Vec<GoroutineRow>,
        /// The stack as Go prints it, for the clipboard.
        pub markdown: String,
    }

    /// A bar of the wait histogram.
    pub struct WaitBar {
        /// First minute of the bar.
        pub from_minutes: u32,
        /// Last minute of the bar.
        pub to_minutes: u32,
        /// Goroutines in it.
        pub goroutines: u64,
    }

    /// A goroutine that started others.
    pub struct Parent {
        /// Its id.
        pub goid: u64,
        /// How many it started.
        pub goroutines: u64,
        /// Whether it is in the dump itself.
        pub alive: bool,
    }

    /// One goroutine.
    pub struct GoroutineRow {
        /// Go's number; `None` when the format has none.
        pub goid: Option<u64>,
        /// Go's word for its state, flags included: `chan receive (leaked)`.
        pub state: String,
        /// Goroutines the row stands for: more than one in a profile, which counts equal ones.
        pub count: u64,
        /// As printed.
        pub wait_minutes: Option<u32>,
        /// The goroutine that started it.
        pub parent: Option<u64>,
        /// Locked to an operating system thread.
        pub locked_to_thread: bool,
        /// Its labels.
        pub labels: Vec<(String, String)>,
        /// Where its text starts in the dump.
        pub offset_bytes: u64,
    }
}
