//! `recursive-read-lock`
#![doc = include_str!("../doc/recursive-read-lock.md")]

use alloc::vec::Vec;

use crate::blocking::{Nested, nested_methods};
use crate::finding::locks::{Surroundings, is_reader, is_writer, longest_wait};
use crate::finding::{Analysis, Confidence, Detect, Finding, Fix, GroupView, Rule, Severity, Site};
use crate::text::{Count, Goroutines, text};

pub(super) const RULE: Rule = Rule {
    name: "recursive-read-lock",
    doc_en: include_str!("../doc/recursive-read-lock.md"),
    doc_zh_cn: include_str!("../doc/recursive-read-lock.zh-CN.md"),
    detect: Detect::Dump(detect),
};

fn detect(analysis: &Analysis<'_>) -> Vec<Finding> {
    let nested = |group: GroupView<'_>| nested_methods(analysis, group);
    let readers = analysis.suspects().filter(|&group| is_reader(group) && nested(group).is_some());
    let sites = analysis.sites(readers);
    if sites.is_empty() {
        return Vec::new();
    }
    let surroundings = Surroundings::new(analysis);
    let find = |site: &Site| finding(analysis, &surroundings, site, &nested(site.largest(analysis)?)?);
    sites.iter().filter_map(find).collect()
}

fn finding(analysis: &Analysis<'_>, surroundings: &Surroundings<'_>, site: &Site, nested: &Nested) -> Option<Finding> {
    let package = site.largest(analysis)?.package(nested.inner);
    // A reader waits only where a writer holds the lock or waits for it.
    let is_here = |group: &GroupView<'_>| group.frames().iter().any(|&frame| group.package(frame) == package);
    let writer = analysis.groups().filter(|&group| is_writer(group)).find(is_here)?;
    let waits_for_readers = !writer.functions().any(|name| name.ends_with("(*Mutex).lockSlow"));
    let max_wait = site.waits(analysis).map(|waits| waits.max);
    // Somebody who works inside may hold the lock as well, and lets go.
    let is_quiet = !surroundings.is_anyone_at_work(package);
    let is_old = max_wait >= Some(2);
    let mut groups = site.groups.clone();
    groups.extend(Some(writer.index()).filter(|&group| analysis.is_free(group)));
    let mut finding = Finding::new(analysis, &RULE, &groups);
    (finding.severity, finding.confidence) = match (waits_for_readers, is_old, is_quiet) {
        // Either it lasts, or nobody else is there whom the writer could wait for.
        (true, true, _) | (true, false, true) => (Severity::Critical, Confidence::Likely),
        (true, false, false) | (false, true, _) => (Severity::Warning, Confidence::Possible),
        (false, false, _) => return None,
    };
    // The reader is the one that can be mended.
    finding.culprit = Some(site.place);
    finding.created_by = site.largest(analysis).and_then(GroupView::created_by);
    let (n, count) = (Goroutines(site.n_goroutines), Count(site.n_goroutines));
    let (inner_at, outer_at) = (analysis.place_text(nested.inner), analysis.place_text(nested.outer));
    let (inner, outer) = (analysis.function_text(nested.inner), analysis.function_text(nested.outer));
    let verb = if site.n_goroutines == 1 { "waits" } else { "wait" };
    finding.title = text!(
        "{n} {verb} in RLock at {inner_at} behind a writer, and the writer waits for a read lock taken further down the same stack",
        "{count} 个 goroutine 在 {inner_at} 的 RLock 中等待写者，而写者在等待同一栈下方已获取的读锁"
    );
    finding.evidence.push(text!(
        "{inner} waits for the read lock, and further down the same stack {outer} ({outer_at}) works on the same value.",
        "{inner} 在等待读锁，而同一栈的下方 {outer}（{outer_at}）操作同一个值。"
    ));
    let writer_at = writer.place().map(|place| analysis.place_text(place)).unwrap_or_default();
    let n_writers = Goroutines(writer.n_goroutines());
    let n_writers_zh = Count(writer.n_goroutines());
    let verb = if writer.n_goroutines() == 1 { "waits" } else { "wait" };
    finding.evidence.push(text!(
        "{n_writers} {verb} in Lock at {writer_at}; from then on an RWMutex lets no new reader in.",
        "{n_writers_zh} 个 goroutine 在 {writer_at} 的 Lock 中等待；此后 RWMutex 不再放行新的读者。"
    ));
    finding.evidence.extend(longest_wait(max_wait));
    finding.counter_evidence.push(text!(
        "A dump does not show that {outer} took the lock. If it does not, these goroutines wait for the writer only.",
        "转储并不显示 {outer} 已获取该锁。若没有，这些 goroutine 就只是在等待写者。"
    ));
    finding.fix = Some(Fix {
        summary: text!(
            "Don't take a read lock twice: split the method into one that locks and one that expects the lock.",
            "不要重复获取读锁：把方法拆成加锁的与要求已持锁的两个。"
        ),
        before: "\
func (c *Cache) Sum() int {
\tc.mu.RLock()
\tdefer c.mu.RUnlock()
\treturn c.Len() * c.size // Len takes the read lock again
}",
        after: "\
func (c *Cache) Sum() int {
\tc.mu.RLock()
\tdefer c.mu.RUnlock()
\treturn c.len() * c.size // len expects the lock
}",
    });
    finding.reference = Some("https://pkg.go.dev/sync#RWMutex");
    Some(finding)
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

    const READER: &str = "goroutine N [sync.RWMutex.RLock]:\n\
sync.runtime_SemacquireRWMutexR(0x0?, 0x0?, 0x0?)\n\t/go/src/runtime/sema.go:100 +0x25\n\
sync.(*RWMutex).RLock(...)\n\t/go/src/sync/rwmutex.go:74\n\
main.(*Registry).Len(0xc000018260)\n\t/src/main.go:18 +0x49\n\
main.(*Registry).Describe(0xc000018260)\n\t/src/main.go:27 +0x8f\n";
    const WRITER: &str = "goroutine N [sync.RWMutex.Lock]:\n\
sync.runtime_SemacquireRWMutex(0x0?, 0x0?, 0x0?)\n\t/go/src/runtime/sema.go:105 +0x25\n\
sync.(*RWMutex).Lock(0x0?)\n\t/go/src/sync/rwmutex.go:155 +0x65\n\
main.(*Registry).Add(0xc000018260)\n\t/src/main.go:31 +0x3d\n";

    #[test]
    fn ok_a_reader_a_writer_and_the_reader_again() {
        assert_eq!(said(&dump(&[(1, READER), (1, WRITER)])), ["recursive-read-lock critical likely 2 main.go:18"]);
    }

    #[test]
    fn ok_a_method_split_in_two_is_no_recursion() {
        let split = READER.replace("Len", "len");
        assert_eq!(said(&dump(&[(1, &split), (1, WRITER)])), [""; 0]);
        let other = READER.replace("Describe(0xc000018260)", "Describe(0xc000018660)");
        assert_eq!(said(&dump(&[(1, &other), (1, WRITER)])), [""; 0]);
    }

    #[test]
    fn ok_without_a_writer_is_no_deadlock() {
        assert_eq!(said(&dump(&[(1, READER)])), [""; 0]);
    }
}
