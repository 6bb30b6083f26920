//! What makes goroutines idle: functions on their stacks, and how many of them that explains.

use hashbrown::HashMap;

use crate::finding::{Analysis, GroupView, HttpClient};
use crate::wait::Category;

use super::patterns::PATTERNS;

/// Goroutines that are no leak when they wait, and how many of them.
pub(super) struct Pattern {
    /// Name in kebab case.
    pub(super) name: &'static str,
    /// Why they are no leak.
    pub(super) en: &'static str,
    /// The same in 简体中文.
    pub(super) zh_cn: &'static str,
    /// One of these is on the stack: full names; with `*` at the end, beginnings of names. Closures are numbered differently
    /// from version to version, so theirs are beginnings.
    pub(super) functions: &'static [&'static str],
    /// Where it is on the stack.
    pub(super) at: At,
    /// More than so many are not explained by it.
    pub(super) limit: Limit,
}

/// Where a pattern's function is on the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// Anywhere; the goroutine waits.
    Waiting,
    /// It is what the goroutine waits in: above it there is nothing but plumbing.
    Leaf,
    /// Anywhere, whatever the goroutine does.
    Any,
}

/// How many goroutines a pattern covers.
#[derive(Clone, Copy)]
pub(super) enum Limit {
    /// So many in one process.
    Fixed(u64),
    /// As many as there are requests being served.
    Handlers,
    /// As many as a client keeps idle connections.
    IdleConnections,
    /// However many.
    Any,
}

impl Pattern {
    /// Whether its function, found at `depth`, makes the group idle.
    pub(super) fn fits(&self, group: GroupView<'_>, depth: usize) -> bool {
        match self.at {
            At::Any => true,
            At::Waiting => !matches!(group.category(), Category::Running | Category::Lock),
            At::Leaf => {
                let waits = !matches!(group.category(), Category::Running | Category::Lock | Category::Runnable);
                waits && group.leaf().is_some_and(|leaf| group.frames().get(depth) == Some(&leaf))
            }
        }
    }

    pub(super) fn limit(&self, analysis: &Analysis<'_>, client: &HttpClient, n_handlers: u64) -> u64 {
        match self.limit {
            Limit::Fixed(n) => n,
            // A handler may have just ended.
            Limit::Handlers => n_handlers + 20,
            Limit::IdleConnections => analysis.thresholds.idle_connections + client.n_callers,
            Limit::Any => u64::MAX,
        }
    }
}

/// Finds the pattern of a function.
pub(super) struct Finder {
    exact: HashMap<&'static str, usize, foldhash::fast::FixedState>,
}

impl Finder {
    pub(super) fn new() -> Self {
        let all = PATTERNS.iter().enumerate().flat_map(|(at, pattern)| pattern.functions.iter().map(move |name| (*name, at)));
        Self { exact: all.filter(|(name, _)| !name.ends_with('*')).collect() }
    }

    pub(super) fn find(&self, function: &str) -> Option<usize> {
        self.exact.get(function).copied().or_else(|| {
            let begins = |name: &str| name.strip_suffix('*').is_some_and(|start| function.starts_with(start));
            PATTERNS.iter().position(|pattern| pattern.functions.iter().copied().any(begins))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_functions_are_found() {
        let finder = Finder::new();
        let name = |function: &str| finder.find(function).map(|at| PATTERNS[at].name);
        assert_eq!(name("os/signal.loop"), Some("signal-loop"));
        assert_eq!(name("os/signal.NotifyContext.func1"), Some("signal-loop"));
        assert_eq!(name("k8s.io/klog.(*loggingT).flushDaemon"), Some("log-flusher"));
        assert_eq!(name("google.golang.org/grpc/internal/transport.(*http2Server).keepalive"), Some("grpc-server-transport"));
        assert_eq!(name("main.loop"), None);
    }
}
