//! What is known of how the dumps differ, and what of it is on show.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use stackherd_report::protocol::{
    ChangeDetail, ChangePage, ChangeQuery, ChangeRow, ChangeSort, CompareOptions, ComparisonView, FindingView, GroupQuery,
};
use stackherd_report::{GroupStatus, Similarity};

use super::compare_questions::Basis;
use super::{CursorMove, Question, RowCache, Scale};

/// Something the reader did in the view of changes, or that concerns how dumps are compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CompareAction {
    /// Another baseline, target, mode or relation.
    OptionsChanged(CompareOptions),
    /// Only groups that this happened to; `None` for all.
    StatusChosen(Option<GroupStatus>),
    /// Groups that did not change are to be listed, or not.
    SameUnfolded(bool),
    Sorted(ChangeSort),
    /// These rows are in sight.
    Seen {
        first: u32,
        count: u32,
    },
    CursorMoved(CursorMove),
    /// A group, by its key.
    GroupChosen(String),
    /// The panel beside the table is wanted over it, where there is room for one of them only.
    Opened(bool),
    PanelChosen(ComparePanel),
    /// A finding, by its index; `None` for the list of them.
    FindingChosen(Option<u32>),
    /// A folded run of frames was unfolded.
    FramesUnfolded(usize),
    ScaleChosen(Scale),
    /// A line of the chart is to be drawn, or not.
    LineToggled(String),
    /// The numbers of the chart as a table, or not.
    TableShown(bool),
}

/// What lies below the chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ComparePanel {
    #[default]
    Group,
    Findings,
}

/// The comparison of all dumps.
#[derive(Clone, Debug, Default)]
pub(crate) struct CompareState {
    pub(crate) options: CompareOptions,
    /// The last answer; for a moment the one to the question before.
    pub(crate) view: Option<Rc<ComparisonView>>,
    /// What the view was asked for with.
    pub(super) basis: Option<Basis>,
    /// The question under way.
    pub(super) asked: Option<(u32, Basis)>,
    /// Counts what changes the comparison without being part of the question.
    pub(super) edition: u32,
    /// How the worker groups.
    pub(super) similarity: Similarity,
    pub(super) regrouping: Option<u32>,
    /// When dumps were taken, as the reader says; RFC 3339.
    times: BTreeMap<u32, String>,
    /// What of it the worker does not know.
    pub(super) untold: Vec<(u32, Option<String>)>,

    pub(crate) query: ChangeQuery,
    pub(crate) status: Option<GroupStatus>,
    pub(crate) unfolds_same: bool,
    pub(crate) rows: RowCache<ChangeRow>,
    /// Groups that match; `None` before the first answer.
    pub(crate) matched_groups: Option<u32>,
    /// The row that the keys move.
    pub(crate) cursor: u32,
    /// The row under the cursor is to be opened once it is known.
    follows: bool,
    /// Changes whenever the cursor has to be brought into sight.
    pub(crate) reveal: u32,

    /// The group chosen.
    pub(crate) key: Option<String>,
    /// The last one the worker sent; for a moment the one chosen before.
    pub(crate) detail: Option<Rc<ChangeDetail>>,
    pub(super) detail_asked: Option<u32>,
    pub(super) is_detail_outdated: bool,
    pub(crate) unfolded: BTreeSet<usize>,
    pub(crate) is_open: bool,
    pub(crate) panel: ComparePanel,
    pub(crate) finding: Option<u32>,

    /// `None` for the one that fits the numbers.
    pub(crate) scale: Option<Scale>,
    /// Keys of groups and names of counters that are not drawn.
    pub(crate) hidden: BTreeSet<String>,
    pub(crate) is_table: bool,
}

impl CompareState {
    /// When a dump was taken, as the reader says.
    pub(crate) fn time_given(&self, dump: u32) -> Option<&str> {
        self.times.get(&dump).map(String::as_str)
    }

    /// The group on show is the one chosen, in the comparison on show.
    pub(crate) fn is_detail_current(&self) -> bool {
        !self.is_detail_outdated && self.detail.as_ref().map(|detail| &detail.row.key) == self.key.as_ref()
    }

    /// The worker has answered.
    pub(crate) const fn is_answered(&self) -> bool {
        self.basis.is_some() && self.asked.is_none()
    }

    /// No newer comparison is under way.
    pub(crate) const fn is_current(&self) -> bool {
        self.asked.is_none()
    }

    /// The finding in full.
    pub(crate) fn finding_on_show(&self) -> Option<&FindingView> {
        self.view.as_ref()?.findings.get(self.finding? as usize)
    }

