//! A keystroke in the filter at 10,000 groups, beside listing them unfiltered.
//!
//! With `--test` every bench runs once on a small dump; each asserts its counts.

#[path = "../../stackherd-core/benches/dump/mod.rs"]
mod dump;

use divan::Bencher;
use dump::{Shape, generate};
use stackherd_engine::Session;
use stackherd_report::protocol::{GroupQuery, SortKey};

/// Rows that the page asks for at once.
const N_ROWS: u32 = 120;

fn main() {
    divan::main();
}

/// A session with one dump, and its number of groups.
fn session() -> (Session, u32) {
    let is_test = std::env::args().any(|arg| arg == "--test");
    let shape =
        if is_test { Shape { n_bytes: 1 << 20, n_stacks: 100 } } else { Shape { n_bytes: 160 << 20, n_stacks: 10_000 } };
    let dump = generate(shape);
    let mut session = Session::default();
    let opened = session.add(0, "dump", dump.text.as_bytes());
    let counts = opened.map(|opened| opened.dumps.iter().map(|summary| (summary.dump.goroutines, summary.groups)).collect());
    assert_eq!(counts, Ok(vec![(dump.n_goroutines as u64, dump.n_groups as u64)]));
    (session, dump.n_groups as u32)
}

/// Two queries in turn, so that no listing is remembered.
fn measure(bencher: Bencher, queries: [GroupQuery; 2], is_right: fn(u32, u32) -> bool) {
    let (mut session, n_groups) = session();
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        let query = if turn % 2 == 0 { &queries[0] } else { &queries[1] };
        let page = session.groups(0, query, 0, N_ROWS);
        assert!(page.as_ref().is_some_and(|page| is_right(page.matched_groups, n_groups)));
        page
    });
}

fn text(text: &str) -> GroupQuery {
    GroupQuery { text: text.to_owned(), ..GroupQuery::default() }
}

#[divan::bench]
fn unfiltered(bencher: Bencher) {
    let by_size = GroupQuery { sort: SortKey::Goroutines, ..GroupQuery::default() };
    measure(bencher, [GroupQuery::default(), by_size], |matched, all| matched == all);
}

#[divan::bench]
fn substring(bencher: Bencher) {
    measure(bencher, [text("ledger"), text("broker)")], |matched, all| matched > 0 && matched < all);
}

#[divan::bench]
fn regular_expression(bencher: Bencher) {
    measure(bencher, [text("/Fetch$/"), text("/cart.*flush/")], |matched, all| matched > 0 && matched < all);
}
