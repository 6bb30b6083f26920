//! Everything the page knows and decides, as plain Rust: no element, no event, no browser.
//!
//! A view asks a `select_*` function what to show and sends an [`Action`]; [`reduce()`] makes the next [`State`].
//! What has to be asked of the worker follows from the state alone ([`questions`]).

mod action;
mod category;
mod number;
mod question;
mod reduce;
mod row_cache;
mod select_detail;
mod select_overview;
mod settings;
mod shortcut;
mod state;
mod window;

pub(crate) use action::{Action, CursorMove};
pub(crate) use category::colour_class;
pub(crate) use number::{millis, percent, size, thousands, wait, wait_short};
pub(crate) use question::{Question, questions};
pub(crate) use reduce::reduce;
pub(crate) use row_cache::RowCache;
pub(crate) use select_detail::{
    StackRow, histogram, is_same_place, origin_class, place, short_place, stack_rows, state_counts,
};
pub(crate) use select_overview::{Segment, Verdict, go_version, lower_bound, state_bars, verdict};
pub(crate) use settings::{DETAIL_WIDTHS, Language, Settings, Theme};
pub(crate) use shortcut::{Focus, Shortcut, shortcut};
pub(crate) use state::{DetailState, DetailTab, Dialog, DumpEntry, DumpStatus, Loss, Notice, Reader, State, Tab, Toast};
pub(crate) use window::{ListGeometry, Window};
