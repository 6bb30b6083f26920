//! How one piece of code becomes another, line by line.

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Same,
    Removed,
    Added,
}

/// Lines compared at most, on each side; fix patterns have a dozen.
const MAX_LINES: usize = 200;

/// The shortest way from `before` to `after`: which line of which side comes next. Lines that are the same are those of
/// `after`.
pub(crate) fn line_diff<T: PartialEq>(before: &[T], after: &[T]) -> Vec<(Change, usize)> {
    if before.len() > MAX_LINES || after.len() > MAX_LINES {
        let removed = (0..before.len()).map(|line| (Change::Removed, line));
        return removed.chain((0..after.len()).map(|line| (Change::Added, line))).collect();
    }
    let lengths = common(before, after);
    let length = |i: usize, j: usize| lengths.get(i).and_then(|row| row.get(j)).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    let mut diff = Vec::new();
    loop {
        match (before.get(i), after.get(j)) {
            (None, None) => return diff,
            (Some(old), Some(new)) if old == new => {
                diff.push((Change::Same, j));
                (i, j) = (i + 1, j + 1);
            }
            // What goes stands above what comes.
            (Some(_), new) if new.is_none() || length(i + 1, j) >= length(i, j + 1) => {
                diff.push((Change::Removed, i));
                i += 1;
            }
            _ => {
                diff.push((Change::Added, j));
                j += 1;
            }
        }
    }
}

/// How many lines the ends of both sides have in common, from every line on.
fn common<T: PartialEq>(before: &[T], after: &[T]) -> Vec<Vec<usize>> {
    let mut rows = vec![vec![0; after.len() + 1]];
    for old in before.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0; after.len() + 1];
        for (j, new) in after.iter().enumerate().rev() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(0);
            let best = if old == new { at(&below, j + 1) + 1 } else { at(&below, j).max(at(&row, j + 1)) };
            if let Some(place) = row.get_mut(j) {
                *place = best;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        let lines = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
        let (before, after) = (lines(before.to_owned().leak()), lines(after.to_owned().leak()));
        let sign = |(change, line): &(Change, usize)| match change {
            Change::Same => format!(" {}", after[*line]),
            Change::Removed => format!("-{}", before[*line]),
            Change::Added => format!("+{}", after[*line]),
        };
        assert_eq!(line_diff(&before, &after).iter().map(sign).collect::<String>(), expected);
    }

    #[test]
    fn ok_what_stays_is_not_shown_as_changed() {
        check("a b c", "a x c", " a-b+x c");
        check("a b c d", "b c d e", "-a b c d+e");
        check("a b", "c d", "-a-b+c+d");
    }

    #[test]
    fn ok_one_side_may_be_empty() {
        check("", "a b", "+a+b");
        check("a b", "", "-a-b");
        check("", "", "");
    }

    #[test]
    fn ok_long_texts_are_not_compared() {
        let long: Vec<usize> = (0..=MAX_LINES).collect();
        assert_eq!(line_diff(&long, &long).len(), 2 * long.len());
    }
}
