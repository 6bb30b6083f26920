//! An object as Markdown, for an issue or a chat.

use std::fmt::Write as _;

use stackherd_report::protocol::{BlockingView, CycleView, FrameView, ObjectRow};

use super::{goroutine_name, object_name};
use crate::i18n::Texts;
use crate::model::{function_name, place, thousands, wait};

/// What the page says of an object; empty when there is no such object.
pub(crate) fn object_markdown(texts: &Texts, view: &BlockingView, index: u32) -> String {
    let Some(object) = view.objects.get(index as usize) else { return String::new() };
    let mut text = String::new();
    // Writing to a string does not fail.
    _ = write(&mut text, texts, view, object);
    text
}

fn write(text: &mut String, texts: &Texts, view: &BlockingView, object: &ObjectRow) -> std::fmt::Result {
    let words = texts.blocking;
    writeln!(text, "### {}\n", object_name(texts, object.kind, &object.address, object.exact))?;
    let at = object.waiting_at.as_ref().map(|frame| format!(": {}", code(frame))).unwrap_or_default();
    let oldest = object.oldest_minutes.map(|minutes| format!(", {}", (words.oldest)(&wait(minutes)))).unwrap_or_default();
    writeln!(text, "{}{oldest}{at}", (words.n_wait)(&thousands(object.waiters)))?;
    if object.address.is_empty() {
        writeln!(text, "\n{}", words.no_address)?;
    }
    match object.cycle.and_then(|cycle| view.cycles.get(cycle as usize)) {
        Some(cycle) => write_cycle(text, texts, cycle),
        None => write_candidates(text, texts, object),
    }
}

fn write_candidates(text: &mut String, texts: &Texts, object: &ObjectRow) -> std::fmt::Result {
    let words = texts.blocking;
    if object.candidates.is_empty() {
        return if object.address.is_empty() { Ok(()) } else { writeln!(text, "\n{}", words.no_candidates) };
    }
    writeln!(text, "\n**{}**\n\n{}\n", (words.candidates)(object.kind), (words.candidates_note)(object.kind))?;
    for candidate in &object.candidates {
        let top = candidate.top.as_ref().map(|top| format!(" {}", code(top))).unwrap_or_default();
        let goroutine = goroutine_name(texts, candidate.goid);
        let confidence = (words.confidence)(candidate.confidence);
        writeln!(text, "- {goroutine} [{}]{top}, {confidence}: {}", candidate.state, candidate.why)?;
    }
    Ok(())
}

fn write_cycle(text: &mut String, texts: &Texts, cycle: &CycleView) -> std::fmt::Result {
    let words = texts.blocking;
    writeln!(text, "\n**{}**\n", words.cycle)?;
    for (index, step) in cycle.steps.iter().enumerate() {
        let holder = cycle.steps.get((index + 1) % cycle.steps.len()).and_then(|next| next.goid);
        let object = object_name(texts, step.kind, &step.address, true);
        writeln!(text, "- {}", (words.step)(&goroutine_name(texts, step.goid), &object, &goroutine_name(texts, holder)))?;
    }
    writeln!(text, "\n**{}**\n", words.why)?;
    for (number, why) in (1..).zip(&cycle.why) {
        writeln!(text, "{number}. {why}")?;
    }
    writeln!(text, "\n{}", words.inferred)?;
    for step in &cycle.steps {
        writeln!(text, "\n```\n{} [{}]:", goroutine_name(texts, step.goid), step.state)?;
        for frame in &step.stack {
            writeln!(text, "{}\n\t{}:{}", frame.function, frame.file, frame.line)?;
        }
        writeln!(text, "```")?;
    }
    if let Some(fix) = &cycle.fix {
        writeln!(text, "\n**{}** ({})\n\n{}", words.fix, words.fix_note, fix.summary)?;
        for (title, source) in [(words.before, &fix.before), (words.after, &fix.after)] {
            if !source.is_empty() {
                writeln!(text, "\n{title}:\n\n```go\n{}\n```", source.trim_end())?;
            }
        }
    }
    Ok(())
}

fn code(frame: &FrameView) -> String {
    let place = place(frame);
    if place.is_empty() { format!("`{}`", function_name(frame)) } else { format!("`{}` `{place}`", function_name(frame)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Language, sample_blocking};

    #[test]
    fn ok_a_cycle_says_who_waits_for_whom_with_both_stacks() {
        let text = object_markdown(Language::English.texts(), &sample_blocking::view(), 2);
        assert!(
            text.starts_with("### sync.Mutex 0x16e6ea24a100\n\n1 goroutine waits: `ledger.Transfer` `ledger.go:18`\n"),
            "{text}"
        );
        assert!(text.contains("- goroutine 207 waits for sync.Mutex 0x16e6ea24a100, likely held by goroutine 208\n"), "{text}");
        assert!(text.contains("goroutine 208 [sync.Mutex.Lock, 11 minutes]:\n"), "{text}");
        assert!(text.contains("ledger.Transfer\n\t/src/ledger/ledger.go:18\n"), "{text}");
        assert!(text.contains("pattern, not your source"), "{text}");
        assert!(text.contains("```go\nfrom.mu.Lock()\nto.mu.Lock()\n```"), "{text}");
    }

    #[test]
    fn ok_candidates_carry_their_confidence_and_why() {
        let text = object_markdown(Language::English.texts(), &sample_blocking::view(), 1);
        assert!(text.contains("No owner is printed by Go."), "{text}");
        assert!(
            text.contains(
                "- goroutine 18303 [chan send] `audit.(*Log).Record` `audit.go:17`, confidence medium: Goroutine 18303 is in a call of the same receiver.\n"
            ),
            "{text}"
        );
        let text = object_markdown(Language::Chinese.texts(), &sample_blocking::view(), 1);
        assert!(text.contains("置信度中"), "{text}");
    }

    #[test]
    fn ok_without_an_address_it_says_so() {
        let text = object_markdown(Language::English.texts(), &sample_blocking::view(), 0);
        assert!(text.starts_with("### channel\n\n99,490 goroutines wait, oldest 11 min: "), "{text}");
        assert!(text.contains("Its address is not in the dump"), "{text}");
        assert_eq!(object_markdown(Language::English.texts(), &sample_blocking::view(), 99), "");
    }
}
