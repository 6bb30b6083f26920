//! What logs write before each line.
//!
//! ```text
//! 2026-11-21T01:38:30.123456789Z stderr F goroutine 1 [running]:        a node's files: Kubernetes, CRI logging format
//! [pod/api-7d9c5b/web] 2026-11-21T01:38:30.1Z goroutine 1 [running]:    kubectl logs --prefix --timestamps
//! api-7d9c5b-x2x web goroutine 1 [running]:                             stern
//! web-1  | goroutine 1 [running]:                                       docker compose logs
//! Nov 21 01:38:30 host1 app[4242]: goroutine 1 [running]:               syslog, journalctl
//! stolon-keeper: goroutine 166 [syscall, 1445 minutes]:                 anything that stays the same, numbers aside
//! ```

use alloc::vec::Vec;

use memchr::memchr;

use super::marks;
use super::time_stamp::{syslog_time_len, time_len};
use crate::note::LogPrefix;

/// Prefixes one behind the other.
const MAX_LAYERS: usize = 4;
/// Longest prefix that is taken for one.
const MAX_PREFIX_BYTES: usize = 300;

/// Kinds of prefixes, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    const fn bit(kind: LogPrefix) -> u8 {
        match kind {
            LogPrefix::Cri => 1,
            LogPrefix::Kubectl => 2,
            LogPrefix::Compose => 4,
            LogPrefix::Timestamp => 8,
            LogPrefix::Syslog => 16,
            LogPrefix::Other => 32,
        }
    }

    pub(super) fn add(&mut self, kind: LogPrefix) {
        self.0 |= Self::bit(kind);
    }

    pub(super) fn add_all(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) fn has(self, kind: LogPrefix) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    pub(super) fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn iter(self) -> impl Iterator<Item = LogPrefix> {
        use LogPrefix::{Compose, Cri, Kubectl, Other, Syslog, Timestamp};
        [Cri, Kubectl, Compose, Timestamp, Syslog, Other].into_iter().filter(move |&kind| self.has(kind))
    }
}

/// Which of a container's streams wrote a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stream {
    /// The prefix does not tell.
    #[default]
    Only,
    Stdout,
    Stderr,
}

/// A line's prefixes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefix<'a> {
    pub(super) kinds: Kinds,
    /// `api-7d9c5b/web`, `web-1`; the container of a stern line is the second name.
    pub(super) name: &'a [u8],
    pub(super) container: &'a [u8],
    pub(super) stream: Stream,
    /// The line goes on in the next one of the same stream.
    pub(super) is_partial: bool,
    /// From the first time on.
    pub(super) with_time: Option<&'a [u8]>,
    /// What the prefixes stand before.
    pub(super) text: &'a [u8],
}

/// Reads the prefixes of `line`. `learned` are those that are known to stand in this log, `n_names` the names of a stern line.
pub(super) fn read(line: &[u8], learned: Kinds, n_names: usize) -> Prefix<'_> {
    let mut prefix = Prefix { text: line, ..Prefix::default() };
    for _ in 0..MAX_LAYERS {
        let text = prefix.text;
        let is_named = !prefix.name.is_empty();
        let Some(&first) = text.first() else { break };
        if first == b'['
            && !is_named
            && let Some((name, rest)) = kubectl(text)
        {
            (prefix.name, prefix.text) = (name, rest);
            prefix.kinds.add(LogPrefix::Kubectl);
        } else if (first.is_ascii_digit() || first == b'[')
            && let Some(len) = time_len(text)
            && let Some(rest) = after_space(text.get(len..).unwrap_or_default())
        {
            prefix.with_time.get_or_insert(text);
            prefix.time(rest);
        } else if first.is_ascii_uppercase()
            && let Some(len) = syslog_time_len(text)
            && let Some(rest) = text.get(len..).and_then(|rest| syslog_tag(rest.strip_prefix(b" ")?, false))
        {
            prefix.with_time.get_or_insert(text);
            prefix.text = rest;
            prefix.kinds.add(LogPrefix::Syslog);
        } else if !is_named
            && let Some((name, rest)) = compose(text)
            && (learned.has(LogPrefix::Compose) || marks::starts_dump(rest))
        {
            (prefix.name, prefix.text) = (name, rest);
            prefix.kinds.add(LogPrefix::Compose);
        } else if !is_named
            && n_names > 0
            && let Some((pod, container, rest)) = stern(text, n_names)
        {
            (prefix.name, prefix.container, prefix.text) = (pod, container, rest);
            prefix.kinds.add(LogPrefix::Kubectl);
        } else {
            break;
        }
    }
    prefix
}

impl<'a> Prefix<'a> {
    /// Nothing else looks like it, so that lines belong to their source before a dump was seen.
    pub(super) fn is_certain(&self) -> bool {
        self.kinds.has(LogPrefix::Cri) || self.kinds.has(LogPrefix::Kubectl) && self.container.is_empty()
    }

