//! What is compared with what, and what the reader decides of it.

use std::rc::Rc;

use stackherd_report::protocol::{CompareOptions, ComparisonView};
use stackherd_report::{ComparisonMode, Relation};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::hooks::{Page, use_page};
use crate::model::{Action, CompareAction, Dialog, names_of};
use crate::shared::focus_after_frame;

#[derive(PartialEq, Properties)]
pub(crate) struct OptionsProps {
    pub(crate) view: Rc<ComparisonView>,
}

/// A line of choices below the sentence.
#[component]
pub(crate) fn Options(props: &OptionsProps) -> Html {
    let page = use_page();
    let texts = page.texts().compare;
    let view = &props.view;
    let names = names_of(page.state(), view);
    let times = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| page.dispatch(Action::DialogShown(Some(Dialog::Dumps))))
    };
    let open = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            page.dispatch(Action::Compare(CompareAction::Opened(true)));
            focus_after_frame("#compare-side");
        })
    };
    html! {
        <div class="compare-options" role="group" aria-label={texts.options}>
            { dump_select(&page, view, &names, "compare-baseline", texts.baseline, view.baseline) }
            { dump_select(&page, view, &names, "compare-target", texts.target, view.target) }
            { relation(&page, view) }
            <span class="compare-why ellipsis" id="relation-why" title={view.relation_why.clone()}>{ &view.relation_why }</span>
            { mode(&page, view) }
            if view.minutes.is_none() {
                <button class="button button-small" id="set-times" title={texts.no_times} onclick={times}>{ texts.set_times }</button>
            }
            <button class="button button-small compare-show-side" id="show-side" onclick={open}>{ texts.show_side }</button>
        </div>
    }
}

/// Both ends of the comparison. The other end is no choice.
fn dump_select(
    page: &Page,
    view: &Rc<ComparisonView>,
    names: &[String],
    id: &'static str,
    label: &'static str,
    chosen: u32,
) -> Html {
    let is_baseline = id == "compare-baseline";
    let other = if is_baseline { view.target } else { view.baseline };
    let onchange = {
        let (page, view) = (page.clone(), view.clone());
        Callback::from(move |event: Event| {
            let value: Option<usize> = event.target_unchecked_into::<HtmlSelectElement>().value().parse().ok();
            let Some(dump) = value.and_then(|position| view.dumps.get(position)).map(|dump| dump.dump) else { return };
            if is_baseline {
                page.make_baseline(dump);
            } else {
                change(&page, |options| options.target = Some(dump));
            }
        })
    };
    html! {
        <label class="select-label">
            <span class="select-label-text">{ label }</span>
            <select class="select" {id} aria-label={label} {onchange}>
                for (position, name) in (0_u32..).zip(names) {
                    <option value={position.to_string()} selected={position == chosen} disabled={position == other && position != chosen}>{ name }</option>
                }
            </select>
        </label>
    }
}

/// Whether the dumps are of one process: what is told from them, and what the reader says.
pub(crate) fn relation(page: &Page, view: &ComparisonView) -> Html {
    let texts = page.texts().compare;
    let given = page.state().compare.options.relation;
    let onchange = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let relation = Relation::ALL.iter().copied().find(|relation| relation.as_str() == value);
            change(&page, |options| options.relation = relation);
        })
    };
    let automatic =
        if given.is_none() { (texts.automatic)((texts.relation_name)(view.relation)) } else { (texts.automatic)("…") };
    html! {
        <label class="select-label">
            <span class="select-label-text">{ texts.relation }</span>
            <select class="select" id="compare-relation" aria-label={texts.relation} data-relation={view.relation.as_str()} {onchange}>
                <option value="" selected={given.is_none()}>{ automatic }</option>
                for relation in [Relation::SameProcess, Relation::SameService] {
                    <option value={relation.as_str()} selected={given == Some(relation)}>{ (texts.relation_name)(relation) }</option>
                }
            </select>
        </label>
    }
}

fn mode(page: &Page, view: &ComparisonView) -> Html {
    let texts = page.texts().compare;
    let given = page.state().compare.options.mode;
    let onchange = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let mode = ComparisonMode::ALL.iter().copied().find(|mode| mode.as_str() == value);
            change(&page, |options| options.mode = mode);
        })
    };
    let automatic = if given.is_none() { (texts.automatic)((texts.mode_name)(view.mode)) } else { (texts.automatic)("…") };
    html! {
        <label class="select-label">
            <span class="select-label-text">{ texts.mode }</span>
            <select class="select" id="compare-mode" aria-label={texts.mode} data-mode={view.mode.as_str()} {onchange}>
                <option value="" selected={given.is_none()}>{ automatic }</option>
                for mode in ComparisonMode::ALL {
                    <option value={mode.as_str()} selected={given == Some(*mode)}>{ (texts.mode_name)(*mode) }</option>
                }
            </select>
        </label>
    }
}

fn change(page: &Page, edit: impl FnOnce(&mut CompareOptions)) {
    let mut options = page.state().compare.options.clone();
    edit(&mut options);
    page.dispatch(Action::Compare(CompareAction::OptionsChanged(options)));
}
