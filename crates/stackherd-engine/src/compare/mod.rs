//! Several dumps of a session side by side.
//!
//! A [`Compared`] is made when it is first asked for, and forgotten when a dump, a time, the level of similarity, a rule or
//! what the reader decides changes.

mod basis;
mod changes;
mod compared;
mod detail;
mod gc;
mod instance;
mod listing;
mod near;
mod row;
#[cfg(test)]
mod tests;
mod view;

use regex::RegexBuilder;
use stackherd_report::Language;
use stackherd_report::Similarity;
use stackherd_report::protocol::{ChangeDetail, ChangePage, ChangeQuery, CompareOptions, ComparisonView, InstanceView};

pub(crate) use basis::basis;
pub(crate) use changes::Changes;
pub(crate) use compared::Compared;

use crate::rows::key_text;
use crate::times::Moment;
use crate::{Session, convert, pattern};

impl Session {
    /// Groups the goroutines of all dumps anew; a dump and a group of it that has the stack of the one given.
    pub fn regroup(&mut self, similarity: Similarity, open: Option<(u32, String)>) -> Option<(u32, String)> {
        let open = open.and_then(|(dump, key)| Some((dump, self.row_like(dump, &key)?)));
        let similarity = convert::similarity(similarity);
        if self.similarity != similarity {
            self.similarity = similarity;
            let mut dumps = std::mem::take(&mut self.dumps);
            for loaded in dumps.values_mut() {
                loaded.folded = self.folded(&loaded.snapshot, &loaded.judgement);
            }
            self.dumps = dumps;
            self.forget_comparison();
        }
        let (dump, row) = open?;
        let shown = self.dumps.get(&dump)?.shown();
        let index = shown.groups.iter().position(|group| shown.groups.members(group).contains(&row))?;
        Some((dump, key_text(shown.keys.get(index).copied()?)))
    }

    /// A goroutine that has the stack shown of a group: an index into the rows of the dump.
    fn row_like(&self, dump: u32, key: &str) -> Option<u32> {
        let loaded = self.dumps.get(&dump)?;
        let shown = loaded.shown();
        let key = u64::from_str_radix(key, 16).ok()?;
        let group = shown.groups.get(shown.keys.iter().position(|&known| known == key)?)?;
        let goroutines = loaded.snapshot.goroutines();
        let members = shown.groups.members(group);
        let has_stack = |row: &&u32| goroutines.get(**row as usize).is_some_and(|it| it.stack == group.signature.stack);
        members.iter().find(has_stack).or_else(|| members.first()).copied()
    }

    /// Notes when a dump was taken, in place of what its file says; RFC 3339.
    pub fn set_captured_at(&mut self, dump: u32, captured_at: Option<String>) {
        if let Some(loaded) = self.dumps.get_mut(&dump) {
            loaded.typed_at = captured_at.map(Moment::said);
            self.forget_comparison();
        }
    }

    /// Tells instances from the names of dumps by a regular expression; empty for the built-in way.
    ///
    /// # Errors
    /// When it is no regular expression; the pattern then stays as it was.
    pub fn set_instance_pattern(&mut self, pattern: &str) -> Result<(), String> {
        let pattern = pattern.trim();
        self.instance_pattern = match pattern {
            "" => None,
            _ => Some(RegexBuilder::new(pattern).size_limit(1 << 20).build().map_err(pattern::refusal)?),
        };
        self.forget_comparison();
        Ok(())
    }

    /// How dumps are compared from now on.
    pub fn set_comparison(&mut self, options: CompareOptions) {
        if self.options != options {
            self.options = options;
            self.forget_comparison();
        }
    }

    /// How the dumps differ; `None` below two dumps with goroutines.
    #[must_use]
    pub fn comparison(&mut self, language: Language) -> Option<ComparisonView> {
        let compared = self.compared()?;
        let started = self.now();
        let mut view = compared.view(self, language);
        view.compare_millis = compared.millis + self.now() - started;
        Some(view)
    }

    /// Rows of the comparison; `None` when there is none.
    #[must_use]
    pub fn changes(&mut self, query: &ChangeQuery, offset: u32, limit: u32) -> Option<ChangePage> {
        let known = self.compared.get_mut().and_then(|compared| compared.as_mut()?.listing.take());
        let known = known.filter(|(known, _)| known == query);
        let compared = self.compared()?;
        let listing = known.map_or_else(|| listing::list(compared, self, query), |(_, listing)| listing);
        let page = listing.page(compared, self, offset, limit);
        if let Some(Some(compared)) = self.compared.get_mut() {
            compared.listing = Some((query.clone(), listing));
        }
        Some(page)
    }

    /// One row of the comparison in full.
    #[must_use]
    pub fn change(&mut self, key: &str) -> Option<ChangeDetail> {
        let compared = self.compared()?;
        detail::detail(compared, self, u64::from_str_radix(key, 16).ok()?)
    }

    /// One instance against the median one.
    #[must_use]
    pub fn instance(&mut self, dump: u32) -> Option<InstanceView> {
        instance::instance(self.compared()?, self, dump)
    }

    /// How the dumps differ, with what was asked for last; `None` below two dumps with goroutines.
    pub(crate) fn compared(&self) -> Option<&Compared> {
        let make = || {
            let started = self.now();
            let mut compared = Compared::of(self)?;
            compared.millis = self.now() - started;
            Some(compared)
        };
        self.compared.get_or_init(make).as_ref()
    }

    /// Something changed that a comparison rests on. Listings show what changed, so they are made anew, too.
    pub(crate) fn forget_comparison(&mut self) {
        self.compared.take();
        for loaded in self.dumps.values_mut() {
            loaded.listing = None;
        }
    }
}