    /// The dump the others compare to.
    pub(crate) fn baseline(&self) -> Option<u32> {
        let view = self.view.as_ref()?;
        view.dumps.get(view.baseline as usize).map(|dump| dump.dump)
    }

    pub(super) fn act(&mut self, action: CompareAction) {
        match action {
            CompareAction::OptionsChanged(options) => self.options = options,
            CompareAction::StatusChosen(status) => {
                self.status = status;
                self.relist(true);
            }
            CompareAction::SameUnfolded(unfolds) => {
                self.unfolds_same = unfolds;
                self.relist(false);
            }
            CompareAction::Sorted(sort) => {
                let query = &mut self.query;
                // Changes by size have one order; a second click on the column tells growth from shrinkage.
                (query.sort, query.ascending) = match (sort, query.sort, query.ascending) {
                    (ChangeSort::Delta, ChangeSort::Delta, false) => (ChangeSort::Delta, true),
                    (ChangeSort::Delta, ChangeSort::Delta, true) => (ChangeSort::Rank, false),
                    (sort, before, ascending) if sort == before => (sort, !ascending),
                    (sort, ..) => (sort, matches!(sort, ChangeSort::Function | ChangeSort::State)),
                };
                self.rows.change();
            }
            CompareAction::Seen { first, count } => self.rows.see(first, count),
            CompareAction::CursorMoved(to) => {
                let Some(last) = self.matched_groups.and_then(|groups| groups.checked_sub(1)) else { return };
                self.cursor = to.row_from(self.cursor, last);
                (self.follows, self.panel) = (true, ComparePanel::Group);
                self.reveal += 1;
                self.follow();
            }
            CompareAction::GroupChosen(key) => {
                if let Some(row) = self.rows.position(|row| row.key == key) {
                    self.cursor = row;
                    self.reveal += 1;
                }
                self.follows = false;
                self.choose(key);
            }
            CompareAction::Opened(is_open) => self.is_open = is_open,
            CompareAction::PanelChosen(panel) => self.panel = panel,
            CompareAction::FindingChosen(finding) => {
                self.finding = finding;
                self.panel = ComparePanel::Findings;
                let findings = self.view.as_ref().map(|view| view.findings.as_slice()).unwrap_or_default();
                let chosen = finding.and_then(|index| findings.get(index as usize)?.groups.first().cloned());
                if let Some(key) = chosen {
                    self.act(CompareAction::GroupChosen(key));
                }
            }
            CompareAction::FramesUnfolded(first) => _ = self.unfolded.insert(first),
            CompareAction::ScaleChosen(scale) => self.scale = Some(scale),
            CompareAction::LineToggled(line) => {
                if !self.hidden.remove(&line) {
                    self.hidden.insert(line);
                }
            }
            CompareAction::TableShown(is_table) => self.is_table = is_table,
        }
    }

    /// Other rows are listed; those on show stay until they come.
    fn relist(&mut self, from_top: bool) {
        use GroupStatus::{Gone, Grown, New, Shrunk};
        self.query.statuses = match self.status {
            Some(status) => vec![status],
            None if self.unfolds_same => Vec::new(),
            None => vec![New, Grown, Shrunk, Gone],
        };
        self.rows.change();
        if from_top {
            self.cursor = 0;
        }
    }

    /// Takes over the filter of the page; true when it is another one.
    pub(super) fn filter(&mut self, groups: &GroupQuery) -> bool {
        let query = &mut self.query;
        if query.text == groups.text && query.categories == groups.categories && query.hides_idle == groups.hides_idle {
            return false;
        }
        query.text.clone_from(&groups.text);
        query.categories.clone_from(&groups.categories);
        query.hides_idle = groups.hides_idle;
        self.rows.change();
        self.cursor = 0;
        true
    }

    fn choose(&mut self, key: String) {
        if self.key.as_ref() != Some(&key) {
            self.key = Some(key);
            self.unfolded.clear();
        }
    }

    /// Opens the row under the cursor as soon as it is known.
    fn follow(&mut self) {
        if self.follows
            && let Some(row) = self.rows.row(self.cursor)
        {
            let key = row.key.clone();
            self.follows = false;
            self.choose(key);
        }
    }

    /// The dump was taken then; `None` for what its file says.
    pub(super) fn set_time(&mut self, dump: u32, captured_at: Option<String>) {
        match &captured_at {
            Some(at) => _ = self.times.insert(dump, at.clone()),
            None => _ = self.times.remove(&dump),
        }
        self.untold.retain(|(untold, _)| *untold != dump);
        self.untold.push((dump, captured_at));
    }

