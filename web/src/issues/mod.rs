//! What was not understood.

use stackherd_report::Issue;
use yew::prelude::*;

use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::thousands;

/// Rows drawn at most. Kinds are summed up by the engine, so more than this is unheard of.
const MAX_ROWS: usize = 100;

#[derive(PartialEq, Properties)]
pub(crate) struct IssueListProps {
    pub(crate) issues: Vec<Issue>,
    /// The reader of the page stopped the reading.
    pub(crate) is_stopped: bool,
}

/// The issues of a dump, in the order of lines.
#[component]
pub(crate) fn IssueList(props: &IssueListProps) -> Html {
    let texts = use_page().texts();
    if props.issues.is_empty() {
        return html! { <p class="issue-list-empty">{ texts.no_issues }</p> };
    }
    html! {
        <div class="issue-list">
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
                <tbody>{ for props.issues.iter().take(MAX_ROWS).map(|issue| row(texts, issue, props.is_stopped)) }</tbody>
            </table>
        </div>
    }
}

fn row(texts: &Texts, issue: &Issue, is_stopped: bool) -> Html {
    html! {
        <tr data-kind={issue.kind.as_str()}>
            <td class="number">{ thousands(issue.line) }</td>
            <td><span class="tag tag-warning">{ (texts.issue_kind)(issue.kind) }</span></td>
            <td class="number">{ thousands(issue.count) }</td>
            <td class="issue-table-message">{ (texts.issue_message)(issue, is_stopped) }</td>
            <td class="mono dim issue-table-excerpt" translate="no">{ issue.excerpt.as_deref().unwrap_or_default() }</td>
        </tr>
    }
}
