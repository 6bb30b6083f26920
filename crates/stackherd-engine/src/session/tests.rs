//! Inputs come in, dumps are kept, and questions are answered.

use super::*;
use stackherd_report::{IssueKind as Kind, Origin};

const DUMP: &str = "goroutine 1 [select]:\nmain.main()\n\t/src/main.go:7 +0x3\n\n\
                    goroutine 7 [chan send, 3 minutes]:\nshop.example/w.run(0x1)\n\t/w.go:9 +0x1\ncreated by main.main in goroutine 1\n\t/src/main.go:5 +0x2\n\n\
                    goroutine 8 [chan send, 9 minutes]:\nshop.example/w.run(0x2)\n\t/w.go:9 +0x1\ncreated by main.main in goroutine 1\n\t/src/main.go:5 +0x2\n";

fn session() -> Session {
    let mut session = Session::default();
    session.add(4, "a.txt", DUMP.as_bytes()).unwrap();
    session
}

fn all(session: &mut Session, dump: u32) -> Option<GroupPage> {
    session.groups(dump, &GroupQuery::default(), 0, 100)
}

#[test]
fn ok_progress_counts_goroutines() {
    let mut session = Session::default();
    session.open(1, "a.txt", Some("2026-11-21T10:00:00Z".to_owned()));
    let (head, tail) = DUMP.split_at(DUMP.find("goroutine 8").unwrap() + 12);
    assert_eq!(session.push(1, head.as_bytes()), (head.len() as u64, 1));
    assert!(session.summary(0).is_none());
    assert_eq!(session.push(1, tail.as_bytes()).0, DUMP.len() as u64);
    let summary = session.finish(1, false).unwrap().dumps.remove(0);
    assert_eq!((summary.dump.id, summary.dump.goroutines, summary.groups, summary.max_wait_minutes), (0, 3, 2, Some(9)));
    assert_eq!(summary.dump.captured_at.as_deref(), Some("2026-11-21T10:00:00Z"));
    assert_eq!(summary.largest.unwrap().goroutines, 2);
}

#[test]
fn ok_an_input_ends_once() {
    let mut session = session();
    assert_eq!(session.push(4, b"goroutine 9 [select]:\n"), (0, 0));
    assert_eq!(session.finish(4, true).unwrap_err().message, "no input 4 is being read");
    session.open(5, "b.txt", None);
    session.cancel(5);
    assert_eq!(session.push(5, DUMP.as_bytes()), (0, 0));
    assert_eq!(session.report().inputs.len(), 1);
}

#[test]
fn ok_a_stopped_dump_says_so() {
    let mut session = Session::default();
    session.open(1, "a.txt", None);
    session.push(1, DUMP.as_bytes());
    let issues = session.finish(1, true).unwrap().dumps.remove(0).dump.issues;
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].kind, Kind::Truncated);
    assert!(issues[0].message.starts_with("Reading was stopped after"), "{}", issues[0].message);
}

#[test]
fn err_an_input_without_goroutines_has_no_dumps() {
    let mut session = Session::default();
    let failure = session.add(1, "a.png", b"\x89PNG\r\n\x1a\n").unwrap_err();
    assert_eq!(failure.kind, Kind::Unrecognized);
    assert!(all(&mut session, 0).is_none());
    let report = session.report();
    assert!(report.dumps.is_empty());
    assert_eq!((report.inputs[0].name.as_str(), report.inputs[0].issues.len()), ("a.png", 1));
}

#[test]
fn ok_several_dumps_of_one_input() {
    let mut session = Session::default();
    let opened = session.add(9, "app.log", format!("{DUMP}\nlog line\n{DUMP}").as_bytes()).unwrap();
    let names: Vec<_> = opened.dumps.iter().map(|summary| (summary.dump.id, summary.dump.name.as_str())).collect();
    assert_eq!(names, [(0, "app.log"), (1, "app.log #2")]);
    assert_eq!(session.report().inputs[0].dumps, [0, 1]);
    assert_eq!(session.report().groups[0].per_dump, [2, 2]);
}

#[test]
fn ok_removed_dumps_leave_the_others() {
    let mut session = session();
    session.add(2, "b.txt", DUMP.as_bytes()).unwrap();
    assert_eq!(session.report().groups[0].per_dump, [2, 2]);
    session.remove(0);
    session.remove(77);
    let report = session.report();
    assert_eq!(report.dumps.iter().map(|dump| (dump.id, dump.name.as_str())).collect::<Vec<_>>(), [(0, "b.txt")]);
    assert_eq!(report.groups[0].per_dump, [2]);
}

