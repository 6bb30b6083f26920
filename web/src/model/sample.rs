//! Values for tests.

use stackherd_report::protocol::DumpSummary;
use stackherd_report::{Dump, DumpKind, Format};

/// A dump of as many groups as goroutines.
pub(crate) fn summary(groups: u64) -> DumpSummary {
    DumpSummary {
        dump: Dump {
            id: 0,
            name: String::new(),
            source: None,
            format: Format::Traceback,
            kind: DumpKind::Goroutine,
            bytes: 0,
            goroutines: groups,
            declared_goroutines: None,
            distinct_stacks: groups,
            go_version: None,
            crash: None,
            issues: Vec::new(),
            notes: Vec::new(),
            series: Vec::new(),
            line: 1,
            captured_at: None,
        },
        groups,
        by_category: Vec::new(),
        max_wait_minutes: None,
        largest: None,
        stopped: false,
        memory_bytes: 0,
        parse_millis: 0.0,
    }
}
