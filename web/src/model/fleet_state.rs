//! What is known of the instances, and what of it is on show.

use std::rc::Rc;

use stackherd_report::protocol::{ChangeDetail, ChangePage, ChangeQuery, ChangeRow, ChangeSort, ComparisonView, InstanceView};
use stackherd_report::{ComparisonMode, Relation};

use super::{Action, CellValue, GridMove, InstanceOrder, Question, Reader, RowCache, State, Tab, instances};

/// Instances from which on one can be the odd one: of two, it could as well be the other.
pub(crate) const MIN_INSTANCES: usize = 3;

/// Something the reader did in the view of instances.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FleetAction {
    /// An instance, by its dump.
    InstanceChosen(u32),
    /// A group, by its key, in an instance or in all.
    GroupChosen { key: String, dump: Option<u32> },
    /// The instance is wanted again in place of the group.
    GroupClosed,
    /// What a cell tells.
    CellsChosen(CellValue),
    /// How the instances stand.
    OrderChosen(InstanceOrder),
    /// By what the groups stand; the same again goes back to the oddest first.
    Sorted(ChangeSort),
    /// These rows are in sight.
    RowsSeen { first: u32, count: u32 },
    /// Over names, groups and cells.
    CursorMoved(GridMove),
    /// How instances are named: a regular expression, or empty for Stackherd's way.
    PatternGiven(Rc<str>),
}

/// The view of instances.
#[derive(Clone, Debug, Default)]
pub(crate) struct FleetState {
    pub(crate) cells: CellValue,
    pub(crate) order: InstanceOrder,
    pub(crate) query: ChangeQuery,
    pub(crate) rows: RowCache<ChangeRow>,
    /// Groups that match; `None` before the first answer.
    pub(crate) matched_groups: Option<u32>,
    /// The dumps that the rows are about, in the order of their counts.
    dumps: Vec<u32>,
    /// Row and column of the cell that the keys move. Row 0 holds the names of instances, column 0 those of groups.
    pub(crate) cursor: (u32, u32),
    /// Changes whenever the cursor has to be brought into sight.
    pub(crate) reveal: u32,

    /// The instance the reader chose, by its dump.
    pub(crate) instance: Option<u32>,
    /// The last answer about an instance; for a moment of the one chosen before.
    pub(crate) instance_view: Option<Rc<InstanceView>>,
    /// The dump that it is about; `None` when it has to be asked for again.
    instance_known: Option<u32>,
    instance_asked: Option<(u32, u32)>,

    /// The group the reader chose, in place of an instance.
    pub(crate) group: Option<String>,
    /// The last answer about a group; for a moment of the one chosen before.
    pub(crate) detail: Option<Rc<ChangeDetail>>,
    detail_known: bool,
    detail_asked: Option<u32>,

    /// How instances are named.
    pub(crate) pattern: Rc<str>,
    /// What the worker was told of it; it starts with its own way.
    pattern_sent: Rc<str>,
    pattern_asked: Option<u32>,
    /// Why the pattern was not taken.
    pub(crate) pattern_error: Option<String>,

    /// The reader went somewhere, or the page led to this view: it does not lead there again.
    is_settled: bool,
}

impl FleetState {
    pub(super) fn act(&mut self, action: FleetAction) {
        match action {
            FleetAction::InstanceChosen(dump) => {
                self.instance = Some(dump);
                self.group = None;
            }
            FleetAction::GroupChosen { key, dump } => {
                self.instance = dump.or(self.instance);
                if self.group.as_ref() != Some(&key) {
                    self.group = Some(key);
                    self.detail_known = false;
                }
            }
            FleetAction::GroupClosed => self.group = None,
            FleetAction::CellsChosen(cells) => self.cells = cells,
            FleetAction::OrderChosen(order) => self.order = order,
            FleetAction::Sorted(sort) => {
                self.query.sort = if self.query.sort == sort { ChangeSort::Rank } else { sort };
                self.query.ascending = self.query.sort == ChangeSort::Function;
                self.relist();
            }
            FleetAction::RowsSeen { first, count } => self.rows.see(first, count),
            FleetAction::CursorMoved(to) => {
                let last = (self.matched_groups.unwrap_or(0), u32::try_from(self.dumps.len()).unwrap_or(u32::MAX));
                self.cursor = to.cell_from(self.cursor, last);
                self.reveal += 1;
            }
            FleetAction::PatternGiven(pattern) => self.pattern = pattern,
        }
    }

