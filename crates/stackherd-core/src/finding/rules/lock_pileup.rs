//! `lock-pileup`
#![doc = include_str!("../doc/lock-pileup.md")]

use alloc::vec::Vec;

use crate::blocking::{Candidate, Object, ObjectKind};
use crate::finding::locks::{MAX_OBJECTS, Surroundings, longest_wait, sentence};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, Rule, Severity, Site, weigh};
use crate::text::{Count, Goroutines, text};
use crate::wait::Category;

pub(super) const RULE: Rule = Rule {
    name: "lock-pileup",
    doc_en: include_str!("../doc/lock-pileup.md"),
    doc_zh_cn: include_str!("../doc/lock-pileup.zh-CN.md"),
    detect: Detect::Dump(detect),
};

/// Waits that no critical section explains.
const VERY_OLD: u32 = 4;

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let waiting = analysis.suspects().filter(|group| group.category() == Category::Lock);
    let sites = analysis.sites(waiting);
    if sites.is_empty() {
        return Vec::new();
    }
    let surroundings = Surroundings::new(analysis);
    sites.iter().filter_map(|site| finding(analysis, &surroundings, site)).collect()
}

/// What stands in the way, as far as a dump shows.
enum Holder<'a> {
    /// The lock is part of a cycle.
    Cycle,
    /// It waits for something itself.
    Stuck(&'a Candidate),
    /// It runs, or will.
    Working(&'a Candidate),
    /// Somebody else is on the way to the lock, so it moves.
    Moving,
    /// Nobody is inside the package but waiters.
    Nobody,
    Unknown,
}

fn finding(analysis: &Analysis<'_>, surroundings: &Surroundings<'_>, site: &Site) -> Option<Finding> {
    let thresholds = &analysis.thresholds;
    let objects = surroundings.objects_of(&site.groups);
    let max_wait = site.waits(analysis).map(|waits| waits.max);
    let is_old = max_wait >= Some(thresholds.old_minutes);
    let is_very_old = max_wait >= Some(thresholds.old_minutes * VERY_OLD);
    let is_pile = site.n_goroutines >= thresholds.pile;
    let holder = holder(analysis, surroundings, site, &objects);
    let weight = weigh(analysis, site);
    let (severity, confidence) = match &holder {
        // The cycle itself is the critical finding.
        Holder::Cycle => (if is_pile { Severity::Warning } else { Severity::Info }, Confidence::Likely),
        Holder::Stuck(candidate) if is_pile && is_old => (Severity::Critical, candidate.confidence),
        Holder::Stuck(candidate) if is_pile => (Severity::Warning, candidate.confidence),
        Holder::Stuck(candidate) if is_old && candidate.confidence == Confidence::Likely => {
            (Severity::Warning, Confidence::Likely)
        }
        Holder::Nobody if is_pile => (Severity::Warning, if is_old { Confidence::Likely } else { Confidence::Possible }),
        Holder::Working(_) | Holder::Moving | Holder::Unknown if is_pile => {
            (if is_old { Severity::Warning } else { Severity::Info }, Confidence::Possible)
        }
        // No lock is held for so long on purpose, whoever it is.
        _ if is_very_old => (Severity::Warning, Confidence::Possible),
        _ => return None,
    };
    let mut finding = Finding::new(analysis, &RULE, &site.groups);
    finding.severity = severity;
    finding.confidence = confidence;
    // Numbers make nothing sure where somebody works behind the lock.
    if let Some(weight) = weight {
        if !matches!(holder, Holder::Working(_) | Holder::Moving) {
            finding.severity = finding.severity.max(weight.severity);
        }
        finding.evidence = weight.evidence;
    }
    say(analysis, site, &objects, &holder, &mut finding);
    if finding.evidence.len() < 4 {
        finding.evidence.extend(longest_wait(max_wait));
    }
    finding.fix = Some(fix(&holder));
    finding.reference = Some("https://pkg.go.dev/sync#Mutex");
    Some(finding)
}

fn holder<'a>(analysis: &Analysis<'_>, surroundings: &Surroundings<'_>, site: &Site, objects: &[&'a Object]) -> Holder<'a> {
    if objects.iter().any(|object| object.cycle.is_some()) || is_behind_cycle(analysis, surroundings, objects) {
        return Holder::Cycle;
    }
    let is_working = |candidate: &&Candidate| {
        analysis.group(candidate.group).is_some_and(|group| matches!(group.category(), Category::Running | Category::Runnable))
    };
    let candidates = || objects.iter().filter_map(|object| object.candidates.first());
    if let Some(working) = candidates().find(is_working) {
        return Holder::Working(working);
    }
    if let Some(stuck) = candidates().max_by_key(|candidate| candidate.confidence) {
        return Holder::Stuck(stuck);
    }
    let Some(waiting) = site.largest(analysis) else { return Holder::Unknown };
    if surroundings.is_moving(site.place) {
        return Holder::Moving;
    }
    // A process has others; where a dump lists waiters only, it is an excerpt.
    let is_excerpt = analysis.n_goroutines() == site.n_goroutines;
    if is_excerpt || surroundings.is_anyone_at_work(waiting.package(site.place)) { Holder::Unknown } else { Holder::Nobody }
}

