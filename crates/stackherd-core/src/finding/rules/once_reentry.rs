//! `once-reentry`
#![doc = include_str!("../doc/once-reentry.md")]

use alloc::vec::Vec;

use crate::blocking::words::does;
use crate::finding::locks::{longest_wait, waits_in};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::tables::FrameId;
use crate::text::{Count, Goroutines, Text, text};

pub(super) const RULE: Rule = Rule {
    name: "once-reentry",
    doc_en: include_str!("../doc/once-reentry.md"),
    doc_zh_cn: include_str!("../doc/once-reentry.zh-CN.md"),
    detect: Detect::Dump(detect),
};

const DO_SLOW: &str = "sync.(*Once).doSlow";

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let waiting = || analysis.suspects().filter(|&group| waits_in(group, DO_SLOW));
    let again = analysis.sites(waiting().filter(|&group| calls_itself(analysis, group).is_some()));
    let others = analysis.sites(waiting().filter(|&group| calls_itself(analysis, group).is_none()));
    // Those that call from outside stand behind the one that called from inside.
    let is_behind = |other: &Site| again.iter().any(|site| analysis.function(site.place) == analysis.function(other.place));
    let behind = |site: &Site| {
        let others = others.iter().filter(|other| analysis.function(site.place) == analysis.function(other.place));
        others.flat_map(|other| other.groups.iter().copied()).collect::<Vec<u32>>()
    };
    let mut findings: Vec<Finding> = again.iter().filter_map(|site| reentry(analysis, site, &behind(site))).collect();
    findings.extend(others.iter().filter(|other| !is_behind(other)).filter_map(|site| slow(analysis, site)));
    findings
}

/// The functions that called `Do`, leaf first. `sync.OnceFunc` and its like stand for whoever called them.
fn callers(analysis: &Analysis<'_>, group: GroupView<'_>) -> Vec<FrameId> {
    let mut callers = Vec::new();
    let mut is_in_once = false;
    for &frame in group.frames() {
        let name = analysis.function(frame);
        if name.starts_with("sync.(*Once).") || is_in_once && name.starts_with("sync.Once") {
            is_in_once = true;
        } else if is_in_once {
            callers.push(frame);
            is_in_once = false;
        }
    }
    callers
}

/// The function that waits for a Once which the same function is running already, further down the stack.
fn calls_itself(analysis: &Analysis<'_>, group: GroupView<'_>) -> Option<(FrameId, FrameId)> {
    let callers = callers(analysis, group);
    let (&inner, outer) = callers.split_first()?;
    let function = analysis.function(inner);
    outer.iter().find(|&&outer| analysis.function(outer) == function).map(|&outer| (inner, outer))
}

fn reentry(analysis: &Analysis<'_>, site: &Site, behind: &[u32]) -> Option<Finding> {
    let (inner, outer) = calls_itself(analysis, site.largest(analysis)?)?;
    let mut finding = Finding::new(analysis, &RULE, &[&site.groups, behind].concat());
    finding.severity = Severity::Critical;
    finding.confidence = Confidence::Likely;
    finding.culprit = Some(inner);
    let (n, count) = (Goroutines(finding.n_goroutines), Count(finding.n_goroutines));
    let verb = if finding.n_goroutines == 1 { "waits" } else { "wait" };
    let (function, at, below) = (analysis.function_text(inner), analysis.place_text(inner), analysis.place_text(outer));
    finding.title = text!(
        "{n} {verb} in Once.Do at {at}, which was called from inside itself: this never ends",
        "{count} 个 goroutine 在 {at} 的 Once.Do 中等待，而该 Do 在自己内部又被调用：永远不会结束"
    );
    finding.evidence.push(text!(
        "{function} is on the stack twice, each time inside sync.Once.Do: the outer call at {below} runs the initialiser, which calls Do again.",
        "{function} 在栈上出现两次，且都在 sync.Once.Do 之内：外层调用（{below}）正在运行初始化函数，后者又调用了 Do。"
    ));
    let n_behind = finding.n_goroutines.saturating_sub(site.n_goroutines);
    if n_behind > 0 {
        let count = Count(n_behind);
        let (s, verb) = if n_behind == 1 { ("", "waits") } else { ("s", "wait") };
        finding.evidence.push(text!(
            "{count} more goroutine{s} {verb} for that initialiser to end.",
            "另有 {count} 个 goroutine 在等待该初始化函数结束。"
        ));
    }
    finding.evidence.extend(longest_wait(site.waits(analysis).map(|waits| waits.max)));
    finding.counter_evidence.push(text!(
        "Two Once values that share this code would only wait for each other's initialiser.",
        "若这段代码用于两个不同的 Once，则只是在等待另一个的初始化。"
    ));
    finding.fix = Some(fix());
    finding.reference = Some("https://pkg.go.dev/sync#Once.Do");
    Some(finding)
}

