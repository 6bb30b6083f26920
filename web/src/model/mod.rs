//! Everything the page knows and decides, as plain Rust: no element, no event, no browser.
//!
//! A view asks a `select_*` function what to show and sends an [`Action`]; [`reduce()`] makes the next [`State`].
//! What has to be asked of the worker follows from the state alone ([`questions`]).

mod action;
mod category;
mod number;
mod question;
mod reduce;
mod reduce_inputs;
mod row_cache;
#[cfg(test)]
mod sample;
mod select_detail;
mod select_format;
mod select_not_read;
mod select_overview;
mod select_series;
mod select_strip;
mod series_table;
mod settings;
mod shortcut;
mod span;
mod state;
mod window;

pub(crate) use action::{Action, CursorMove};
pub(crate) use category::colour_class;
pub(crate) use number::{change, decimal, millis, percent, size, thousands, wait, wait_short};
pub(crate) use question::{Question, questions};
pub(crate) use reduce::reduce;
pub(crate) use row_cache::RowCache;
pub(crate) use select_detail::{
    StackRow, histogram, is_same_place, origin_class, place, short_place, stack_rows, state_counts,
};
pub(crate) use select_format::{Lacks, lacks};
pub(crate) use select_not_read::{NotRead, not_read};
pub(crate) use select_overview::{Counts, Segment, Verdict, go_version, lower_bound, state_bars, verdict};
pub(crate) use select_series::{Axis, Line, Panel, SeriesChart, Tick, chart, n_values, place_name, shown_unit};
pub(crate) use select_strip::{StripItem, find_names, has_strip_menu, short_names, strip, strip_window};
pub(crate) use series_table::{SeriesRow, series_table};
pub(crate) use settings::{DETAIL_WIDTHS, Language, Settings, Theme};
pub(crate) use shortcut::{Focus, Shortcut, shortcut};
pub(crate) use span::elapsed;
use span::{clock, elapsed_seconds};
pub(crate) use state::{
    DetailState, DetailTab, Dialog, DumpEntry, InputEntry, InputStatus, Loss, Notice, Reader, Shown, State, Summary, Tab, Toast,
};
pub(crate) use window::{ListGeometry, Window};
