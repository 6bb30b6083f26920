//! The line that opens a goroutine.
//!
//! ```text
//! goroutine 54 gp=0xc000084960 m=3 mp=0xc000023008 [chan receive (leaked), 4 minutes, locked to thread] {route: "/api"}:
//! ```
//!
//! Go `runtime/traceback.go`, `goroutineheader`: minutes since 1.4, `gp=` since 1.22, `(leaked)` since 1.26, labels inside the
//! brackets in 1.26 and after them since 1.27.

use memchr::memchr;

use super::labels;
use crate::go_version::GoVersion;
use crate::snapshot::Flags;

/// What a header line says. Borrows from the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) goid: u64,
    /// Go's words for the state, flags removed.
    pub(super) state: &'a [u8],
    pub(super) wait_minutes: Option<u32>,
    pub(super) flags: Flags,
    /// Label text without its braces; empty for none.
    pub(super) labels: &'a [u8],
    /// The version that the header's shape proves.
    pub(super) go_version: GoVersion,
}

/// Why a line that starts like a header is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderError {
    /// Ordinary words: `goroutine leak found`.
    NotAHeader,
    /// `goroutine 5 [chan re`: it goes on like a header and breaks off.
    Malformed,
}

/// Reads `goroutine N … [state …] …:`. `line` starts with `goroutine ` and has no trailing white space.
pub(super) fn parse(line: &[u8]) -> Result<Header<'_>, HeaderError> {
    let rest = line.strip_prefix(b"goroutine ").ok_or(HeaderError::NotAHeader)?;
    let (goid, rest) = number(rest).ok_or(HeaderError::NotAHeader)?;
    let (rest, mut go_version) = match rest.strip_prefix(b" [") {
        Some(rest) => (rest, GoVersion::UNKNOWN),
        None => {
            let open = rest.windows(2).position(|pair| pair == b" [").ok_or_else(|| no_bracket(rest))?;
            let (between, rest) = rest.split_at(open);
            if !between.starts_with(b" gp=") {
                return Err(no_bracket(between));
            }
            (rest.get(2..).unwrap_or_default(), GoVersion::GP_IN_HEADER)
        }
    };
    let close = memchr(b']', rest).ok_or(HeaderError::Malformed)?;
    let (mut inside, mut after) = rest.split_at(close);
    after = after.get(1..).unwrap_or_default();
    let mut label_text: &[u8] = &[];
    if let Some(at) = inside.windows(9).position(|window| window == b" labels:{") {
        // A label's value may hold the bracket, so the end is found by reading the labels.
        let text = rest.get(at + 9..).unwrap_or_default();
        let len = labels::text_len(text).ok_or(HeaderError::Malformed)?;
        inside = rest.get(..at).unwrap_or_default();
        label_text = text.get(..len).unwrap_or_default();
        after = text.get(len + 1..).and_then(|end| end.strip_prefix(b"]")).ok_or(HeaderError::Malformed)?;
        go_version.raise(GoVersion::LEAKED);
    }
    if let Some(text) = after.strip_prefix(b" {") {
        let len = labels::text_len(text).ok_or(HeaderError::Malformed)?;
        label_text = text.get(..len).unwrap_or_default();
        after = text.get(len + 1..).unwrap_or_default();
        go_version.raise(GoVersion::LABELS_AFTER);
    }
    if after != b":" {
        return Err(HeaderError::Malformed);
    }
    let mut header =
        Header { goid, state: inside, wait_minutes: None, flags: Flags::default(), labels: label_text, go_version };
    read_attributes(&mut header);
    Ok(header)
}

/// `goroutine 5 gp=0x…` cut off is a broken header; `goroutine 5 exited` is prose.
fn no_bracket(between: &[u8]) -> HeaderError {
    if b" gp=".starts_with(between) || between.starts_with(b" gp=") { HeaderError::Malformed } else { HeaderError::NotAHeader }
}

/// Splits `chan receive (leaked), 4 minutes, locked to thread` into the state and what follows it.
fn read_attributes(header: &mut Header<'_>) {
    let Some(comma) = memchr(b',', header.state) else {
        read_flags(header);
        return;
    };
    let (state, rest) = header.state.split_at(comma);
    header.state = state;
    for attribute in rest.split(|&byte| byte == b',') {
        let attribute = attribute.trim_ascii();
        if let Some(minutes) = attribute.strip_suffix(b" minutes").and_then(|text| number(text)) {
            header.wait_minutes = Some(u32::try_from(minutes.0).unwrap_or(u32::MAX));
        } else if attribute == b"locked to thread" {
            header.flags.set(Flags::LOCKED_TO_THREAD);
        } else if attribute.starts_with(b"synctest bubble ") {
            header.flags.set(Flags::SYNCTEST);
            header.go_version.raise(GoVersion::DURABLE);
        } else if attribute.starts_with(b"synctest group ") {
            header.flags.set(Flags::SYNCTEST);
            header.go_version.raise(GoVersion::WAITGROUP_REASON);
        }
    }
    read_flags(header);
}