    fn relist(&mut self) {
        self.rows.change();
        self.cursor.0 = self.cursor.0.min(1);
    }

    /// Another comparison came: rows and instances are to be asked for again.
    pub(super) fn outdate(&mut self, view: Option<&ComparisonView>) {
        let dumps: Vec<u32> = view.iter().flat_map(|view| &view.dumps).map(|dump| dump.dump).collect();
        (self.instance_known, self.instance_asked) = (None, None);
        (self.detail_known, self.detail_asked) = (false, None);
        if self.dumps == dumps {
            self.rows.change();
            return;
        }
        // Counts are told by position, so that those of other dumps mean nothing.
        self.rows.clear();
        self.matched_groups = None;
        (self.instance_view, self.detail) = (None, None);
        self.instance.take_if(|chosen| !dumps.contains(chosen));
        let last_column = u32::try_from(dumps.len()).unwrap_or(u32::MAX);
        self.cursor = (self.cursor.0.min(1), self.cursor.1.min(last_column));
        self.dumps = dumps;
    }

    /// Another worker knows nothing of what the last one was told.
    pub(super) fn lost(&mut self) {
        self.outdate(None);
        self.pattern_sent = Rc::default();
        self.pattern_asked = None;
    }

    /// Groups in the table.
    pub(crate) fn total(&self) -> u32 {
        self.rows.total(self.matched_groups.unwrap_or(0))
    }

    /// The instance that stands in the lower pane: the one chosen, or the oddest.
    pub(crate) fn instance_on_show(&self, view: &ComparisonView) -> Option<u32> {
        let is_there = |dump: &u32| view.dumps.iter().any(|compared| compared.dump == *dump);
        self.instance.filter(is_there).or_else(|| {
            let first = instances(view, InstanceOrder::Oddest).first().copied()?;
            view.dumps.get(first as usize).map(|dump| dump.dump)
        })
    }

    /// The answer about the instance on show has come.
    pub(crate) fn is_instance_current(&self, dump: u32) -> bool {
        self.instance_known == Some(dump)
    }

    /// The answer about the group on show has come.
    pub(crate) const fn is_detail_current(&self) -> bool {
        self.detail_known
    }

    pub(super) fn asked(&mut self, ask: u32, question: &Question) {
        match question {
            Question::Changes { offset, .. } => self.rows.ask(ask, *offset),
            Question::Change { .. } => self.detail_asked = Some(ask),
            Question::Instance { dump } => self.instance_asked = Some((ask, *dump)),
            Question::InstancePattern { pattern } => {
                self.pattern_sent = pattern.clone();
                self.pattern_asked = Some(ask);
                self.pattern_error = None;
            }
            _ => {}
        }
    }

    pub(super) fn answer_rows(&mut self, ask: u32, page: ChangePage) {
        if self.rows.answer(ask, page.rows) {
            self.matched_groups = Some(page.matched_groups);
            self.cursor.0 = self.cursor.0.min(page.matched_groups);
        }
    }

    pub(super) fn answer_instance(&mut self, ask: u32, view: Option<Box<InstanceView>>) {
        let Some((_, dump)) = self.instance_asked.take_if(|(asked, _)| *asked == ask) else { return };
        self.instance_known = Some(dump);
        self.instance_view = view.map(Rc::from);
    }

    /// Takes a detail in; gives it back when it answers somebody else's question.
    pub(super) fn answer_detail(
        &mut self,
        ask: u32,
        detail: Option<Box<ChangeDetail>>,
    ) -> Result<(), Option<Box<ChangeDetail>>> {
        if self.detail_asked != Some(ask) {
            return Err(detail);
        }
        self.detail_asked = None;
        match detail {
            Some(detail) if self.group.as_ref() == Some(&detail.row.key) => {
                self.detail = Some(Rc::from(detail));
                self.detail_known = true;
            }
            // Another group was chosen in the meantime.
            Some(_) => {}
            None => self.group = None,
        }
        Ok(())
    }

