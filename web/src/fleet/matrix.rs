//! The table of groups by instances: it scrolls both ways, and draws only what is in sight.

use std::rc::Rc;

use stackherd_report::protocol::{ChangeRow, ChangeSort};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlCanvasElement, HtmlElement, KeyboardEvent, MouseEvent};
use yew::prelude::*;

use super::Compared;
use super::actions::{choose, is_chosen, open};
use super::heat::{Picture, draw};
use super::hover::{Hover, column_under, row_under};
use super::names::Names;
use super::row::FleetRow;
use crate::hooks::{Page, use_page};
use crate::model::{Action, FleetAction, FleetState, GridMove, MatrixGeometry, MatrixWindow, instances, thousands};
use crate::shared::{Listener, observe_size, on_next_frame, on_scroll, use_css, window};

/// Pixels of names and totals, as in the style sheet.
const HEAD_HEIGHT: f64 = 112.0;

/// Pixels for a scroll bar below the last row.
const SCROLL_BAR: f64 = 12.0;

/// Rows in sight are told in steps: only which rows are fetched depends on it.
const SEEN_STEP: u32 = 16;

/// The rows drawn; `None` where one has not come yet.
pub(super) type Rows = Rc<Vec<Option<Rc<ChangeRow>>>>;

#[derive(PartialEq, Properties)]
pub(super) struct MatrixProps {
    pub(super) view: Compared,
}

/// Groups by instances.
#[component]
pub(super) fn Matrix(props: &MatrixProps) -> Html {
    let page = use_page();
    let texts = page.texts().fleet;
    let fleet = &page.state().fleet;
    let language = page.state().settings.language;
    let (scroller, space, rows, canvas) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let viewport = use_state_eq(|| (0.0, 0.0));
    let shown = use_state_eq(MatrixWindow::default);

    let columns = Rc::new(instances(&props.view, fleet.order));
    let n_columns = u32::try_from(columns.len()).unwrap_or(u32::MAX);
    let geometry = MatrixGeometry::new(fleet.total(), n_columns, *viewport, HEAD_HEIGHT);
    // What was in sight of a longer list is cut to what there is now.
    let window = within(*shown, &geometry);
    let in_sight = window.rows.first..window.rows.first + window.rows.count;
    let drawn: Rows = Rc::new(in_sight.clone().map(|index| fleet.rows.row(index).cloned()).collect());

    use_scroll(&scroller, &viewport, &shown, geometry);
    let content = geometry.content();
    // As high as its rows, where there is room for them all; the pane below takes what is left.
    use_css(&scroller, "height", Some(format!("{}px", content.1 + SCROLL_BAR)));
    use_css(&space, "width", Some(format!("{}px", content.0.max(viewport.0))));
    use_css(&space, "height", Some(format!("{}px", content.1)));
    use_css(&space, "--cell", Some(format!("{}px", geometry.cell_width)));
    use_css(&space, "--label", Some(format!("{}px", geometry.label_width)));
    use_css(&rows, "transform", Some(format!("translateY({}px)", window.rows.top)));
    use_css(&canvas, "transform", Some(format!("translateX({}px)", geometry.label_width + window.columns.top)));
    use_seen(&page, window);
    let takes_focus = use_focus(&scroller, fleet, geometry);
    use_picture(&canvas, &page, &props.view, (drawn.clone(), columns.clone()), (window, geometry));

    let stop = tab_stop(fleet, &window);
    let on_show = fleet.instance_on_show(&props.view);
    let total = fleet.total();
    let onkeydown = {
        let (page, takes_focus) = (page.clone(), takes_focus.clone());
        let rows_in_sight = geometry.rows_in_sight();
        Callback::from(move |event: KeyboardEvent| on_key(&page, &event, rows_in_sight, &takes_focus))
    };
    let on_pointer = |act: fn(&Page, (u32, u32))| {
        let (page, scroller) = (page.clone(), scroller.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(cell) = scroller.cast().and_then(|scroller| cell_at(&event, &scroller, &geometry)) {
                act(&page, cell);
            }
        })
    };
    let row = |index: u32| {
        let row = drawn.get((index - window.rows.first) as usize).cloned().flatten();
        let of_row = |(at, column): (u32, u32)| (at == index + 1).then_some(column);
        let is_chosen = row.as_ref().is_some_and(|row| fleet.group.as_ref() == Some(&row.key));
        html! {
            <FleetRow
                key={index}
                {index}
                {row}
                view={props.view.clone()}
                columns={columns.clone()}
                {window}
                cursor={of_row(fleet.cursor).or(of_row(stop))}
                tab_stop={of_row(stop)}
                {is_chosen}
                {language}
            />
        }
    };
    html! {
        <div
            class="fleet-matrix"
            role="grid"
            aria-label={texts.matrix}
            aria-rowcount={(u64::from(total) + 1).to_string()}
            aria-colcount={(n_columns + 1).to_string()}
            aria-busy={(!fleet.rows.is_settled()).to_string()}
            data-cells={fleet.cells.as_str()}
            onclick={on_pointer(point)}
            ondblclick={on_pointer(open)}
            {onkeydown}
            ref={scroller.clone()}
        >
            <div class="fleet-space" role="presentation" ref={space}>
                <Names
                    view={props.view.clone()}
                    columns={columns.clone()}
                    {window}
                    cell_width={geometry.cell_width}
                    tab_stop={(stop.0 == 0).then_some(stop.1)}
                    chosen={on_show.filter(|_| fleet.group.is_none())}
                    corner={corner(&page)}
                />
                <div class="fleet-rows" role="rowgroup" ref={rows.clone()}>
                    <canvas class="fleet-canvas" aria-hidden="true" ref={canvas}></canvas>
                    // A list of their own: the picture must stay the same element however many rows there are.
                    <div role="presentation">{ for in_sight.map(row) }</div>
                    <Hover area={rows} {scroller} view={props.view.clone()} rows={drawn.clone()} {columns} {geometry} {window} {language}/>
                </div>
                if total == 0 && fleet.rows.is_settled() {
                    <p class="fleet-none dim">{ texts.no_match }</p>
                }
            </div>
            <div class="visually-hidden" role="status">{ (texts.n_shown)(&thousands(u64::from(total))) }</div>
        </div>
    }
}

