//! Goroutines that wait because they have nothing to do.
//!
//! `patterns` lists the loops of the standard library and of well-known libraries, each with the reason why it is no leak and
//! with how many goroutines that reason covers. Connections and worker pools need more than a name and have a file each.

mod connections;
mod pattern;
mod patterns;
mod workers;

use alloc::borrow::{Cow, ToOwned};
use alloc::vec::Vec;

use crate::finding::{Analysis, GroupView, HttpClient};
use crate::format::Format;
use crate::origin::Origin;
use crate::snapshot::{CrashKind, Scope};
use crate::text::Text;
use crate::wait::Category;

use connections::{client_connections, server_connections, websocket_pairs};
use pattern::{Finder, Pattern};
use patterns::PATTERNS;
use workers::{main_waits, worker_pools};

/// Why a group is set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// Name in kebab case, `net-http-keep-alive`; a user rule's own name.
    pub name: Cow<'static, str>,
    /// Why goroutines with this pattern are no leak.
    pub reason: Text,
}

impl Idle {
    const fn named(name: &'static str, reason: Text) -> Self {
        Self { name: Cow::Borrowed(name), reason }
    }
}

/// Collects the marks; the first one of a group stays.
struct Marks(Vec<Option<Idle>>);

impl Marks {
    fn set(&mut self, group: u32, idle: impl FnOnce() -> Idle) {
        if let Some(mark) = self.0.get_mut(group as usize) {
            mark.get_or_insert_with(idle);
        }
    }
}

/// The idle pattern of each group, by its index.
///
/// A pattern never covers more goroutines than it justifies: 500 idle keep-alive connections are idle, 20,000 client
/// connections are not. What the runtime proved to be leaked is never idle, nor is what a leak test complains about.
/// `O(groups * frames)`.
#[must_use]
pub fn mark(analysis: &Analysis<'_>) -> Vec<Option<Idle>> {
    let mut marks = Marks(alloc::vec![None; analysis.grouped.len()]);
    if analysis.snapshot.scope() == Scope::Leaked || analysis.snapshot.format() == Format::Goleak {
        return marks.0;
    }
    let client = HttpClient::of(analysis);
    library_loops(analysis, &client, &mut marks);
    client_connections(analysis, &client, &mut marks);
    server_connections(analysis, &mut marks);
    websocket_pairs(analysis, &mut marks);
    // When nothing can run any more, whoever waits is part of the story.
    if !is_deadlock(analysis) {
        worker_pools(analysis, &mut marks);
        main_waits(analysis, &mut marks);
    }
    for (mark, group) in marks.0.iter_mut().zip(analysis.groups()) {
        if group.n_leaked() > 0 {
            *mark = None;
        }
    }
    marks.0
}

/// `fatal error: all goroutines are asleep - deadlock!`, `no goroutines (main called runtime.Goexit) - deadlock!`
fn is_deadlock(analysis: &Analysis<'_>) -> bool {
    let crash = analysis.snapshot.crash();
    crash.is_some_and(|crash| crash.kind == CrashKind::FatalError && crash.message.contains("deadlock"))
}

/// Marks the groups of each pattern that has no more goroutines than it justifies.
fn library_loops(analysis: &Analysis<'_>, client: &HttpClient, marks: &mut Marks) {
    let finder = Finder::new();
    let mut known: Vec<Option<Option<usize>>> = alloc::vec![None; analysis.n_frames()];
    let mut found: Vec<(u64, Vec<u32>)> = alloc::vec![(0, Vec::new()); PATTERNS.len()];
    for group in analysis.groups() {
        let pattern = group.frames().iter().enumerate().find_map(|(depth, &frame)| {
            let slot = known.get_mut(frame.index())?;
            let pattern = (*slot.get_or_insert_with(|| finder.find(analysis.library_function(frame))))?;
            PATTERNS.get(pattern)?.fits(group, depth).then_some(pattern)
        });
        if let Some((n, groups)) = pattern.and_then(|pattern| found.get_mut(pattern)) {
            *n += group.n_goroutines();
            groups.push(group.index());
        }
    }
    for group in analysis.groups().filter(|group| group.category() == Category::Runtime) {
        if group.frames().iter().all(|&frame| group.origin(frame) == Origin::Runtime)
            && let Some(runtime) = PATTERNS.first()
        {
            marks.set(group.index(), || runtime.idle());
        }
    }
    let n_handlers = analysis.groups().filter(|group| group.has("net/http.(*conn).serve")).map(GroupView::n_goroutines).sum();
    for (pattern, (n, groups)) in PATTERNS.iter().zip(found) {
        if n <= pattern.limit(analysis, client, n_handlers) {
            groups.into_iter().for_each(|group| marks.set(group, || pattern.idle()));
        }
    }
}

