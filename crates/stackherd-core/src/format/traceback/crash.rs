//! What a process printed before its stacks when it ended: panics, fatal errors, signals.
//!
//! Go `runtime/panic.go`, `printpanics`: the lines of a panic message are indented by a tab since Go 1.23 and raw before, so
//! a message may hold anything, even text that looks like a goroutine header.

use alloc::string::String;
use alloc::vec::Vec;

use crate::snapshot::{Crash, CrashKind, Goid};

/// Lines of a message that are kept.
const MAX_MESSAGE_LINES: usize = 12;
/// Bytes of a message that are kept.
const MAX_MESSAGE_BYTES: usize = 4096;

/// Collects the first crash of a dump.
#[derive(Clone, Debug, Default)]
pub(super) struct CrashReader {
    kind: Option<CrashKind>,
    message: Vec<u8>,
    n_message_lines: usize,
    /// The message goes on: no empty line came yet.
    in_message: bool,
    /// A crash was announced and no stack followed yet.
    awaits_stack: bool,
    goid: Option<Goid>,
}

impl CrashReader {
    /// Whether a line announces the end of the process; it ends every stack before it.
    pub(super) fn announces(text: &[u8]) -> bool {
        announcement(text).is_some()
    }

    /// Whether a header now may be part of a panic message.
    pub(super) fn awaits_stack(&self) -> bool {
        self.awaits_stack
    }

    /// Whether a crash was announced and its stack was read.
    pub(super) fn is_over(&self) -> bool {
        !self.awaits_stack
    }

    /// Takes a line that stands outside of all stacks, its end trimmed. Returns whether it belongs to the crash.
    pub(super) fn line(&mut self, text: &[u8]) -> bool {
        if let Some((kind, message)) = announcement(text) {
            let first = self.kind.is_none();
            if first {
                self.kind = Some(kind);
                self.add(message);
            } else if self.in_message {
                self.add(text);
            }
            self.in_message = kind != CrashKind::Signal && (first || self.in_message);
            self.awaits_stack = true;
            return true;
        }
        if text.is_empty() {
            self.in_message = false;
        } else if self.in_message {
            self.add(text.strip_prefix(b"\t").unwrap_or(text));
            return true;
        }
        false
    }

    /// A goroutine with frames was read.
    pub(super) fn stack_follows(&mut self, goid: Goid) {
        if self.awaits_stack && self.goid.is_none() {
            self.goid = Some(goid);
        }
        self.awaits_stack = false;
        self.in_message = false;
    }

    /// The crash, if there was one.
    pub(super) fn finish(self) -> Option<Crash> {
        let message = String::from_utf8_lossy(&self.message).into_owned();
        self.kind.map(|kind| Crash { kind, message, goid: self.goid })
    }

    fn add(&mut self, line: &[u8]) {
        if self.n_message_lines >= MAX_MESSAGE_LINES || self.message.len() >= MAX_MESSAGE_BYTES {
            return;
        }
        if self.n_message_lines > 0 {
            self.message.push(b'\n');
        }
        self.n_message_lines += 1;
        let room = MAX_MESSAGE_BYTES - self.message.len().min(MAX_MESSAGE_BYTES);
        self.message.extend_from_slice(line.get(..room).unwrap_or(line));
    }
}

fn announcement(text: &[u8]) -> Option<(CrashKind, &[u8])> {
    if let Some(message) = text.strip_prefix(b"panic: ") {
        return Some((CrashKind::Panic, message));
    }
    if let Some(message) = text.strip_prefix(b"fatal error: ") {
        return Some((CrashKind::FatalError, message));
    }
    let is_signal = text.starts_with(b"SIG") && text.iter().position(|&byte| byte == b':').is_some_and(|colon| colon <= 10);
    (is_signal && text.get(3).is_some_and(u8::is_ascii_uppercase)).then_some((CrashKind::Signal, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Option<Crash> {
        let mut reader = CrashReader::default();
        for line in lines {
            reader.line(line.as_bytes());
        }
        reader.stack_follows(Goid(7));
        reader.finish()
    }

    #[test]
    fn ok_panic_message_of_several_lines() {
        let crash = read(&["panic: first", "\tsecond", "", "later"]).unwrap();
        assert_eq!((crash.kind, crash.message.as_str(), crash.goid), (CrashKind::Panic, "first\nsecond", Some(Goid(7))));
    }

    #[test]
    fn ok_fatal_errors_and_signals() {
        assert_eq!(read(&["fatal error: all goroutines are asleep - deadlock!"]).unwrap().kind, CrashKind::FatalError);
        let quit = read(&["SIGQUIT: quit", "PC=0x46e661 m=0 sigcode=0"]).unwrap();
        assert_eq!((quit.kind, quit.message.as_str()), (CrashKind::Signal, "SIGQUIT: quit"));
        assert_eq!(read(&["exit status 2", "SIGNIFICANT: no"]), None);
    }
}
