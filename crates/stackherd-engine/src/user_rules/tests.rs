//! The reader's rules as a session applies them.

use stackherd_core::{Given, OriginRules, Parser, Severity, Tables, group};

use super::UserRules;

const DUMP: &str = "goroutine 1 [IO wait]:\ninternal/poll.runtime_pollWait(0x1, 0x72)\n\t/go/src/runtime/netpoll.go:351 +0x1\n\
                    main.main()\n\t/src/app/main.go:7 +0x3\n\n\
                    goroutine 7 [chan send, 3 minutes]:\nshop.example/pay.run(0x1)\n\t/src/pay/pay.go:9 +0x1\n\
                    created by shop.example/pay.Start in goroutine 1\n\t/src/pay/start.go:5 +0x2\n\n\
                    goroutine 8 [chan send, 9 minutes]:\nshop.example/pay.run(0x2)\n\t/src/pay/pay.go:9 +0x1\n\
                    created by shop.example/pay.Start in goroutine 1\n\t/src/pay/start.go:5 +0x2\n\n\
                    goroutine 9 [select]:\nshop.example/payment.loop(0x2)\n\t/src/pay/loop.go:3 +0x1\n\
                    shop.example/pay.run(0x2)\n\t/src/pay/pay.go:11 +0x1\n";

/// What is said of groups, by their index: `ignored 1=name`, `rule severity n groups title`.
fn apply(rules: &str, dump: &str) -> Vec<String> {
    let mut tables = Tables::default();
    let mut parser = Parser::default();
    parser.push(&mut tables, dump.as_bytes());
    let snapshot = parser.finish(&mut tables).unwrap().remove(0);
    let groups = group(&tables, snapshot.goroutines());
    let rules = UserRules::parse(rules).unwrap();
    let Given { ignored, findings, .. } = rules.apply(&tables, &snapshot, &groups, &OriginRules::default());
    let ignored = ignored.iter().map(|(group, idle)| format!("ignored {group}={}", idle.name));
    let findings = findings.iter().map(|finding| {
        format!("{} {:?} {} {:?} {}", finding.rule, finding.severity, finding.n_goroutines, finding.groups, finding.title.en)
    });
    ignored.chain(findings).collect()
}

/// A rule with these conditions finds these groups.
#[track_caller]
fn check_rule(conditions: &str, expected: &[u32]) {
    let rules = format!("[[rule]]\nname = \"a\"\nmessage = \"{{count}} at {{place}}\"\n{conditions}");
    let found = apply(&rules, DUMP);
    match expected {
        [] => assert!(found.is_empty(), "{conditions}: {found:?}"),
        _ => assert!(found.len() == 1 && found[0].contains(&format!("{expected:?}")), "{conditions}: {found:?}"),
    }
}

#[track_caller]
fn check_ignore(conditions: &str, expected: &[u32]) {
    let found = apply(&format!("[[ignore]]\nname = \"n\"\nreason = \"r\"\n{conditions}"), DUMP);
    let expected: Vec<_> = expected.iter().map(|group| format!("ignored {group}=n")).collect();
    assert_eq!(found, expected, "{conditions}");
}

#[test]
fn ok_frames_match_by_function_or_place() {
    check_rule("any_frame = 'pay\\.run$'", &[0, 2]);
    check_rule("any_frame = 'pay\\.go:9$'", &[0]);
    check_rule("any_frame = 'nowhere'", &[]);
    check_rule("top_frame = 'pay\\.run$'", &[0]);
    check_rule("created_by = 'pay\\.Start$'", &[0]);
    check_rule("created_by = 'start\\.go'\ntop_frame = 'main'", &[]);
}

#[test]
fn ok_states_are_categories_or_words_of_go() {
    check_rule("state = [\"chan-send\", \"select\"]", &[0, 2]);
    check_rule("state = [\"IO wait\"]", &[1]);
    check_rule("state = [\"chan receive\"]", &[]);
}

#[test]
fn ok_counts_and_waits_are_lower_bounds() {
    check_rule("any_frame = 'pay\\.run'\nmin_count = 3", &[0, 2]);
    check_rule("any_frame = 'pay\\.run'\nmin_count = 4", &[]);
    check_rule("any_frame = 'pay'\nmin_wait_minutes = 9", &[0]);
    check_rule("any_frame = 'pay'\nmin_wait_minutes = 10", &[]);
}

#[test]
fn ok_messages_are_filled_in() {
    let rules =
        "[[rule]]\nname = \"a\"\nseverity = \"critical\"\nmessage = \"{count} stuck at {place}\"\nany_frame = 'pay.run'\n";
    assert_eq!(apply(rules, DUMP), ["a Critical 3 [0, 2] 3 stuck at pay.go:9"]);
}

#[test]
fn ok_ignores_speak_as_goleak_does() {
    check_ignore("top_function = \"shop.example/pay.run\"", &[0]);
    check_ignore("top_function = \"pay.run\"", &[]);
    check_ignore("top_function = \"internal/poll.runtime_pollWait\"", &[1]);
    check_ignore("top_function = \"main.main\"", &[]);
    check_ignore("any_function = \"shop.example/pay.run\"", &[0, 2]);
    check_ignore("any_function = \"/pay\\\\.r.n$/\"", &[0, 2]);
    check_ignore("any_containing_pkg = \"shop.example/pay\"", &[0, 2]);
    check_ignore("any_containing_pkg = \"shop.example/payment\"", &[2]);
    check_ignore("any_containing_pkg = \"shop.example\"", &[0, 2]);
    check_ignore("created_by = \"shop.example/pay.Start\"", &[0]);
    check_ignore("any_function = \"shop.example/pay.run\"\ncreated_by = \"main.main\"", &[]);
}

#[test]
fn ok_the_runtime_is_no_top_function() {
    let counted = "goroutine profile: total 2\n2 @ 0x1 0x2 0x3\n#\t0x1\truntime.gopark+0x1\t/go/src/runtime/proc.go:1\n\
                   #\t0x2\truntime.chanrecv+0x1\t/go/src/runtime/chan.go:1\n#\t0x3\tmain.wait+0x1\t/src/main.go:1\n";
    assert_eq!(apply("[[ignore]]\nreason = \"r\"\ntop_function = \"main.wait\"", counted), ["ignored 0=ignored"]);
}

#[test]
fn ok_a_group_belongs_to_the_first_that_matches() {
    let rule = |name: &str, severity: &str| {
        format!("[[rule]]\nname = \"{name}\"\nmessage = \"m\"\nseverity = \"{severity}\"\nany_frame = 'pay\\.run'\n")
    };
    let ignore = "[[ignore]]\nname = \"n\"\nreason = \"r\"\ntop_function = \"shop.example/pay.run\"\n";
    let text = format!("{}{}{ignore}", rule("a", "info"), rule("b", "critical"));
    assert_eq!(apply(&text, DUMP), ["ignored 0=n", "a Info 1 [2] m"]);
}

#[test]
fn ok_mutes_and_severities_are_handed_on() {
    let rules = UserRules::parse("mute = [\"crash\"]\nseverity.deadlock = \"info\"").unwrap();
    let tables = Tables::default();
    let given = rules.apply(&tables, &Default::default(), &Default::default(), &OriginRules::default());
    assert_eq!((given.muted.len(), given.severities.as_slice()), (1, [("deadlock".into(), Severity::Info)].as_slice()));
}