impl Pattern {
    fn idle(&self) -> Idle {
        Idle::named(self.name, Text { en: self.en.to_owned(), zh_cn: self.zh_cn.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::testing::{dump, judged};

    const WORKER: &str = "
goroutine N [select, 9 minutes]:
shop.example/imaging/pool.(*Pool).worker(0xc00001a000)
\t/src/imaging/pool/pool.go:28 +0x85
created by shop.example/imaging/pool.New in goroutine 1
\t/src/imaging/pool/pool.go:20 +0x6a
";
    const MAIN: &str = "
goroutine 1 [chan receive, 9 minutes]:
main.main()
\t/src/imaging/main.go:12 +0x85
";
    const MILL: &str = "
goroutine N [chan receive, 9 minutes]:
gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun(...)
\t/go/pkg/mod/gopkg.in/natefinch/lumberjack.v2@v2.0.0/lumberjack.go:379
created by gopkg.in/natefinch/lumberjack%2ev2.(*Logger).mill.func1 in goroutine 1
\t/go/pkg/mod/gopkg.in/natefinch/lumberjack.v2@v2.0.0/lumberjack.go:390 +0x8e
";

    /// Idle patterns by the order of the groups' sizes.
    fn names(text: &str) -> Vec<(u64, alloc::string::String)> {
        let (_, _, judgement) = judged(text);
        let marks = judgement.idle.iter().zip(judgement.groups.iter());
        let mut names: Vec<_> =
            marks.filter_map(|(mark, group)| Some((group.n_goroutines, mark.as_ref()?.name.clone().into_owned()))).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn ok_pools_have_a_name_and_a_living_parent() {
        assert_eq!(names(&dump(&[(64, WORKER), (1, MAIN)])), [(1, "main".into()), (64, "worker-pool".into())]);
        // Without the parent, without the name, or with too many of them it may be anything.
        assert_eq!(names(&dump(&[(64, WORKER)])), []);
        assert_eq!(
            names(&dump(&[(64, &WORKER.replace("(*Pool).worker", "(*Feed).follow").replace("/pool.", "/feed.")), (1, MAIN)])),
            [(1, "main".into())]
        );
        assert_eq!(names(&dump(&[(300, WORKER), (1, MAIN)])), [(1, "main".into())]);
    }

    #[test]
    fn ok_a_pattern_covers_no_more_than_it_justifies() {
        assert_eq!(names(&dump(&[(3, MILL)])), [(3, "log-flusher".into())]);
        assert_eq!(names(&dump(&[(400, MILL)])), []);
    }

    #[test]
    fn ok_vendored_libraries_are_known() {
        let vendored = MILL.replace("gopkg.in/", "example.com/app/vendor/gopkg.in/");
        assert_eq!(names(&dump(&[(3, &vendored)])), [(3, "log-flusher".into())]);
    }

    #[test]
    fn ok_nobody_is_idle_in_a_deadlock() {
        let text = dump(&[(64, WORKER), (1, MAIN)]);
        assert_eq!(names(&alloc::format!("fatal error: all goroutines are asleep - deadlock!\n\n{text}")), []);
    }

    #[test]
    fn ok_the_runtime_knows_better() {
        let leaked = WORKER.replace("[select, 9 minutes]", "[select (leaked), 9 minutes]");
        assert_eq!(names(&dump(&[(64, &leaked), (1, MAIN)])), [(1, "main".into())]);
    }

    #[test]
    fn ok_main_that_waits_for_nothing_is_not_idle() {
        assert_eq!(names(&dump(&[(1, &MAIN.replace("chan receive", "chan receive (nil chan)"))])), []);
        assert_eq!(names(&dump(&[(1, &MAIN.replace("chan receive", "sync.Mutex.Lock"))])), []);
    }
}
