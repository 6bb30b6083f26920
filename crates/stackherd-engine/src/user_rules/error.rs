//! Why a rules file can't be used.

use std::fmt;

/// Why a rules file can't be used: the line, the key and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesError {
    /// From 1.
    pub line: u32,
    /// In plain English.
    pub message: String,
}

impl RulesError {
    /// An error `at` a byte of `text`.
    pub(super) fn at(text: &str, at: usize, message: String) -> Self {
        let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
        Self { line: 1 + memchr::memchr_iter(b'\n', before).count() as u32, message }
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for RulesError {}
