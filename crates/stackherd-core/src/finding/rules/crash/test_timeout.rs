//! `panic: test timed out after 10m0s`

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::RULE;
use super::message::Message;
use crate::finding::{Analysis, Confidence, Finding, Fix, GroupView, Severity};
use crate::tables::FrameId;
use crate::text::{Text, text};
use crate::wait::Category;

/// Go `testing/testing.go`, `startAlarm`.
const TIMED_OUT: &str = "test timed out after ";
/// Go 1.20 and later name the tests below it.
const RUNNING: &str = "running tests:";

/// Functions that call a test.
const RUNNERS: [&str; 3] = ["testing.tRunner", "testing.fRunner", "testing.(*B).runN"];

/// The finding about a test that did not end, if that is what `message` says.
pub(super) fn finding(analysis: &Analysis<'_>, message: &Message<'_>) -> Option<Finding> {
    let limit = message.first.strip_prefix(TIMED_OUT)?;
    let names: Vec<&str> = match message.more.split_first() {
        Some((&RUNNING, rest)) => rest.iter().filter_map(|line| line.trim().split(" (").next()).collect(),
        _ => Vec::new(),
    };
    let waiting = waiting(analysis, &names);
    let base = match waiting {
        Some(group) => Finding::new(analysis, &RULE, &[group.index()]),
        None => Finding::new(analysis, &RULE, &[]),
    };
    let name = names.first().map_or_else(|| waiting.and_then(test_name).unwrap_or_default(), |name| String::from(*name));
    let (who, who_zh) = match name.as_str() {
        "" => (String::from("A test"), String::from("某个测试")),
        name => (String::from(name), String::from(name)),
    };
    let mut evidence = alloc::vec![text!(
        "go test ends a test binary that runs longer than -timeout, here {limit}, and prints all goroutines.",
        "测试运行超过 -timeout（此处为 {limit}）时，go test 会终止测试程序并打印所有 goroutine。"
    )];
    if names.len() > 1 {
        let n = names.len();
        evidence.push(text!("{n} tests were running at that moment.", "当时有 {n} 个测试在运行。"));
    }
    let mut title = text!("{who} did not end within {limit}", "{who_zh} 未能在 {limit} 内结束");
    let place = waiting.and_then(|group| place(analysis, group));
    if let (Some(group), Some(place)) = (waiting, place) {
        let (function, at, state) = (analysis.function_text(place), analysis.place_text(place), group.wait_reason());
        evidence.push(text!("The test stands in {function} at {at}: {state}.", "测试停在 {at} 的 {function}：{state}。"));
        title = title_at(&title, group, &at);
    }
    Some(Finding {
        severity: Severity::Critical,
        confidence: Confidence::Likely,
        title,
        n_goroutines: base.groups.len() as u64,
        culprit: place,
        evidence,
        counter_evidence: alloc::vec![text!(
            "Where it stands is where it was at that moment. A slow test that was still at work looks the same; run it with -v and a \
             longer -timeout to tell.",
            "停留之处只是那一刻的位置。仍在运行的慢测试看起来也一样；用 -v 和更长的 -timeout 运行即可分辨。"
        )],
        fix: Some(Fix {
            summary: text!(
                "Bound what the test waits for, so that it fails with a message instead of hanging.",
                "限制测试的等待，使其失败并给出信息，而不是挂起。"
            ),
            before: "got := <-results",
            after: "select {\ncase got := <-results:\n\tcheck(t, got)\ncase <-time.After(5 * time.Second):\n\tt.Fatal(\"no result\")\n}",
        }),
        reference: Some("https://pkg.go.dev/cmd/go#hdr-Testing_flags"),
        claims: false,
        ..base
    })
}

/// Where the test waits. The standard library's own tests have no frame of an application: there it is the test's file.
fn place(analysis: &Analysis<'_>, group: GroupView<'_>) -> Option<FrameId> {
    let is_test_file = |frame: &FrameId| analysis.place_text(*frame).contains("_test.go:");
    group.culprit().or_else(|| group.frames().iter().copied().find(is_test_file)).or_else(|| group.place())
}

fn title_at(title: &Text, group: GroupView<'_>, at: &str) -> Text {
    let (en, zh) = (&title.en, &title.zh_cn);
    match group.category() {
        Category::Running | Category::Runnable => text!("{en}: it is at {at}", "{zh}：位于 {at}"),
        _ => text!("{en}: it waits at {at}", "{zh}：在 {at} 等待"),
    }
}

/// The group of a test that waits for something other than its own subtests.
fn waiting<'a>(analysis: &'a Analysis<'_>, names: &[&str]) -> Option<GroupView<'a>> {
    let is_test = |group: &GroupView<'_>| {
        let works = group.leaf().is_some_and(|leaf| group.package(leaf) != "testing");
        works && (group.has_any(&RUNNERS) || group.creator() == "testing.(*T).Run")
    };
    let is_named = |group: GroupView<'_>| {
        let part_of = |function: &str, test: &str| function.split('.').any(|part| part == test);
        names.iter().any(|name| {
            let test = name.split('/').next().unwrap_or(name);
            group.functions().any(|function| part_of(function, test))
        })
    };
    let key = |group: &GroupView<'_>| {
        let age = group.waits().map_or(0, |waits| waits.max);
        // Groups of one goroutine each are many in a test binary: their names decide what their order must not.
        let name = group.place().map(|place| (analysis.function(place), analysis.place_text(place)));
        (Reverse(is_named(*group)), Reverse(age), name)
    };
    analysis.groups().filter(is_test).min_by_key(key)
}

/// `TestHangs` of a stack that `testing.tRunner` called.
fn test_name(group: GroupView<'_>) -> Option<String> {
    let runner = group.position("testing.tRunner")?;
    let test = group.functions().nth(runner.checked_sub(1)?)?;
    let name = test.rsplit('/').next()?.split('.').find(|part| part.starts_with("Test"))?;
    Some(String::from(name))
}
