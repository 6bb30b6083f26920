//! Whether an input is a profile at all.

use super::fields::{Broken, Fields, Value};
use super::{PERIOD_TYPE, SAMPLE_TYPE};

/// Bytes that decide, however many came: the same input is read the same way, whatever its chunks.
const SNIFF_BYTES: usize = 64;

/// Whether the input starts like a profile. `head` holds up to a few kilobytes.
///
/// Go writes the period's type first (Go `runtime/pprof/proto.go`, `newProfileBuilder`), everybody else the sample types, as
/// they are numbered. Both hold nothing but two small numbers with keys 0x08 and 0x10, which no text contains: a text that begins
/// with a line feed (field 1) or `Z` (field 11) is none.
pub(crate) fn starts(head: &[u8]) -> bool {
    let head = head.get(..SNIFF_BYTES).unwrap_or(head);
    let mut has_type = false;
    for field in Fields::new(head) {
        let field = match field {
            Ok(field) => field,
            Err(Broken::Cut) => break,
            Err(Broken::Damaged { .. }) => return false,
        };
        let is_plausible = match (field.number, field.value) {
            (SAMPLE_TYPE | PERIOD_TYPE, Value::Bytes(bytes)) => {
                has_type |= !bytes.is_empty();
                is_value_type(bytes)
            }
            // Samples, mappings, locations, functions, strings, comments.
            (2..=6 | 13, Value::Bytes(_)) => true,
            // Indexes of strings, times, the period.
            (7..=10 | 12..=15, Value::Varint(_)) => true,
            _ => false,
        };
        if !is_plausible {
            return false;
        }
    }
    has_type
}

fn is_value_type(bytes: &[u8]) -> bool {
    Fields::new(bytes).all(|field| field.is_ok_and(|field| matches!((field.number, field.value), (1 | 2, Value::Varint(_)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_profiles() {
        // Go 1.19 to 1.27.
        assert!(starts(
            b"\x5a\x04\x08\x01\x10\x02\x60\x01\x0a\x04\x08\x01\x10\x02\x22\x10\x08\x01\x18\xb5\xa2\x8e\x02\x22\x05\x08\x01"
        ));
        // google/pprof, pprof-rs.
        assert!(starts(b"\x0a\x04\x08\x01\x10\x02\x12\x07\x0a\x02\x01\x02\x12\x01\x03"));
        // Nothing behind the first field; a field that goes on behind the head.
        assert!(starts(b"\x0a\x02\x08\x01"));
        assert!(starts(b"\x60\x01\x0a\x04\x08\x01\x10\x02\x12\xff\x01\x0a\x02"));
    }

    #[test]
    fn err_text() {
        for text in [
            "",
            "\n",
            "\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1d\n",
            "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
            "\n\tgoroutine 7 [select]:",
            "Z\x04 not a profile",
            "`` quoted",
            "```\ngoroutine 1 [running]:\n",
            "goroutine profile: total 7\n",
        ] {
            assert!(!starts(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn err_other_binary_data() {
        for bytes in [
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".as_slice(),
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"\x1f\x8b\x08\0\0\0\0\0",
            b"\n\0\n\0\n\0g\0o\0r\0",
            b"\n\0\n\0\n\0\n\0",
            b"\x0a\x04\x08\x01\x18\x02\x12\x07",
            b"\x0a\x04\x08\x01\x10\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x0a\x04\x08\x01\x10\x02\x13\x07",
            b"PK\x03\x04\x14\0\0\0",
        ] {
            assert!(!starts(bytes), "{}", bytes.escape_ascii());
        }
    }
}
