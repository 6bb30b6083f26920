//! Everything the page knows and decides, as plain Rust: no element, no event, no browser.
//!
//! A view asks a `select_*` function what to show and sends an [`Action`]; [`reduce()`] makes the next [`State`].
//! What has to be asked of the worker follows from the state alone ([`questions`]).

mod action;
mod ancestry_state;
mod blocking_state;
mod category;
mod cycle_graph;
mod go_code;
mod judgement;
mod judging;
mod line_diff;
mod markdown;
mod number;
mod question;
mod reduce;
mod reduce_inputs;
mod row_cache;
#[cfg(test)]
mod sample;
#[cfg(test)]
pub(crate) mod sample_blocking;
mod select_ancestry;
mod select_blocking;
mod select_detail;
mod select_findings;
mod select_format;
mod select_not_read;
mod select_overview;
mod select_series;
mod select_strip;
mod series_table;
mod settings;
mod shortcut;
mod source_link;
mod span;
mod state;
mod tab;
mod window;

pub(crate) use action::{Action, CursorMove};
pub(crate) use ancestry_state::{AncestryAction, AncestryState};
pub(crate) use blocking_state::{BlockingAction, BlockingState};
pub(crate) use category::colour_class;
pub(crate) use cycle_graph::{GraphEdge, GraphNode, cycle_graph, fit};
pub(crate) use go_code::{GoKind, GoSpan, go_lines};
pub(crate) use judgement::{JudgementState, detail_tab, finding_on_show};
pub(crate) use judging::{Export, Judging};
pub(crate) use line_diff::{Change, line_diff};
pub(crate) use markdown::{Block, Piece, markdown};
pub(crate) use number::{change, decimal, millis, percent, size, thousands, wait, wait_short};
pub(crate) use question::{Question, questions};
pub(crate) use reduce::reduce;
pub(crate) use row_cache::RowCache;
pub(crate) use select_ancestry::{SiteTree, ancestry_facts};
pub(crate) use select_blocking::{
    BlockedOn, bar_width, blocked_on, blocking_kinds, cycle_goids, folded_on_top, function_name, held_by, holder, kind_colour,
    n_listed, objects_of, step_frame, type_name,
};
pub(crate) use select_detail::{
    StackRow, histogram, is_same_place, origin_class, place, short_place, stack_rows, state_counts,
};
pub(crate) use select_findings::{Tone, confidence_bars, finding_places, judged_verdict, tone, verdict_finding, verdict_tone};
pub(crate) use select_format::{Lacks, lacks};
pub(crate) use select_not_read::{NotRead, not_read};
pub(crate) use select_overview::{Counts, Segment, Verdict, go_version, lower_bound, state_bars, verdict};
pub(crate) use select_series::{Axis, Line, Panel, SeriesChart, Tick, chart, n_values, place_name, shown_unit};
pub(crate) use select_strip::{StripItem, find_names, has_strip_menu, short_names, strip, strip_window};
pub(crate) use series_table::{SeriesRow, series_table};
pub(crate) use settings::{DETAIL_WIDTHS, Language, Settings, Theme};
pub(crate) use shortcut::{Focus, Shortcut, shortcut};
pub(crate) use source_link::{is_source_link, opens_page, source_link};
pub(crate) use span::elapsed;
use span::{clock, elapsed_seconds};
pub(crate) use state::{
    DetailTab, Dialog, DumpEntry, InputEntry, InputStatus, Loss, Notice, Reader, Shown, State, Summary, Toast,
};
pub(crate) use tab::{Tab, tabs};
pub(crate) use window::{ListGeometry, Window};
