//! Labels of a sample: what the program set, and what Go itself says of a single goroutine.
//!
//! Go's builds that list goroutines one by one put the header's facts into labels whose keys begin with `go::goroutine`
//! (golang/go issue 74964, CockroachDB's fork): the goid, its parent's, the wait reason and the minutes.

use alloc::string::String;
use alloc::vec::Vec;

use super::budget::Budget;
use super::contents::Contents;
use super::messages::Label;
use crate::error::Error;
use crate::format::traceback::labels;

/// What Go's own labels say of a goroutine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known<'a> {
    pub(super) goid: Option<u64>,
    pub(super) parent: Option<u64>,
    /// Go's words: `chan receive`.
    pub(super) wait_reason: Option<&'a [u8]>,
    pub(super) wait_minutes: Option<u32>,
}

/// Reads labels; its memory is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct LabelReader {
    text: Vec<u8>,
}

impl LabelReader {
    /// What Go's own labels say.
    ///
    /// # Errors
    /// [`Error::OverblownProfile`]
    pub(super) fn read<'a>(&mut self, contents: &Contents<'a>, all: &[Label], budget: &mut Budget) -> Result<Known<'a>, Error> {
        self.text.clear();
        let mut known = Known::default();
        if all.is_empty() {
            return Ok(known);
        }
        let mut shown = Vec::with_capacity(all.len());
        for label in all {
            let (key, text) = (contents.string(label.key), contents.string(label.text));
            budget.take_text(key.len() + text.len())?;
            // A wrapped minus sign is no goid.
            let number = || if text.is_empty() { u64::try_from(label.number).ok() } else { parse(text) };
            match key {
                b"go::goroutine" => known.goid = number(),
                b"go::goroutine_created_by" => known.parent = number(),
                b"go::goroutine_state" => known.wait_reason = Some(text).filter(|text| !text.is_empty()),
                b"go::goroutine_wait_minutes" => {
                    known.wait_minutes = number().map(|minutes| u32::try_from(minutes).unwrap_or(u32::MAX));
                }
                _ => shown.push((key, text, label)),
            }
        }
        // Go up to 1.19 writes labels in the order of a map.
        shown.sort_by_key(|&(key, text, label)| (key, text, label.number));
        for (key, text, label) in shown {
            if text.is_empty() && label.number != 0 {
                let unit = contents.string(label.number_unit);
                budget.take_text(unit.len())?;
                let number = alloc::format!("{} {}", label.number, String::from_utf8_lossy(unit));
                labels::append(&mut self.text, key, number.trim_end().as_bytes());
            } else {
                labels::append(&mut self.text, key, text);
            }
        }
        Ok(known)
    }

    /// The program's labels as headers carry them, sorted by key: `"handler":"/api", "user":"7"`.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }
}

fn parse(text: &[u8]) -> Option<u64> {
    core::str::from_utf8(text).ok()?.parse().ok()
}
