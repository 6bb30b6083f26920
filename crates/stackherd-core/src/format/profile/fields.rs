//! The fields of a message, one by one, without decoding what they hold.
//!
//! protobuf wire format: a key, which is the field's number and wire type, then a number or a length and bytes.

use prost::encoding::{WireType, decode_key, decode_varint};

use crate::error::Error;

/// Longest varint: 64 bits in groups of seven.
const MAX_VARINT_BYTES: usize = 10;

/// A field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) number: u32,
    pub(super) value: Value<'a>,
    /// Where it starts in the message.
    pub(super) offset_bytes: u64,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Varint(u64),
    /// A message, a text, or packed numbers.
    Bytes(&'a [u8]),
    /// 4 or 8 bytes; profiles use none.
    Fixed,
}

/// Why the fields end before their message does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// The message ends inside a field.
    Cut,
    /// These bytes are no field.
    Damaged { offset_bytes: u64 },
}

impl Broken {
    /// The error for a profile of `n_bytes`.
    pub(super) fn into_error(self, n_bytes: usize) -> Error {
        match self {
            Self::Cut => Error::CutProfile { n_bytes: n_bytes as u64 },
            Self::Damaged { offset_bytes } => Error::DamagedProfile { offset_bytes },
        }
    }
}

/// Walks the fields of a message; ends behind the first broken one.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    n_bytes: usize,
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self { n_bytes: message.len(), rest: message }
    }

    fn read(&mut self) -> Result<Field<'a>, Broken> {
        let offset_bytes = (self.n_bytes - self.rest.len()) as u64;
        let damaged = Broken::Damaged { offset_bytes };
        self.whole_varint()?;
        let (number, wire_type) = decode_key(&mut self.rest).map_err(|_| damaged)?;
        let value = match wire_type {
            WireType::Varint => {
                self.whole_varint()?;
                Value::Varint(decode_varint(&mut self.rest).map_err(|_| damaged)?)
            }
            WireType::LengthDelimited => {
                self.whole_varint()?;
                let len = decode_varint(&mut self.rest).map_err(|_| damaged)?;
                // No profile is as long as that, so the length itself is wrong.
                let len = u32::try_from(len).map_err(|_| damaged)? as usize;
                Value::Bytes(self.take(len)?)
            }
            WireType::SixtyFourBit => self.take(8).map(|_| Value::Fixed)?,
            WireType::ThirtyTwoBit => self.take(4).map(|_| Value::Fixed)?,
            // Groups are older than profiles.
            WireType::StartGroup | WireType::EndGroup => return Err(damaged),
        };
        Ok(Field { number, value, offset_bytes })
    }

    /// Tells a varint that the end cuts from one that never ends.
    fn whole_varint(&self) -> Result<(), Broken> {
        let is_cut = self.rest.len() < MAX_VARINT_BYTES && self.rest.iter().all(|byte| byte & 0x80 != 0);
        if is_cut { Err(Broken::Cut) } else { Ok(()) }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Broken::Cut)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.read();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[track_caller]
    fn check(bytes: &[u8], expected: &[Result<(u32, Value<'_>), Broken>]) {
        let fields: Vec<_> = Fields::new(bytes).map(|field| field.map(|field| (field.number, field.value))).collect();
        assert_eq!(fields, expected);
    }

    #[test]
    fn ok_numbers_and_bytes() {
        check(
            b"\x08\x96\x01\x32\x03abc\x0d1234",
            &[Ok((1, Value::Varint(150))), Ok((6, Value::Bytes(b"abc"))), Ok((1, Value::Fixed))],
        );
    }

    #[test]
    fn err_cut() {
        check(b"\x32\x04abc", &[Err(Broken::Cut)]);
        check(b"\x08\x96", &[Err(Broken::Cut)]);
        check(b"\x08", &[Err(Broken::Cut)]);
        check(b"\x09\0\0", &[Err(Broken::Cut)]);
    }

    #[test]
    fn err_damaged() {
        for wire_type in [3, 4, 6, 7] {
            check(&[0x08, 1, 0x08 | wire_type, 1], &[Ok((1, Value::Varint(1))), Err(Broken::Damaged { offset_bytes: 2 })]);
        }
        check(b"\x00\x01", &[Err(Broken::Damaged { offset_bytes: 0 })]);
        check(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", &[Err(Broken::Damaged { offset_bytes: 0 })]);
        check(b"\x32\xff\xff\xff\xff\xff\x01", &[Err(Broken::Damaged { offset_bytes: 0 })]);
    }
}