/// What is drawn, without what is not in the table any more.
fn within(mut window: MatrixWindow, geometry: &MatrixGeometry) -> MatrixWindow {
    for (window, total) in [(&mut window.rows, geometry.rows), (&mut window.columns, geometry.columns)] {
        window.first = window.first.min(total);
        window.count = window.count.min(total - window.first);
    }
    window
}

/// The corner of the table: by what its rows stand.
fn corner(page: &Page) -> Html {
    let texts = page.texts().fleet;
    let sort = page.state().fleet.query.sort;
    let button = |id: &'static str, words: &'static str, what: &'static str, by: ChangeSort, arrow: &'static str| {
        let page = page.clone();
        let onclick = Callback::from(move |_: MouseEvent| page.dispatch(Action::Fleet(FleetAction::Sorted(by))));
        let is_on = sort == by;
        html! {
            <button class="fleet-sort ellipsis" {id} aria-label={what} title={what} aria-pressed={is_on.to_string()} {onclick}>
                { words }
                if is_on {
                    { arrow }
                }
            </button>
        }
    };
    html! {
        <div class="fleet-label" role="columnheader" aria-colindex="1">
            { button("fleet-by-name", texts.column_group, texts.sort_by_name, ChangeSort::Function, " ↑") }
            <span class="fleet-median">
                { button("fleet-by-median", texts.column_median, texts.sort_by_median, ChangeSort::Median, " ↓") }
            </span>
        </div>
    }
}

