//! One group in full.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use stackherd_core::format::traceback::labels;
use stackherd_core::order;
use stackherd_core::{Flags, Goid, Goroutine, Group, Labels};
use stackherd_report::protocol::{FrameView, GoroutineRow, GroupDetail, GroupRow, Parent, WaitBar};
use stackherd_report::{Label, WaitReasonCount};

use crate::markdown::{block, code};
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
        locked_to_thread: group.n_locked_to_thread,
        idle_reason: grouped.idle(index).map(|idle| (idle.reason.en.clone(), idle.reason.zh_cn.clone())),
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
        goid: goroutine.goid().map(|goid| goid.0),
        state,
        count: goroutine.count(),
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
        *texts.entry(goroutine.labels).or_default() += goroutine.count();
    }
    let mut texts: Vec<_> = texts.into_iter().collect();
    order::by_key(&mut texts, |&(Labels(text), _)| text);
    let mut counts: HashMap<(String, String), u64> = HashMap::new();
    for (Labels(text), goroutines) in texts {
        for label in labels::parse(grouped.frames.tables.bytes(text)) {
            *counts.entry(label).or_default() += goroutines;
        }
    }
    let mut labels: Vec<Label> =
        counts.into_iter().map(|((key, value), goroutines)| Label { key, value, goroutines }).collect();
    order::by(&mut labels, |left, right| {
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
    order::by(&mut counts, |left, right| right.1.cmp(&left.1).then(left.0.cmp(&right.0)));
    counts.truncate(N_PARENTS);
    if counts.is_empty() {
        return Vec::new();
    }
    let wanted: HashSet<Goid> = counts.iter().map(|&(goid, _)| goid).collect();
    let alive: HashSet<Goid> =
        grouped.goroutines.iter().filter_map(Goroutine::goid).filter(|goid| wanted.contains(goid)).collect();
    counts.into_iter().map(|(goid, goroutines)| Parent { goid: goid.0, goroutines, alive: alive.contains(&goid) }).collect()
}

/// The group as Markdown: one sentence and the stack as Go prints it.
fn markdown(row: &GroupRow, stack: &[FrameView], elided_before: Option<u32>) -> String {
    let mut out = format!("**{} goroutines** in {}", row.goroutines, code(&row.state));
    if let Some(waits) = &row.wait_minutes {
        let _ = write!(out, ", waiting {} to {} minutes (median {})", waits.min, waits.max, waits.p50);
    }
    out.push_str("\n\n");
    let mut trace = String::new();
    for (at, frame) in stack.iter().enumerate() {
        if elided_before == Some(at as u32) {
            trace.push_str("...frames elided...\n");
        }
        let _ = writeln!(trace, "{}(...)\n\t{}:{}", frame.function, frame.file, frame.line);
    }
    if elided_before == Some(stack.len() as u32) {
        trace.push_str("...frames elided...\n");
    }
    if let Some(creator) = &row.created_by {
        let _ = writeln!(trace, "created by {}\n\t{}:{}", creator.function, creator.file, creator.line);
    }
    out + &block("", &trace)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use stackherd_report::protocol::{GroupDetail, GroupQuery};

    use crate::Session;

    /// The largest group of a dump.
    fn detail(dump: &str) -> GroupDetail {
        let mut session = Session::default();
        session.add(0, "a.txt", dump.as_bytes()).unwrap();
        let key = session.groups(0, &GroupQuery::default(), 0, 1).unwrap().rows.remove(0).key;
        session.group(0, &key).unwrap()
    }

    /// Goroutines on one stack with these brackets.
    fn dump(headers: &[&str]) -> String {
        let mut out = String::new();
        for (goid, header) in headers.iter().enumerate() {
            let _ = write!(
                out,
                "goroutine {} {header}:\nmain.f()\n\t/main.go:1 +0x1\ncreated by main.g in goroutine {}\n\t/main.go:2 +0x1\n\n",
                goid + 1,
                goid % 2
            );
        }
        out
    }

    fn bars(waits: &[u32]) -> Vec<(u32, u32, u64)> {
        let headers: Vec<_> = waits.iter().map(|minutes| format!("[select, {minutes} minutes]")).collect();
        let headers: Vec<_> = headers.iter().map(String::as_str).collect();
        detail(&dump(&headers)).wait_histogram.iter().map(|bar| (bar.from_minutes, bar.to_minutes, bar.goroutines)).collect()
    }

    #[test]
    fn ok_bars_cover_all_waits() {
        assert!(detail(&dump(&["[select]"])).wait_histogram.is_empty());
        assert_eq!(bars(&[7]), [(7, 7, 1)]);
        assert_eq!(bars(&[1, 3, 3]), [(1, 1, 1), (2, 2, 0), (3, 3, 2)]);
        let wide = bars(&[1, 24, 25, 2000]);
        assert!(wide.len() <= 24, "{}", wide.len());
        assert_eq!(wide.iter().map(|bar| bar.2).sum::<u64>(), 4);
        assert_eq!((wide[0].0, wide[wide.len() - 1].1), (1, 2000));
        assert!(wide.windows(2).all(|pair| pair[1].0 == pair[0].1 + 1), "{wide:?}");
    }

    #[test]
    fn ok_parents_are_counted() {
        let parents: Vec<_> = detail(&dump(&["[select]"; 5]))
            .parents
            .iter()
            .map(|parent| (parent.goid, parent.goroutines, parent.alive))
            .collect();
        // Goroutine 0 starts nothing, so it stands for "not printed".
        assert_eq!(parents, [(1, 2, true)]);
    }

    #[test]
    fn ok_labels_are_counted_most_frequent_first() {
        let labelled = [r#"[select] {a: x, b: y}"#, r#"[select] {b: y}"#, "[select]", r#"[select] {a: z}"#];
        let labels: Vec<_> = detail(&dump(&labelled))
            .labels
            .iter()
            .map(|label| format!("{}={} {}", label.key, label.value, label.goroutines))
            .collect();
        assert_eq!(labels, ["b=y 2", "a=x 1", "a=z 1"]);
    }

    #[test]
    fn ok_rows_show_flags_as_go_prints_them() {
        let detail = detail(&dump(&["[chan receive (leaked) (durable), 2 minutes, locked to thread]"]));
        assert_eq!(detail.goroutines[0].state, "chan receive (leaked) (durable)");
        assert!(detail.goroutines[0].locked_to_thread);
        assert_eq!((detail.row.leaked, detail.locked_to_thread, detail.row.state.as_str()), (1, 1, "chan receive"));
    }

    #[test]
    fn ok_gaps_are_where_go_left_them() {
        let middle = "goroutine 1 [select]:\nmain.a()\n\t/main.go:1 +0x1\n...9 frames elided...\nmain.b()\n\t/main.go:2 +0x1\n";
        assert_eq!(detail(middle).elided_before, Some(1));
        let end = "goroutine 1 [select]:\nmain.a()\n\t/main.go:1 +0x1\n...additional frames elided...\n";
        assert_eq!(detail(end).elided_before, Some(1));
        assert!(detail(end).markdown.contains("...frames elided..."), "{}", detail(end).markdown);
    }

    #[test]
    fn ok_markdown_can_be_read_again() {
        let first = detail(&dump(&["[select, 3 minutes]", "[select, 5 minutes]"]));
        assert!(first.markdown.starts_with("**2 goroutines** in `select`, waiting 3 to 5 minutes"), "{}", first.markdown);
        let stack = first.markdown.split("```\n").nth(1).unwrap();
        let again = detail(&format!("goroutine 1 [select]:\n{stack}"));
        assert_eq!(again.stack.iter().map(|frame| &frame.function).collect::<Vec<_>>(), ["main.f"]);
        assert_eq!(again.row.created_by.map(|creator| creator.function), first.row.created_by.map(|creator| creator.function));
    }
}
