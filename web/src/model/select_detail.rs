//! What the detail shows of a group.

use std::collections::BTreeSet;

use stackherd_report::protocol::{FrameView, GroupDetail, WaitBar};
use stackherd_report::{Origin, WaitReasonCount};

/// Runs of runtime frames from this length on are folded: they say what the state says already.
const FOLD_FROM: usize = 2;

/// A line of the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StackRow {
    /// Index into the stack.
    Frame(usize),
    /// A folded run of runtime frames.
    Fold { first: usize, count: usize },
    /// Go left frames out here.
    Elided,
}

/// The lines of the stack, leaf first.
pub(crate) fn stack_rows(
    stack: &[FrameView],
    culprit: Option<u32>,
    elided_before: Option<u32>,
    unfolded: &BTreeSet<usize>,
) -> Vec<StackRow> {
    let gap = elided_before.map(|index| index as usize);
    let is_foldable = |index: usize| {
        culprit.map(|culprit| culprit as usize) != Some(index)
            && stack.get(index).is_some_and(|frame| frame.origin == Origin::Runtime)
    };
    let mut rows = Vec::new();
    let mut index = 0;
    while index < stack.len() {
        if gap == Some(index) {
            rows.push(StackRow::Elided);
        }
        let mut end = index;
        while is_foldable(end) && (end == index || gap != Some(end)) {
            end += 1;
        }
        let count = end - index;
        if count >= FOLD_FROM && !unfolded.contains(&index) {
            rows.push(StackRow::Fold { first: index, count });
            index = end;
        } else {
            let end = end.max(index + 1);
            rows.extend((index..end).map(StackRow::Frame));
            index = end;
        }
    }
    if gap.is_some_and(|gap| gap >= stack.len()) {
        rows.push(StackRow::Elided);
    }
    rows
}

/// Go's words for the state, when there is more than one.
pub(crate) fn state_counts(detail: &GroupDetail) -> &[WaitReasonCount] {
    if detail.wait_reasons.len() > 1 { &detail.wait_reasons } else { &[] }
}

/// Heights of the bars in percent of the highest; what is not zero stays visible.
pub(crate) fn histogram(bars: &[WaitBar]) -> Vec<u32> {
    let highest = bars.iter().map(|bar| bar.goroutines).max().unwrap_or(0).max(1);
    let height = |bar: &WaitBar| u32::try_from(bar.goroutines.saturating_mul(100) / highest).unwrap_or(100);
    bars.iter().map(|bar| if bar.goroutines == 0 { 0 } else { height(bar).max(2) }).collect()
}

/// `worker.go:89`.
pub(crate) fn place(frame: &FrameView) -> String {
    let base = frame.short_file.rsplit('/').next().unwrap_or_default();
    with_line(base, frame.line)
}

/// `worker/worker.go:89` where the reader's own files may share a name, `transport.go:2833` elsewhere.
pub(crate) fn short_place(frame: &FrameView) -> String {
    if frame.origin == Origin::App { with_line(&frame.short_file, frame.line) } else { place(frame) }
}

/// Both stand at the same line of the same function.
pub(crate) fn is_same_place(a: &FrameView, b: &FrameView) -> bool {
    a.function == b.function && a.line == b.line
}

fn with_line(file: &str, line: u32) -> String {
    match (file.is_empty(), line) {
        (true, _) => String::new(),
        (false, 0) => file.to_owned(),
        (false, line) => format!("{file}:{line}"),
    }
}

/// The class that tells whose code a frame is.
pub(crate) const fn origin_class(origin: Origin) -> &'static str {
    match origin {
        Origin::App => "origin-app",
        Origin::Dependency => "origin-dependency",
        Origin::Std | Origin::Runtime => "origin-std",
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;

    use super::*;

    /// One letter for each frame: `r` runtime, `s` standard library, `a` the reader's.
    fn detail(stack: &str, elided_before: Option<u32>) -> GroupDetail {
        let frame = |origin: char| FrameView {
            function: "p.f".into(),
            package: "p".into(),
            name: "f".into(),
            file: "/src/p/f.go".into(),
            short_file: "p/f.go".into(),
            line: 7,
            origin: match origin {
                'r' => Origin::Runtime,
                's' => Origin::Std,
                _ => Origin::App,
            },
            inlined: false,
        };
        GroupDetail { stack: stack.chars().map(frame).collect(), elided_before, ..sample::detail(sample::row("")) }
    }

    /// `0` a frame, `[3]` a fold, `~` a gap.
    fn check(stack: &str, elided_before: Option<u32>, unfolded: &[usize], expected: &str) {
        let detail = detail(stack, elided_before);
        let rows = stack_rows(&detail.stack, detail.culprit, detail.elided_before, &unfolded.iter().copied().collect());
        let text: Vec<String> = rows
            .iter()
            .map(|row| match row {
                StackRow::Frame(index) => index.to_string(),
                StackRow::Fold { count, .. } => format!("[{count}]"),
                StackRow::Elided => "~".to_owned(),
            })
            .collect();
        assert_eq!(text.join(" "), expected);
    }

    #[test]
    fn ok_runs_of_runtime_frames_fold() {
        check("rrrsa", None, &[], "[3] 3 4");
        check("rsa", None, &[], "0 1 2");
        check("arra", None, &[], "0 [2] 3");
        check("rrrsa", None, &[0], "0 1 2 3 4");
    }

    #[test]
    fn ok_gap_is_marked_and_splits_a_fold() {
        check("sa", Some(1), &[], "0 ~ 1");
        check("sa", Some(2), &[], "0 1 ~");
        check("rrrr", Some(2), &[], "[2] ~ [2]");
        check("", None, &[], "");
    }

    #[test]
    fn ok_place() {
        let detail = detail("a", None);
        let frame = &detail.stack[0];
        assert_eq!((place(frame), short_place(frame)), ("f.go:7".to_owned(), "p/f.go:7".to_owned()));
        assert_eq!(place(&FrameView { line: 0, ..frame.clone() }), "f.go");
        assert_eq!(place(&FrameView { short_file: String::new(), ..frame.clone() }), "");
    }

    #[test]
    fn ok_histogram_keeps_small_bars_visible() {
        let bars = [1000, 1, 0].map(|goroutines| WaitBar { from_minutes: 0, to_minutes: 0, goroutines });
        assert_eq!(histogram(&bars), [100, 2, 0]);
        assert!(histogram(&[]).is_empty());
    }
}
