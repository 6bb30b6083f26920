//! How alike the goroutines of a group are.

use stackherd_report::Similarity;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::hooks::use_page;
use crate::model::Action;

/// A choice of levels; the keys 1 to 4 choose too.
#[component]
pub(crate) fn SimilaritySelect() -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    let chosen = page.state().similarity;
    let onchange = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let similarity = Similarity::ALL.iter().copied().find(|similarity| similarity.as_str() == value);
            page.dispatch(Action::SimilarityChosen(similarity.unwrap_or_default()));
        })
    };
    html! {
        <label class="select-label similarity" title={(texts.similarity_why)(chosen)}>
            <span class="select-label-text">{ texts.similarity }</span>
            <select class="select" id="similarity" aria-label={texts.similarity} {onchange}>
                for similarity in Similarity::ALL {
                    <option value={similarity.as_str()} selected={*similarity == chosen} title={(texts.similarity_why)(*similarity)}>
                        { (texts.similarity_name)(*similarity) }
                    </option>
                }
            </select>
        </label>
    }
}
