//! The rows of a long list that the worker has sent so far.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Rows asked for at once.
const PAGE_ROWS: u32 = 60;

/// Questions under way at once. The worker answers one after the other, so more would only pile up behind
/// a reader who types or scrolls fast.
const MAX_ASKED: usize = 2;

/// Pages kept; a page farther from sight is asked for again.
const MAX_PAGES: usize = 32;

/// Rows by index, in pages, with the questions still open.
///
/// When the list changes (another filter, another order) the old rows stay until the first new ones come, so that
/// the table does not blink.
#[derive(Clone, Debug)]
pub(crate) struct RowCache<T> {
    pages: BTreeMap<u32, Rc<Vec<Rc<T>>>>,
    asked: Vec<Asked>,
    /// Counts the changes of the list; answers to questions about an older one are dropped.
    generation: u32,
    /// The pages show the list before the last change.
    stale: bool,
    first_in_sight: u32,
    rows_in_sight: u32,
    /// The list is not longer than this, as a page that was not full has told.
    end: Option<u32>,
}

/// A question under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    ask: u32,
    generation: u32,
    page: u32,
}

impl<T> Default for RowCache<T> {
    fn default() -> Self {
        Self {
            pages: BTreeMap::new(),
            asked: Vec::new(),
            generation: 0,
            stale: true,
            first_in_sight: 0,
            rows_in_sight: PAGE_ROWS,
            end: None,
        }
    }
}

impl<T> RowCache<T> {
    /// Length of the list, given what it is at most.
    pub(crate) fn total(&self, at_most: u32) -> u32 {
        self.end.map_or(at_most, |end| end.min(at_most))
    }

    pub(crate) fn row(&self, index: u32) -> Option<&Rc<T>> {
        self.pages.get(&(index / PAGE_ROWS))?.get((index % PAGE_ROWS) as usize)
    }

    /// The index of the first known row that fits.
    pub(crate) fn position(&self, fits: impl Fn(&T) -> bool) -> Option<u32> {
        self.pages.iter().find_map(|(page, rows)| {
            let index = rows.iter().position(|row| fits(row))?;
            Some(page * PAGE_ROWS + u32::try_from(index).ok()?)
        })
    }

    /// The rows belong to the list as it is now.
    pub(crate) const fn is_current(&self) -> bool {
        !self.stale
    }

    /// The list has changed.
    pub(crate) fn change(&mut self) {
        self.generation += 1;
        self.stale = true;
        self.end = None;
        (self.first_in_sight, self.rows_in_sight) = (0, PAGE_ROWS);
    }

    /// The list is another one: not even stale rows make sense.
    pub(crate) fn clear(&mut self) {
        self.change();
        self.pages.clear();
    }

    /// The reader looks at these rows.
    pub(crate) fn see(&mut self, first: u32, count: u32) {
        (self.first_in_sight, self.rows_in_sight) = (first, count);
    }

    /// First row and number of rows of the next page to ask for, given the length of the list.
    pub(crate) fn missing(&self, total: u32) -> Option<(u32, u32)> {
        if self.asked.len() >= MAX_ASKED {
            return None;
        }
        let last = self.first_in_sight.saturating_add(self.rows_in_sight).min(total).saturating_sub(1);
        // A stale list has an unknown length: its first page tells.
        let pages = if self.stale { 0..=0 } else { self.first_in_sight / PAGE_ROWS..=last / PAGE_ROWS };
        let page = pages.into_iter().find(|page| {
            let known = !self.stale && (self.pages.contains_key(page) || total == 0);
            let asked = self.asked.iter().any(|asked| asked.page == *page && asked.generation == self.generation);
            !known && !asked
        })?;
        Some((page * PAGE_ROWS, PAGE_ROWS))
    }

    /// A question is under way.
    pub(crate) fn ask(&mut self, ask: u32, first_row: u32) {
        self.asked.push(Asked { ask, generation: self.generation, page: first_row / PAGE_ROWS });
    }

