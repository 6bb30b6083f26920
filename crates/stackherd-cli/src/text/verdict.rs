//! The answer on top.

use std::collections::BTreeMap;
use std::io::{self, Write};

use stackherd_report::{Dump, VerdictKind};

use super::numbers::grouped_digits;
use super::paint::{Paint, plain};
use super::words::Words;

/// Writes the worst verdict of all dumps, and what the others are.
pub(super) fn write(out: &mut impl Write, dumps: &[Dump], words: &Words, paint: Paint) -> io::Result<()> {
    let Some(worst) = dumps.iter().min_by_key(|dump| dump.verdict.kind) else { return Ok(()) };
    let verdict = &worst.verdict;
    if verdict.title.is_empty() {
        return Ok(());
    }
    let of = if dumps.len() > 1 { format!("{}: ", worst.name) } else { String::new() };
    let line = format!("{of}{}", verdict.title);
    let is_calm = matches!(verdict.kind, VerdictKind::Nothing | VerdictKind::Possible | VerdictKind::Busy);
    writeln!(out, "{}", if is_calm { paint.bold(&line) } else { paint.red(&line) })?;
    if !verdict.detail.is_empty() {
        writeln!(out, "{}", plain(&verdict.detail))?;
    }
    if dumps.len() == 1 && !verdict.advice.is_empty() {
        writeln!(out, "{}", plain(&verdict.advice))?;
    }
    if dumps.len() > 1 {
        writeln!(out, "{}", plain(&others(dumps, worst.id, words)))?;
    }
    writeln!(out)
}

/// `other dumps (39): leak 2, nothing 37`
fn others(dumps: &[Dump], worst: u32, words: &Words) -> String {
    let mut kinds: BTreeMap<VerdictKind, u64> = BTreeMap::new();
    for dump in dumps.iter().filter(|dump| dump.id != worst) {
        *kinds.entry(dump.verdict.kind).or_default() += 1;
    }
    let n = grouped_digits(dumps.len() as u64 - 1);
    let kinds: Vec<_> = kinds.iter().map(|(&kind, &n)| format!("{} {}", words.kind(kind), grouped_digits(n))).collect();
    words.other_dumps.replace("{n}", &n).replace("{kinds}", &kinds.join(", "))
}
