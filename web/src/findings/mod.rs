//! Findings: the list of them, and one in full.

mod brief;
mod card;
mod code;
mod frame_place;
mod full;
mod pane;
mod prose;
mod severity_tag;

pub(crate) use self::brief::FixBrief;
pub(crate) use self::card::card;
pub(crate) use self::code::CodeDiff;
pub(crate) use self::frame_place::{anchor, copy_place, full_place};
pub(crate) use self::full::{FindingInFull, finding_in_full};
pub(crate) use self::pane::{FindingsPane, move_focus};
pub(crate) use self::severity_tag::SeverityTag;