/// Follows size and scroll position.
#[hook]
fn use_scroll(
    scroller: &NodeRef,
    viewport: &UseStateHandle<(f64, f64)>,
    shown: &UseStateHandle<MatrixWindow>,
    geometry: MatrixGeometry,
) {
    {
        let (scroller, setter) = (scroller.clone(), viewport.setter());
        use_effect_with((), move |()| {
            observe_size(scroller.cast(), move |element| {
                setter.set((f64::from(element.client_width()), f64::from(element.client_height())));
            })
        });
    }
    let (scroller, setter) = (scroller.clone(), shown.setter());
    use_effect_with(geometry, move |geometry| {
        let geometry = *geometry;
        let element = scroller.cast::<HtmlElement>();
        let update: Rc<dyn Fn()> = Rc::new({
            let element = element.clone();
            move || {
                if let Some(element) = &element {
                    setter.set(geometry.window((f64::from(element.scroll_left()), f64::from(element.scroll_top()))));
                }
            }
        });
        update();
        let listener = element.map(|element| on_scroll(&element, update));
        move || drop(listener)
    });
}

/// Tells which rows are in sight.
#[hook]
fn use_seen(page: &Page, window: MatrixWindow) {
    let page = page.clone();
    let first = window.rows.first / SEEN_STEP * SEEN_STEP;
    let end = (window.rows.first + window.rows.count).div_ceil(SEEN_STEP) * SEEN_STEP;
    use_effect_with((first, end), move |&(first, end)| {
        page.dispatch(Action::Fleet(FleetAction::RowsSeen { first, count: end - first }));
    });
}

/// Brings the cursor's cell into sight when a key moved it, and gives it the focus once it is drawn.
#[hook]
fn use_focus(scroller: &NodeRef, fleet: &FleetState, geometry: MatrixGeometry) -> Rc<std::cell::RefCell<bool>> {
    let takes_focus = use_mut_ref(|| false);
    let last_reveal = use_mut_ref(|| fleet.reveal);
    let (reveal, cursor) = (fleet.reveal, fleet.cursor);
    {
        let (scroller, takes_focus) = (scroller.clone(), takes_focus.clone());
        use_effect_with(reveal, move |&reveal| {
            // The view may come back long after a key was pressed in it.
            if last_reveal.replace(reveal) == reveal {
                return;
            }
            let Some(scroller) = scroller.cast::<HtmlElement>() else { return };
            *takes_focus.borrow_mut() = true;
            let scroll = (f64::from(scroller.scroll_left()), f64::from(scroller.scroll_top()));
            let (left, top) = geometry.reveal(cursor.0.checked_sub(1), cursor.1.checked_sub(1), scroll);
            if let Some(left) = left {
                scroller.set_scroll_left(round(left));
            }
            if let Some(top) = top {
                scroller.set_scroll_top(round(top));
            }
        });
    }
    {
        let (scroller, takes_focus) = (scroller.clone(), takes_focus.clone());
        use_effect(move || {
            if *takes_focus.borrow() && focus_cell(scroller.cast(), cursor) {
                *takes_focus.borrow_mut() = false;
            }
        });
    }
    takes_focus
}

/// Draws the picture after every change of what it shows.
#[hook]
fn use_picture(
    canvas: &NodeRef,
    page: &Page,
    view: &Compared,
    cells: (Rows, Rc<Vec<u32>>),
    shown: (MatrixWindow, MatrixGeometry),
) {
    // The system's colours changed.
    let repaint = use_state(|| 0_u32);
    {
        let repaint = repaint.clone();
        use_effect_with((), move |()| {
            let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
            let listener = dark.map(|query| Listener::new(&query, "change", move |_| repaint.set(*repaint + 1)));
            move || drop(listener)
        });
    }
    // The theme is an attribute of the document that is set after this is drawn.
    {
        let repaint = repaint.clone();
        use_effect_with(page.state().settings.theme, move |_| on_next_frame(move || repaint.set(*repaint + 1)));
    }
    let canvas = canvas.clone();
    let view = view.clone();
    let ((rows, columns), (shown, geometry)) = (cells, shown);
    let (cell_width, value) = (geometry.cell_width, page.state().fleet.cells);
    use_effect(move || {
        let Some(canvas) = canvas.cast::<HtmlCanvasElement>() else { return };
        let first = shown.columns.first as usize;
        let columns = columns.get(first..first + shown.columns.count as usize).unwrap_or_default();
        draw(&canvas, &Picture { view: &view, rows: &rows, columns, cell_width, value });
    });
}

