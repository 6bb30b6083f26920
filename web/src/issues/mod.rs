//! What was not read, what was not understood, and how the rest was read.

mod not_read;
mod notes;

use stackherd_report::Issue;
use stackherd_report::protocol::DumpSummary;
use yew::prelude::*;

use self::not_read::NotReadList;
use self::notes::NoteList;
use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{Summary, thousands};

/// Rows drawn at most. Kinds are summed up by the engine, so more than this is unheard of.
const MAX_ROWS: usize = 100;

#[derive(PartialEq, Properties)]
pub(crate) struct IssuesProps {
    pub(crate) summary: Summary,
}

/// The issues of a dump, in the order of lines, between what was not read and the notes.
#[component]
pub(crate) fn Issues(props: &IssuesProps) -> Html {
    let texts = use_page().texts();
    let summary = &props.summary;
    html! {
        <div class="issue-list">
            <NotReadList/>
            if summary.dump.issues.is_empty() {
                <p class="issue-list-empty">{ texts.no_issues }</p>
            } else {
                { table(texts, summary) }
            }
            <NoteList summary={summary.clone()}/>
        </div>
    }
}

fn table(texts: &Texts, summary: &DumpSummary) -> Html {
    html! {
        <>
            <p class="issue-list-lead muted">{ texts.issues_lead }</p>
            <table class="issue-table">
                <thead>
                    <tr>
                        <th class="number" scope="col">{ texts.column_line }</th>
                        <th scope="col">{ texts.column_kind }</th>
                        <th class="number" scope="col">{ texts.column_times }</th>
                        <th scope="col">{ texts.column_message }</th>
                        <th scope="col">{ texts.column_excerpt }</th>
                    </tr>
                </thead>
                <tbody>{ for summary.dump.issues.iter().take(MAX_ROWS).map(|issue| row(texts, issue, summary)) }</tbody>
            </table>
        </>
    }
}

fn row(texts: &Texts, issue: &Issue, summary: &DumpSummary) -> Html {
    html! {
        <tr data-kind={issue.kind.as_str()}>
            <td class="number">{ line(issue.line) }</td>
            <td><span class="tag tag-warning">{ (texts.issue_kind)(issue.kind) }</span></td>
            <td class="number">{ thousands(issue.count) }</td>
            <td class="issue-table-message">{ (texts.issue_message)(issue, summary) }</td>
            <td class="mono dim issue-table-excerpt" translate="no">{ issue.excerpt.as_deref().unwrap_or_default() }</td>
        </tr>
    }
}

/// Binary formats have no lines.
fn line(line: u64) -> String {
    if line == 0 { "–".to_owned() } else { thousands(line) }
}
