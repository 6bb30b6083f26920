//! The picture of the cells, drawn at the pixels of the screen.

use std::rc::Rc;

use stackherd_report::protocol::ChangeRow;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::Compared;
use crate::model::{CellMark, CellValue, ROW_HEIGHT, cell};
use crate::shared::window;

/// What is drawn.
pub(super) struct Picture<'a> {
    pub(super) view: &'a Compared,
    /// Rows from the first drawn on; `None` where one has not come yet.
    pub(super) rows: &'a [Option<Rc<ChangeRow>>],
    /// Positions of the instances drawn.
    pub(super) columns: &'a [u32],
    pub(super) cell_width: f64,
    pub(super) value: CellValue,
}

/// Colours and type, as the style sheet has them now.
struct Style {
    heat: String,
    outlier: String,
    line: String,
    text: String,
    dim: String,
    font: String,
}

impl Style {
    fn of(canvas: &HtmlCanvasElement) -> Option<Self> {
        let style = window().get_computed_style(canvas).ok()??;
        // Properties that a canvas does not draw itself with carry colours; only properties resolve `light-dark()`.
        let value = |property: &str| style.get_property_value(property).unwrap_or_default();
        Some(Self {
            heat: value("fill"),
            outlier: value("stroke"),
            line: value("flood-color"),
            text: value("stop-color"),
            dim: value("lighting-color"),
            font: value("font-family"),
        })
    }
}

/// Draws all cells anew. A browser without canvas shows none; the names of rows and cells still tell what matters.
pub(super) fn draw(canvas: &HtmlCanvasElement, picture: &Picture<'_>) {
    let (Some(style), Some(context)) = (Style::of(canvas), context(canvas)) else { return };
    let scale = window().device_pixel_ratio().max(1.0);
    let (n_rows, n_columns) = (len(picture.rows), len(picture.columns));
    let (width, height) = (n_columns * picture.cell_width, n_rows * ROW_HEIGHT);
    // A new size clears it.
    canvas.set_width(pixels(width * scale));
    canvas.set_height(pixels(height * scale));
    _ = canvas.style().set_property("width", &format!("{width}px"));
    _ = canvas.style().set_property("height", &format!("{height}px"));
    if context.scale(scale, scale).is_err() {
        return;
    }
    context.set_text_align("center");
    context.set_text_baseline("middle");
    let snap = |at: f64| (at * scale).round() / scale;
    for (row, y) in picture.rows.iter().zip(steps(ROW_HEIGHT)) {
        let Some(row) = row else { continue };
        for (&position, x) in picture.columns.iter().zip(steps(picture.cell_width)) {
            let Some(dump) = picture.view.at(position) else { continue };
            let cell = cell(row, position, dump.goroutines, picture.value);
            // A pixel of surface keeps neighbours apart.
            let (left, right) = (snap(x), snap(x + picture.cell_width) - 1.0);
            let area = (left, y, right - left, ROW_HEIGHT - 1.0);
            if cell.heat > 0.0 {
                context.set_global_alpha(cell.heat);
                context.set_fill_style_str(&style.heat);
                context.fill_rect(area.0, area.1, area.2, area.3);
                context.set_global_alpha(1.0);
            }
            match cell.mark {
                CellMark::NotTaken => hatch(&context, &style, area),
                CellMark::Outlier => {
                    context.set_stroke_style_str(&style.outlier);
                    context.set_line_width(2.0);
                    context.stroke_rect(area.0 + 1.0, area.1 + 1.0, area.2 - 2.0, area.3 - 2.0);
                }
                CellMark::None | CellMark::Missing => {}
            }
            if !cell.text.is_empty() {
                let weight = if cell.mark == CellMark::Outlier { 700 } else { 400 };
                context.set_font(&format!("{weight} 10px {}", style.font));
                let is_plain = cell.mark == CellMark::Missing;
                context.set_fill_style_str(if is_plain { &style.dim } else { &style.text });
                let middle = (area.0 + area.2 / 2.0, area.1 + area.3 / 2.0 + 0.5);
                // What does not fit is squeezed, not cut: a cut number is another number.
                _ = context.fill_text_with_max_width(&cell.text, middle.0, middle.1, area.2 - 3.0);
            }
        }
    }
}

fn hatch(context: &CanvasRenderingContext2d, style: &Style, (x, y, width, height): (f64, f64, f64, f64)) {
    context.save();
    context.begin_path();
    context.rect(x, y, width, height);
    context.clip();
    context.set_stroke_style_str(&style.line);
    context.set_line_width(1.0);
    context.begin_path();
    let mut from = x - height;
    while from < x + width {
        context.move_to(from, y + height);
        context.line_to(from + height, y);
        from += 5.0;
    }
    context.stroke();
    context.restore();
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

fn steps(step: f64) -> impl Iterator<Item = f64> {
    (0_u32..).map(move |index| f64::from(index) * step)
}

fn len<T>(items: &[T]) -> f64 {
    f64::from(u32::try_from(items.len()).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
fn pixels(length: f64) -> u32 {
    length.ceil() as u32
}
