//! Everything the page knows and decides, as plain Rust: no element, no event, no browser.
//!
//! A view asks a `select_*` function what to show and sends an [`Action`]; [`reduce()`] makes the next [`State`].
//! What has to be asked of the worker follows from the state alone ([`questions`]).

mod action;
mod ancestry_state;
mod blocking_state;
mod category;
mod compare_questions;
mod compare_state;
mod cycle_graph;
mod fleet_state;
mod go_code;
mod grid_move;
mod judgement;
mod judging;
mod line_diff;
mod markdown;
mod matrix;
mod matrix_geometry;
mod number;
mod question;
mod reduce;
mod reduce_inputs;
mod row_cache;
#[cfg(test)]
mod sample;
#[cfg(test)]
pub(crate) mod sample_blocking;
#[cfg(test)]
pub(crate) mod sample_compare;
#[cfg(test)]
mod sample_fleet;
mod select_ancestry;
mod select_blocking;
mod select_compare;
mod select_detail;
mod select_findings;
mod select_fleet;
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
mod trend_chart;
mod window;

pub(crate) use action::{Action, CursorMove};
pub(crate) use ancestry_state::{AncestryAction, AncestryState};
pub(crate) use blocking_state::{BlockingAction, BlockingState};
pub(crate) use category::colour_class;
pub(crate) use compare_state::{CompareAction, ComparePanel, CompareState};
pub(crate) use cycle_graph::{GraphEdge, GraphNode, cycle_graph, fit};
pub(crate) use fleet_state::{FleetAction, FleetState, MIN_INSTANCES};
pub(crate) use go_code::{GoKind, GoSpan, go_lines};
pub(crate) use grid_move::GridMove;
pub(crate) use judgement::{JudgementState, detail_tab, finding_on_show};
pub(crate) use judging::{Export, Judging};
pub(crate) use line_diff::{Change, line_diff};
pub(crate) use markdown::{Block, Piece, markdown};
pub(crate) use matrix::{CellMark, CellValue, cell, count_at, median_text, ratio, ratio_bar, ratio_text, total_bar};
pub(crate) use matrix_geometry::{MatrixGeometry, MatrixWindow, ROW_HEIGHT};
pub(crate) use number::{change, decimal, millis, percent, size, thousands, wait, wait_short};
pub(crate) use question::{Question, questions};
pub(crate) use reduce::reduce;
pub(crate) use row_cache::RowCache;
pub(crate) use select_ancestry::{SiteTree, ancestry_facts};
pub(crate) use select_blocking::{
    BlockedOn, bar_width, blocked_on, blocking_kinds, cycle_goids, folded_on_top, function_name, held_by, holder, kind_colour,
    n_listed, objects_of, step_frame, type_name,
};
pub(crate) use select_compare::{
    MAX_DUMP_COLUMNS, change_sort_state, column_places, dump_labels, dump_time, forecast, frame_name, names_of, per_minute,
    rfc3339, shows_stuck, signed, since_dump, spark_path, trend_tone,
};
pub(crate) use select_detail::{
    StackRow, histogram, is_same_place, origin_class, place, short_place, stack_rows, state_counts,
};
pub(crate) use select_findings::{Tone, confidence_bars, finding_places, judged_verdict, tone, verdict_finding, verdict_tone};
pub(crate) use select_fleet::{InstanceOrder, Odd, differing_parts, instances, odd_instances};
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
pub(crate) use trend_chart::{Scale, TrendChart, TrendCurve, spread, trend_chart};
pub(crate) use window::{ListGeometry, Window};
