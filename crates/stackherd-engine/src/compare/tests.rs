//! Two and more dumps of one session: what is shown follows what is read, decided and removed.

use stackherd_report::protocol::{ChangeQuery, ChangeSort, CompareOptions, GroupQuery, SortKey};
use stackherd_report::{ComparisonMode, GroupStatus, Language, Relation, Severity, Similarity};

use crate::Session;

/// `n` goroutines from `first` on, in `function`, at `line`.
fn goroutines(first: u64, n: u64, function: &str, line: u32) -> String {
    let one = |goid| {
        format!(
            "goroutine {goid} [chan send, 3 minutes]:\nshop.example/w.{function}(0x1)\n\t/src/w.go:{line} +0x1\n\
             created by main.main in goroutine 1\n\t/src/main.go:5 +0x2\n\n"
        )
    };
    (first..first + n).map(one).collect()
}

fn before() -> String {
    goroutines(10, 3, "grow", 7) + &goroutines(50, 2, "gone", 8) + &goroutines(90, 4, "same", 9)
}

fn after() -> String {
    goroutines(10, 30, "grow", 7) + &goroutines(90, 4, "same", 9) + &goroutines(300, 5, "fresh", 11)
}

fn session(dumps: &[&str]) -> Session {
    let mut session = Session::default();
    for (input, dump) in (0..).zip(dumps) {
        session.add(input, format!("{input}.txt"), dump.as_bytes()).unwrap();
    }
    session
}

fn rows(session: &mut Session, query: &ChangeQuery) -> Vec<(String, GroupStatus, i64, Vec<u64>)> {
    let page = session.changes(query, 0, 100).unwrap();
    let name = |row: &stackherd_report::protocol::ChangeRow| row.top.as_ref().unwrap().name.clone();
    page.rows.iter().map(|row| (name(row), row.status, row.delta, row.counts.clone())).collect()
}

#[test]
fn ok_one_dump_is_not_compared() {
    let mut session = session(&[&before()]);
    assert!(session.comparison(Language::En).is_none());
    assert!(session.changes(&ChangeQuery::default(), 0, 10).is_none());
    assert!(session.groups(0, &GroupQuery::default(), 0, 10).unwrap().rows.iter().all(|row| row.change.is_none()));
}

#[test]
fn ok_two_dumps_are_compared() {
    let mut session = session(&[&before(), &after()]);
    let view = session.comparison(Language::En).unwrap();
    assert_eq!((view.baseline, view.target, view.delta), (0, 1, 30));
    assert_eq!(view.dumps.iter().map(|dump| (dump.dump, dump.goroutines)).collect::<Vec<_>>(), [(0, 9), (1, 39)]);
    let statuses = view.statuses;
    assert_eq!((statuses.new, statuses.gone, statuses.grown, statuses.shrunk, statuses.same), (1, 1, 1, 0, 1));
    assert_eq!(view.lines.iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), ["w.grow", "w.fresh", "w.gone"]);
    let expected = [
        ("grow".to_owned(), GroupStatus::Grown, 27, vec![3, 30]),
        ("fresh".to_owned(), GroupStatus::New, 5, vec![0, 5]),
        ("gone".to_owned(), GroupStatus::Gone, -2, vec![2, 0]),
        ("same".to_owned(), GroupStatus::Same, 0, vec![4, 4]),
    ];
    assert_eq!(rows(&mut session, &ChangeQuery::default()), expected);
    for (row, (name, ..)) in session.changes(&ChangeQuery::default(), 0, 10).unwrap().rows.iter().zip(&expected) {
        let detail = session.change(&row.key).unwrap();
        assert_eq!((&detail.row, &detail.stack[0].name), (row, name));
        assert!(session.group(detail.dump, &detail.group).is_some());
    }
    assert!(session.change("0000000000000000").is_none());
}

#[test]
fn ok_rows_are_filtered_and_sorted() {
    let mut session = session(&[&before(), &after()]);
    let mut names = |query: ChangeQuery| rows(&mut session, &query).into_iter().map(|row| row.0).collect::<Vec<_>>();
    let statuses = vec![GroupStatus::New, GroupStatus::Gone];
    assert_eq!(names(ChangeQuery { statuses, ..ChangeQuery::default() }), ["fresh", "gone"]);
    assert_eq!(names(ChangeQuery { text: "w.go:8".to_owned(), ..ChangeQuery::default() }), ["gone"]);
    let by = |sort, ascending| ChangeQuery { sort, ascending, ..ChangeQuery::default() };
    assert_eq!(names(by(ChangeSort::Before, false)), ["same", "grow", "gone", "fresh"]);
    assert_eq!(names(by(ChangeSort::Delta, true)), ["gone", "same", "fresh", "grow"]);
    assert_eq!(names(by(ChangeSort::Function, true)), ["fresh", "gone", "grow", "same"]);
    let invalid = ChangeQuery { text: "/(/".to_owned(), ..ChangeQuery::default() };
    let page = session.changes(&invalid, 1, 2).unwrap();
    assert_eq!((page.rows.len(), page.matched_groups, page.invalid_query.as_deref()), (2, 4, Some("unclosed group")));
}

#[test]
fn ok_groups_show_what_changed() {
    let mut session = session(&[&before(), &after()]);
    let query = GroupQuery { sort: SortKey::Delta, ..GroupQuery::default() };
    let mut deltas = |dump| {
        let rows = session.groups(dump, &query, 0, 10).unwrap().rows;
        rows.into_iter().map(|row| row.change.unwrap().delta).collect::<Vec<_>>()
    };
    assert_eq!((deltas(0), deltas(1)), (vec![27, 0, -2], vec![27, 5, 0]));
    session.remove(0);
    assert!(session.groups(1, &query, 0, 10).unwrap().rows.iter().all(|row| row.change.is_none()));
}

