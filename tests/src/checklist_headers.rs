//! Checklist of the traceback format, items 1 to 22: the line that opens a goroutine.

use expect_test::expect;

use crate::dump::{check, read};

/// Reads one goroutine with this header and a frame; compares what the header said.
#[track_caller]
fn check_header(header: &str, expected: &str) {
    let rendered = read(format!("{header}\nmain.f()\n\t/main.go:1 +0x1\n").as_bytes()).map(|dump| dump.render());
    let rendered = rendered.unwrap_or_else(|error| panic!("{header}: {error:?}"));
    assert!(rendered.contains("\n  main.f /main.go:1\n"), "{header}: {rendered}");
    let facts: Vec<_> = rendered.lines().filter(|line| !line.starts_with("  ") && !line.starts_with("note ")).collect();
    assert_eq!(facts.join("; "), expected, "{header}");
}

#[test]
fn ok_checklist_01_plain() {
    check_header("goroutine 1 [running]:", "1 [running] running");
}

#[test]
fn ok_checklist_02_minutes() {
    check_header("goroutine 18 [chan receive, 4 minutes]:", "18 [chan receive] chan-receive, 4 min");
}

#[test]
fn ok_checklist_03_minutes_and_locked() {
    check_header(
        "goroutine 19 [chan receive, 1439 minutes, locked to thread]:",
        "19 [chan receive] chan-receive, 1439 min, locked",
    );
}

#[test]
fn ok_checklist_04_syscall_with_minutes() {
    check_header("goroutine 5 [syscall, 12 minutes]:", "5 [syscall] syscall, 12 min");
}

#[test]
fn ok_checklist_05_scan() {
    check_header("goroutine 5 [runnable (scan)]:", "5 [runnable (scan)] runnable");
}

#[test]
fn ok_checklist_06_gp_m_mp() {
    check_header(
        "goroutine 54 gp=0xc000084960 m=3 mp=0xc000023008 [syscall, locked to thread]:",
        "54 [syscall] syscall, locked; go >=1.22",
    );
}

#[test]
fn ok_checklist_07_gp_without_m() {
    check_header("goroutine 18 gp=0xc000102700 m=nil [GC worker (idle)]:", "18 [GC worker (idle)] runtime; go >=1.22");
}

