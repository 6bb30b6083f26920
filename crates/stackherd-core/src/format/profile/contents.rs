//! What samples refer to by number: the first pass over a profile.

use alloc::vec::Vec;

use prost::Message;

use super::fields::{Broken, Field, Fields, Value};
use super::messages::{Function, Line, Location, ValueType};
use super::{PERIOD_TYPE, SAMPLE, SAMPLE_TYPE};
use crate::error::Error;
use crate::order;

const LOCATION: u32 = 4;
const FUNCTION: u32 = 5;
const STRING: u32 = 6;
const TIME_NANOS: u32 = 9;

/// Longest message that is decoded into objects, which take several times its size. Go's samples have at most 1024 frames
/// (`GODEBUG=profstackdepth`).
const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// A profile without its samples.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents<'a> {
    pub(super) sample_types: Vec<ValueType>,
    pub(super) period_type: ValueType,
    pub(super) time_nanos: i64,
    /// The bytes end inside a field.
    pub(super) is_cut: bool,
    pub(super) has_samples: bool,
    pub(super) strings: Vec<&'a [u8]>,
    pub(super) functions: ById<Function>,
    pub(super) locations: ById<Address>,
    /// Of all locations, one location's next to each other.
    lines: Vec<Line>,
}

/// A [`Location`] whose lines are kept apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address {
    pub(super) address: u64,
    first_line: u32,
    n_lines: u32,
}

impl<'a> Contents<'a> {
    /// Reads everything but the samples. `O(bytes)`.
    ///
    /// # Errors
    /// [`Error::DamagedProfile`]
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut contents = Self::default();
        let mut location = Location::default();
        for field in Fields::new(bytes) {
            match field {
                Ok(field) => contents.field(field, &mut location)?,
                Err(Broken::Cut) => contents.is_cut = true,
                Err(broken @ Broken::Damaged { .. }) => return Err(broken.into_error(bytes.len())),
            }
        }
        contents.functions.sort();
        contents.locations.sort();
        Ok(contents)
    }

    fn field(&mut self, field: Field<'a>, location: &mut Location) -> Result<(), Error> {
        match (field.number, field.value) {
            (SAMPLE_TYPE, Value::Bytes(_)) => {
                let mut sample_type = ValueType::default();
                decode(field, &mut sample_type)?;
                self.sample_types.push(sample_type);
            }
            (PERIOD_TYPE, Value::Bytes(_)) => decode(field, &mut self.period_type)?,
            (SAMPLE, Value::Bytes(_)) => self.has_samples = true,
            (STRING, Value::Bytes(text)) => self.strings.push(text),
            (FUNCTION, Value::Bytes(_)) => {
                let mut function = Function::default();
                decode(field, &mut function)?;
                self.functions.push(function.id, function);
            }
            (LOCATION, Value::Bytes(_)) => {
                decode(field, location)?;
                let (first_line, n_lines) = (self.lines.len() as u32, location.lines.len() as u32);
                let address = Address { address: location.address, first_line, n_lines };
                if self.locations.push(location.id, address) {
                    self.lines.extend_from_slice(&location.lines);
                }
            }
            // A time before 1970 is a large varint.
            (TIME_NANOS, Value::Varint(nanos)) => self.time_nanos = nanos as i64,
            (SAMPLE_TYPE | SAMPLE | LOCATION | FUNCTION | STRING | PERIOD_TYPE | TIME_NANOS, _) => {
                return Err(Error::DamagedProfile { offset_bytes: field.offset_bytes });
            }
            _ => {}
        }
        Ok(())
    }

    /// The text with this index; the empty one for none.
    pub(super) fn string(&self, index: i64) -> &'a [u8] {
        usize::try_from(index).ok().and_then(|index| self.strings.get(index)).copied().unwrap_or_default()
    }

    /// Whether the string table has this index.
    fn has_string(&self, index: i64) -> bool {
        usize::try_from(index).is_ok_and(|index| index < self.strings.len())
    }

    /// The calls at an address, the innermost inlined one first.
    pub(super) fn lines(&self, location: &Address) -> &[Line] {
        let (first, n) = (location.first_line as usize, location.n_lines as usize);
        self.lines.get(first..first + n).unwrap_or_default()
    }

    /// Whether everything that locations refer to is there: what a cut took was not needed.
    pub(super) fn is_complete(&self) -> bool {
        let has_names = |function: &Function| [function.name, function.file].into_iter().all(|index| self.has_string(index));
        !self.strings.is_empty()
            && self.functions.iter().all(has_names)
            && self.lines.iter().all(|line| self.functions.get(line.function_id).is_some())
    }
}

/// Decodes the message in `field` into `message`, whose memory is used again.
pub(super) fn decode<M: Message>(field: Field<'_>, message: &mut M) -> Result<(), Error> {
    let damaged = Error::DamagedProfile { offset_bytes: field.offset_bytes };
    let Value::Bytes(bytes) = field.value else { return Err(damaged) };
    if bytes.len() > MAX_MESSAGE_BYTES {
        return Err(damaged);
    }
    message.clear();
    message.merge(bytes).map_err(|_| damaged)
}

/// Things with a number of their own: 1, 2, 3… in Go's profiles, any numbers in others'.
#[derive(Clone, Debug)]
pub(super) struct ById<T> {
    /// By id, once sorted.
    entries: Vec<(u64, T)>,
}

impl<T> Default for ById<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> ById<T> {
    /// Adds one. False for 0, which stands for none.
    fn push(&mut self, id: u64, value: T) -> bool {
        if id != 0 {
            self.entries.push((id, value));
        }
        id != 0
    }

    /// Of equal ids the first counts.
    fn sort(&mut self) {
        if !self.entries.is_sorted_by_key(|&(id, _)| id) {
            order::by_key(&mut self.entries, |&(id, _)| id);
        }
        self.entries.dedup_by_key(|&mut (id, _)| id);
    }

    /// Where the one with this id is. Constant time when ids count up from 1.
    pub(super) fn position(&self, id: u64) -> Option<usize> {
        let guess = usize::try_from(id).ok()?.checked_sub(1)?;
        if self.entries.get(guess).is_some_and(|&(other, _)| other == id) {
            return Some(guess);
        }
        self.entries.binary_search_by_key(&id, |&(id, _)| id).ok()
    }

    pub(super) fn get(&self, id: u64) -> Option<&T> {
        self.entries.get(self.position(id)?).map(|(_, value)| value)
    }

    /// By id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|(_, value)| value)
    }
}
