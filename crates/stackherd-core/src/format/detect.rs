//! What an input looks like that holds no goroutine.

use memchr::memmem::find;

use crate::error::InputKind;

/// Magic numbers at the start of a file.
const MAGIC: &[(&[u8], InputKind)] = &[
    (b"\x7fELF", InputKind::Executable),
    (b"MZ", InputKind::Executable),
    (b"\xcf\xfa\xed\xfe", InputKind::Executable),
    (b"\xca\xfe\xba\xbe", InputKind::Executable),
    (b"\x89PNG", InputKind::Image),
    (b"\xff\xd8\xff", InputKind::Image),
    (b"GIF8", InputKind::Image),
    (b"RIFF", InputKind::Image),
    (b"PK\x03\x04", InputKind::Archive),
    (b"PK\x05\x06", InputKind::Archive),
    (b"\x28\xb5\x2f\xfd", InputKind::Compressed),
    (b"\xfd7zXZ", InputKind::Compressed),
    (b"BZh", InputKind::Compressed),
    (b"7z\xbc\xaf", InputKind::Compressed),
    (b"Rar!\x1a\x07", InputKind::Compressed),
    (b"\x04\x22\x4d\x18", InputKind::Compressed), // lz4
    (b"\x02\x21\x4c\x18", InputKind::Compressed), // lz4 as Linux packs its kernel
    (b"\xff\x06\0\0sNaPpY", InputKind::Compressed),
    (b"LZIP", InputKind::Compressed),
    (b"\x5d\0\0", InputKind::Compressed), // lzma before xz
    (b"\x1f\x9d", InputKind::Compressed), // compress
    (b"\x1f\x8b", InputKind::Compressed),
];

/// Texts anywhere in the first bytes, the most telling first.
const TEXTS: &[(&[u8], InputKind)] = &[
    (b"heap profile: ", InputKind::HeapProfile),
    (b"--- contention:", InputKind::BlockProfile),
    (b"--- mutex:", InputKind::MutexProfile),
    (b"threadcreate profile: total ", InputKind::ThreadcreateProfile),
    (b"--- threadz", InputKind::ThreadcreateProfile),
    (b" profile: total ", InputKind::CustomProfile),
    // What `go tool pprof` prints of them.
    (b"Type: inuse_", InputKind::HeapProfile),
    (b"Type: alloc_", InputKind::HeapProfile),
    (b"PeriodType: space bytes", InputKind::HeapProfile),
    (b"Type: cpu", InputKind::CpuProfile),
    (b"PeriodType: cpu nanoseconds", InputKind::CpuProfile),
    (b"Type: delay", InputKind::ContentionProfile),
    (b"Type: contentions", InputKind::ContentionProfile),
    (b"PeriodType: contentions count", InputKind::ContentionProfile),
    (b"Type: threadcreate", InputKind::ThreadcreateProfile),
    (b"PeriodType: threadcreate count", InputKind::ThreadcreateProfile),
    (b"<title>/debug/pprof/</title>", InputKind::PprofIndex),
    (b"Types of profiles available", InputKind::PprofIndex),
    (b"Unknown profile", InputKind::PprofIndex),
    (b"seconds and debug params are incompatible", InputKind::PprofIndex),
    (b"404 page not found", InputKind::PprofIndex),
    (b"<!doctype html", InputKind::Html),
    (b"<!DOCTYPE html", InputKind::Html),
    (b"<html", InputKind::Html),
];

/// Whether an input that starts with `head` is a program or a picture.
pub(super) fn holds_no_text(head: &[u8]) -> bool {
    let is_such = |kind: InputKind| matches!(kind, InputKind::Executable | InputKind::Image);
    head.contains(&0) && MAGIC.iter().any(|&(magic, kind)| is_such(kind) && head.starts_with(magic))
}

/// Names what the first bytes of an input look like. `head` holds a few kilobytes at most.
#[must_use]
pub fn look_alike(head: &[u8]) -> InputKind {
    if head.iter().all(u8::is_ascii_whitespace) {
        return InputKind::Empty;
    }
    if let Some(&(_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return kind;
    }
    // Go's internal/trace header: "go 1.22 trace" and NUL bytes up to 16 bytes.
    if head.starts_with(b"go 1.") && head.get(..16).is_some_and(|start| start.contains(&0)) {
        return InputKind::ExecutionTrace;
    }
    if head.get(257..262) == Some(b"ustar".as_slice()) {
        return InputKind::Archive;
    }
    if let Some(&(_, kind)) = TEXTS.iter().find(|(text, _)| find(head, text).is_some()) {
        return kind;
    }
    if is_profile(head) {
        return InputKind::ProtobufProfile;
    }
    if is_text(head) { InputKind::Text } else { InputKind::Binary }
}

/// Go writes period_type (field 11), period (12) or sample_type (1) first: FORMATS, profile.proto.
fn is_profile(head: &[u8]) -> bool {
    matches!(head.first(), Some(0x0a | 0x5a | 0x60))
        && !is_text(head)
        && [b"\x0a\x04\x08".as_slice(), b"\x5a\x04\x08", b"\x0a\x02\x08", b"\x5a\x02\x08"]
            .iter()
            .any(|start| head.starts_with(start))
}

/// Text may be cut inside a character and hold escape codes, but no NUL and few other control bytes.
fn is_text(head: &[u8]) -> bool {
    let controls = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x1b)).count();
    let undecodable = match core::str::from_utf8(head) {
        Ok(_) => false,
        Err(error) => error.valid_up_to() + 4 < head.len(),
    };
    controls == 0 && !undecodable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_names_what_the_input_is() {
        let cases: &[(&[u8], InputKind)] = &[
            (b"", InputKind::Empty),
            (b" \n\t\r\n", InputKind::Empty),
            (b"\x7fELF\x02\x01", InputKind::Executable),
            (b"\x89PNG\r\n\x1a\n", InputKind::Image),
            (b"PK\x03\x04\x14", InputKind::Archive),
            (b"Rar!\x1a\x07\x01\0", InputKind::Compressed),
            (b"\x04\x22\x4d\x18\x64\x40", InputKind::Compressed),
            (b"heap profile: 1: 2048 [1: 2049] @ heap/1048576\n", InputKind::HeapProfile),
            (b"example.com/conns profile: total 2\n", InputKind::CustomProfile),
            (b"--- mutex:\ncycles/second=1\n", InputKind::MutexProfile),
            (b"go 1.22 trace\0\0\0", InputKind::ExecutionTrace),
            (b"\x5a\x04\x08\x01\x10\x02\x60\x01", InputKind::ProtobufProfile),
            (b"<!doctype html>\n<p>hello", InputKind::Html),
            (b"hello, world\n", InputKind::Text),
            ("héllo wörld".as_bytes(), InputKind::Text),
            (b"\x00\x01\x02\xff\xfe", InputKind::Binary),
        ];
        for (head, kind) in cases {
            assert_eq!(look_alike(head), *kind, "{:?}", head.escape_ascii());
        }
    }
}
