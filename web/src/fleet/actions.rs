//! What a click or a key on a cell does.

use std::rc::Rc;

use stackherd_report::protocol::ChangeRow;

use crate::hooks::Page;
use crate::model::{Action, FleetAction, Notice, Shown, Tab, instances};

/// The dump of the instance in a column, from 1.
fn dump_in(page: &Page, column: u32) -> Option<u32> {
    let view = page.state().compare.view.as_ref()?;
    let position = instances(view, page.state().fleet.order).get(column.checked_sub(1)? as usize).copied()?;
    view.dumps.get(position as usize).map(|dump| dump.dump)
}

/// The group in a row, from 1.
fn row_in(page: &Page, row: u32) -> Option<&Rc<ChangeRow>> {
    page.state().fleet.rows.row(row.checked_sub(1)?)
}

/// Shows below the table what a cell is about: row 0 holds instances, column 0 groups.
pub(super) fn choose(page: &Page, (row, column): (u32, u32)) {
    let dump = dump_in(page, column);
    let action = match (row_in(page, row), dump) {
        (Some(group), dump) => FleetAction::GroupChosen { key: group.key.clone(), dump },
        (None, Some(dump)) if row == 0 => FleetAction::InstanceChosen(dump),
        _ => return,
    };
    page.dispatch(Action::Fleet(action));
}

/// Goes to the dump that a cell is about, and to the group in it.
pub(super) fn open(page: &Page, (row, column): (u32, u32)) {
    let Some(dump) = dump_in(page, column) else { return };
    match row_in(page, row) {
        Some(group) => open_group(page, dump, group.key.clone()),
        None if row == 0 => open_dump(page, dump),
        None => {}
    }
}

/// What is below the table is about this cell already.
pub(super) fn is_chosen(page: &Page, (row, column): (u32, u32)) -> bool {
    let (fleet, dump) = (&page.state().fleet, dump_in(page, column));
    match row_in(page, row) {
        Some(group) => fleet.group.as_ref() == Some(&group.key) && dump.is_some() && fleet.instance == dump,
        None => fleet.group.is_none() && dump.is_some() && fleet.instance == dump,
    }
}

pub(super) fn open_dump(page: &Page, dump: u32) {
    // First the view: a dump chosen in this one is an instance.
    page.dispatch(Action::TabChosen(Tab::Groups));
    page.dispatch(Action::Activated(Shown::Dump(dump)));
}

pub(super) fn open_group(page: &Page, dump: u32, key: String) {
    open_dump(page, dump);
    page.dispatch(Action::GroupShown { key });
}

/// What Enter does where no cell has the focus.
pub(crate) fn choose_at_cursor(page: &Page) {
    choose(page, page.state().fleet.cursor);
}

/// Copies the group on show.
pub(crate) fn copy_detail(page: &Page) {
    let fleet = &page.state().fleet;
    if let Some(detail) = fleet.detail.as_ref().filter(|_| fleet.group.is_some() && fleet.is_detail_current()) {
        page.copy(detail.markdown.clone(), Notice::CopiedMarkdown);
    }
}
