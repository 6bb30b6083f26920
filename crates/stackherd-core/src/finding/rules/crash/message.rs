//! What a process said when it ended.

use alloc::vec::Vec;

/// A crash message taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message<'a> {
    /// What went wrong first; its first line.
    pub(super) first: &'a str,
    /// Lines of the first message behind that.
    pub(super) more: Vec<&'a str>,
    /// What deferred functions panicked with while the first panic unwound; first lines, equal ones left out.
    pub(super) later: Vec<&'a str>,
    /// A deferred function recovered it, and panicked again.
    pub(super) is_repanicked: bool,
    /// The address of `[signal SIGSEGV: … addr=0x28 …]`.
    pub(super) address: Option<u64>,
}

/// What the runtime adds to a message (Go `runtime/panic.go`, `printpanics`; the longer one since Go 1.25).
const RECOVERED: [&str; 3] = [" [recovered, repanicked]", " [recovered]", " [reraised]"];

impl<'a> Message<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let mut message = Self::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if let Some(rest) = line.strip_prefix("[signal ") {
                message.address = message.address.or_else(|| address(rest));
                continue;
            }
            let later = line.trim_start().strip_prefix("panic: ");
            let (body, is_recovered) = unmarked(later.unwrap_or(line));
            message.is_repanicked |= is_recovered;
            if at == 0 {
                message.first = body;
            } else if later.is_some() {
                if body != message.first && message.later.last() != Some(&body) {
                    message.later.push(body);
                }
            } else if message.later.is_empty() {
                message.more.push(line);
            }
        }
        message
    }

    /// The numbers of `index out of range [5] with length 3`.
    pub(super) fn index_and_length(&self) -> Option<(i64, i64)> {
        let rest = self.first.split_once("index out of range [")?.1;
        let (index, rest) = rest.split_once(']')?;
        Some((index.parse().ok()?, rest.strip_prefix(" with length ")?.parse().ok()?))
    }
}

fn unmarked(line: &str) -> (&str, bool) {
    let unmarked = RECOVERED.iter().find_map(|mark| line.strip_suffix(mark));
    unmarked.map_or((line, false), |line| (line, true))
}

fn address(signal: &str) -> Option<u64> {
    let rest = signal.split_once("addr=0x")?.1;
    let digits = rest.split(|byte: char| !byte.is_ascii_hexdigit()).next()?;
    u64::from_str_radix(digits, 16).ok()
}

/// At most `max` characters of `line`.
pub(super) fn shortened(line: &str, max: usize) -> alloc::string::String {
    match line.char_indices().nth(max) {
        Some((end, _)) => alloc::format!("{}…", line.get(..end).unwrap_or(line)),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_panics_while_panicking() {
        let message = Message::parse("first 1 [recovered]\npanic: second: boom\npanic: third\nwith newline");
        assert_eq!((message.first, message.is_repanicked), ("first 1", true));
        assert_eq!(message.later, ["second: boom", "third"]);
        let again = Message::parse("boom [recovered]\n\tpanic: boom");
        assert_eq!((again.first, again.later.len(), again.is_repanicked), ("boom", 0, true));
        assert_eq!(again, Message::parse("boom [recovered, repanicked]"));
    }

    #[test]
    fn ok_addresses_and_numbers() {
        let nil = Message::parse(
            "runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 \
             addr=0x28 pc=0x536ca4]",
        );
        assert_eq!((nil.address, nil.more.len()), (Some(0x28), 0));
        assert_eq!(Message::parse("runtime error: index out of range [-1] with length 3").index_and_length(), Some((-1, 3)));
        assert_eq!(Message::parse("runtime error: index out of range [-1]").index_and_length(), None);
    }

    #[test]
    fn ok_long_lines_are_cut_between_characters() {
        assert_eq!(shortened("größer", 3), "grö…");
        assert_eq!(shortened("kurz", 4), "kurz");
    }
}
