//! Where the cells of the table of groups by instances lie.

use super::{ListGeometry, Window};

/// Pixels, as in the style sheet.
pub(crate) const ROW_HEIGHT: f64 = 27.0;

/// Below it a cell is no target for a finger or a pen, and its number does not fit.
const MIN_CELL_WIDTH: f64 = 24.0;

/// Above it few instances make a field of colour instead of a table.
const MAX_CELL_WIDTH: f64 = 64.0;

/// The table, given its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MatrixGeometry {
    pub(crate) rows: u32,
    pub(crate) columns: u32,
    /// Pixels of what is in sight.
    pub(crate) viewport: (f64, f64),
    /// Pixels of the head, which stays in sight.
    pub(crate) head_height: f64,
    /// Pixels of the names of groups, which stay in sight.
    pub(crate) label_width: f64,
    pub(crate) cell_width: f64,
}

/// The cells to draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct MatrixWindow {
    pub(crate) rows: Window,
    /// `top` is the distance from the left.
    pub(crate) columns: Window,
}

impl MatrixGeometry {
    pub(crate) fn new(rows: u32, columns: u32, viewport: (f64, f64), head_height: f64) -> Self {
        let width = viewport.0;
        let label_width = (width * 0.267).clamp(148.0, 460.0).round();
        let cell_width = ((width - label_width) / f64::from(columns.max(1))).clamp(MIN_CELL_WIDTH, MAX_CELL_WIDTH);
        Self { rows, columns, viewport, head_height, label_width, cell_width }
    }

    /// Pixels of everything, head included.
    pub(crate) fn content(&self) -> (f64, f64) {
        (self.label_width + self.across().content_height(), self.head_height + self.down().content_height())
    }

    /// The cells in sight and a few more.
    pub(crate) fn window(&self, scroll: (f64, f64)) -> MatrixWindow {
        MatrixWindow {
            rows: self.down().window(scroll.1, self.height_of_rows()),
            columns: self.across().window(scroll.0, self.viewport.0 - self.label_width),
        }
    }

    /// The column, from 0, at a distance from the left of the content; `None` on the names and behind the last one.
    pub(crate) fn column_at(&self, x: f64) -> Option<u32> {
        let column = ((x - self.label_width) / self.cell_width).floor();
        (x >= self.label_width && column < f64::from(self.columns)).then(|| whole(column))
    }

    /// Where to scroll so that a cell is in sight; `None` in a direction that need not move. From 0; a name has no number.
    pub(crate) fn reveal(&self, row: Option<u32>, column: Option<u32>, scroll: (f64, f64)) -> (Option<f64>, Option<f64>) {
        let across = column.and_then(|column| self.across().reveal(column, scroll.0, self.viewport.0 - self.label_width));
        let down = row.and_then(|row| self.down().reveal(row, scroll.1, self.height_of_rows()));
        (across, down)
    }

    /// Whole rows in sight.
    pub(crate) fn rows_in_sight(&self) -> u32 {
        whole(self.height_of_rows() / ROW_HEIGHT).max(1)
    }

    const fn down(&self) -> ListGeometry {
        ListGeometry { total: self.rows, row_height: ROW_HEIGHT }
    }

    const fn across(&self) -> ListGeometry {
        ListGeometry { total: self.columns, row_height: self.cell_width }
    }

    const fn height_of_rows(&self) -> f64 {
        (self.viewport.1 - self.head_height).max(0.0)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
fn whole(value: f64) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_forty_instances_fill_a_wide_page_and_scroll_on_a_narrow_one() {
        let wide = MatrixGeometry::new(17, 40, (1440.0, 560.0), 112.0);
        assert!((wide.content().0 - 1440.0).abs() < 0.001, "{:?}", wide.content());
        let narrow = MatrixGeometry::new(17, 40, (390.0, 400.0), 112.0);
        assert_eq!((narrow.label_width, narrow.cell_width), (148.0, 24.0));
        assert_eq!(narrow.content().0, 148.0 + 40.0 * 24.0);
        assert_eq!(MatrixGeometry::new(17, 3, (1440.0, 560.0), 112.0).cell_width, 64.0);
    }

    #[test]
    fn ok_only_what_is_in_sight_is_drawn() {
        let table = MatrixGeometry::new(10_000, 200, (1440.0, 600.0), 112.0);
        let window = table.window((1200.0, 27_000.0));
        assert_eq!(window.rows.first, 996);
        assert!(window.rows.count < 40 && window.columns.count < 60, "{window:?}");
        assert_eq!(window.columns.first, 46);
    }

    #[test]
    fn ok_a_point_is_in_a_cell_or_on_a_name() {
        let table = MatrixGeometry::new(17, 40, (390.0, 400.0), 112.0);
        assert_eq!(table.column_at(20.0), None);
        assert_eq!(table.column_at(148.0 + 25.0), Some(1));
        assert_eq!(table.column_at(5000.0), None);
    }

    #[test]
    fn ok_a_cell_comes_into_sight_beside_the_names() {
        let table = MatrixGeometry::new(100, 40, (390.0, 400.0), 112.0);
        assert_eq!(table.reveal(Some(0), Some(0), (0.0, 0.0)), (None, None));
        let (left, top) = table.reveal(Some(50), Some(39), (0.0, 0.0));
        assert_eq!(left, Some(40.0 * 24.0 - (390.0 - 148.0)));
        assert_eq!(top, Some(51.0 * 27.0 - (400.0 - 112.0)));
        assert_eq!(table.reveal(None, None, (300.0, 300.0)), (None, None));
    }
}