    /// Reads what may follow a time.
    fn time(&mut self, rest: &'a [u8]) {
        let stream = match rest {
            [b's', b't', b'd', b'o', b'u', b't', b' ', tail @ ..] => Some((Stream::Stdout, tail)),
            [b's', b't', b'd', b'e', b'r', b'r', b' ', tail @ ..] => Some((Stream::Stderr, tail)),
            _ => None,
        };
        // Kubernetes `pkg/kubelet/kuberuntime/logs`: the tag is F or P, and more may follow it behind a colon.
        if let Some((stream, tail)) = stream
            && let [tag @ (b'F' | b'P'), tail @ ..] = tail
            && let Some(text) = after_space(
                tail.strip_prefix(b":")
                    .map_or(tail, |tags| tags.get(memchr(b' ', tags).unwrap_or(tags.len())..).unwrap_or_default()),
            )
        {
            self.stream = stream;
            self.is_partial = *tag == b'P';
            self.text = text;
            self.kinds.add(LogPrefix::Cri);
        } else if let Some(text) = syslog_tag(rest, true) {
            self.text = text;
            self.kinds.add(LogPrefix::Syslog);
        } else {
            self.text = rest;
            self.kinds.add(LogPrefix::Timestamp);
        }
    }
}

/// What follows the one space that ends a prefix; nothing follows when spaces at the line's end were lost.
fn after_space(text: &[u8]) -> Option<&[u8]> {
    if text.is_empty() { Some(text) } else { text.strip_prefix(b" ") }
}

/// `[pod/api-7d9c5b/web] …`
fn kubectl(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = text.strip_prefix(b"[pod/")?;
    let end = memchr(b']', rest.get(..MAX_PREFIX_BYTES).unwrap_or(rest))?;
    let (name, rest) = rest.split_at(end);
    Some((name, after_space(rest.get(1..)?)?))
}

/// `web-1  | …`
fn compose(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let len = text.iter().take(MAX_PREFIX_BYTES).take_while(|byte| is_name(byte) || **byte == b'_').count();
    let (name, rest) = text.split_at(len);
    let n_spaces = rest.iter().take(MAX_PREFIX_BYTES).take_while(|&&byte| byte == b' ').count();
    let rest = rest.get(n_spaces..)?.strip_prefix(b"|")?;
    if name.is_empty() || n_spaces == 0 { None } else { Some((name, after_space(rest)?)) }
}

/// `host1 app[4242]: …`. Without a process number it takes a date that only syslog writes.
fn syslog_tag(text: &[u8], needs_number: bool) -> Option<&[u8]> {
    let until = |text: &[u8], ends: &[u8]| {
        text.iter().take(MAX_PREFIX_BYTES).position(|byte| ends.contains(byte)).filter(|&len| len > 0)
    };
    let tag = text.get(until(text, b" ")? + 1..)?;
    let mut rest = tag.get(until(tag, b":[ ")?..)?;
    if let Some(number) = rest.strip_prefix(b"[") {
        let n_digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
        rest = number.get(n_digits..)?.strip_prefix(b"]")?;
    } else if needs_number {
        return None;
    }
    after_space(rest.strip_prefix(b":")?)
}

/// `[namespace ]pod container …`: pod, container and text.
fn stern(text: &[u8], n_names: usize) -> Option<(&[u8], &[u8], &[u8])> {
    let mut rest = text;
    let mut names: [&[u8]; 2] = [b"", b""];
    for _ in 0..n_names {
        let len = rest.iter().take(MAX_PREFIX_BYTES).take_while(|byte| is_name(byte)).count();
        let (name, tail) = rest.split_at(len);
        rest = after_space(tail)?;
        if name.is_empty() || name.first() == Some(&b'-') {
            return None;
        }
        names = [names[1], name];
    }
    // A pod's name ends in what tells it from its siblings.
    names[0].contains(&b'-').then_some((names[0], names[1], rest))
}

/// Whether `line` is one of stern's that holds the start of a dump: how many names it starts with, and their length.
///
/// Prose may have the same shape, so the next lines must have the same names.
pub(super) fn stern_start(line: &[u8]) -> Option<(usize, usize)> {
    [2, 3].into_iter().find_map(|n_names| {
        let (_, _, text) = stern(line, n_names)?;
        let len = line.len() - text.len();
        (is_start(text)).then_some((n_names, len))
    })
}

/// Nothing stands before the dump's start.
fn is_start(text: &[u8]) -> bool {
    marks::starts_dump(text) && marks::inner_header(text).is_none()
}

#[inline]
fn is_name(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')
}

/// A prefix that is the same before every line, numbers aside.
#[derive(Clone, Debug, Default)]
pub(super) struct Common {
    text: Vec<u8>,
    /// A second line had it.
    pub(super) is_confirmed: bool,
}

impl Common {
    /// The prefix of a line whose text starts at `len`; `None` if it is only an indent.
    pub(super) fn of(line: &[u8], len: usize) -> Option<Self> {
        let text = line.get(..len).filter(|text| len <= MAX_PREFIX_BYTES && !text.trim_ascii().is_empty())?;
        Some(Self { text: text.to_vec(), is_confirmed: false })
    }

