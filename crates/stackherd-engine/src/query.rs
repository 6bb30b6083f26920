//! Which groups to list, and in which order.

use stackherd_core as model;
use stackherd_core::order;
use stackherd_report::protocol::{GroupPage, GroupQuery, SortKey};

use crate::convert;
use crate::pattern::{Matches, Pattern};
use crate::rows::Grouped;

/// The groups that match a query, in its order: indices into the default ranking.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listing {
    order: Vec<u32>,
    matched_goroutines: u64,
    invalid_query: Option<String>,
}

/// Runs `query`. `O(strings + stacks + goroutines)`: every distinct name is looked at once.
pub(crate) fn list(grouped: Grouped<'_>, query: &GroupQuery) -> Listing {
    let (pattern, invalid_query) = match Pattern::parse(&query.text) {
        Ok(pattern) => (pattern, None),
        Err(message) => (None, Some(message)),
    };
    let matches = pattern.map(|pattern| Matches::new(grouped.frames.tables, &pattern));
    let mut order = Vec::new();
    let mut matched_goroutines = 0;
    for (index, group) in grouped.groups.iter().enumerate() {
        let in_categories =
            query.categories.is_empty() || query.categories.contains(&convert::category(group.signature.category));
        let is_hidden = query.hides_idle && grouped.idle(index).is_some();
        if in_categories && !is_hidden && matches.as_ref().is_none_or(|matches| matches.has(grouped, group)) {
            order.push(index as u32);
            matched_goroutines += group.n_goroutines;
        }
    }
    sort(grouped, query, &mut order);
    Listing { order, matched_goroutines, invalid_query }
}

impl Listing {
    /// Rows `offset..offset + limit`.
    pub(crate) fn page(&self, grouped: Grouped<'_>, offset: u32, limit: u32) -> GroupPage {
        let wanted = self.order.iter().skip(offset as usize).take(limit as usize);
        let rows = wanted.filter_map(|&index| Some(grouped.row(index as usize, grouped.groups.get(index as usize)?))).collect();
        GroupPage {
            offset,
            rows,
            matched_groups: self.order.len() as u32,
            matched_goroutines: self.matched_goroutines,
            goroutines: grouped.groups.iter().map(|group| group.n_goroutines).sum(),
            invalid_query: self.invalid_query.clone(),
        }
    }
}

/// What rows are compared by. What is unknown is the smallest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(Option<u64>),
    Change(Option<i64>),
    Text(String),
}

/// Sorts by the query's column; equal rows keep the order of the ranking either way.
fn sort(grouped: Grouped<'_>, query: &GroupQuery, order: &mut Vec<u32>) {
    if query.sort == SortKey::Rank {
        if query.ascending {
            order.reverse();
        }
        return;
    }
    let mut keyed: Vec<(Key, u32)> = order
        .iter()
        .filter_map(|&index| Some((key(query.sort, grouped, index as usize, grouped.groups.get(index as usize)?), index)))
        .collect();
    order::by(&mut keyed, |left, right| {
        let by_key = left.0.cmp(&right.0);
        let directed = if query.ascending { by_key } else { by_key.reverse() };
        directed.then(left.1.cmp(&right.1))
    });
    *order = keyed.into_iter().map(|(_, index)| index).collect();
}

