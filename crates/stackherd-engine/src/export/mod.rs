//! Texts to act with.

mod goleak;
mod incident;
mod incident_words;
mod prometheus;

pub(crate) use goleak::goleak;
pub(crate) use incident::incident;
pub(crate) use prometheus::prometheus;

/// Text of a dump on one line of a comment: it can't end the line.
fn one_line(text: &str) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect()
}

/// `104,856`
fn count(n: u64) -> String {
    stackherd_core::text::Count(n).to_string()
}