#[test]
fn ok_reports_join_dumps_in_the_order_of_their_numbers() {
    // A main goroutine that waits is idle, which is not what this is about.
    let dump = DUMP.replace("main.main()", "main.loop()");
    let mut session = Session::default();
    session.add(4, "a.txt", dump.as_bytes()).unwrap();
    session.add(2, "b.txt", dump.replace("[select]", "[running]").as_bytes()).unwrap();
    let report = session.report();
    assert_eq!(report.dumps.iter().map(|dump| dump.name.as_str()).collect::<Vec<_>>(), ["a.txt", "b.txt"]);
    let counts: Vec<_> = report.groups.iter().map(|group| (group.rank, group.goroutines, group.per_dump.clone())).collect();
    // Equal ones stand by their keys.
    assert_eq!(counts, [(1, 4, vec![2, 2]), (2, 1, vec![0, 1]), (3, 1, vec![1, 0])]);
    assert!(report.groups[1].key < report.groups[2].key);
    assert_eq!(report.totals.goroutines, 6);
    let waits = report.groups[0].wait_minutes.as_ref().unwrap();
    assert_eq!((waits.known, waits.min, waits.max), (4, 3, 9));
}

#[test]
fn ok_keys_find_groups_again() {
    let mut session = session();
    for row in all(&mut session, 0).unwrap().rows {
        let detail = session.group(0, &row.key).unwrap();
        assert_eq!(detail.row, row);
        assert_eq!(session.goroutines(0, &row.key, 0, 100).len() as u64, row.goroutines);
    }
    assert!(session.group(0, "0000000000000000").is_none());
    assert!(session.goroutines(0, "0000000000000000", 0, 100).is_empty());
}

#[test]
fn ok_goroutines_come_in_pages() {
    let mut session = session();
    let key = all(&mut session, 0).unwrap().rows[0].key.clone();
    let goids = |offset, limit| {
        let rows = session.goroutines(0, &key, offset, limit);
        rows.iter().map(|row| row.goid.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(goids(0, 1), [7]);
    assert_eq!(goids(1, 5), [8]);
    assert!(goids(2, 5).is_empty());
    let row = session.goroutines(0, &key, 1, 1).remove(0);
    assert_eq!((row.wait_minutes, row.parent, row.state.as_str()), (Some(9), Some(1), "chan send"));
    assert!(DUMP[row.offset_bytes as usize..].starts_with("goroutine 8 "));
}

#[test]
fn ok_prefixes_tell_whose_code_it_is() {
    let mut session = session();
    let top = |session: &mut Session| all(session, 0).unwrap().rows[0].top.clone().unwrap();
    assert_eq!(top(&mut session).origin, Origin::App);
    session.set_app_prefixes(vec!["other.example".to_owned()]);
    assert_eq!(top(&mut session).origin, Origin::Dependency);
    session.set_app_prefixes(Vec::new());
    assert_eq!(top(&mut session).origin, Origin::App);
}

const RULES: &str = "[[rule]]\nname = \"main-first\"\nseverity = \"critical\"\nmessage = \"m\"\nany_frame = 'main\\.main'\n";

#[test]
fn ok_rules_judge_all_dumps_again() {
    let mut session = session();
    session.add(5, "b.txt", DUMP.as_bytes()).unwrap();
    let first = |session: &mut Session, dump| {
        let row = all(session, dump).unwrap().rows.remove(0);
        // Its key finds it again, so keys follow the ranking.
        assert_eq!(session.group(dump, &row.key).unwrap().row, row);
        (row.goroutines, row.finding.map(|finding| finding.rule))
    };
    assert_eq!(first(&mut session, 0), (2, None));
    session.set_rules(RULES).unwrap();
    for dump in [0, 1] {
        assert_eq!(first(&mut session, dump), (1, Some("main-first".to_owned())));
    }
    assert!(session.set_rules("x = 1").is_err());
    assert_eq!(first(&mut session, 0).0, 1, "the rules stay as they were");
    session.set_rules("").unwrap();
    assert_eq!(first(&mut session, 1), (2, None));
}

#[test]
fn ok_rules_are_for_dumps_to_come_too() {
    let mut session = Session::default();
    session.set_rules(RULES).unwrap();
    let summary = session.add(0, "a.txt", DUMP.as_bytes()).unwrap().dumps.remove(0);
    assert_eq!(summary.largest.unwrap().finding.unwrap().rule, "main-first");
    let report = session.report();
    assert_eq!((report.findings[0].groups.as_slice(), report.groups[0].goroutines), ([1].as_slice(), 1));
}

#[test]
fn ok_findings_of_all_dumps_add_up_to_their_groups() {
    let mut session = session();
    session.add(5, "b.txt", DUMP.replace("goroutine 8 [chan send, 9 minutes]", "goroutine 8 [running]").as_bytes()).unwrap();
    session.set_rules("[[rule]]\nname = \"w\"\nmessage = \"m\"\nany_frame = 'w\\.run'\n").unwrap();
    let report = session.report();
    assert_eq!(report.findings.iter().map(|finding| finding.dump).collect::<Vec<_>>(), [0, 1]);
    for finding in &report.findings {
        let groups = finding.groups.iter().map(|&rank| &report.groups[rank as usize - 1]);
        let sum: u64 = groups.map(|group| group.per_dump[finding.dump as usize]).sum();
        assert_eq!(sum, finding.goroutines);
    }
    assert!(report.groups.is_sorted_by(|left, right| left.score >= right.score));
}