    /// Dumps are judged or grouped otherwise.
    pub(super) const fn outdate(&mut self) {
        self.edition += 1;
    }

    /// There is nothing to compare any more; true when there was.
    pub(super) fn clear(&mut self) -> bool {
        let had_view = self.view.take().is_some();
        (self.basis, self.asked, self.detail, self.detail_asked) = (None, None, None, None);
        (self.key, self.finding, self.matched_groups) = (None, None, None);
        self.rows.clear();
        had_view
    }

    /// The worker is gone, and its dumps with it.
    pub(super) fn lose(&mut self) {
        self.clear();
        (self.similarity, self.regrouping) = (Similarity::default(), None);
        self.times.clear();
        self.untold.clear();
    }

    /// Only these dumps are there.
    pub(super) fn keep_dumps(&mut self, is_there: impl Fn(u32) -> bool) {
        self.options.baseline = self.options.baseline.filter(|dump| is_there(*dump));
        self.options.target = self.options.target.filter(|dump| is_there(*dump));
        self.times.retain(|dump, _| is_there(*dump));
        self.untold.retain(|(dump, _)| is_there(*dump));
    }

    pub(super) fn ask_view(&mut self, ask: u32, basis: Basis) {
        if self.query.statuses.is_empty() {
            self.relist(true);
        }
        self.asked = Some((ask, basis));
        // What is asked from now on is about the new comparison.
        self.rows.change();
        self.is_detail_outdated = true;
        self.detail_asked = None;
    }

    pub(super) fn asked(&mut self, ask: u32, question: &Question) {
        match question {
            Question::Changes { query, offset, .. } if *query == self.query => self.rows.ask(ask, *offset),
            Question::Change { .. } => self.detail_asked = Some(ask),
            Question::Regroup { similarity, .. } => {
                self.similarity = *similarity;
                self.regrouping = Some(ask);
            }
            Question::CapturedAt { dump, .. } => {
                self.untold.retain(|(untold, _)| untold != dump);
                self.edition += 1;
            }
            Question::InstancePattern { .. } => self.edition += 1,
            _ => {}
        }
    }

    /// Takes an answer in; false when a newer question is under way.
    pub(super) fn answer_view(&mut self, ask: u32, view: Option<Box<ComparisonView>>) -> bool {
        let Some((_, basis)) = self.asked.take_if(|(asked, _)| *asked == ask) else { return false };
        self.basis = Some(basis);
        let n_findings = view.as_ref().map_or(0, |view| view.findings.len());
        self.finding = self.finding.filter(|index| (*index as usize) < n_findings);
        self.view = view.map(Rc::from);
        true
    }

    /// Takes rows in; gives those back that another view asked for.
    pub(super) fn answer_rows(&mut self, ask: u32, page: ChangePage) -> Result<(), ChangePage> {
        if !self.rows.is_asked(ask) {
            return Err(page);
        }
        let is_first_of_list = !self.rows.is_current();
        if self.rows.answer(ask, page.rows) {
            self.matched_groups = Some(page.matched_groups);
            if is_first_of_list {
                let chosen = self.key.as_ref().and_then(|key| self.rows.position(|row| row.key == *key));
                self.cursor = chosen.unwrap_or(0);
                self.follows |= self.key.is_none();
                self.reveal += 1;
            }
            self.follow();
        }
        Ok(())
    }

    pub(super) fn answer_detail(&mut self, ask: u32, detail: Option<Box<ChangeDetail>>) {
        if self.detail_asked.take_if(|asked| *asked == ask).is_none() {
            return;
        }
        match detail {
            Some(detail) if self.key.as_ref() == Some(&detail.row.key) => {
                self.detail = Some(Rc::from(detail));
                self.is_detail_outdated = false;
            }
            Some(_) => {}
            // It went with a dump: the first row takes its place.
            None => {
                (self.key, self.detail, self.is_detail_outdated) = (None, None, false);
                self.follows = true;
                self.follow();
            }
        }
    }

    /// Groups have other keys now; the one with the stack on show is this.
    pub(super) fn regrouped(&mut self, ask: u32, open: Option<&str>) -> bool {
        if self.regrouping.take_if(|asked| *asked == ask).is_none() {
            return false;
        }
        self.key = open.map(str::to_owned);
        self.unfolded.clear();
        self.hidden.clear();
        true
    }
}

#[cfg(test)]
#[path = "compare_state_tests.rs"]
mod tests;