fn read_flags(header: &mut Header<'_>) {
    while header.state.ends_with(b")") {
        let (state, flag, go_version) = if let Some(state) = header.state.strip_suffix(b" (leaked)") {
            (state, Flags::LEAKED, GoVersion::LEAKED)
        } else if let Some(state) = header.state.strip_suffix(b" (scan)") {
            (state, Flags::SCAN, GoVersion::UNKNOWN)
        } else if let Some(state) = header.state.strip_suffix(b" (durable)") {
            (state, Flags::DURABLE, GoVersion::DURABLE)
        } else {
            return;
        };
        header.state = state;
        header.flags.set(flag);
        header.go_version.raise(go_version);
    }
}

/// The decimal number at the start of `text`, and what follows.
pub(in crate::format) fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut value: u64 = 0;
    let mut n_digits = 0;
    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
        n_digits += 1;
    }
    (n_digits > 0).then(|| (value, text.get(n_digits..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    fn render(line: &str) -> String {
        match parse(line.as_bytes()) {
            Ok(header) => {
                let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
                let mut out = format!("{} [{}]", header.goid, text(header.state));
                if let Some(minutes) = header.wait_minutes {
                    out += &format!(" {minutes} min");
                }
                for (flag, name) in [
                    (Flags::LOCKED_TO_THREAD, "locked"),
                    (Flags::LEAKED, "leaked"),
                    (Flags::SCAN, "scan"),
                    (Flags::DURABLE, "durable"),
                    (Flags::SYNCTEST, "synctest"),
                ] {
                    if header.flags.has(flag) {
                        out += &format!(" {name}");
                    }
                }
                if !header.labels.is_empty() {
                    out += &format!(" {{{}}}", text(header.labels));
                }
                out + &format!(" {}", header.go_version)
            }
            Err(error) => format!("{error:?}"),
        }
    }

    #[track_caller]
    fn check(line: &str, expected: &str) {
        assert_eq!(render(line).trim_end(), expected, "{line}");
    }

    #[test]
    fn ok_plain_headers() {
        check("goroutine 1 [running]:", "1 [running]");
        check("goroutine 9007199254740993 [select]:", "9007199254740993 [select]");
        check("goroutine 19 [chan receive, 1439 minutes, locked to thread]:", "19 [chan receive] 1439 min locked");
        check("goroutine 5 [GC worker (idle)]:", "5 [GC worker (idle)]");
        check("goroutine 5 [chan send (nil chan), 3 minutes]:", "5 [chan send (nil chan)] 3 min");
        check("goroutine 5 [???]:", "5 [???]");
        check("goroutine 5 []:", "5 []");
    }

    #[test]
    fn ok_flags() {
        check("goroutine 7 [runnable (scan)]:", "7 [runnable] scan");
        check("goroutine 26 [select (no cases) (leaked)]:", "26 [select (no cases)] leaked >=1.26");
        check("goroutine 12 [sync.Cond.Wait (durable), synctest bubble 1]:", "12 [sync.Cond.Wait] durable synctest >=1.25");
        check("goroutine 23 [chan receive (synctest), synctest group 21]:", "23 [chan receive (synctest)] synctest >=1.24");
        check(
            "goroutine 9 [chan receive (leaked) (scan) (durable), 2 minutes]:",
            "9 [chan receive] 2 min leaked scan durable >=1.26",
        );
    }

    #[test]
    fn ok_scheduler_words() {
        check("goroutine 0 gp=0x6c74c0 m=0 mp=0x6c84c0 [idle]:", "0 [idle] >=1.22");
        check("goroutine 54 gp=0xc000084960 m=nil [syscall, locked to thread]:", "54 [syscall] locked >=1.22");
    }

    #[test]
    fn ok_labels_inside_and_after() {
        check(
            r#"goroutine 6 [chan receive labels:{"handler": "/api/v1", "user name": "a \"b\" ]: {y}"}]:"#,
            r#"6 [chan receive] {"handler": "/api/v1", "user name": "a \"b\" ]: {y}"} >=1.26"#,
        );
        check(
            r#"goroutine 1 [running, 2 minutes] {"a-b": "x]: {y}", emoji: "\U0001f600\xff", k: , ok: a.b/c_d}:"#,
            r#"1 [running] 2 min {"a-b": "x]: {y}", emoji: "\U0001f600\xff", k: , ok: a.b/c_d} >=1.27"#,
        );
    }

    #[test]
    fn err_broken_headers_and_prose() {
        check("goroutine 5 [chan re", "Malformed");
        check("goroutine 5 [chan receive]", "Malformed");
        check("goroutine 5", "Malformed");
        check("goroutine 5 gp=0xc0", "Malformed");
        check("goroutine 5 g", "Malformed");
        check("goroutine 5 [select] {a: b:", "Malformed");
        check("goroutine 99999999999999999999999 [select]:", "NotAHeader");
        check("goroutine 5 exited", "NotAHeader");
        check("goroutine leak", "NotAHeader");
    }
}
