//! Texts to act with: shown, copied or saved.

use stackherd_report::protocol::ExportKind;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::{Action, Notice};
use crate::shared::{Icon, IconName, Modal, TabItem, TabList, save_text};

/// Kinds in the order of their tabs, with the file each is saved to.
const KINDS: [(ExportKind, &str, &str); 3] = [
    (ExportKind::IncidentSummary, "tab-incident-summary", "incident.md"),
    (ExportKind::GoleakOptions, "tab-goleak-options", "goleak_options.go"),
    (ExportKind::PrometheusRule, "tab-prometheus-rule", "goroutines.rules.yml"),
];

const PANEL: &str = "export-text";

/// One text at a time.
#[component]
pub(crate) fn ExportDialog() -> Html {
    let page = use_page();
    let texts = page.texts();
    let chosen = use_state_eq(|| 0_usize);
    let place = use_node_ref();
    let &(kind, tab_id, file) = KINDS.get(*chosen).unwrap_or(&KINDS[0]);
    {
        let page = page.clone();
        use_effect_with(*chosen, move |_| {
            page.dispatch(Action::ExportWanted { kind, is_for_clipboard: false });
            move || page.dispatch(Action::ExportDone)
        });
    }
    let export = page.state().judging.export.as_ref().filter(|export| export.kind == kind && !export.is_for_clipboard);
    let text = export.and_then(|export| export.text.clone());
    let tabs = KINDS
        .map(|(kind, id, _)| TabItem { id, label: (texts.findings.export_kind)(kind), count: None, panel: PANEL })
        .to_vec();
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |index| chosen.set(index))
    };
    let copy = {
        let (page, text) = (page.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            let name = (page.texts().findings.export_kind)(kind);
            page.copy(text.as_deref().unwrap_or_default().to_owned(), Notice::Copied(name.to_owned()));
        })
    };
    let download = {
        let (page, text) = (page.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            if !save_text(text.as_deref().unwrap_or_default(), file) {
                page.dispatch(Action::Noticed(Notice::SaveRefused));
            }
        })
    };
    let has_text = text.as_ref().is_some_and(|text| !text.is_empty());
    // A text longer than the field starts at its beginning.
    {
        let place = place.clone();
        use_effect_with(text.clone(), move |_| {
            if let Some(place) = place.cast::<HtmlElement>() {
                place.set_scroll_top(0);
            }
        });
    }
    html! {
        <Modal title={texts.findings.export_title} class="modal-wide">
            <TabList class="export-tabs" label={texts.findings.export_title} {tabs} chosen={*chosen} {on_choose}/>
            <p class="export-lead muted">{ (texts.findings.export_lead)(kind) }</p>
            <pre class="export-text mono" id={PANEL} role="tabpanel" aria-labelledby={tab_id} tabindex="0" data-kind={kind.as_str()} data-ready={text.is_some().to_string()} translate={has_text.then_some("no")} ref={place}>
                {
                    match text.as_deref() {
                        None => texts.findings.making,
                        Some("") => texts.findings.export_empty,
                        Some(text) => text,
                    }
                }
            </pre>
            <div class="modal-actions">
                <button class="button button-large" id="save-export" disabled={!has_text} onclick={download}>{ texts.findings.download }</button>
                <button class="button button-primary button-large" id="copy-export" disabled={!has_text} onclick={copy}>
                    <Icon name={IconName::Copy}/>{ texts.copy }
                </button>
            </div>
        </Modal>
    }
}