/// The cell that takes the focus: the cursor's, or the first drawn when that one is out of sight.
fn tab_stop(fleet: &FleetState, window: &MatrixWindow) -> (u32, u32) {
    let is_drawn = |at: u32, first: u32, count: u32| at == 0 || (first + 1..=first + count).contains(&at);
    let (row, column) = fleet.cursor;
    let is_corner = (row, column) == (0, 0);
    let is_column_drawn = is_drawn(column, window.columns.first, window.columns.count);
    if !is_corner && is_drawn(row, window.rows.first, window.rows.count) && is_column_drawn {
        (row, column)
    } else if window.rows.count > 0 {
        (window.rows.first + 1, 0)
    } else {
        (0, window.columns.first + 1)
    }
}

fn on_key(page: &Page, event: &KeyboardEvent, rows_in_sight: u32, takes_focus: &Rc<std::cell::RefCell<bool>>) {
    if event.alt_key() || event.meta_key() {
        return;
    }
    // Buttons in the corner keep their keys.
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let Some(cell) = target.and_then(|target| target.get_attribute("data-cell")) else { return };
    let at = cell.split_once('-').and_then(|(row, column)| Some((row.parse().ok()?, column.parse().ok()?)));
    let Some(at) = at else { return };
    if matches!(event.key().as_str(), "Enter" | " ") {
        event.prevent_default();
        event.stop_propagation();
        // The second time goes there.
        if is_chosen(page, at) {
            open(page, at)
        } else {
            choose(page, at)
        }
        return;
    }
    let Some(to) = GridMove::by_key(&event.key(), event.ctrl_key(), rows_in_sight) else { return };
    event.prevent_default();
    // Before the window hears it, the cell that had the focus may be gone: the key would count for the page, too.
    event.stop_propagation();
    *takes_focus.borrow_mut() = true;
    if page.state().fleet.cursor != at {
        page.dispatch(Action::Fleet(FleetAction::CursorMoved(GridMove::To { row: at.0, column: at.1 })));
    }
    page.dispatch(Action::Fleet(FleetAction::CursorMoved(to)));
}

/// A click moves the cursor and shows what is there.
fn point(page: &Page, (row, column): (u32, u32)) {
    page.dispatch(Action::Fleet(FleetAction::CursorMoved(GridMove::To { row, column })));
    choose(page, (row, column));
}

/// Row and column of what was clicked: 0 for names.
fn cell_at(event: &MouseEvent, scroller: &HtmlElement, geometry: &MatrixGeometry) -> Option<(u32, u32)> {
    if let Some(row) = row_under(event) {
        return Some((row + 1, column_under(event, scroller, geometry).map_or(0, |column| column + 1)));
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let column = target.closest("[data-column]").ok()??.get_attribute("data-column")?;
    Some((0, column.parse().ok()?))
}

/// Focuses a cell that is drawn; false when it is not.
fn focus_cell(scroller: Option<HtmlElement>, (row, column): (u32, u32)) -> bool {
    let cell = scroller.and_then(|scroller| scroller.query_selector(&format!("[data-cell='{row}-{column}']")).ok().flatten());
    let Some(cell) = cell else { return false };
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    cell.unchecked_ref::<HtmlElement>().focus_with_options(&options).is_ok()
}

#[expect(clippy::cast_possible_truncation, reason = "a scroll position is far below two thousand million pixels")]
fn round(pixels: f64) -> i32 {
    pixels.round() as i32
}
