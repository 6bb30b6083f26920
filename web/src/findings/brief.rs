//! What to change, below the stack.

use stackherd_report::protocol::FindingView;
use yew::prelude::*;

use super::CodeDiff;
use crate::hooks::use_page;
use crate::i18n::code_in;
use crate::model::{Action, DetailTab, finding_on_show, finding_places};
use crate::shared::{Sentence, focus_after_frame};

/// The fix of the finding on show; the rest of it is one click away.
#[component]
pub(crate) fn FixBrief() -> Html {
    let page = use_page();
    let texts = &page.texts().findings;
    let Some(dump) = page.active() else { return Html::default() };
    let Some((_, finding)) = finding_on_show(&dump) else { return Html::default() };
    let onclick = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::DetailTabChosen(DetailTab::Fix));
            focus_after_frame("#tab-fix");
        })
    };
    let title = if finding.fix.is_some() { texts.how_to_fix } else { texts.finding };
    html! {
        <section class="section" aria-labelledby="brief-title" id="fix-brief">
            <h3 id="brief-title">
                { title }
                if finding.fix.is_some() {
                    <span class="section-note">{ texts.pattern_note }</span>
                }
                <span class="section-space"></span>
                <button class="link" {onclick}>{ texts.whole_finding }</button>
            </h3>
            if finding.fix.is_some() {
                { fix(finding) }
            } else {
                <p class="finding-claim"><Sentence text={code_in(&finding.title, &finding_places(finding))}/></p>
            }
        </section>
    }
}

/// One sentence, and code that is not the reader's: its heading says so.
pub(super) fn fix(finding: &FindingView) -> Html {
    let Some(fix) = &finding.fix else { return Html::default() };
    html! {
        <>
            <p class="finding-text"><Sentence text={code_in(&fix.summary, &[])}/></p>
            if !fix.before.is_empty() || !fix.after.is_empty() {
                <CodeDiff before={fix.before.clone()} after={fix.after.clone()}/>
            }
        </>
    }
}
