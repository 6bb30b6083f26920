//! Three panes, and the splitter between the last two.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::detail::Detail;
use crate::findings::FindingsPane;
use crate::groups::GroupList;
use crate::hooks::{Page, use_page};
use crate::model::{Action, DETAIL_WIDTHS, Settings};
use crate::shared::use_css;

/// Pixels for one press of an arrow key.
const STEP: u32 = 24;

/// Findings, groups and detail.
#[component]
pub(crate) fn Panes() -> Html {
    let page = use_page();
    let panes = use_node_ref();
    let is_open = page.active().is_some_and(|dump| dump.detail.is_open);
    let is_list_open = page.state().judging.is_list_open;
    let width = page.state().settings.detail_width;
    use_css(&panes, "--detail-width", width.map(|width| format!("{width}px")));
    html! {
        <div class={classes!("panes", is_open.then_some("panes-detail-open"), is_list_open.then_some("panes-findings-open"))} ref={panes}>
            <FindingsPane/>
            <GroupList/>
            { splitter(&page) }
            <Detail/>
        </div>
    }
}

fn splitter(page: &Page) -> Html {
    let grab = Callback::from(|event: PointerEvent| {
        let splitter: HtmlElement = event.target_unchecked_into();
        // Without capture the drag ends when the pointer leaves the line; keys still work.
        _ = splitter.set_pointer_capture(event.pointer_id());
        event.prevent_default();
        _ = splitter.focus();
    });
    let drag = {
        let page = page.clone();
        Callback::from(move |event: PointerEvent| {
            let splitter: HtmlElement = event.target_unchecked_into();
            if splitter.has_pointer_capture(event.pointer_id())
                && let Some(panes) = splitter.parent_element()
            {
                let right = panes.get_bounding_client_rect().right();
                set_width(&page, right - f64::from(event.client_x()));
            }
        })
    };
    let onkeydown = {
        let page = page.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(width) = detail_width(&event.target_unchecked_into()) else { return };
            let width = match event.key().as_str() {
                "ArrowLeft" => width + f64::from(STEP),
                "ArrowRight" => width - f64::from(STEP),
                "Home" => f64::from(DETAIL_WIDTHS.1),
                "End" => f64::from(DETAIL_WIDTHS.0),
                _ => return,
            };
            event.prevent_default();
            set_width(&page, width);
        })
    };
    let now = page.state().settings.detail_width;
    html! {
        <div
            class="pane-splitter"
            role="separator"
            aria-orientation="vertical"
            aria-label={page.texts().resize}
            aria-valuemin={DETAIL_WIDTHS.0.to_string()}
            aria-valuemax={DETAIL_WIDTHS.1.to_string()}
            aria-valuenow={now.unwrap_or(440).to_string()}
            tabindex="0"
            onpointerdown={grab}
            onpointermove={drag}
            {onkeydown}
        ></div>
    }
}

/// The width the detail has now, after the style sheet had its say.
fn detail_width(splitter: &Element) -> Option<f64> {
    let detail = splitter.next_element_sibling()?;
    Some(f64::from(detail.unchecked_ref::<HtmlElement>().offset_width()))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates, and the width is clamped"
)]
fn set_width(page: &Page, width: f64) {
    let detail_width = Some(Settings::clamp_width(width.round() as u32));
    page.dispatch(Action::SettingsChanged(Settings { detail_width, ..page.state().settings.clone() }));
}
