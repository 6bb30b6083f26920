//! Views of a judgement that is made by hand: every field, whatever today's rules find.

use stackherd_core::blocking::{Blocking, Candidate, Cycle, Object};
use stackherd_core::{Ancestry, Confidence, CreationSite, Idle, Judgement, ObjectKind, Text};
use stackherd_report::protocol::GroupQuery;
use stackherd_report::{BlockingKind, Language};

use crate::Session;

const DUMP: &str = "goroutine 7 [sync.Mutex.Lock, 3 minutes]:\ninternal/sync.(*Mutex).lockSlow(0xc000010000)\n\t/go/src/internal/sync/mutex.go:1 +0x1\n\
                    main.a(0x1)\n\t/src/main.go:9 +0x1\nnet/http.(*conn).serve(0x1)\n\t/go/src/net/http/server.go:1 +0x1\n\n\
                    goroutine 8 [sync.Mutex.Lock, 3 minutes]:\ninternal/sync.(*Mutex).lockSlow(0xc000010000)\n\t/go/src/internal/sync/mutex.go:1 +0x1\n\
                    main.a(0x1)\n\t/src/main.go:9 +0x1\nnet/http.(*conn).serve(0x1)\n\t/go/src/net/http/server.go:1 +0x1\n\n\
                    goroutine 9 [sync.Mutex.Lock]:\ninternal/sync.(*Mutex).lockSlow(0xc000020000)\n\t/go/src/internal/sync/mutex.go:1 +0x1\n\
                    main.b(0x1)\n\t/src/main.go:19 +0x1\n\n";

fn text(text: &str) -> Text {
    Text { en: text.to_owned(), zh_cn: format!("中{text}") }
}

fn object(address: u64, n_waiters: u64, group: u32, held_by: u32, holder_group: u32) -> Object {
    let candidate =
        Candidate { goroutine: held_by, group: holder_group, confidence: Confidence::Likely, why: text("same receiver") };
    Object {
        address,
        is_exact: true,
        kind: ObjectKind::Mutex,
        n_waiters,
        groups: vec![group],
        waiting_at: None,
        max_wait_minutes: Some(3),
        candidates: vec![candidate; 9],
        cycle: Some(0),
    }
}

/// Two locks, each held by who waits for the other one.
fn session() -> Session {
    let mut session = Session::default();
    let rules = "[[rule]]\nname = \"cycle\"\nmessage = \"m\"\nany_frame = 'main'\nfix = \"One order.\"";
    session.set_rules(rules).unwrap();
    session.add(0, "a.txt", DUMP.as_bytes()).unwrap();
    change(&mut session, |judgement| {
        judgement.blocking = Blocking {
            objects: vec![object(0xc0_0001_0000, 2, 0, 2, 1), object(0xc0_0002_0000, 1, 1, 0, 0)],
            cycles: vec![Cycle { steps: vec![(0, 0), (2, 1)], why: vec![text("7 waits for 9")] }],
        };
        let site = |depth, frame, largest_group| CreationSite {
            frame,
            depth,
            n_goroutines: 1,
            n_subtree: 3,
            n_orphans: 1,
            max_wait_minutes: Some(3),
            largest_group,
        };
        let frame = judgement.findings[0].culprit;
        judgement.ancestry = Ancestry { sites: vec![site(0, None, None), site(1, frame, Some(0))], has_parents: true };
    });
    session
}

fn change(session: &mut Session, change: impl FnOnce(&mut Judgement)) {
    change(session.judgement_mut(0).unwrap());
}

#[test]
fn ok_objects_have_addresses_candidates_and_groups() {
    let session = session();
    let view = session.blocking(0, Language::ZhCn).unwrap();
    assert_eq!((view.n_objects, view.waiters, view.objects.len()), (2, 3, 2));
    let first = &view.objects[0];
    assert_eq!(
        (first.address.as_str(), first.kind, first.waiters, first.cycle),
        ("0xc000010000", BlockingKind::Mutex, 2, Some(0))
    );
    assert!(session.group(0, &first.groups[0]).is_some());
    assert_eq!(first.candidates.len(), 5);
    let candidate = &first.candidates[0];
    assert_eq!(
        (candidate.goid, candidate.state.as_str(), candidate.why.as_str()),
        (Some(9), "sync.Mutex.Lock", "中same receiver")
    );
    assert_eq!(candidate.top.as_ref().unwrap().name, "b");
}

