//! A command to copy.

use yew::prelude::*;

use super::{Icon, IconName};
use crate::hooks::use_page;
use crate::model::Notice;

#[derive(PartialEq, Properties)]
pub(crate) struct CommandLineProps {
    /// When to use it.
    #[prop_or_default]
    pub(crate) label: AttrValue,
    pub(crate) command: AttrValue,
}

/// A command with a button that copies it.
#[component]
pub(crate) fn CommandLine(props: &CommandLineProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let name = format!("{} {}", texts.copy, props.command);
    let onclick = {
        let command = props.command.clone();
        Callback::from(move |_: MouseEvent| page.copy(command.to_string(), Notice::Copied(command.to_string())))
    };
    html! {
        <div class="command">
            if !props.label.is_empty() {
                <span class="muted command-label">{ &props.label }</span>
            }
            <code class="mono ellipsis" translate="no" title={props.command.clone()}>{ &props.command }</code>
            <button class="button button-small" aria-label={name} {onclick}><Icon name={IconName::Copy}/>{ texts.copy }</button>
        </div>
    }
}
