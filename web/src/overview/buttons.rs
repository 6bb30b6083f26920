//! What to do about the verdict.

use stackherd_report::protocol::{ExportKind, Judgement};
use yew::prelude::*;

use crate::hooks::Page;
use crate::model::{Action, thousands};
use crate::shared::{Icon, IconName, focus_after_frame};

/// The list of findings where there is no room beside the groups, the summary, and the fix.
pub(super) fn buttons(page: &Page, judgement: &Judgement) -> Html {
    let texts = &page.texts().findings;
    let is_open = page.state().judging.is_list_open;
    let n = judgement.findings.len() as u64;
    let list = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::FindingListOpened(!is_open));
            if !is_open {
                focus_after_frame(".finding-card[tabindex='0'], .findings-close");
            }
        })
    };
    let copy = {
        let page = page.clone();
        let wanted = Action::ExportWanted { kind: ExportKind::IncidentSummary, is_for_clipboard: true };
        Callback::from(move |_: MouseEvent| page.dispatch(wanted.clone()))
    };
    let fix = {
        let (page, index) = (page.clone(), judgement.verdict_finding.unwrap_or(0));
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::FindingChosen(index));
            page.show_fix();
        })
    };
    html! {
        <div class="verdict-buttons">
            <button class="button verdict-list-button" id="show-findings" aria-expanded={is_open.to_string()} aria-controls="findings" onclick={list}>
                { texts.findings }{ " " }<span class="dim">{ thousands(n) }</span><Icon name={IconName::Down}/>
            </button>
            <button class="button verdict-copy" id="copy-summary" aria-label={texts.copy_summary} title={texts.copy_summary} onclick={copy}>
                <Icon name={IconName::Copy}/><span class="verdict-copy-text">{ texts.copy_summary }</span>
            </button>
            if n > 0 {
                <button class="button button-primary" id="how-to-fix" title={format!("{} (f)", texts.how_to_fix)} onclick={fix}>{ texts.how_to_fix }</button>
            }
        </div>
    }
}