#[test]
fn ok_the_reader_decides() {
    let mut session = session(&[&before(), &after(), &before()]);
    let options = CompareOptions { baseline: Some(1), target: Some(0), ..CompareOptions::default() };
    session.set_comparison(options.clone());
    assert_eq!(rows(&mut session, &ChangeQuery::default())[0].2, -27);
    session.set_comparison(CompareOptions { mode: Some(ComparisonMode::Fleet), ..options.clone() });
    let view = session.comparison(Language::En).unwrap();
    assert_eq!(view.mode, ComparisonMode::Fleet);
    assert!(session.instance(1).unwrap().n_rows > 0);
    assert!(session.instance(9).is_none());
    session.set_comparison(CompareOptions { relation: Some(Relation::SameProcess), ..options });
    let view = session.comparison(Language::En).unwrap();
    assert_eq!((view.relation, view.relation_is_given), (Relation::SameProcess, true));
    session.remove(1);
    assert_eq!(session.comparison(Language::En).unwrap().dumps.len(), 2, "a baseline that is gone is not missed");
}

#[test]
fn ok_the_open_group_is_found_again() {
    let mut session = session(&[&before(), &after()]);
    let row = session.groups(0, &GroupQuery::default(), 0, 1).unwrap().rows.remove(0);
    for similarity in [Similarity::Function, Similarity::Culprit, Similarity::Origin, Similarity::Stack] {
        let (dump, key) = session.regroup(similarity, Some((0, row.key.clone()))).unwrap_or_default();
        if similarity == Similarity::Stack {
            continue;
        }
        assert!(session.group(dump, &key).is_some(), "{similarity:?}");
        assert_eq!(session.comparison(Language::En).unwrap().similarity, similarity);
        let open = session.regroup(Similarity::Stack, Some((dump, key)));
        assert!(open.is_some_and(|(_, key)| session.group(0, &key).is_some()));
    }
    assert_eq!(session.regroup(Similarity::Function, Some((9, row.key))), None);
}

#[test]
fn ok_times_and_names_are_those_of_the_reader() {
    let mut session = session(&[&before(), &after()]);
    assert_eq!(session.comparison(Language::En).unwrap().minutes, None);
    session.set_captured_at(0, Some("2026-11-21T12:00:00Z".to_owned()));
    session.set_captured_at(1, Some("2026-11-21T12:05:00Z".to_owned()));
    session.set_instance_pattern("^([0-9])").unwrap();
    let view = session.comparison(Language::En).unwrap();
    assert_eq!((view.minutes, view.dumps[0].name.as_str(), view.dumps[1].name.as_str()), (Some(5.0), "0", "1"));
    assert_eq!(session.changes(&ChangeQuery::default(), 0, 1).unwrap().rows[0].per_minute, Some(27.0 / 5.0));
    assert_eq!(session.report().dumps[1].instance.as_deref(), Some("1"));
    session.set_captured_at(1, None);
    assert_eq!(session.comparison(Language::En).unwrap().minutes, None);
}

#[test]
fn ok_garbage_collection_before_and_after_a_fix() {
    let leak = |n| goroutines(10, n, "leak", 7).replace("chan send", "chan send (leaked)");
    let log = |live: u32| {
        format!("gc 1 @0.012s 2%: 0.5+0.39+0.25 ms clock, 0.2+0.8/0.5/0+0.8 ms cpu, 4->4->{live} MB, 5 MB goal, 4 P\n")
    };
    let mut session = session(&[&leak(100), &(leak(2) + &goroutines(900, 30, "fine", 9)), &log(64), &log(12)]);
    let view = session.comparison(Language::En).unwrap();
    assert_eq!(view.dumps.len(), 2, "logs are no instances");
    let outcome = view.outcome.unwrap();
    let gc = outcome.gc.unwrap();
    assert_eq!((gc.live_heap_mb, gc.pause_ms), ((64.0, 12.0), (0.75, 0.75)));
    let report = session.report();
    assert_eq!((report.dumps.len(), report.comparison.unwrap().groups[0].counts.len()), (4, 4));
    session.remove(3);
    assert!(session.comparison(Language::En).unwrap().outcome.unwrap().gc.is_none());
}

#[test]
fn err_a_broken_pattern_is_refused() {
    let mut session = session(&[&before(), &after()]);
    assert_eq!(session.set_instance_pattern("(").unwrap_err(), "unclosed group");
    assert!(session.set_instance_pattern("").is_ok());
}

#[test]
fn ok_rules_of_the_reader_are_about_several_dumps_too() {
    let (before, after) = (goroutines(10, 40, "grow", 7), goroutines(10, 400, "grow", 7));
    let mut session = session(&[&before, &after]);
    let found = |session: &mut Session| {
        let findings = session.comparison(Language::En).unwrap().findings;
        findings.into_iter().map(|finding| (finding.rule, finding.severity)).collect::<Vec<_>>()
    };
    assert_eq!(found(&mut session), [("growing-group".to_owned(), Severity::Warning)]);
    session.set_rules("severity.growing-group = \"critical\"").unwrap();
    assert_eq!(found(&mut session), [("growing-group".to_owned(), Severity::Critical)]);
    session.set_rules("mute = [\"growing-group\"]").unwrap();
    assert!(found(&mut session).is_empty());
}
