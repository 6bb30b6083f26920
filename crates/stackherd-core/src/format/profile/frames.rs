//! The calls at each address of a profile, stored in the tables once.

use alloc::format;
use alloc::vec::Vec;
use core::ops::Range;

use super::budget::Budget;
use super::contents::Contents;
use super::messages::{Function, Line};
use crate::error::Error;
use crate::func::fold_shapes;
use crate::tables::{Frame, FrameId, StringId, Tables};

/// The frames of all locations.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames {
    frames: Vec<FrameId>,
    /// By position of the location.
    ranges: Vec<Range<usize>>,
    /// Locations that have no name.
    pub(super) n_unsymbolized: u64,
}

impl Frames {
    /// Stores the frames of all locations. `O(lines)`.
    ///
    /// # Errors
    /// [`Error::OverblownProfile`]
    pub(super) fn intern(tables: &mut Tables, contents: &Contents<'_>, budget: &mut Budget) -> Result<Self, Error> {
        let mut names = Vec::new();
        for function in contents.functions.iter() {
            let name = name_of(contents, function);
            budget.take_text(name.len())?;
            names.push(tables.strings.intern(&fold_shapes(name)));
        }
        let mut frames = Self::default();
        let mut text = Vec::new();
        for location in contents.locations.iter() {
            let first = frames.frames.len();
            let lines = contents.lines(location);
            let mut is_symbolized = !lines.is_empty();
            for (line_idx, line) in lines.iter().enumerate() {
                let position = contents.functions.position(line.function_id);
                let mut function = position.and_then(|position| names.get(position)).copied().unwrap_or(StringId::EMPTY);
                if function.is_empty() {
                    is_symbolized = false;
                    function = address(tables, location.address);
                }
                let file = contents.functions.get(line.function_id).map_or(b"".as_slice(), |f| contents.string(f.file));
                budget.take_text(file.len())?;
                let location = place(tables, &mut text, file, line);
                let inlined = line_idx + 1 < lines.len();
                frames.frames.push(tables.frames.intern(Frame { function, location, inlined }));
            }
            if lines.is_empty() {
                frames.frames.push(unsymbolized(tables, location.address));
            }
            frames.n_unsymbolized += u64::from(!is_symbolized);
            frames.ranges.push(first..frames.frames.len());
        }
        Ok(frames)
    }

    /// The frames at a location, the innermost inlined one first.
    pub(super) fn of(&self, contents: &Contents<'_>, location_id: u64) -> Option<&[FrameId]> {
        let range = self.ranges.get(contents.locations.position(location_id)?)?;
        self.frames.get(range.clone())
    }
}

/// A frame of which only the address is known.
pub(super) fn unsymbolized(tables: &mut Tables, at: u64) -> FrameId {
    let function = address(tables, at);
    tables.frames.intern(Frame { function, location: StringId::EMPTY, inlined: false })
}

fn address(tables: &mut Tables, at: u64) -> StringId {
    tables.strings.intern(format!("{at:#x}").as_bytes())
}

/// As Go names it; producers of other languages may know the linker's name only.
fn name_of<'a>(contents: &Contents<'a>, function: &Function) -> &'a [u8] {
    let name = contents.string(function.name);
    if name.is_empty() { contents.string(function.system_name) } else { name }
}

/// `FILE:LINE`, as stacks in text have it. `text` is used again.
fn place(tables: &mut Tables, text: &mut Vec<u8>, file: &[u8], line: &Line) -> StringId {
    if file.is_empty() {
        return StringId::EMPTY;
    }
    text.clear();
    text.extend_from_slice(file);
    text.extend_from_slice(format!(":{}", line.line.max(0)).as_bytes());
    tables.strings.intern(text)
}
