//! What `GODEBUG=gctrace=1` prints for each garbage collection.
//!
//! ```text
//! gc 1 @0.012s 2%: 0.026+0.39+0.10 ms clock, 0.21+0.88/0.52/0+0.80 ms cpu, 4->4->0 MB, 5 MB goal, 0 MB stacks, 0 MB globals, 4 P
//! ```
//!
//! Go `runtime/mgc.go`, `gcMarkTermination`: the heap at the start, at the end, and what is live of it.

use memchr::memmem::find;

/// One collection.
pub(super) struct GcTrace {
    /// Since the process started.
    pub(super) at_millis: i64,
    pub(super) live_megabytes: f64,
    pub(super) goal_megabytes: f64,
    /// For how long the world was stopped: before and after marking.
    pub(super) pause_millis: Option<f64>,
}

/// Reads such a line; something may stand before it.
pub(super) fn parse(line: &[u8]) -> Option<GcTrace> {
    let at = find(line, b"gc ")?;
    let is_word = at == 0 || line.get(at - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric());
    let rest = line.get(at + 3..).filter(|_| is_word)?;
    let rest = rest.trim_ascii_start();
    let n_digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = rest.get(n_digits..)?.strip_prefix(b" @")?;
    let (secs, rest) = rest.split_at_checked(find(rest, b"s ")?)?;
    let (before, after) = rest.split_at_checked(find(rest, b" MB, ")?)?;
    let live = before.get(before.windows(2).rposition(|pair| pair == b"->")? + 2..)?;
    let after = after.strip_prefix(b" MB, ")?;
    let goal = after.get(..find(after, b" MB goal")?)?;
    // A year of milliseconds fits into a double's 53 bits.
    Some(GcTrace {
        at_millis: (decimal(secs)? * 1000.0 + 0.5) as i64,
        live_megabytes: decimal(live)?,
        goal_megabytes: decimal(goal)?,
        pause_millis: pause(before),
    })
}

/// `0.026+0.39+0.10 ms clock`: the world is stopped for the first and the last part.
fn pause(text: &[u8]) -> Option<f64> {
    let clock = text.get(..find(text, b" ms clock")?)?;
    let clock = clock.rsplit(|byte| *byte == b' ').next()?;
    let mut parts = clock.split(|byte| *byte == b'+');
    let (first, last) = (decimal(parts.next()?)?, decimal(parts.nth(1)?)?);
    // Sums of what is printed with three digits.
    Some(((first + last) * 1e6 + 0.5) as u64 as f64 / 1e6)
}

fn decimal(text: &[u8]) -> Option<f64> {
    let is_plain = (1..=15).contains(&text.len()) && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    core::str::from_utf8(text).ok().filter(|_| is_plain)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"gc 1 @0.012s 2%: 0.026+0.39+0.10 ms clock, 0.21+0.88/0.52/0+0.80 ms cpu, 4->6->3 MB, 5 MB goal, 0 MB stacks, 0 MB globals, 4 P";

    #[test]
    fn ok_traces_of_all_ages() {
        let old =
            b"gc 22 @123.456s 0%: 0.1+1+0.1 ms clock, 0.2+0.3/0.9/2.1+0.3 ms cpu, 114->115->58 MB, 117 MB goal, 8 P (forced)";
        let behind_a_name: &[u8] = &[b"web-1: ", LINE].concat();
        for (line, expected) in [(LINE, (12, 3.0, 5.0)), (old, (123_456, 58.0, 117.0)), (behind_a_name, (12, 3.0, 5.0))] {
            let trace = parse(line).unwrap();
            assert_eq!((trace.at_millis, trace.live_megabytes, trace.goal_megabytes), expected);
        }
        assert_eq!([LINE, old].map(|line| parse(line).unwrap().pause_millis), [Some(0.126), Some(0.2)]);
    }

    #[test]
    fn err_anything_else() {
        for end in 0..LINE.len() - 60 {
            assert!(parse(&LINE[..end]).is_none());
        }
        assert!(parse(b"magic 1 @0.012s 4->4->0 MB, 5 MB goal, 4 P").is_none());
    }
}