#[test]
fn ok_cycles_go_step_by_step() {
    let view = session().blocking(0, Language::En).unwrap();
    let cycle = &view.cycles[0];
    assert_eq!(
        (cycle.why.as_slice(), cycle.fix.as_ref().unwrap().summary.as_str()),
        (["7 waits for 9".to_owned()].as_slice(), "One order.")
    );
    let steps: Vec<_> =
        cycle.steps.iter().map(|step| (step.goid, step.state.as_str(), step.object, step.stack.len())).collect();
    // Of the stack, what lies behind the last application frame is left out.
    let expected = [(Some(7), "sync.Mutex.Lock, 3 minutes", Some(0), 2), (Some(9), "sync.Mutex.Lock", Some(1), 2)];
    assert_eq!(steps, expected);
    assert_eq!((cycle.steps[1].address.as_str(), &cycle.steps[1].group), ("0xc000020000", &view.objects[1].groups[0]));
}

#[test]
fn ok_ancestry_is_a_tree() {
    let view = session().ancestry(0).unwrap();
    assert_eq!((view.n_sites, view.has_parents), (2, true));
    let rows: Vec<_> = view.sites.iter().map(|row| (row.depth, row.site.is_some(), row.largest_group.is_some())).collect();
    assert_eq!(rows, [(0, false, false), (1, true, true)]);
}

#[test]
fn ok_findings_know_their_objects() {
    let mut session = session();
    let view = session.findings(0, Language::En).unwrap();
    assert!(view.findings[0].has_objects);
    assert!(view.findings[0].markdown.starts_with("### m\n\nwarning · likely · `cycle`\n"), "{}", view.findings[0].markdown);
    change(&mut session, |judgement| judgement.blocking = Blocking::default());
    assert!(!session.findings(0, Language::En).unwrap().findings[0].has_objects);
}

#[test]
fn ok_the_report_has_them_too() {
    let report = session().report();
    let object = &report.blocking[0];
    assert_eq!((object.object.as_str(), object.waiters, object.groups.as_slice()), ("0xc000010000", 2, [1].as_slice()));
    assert_eq!((object.cycle.as_deref(), object.holder_candidates[0].goid), (Some([7, 9].as_slice()), 9));
    assert_eq!(report.ancestry.iter().map(|site| site.depth).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn ok_broken_numbers_are_no_harm() {
    let mut session = session();
    change(&mut session, |judgement| {
        judgement.blocking.objects[0].groups = vec![99];
        judgement.blocking.objects[1].candidates[0] =
            Candidate { goroutine: 99, group: 99, confidence: Confidence::Possible, why: text("x") };
        judgement.blocking.cycles[0].steps = vec![(99, 99)];
        judgement.findings[0].groups.push(99);
        judgement.scores.clear();
        judgement.finding_of.clear();
    });
    let _ = (session.blocking(0, Language::En), session.findings(0, Language::En), session.report());
}

#[test]
fn ok_idle_groups_hide_unless_a_finding_speaks_for_them() {
    let mut session = session();
    let idle = || Some(Idle { name: "pool".into(), reason: text("It waits.") });
    let query = GroupQuery { hides_idle: true, ..GroupQuery::default() };
    change(&mut session, |judgement| judgement.idle[1] = idle());
    assert_eq!(session.groups(0, &query, 0, 9).unwrap().matched_goroutines, 3, "the finding has it");
    change(&mut session, |judgement| judgement.finding_of[1] = None);
    session.groups(0, &GroupQuery::default(), 0, 9).unwrap();
    let page = session.groups(0, &query, 0, 9).unwrap();
    assert_eq!((page.matched_groups, page.matched_goroutines, page.goroutines), (1, 2, 3));
    let view = session.findings(0, Language::En).unwrap();
    assert_eq!((view.idle_goroutines, view.idle_groups), (1, 1));
    let all = session.groups(0, &GroupQuery::default(), 0, 9).unwrap();
    assert_eq!(all.rows[1].idle.as_deref(), Some("pool"));
    assert_eq!(session.report().totals.idle_goroutines, 1);
}