/// Whether a likely holder waits for a lock that is part of a cycle.
fn is_behind_cycle(analysis: &Analysis<'_>, surroundings: &Surroundings<'_>, objects: &[&Object]) -> bool {
    let groups = objects.iter().filter_map(|object| object.candidates.first()).map(|candidate| candidate.group);
    groups.filter(|&group| analysis.group(group).is_some_and(|group| group.category() == Category::Lock)).any(|group| {
        let waited = surroundings.objects_of(&[group]);
        !waited.is_empty() && waited.iter().all(|object| object.cycle.is_some())
    })
}

fn say(analysis: &Analysis<'_>, site: &Site, objects: &[&Object], holder: &Holder<'_>, finding: &mut Finding) {
    let (n, count) = (Goroutines(site.n_goroutines), Count(site.n_goroutines));
    let verb = if site.n_goroutines == 1 { "waits" } else { "wait" };
    let place = analysis.place_text(site.place);
    let kind = objects.first().map_or(ObjectKind::Mutex, |object| object.kind);
    let (a, a_zh) = match kind {
        ObjectKind::RwMutex => ("an RWMutex", "一把 RWMutex"),
        ObjectKind::Once => ("a sync.Once", "一个 sync.Once"),
        ObjectKind::Connection => ("their turn on a connection", "轮到自己使用连接"),
        ObjectKind::Mutex => ("a mutex", "一把互斥锁"),
        _ => ("a lock", "一把锁"),
    };
    let is_one = objects.len() == 1 && objects.iter().all(|object| object.is_exact);
    let n_exact = objects.iter().filter(|object| object.is_exact).count();
    let many = match n_exact {
        2..MAX_OBJECTS => Some((alloc::format!("{n_exact} locks"), alloc::format!("{n_exact} 把锁"))),
        MAX_OBJECTS.. => Some(("many locks".into(), "许多把锁".into())),
        _ => None,
    };
    let (what, what_zh) = match (is_one, kind) {
        (true, ObjectKind::Mutex) => ("one mutex", "同一把互斥锁"),
        (true, ObjectKind::RwMutex) => ("one RWMutex", "同一把 RWMutex"),
        _ => (a, a_zh),
    };
    let (what, what_zh) = many.unwrap_or((what.into(), what_zh.into()));
    finding.title = match holder {
        Holder::Cycle => text!(
            "{n} {verb} for {what} at {place}, behind a deadlock",
            "{count} 个 goroutine 在 {place} 等待{what_zh}，排在一个死锁之后"
        ),
        _ => text!("{n} {verb} for {what} at {place}", "{count} 个 goroutine 在 {place} 等待{what_zh}"),
    };
    let mut evidence = Vec::new();
    if let [object] = objects
        && object.is_exact
        && object.n_waiters > site.n_goroutines
    {
        let all = Count(object.n_waiters);
        evidence.push(text!("In all, {all} goroutines wait for the same lock.", "等待同一把锁的 goroutine 总共有 {all} 个。"));
    }
    match holder {
        Holder::Cycle => evidence.push(text!(
            "Whoever seems to hold the lock waits for it in turn, so it is not going to be released.",
            "似乎持有这把锁的 goroutine 自己也在等待它，因此它不会被释放。"
        )),
        Holder::Stuck(candidate) | Holder::Working(candidate) => {
            let why = sentence(&candidate.why);
            let (en, zh_cn) = (why.en, why.zh_cn);
            evidence.push(match candidate.confidence {
                Confidence::Possible => text!("Possible holder: {en}", "可能的持有者：{zh_cn}"),
                _ => text!("Likely holder: {en}", "很可能的持有者：{zh_cn}"),
            });
            evidence.extend(held_across(analysis, candidate));
        }
        Holder::Moving => evidence.push(text!(
            "Another goroutine at the same line is ready to run, so the lock moves on.",
            "同一行另有 goroutine 已就绪，说明这把锁仍在流转。"
        )),
        Holder::Nobody => evidence.push(text!(
            "Everybody inside the package waits for a lock and nobody works there: the lock was left locked, or its holder is among the waiters.",
            "包内所有 goroutine 都在等待锁，没有一个在工作：要么锁没有被解开，要么持有者就在等待者之中。"
        )),
        Holder::Unknown => {}
    }
    evidence.append(&mut finding.evidence);
    finding.evidence = evidence;
    finding.counter_evidence.push(match holder {
        Holder::Working(_) | Holder::Moving => text!(
            "Somebody works behind the lock, so this may be plain contention; a mutex profile shows how long waits are.",
            "有 goroutine 正在锁内工作，可能只是普通的锁竞争；mutex profile 能显示等待有多久。"
        ),
        _ => text!(
            "A dump does not say who holds a lock, and a busy lock has waiters at any moment. The same waiters in a second dump decide.",
            "转储并不记录谁持有锁，繁忙的锁在任何时刻都有等待者。第二次转储中若仍是同一批等待者，即可确定。"
        ),
    });
}

