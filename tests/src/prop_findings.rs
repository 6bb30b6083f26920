//! The same dump gives the same verdict, however its goroutines are ordered and numbered, where its objects lie and where it
//! was built.

use std::borrow::Cow;
use std::fmt::Write;

use stackherd_engine::Session;

use crate::corpus::{Entry, entries};

/// Verdict and findings, without what may differ: where files lie.
fn judged(name: &str, text: &[u8]) -> String {
    let mut session = Session::default();
    session.add(0, name, text).unwrap_or_else(|failure| panic!("{name}: {}", failure.message));
    let report = session.report();
    let mut out = String::new();
    for dump in &report.dumps {
        let _ = writeln!(out, "{:?}: {} | {}", dump.verdict.kind, dump.verdict.title, dump.verdict.detail);
    }
    let place = |site: &Option<stackherd_report::Site>| {
        site.as_ref().map(|site| format!("{} {}:{}", site.function, site.file.rsplit('/').next().unwrap(), site.line))
    };
    let mut findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            format!(
                "{} {:?} {:?} {} {:?} {:?} {} {:?} {:?}",
                finding.rule,
                finding.severity,
                finding.confidence,
                finding.goroutines,
                place(&finding.culprit),
                place(&finding.created_by),
                finding.title,
                finding.evidence,
                finding.onset
            )
        })
        .collect();
    // Equal weights keep the order of the dump.
    findings.sort();
    out + &findings.join("\n")
}

/// Dumps of whole goroutines, one behind the other.
fn dumps() -> Vec<(Entry, String)> {
    let texts = entries().into_iter().filter(Entry::is_clean).filter_map(|entry| {
        let text = String::from_utf8(entry.bytes()).ok()?;
        Some((entry, text))
    });
    let texts: Vec<_> = texts.filter(|(_, text)| text.len() < 400_000).step_by(2).collect();
    assert!(texts.len() > 60, "only {} dumps", texts.len());
    texts
}

#[track_caller]
fn check(change: impl Fn(&str) -> String) {
    for (entry, text) in dumps() {
        let changed = change(&text);
        assert_ne!(changed, text, "{}: nothing changed", entry.path);
        assert_eq!(judged(&entry.path, changed.as_bytes()), judged(&entry.path, text.as_bytes()), "{}", entry.path);
    }
}

#[test]
fn ok_order_does_not_matter() {
    check(|text| {
        // The goroutine that asked for the dump stays the first: there it tells where a dump starts.
        let (first, rest) = text.trim_end().split_once("\n\n").unwrap_or((text, ""));
        let mut blocks: Vec<&str> = rest.split("\n\n").collect();
        blocks.reverse();
        let shuffled = (0..3).flat_map(|start| blocks.iter().skip(start).step_by(3).copied());
        [first].into_iter().chain(shuffled).collect::<Vec<_>>().join("\n\n") + "\n"
    });
}

#[test]
fn ok_ids_do_not_matter() {
    // Goroutine 1 is the one that runs main.
    let other = |digits: &str| match digits.parse::<u64>() {
        Ok(goid @ 0..=1) => goid.to_string(),
        Ok(goid) => (goid * 7 + 100_000).to_string(),
        Err(_) => digits.to_owned(),
    };
    check(|text| replace_numbers(text, "goroutine ", other));
}

#[test]
fn ok_addresses_do_not_matter() {
    let moved = |digits: &str| match u64::from_str_radix(digits, 16) {
        // Small numbers are no addresses; a page offset stays, so that what lies in one struct still does.
        Ok(address @ 0xc0_0000_0000..=0xff_ffff_ffff) => format!("{:x}", address + 0x1234_5000),
        _ => digits.to_owned(),
    };
    for (entry, text) in dumps() {
        let changed = replace_hex(&text, moved);
        assert_eq!(judged(&entry.path, changed.as_bytes()), judged(&entry.path, text.as_bytes()), "{}", entry.path);
    }
    assert_eq!(replace_hex("f(0xc000018060, 0x1)", moved), "f(0xc01235d060, 0x1)");
}

#[test]
fn ok_where_it_was_built_does_not_matter() {
    check(|text| text.replace("\n\t/", "\n\t/home/ci/build/"));
}

/// `text` with every run of digits behind `mark` replaced.
fn replace_numbers(text: &str, mark: &str, other: impl Fn(&str) -> String) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (digits, rest) = part.split_at(end);
        let digits = if digits.is_empty() { Cow::Borrowed("") } else { Cow::Owned(other(digits)) };
        let _ = write!(out, "{mark}{digits}{rest}");
    }
    out
}

fn replace_hex(text: &str, other: impl Fn(&str) -> String) -> String {
    let mut parts = text.split("0x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(part.len());
        let (digits, rest) = part.split_at(end);
        let _ = write!(out, "0x{}{rest}", other(digits));
    }
    out
}
