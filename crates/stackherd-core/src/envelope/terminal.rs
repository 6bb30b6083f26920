//! Colours and other codes for terminals: `ESC[36mweb-1  | ESC[0m`, also as editors show them, `^[[36m`.
//!
//! Codes: ECMA-48, control sequences (CSI) and operating system commands (OSC).

use alloc::vec::Vec;

use memchr::memchr2;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// Whether `text` holds codes.
#[inline]
pub(super) fn has_codes(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = memchr2(ESCAPE, b'^', rest) {
        let code = rest.get(at..).unwrap_or_default();
        if code_len(code) > 0 {
            return true;
        }
        rest = code.get(1..).unwrap_or_default();
    }
    false
}

/// Copies `text` to `out` without its codes.
pub(super) fn strip(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr2(ESCAPE, b'^', rest) {
        let (before, code) = rest.split_at(at);
        out.extend_from_slice(before);
        let len = code_len(code);
        if len == 0 {
            out.push(b'^');
        }
        rest = code.get(len.max(1)..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// Length of the code that `text` starts with; 0 for a caret that starts none.
fn code_len(text: &[u8]) -> usize {
    let (rest, is_escape) = match text {
        [ESCAPE, rest @ ..] => (rest, true),
        [b'^', b'[', rest @ ..] => (rest, false),
        _ => return 0,
    };
    let start = text.len() - rest.len();
    match rest {
        [b'[', parameters @ ..] => match parameters.iter().position(|byte| !(0x20..0x40).contains(byte)) {
            Some(at) if is_escape || parameters.get(at) == Some(&b'm') => start + 1 + at + 1,
            Some(_) => 0,
            // The line ends inside of the code.
            None if is_escape => text.len(),
            None => 0,
        },
        [b']', command @ ..] if is_escape => match memchr2(BELL, ESCAPE, command) {
            Some(at) if command.get(at..at + 2) == Some(b"\x1b\\") => start + 1 + at + 2,
            Some(at) => start + 1 + at + 1,
            None => text.len(),
        },
        // Character sets: ESC ( B.
        [b'(' | b')', _, ..] if is_escape => start + 2,
        [_, ..] if is_escape => start + 1,
        _ if is_escape => start,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        strip(text.as_bytes(), &mut out);
        assert_eq!(core::str::from_utf8(&out).unwrap(), expected, "{text:?}");
        assert_eq!(has_codes(text.as_bytes()), text != expected, "{text:?}");
    }

    #[test]
    fn ok_codes_are_removed() {
        check("\x1b[36mweb-1  | \x1b[0mgoroutine 1 [running]:", "web-1  | goroutine 1 [running]:");
        check("\x1b[38;5;12m\x1b[1mmain.f()\x1b[K", "main.f()");
        check("^[[31mmain.f()^[[0m", "main.f()");
        check("\x1b]8;;file:///x.go\x1b\\/x.go:1\x1b]8;;\x07 +0x1", "/x.go:1 +0x1");
        check("\x1b(Bmain.f()\x1b=", "main.f()");
    }

    #[test]
    fn ok_other_carets_stay() {
        check("x^2 ^[a] ^", "x^2 ^[a] ^");
        check("main.f(0x1)", "main.f(0x1)");
    }

    #[test]
    fn err_code_without_end() {
        check("a\x1b[3", "a");
        check("a\x1b]0;title", "a");
        check("a\x1b", "a");
    }
}
