//! Judgements with their evidence.
//!
//! Each rule is a file that holds its pattern, its sentences and its tests; its documentation lies in `doc/`, in every
//! language, under four headings: What it finds, Why it matters, Example, Limits. [`RULES`] lists them, the most specific
//! first: a group is spoken for by the first rule that claims it.
//!
//! A rule looks at an [`Analysis`] and returns [`Finding`]s. What it says does not change with other ids or addresses, with
//! another order of goroutines or another place of the sources; only which ids and addresses are equal, and which addresses
//! lie close together, tells something. One limit: of a crowd with one stack the arguments of the first goroutines are kept,
//! so who seems to hold a lock may depend on the order there.

mod analysis;
mod http_client;
mod http_server;
mod library;
mod locks;
mod parents;
mod rules;
mod stack_view;
mod story;
#[cfg(test)]
pub(crate) mod testing;
mod websocket;
mod weigh;

use alloc::borrow::Cow;
use alloc::vec::Vec;

pub use analysis::Analysis;
pub use http_client::HttpClient;
pub use http_server::ServerWait;
pub use parents::Parents;
pub use rules::RULES;
pub use stack_view::{GroupView, Site};
pub use websocket::Pumps;
pub use weigh::{Thresholds, Weight, weigh};

use crate::compare::{Compared, ComparedFinding};
use crate::onset::Onset;
use crate::order;
use crate::tables::FrameId;
use crate::text::{Language, Text};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look.
    Warning,
    /// Needs action.
    Critical,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// The pattern fits; the dump alone does not decide.
    Possible,
    /// Hard to explain otherwise.
    Likely,
    /// The runtime said so.
    Certain,
}

/// A rule: a pattern, what it means and how it is mended.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The pattern seen, in kebab case.
    pub name: &'static str,
    /// Markdown in English, under four headings.
    pub doc_en: &'static str,
    /// The same in 简体中文.
    pub doc_zh_cn: &'static str,
    /// How it is found.
    pub detect: Detect,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Detect {
    /// One dump: the groups that no earlier rule claimed.
    Dump(fn(&Analysis<'_>) -> Vec<Finding>),
    /// Several dumps.
    Dumps(fn(&Compared<'_>) -> Vec<ComparedFinding>),
}

impl Rule {
    /// Its documentation in `language`.
    #[must_use]
    pub const fn doc(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.doc_en,
            Language::ZhCn => self.doc_zh_cn,
        }
    }

    /// The rule called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| rule.name == name)
    }
}

/// A judgement with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name; a user rule's own.
    pub rule: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// One sentence.
    pub title: Text,
    /// Its groups by index, the largest first. Empty for what is true of the whole dump.
    pub groups: Vec<u32>,
    /// Goroutines in them, or fewer when a part of a group is concerned.
    pub n_goroutines: u64,
    /// Where they are stuck.
    pub culprit: Option<FrameId>,
    /// Where they were started.
    pub created_by: Option<FrameId>,
    /// What speaks for it, with numbers.
    pub evidence: Vec<Text>,
    /// What speaks against it, and what would decide.
    pub counter_evidence: Vec<Text>,
    /// What to change.
    pub fix: Option<Fix>,
    /// Where to read on.
    pub reference: Option<&'static str>,
    /// When it began; filled in for all findings at the end.
    pub onset: Option<Onset>,
    /// Its groups are spoken for: later rules leave them alone. False for what is said of the whole dump.
    pub claims: bool,
}

/// A pattern to change; not the reader's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// One sentence.
    pub summary: Text,
    /// Go code that shows the pattern; empty when there is nothing to show.
    pub before: &'static str,
    /// Go code that mends it.
    pub after: &'static str,
}

impl Finding {
    /// Whether others may be stuck because of it: goroutines that wait for each other or for themselves.
    #[must_use]
    pub fn is_cause(&self) -> bool {
        matches!(&*self.rule, "deadlock" | "lock-cycle" | "recursive-read-lock" | "once-reentry" | "errgroup-limit-deadlock")
    }

    /// A finding of `rule` about `groups`, counted, with the culprit and creator of the largest one; an info that is possible
    /// and says nothing yet.
    #[must_use]
    pub fn new(analysis: &Analysis<'_>, rule: &Rule, groups: &[u32]) -> Self {
        let mut groups = groups.to_vec();
        // The order of groups is by size, so it is the order of their numbers.
        groups.sort_unstable();
        groups.dedup();
        let largest = groups.first().and_then(|&group| analysis.group(group));
        Self {
            rule: Cow::Borrowed(rule.name),
            severity: Severity::Info,
            confidence: Confidence::Possible,
            title: Text::default(),
            n_goroutines: groups.iter().filter_map(|&group| analysis.group(group)).map(GroupView::n_goroutines).sum(),
            culprit: largest.and_then(GroupView::place),
            created_by: largest.and_then(GroupView::created_by),
            evidence: Vec::new(),
            counter_evidence: Vec::new(),
            fix: None,
            reference: None,
            onset: None,
            claims: true,
            groups,
        }
    }
}

/// Applies all rules in their order, behind what the reader's own rules found, `given`. Rules named in `muted` are left out.
pub fn find_all(analysis: &mut Analysis<'_>, given: Vec<Finding>, muted: &[Cow<'static, str>]) -> Vec<Finding> {
    for finding in given.iter().filter(|finding| finding.claims) {
        analysis.claim(&finding.groups);
    }
    let mut findings = given;
    for rule in RULES.iter().filter(|rule| !muted.iter().any(|name| name == rule.name)) {
        let Detect::Dump(detect) = rule.detect else { continue };
        for finding in detect(analysis) {
            if finding.claims {
                analysis.claim(&finding.groups);
            }
            findings.push(finding);
        }
    }
    findings
}

/// Applies the rules for several dumps; worst first, as [`rank`] has it.
#[must_use]
pub fn find_between(compared: &Compared<'_>) -> Vec<ComparedFinding> {
    let mut findings = Vec::new();
    for rule in RULES {
        if let Detect::Dumps(detect) = rule.detect {
            findings.extend(detect(compared));
        }
    }
    let weight = |found: &ComparedFinding| (found.finding.severity, found.finding.confidence, found.finding.n_goroutines);
    findings.sort_by_key(|found| core::cmp::Reverse(weight(found)));
    findings
}

/// Brings findings into their order: worst first, then surest, then causes before their victims, then largest; ties as found.
pub fn rank(findings: &mut [Finding]) {
    let weight = |finding: &Finding| (finding.severity, finding.confidence, finding.is_cause(), finding.n_goroutines);
    order::by_key(findings, |finding| core::cmp::Reverse(weight(finding)));
}
