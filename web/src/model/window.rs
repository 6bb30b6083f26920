//! Which rows of a long list are in sight.

/// Rows drawn beyond each edge, so that a fast scroll shows rows and not a gap.
const OVERSCAN: u32 = 4;

/// Browsers stop laying out somewhere above this height; longer lists scroll in proportion.
const MAX_HEIGHT: f64 = 8_000_000.0;

/// A list of rows of one height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ListGeometry {
    pub(crate) total: u32,
    /// Pixels.
    pub(crate) row_height: f64,
}

/// The rows to draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Window {
    pub(crate) first: u32,
    pub(crate) count: u32,
    /// Where the first one lies, in pixels from the top of the content.
    pub(crate) top: f64,
}

impl ListGeometry {
    /// Height of the scrolled content in pixels.
    pub(crate) fn content_height(self) -> f64 {
        self.list_height().min(MAX_HEIGHT)
    }

    /// The rows in sight and [`OVERSCAN`] more on each side.
    pub(crate) fn window(self, scroll_top: f64, viewport_height: f64) -> Window {
        let list_top = scroll_top.max(0.0) * self.stretch(viewport_height);
        let first_in_sight = whole(list_top / self.row_height).min(self.total);
        let in_sight = whole(viewport_height / self.row_height).saturating_add(2);
        let first = first_in_sight.saturating_sub(OVERSCAN);
        let end = first_in_sight.saturating_add(in_sight).saturating_add(OVERSCAN).min(self.total);
        let top = scroll_top.max(0.0) + f64::from(first) * self.row_height - list_top;
        Window { first, count: end - first, top }
    }

    /// Where to scroll so that a row is in sight; `None` when it is already.
    pub(crate) fn reveal(self, index: u32, scroll_top: f64, viewport_height: f64) -> Option<f64> {
        let stretch = self.stretch(viewport_height);
        let row_top = f64::from(index) * self.row_height;
        let list_top = scroll_top * stretch;
        if row_top < list_top {
            return Some(row_top / stretch);
        }
        let overhang = row_top + self.row_height - list_top - viewport_height;
        (overhang > 0.5).then(|| (list_top + overhang) / stretch)
    }

    fn list_height(self) -> f64 {
        f64::from(self.total) * self.row_height
    }

    /// Pixels of the list for one pixel of scrolling.
    fn stretch(self, viewport_height: f64) -> f64 {
        let scrollable = self.content_height() - viewport_height;
        if scrollable > 0.0 && self.list_height() > MAX_HEIGHT {
            (self.list_height() - viewport_height) / scrollable
        } else {
            1.0
        }
    }
}

/// The whole part of a length that is not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
fn whole(value: f64) -> u32 {
    value as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUPS: ListGeometry = ListGeometry { total: 10_000, row_height: 42.0 };

    #[test]
    fn ok_top_middle_and_end() {
        assert_eq!(GROUPS.window(0.0, 420.0), Window { first: 0, count: 16, top: 0.0 });
        assert_eq!(GROUPS.window(4200.0, 420.0), Window { first: 96, count: 20, top: 4032.0 });
        let end = GROUPS.window(GROUPS.content_height() - 420.0, 420.0);
        assert_eq!(end.first + end.count, 10_000);
    }

    #[test]
    fn ok_short_and_empty_lists() {
        assert_eq!(ListGeometry { total: 3, row_height: 42.0 }.window(0.0, 900.0).count, 3);
        assert_eq!(ListGeometry { total: 0, row_height: 42.0 }.window(0.0, 900.0), Window::default());
    }

    #[test]
    fn ok_a_shrunk_list_scrolled_past_its_end_draws_its_last_rows() {
        let window = ListGeometry { total: 3, row_height: 42.0 }.window(9000.0, 420.0);
        assert_eq!((window.first, window.count), (0, 3));
    }

    #[test]
    fn ok_two_million_rows_reach_the_last_one() {
        let list = ListGeometry { total: 2_000_000, row_height: 26.0 };
        let end = list.window(list.content_height() - 600.0, 600.0);
        assert_eq!(end.first + end.count, 2_000_000);
        let last_bottom = end.top + f64::from(end.count) * 26.0;
        assert!((last_bottom - list.content_height()).abs() < 1.0, "{last_bottom}");
        let top = list.reveal(1_999_999, 0.0, 600.0).expect("not in sight");
        assert!((top - (list.content_height() - 600.0)).abs() < 1.0, "{top}");
    }

    #[test]
    fn ok_reveal_moves_only_when_needed() {
        assert_eq!(GROUPS.reveal(3, 0.0, 420.0), None);
        assert_eq!(GROUPS.reveal(10, 0.0, 420.0), Some(42.0));
        assert_eq!(GROUPS.reveal(0, 100.0, 420.0), Some(0.0));
    }
}
