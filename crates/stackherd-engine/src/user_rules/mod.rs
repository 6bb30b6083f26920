//! The reader's own rules.
#![doc = include_str!("language.md")]

mod apply;
mod error;
mod matcher;
mod parse;
#[cfg(test)]
mod tests;
mod value;

use std::borrow::Cow;
use std::cmp::Reverse;

use stackherd_core::Severity;
use stackherd_core::compare::ComparedFinding;

pub use error::RulesError;
use matcher::{Expression, Name, State};

/// The reader's own rules, ready to be applied.
#[derive(Debug, Default)]
pub(crate) struct UserRules {
    rules: Vec<UserRule>,
    ignores: Vec<Ignore>,
    /// Built-in rules that are not applied.
    muted: Vec<Cow<'static, str>>,
    /// Severities of built-in rules.
    severities: Vec<(Cow<'static, str>, Severity)>,
}

/// A pattern and what it means. What is not given matches everything.
#[derive(Debug)]
struct UserRule {
    name: String,
    severity: Severity,
    message: String,
    any_frame: Option<Expression>,
    top_frame: Option<Expression>,
    created_by: Option<Expression>,
    states: Vec<State>,
    min_count: u64,
    min_wait_minutes: u32,
    fix: Option<String>,
    reference: Option<String>,
}

/// Goroutines that are to be left alone.
#[derive(Debug)]
struct Ignore {
    name: String,
    reason: String,
    top_function: Option<Name>,
    any_function: Option<Name>,
    any_containing_pkg: Option<Name>,
    created_by: Option<Name>,
}

impl UserRules {
    /// Leaves out what muted rules found between dumps, and gives the rest the reader's severities.
    pub(crate) fn settle(&self, findings: &mut Vec<ComparedFinding>) {
        findings.retain(|found| !self.muted.contains(&found.finding.rule));
        for ComparedFinding { finding, .. } in &mut *findings {
            if let Some(&(_, severity)) = self.severities.iter().find(|(rule, _)| *rule == finding.rule) {
                finding.severity = severity;
            }
        }
        findings.sort_by_key(|found| Reverse(found.finding.severity));
    }

    /// The URL that the rule called `name` points to.
    pub(crate) fn reference(&self, name: &str) -> Option<&str> {
        self.rules.iter().find(|rule| rule.name == name)?.reference.as_deref()
    }
}
