//! What the reader's rules say of a dump.

use std::borrow::Cow;

use stackherd_core::text::{Count, Goroutines, minutes};
use stackherd_core::{Confidence, Finding, Fix, FrameId, Given, Group, Groups, Idle, OriginRules, Snapshot, Tables, Text};

use super::matcher::{Expression, Stacks};
use super::{Ignore, UserRule, UserRules};

impl UserRules {
    /// Applies the rules to a dump whose goroutines were grouped, the largest group first. `O(rules * frames)`, and
    /// `O(goroutines)` for every rule that names one of Go's states.
    pub(crate) fn apply(&self, tables: &Tables, snapshot: &Snapshot, groups: &Groups, origins: &OriginRules) -> Given {
        let mut given = Given { muted: self.muted.clone(), severities: self.severities.clone(), ..Given::default() };
        if self.rules.is_empty() && self.ignores.is_empty() {
            return given;
        }
        let stacks = Stacks::new(tables, snapshot, groups, origins);
        let mut is_taken = vec![false; groups.len()];
        for ignore in &self.ignores {
            for (index, is_taken) in is_taken.iter_mut().enumerate().filter(|(_, is_taken)| !**is_taken) {
                if ignore.has(&stacks, index) {
                    *is_taken = true;
                    given.ignored.push((index as u32, ignore.idle()));
                }
            }
        }
        for rule in &self.rules {
            let matched = rule.matched(&stacks, &is_taken);
            let n_goroutines = matched.iter().map(|&(_, group)| group.n_goroutines).sum();
            if matched.is_empty() || n_goroutines < rule.min_count {
                continue;
            }
            for &(index, _) in &matched {
                if let Some(is_taken) = is_taken.get_mut(index) {
                    *is_taken = true;
                }
            }
            given.findings.push(rule.finding(&stacks, &matched, n_goroutines));
        }
        given
    }
}

impl Ignore {
    fn has(&self, stacks: &Stacks<'_>, group: usize) -> bool {
        self.top_function.as_ref().is_none_or(|name| stacks.has_top_function(group, name))
            && self.any_function.as_ref().is_none_or(|name| stacks.has_function(group, name))
            && self.any_containing_pkg.as_ref().is_none_or(|name| stacks.has_package(group, name))
            && self.created_by.as_ref().is_none_or(|name| stacks.has_creator(group, name))
    }

    fn idle(&self) -> Idle {
        Idle { name: Cow::Owned(self.name.clone()), reason: same(&self.reason) }
    }
}

impl UserRule {
    /// Groups that fit, the largest first, with their indices.
    fn matched<'a>(&self, stacks: &Stacks<'a>, is_taken: &[bool]) -> Vec<(usize, &'a Group)> {
        let (mut any, mut top, mut creator) = (stacks.answers(), stacks.answers(), stacks.answers());
        let mut fits = |&(index, group): &(usize, &Group)| {
            !is_taken.get(index).copied().unwrap_or(true)
                && (self.min_wait_minutes == 0 || group.wait_minutes.is_some_and(|waits| waits.max >= self.min_wait_minutes))
                && self.any_frame.as_ref().is_none_or(|expression| stacks.any_frame(index, expression, &mut any))
                && self.top_frame.as_ref().is_none_or(|expression| stacks.top_frame(index, expression, &mut top))
                && self.created_by.as_ref().is_none_or(|expression| stacks.creator(index, expression, &mut creator))
                && (self.states.is_empty() || stacks.has_state(group, &self.states))
        };
        stacks.groups.iter().enumerate().filter(|group| fits(group)).collect()
    }

    fn finding(&self, stacks: &Stacks<'_>, matched: &[(usize, &Group)], n_goroutines: u64) -> Finding {
        let largest = matched.first().map(|&(index, _)| index);
        let culprit = largest.and_then(|index| stacks.place(index));
        Finding {
            rule: Cow::Owned(self.name.clone()),
            severity: self.severity,
            confidence: Confidence::Likely,
            title: self.title(stacks, n_goroutines, culprit),
            groups: matched.iter().map(|&(index, _)| index as u32).collect(),
            n_goroutines,
            culprit,
            created_by: largest.and_then(|index| stacks.created_by(index)),
            evidence: self.evidence(matched, n_goroutines),
            counter_evidence: Vec::new(),
            fix: self.fix.as_ref().map(|fix| Fix { summary: same(fix), before: "", after: "" }),
            reference: None,
            onset: None,
            claims: true,
        }
    }

    /// The message with its numbers filled in.
    fn title(&self, stacks: &Stacks<'_>, n_goroutines: u64, culprit: Option<FrameId>) -> Text {
        let place = culprit.map_or_else(|| "?".to_owned(), |frame| stacks.place_text(frame));
        // The place comes last: it is the dump's text, and may hold braces itself.
        same(&self.message.replace("{count}", &Count(n_goroutines).to_string()).replace("{place}", &place))
    }

    fn evidence(&self, matched: &[(usize, &Group)], n_goroutines: u64) -> Vec<Text> {
        let (n, n_groups, rule) = (Count(n_goroutines), Count(matched.len() as u64), &self.name);
        let goroutines = Goroutines(n_goroutines);
        let en_groups = if matched.len() == 1 { "1 group".to_owned() } else { format!("{n_groups} groups") };
        let conditions = self.conditions();
        let mut evidence = vec![Text {
            en: format!("{goroutines} in {en_groups} fit your rule {rule}: {conditions}."),
            zh_cn: format!("{n_groups} 个分组中的 {n} 个 goroutine 符合你的规则 {rule}：{conditions}。"),
        }];
        if let Some(max) = matched.iter().filter_map(|(_, group)| Some(group.wait_minutes?.max)).max() {
            let longest = minutes(max);
            evidence.push(Text {
                en: format!("The longest has waited at least {}.", longest.en),
                zh_cn: format!("最久的已等待至少 {}。", longest.zh_cn),
            });
        }
        evidence
    }

    /// The conditions as the file words them.
    fn conditions(&self) -> String {
        let named = [("any_frame", &self.any_frame), ("top_frame", &self.top_frame), ("created_by", &self.created_by)];
        let expression = |(key, expression): (&str, &Option<Expression>)| {
            expression.as_ref().map(|expression| format!("{key} /{}/", expression.source()))
        };
        let mut conditions: Vec<String> = named.into_iter().filter_map(expression).collect();
        if !self.states.is_empty() {
            let states: Vec<_> = self.states.iter().map(super::matcher::State::as_str).collect();
            conditions.push(format!("state {}", states.join(" / ")));
        }
        if self.min_count > 0 {
            conditions.push(format!("min_count {}", self.min_count));
        }
        if self.min_wait_minutes > 0 {
            conditions.push(format!("min_wait_minutes {}", self.min_wait_minutes));
        }
        conditions.join(", ")
    }
}

/// The reader's own words, in the language they are in.
fn same(text: &str) -> Text {
    Text { en: text.to_owned(), zh_cn: text.to_owned() }
}
