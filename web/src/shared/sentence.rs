//! A sentence with code in it.

use yew::prelude::*;

use crate::i18n::CODE;

#[derive(PartialEq, Properties)]
pub(crate) struct SentenceProps {
    /// Code stands between two [`CODE`] marks.
    pub(crate) text: AttrValue,
}

/// Shows the marked parts as code.
#[component]
pub(crate) fn Sentence(props: &SentenceProps) -> Html {
    let part = |(index, part): (usize, &str)| match index % 2 {
        0 => html! { <>{ part }</> },
        _ => html! { <code class="mono" translate="no">{ part }</code> },
    };
    props.text.split(CODE).enumerate().map(part).collect()
}
