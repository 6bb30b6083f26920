//! What the reader may tell the page: rules, packages, and where the source is.

use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::hooks::{Page, use_page};
use crate::model::{Action, Settings, is_source_link};
use crate::shared::Modal;

const RULES_SAMPLE: &str = "[[rule]]
name = \"payment-workers\"
severity = \"critical\"
message = \"{count} payment workers are stuck at {place}\"
any_frame = '^shop\\.example/payment\\.'
min_count = 20

[[ignore]]
reason = \"The metrics flusher lives as long as the process.\"
top_function = \"shop.example/metrics.(*Flusher).loop\"";

/// Three fields that take effect together.
#[component]
pub(crate) fn SettingsDialog() -> Html {
    let page = use_page();
    let texts = &page.texts().findings;
    let settings = &page.state().settings;
    // What is typed is the dialog's own until it is applied.
    let rules = use_state_eq(|| settings.rules.to_string());
    let prefixes = use_state_eq(|| settings.app_prefixes.to_string());
    let link = use_state_eq(|| settings.source_link.to_string());
    let is_applied = use_state_eq(|| false);
    let is_link_refused = use_state_eq(|| false);
    let onsubmit = {
        let page = page.clone();
        let (rules, prefixes, link) = (rules.clone(), prefixes.clone(), link.clone());
        let (is_applied, is_link_refused) = (is_applied.clone(), is_link_refused.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let template = link.trim();
            let is_refused = !template.is_empty() && !is_source_link(template);
            is_link_refused.set(is_refused);
            is_applied.set(!is_refused);
            if !is_refused {
                apply(&page, &rules, prefixes.trim(), template);
            }
        })
    };
    let oninput = {
        let (rules, is_applied) = (rules.clone(), is_applied.clone());
        Callback::from(move |event: InputEvent| {
            rules.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
            is_applied.set(false);
        })
    };
    html! {
        <Modal title={texts.settings} class="modal-wide">
            <form class="settings" {onsubmit}>
                <label class="settings-label" for="rules">{ texts.rules }</label>
                <p class="settings-lead muted">{ texts.rules_lead }</p>
                <textarea
                    id="rules"
                    class="settings-rules mono"
                    rows="9"
                    spellcheck="false"
                    translate="no"
                    aria-describedby="rules-state"
                    placeholder={RULES_SAMPLE}
                    value={(*rules).clone()}
                    {oninput}
                />
                { rules_state(&page) }
                { keys(&page) }
                <label class="settings-label" for="app-prefixes">{ texts.app_prefixes }</label>
                <p class="settings-lead muted">{ texts.app_prefixes_lead }</p>
                { field("app-prefixes", &prefixes, &is_applied, "shop.example/checkout, main") }
                <label class="settings-label" for="source-link">{ texts.source_link }</label>
                <p class="settings-lead muted" id="source-link-lead">{ texts.source_link_lead }</p>
                { field("source-link", &link, &is_applied, "vscode://file{path}:{line}") }
                if *is_link_refused {
                    <p class="settings-error" role="alert" id="source-link-error">{ texts.source_link_refused }</p>
                }
                <div class="settings-actions">
                    <span class="dim">{ texts.stored_here }</span>
                    <span class="section-space"></span>
                    <span class="settings-applied" role="status" id="settings-applied">
                        if *is_applied && page.state().judging.rules_error.is_none() {
                            { texts.applied }
                        }
                    </span>
                    <button class="button button-primary button-large" type="submit" id="apply-settings">{ texts.apply }</button>
                </div>
            </form>
        </Modal>
    }
}

fn field(
    id: &'static str,
    text: &UseStateHandle<String>,
    is_applied: &UseStateHandle<bool>,
    placeholder: &'static str,
) -> Html {
    let oninput = {
        let (text, is_applied) = (text.clone(), is_applied.clone());
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value());
            is_applied.set(false);
        })
    };
    html! {
        <input
            {id}
            class="settings-field mono"
            type="text"
            spellcheck="false"
            autocomplete="off"
            translate="no"
            {placeholder}
            value={(**text).clone()}
            {oninput}
        />
    }
}

fn apply(page: &Page, rules: &str, app_prefixes: &str, source_link: &str) {
    // Space alone is no rule.
    let rules = if rules.trim().is_empty() { "" } else { rules };
    page.dispatch(Action::SettingsChanged(Settings {
        rules: rules.into(),
        app_prefixes: app_prefixes.into(),
        source_link: source_link.into(),
        ..page.state().settings.clone()
    }));
}

/// Whether the worker took the rules.
fn rules_state(page: &Page) -> Html {
    let texts = &page.texts().findings;
    let judging = &page.state().judging;
    html! {
        <div id="rules-state">
            {
                match &judging.rules_error {
                    Some(why) => html! { <p class="settings-error" role="alert" id="rules-error">{ (texts.rules_not_taken)(why) }</p> },
                    None if judging.is_waiting() || page.state().settings.rules.is_empty() => Html::default(),
                    None => html! { <p class="settings-lead muted" id="rules-taken">{ texts.rules_taken }</p> },
                }
            }
        </div>
    }
}

fn keys(page: &Page) -> Html {
    let texts = &page.texts().findings;
    html! {
        <details class="settings-keys">
            <summary>{ texts.rules_keys_title }</summary>
            <dl>
                for (key, what) in texts.rules_keys {
                    <div><dt class="mono" translate="no">{ key }</dt><dd>{ what }</dd></div>
                }
            </dl>
        </details>
    }
}
