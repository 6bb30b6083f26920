//! Go code in colours, and how one piece becomes another.

use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::{Change, GoKind, GoSpan, go_lines, line_diff};

#[derive(PartialEq, Properties)]
pub(crate) struct CodeDiffProps {
    pub(crate) before: AttrValue,
    pub(crate) after: AttrValue,
}

/// What goes and what comes, line by line.
#[component]
pub(crate) fn CodeDiff(props: &CodeDiffProps) -> Html {
    let texts = &use_page().texts().findings;
    let before = if props.before.is_empty() { Vec::new() } else { go_lines(&props.before) };
    let after = if props.after.is_empty() { Vec::new() } else { go_lines(&props.after) };
    let line = |(change, line): (Change, usize)| {
        let (spans, class, sign, word) = match change {
            Change::Same => (after.get(line), None, " ", ""),
            Change::Removed => (before.get(line), Some("code-line-removed"), "−", texts.removed_line),
            Change::Added => (after.get(line), Some("code-line-added"), "+", texts.added_line),
        };
        html! {
            <div class={classes!("code-line", class)}>
                <span class="code-sign" aria-hidden="true">{ sign }</span>
                if !word.is_empty() {
                    <span class="visually-hidden">{ word }{ ": " }</span>
                }
                <code>{ spans.map(|spans| go_spans(spans)) }</code>
            </div>
        }
    };
    html! {
        <div class="code" role="region" aria-label={texts.pattern_note} tabindex="0" translate="no">
            { for line_diff(&before, &after).into_iter().map(line) }
        </div>
    }
}

/// The pieces of a line, as text.
pub(super) fn go_spans(spans: &[GoSpan<'_>]) -> Html {
    let span = |(kind, text): &GoSpan<'_>| {
        let text = (*text).to_owned();
        let class = match kind {
            GoKind::Plain => return html! { <>{ text }</> },
            GoKind::Keyword => "go-keyword",
            GoKind::Type => "go-type",
            GoKind::Builtin => "go-builtin",
            GoKind::String => "go-string",
            GoKind::Number => "go-number",
            GoKind::Comment => "go-comment",
        };
        html! { <span {class}>{ text }</span> }
    };
    spans.iter().map(span).collect()
}