/// What a holder should not do under a lock.
fn held_across(analysis: &Analysis<'_>, candidate: &Candidate) -> Option<crate::text::Text> {
    let group = analysis.group(candidate.group)?;
    let called = group.frames().iter().take_while(|&&frame| Some(frame) != group.place());
    let is_network = called.map(|&frame| group.package(frame)).any(is_network_package);
    let (what, what_zh) = match group.category() {
        _ if is_network => ("network I/O", "网络 I/O"),
        Category::Io | Category::Syscall => ("I/O", "I/O"),
        Category::ChanReceive | Category::ChanSend | Category::Chan | Category::Select => ("a channel operation", "通道操作"),
        Category::Sleep => ("a sleep", "睡眠"),
        Category::Wait => ("a wait for other goroutines", "对其他 goroutine 的等待"),
        _ => return None,
    };
    Some(text!(
        "If so, the lock is held across {what}, and all waiters are as slow as that.",
        "若确实如此，这把锁在{what_zh}期间一直被持有，所有等待者都只能跟着慢。"
    ))
}

fn fix(holder: &Holder<'_>) -> Fix {
    match holder {
        Holder::Nobody | Holder::Unknown => Fix {
            summary: text!(
                "Unlock on every way out: defer the Unlock right behind the Lock.",
                "确保每条返回路径都解锁：紧跟 Lock 之后 defer Unlock。"
            ),
            before: "\
mu.Lock()
if err != nil {
\treturn err // still locked
}
mu.Unlock()",
            after: "\
mu.Lock()
defer mu.Unlock()
if err != nil {
\treturn err
}",
        },
        _ => Fix {
            summary: text!(
                "Keep I/O, channel operations and other locks out of the critical section.",
                "不要在临界区内做 I/O、通道操作或获取其他锁。"
            ),
            before: "\
c.mu.Lock()
defer c.mu.Unlock()
value, err := c.fetch(ctx, key) // everybody waits for the network
c.items[key] = value
return value, err",
            after: "\
value, err := c.fetch(ctx, key)
if err != nil {
\treturn nil, err
}
c.mu.Lock()
c.items[key] = value
c.mu.Unlock()
return value, nil",
        },
    }
}

fn is_network_package(package: &str) -> bool {
    matches!(package, "net" | "net/http" | "crypto/tls" | "database/sql") || package.starts_with("google.golang.org/grpc")
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

    const WAITER: &str = "\
goroutine N [sync.Mutex.Lock]:\n\
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)\n\t/go/src/runtime/sema.go:95 +0x25\n\
internal/sync.(*Mutex).lockSlow(0xc000018270)\n\t/go/src/internal/sync/mutex.go:149 +0x15d\n\
sync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:46\n\
main.(*Cache).Get(0xc000018260)\n\t/src/main.go:21 +0x9c\n";
    const WRITER: &str = "goroutine N [IO wait, 6 minutes]:\n\
internal/poll.runtime_pollWait(0x7f70e19d1a00, 0x72)\n\t/go/src/runtime/netpoll.go:345 +0x85\n\
net.(*conn).Read(0xc000012000, {0xc000014000, 0x10, 0x10})\n\t/go/src/net/net.go:179 +0x45\n\
main.(*Cache).Get(0xc000018260)\n\t/src/main.go:25 +0x9c\n";

    #[test]
    fn ok_many_behind_one_that_reads_from_the_network() {
        assert_eq!(said(&dump(&[(40, WAITER), (1, WRITER)])), ["lock-pileup warning likely 40 main.go:21"]);
        let old = WAITER.replace("Lock]", "Lock, 6 minutes]");
        assert_eq!(said(&dump(&[(40, &old), (1, WRITER)])), ["lock-pileup critical likely 40 main.go:21"]);
    }

    #[test]
    fn ok_few_that_wait_briefly_are_no_pileup() {
        assert_eq!(said(&dump(&[(6, WAITER), (1, WRITER)])), [""; 0]);
    }

    #[test]
    fn ok_a_wait_of_hours_is_told_of_one_goroutine_too() {
        let old = WAITER.replace("Lock]", "Lock, 973 minutes]");
        assert_eq!(said(&dump(&[(1, &old)])), ["lock-pileup warning possible 1 main.go:21"]);
        let (_, _, judgement) = crate::finding::testing::judged(&dump(&[(1, &old)]));
        let says_of_others = |text: &crate::Text| text.en.contains("nobody works there");
        assert!(!judgement.findings[0].evidence.iter().any(says_of_others), "an excerpt does not show the others");
    }

    #[test]
    fn ok_a_holder_that_works_is_no_alarm() {
        let working = "goroutine N [runnable]:\nmain.(*Cache).Get(0xc000018260)\n\t/src/main.go:25 +0x9c\n";
        assert_eq!(said(&dump(&[(40, WAITER), (1, working)])), ["lock-pileup info possible 40 main.go:21"]);
    }
}