#[test]
fn ok_checklist_08_goid_0_twice() {
    let text = "goroutine 0 gp=0x6c74c0 m=0 mp=0x6c84c0 [idle]:\nruntime.futex()\n\t/s.s:1 +0x1\n\n\
                goroutine 0 gp=0xc000006e00 m=4 mp=0xc000058008 [idle]:\nruntime.futex()\n\t/s.s:1 +0x1\n";
    check(
        text,
        expect![[r#"
        0 [idle] runtime
          runtime.futex /s.s:1
        0 [idle] runtime
          runtime.futex /s.s:1
        go >=1.22
    "#]],
    );
}

#[test]
fn ok_checklist_09_goid_beyond_a_double() {
    check_header("goroutine 9007199254740993 [select]:", "9007199254740993 [select] select");
    check_header("goroutine 18446744073709551615 [select]:", "18446744073709551615 [select] select");
}

#[test]
fn ok_checklist_10_leaked() {
    check_header("goroutine 7 [chan send (leaked)]:", "7 [chan send (leaked)] chan-send; go >=1.26");
}

#[test]
fn ok_checklist_11_no_cases_and_leaked() {
    check_header("goroutine 26 [select (no cases) (leaked)]:", "26 [select (no cases) (leaked)] select; go >=1.26");
}

#[test]
fn ok_checklist_12_durable_in_a_bubble() {
    check_header(
        "goroutine 12 [sync.Cond.Wait (durable), synctest bubble 1]:",
        "12 [sync.Cond.Wait (durable)] wait, synctest; go >=1.25",
    );
    check_header(
        "goroutine 13 [chan receive (durable), 3 minutes, synctest bubble 1]:",
        "13 [chan receive (durable)] chan-receive, 3 min, synctest; go >=1.25",
    );
}

#[test]
fn ok_checklist_13_synctest_group() {
    check_header(
        "goroutine 23 [chan receive (synctest), synctest group 21]:",
        "23 [chan receive (synctest)] chan-receive, synctest; go >=1.24",
    );
}

#[test]
fn ok_checklist_14_labels_inside() {
    check_header(
        r#"goroutine 6 [chan receive labels:{"handler": "/api/v1", "user name": "a \"b\" \u00e9\n"}]:"#,
        r#"6 [chan receive] chan-receive, "handler"="/api/v1", "user name"="a \"b\" é\n"; go >=1.26"#,
    );
}

/// Go 1.26 prints the wait before the labels.
#[test]
fn ok_checklist_14_labels_inside_behind_attributes() {
    check_header(
        r#"goroutine 6 [select, 3 minutes, locked to thread labels:{"k": "v"}]:"#,
        r#"6 [select] select, 3 min, locked, "k"="v"; go >=1.26"#,
    );
}

#[test]
fn ok_checklist_15_labels_after() {
    check_header(
        r#"goroutine 41 [chan receive, 5 minutes] {req.id: 42, tenant: "acme \"x\""}:"#,
        r#"41 [chan receive] chan-receive, 5 min, "req.id"="42", "tenant"="acme \"x\""; go >=1.27"#,
    );
}

#[test]
fn ok_checklist_16_label_that_looks_like_the_end() {
    check_header(
        r#"goroutine 1 [running] {"a-b": "x]: {y}", emoji: "\U0001f600\xff", ok: a.b/c_d}:"#,
        "1 [running] running, \"a-b\"=\"x]: {y}\", \"emoji\"=\"😀\u{fffd}\", \"ok\"=\"a.b/c_d\"; go >=1.27",
    );
    check_header(
        r#"goroutine 1 [running labels:{"a-b": "x]: {y}\n"}]:"#,
        r#"1 [running] running, "a-b"="x]: {y}\n"; go >=1.26"#,
    );
}

#[test]
fn ok_checklist_17_empty_label_values() {
    check_header("goroutine 1 [running] {k: , ok: x}:", r#"1 [running] running, "k"="", "ok"="x"; go >=1.27"#);
    check_header("goroutine 1 [running] {ok: x, k: }:", r#"1 [running] running, "ok"="x", "k"=""; go >=1.27"#);
}

/// `pprof.Labels("", "x")` is allowed; Go prints an empty bare word for the key.
#[test]
fn ok_checklist_17_empty_label_keys() {
    check_header("goroutine 1 [running] {: x, ok: y}:", r#"1 [running] running, ""="x", "ok"="y"; go >=1.27"#);
}

#[test]
fn ok_checklist_18_status_of_a_future_go() {
    check_header("goroutine 5 [quantum wait, 2 minutes]:", "5 [quantum wait] other, 2 min");
    check_header("goroutine 5 [chan receive (entangled)]:", "5 [chan receive (entangled)] chan-receive");
}

#[test]
fn ok_checklist_19_unknown_status() {
    check_header("goroutine 5 [???]:", "5 [???] other");
}

#[test]
fn ok_checklist_20_trailing_white_space() {
    check_header("goroutine 5 [select]:  \t", "5 [select] select");
    check_header("goroutine 5 [select, 2 minutes]:\r", "5 [select] select, 2 min");
}

#[test]
fn ok_checklist_21_header_behind_a_log_prefix() {
    check_header("2026/11/21 10:00:00 http: panic serving goroutine 7 [running]:", "7 [running] running");
    check_header("    goroutine 7 [running]:", "7 [running] running");
}

/// Whatever is left of the header, the dump is said to be cut off and nothing is made up.
#[test]
fn ok_checklist_22_header_cut_at_every_byte() {
    let whole = "goroutine 1 [select]:\nmain.f()\n\t/main.go:1 +0x1\n\n";
    let header = r#"goroutine 15 gp=0xc000084960 m=3 mp=0xc000023008 [chan receive (leaked), 3 minutes] {k: "v"}"#;
    for len in 1..=header.len() {
        let dump = read(format!("{whole}{}", &header[..len]).as_bytes()).unwrap();
        let rendered = dump.render();
        assert_eq!(dump.n_goroutines(), 1, "{rendered}");
        assert!(rendered.contains("issue Truncated") && rendered.contains("goid: None"), "{}: {rendered}", &header[..len]);
    }
}

#[test]
fn err_checklist_22_a_broken_header_inside_is_noted() {
    check(
        "goroutine 5 [chan re\nmain.f()\n\t/main.go:1 +0x1\n\ngoroutine 6 [select]:\nmain.g()\n\t/main.go:2 +0x1\n",
        expect![[r#"
            6 [select] select
              main.g /main.go:2
            issue MalformedHeader line 1 x1 "goroutine 5 [chan re"
            note OtherText line 2 x2
        "#]],
    );
}