/// Goroutines that wait for an initialiser which another one runs.
fn slow(analysis: &Analysis<'_>, site: &Site) -> Option<Finding> {
    let max_wait = site.waits(analysis).map(|waits| waits.max);
    let is_old = max_wait >= Some(analysis.thresholds.old_minutes);
    let is_pile = site.n_goroutines >= analysis.thresholds.pile;
    if !(is_old || is_pile) {
        return None;
    }
    let mut finding = Finding::new(analysis, &RULE, &site.groups);
    let objects = &analysis.blocking.objects;
    let object = objects.iter().find(|object| object.groups.iter().any(|group| site.groups.contains(group)));
    let initialiser = object.and_then(|object| object.candidates.first());
    let running = initialiser.and_then(|candidate| analysis.group(candidate.group));
    (finding.severity, finding.confidence) = match (is_old, running) {
        (true, Some(_)) => (Severity::Warning, Confidence::Likely),
        (true, None) => (Severity::Warning, Confidence::Possible),
        (false, _) => (Severity::Info, Confidence::Possible),
    };
    let (n, count) = (Goroutines(site.n_goroutines), Count(site.n_goroutines));
    let verb = if site.n_goroutines == 1 { "waits" } else { "wait" };
    let place = analysis.place_text(site.place);
    finding.title = text!(
        "{n} {verb} for the initialiser of a sync.Once at {place}",
        "{count} 个 goroutine 在 {place} 等待 sync.Once 的初始化函数"
    );
    finding.evidence.push(match running {
        Some(group) => {
            let Text { en, zh_cn } = does(analysis, group, group.waits().map(|waits| waits.max));
            text!(
                "The goroutine that runs the initialiser {en}; nobody gets past Do before it is done.",
                "运行初始化函数的 goroutine {zh_cn}；在它完成之前，没有人能越过 Do。"
            )
        }
        None => text!(
            "Nobody in this dump runs the initialiser, as far as stacks show.",
            "就各个栈来看，转储中没有 goroutine 在运行初始化函数。"
        ),
    });
    finding.evidence.extend(longest_wait(max_wait));
    finding.counter_evidence.push(text!(
        "A slow start looks the same for a while; a second dump shows whether the initialiser got any further.",
        "启动缓慢时也会暂时如此；第二次转储可看出初始化函数是否有进展。"
    ));
    finding.fix = Some(fix());
    finding.reference = Some("https://pkg.go.dev/sync#Once.Do");
    Some(finding)
}

fn fix() -> Fix {
    Fix {
        summary: text!(
            "Keep the initialiser short, bounded in time, and free of calls that lead back to the same Once.",
            "让初始化函数简短、有时限，并且不再绕回同一个 Once。"
        ),
        before: "\
var once sync.Once

func Config() *Settings {
\tonce.Do(func() { settings = load() }) // load calls Config
\treturn settings
}",
        after: "\
var Config = sync.OnceValue(func() *Settings {
\treturn load(defaults()) // load takes what it needs as arguments
})",
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use crate::finding::testing::{dump, findings};

    fn said(text: &str) -> Vec<String> {
        let mine = |line: &String| line.starts_with(super::RULE.name);
        let short = |line: String| line.split(" | ").next().map(String::from);
        findings(text).into_iter().filter(mine).filter_map(short).collect()
    }

    const ONCE: &str = "goroutine N [sync.Mutex.Lock]:\n\
internal/sync.(*Mutex).lockSlow(0x60d804)\n\t/go/src/internal/sync/mutex.go:149 +0x15d\n\
sync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:46\n\
sync.(*Once).doSlow(0x0?, 0x5e0ee0)\n\t/go/src/sync/once.go:74 +0x48\n\
sync.(*Once).Do(...)\n\t/go/src/sync/once.go:69\n\
main.Settings(...)\n\t/src/main.go:17\n";
    const INSIDE: &str = "\
main.load()\n\t/src/main.go:22 +0x25\n\
sync.(*Once).doSlow(0x0?, 0x0?)\n\t/go/src/sync/once.go:78 +0xab\n\
sync.(*Once).Do(...)\n\t/go/src/sync/once.go:69\n";

    #[test]
    fn ok_twice_on_one_stack() {
        let again = alloc::format!("{ONCE}{INSIDE}main.Settings(...)\n\t/src/main.go:17\n");
        assert_eq!(said(&dump(&[(1, &again), (3, ONCE)])), ["once-reentry critical likely 4 main.go:17"]);
    }

    #[test]
    fn ok_a_once_inside_another_is_no_reentry() {
        let other = alloc::format!("{ONCE}{INSIDE}main.Options(...)\n\t/src/main.go:37\n");
        assert_eq!(said(&dump(&[(1, &other)])), [""; 0]);
    }

    #[test]
    fn ok_an_initialiser_that_lasts() {
        let old = ONCE.replace("Lock]", "Lock, 9 minutes]");
        let running = alloc::format!("goroutine N [chan receive, 9 minutes]:\n{INSIDE}main.Settings(...)\n\t/src/main.go:17\n");
        assert_eq!(said(&dump(&[(3, &old), (1, &running)])), ["once-reentry warning likely 3 main.go:17"]);
        assert_eq!(said(&dump(&[(3, ONCE), (1, &running)])), [""; 0]);
    }
}