    pub(super) fn answer_pattern(&mut self, ask: u32, error: Option<String>) {
        if self.pattern_asked.take_if(|asked| *asked == ask).is_some() {
            self.pattern_error = error;
        }
    }
}

/// What the view of instances lacks, when it is on show.
pub(super) fn fleet_questions(state: &State) -> Vec<Question> {
    let fleet = &state.fleet;
    let mut questions = Vec::new();
    if state.reader != Reader::Ready {
        return questions;
    }
    if fleet.pattern_sent != fleet.pattern {
        questions.push(Question::InstancePattern { pattern: fleet.pattern.clone() });
    }
    let Some(view) = state.compare.view.as_deref() else { return questions };
    // While another comparison is made, rows would be of that one.
    let is_coming = state.compare.asked.is_some();
    if is_coming || state.tab_on_show() != Tab::Fleet || view.mode != ComparisonMode::Fleet {
        return questions;
    }
    if let Some((offset, limit)) = fleet.rows.missing(fleet.total()) {
        questions.push(Question::Changes { query: fleet.query.clone(), offset, limit });
    }
    match &fleet.group {
        Some(key) => {
            if !fleet.detail_known && fleet.detail_asked.is_none() {
                questions.push(Question::Change { key: key.clone() });
            }
        }
        None => {
            if let Some(dump) = fleet.instance_on_show(view)
                && fleet.instance_known != Some(dump)
                && fleet.instance_asked.is_none_or(|(_, asked)| asked != dump)
            {
                questions.push(Question::Instance { dump });
            }
        }
    }
    questions
}

/// The filter of the page is about the groups of the instances as well, and a dump chosen above is an instance below.
pub(super) fn fleet_follows(state: &mut State, is_dump_chosen: bool) {
    if state.tab_on_show() != Tab::Fleet {
        return;
    }
    if is_dump_chosen && let Some(dump) = state.active_dump().map(|dump| dump.id) {
        state.fleet.act(FleetAction::InstanceChosen(dump));
    }
    let text = state.active_dump().map_or("", |dump| dump.groups.query.text.as_str());
    if state.fleet.query.text != text {
        state.fleet.query.text = text.to_owned();
        state.fleet.relist();
    }
}

/// Notes that the reader chose what to look at.
pub(super) fn fleet_notices(state: &mut State, action: &Action) {
    match action {
        // What is opened after all else was removed is new.
        Action::InputAdded { .. } if state.inputs.is_empty() => state.fleet.is_settled = false,
        Action::TabChosen(_)
        | Action::Activated(_)
        | Action::Stepped { .. }
        | Action::Filtered(_)
        | Action::CategoryToggled(_)
        | Action::Sorted(_)
        | Action::CursorMoved(_)
        | Action::DetailTabChosen(_)
        | Action::GroupShown { .. }
        | Action::FindingChosen(_)
        | Action::FixShown => state.fleet.is_settled = true,
        _ => {}
    }
}

/// Several dumps of a service are opened to see what changed, or which instance is odd, so the page leads there, once and only
/// a reader who went nowhere.
pub(super) fn lead_to_comparison(state: &mut State) {
    let Some(view) = state.compare.view.as_deref() else { return };
    let tab = match view.mode {
        ComparisonMode::Series => Tab::Compare,
        ComparisonMode::Fleet if view.dumps.len() >= MIN_INSTANCES => Tab::Fleet,
        ComparisonMode::Fleet => return,
    };
    if view.relation != Relation::Unknown && !state.fleet.is_settled {
        state.fleet.is_settled = true;
        if state.tab == Tab::Groups {
            state.tab = tab;
        }
    }
}

#[cfg(test)]
#[path = "fleet_state_tests.rs"]
mod tests;