fn key(sort: SortKey, grouped: Grouped<'_>, index: usize, group: &model::Group) -> Key {
    match sort {
        SortKey::Rank => Key::Number(Some(index as u64)),
        SortKey::Goroutines => Key::Number(Some(group.n_goroutines)),
        SortKey::MaxWait => Key::Number(group.wait_minutes.map(|waits| waits.max.into())),
        SortKey::P50Wait => Key::Number(group.wait_minutes.map(|waits| waits.p50.into())),
        SortKey::Delta => {
            let key = grouped.keys.get(index).copied();
            Key::Change(grouped.changes.zip(key).and_then(|(changes, key)| changes.delta(index, key, group.n_goroutines)))
        }
        SortKey::State => Key::Text(grouped.state(group)),
        SortKey::Function => {
            let frames = grouped.parts(group).frames;
            let top = grouped.top(&frames).and_then(|at| frames.get(at)).map(|&frame| grouped.frames.view(frame));
            Key::Text(top.map_or_else(String::new, |top| format!("{} {}:{}", top.function, top.file, top.line)))
        }
        SortKey::CreatedBy => {
            let creator = grouped.parts(group).created_by.map(|frame| grouped.frames.view(frame));
            Key::Text(creator.map_or_else(String::new, |creator| creator.function))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Session;
    use stackherd_report::Category;
    use stackherd_report::protocol::{GroupPage, GroupQuery, SortKey};

    const DUMP: &str = "goroutine 1 [select]:\nmain.main()\n\t/src/Main.go:7 +0x3\n\n\
                        goroutine 7 [chan send, 3 minutes]:\nshop.example/w.run(0x1)\n\t/w.go:9 +0x1\ncreated by main.start in goroutine 1\n\t/src/start.go:5 +0x2\n\n\
                        goroutine 8 [chan send, 9 minutes]:\nshop.example/w.run(0x2)\n\t/w.go:9 +0x1\ncreated by main.start in goroutine 1\n\t/src/start.go:5 +0x2\n\n\
                        goroutine 9 [IO wait, 5 minutes]:\nnet.(*conn).Read(0x1)\n\t/go/net.go:3 +0x1\n\n\
                        goroutine 10 [IO wait]:\nnet.(*conn).Read(0x1)\n\t/go/net.go:3 +0x1\n";

    fn page(query: &GroupQuery, offset: u32, limit: u32) -> GroupPage {
        let mut session = Session::default();
        session.add(0, "a.txt", DUMP.as_bytes()).unwrap();
        let first = session.groups(0, query, offset, limit).unwrap();
        assert_eq!(session.groups(0, query, offset, limit), Some(first.clone()), "the listing is kept");
        first
    }

    /// Ranks of the groups that `query` lists.
    fn ranks(query: &GroupQuery) -> Vec<u32> {
        page(query, 0, 100).rows.iter().map(|row| row.rank).collect()
    }

    #[track_caller]
    fn check_text(text: &str, expected: &[u32]) {
        assert_eq!(ranks(&GroupQuery { text: text.to_owned(), ..GroupQuery::default() }), expected, "{text}");
    }

    #[track_caller]
    fn check_sort(sort: SortKey, descending: &[u32], ascending: &[u32]) {
        let sorted = |ascending| ranks(&GroupQuery { sort, ascending, ..GroupQuery::default() });
        assert_eq!((sorted(false).as_slice(), sorted(true).as_slice()), (descending, ascending), "{sort:?}");
    }

    #[test]
    fn ok_text_is_found_in_functions_files_states_and_creators() {
        check_text("", &[1, 2, 3]);
        check_text("  ", &[1, 2, 3]);
        check_text("w.run", &[1]);
        check_text("net.go:3", &[2]);
        check_text("io wait", &[2]);
        check_text("start.go", &[1]);
        check_text("nowhere", &[]);
    }

    #[test]
    fn ok_capital_letters_make_case_matter() {
        check_text("main.go", &[3]);
        check_text("Main.go", &[3]);
        check_text("MAIN.GO", &[]);
        check_text("/main\\S+:7/", &[3]);
    }

    #[test]
    fn ok_expressions_stand_between_slashes() {
        check_text("/run$|Read/", &[1, 2]);
        check_text("w.*n", &[]);
        check_text("(*conn)", &[2]);
        check_text("/", &[1, 2, 3]);
        check_text("//", &[]);
    }

    #[test]
    fn err_a_broken_expression_is_named_and_ignored() {
        let page = page(&GroupQuery { text: "/(/".to_owned(), ..GroupQuery::default() }, 0, 10);
        assert_eq!(page.invalid_query.as_deref(), Some("unclosed group"));
        assert_eq!(page.rows.len(), 3);
        let huge = GroupQuery { text: "/(\\w{1000}){1000}/".to_owned(), ..GroupQuery::default() };
        assert_eq!(self::page(&huge, 0, 10).invalid_query.as_deref(), Some("the expression is too large"));
    }

    #[test]
    fn ok_categories_are_kept() {
        let query = GroupQuery { categories: vec![Category::Io, Category::Select], ..GroupQuery::default() };
        let found = page(&query, 0, 100);
        assert_eq!((found.matched_groups, found.matched_goroutines, found.goroutines), (2, 3, 5));
        assert_eq!(ranks(&GroupQuery { text: "main".to_owned(), ..query }), [3]);
    }

    #[test]
    fn ok_sorted_by_every_column() {
        check_sort(SortKey::Rank, &[1, 2, 3], &[3, 2, 1]);
        check_sort(SortKey::Goroutines, &[1, 2, 3], &[3, 1, 2]);
        check_sort(SortKey::MaxWait, &[1, 2, 3], &[3, 2, 1]);
        check_sort(SortKey::P50Wait, &[2, 1, 3], &[3, 1, 2]);
        check_sort(SortKey::State, &[3, 1, 2], &[2, 1, 3]);
        check_sort(SortKey::Function, &[1, 2, 3], &[3, 2, 1]);
        check_sort(SortKey::CreatedBy, &[1, 2, 3], &[2, 3, 1]);
    }

    #[test]
    fn ok_pages() {
        let query = GroupQuery::default();
        let ranks = |offset, limit| page(&query, offset, limit).rows.iter().map(|row| row.rank).collect::<Vec<_>>();
        assert_eq!(ranks(1, 1), [2]);
        assert_eq!(ranks(2, 10), [3]);
        assert!(ranks(3, 10).is_empty());
        assert!(ranks(0, 0).is_empty());
        assert_eq!(page(&query, u32::MAX, u32::MAX).matched_groups, 3);
    }
}
