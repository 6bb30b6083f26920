//! How a dump was read: nothing here is a fault.

use stackherd_report::protocol::DumpSummary;
use stackherd_report::report::Note;
use stackherd_report::{DumpKind, IssueKind};
use yew::prelude::*;

use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{Summary, thousands};

#[derive(PartialEq, Properties)]
pub(crate) struct NoteListProps {
    pub(crate) summary: Summary,
}

/// The format, and what was peeled off or inferred.
#[component]
pub(crate) fn NoteList(props: &NoteListProps) -> Html {
    let texts = use_page().texts();
    let summary = &props.summary;
    html! {
        <section class="notes" aria-labelledby="how-read-title">
            <h2 id="how-read-title">{ texts.how_read }</h2>
            <p class="issue-list-lead muted">{ facts(texts, summary).join(", ") }</p>
            if !summary.dump.notes.is_empty() {
                <ul class="note-list">{ for summary.dump.notes.iter().map(|note| row(texts, note)) }</ul>
            }
        </section>
    }
}

fn facts(texts: &Texts, summary: &DumpSummary) -> Vec<String> {
    let dump = &summary.dump;
    let mut facts = vec![(texts.format)(dump.format, dump.crash.as_ref().map(|crash| crash.kind)).to_owned()];
    if dump.kind == DumpKind::Goroutineleak {
        facts.push(texts.leaked_only.to_owned());
    }
    if dump.line > 1 {
        facts.push((texts.from_line)(&thousands(dump.line)));
    }
    facts.extend(dump.source.as_deref().map(texts.from_source));
    // Where the difference is an issue, it has been told there.
    let is_told = dump.issues.iter().any(|issue| issue.kind == IssueKind::CountMismatch);
    if let Some(declared) = dump.declared_goroutines.filter(|declared| *declared != dump.goroutines && !is_told) {
        facts.push((texts.declared_differs)(&thousands(declared)));
    }
    facts
}

fn row(texts: &Texts, note: &Note) -> Html {
    html! {
        <li data-kind={note.kind.as_str()}>
            <span class="tag">{ (texts.note_kind)(note.kind) }</span>
            <span class="note-list-message">
                { (texts.note_message)(note) }
                if note.line > 0 {
                    { " " }<span class="dim">{ (texts.nth_line)(&thousands(note.line)) }</span>
                }
            </span>
        </li>
    }
}
