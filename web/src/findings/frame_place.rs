//! A frame and where its source is.

use stackherd_report::protocol::FrameView;
use yew::prelude::*;

use crate::hooks::{Page, use_page};
use crate::model::{Notice, opens_page, origin_class, short_place, source_link};
use crate::shared::{Icon, IconName};

#[derive(PartialEq, Properties)]
pub(crate) struct FramePlaceProps {
    /// What the frame is to the finding.
    pub(crate) label: AttrValue,
    pub(crate) frame: FrameView,
}

/// Function and place, with a button that copies the place.
#[component]
pub(super) fn FramePlace(props: &FramePlaceProps) -> Html {
    let page = use_page();
    let texts = page.texts();
    let frame = &props.frame;
    let full = full_place(frame);
    let copy = copy_place(&page, &full);
    html! {
        <div class={classes!("frame-place", origin_class(frame.origin))}>
            <span class="frame-place-label dim">{ &props.label }</span>
            <span class="frame-place-function mono" translate="no" title={frame.function.clone()}>
                if !frame.package.is_empty() {
                    { &frame.package }{ "." }
                }
                { &frame.name }
            </span>
            if !full.is_empty() {
                <span class="frame-place-at">
                    { place_link(&page, frame) }
                    <button class="button button-icon button-small" aria-label={(texts.copy_place)(&full)} title={(texts.copy_place)(&full)} onclick={copy}>
                        <Icon name={IconName::Copy}/>
                    </button>
                </span>
            }
        </div>
    }
}

/// The place as a link to the reader's source when a template is set, else as text.
fn place_link(page: &Page, frame: &FrameView) -> Html {
    let place = short_place(frame);
    match source_link(&page.state().settings.source_link, frame) {
        Some(href) => anchor(page, &href, &full_place(frame), &place),
        None => html! { <span class="mono" translate="no">{ place }</span> },
    }
}

/// A link to the reader's source. The page never follows it by itself.
pub(crate) fn anchor(page: &Page, href: &str, full: &str, place: &str) -> Html {
    let name = (page.texts().findings.open_source)(full);
    html! {
        <a
            class="stack-place"
            href={href.to_owned()}
            target={opens_page(href).then_some("_blank")}
            rel="noopener noreferrer"
            translate="no"
            aria-label={name.clone()}
            title={name}
        >{ place.to_owned() }</a>
    }
}

/// `/src/worker/worker.go:89`.
pub(crate) fn full_place(frame: &FrameView) -> String {
    if frame.line == 0 { frame.file.clone() } else { format!("{}:{}", frame.file, frame.line) }
}

/// Copies a place.
pub(crate) fn copy_place(page: &Page, full: &str) -> Callback<MouseEvent> {
    let (page, full) = (page.clone(), full.to_owned());
    Callback::from(move |_: MouseEvent| page.copy(full.clone(), Notice::Copied(full.clone())))
}