    /// What follows the prefix in `line`.
    pub(super) fn strip<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        let (mut shape, mut rest) = (self.text.as_slice(), line);
        while let Some((&expected, tail)) = shape.split_first() {
            if expected.is_ascii_digit() {
                let n_digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let (n_expected, n_found) = (n_digits(shape), n_digits(rest));
                if n_found == 0 {
                    return None;
                }
                shape = shape.get(n_expected..).unwrap_or_default();
                rest = rest.get(n_found..).unwrap_or_default();
                continue;
            }
            match rest.split_first() {
                Some((&found, rest_tail)) if found == expected => rest = rest_tail,
                // Spaces at the line's end are lost first.
                None if shape.iter().all(|&byte| byte == b' ') => return Some(b""),
                _ => return None,
            }
            shape = tail;
        }
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let prefix = read(line.as_bytes(), Kinds::default(), 0);
        let kinds: Vec<_> = prefix.kinds.iter().collect();
        let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let partial = if prefix.is_partial { " partial" } else { "" };
        let seen = format!("{kinds:?} {:?}{partial} {} <{}>", prefix.stream, show(prefix.name), show(prefix.text));
        assert_eq!(seen, expected, "{line}");
    }

    #[test]
    fn ok_containers() {
        check("2026-11-21T01:38:30.123456789Z stderr F goroutine 1 [running]:", "[Cri] Stderr  <goroutine 1 [running]:>");
        check("2026-11-21T01:38:30.123456789Z stdout P main.f(", "[Cri] Stdout partial  <main.f(>");
        check("2026-11-21T01:38:30.123456789Z stderr F", "[Cri] Stderr  <>");
        check("2026-11-21T01:38:30.123456789Z stderr F:x \t/x.go:1", "[Cri] Stderr  <\t/x.go:1>");
        check("2026-11-21T01:38:30Z stderr Foo", "[Timestamp] Only  <stderr Foo>");
        check("[pod/api-7d9c5b/web] \t/x.go:1", "[Kubectl] Only api-7d9c5b/web <\t/x.go:1>");
        check("[pod/api-7d9c5b/web] 2026-11-21T01:38:30.1Z main.f()", "[Kubectl, Timestamp] Only api-7d9c5b/web <main.f()>");
        check("web-1  | goroutine 1 [running]:", "[Compose] Only web-1 <goroutine 1 [running]:>");
        check("web-1  | 2026-11-21T01:38:30.1Z main.f()", "[] Only  <web-1  | 2026-11-21T01:38:30.1Z main.f()>");
    }

    #[test]
    fn ok_times_and_syslog() {
        check("2026-11-21T01:38:30.1234567Z main.f()", "[Timestamp] Only  <main.f()>");
        check("2026-11-21T01:38:30.1234567Z", "[Timestamp] Only  <>");
        check("Nov 21 01:38:30 host1 app[4242]: \t/x.go:1", "[Syslog] Only  <\t/x.go:1>");
        check("Nov 21 01:38:30 host1 app[4242]:", "[Syslog] Only  <>");
        check("Nov 21 01:38:30 host1 kernel: main.f()", "[Syslog] Only  <main.f()>");
        check("2026-11-21T01:38:30.123456+00:00 host app[1]: main.f()", "[Syslog] Only  <main.f()>");
        check("2026-11-21T01:38:30Z fatal error: all", "[Timestamp] Only  <fatal error: all>");
    }

    #[test]
    fn ok_plain_lines_have_none() {
        for line in ["goroutine 1 [running]:", "\t/x.go:1", "main.f(0x1)", "", "a | b", "[GIN] 2026/03/01 - 12:00:00 | 200 |"] {
            check(line, &format!("[] Only  <{line}>"));
        }
    }

    #[test]
    fn ok_stern() {
        assert_eq!(stern_start(b"api-7d9c5b-x2x web goroutine 1 [running]:"), Some((2, 19)));
        assert_eq!(stern_start(b"prod api-7d9c5b-x2x web panic: boom"), Some((3, 24)));
        assert_eq!(stern_start(b"dumping now goroutine 1 [running]:"), None);
        let prefix = read(b"api-7d9c5b-x2x web \t/x.go:1", Kinds::default(), 2);
        assert_eq!(
            (prefix.name, prefix.container, prefix.text),
            (b"api-7d9c5b-x2x".as_slice(), b"web".as_slice(), b"\t/x.go:1".as_slice())
        );
    }

    #[test]
    fn ok_common_prefix() {
        let common = Common::of(b"E1121 01:38:30.5 12 x.go:1] goroutine 1 [running]:", 28).unwrap();
        assert_eq!(common.strip(b"E1121 01:38:31.678 9 x.go:1] \t/y.go:3"), Some(b"\t/y.go:3".as_slice()));
        assert_eq!(common.strip(b"E1121 01:38:31.678 9 x.go:1]"), Some(b"".as_slice()));
        assert_eq!(common.strip(b"I1121 01:38:31.678 9 x.go:1] main.f()"), None);
        assert_eq!(common.strip(b"main.f()"), None);
        assert!(Common::of(b"   goroutine 1 [running]:", 3).is_none());
    }
}
