//! One group in full.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use stackherd_core::format::traceback::labels;
use stackherd_core::{Flags, Goid, Goroutine, Group, Labels};
use stackherd_report::protocol::{FrameView, GoroutineRow, GroupDetail, GroupRow, Parent, WaitBar};
use stackherd_report::{Label, WaitReasonCount};

use crate::rows::Grouped;

/// Goroutines that come with a group's detail.
const N_FIRST_GOROUTINES: usize = 50;
/// Labels shown of a group.
const N_LABELS: usize = 50;
/// Parents shown of a group.
const N_PARENTS: usize = 20;
/// Bars of a wait histogram.
const N_BARS: u32 = 24;

/// Everything the detail panel shows. `O(goroutines)` for a group whose parents are known.
pub(crate) fn detail(grouped: Grouped<'_>, index: usize, group: &Group) -> GroupDetail {
    let parts = grouped.parts(group);
    let row = grouped.row(index, group);
    let stack: Vec<FrameView> = parts.frames.iter().map(|&frame| grouped.frames.view(frame)).collect();
    let elided_before = parts.elided_before.map(|at| at as u32);
    GroupDetail {
        elided_before,
        culprit: grouped.culprit(&parts.frames).map(|at| at as u32),
        wait_reasons: wait_reasons(grouped, group),
        wait_histogram: wait_histogram(grouped, group),
        locked_to_thread: group.n_locked_to_thread.into(),
        labels: label_counts(grouped, grouped.members(group), N_LABELS),
        parents: parents(grouped, group),
        goroutines: grouped
            .members(group)
            .take(N_FIRST_GOROUTINES)
            .map(|goroutine| goroutine_row(grouped, goroutine))
            .collect(),
        markdown: markdown(&row, &stack, elided_before),
        row,
        stack,
    }
}

pub(crate) fn wait_reasons(grouped: Grouped<'_>, group: &Group) -> Vec<WaitReasonCount> {
    let counts = grouped.wait_reasons(group).into_iter();
    counts.map(|(reason, goroutines)| WaitReasonCount { text: grouped.frames.text(reason), goroutines }).collect()
}

pub(crate) fn goroutine_row(grouped: Grouped<'_>, goroutine: &Goroutine) -> GoroutineRow {
    let mut state = grouped.frames.text(goroutine.wait_reason);
    for (flag, text) in [(Flags::LEAKED, " (leaked)"), (Flags::SCAN, " (scan)"), (Flags::DURABLE, " (durable)")] {
        if goroutine.flags.has(flag) {
            state.push_str(text);
        }
    }
    GoroutineRow {
        goid: Some(goroutine.goid.0),
        state,
        wait_minutes: goroutine.wait_minutes(),
        parent: goroutine.parent().map(|goid| goid.0),
        locked_to_thread: goroutine.flags.has(Flags::LOCKED_TO_THREAD),
        labels: labels::parse(grouped.frames.tables.bytes(goroutine.labels.0)),
        offset_bytes: goroutine.offset_bytes,
    }
}

/// Labels with their counts, most frequent first, ties by key and value.
pub(crate) fn label_counts<'a>(
    grouped: Grouped<'_>,
    members: impl Iterator<Item = &'a Goroutine>,
    n_most: usize,
) -> Vec<Label> {
    // Goroutines of one request share their label text, so texts are counted before they are read.
    let mut texts: HashMap<Labels, u64> = HashMap::new();
    for goroutine in members.filter(|goroutine| !goroutine.labels.0.is_empty()) {
        *texts.entry(goroutine.labels).or_default() += 1;
    }
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_unstable_by_key(|&(Labels(text), _)| text);
    let mut counts: HashMap<(String, String), u64> = HashMap::new();
    for (Labels(text), goroutines) in texts {
        for label in labels::parse(grouped.frames.tables.bytes(text)) {
            *counts.entry(label).or_default() += goroutines;
        }
    }
    let mut labels: Vec<Label> =
        counts.into_iter().map(|((key, value), goroutines)| Label { key, value, goroutines }).collect();
    labels.sort_unstable_by(|left, right| {
        right.goroutines.cmp(&left.goroutines).then_with(|| left.key.cmp(&right.key)).then_with(|| left.value.cmp(&right.value))
    });
    labels.truncate(n_most);
    labels
}

/// Bars of equal width from the shortest to the longest wait.
fn wait_histogram(grouped: Grouped<'_>, group: &Group) -> Vec<WaitBar> {
    let Some(waits) = group.wait_minutes else { return Vec::new() };
    let width = (waits.max - waits.min) / N_BARS + 1;
    let n_bars = (waits.max - waits.min) / width + 1;
    let mut bars: Vec<WaitBar> = (0..n_bars)
        .map(|bar| WaitBar {
            from_minutes: waits.min + bar * width,
            to_minutes: (waits.min + bar * width + width - 1).min(waits.max),
            goroutines: 0,
        })
        .collect();
    for minutes in grouped.members(group).filter_map(Goroutine::wait_minutes) {
        if let Some(bar) = bars.get_mut(((minutes - waits.min) / width) as usize) {
            bar.goroutines += 1;
        }
    }
    bars
}

fn parents(grouped: Grouped<'_>, group: &Group) -> Vec<Parent> {
    let mut counts: HashMap<Goid, u64> = HashMap::new();
    for parent in grouped.members(group).filter_map(Goroutine::parent) {
        *counts.entry(parent).or_default() += 1;
    }
    let mut counts: Vec<(Goid, u64)> = counts.into_iter().collect();
    counts.sort_unstable_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(&right.0)));
    counts.truncate(N_PARENTS);
    if counts.is_empty() {
        return Vec::new();
    }
    let wanted: HashSet<Goid> = counts.iter().map(|&(goid, _)| goid).collect();
    let alive: HashSet<Goid> =
        grouped.goroutines.iter().map(|goroutine| goroutine.goid).filter(|goid| wanted.contains(goid)).collect();
    counts.into_iter().map(|(goid, goroutines)| Parent { goid: goid.0, goroutines, alive: alive.contains(&goid) }).collect()
}

/// The group as Markdown: one sentence and the stack as Go prints it.
fn markdown(row: &GroupRow, stack: &[FrameView], elided_before: Option<u32>) -> String {
    let mut out = format!("**{} goroutines** in `{}`", row.goroutines, row.state);
    if let Some(waits) = &row.wait_minutes {
        let _ = write!(out, ", waiting {} to {} minutes (median {})", waits.min, waits.max, waits.p50);
    }
    out.push_str("\n\n```\n");
    for (at, frame) in stack.iter().enumerate() {
        if elided_before == Some(at as u32) {
            out.push_str("...frames elided...\n");
        }
        let _ = writeln!(out, "{}(...)\n\t{}:{}", frame.function, frame.file, frame.line);
    }
    if elided_before == Some(stack.len() as u32) {
        out.push_str("...frames elided...\n");
    }
    if let Some(creator) = &row.created_by {
        let _ = writeln!(out, "created by {}\n\t{}:{}", creator.function, creator.file, creator.line);
    }
    out.push_str("```\n");
    out
}
