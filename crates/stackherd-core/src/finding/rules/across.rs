//! What the rules for several dumps have in common.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::compare::lives::Lives;
use crate::compare::sites::{Places, Site, group_of, is_idle, place_text, sites};
use crate::compare::span::{Span, whole};
use crate::compare::{Compared, Relation, Row};
use crate::finding::{Confidence, Finding, Rule, Severity, Thresholds};
use crate::tables::StringId;
use crate::text::{Count, Text, text};
use crate::wait::Category;

/// A story and its numbers at both ends of a span.
#[derive(Clone, Debug)]
pub(super) struct Pile<'a> {
    pub(super) site: Site<'a>,
    /// Where goroutines can't be followed, with those of the same function that are gone.
    pub(super) before: u64,
    pub(super) after: u64,
    /// Of all its rows; `None` when goroutines can't be followed.
    pub(super) lives: Option<Lives>,
}

/// Whatever is not idle at the end of `span`, by story.
pub(super) fn piles<'a>(compared: &Compared<'a>, span: &Span) -> Vec<Pile<'a>> {
    let is_busy =
        |row: &Row| row.counts.get(span.to as usize).is_some_and(|&count| count > 0) && !is_idle(compared, row, span.to);
    let rows = (0_u32..).zip(&compared.comparison.rows).filter(|(_, row)| is_busy(row)).map(|(index, _)| index);
    let mut moved = if span.is_followed { HashMap::default() } else { gone(compared, span) };
    let mut pile = |site: Site<'a>| {
        let function = site.place.map(|place| compared.tables.frames.get(place).function);
        let moved = function.and_then(|function| moved.remove(&(site.category, function))).unwrap_or(0);
        Pile {
            before: site.count(compared, span.from).saturating_add(moved),
            after: site.count(compared, span.to),
            lives: if span.is_followed { lives(compared, &site) } else { None },
            site,
        }
    };
    sites(compared, span.to, rows).into_iter().map(&mut pile).collect()
}

/// Goroutines of groups that the end of `span` does not have, by what they do and in which function: in another build the same
/// ones stand at other lines.
fn gone(compared: &Compared<'_>, span: &Span) -> HashMap<(Category, StringId), u64, FixedState> {
    let mut places = Places::new(compared.tables, compared.origins);
    let mut gone: HashMap<(Category, StringId), u64, FixedState> = HashMap::default();
    for row in compared.comparison.rows.iter().filter(|row| row.counts.get(span.to as usize) == Some(&0)) {
        let Some((_, group)) = group_of(compared, row, span.from) else { continue };
        let Some(place) = places.of(group.signature.stack) else { continue };
        let key = (group.signature.category, compared.tables.frames.get(place).function);
        let count = gone.entry(key).or_default();
        *count = count.saturating_add(group.n_goroutines);
    }
    gone
}

fn lives<'a>(compared: &Compared<'a>, site: &Site<'a>) -> Option<Lives> {
    site.rows(compared).try_fold(Lives::default(), |sum, row| {
        let lives = row.lives?;
        Some(Lives { born: sum.born + lives.born, ended: sum.ended + lives.ended, stuck: sum.stuck + lives.stuck })
    })
}

/// A finding of `rule` about `site` with its `n_goroutines`, with the fix of what one dump says of it: an info that is possible and
/// says nothing yet.
pub(super) fn about(rule: &Rule, site: &Site<'_>, n_goroutines: u64) -> Finding {
    let mut groups = site.rows.clone();
    groups.sort_unstable();
    Finding {
        rule: Cow::Borrowed(rule.name),
        severity: Severity::Info,
        confidence: Confidence::Possible,
        title: Text::default(),
        groups,
        n_goroutines,
        culprit: site.place,
        created_by: site.created_by,
        evidence: Vec::new(),
        counter_evidence: Vec::new(),
        fix: site.finding.and_then(|finding| finding.fix.clone()),
        reference: site.finding.and_then(|finding| finding.reference),
        onset: site.finding.and_then(|finding| finding.onset),
        claims: true,
    }
}

/// What the last dump says of the story by itself.
pub(super) fn said_alone(finding: &Finding) -> Text {
    let Text { en, zh_cn } = &finding.title;
    text!("The last dump alone says: {en}.", "仅看最后一份转储：{zh_cn}。")
}

/// ` at worker.go:89`, with a space in front; nothing for an empty stack.
pub(super) fn at_place(compared: &Compared<'_>, site: &Site<'_>) -> Text {
    let Some(place) = site.place else { return Text::default() };
    let place = place_text(compared.tables, place);
    text!(" at {place}", " {place} 处")
}

/// Goroutines per minute: `0.4`, `3.5`, `9,537`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate(pub(super) f64);

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ..0.05 => f.write_str("less than 0.1"),
            ..10.0 => write!(f, "{:.1}", self.0),
            _ => write!(f, "{}", Count(whole(self.0).into())),
        }
    }
}

/// A median of counts: whole or a half.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Median(pub(super) f64);

impl fmt::Display for Median {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_half = (self.0 * 2.0) as u64 % 2 == 1;
        write!(f, "{}{}", Count(self.0 as u64), if is_half { ".5" } else { "" })
    }
}

/// Whether the dumps have to do with each other, as far as anybody knows.
pub(super) fn are_related(compared: &Compared<'_>) -> bool {
    compared.comparison.related.relation != Relation::Unknown
}

/// Whether so many goroutines of `dump` are worth a hint when nothing else speaks for a leak.
pub(super) fn is_notable(compared: &Compared<'_>, dump: u32, n: u64) -> bool {
    let total = compared.comparison.totals.get(dump as usize).copied().unwrap_or(0);
    n.saturating_mul(100) >= total.saturating_mul(Thresholds::default().notable_percent)
}
