//! What lies over the picture: a mark around the cell under the pointer, and what it says.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, MouseEvent};
use yew::prelude::*;

use super::matrix::Rows;
use super::row::cell_name;
use super::{Compared, group_name};
use crate::model::{Language, MatrixGeometry, MatrixWindow, ROW_HEIGHT};
use crate::shared::{Listener, use_css};

#[derive(PartialEq, Properties)]
pub(super) struct HoverProps {
    /// What listens: the rows that are drawn.
    pub(super) area: NodeRef,
    /// What scrolls.
    pub(super) scroller: NodeRef,
    pub(super) view: Compared,
    pub(super) rows: Rows,
    pub(super) columns: Rc<Vec<u32>>,
    pub(super) geometry: MatrixGeometry,
    pub(super) window: MatrixWindow,
    pub(super) language: Language,
}

/// Follows the pointer without drawing anything else anew.
#[component]
pub(super) fn Hover(props: &HoverProps) -> Html {
    let (mark, tip) = (use_node_ref(), use_node_ref());
    // Row and column from 0.
    let at = use_state_eq(|| None::<(u32, u32)>);
    {
        let (scroller, setter, geometry) = (props.scroller.clone(), at.setter(), props.geometry);
        let area = props.area.clone();
        use_effect_with(geometry, move |_| {
            let element = area.cast::<HtmlElement>();
            let listeners = element.map(|element| {
                let leave = setter.clone();
                let moved = Listener::new(&element, "mousemove", move |event: Event| {
                    setter.set(scroller.cast().and_then(|scroller| cell_under(&event.unchecked_into(), &scroller, &geometry)));
                });
                (moved, Listener::new(&element, "mouseleave", move |_| leave.set(None)))
            });
            move || drop(listeners)
        });
    }
    let window = &props.window;
    let cell = at.filter(|(row, _)| (window.rows.first..window.rows.first + window.rows.count).contains(row)).and_then(
        |(row, column)| {
            let known = props.rows.get((row - window.rows.first) as usize)?.as_ref()?;
            Some((row, column, known, *props.columns.get(column as usize)?))
        },
    );
    let place = cell.map(|(row, column, ..)| {
        let geometry = &props.geometry;
        (geometry.label_width + f64::from(column) * geometry.cell_width, f64::from(row - window.rows.first) * ROW_HEIGHT)
    });
    let moved = |shift: (f64, f64), x: &str| {
        place.map(|(left, top)| format!("translate({}px, {}px){x}", (left + shift.0).round(), top + shift.1))
    };
    // Beside the cell, on the side that has more room.
    let is_right = place.is_some_and(|(left, _)| {
        let scrolled = props.scroller.cast::<HtmlElement>().map_or(0.0, |scroller| f64::from(scroller.scroll_left()));
        left - scrolled > props.geometry.viewport.0 / 2.0
    });
    let beside =
        if is_right { moved((-6.0, 1.0), " translateX(-100%)") } else { moved((props.geometry.cell_width + 6.0, 1.0), "") };
    use_css(&mark, "transform", moved((0.0, 0.0), ""));
    use_css(&tip, "transform", beside);
    let words = cell.map(|(_, _, row, position)| {
        let group = group_name(props.language.texts(), row.top.as_ref());
        cell_name(&props.view, props.language, row, position, &group)
    });
    html! {
        <>
            <div class="fleet-hover" aria-hidden="true" hidden={words.is_none()} ref={mark}></div>
            <div class="fleet-tip" aria-hidden="true" hidden={words.is_none()} ref={tip}>{ words.unwrap_or_default() }</div>
        </>
    }
}

/// Row and column, from 0, of the cell under the pointer.
pub(super) fn cell_under(event: &MouseEvent, scroller: &HtmlElement, geometry: &MatrixGeometry) -> Option<(u32, u32)> {
    Some((row_under(event)?, column_under(event, scroller, geometry)?))
}

/// The row under the pointer, from 0.
pub(super) fn row_under(event: &MouseEvent) -> Option<u32> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-index]").ok()??.get_attribute("data-index")?.parse().ok()
}

/// The column under the pointer, from 0; `None` over the names, which lie over the first columns that are scrolled away.
pub(super) fn column_under(event: &MouseEvent, scroller: &HtmlElement, geometry: &MatrixGeometry) -> Option<u32> {
    let x = f64::from(event.client_x()) - scroller.get_bounding_client_rect().left();
    if x < geometry.label_width { None } else { geometry.column_at(x + f64::from(scroller.scroll_left())) }
}