    /// Takes an answer in; false when it is about a list that has changed since.
    pub(crate) fn answer(&mut self, ask: u32, rows: Vec<T>) -> bool {
        let Some(index) = self.asked.iter().position(|asked| asked.ask == ask) else { return false };
        let asked = self.asked.swap_remove(index);
        if asked.generation != self.generation {
            return false;
        }
        if self.stale {
            self.pages.clear();
            self.stale = false;
        }
        if let Ok(count) = u32::try_from(rows.len())
            && count < PAGE_ROWS
        {
            let end = asked.page.saturating_mul(PAGE_ROWS).saturating_add(count);
            self.end = Some(self.total(end));
        }
        self.pages.insert(asked.page, Rc::new(rows.into_iter().map(Rc::new).collect()));
        while self.pages.len() > MAX_PAGES {
            let sight = self.first_in_sight / PAGE_ROWS;
            let farthest = self.pages.keys().copied().max_by_key(|page| page.abs_diff(sight));
            farthest.and_then(|page| self.pages.remove(&page));
        }
        true
    }

    /// The answer to this question is awaited.
    pub(crate) fn is_asked(&self, ask: u32) -> bool {
        self.asked.iter().any(|asked| asked.ask == ask)
    }

    /// No answer is awaited.
    pub(crate) fn is_settled(&self) -> bool {
        self.asked.is_empty() && !self.stale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(from: u32) -> Vec<u32> {
        (from..from + PAGE_ROWS).collect()
    }

    #[test]
    fn ok_asks_page_by_page_for_what_is_in_sight() {
        let mut cache = RowCache::default();
        assert_eq!(cache.missing(10_000), Some((0, 60)));
        cache.ask(1, 0);
        assert_eq!(cache.missing(10_000), None);
        assert!(cache.answer(1, rows(0)));
        assert_eq!(cache.row(59).map(|row| **row), Some(59));
        assert_eq!(cache.missing(10_000), None);
        cache.see(590, 40);
        assert_eq!(cache.missing(10_000), Some((540, 60)));
        cache.ask(2, 540);
        assert_eq!(cache.missing(10_000), Some((600, 60)));
        cache.ask(3, 600);
        cache.see(2000, 40);
        assert_eq!(cache.missing(10_000), None, "two questions are under way");
        assert!(cache.answer(2, rows(540)));
        assert_eq!(cache.missing(10_000), Some((1980, 60)));
    }

    #[test]
    fn ok_old_rows_stay_until_the_changed_list_answers() {
        let mut cache = RowCache::default();
        cache.ask(1, 0);
        cache.change();
        assert_eq!(cache.missing(10_000), Some((0, 60)));
        cache.ask(2, 0);
        assert!(!cache.answer(1, rows(0)), "overtaken");
        assert!(cache.row(0).is_none());
        assert!(cache.answer(2, rows(7)));
        assert_eq!(cache.row(0).map(|row| **row), Some(7));
        cache.change();
        assert!(cache.row(0).is_some() && !cache.is_current());
        cache.ask(3, 0);
        assert!(cache.answer(3, Vec::new()));
        assert!(cache.row(0).is_none() && cache.is_settled());
        assert_eq!(cache.missing(0), None, "an empty list asks no more");
    }

    #[test]
    fn ok_keeps_a_bounded_number_of_pages_near_sight() {
        let mut cache = RowCache::default();
        cache.ask(0, 0);
        cache.answer(0, rows(0));
        for page in 1..50 {
            cache.see(page * PAGE_ROWS, 40);
            cache.ask(page, page * PAGE_ROWS);
            cache.answer(page, rows(page * PAGE_ROWS));
        }
        assert_eq!(cache.pages.len(), MAX_PAGES);
        assert!(cache.row(0).is_none() && cache.row(49 * PAGE_ROWS).is_some());
    }

    #[test]
    fn ok_a_page_that_is_not_full_tells_the_length() {
        let mut cache = RowCache::default();
        assert_eq!(cache.total(100_000), 100_000);
        cache.ask(1, 0);
        cache.answer(1, rows(0));
        assert_eq!(cache.total(100_000), 100_000, "a full page tells nothing");
        cache.ask(2, 60);
        cache.answer(2, vec![60, 61]);
        assert_eq!(cache.total(100_000), 62);
        cache.ask(3, 120);
        cache.answer(3, Vec::new());
        assert_eq!(cache.total(100_000), 62);
        cache.change();
        assert_eq!(cache.total(100_000), 100_000, "another list has another length");
    }

    #[test]
    fn ok_position() {
        let mut cache = RowCache::default();
        cache.ask(1, 0);
        cache.answer(1, rows(100));
        assert_eq!(cache.position(|row| *row == 103), Some(3));
        assert_eq!(cache.position(|row| *row == 3), None);
    }
}
