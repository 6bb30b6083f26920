//! Where the keys lead in a table with a cursor that goes both ways.

/// Where the cursor of a table of cells goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GridMove {
    By { rows: i32, columns: i32 },
    To { row: u32, column: u32 },
    FirstRow,
    LastRow,
    FirstColumn,
    LastColumn,
    First,
    Last,
}

impl GridMove {
    /// The meaning of a key, given as the browser names it, where `page` rows are in sight.
    pub(crate) fn by_key(key: &str, is_ctrl: bool, page: u32) -> Option<Self> {
        let page = i32::try_from(page.max(1)).unwrap_or(i32::MAX);
        let by = |rows, columns| Some(Self::By { rows, columns });
        match (key, is_ctrl) {
            ("ArrowDown", false) => by(1, 0),
            ("ArrowUp", false) => by(-1, 0),
            ("ArrowRight", false) => by(0, 1),
            ("ArrowLeft", false) => by(0, -1),
            ("PageDown", false) => by(page, 0),
            ("PageUp", false) => by(-page, 0),
            ("Home", false) => Some(Self::FirstColumn),
            ("End", false) => Some(Self::LastColumn),
            ("Home", true) => Some(Self::First),
            ("End", true) => Some(Self::Last),
            _ => None,
        }
    }

    /// Row and column it leads to, where those are the last. The corner of the two heads is no cell.
    pub(super) fn cell_from(self, (row, column): (u32, u32), (last_row, last_column): (u32, u32)) -> (u32, u32) {
        let (row, column) = match self {
            Self::By { rows, columns } => (row.saturating_add_signed(rows), column.saturating_add_signed(columns)),
            Self::To { row, column } => (row, column),
            Self::FirstRow => (last_row.min(1), column),
            Self::LastRow => (last_row, column),
            Self::FirstColumn => (row, 0),
            Self::LastColumn => (row, last_column),
            Self::First => (last_row.min(1), 0),
            Self::Last => (last_row, last_column),
        };
        let (row, column) = (row.min(last_row), column.min(last_column));
        if (row, column) == (0, 0) { (0, last_column.min(1)) } else { (row, column) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_keys_move_over_cells_and_stop_at_the_edges() {
        let go = |key, from| GridMove::by_key(key, false, 20).expect("no key").cell_from(from, (50, 40));
        assert_eq!(go("ArrowDown", (1, 0)), (2, 0));
        assert_eq!(go("ArrowUp", (0, 3)), (0, 3));
        assert_eq!(go("ArrowRight", (1, 40)), (1, 40));
        assert_eq!(go("ArrowLeft", (1, 1)), (1, 0));
        assert_eq!(go("PageDown", (45, 2)), (50, 2));
        assert_eq!(go("Home", (7, 9)), (7, 0));
        assert_eq!(go("End", (7, 9)), (7, 40));
        assert_eq!(GridMove::by_key("Home", true, 20).map(|to| to.cell_from((9, 9), (50, 40))), Some((1, 0)));
        assert_eq!(GridMove::by_key("End", true, 20).map(|to| to.cell_from((9, 9), (50, 40))), Some((50, 40)));
        assert_eq!(GridMove::by_key("x", false, 20), None);
    }

    #[test]
    fn ok_the_corner_is_no_cell() {
        assert_eq!(GridMove::FirstColumn.cell_from((0, 9), (50, 40)), (0, 1));
        assert_eq!(GridMove::By { rows: -1, columns: 0 }.cell_from((1, 0), (50, 40)), (0, 1));
        assert_eq!(GridMove::Last.cell_from((1, 0), (0, 0)), (0, 0), "nothing is listed");
    }
}
