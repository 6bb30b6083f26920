//! A long list that draws only the rows in sight.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};
use yew::prelude::*;

use super::styled::observe_size;
use super::{Listener, document, on_next_frame, window};
use crate::model::{ListGeometry, Window};

/// Rows in sight are told in steps: what is drawn does not depend on it, only which rows are fetched.
const SEEN_STEP: u32 = 16;

/// Pixels until the style sheet is asked.
const ROW_HEIGHT: f64 = 42.0;

#[derive(PartialEq, Properties)]
pub(crate) struct VirtualListProps {
    /// Its style sets `--row-height`, the one height of all rows in pixels.
    pub(crate) class: Classes,
    pub(crate) total: u32,
    /// The row the keys move, as `data-index`.
    #[prop_or_default]
    pub(crate) cursor: u32,
    /// Another number brings the cursor's row into sight.
    #[prop_or_default]
    pub(crate) reveal: u32,
    /// The cursor's row stays in sight when the list becomes higher or lower.
    #[prop_or_default]
    pub(crate) keeps_cursor: bool,
    /// First row and number of rows in sight, in steps.
    pub(crate) on_seen: Callback<(u32, u32)>,
    /// It takes the focus itself, because its rows don't.
    #[prop_or_default]
    pub(crate) is_tab_stop: bool,
    /// Draws rows, given the first and how many.
    pub(crate) draw: Callback<(u32, u32), Html>,
}

/// Height of the viewport and of a row. Read when the list changes its size, not when it scrolls.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Measure {
    viewport_height: f64,
    row_height: f64,
}

/// Rows of one height; scrolling moves them with one transform a frame.
#[component]
pub(crate) fn VirtualList(props: &VirtualListProps) -> Html {
    let scroller = use_node_ref();
    let space = use_node_ref();
    let rows = use_node_ref();
    let measure = use_state_eq(|| Measure { viewport_height: 0.0, row_height: ROW_HEIGHT });
    let shown = use_state_eq(Window::default);
    let takes_focus = use_mut_ref(|| false);
    let geometry = ListGeometry { total: props.total, row_height: measure.row_height };

    // What is in sight follows the size, the length and the scroll position.
    {
        let (scroller, measure) = (scroller.clone(), measure.setter());
        use_effect_with((), move |()| {
            observe_size(scroller.cast(), move |element| {
                measure.set(Measure { viewport_height: f64::from(element.client_height()), row_height: row_height(element) });
            })
        });
    }
    {
        let (scroller, shown) = (scroller.clone(), shown.setter());
        let viewport_height = measure.viewport_height;
        use_effect_with((geometry, viewport_height), move |_| {
            let element = scroller.cast::<HtmlElement>();
            let update: Rc<dyn Fn()> = Rc::new({
                let element = element.clone();
                move || {
                    if let Some(element) = &element {
                        shown.set(geometry.window(f64::from(element.scroll_top()), viewport_height));
                    }
                }
            });
            update();
            let listener = element.map(|element| on_scroll(&element, update));
            move || drop(listener)
        });
    }

    // Sizes and places of what is drawn.
    super::use_css(&space, "height", Some(format!("{}px", geometry.content_height())));
    super::use_css(&rows, "transform", Some(format!("translateY({}px)", shown.top)));

    {
        let on_seen = props.on_seen.clone();
        let first = shown.first / SEEN_STEP * SEEN_STEP;
        let end = (shown.first + shown.count).div_ceil(SEEN_STEP) * SEEN_STEP;
        use_effect_with((first, end), move |&(first, end)| on_seen.emit((first, end - first)));
    }
    {
        let (scroller, takes_focus, cursor) = (scroller.clone(), takes_focus.clone(), props.cursor);
        let viewport_height = measure.viewport_height;
        let height = if props.keeps_cursor { viewport_height } else { viewport_height.min(1.0) };
        use_effect_with((props.reveal, height), move |_| {
            // Before it is laid out, nothing is in sight.
            let Some(scroller) = scroller.cast::<HtmlElement>().filter(|_| viewport_height > 0.0) else { return };
            *takes_focus.borrow_mut() = scroller.contains(document().active_element().as_deref());
            if let Some(top) = geometry.reveal(cursor, f64::from(scroller.scroll_top()), viewport_height) {
                scroller.set_scroll_top(round(top));
            }
        });
    }
    {
        let (scroller, cursor) = (scroller.clone(), props.cursor);
        use_effect(move || {
            if *takes_focus.borrow() && focus_row(scroller.cast(), cursor) {
                *takes_focus.borrow_mut() = false;
            }
        });
    }

    // What takes the focus has to mean something.
    let (outer, inner) = if props.is_tab_stop { ("rowgroup", "presentation") } else { ("presentation", "rowgroup") };
    html! {
        <div
            class={classes!("virtual-list", props.class.clone())}
            role={outer}
            tabindex={props.is_tab_stop.then_some("0")}
            ref={scroller}
        >
            <div class="virtual-list-space" role="presentation" ref={space}>
                <div class="virtual-list-rows" role={inner} ref={rows}>{ props.draw.emit((shown.first, shown.count)) }</div>
            </div>
        </div>
    }
}

fn row_height(element: &HtmlElement) -> f64 {
    let style = window().get_computed_style(element).ok().flatten();
    let value = style.and_then(|style| style.get_property_value("--row-height").ok()).unwrap_or_default();
    value.trim().trim_end_matches("px").parse().unwrap_or(ROW_HEIGHT)
}

/// Updates once a frame, however often the browser scrolls in it.
pub(crate) fn on_scroll(element: &HtmlElement, update: Rc<dyn Fn()>) -> Listener {
    let is_due = Rc::new(std::cell::Cell::new(false));
    Listener::new(element, "scroll", move |_| {
        if !is_due.replace(true) {
            let (is_due, update) = (is_due.clone(), update.clone());
            on_next_frame(move || {
                is_due.set(false);
                update();
            });
        }
    })
}

/// Focuses a row that is drawn; false when it is not.
fn focus_row(scroller: Option<HtmlElement>, index: u32) -> bool {
    let row = scroller.and_then(|scroller| scroller.query_selector(&format!("[data-index='{index}']")).ok().flatten());
    let Some(row) = row else { return false };
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    row.unchecked_ref::<HtmlElement>().focus_with_options(&options).is_ok()
}

#[expect(clippy::cast_possible_truncation, reason = "a scroll position is far below two thousand million pixels")]
fn round(pixels: f64) -> i32 {
    pixels.round() as i32
}
