//! Totals and key hints.

use stackherd_report::DumpKind;
use stackherd_report::protocol::{DumpSummary, StatusCounts};
use yew::prelude::*;

use crate::hooks::use_page;
use crate::i18n::Texts;
use crate::model::{DumpEntry, State, Tab, go_version, millis, n_values, size, thousands};

/// The last line of the page.
#[component]
pub(crate) fn StatusBar() -> Html {
    let page = use_page();
    let texts = page.texts();
    let dump = page.active();
    let facts = match &dump {
        Some(dump) => facts(texts, &dump.summary, of_view(texts, dump, page.state())),
        None => vec![texts.offline.to_owned()],
    };
    let hints: &[(&[&str], &str)] = match page.state().phase() {
        "ready" if dump.as_ref().is_some_and(|dump| dump.summary.groups > 0) => &[
            (&["j", "k"], texts.hint_move),
            (&["Enter"], texts.hint_open),
            (&["f"], texts.findings.hint_fix),
            (&["g"], texts.hint_views),
            (&["/"], texts.hint_filter),
            (&["?"], texts.hint_keys),
        ],
        "loading" => &[(&["Esc"], texts.cancel), (&["?"], texts.hint_keys)],
        _ => &[(&["o"], texts.hint_open_files), (&["?"], texts.hint_keys)],
    };
    // Read by the benchmark: part of the time that reading took.
    let compared = page.state().compare.view.as_ref().map(|view| view.compare_millis.to_string());
    let judged = dump.map(|dump| dump.summary.judge_millis.to_string());
    html! {
        <footer class="status-bar" data-judge-millis={judged} data-compare-millis={compared}>
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

/// What the view on show is about, when that is not the groups.
fn of_view(texts: &Texts, dump: &DumpEntry, state: &State) -> Option<String> {
    match state.tab_on_show() {
        Tab::Fleet => {
            let view = state.compare.view.as_ref()?;
            let goroutines = view.dumps.iter().map(|dump| dump.goroutines).sum();
            let groups = u64::from(state.fleet.matched_groups?);
            Some((texts.fleet.status)(&thousands(view.dumps.len() as u64), &thousands(groups), &thousands(goroutines)))
        }
        Tab::Compare => {
            let view = state.compare.view.as_ref()?;
            let StatusCounts { new, gone, grown, shrunk, same } = view.statuses;
            let groups = [new, gone, grown, shrunk, same].into_iter().map(u64::from).sum();
            Some((texts.compare.status_bar)(&thousands(groups), &thousands(view.dumps.len() as u64)))
        }
        Tab::Groups | Tab::Issues => None,
        Tab::Blocking => {
            let view = dump.blocking.view.as_ref()?;
            Some((texts.blocking.status)(&thousands(u64::from(view.n_objects)), &thousands(view.waiters)))
        }
        Tab::Ancestry => {
            let tree = dump.ancestry.tree.as_ref()?;
            Some((texts.ancestry.status)(&thousands(u64::from(tree.n_sites))))
        }
    }
}

fn facts(texts: &Texts, summary: &DumpSummary, of_view: Option<String>) -> Vec<String> {
    let dump = &summary.dump;
    let mut source = Vec::new();
    source.extend(dump.go_version.as_deref().map(go_version));
    source.push((texts.format)(dump.format, dump.crash.as_ref().map(|crash| crash.kind)).to_owned());
    if dump.kind == DumpKind::Goroutineleak {
        source.push(texts.leaked_only.to_owned());
    }
    source.push(size(dump.bytes));
    let totals = if let Some(of_view) = of_view {
        of_view
    } else if dump.goroutines == 0 && !dump.series.is_empty() {
        (texts.n_values)(&thousands(n_values(&dump.series)))
    } else {
        (texts.n_groups_goroutines)(&thousands(summary.groups), &thousands(dump.goroutines))
    };
    let mut facts = vec![totals, source.join(", ")];
    if summary.parse_millis > 0.0 {
        facts.push((texts.parsed_in)(&millis(summary.parse_millis)));
    }
    if summary.memory_bytes > 0 {
        facts.push((texts.memory)(&size(summary.memory_bytes)));
    }
    facts
}
