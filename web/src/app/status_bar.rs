//! Totals and key hints.

use stackherd_report::protocol::DumpSummary;
use yew::prelude::*;

use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{go_version, millis, size, thousands};

/// The last line of the page.
#[component]
pub(crate) fn StatusBar() -> Html {
    let page = use_page();
    let texts = page.texts();
    let dump = page.active();
    let facts = match dump.as_ref().and_then(|dump| dump.summary()) {
        Some(summary) => facts(texts, summary),
        None => vec![texts.offline.to_owned()],
    };
    let hints: &[(&[&str], &str)] = match page.state().phase() {
        "ready" => &[
            (&["j", "k"], texts.hint_move),
            (&["Enter"], texts.hint_open),
            (&["/"], texts.hint_filter),
            (&["?"], texts.hint_keys),
        ],
        "loading" => &[(&["Esc"], texts.cancel), (&["?"], texts.hint_keys)],
        _ => &[(&["o"], texts.hint_open_files), (&["?"], texts.hint_keys)],
    };
    html! {
        <footer class="status-bar">
            for fact in facts {
                <span>{ fact }</span>
            }
            <span class="status-bar-space"></span>
            for (keys, what) in hints {
                <span class="status-bar-hint">
                    for key in *keys {
                        <kbd>{ *key }</kbd>{ " " }
                    }
                    { *what }
                </span>
            }
        </footer>
    }
}

fn facts(texts: &Texts, summary: &DumpSummary) -> Vec<String> {
    let dump = &summary.dump;
    let mut source = Vec::new();
    source.extend(dump.go_version.as_deref().map(go_version));
    source.push((texts.format)(dump.format, dump.crash.as_ref().map(|crash| crash.kind)).to_owned());
    source.push(size(dump.bytes));
    let mut facts =
        vec![(texts.n_groups_goroutines)(&thousands(summary.groups), &thousands(dump.goroutines)), source.join(", ")];
    if summary.parse_millis > 0.0 {
        facts.push((texts.parsed_in)(&millis(summary.parse_millis)));
    }
    if summary.memory_bytes > 0 {
        facts.push((texts.memory)(&size(summary.memory_bytes)));
    }
    facts
}
