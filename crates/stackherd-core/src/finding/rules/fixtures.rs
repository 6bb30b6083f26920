//! Whole dumps of small programs, which lie beside them in `tests/rules`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::finding::testing::{findings, judged};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../../../../tests/rules/", $name, ".txt"))
    };
}

/// Rule, severity, confidence, number and place of each finding.
fn said(text: &str) -> Vec<String> {
    findings(text).iter().filter_map(|line| line.split_once(" | ")).map(|(said, _)| String::from(said)).collect()
}

/// Names of the idle patterns with their goroutines.
fn idle(text: &str) -> Vec<(String, u64)> {
    let (_, _, judgement) = judged(text);
    let mut marks: Vec<(String, u64)> = Vec::new();
    for (mark, group) in judgement.idle.iter().zip(judgement.groups.iter()) {
        let Some(idle) = mark else { continue };
        match marks.iter_mut().find(|(name, _)| *name == idle.name) {
            Some((_, n)) => *n += group.n_goroutines,
            None => marks.push((String::from(&*idle.name), group.n_goroutines)),
        }
    }
    marks.sort_unstable();
    marks
}

#[track_caller]
fn check_idle(text: &str, expected: &[(&str, u64)]) {
    let expected: Vec<(String, u64)> = expected.iter().map(|&(name, n)| (String::from(name), n)).collect();
    assert_eq!(idle(text), expected);
}

#[test]
fn ok_an_exhausted_pool_is_one_story_in_each_form() {
    let expected = ["connection-pool-exhausted warning likely 26 main.go:30"];
    assert_eq!(said(fixture!("sql-pool-exhausted.go1.19.debug1")), expected);
    assert_eq!(said(fixture!("sql-pool-exhausted.go1.24.debug1")), expected);
    assert_eq!(said(fixture!("sql-pool-exhausted.go1.27.debug1")), expected);
    assert_eq!(said(fixture!("sql-pool-exhausted.go1.27.debug2")), expected);
}

#[test]
fn ok_a_database_per_call() {
    assert_eq!(said(fixture!("sql-open-per-call.go1.19.debug1")), ["database-opened-per-call warning likely 30 sql.go:1224"]);
    assert_eq!(said(fixture!("sql-open-per-call.go1.27.debug1")), ["database-opened-per-call warning likely 30 sql.go:1266"]);
}

#[test]
fn ok_an_idle_pool_is_no_finding() {
    for text in [fixture!("sql-pool-idle.go1.19.debug1"), fixture!("sql-pool-idle.go1.27.debug1")] {
        assert_eq!(said(text), [""; 0]);
        check_idle(text, &[("database-sql-opener", 1), ("goroutine-dump", 1)]);
    }
}

#[test]
fn ok_kept_connections_are_idle() {
    // Without IdleTimeout, Go 1.19 reads ahead in another function; with it, all versions peek.
    for text in [
        fixture!("http-keep-alive.go1.19.debug1"),
        fixture!("http-keep-alive.go1.24.debug1"),
        fixture!("http-keep-alive.go1.27.debug1"),
    ] {
        assert_eq!(said(text), [""; 0]);
        check_idle(
            text,
            &[
                ("accept-loop", 1),
                ("goroutine-dump", 1),
                ("net-http-client-connection", 60),
                ("net-http-client-writer", 60),
                ("net-http-keep-alive", 60),
            ],
        );
    }
    assert_eq!(said(fixture!("http-keep-alive.go1.27.debug2")), [""; 0]);
}

#[test]
fn ok_silent_clients_are_idle_while_they_are_few() {
    for text in [fixture!("http-slow-heads.go1.19.debug1"), fixture!("http-slow-heads.go1.27.debug1")] {
        assert_eq!(said(text), [""; 0]);
        check_idle(text, &[("accept-loop", 1), ("goroutine-dump", 1), ("net-http-read-request", 60)]);
    }
}

#[test]
fn ok_a_busy_client_is_no_warning() {
    for text in [fixture!("http-busy-client.go1.19.debug1"), fixture!("http-busy-client.go1.27.debug1")] {
        assert!(said(text).contains(&String::from("http-client-no-timeout info possible 450 main.go:15")), "{:?}", said(text));
    }
}

#[test]
fn ok_a_transport_per_call() {
    let said = said(fixture!("http-transport-per-call.go1.27.debug1"));
    assert_eq!(said, ["http-body-not-closed info possible 520 transport.go:2493"]);
}

#[test]
fn ok_writers_of_clients_that_left() {
    for text in [fixture!("websocket-chat-left.go1.19.debug1"), fixture!("websocket-chat-left.go1.24.debug1")] {
        assert_eq!(said(text), ["websocket-pump-leak warning likely 120 main.go:31"]);
    }
}

#[test]
fn ok_connected_clients_are_idle() {
    for text in [fixture!("websocket-chat.go1.19.debug1"), fixture!("websocket-chat.go1.24.debug1")] {
        assert_eq!(said(text), [""; 0]);
        check_idle(text, &[("accept-loop", 1), ("goroutine-dump", 1), ("websocket-connection", 120)]);
    }
    assert_eq!(said(fixture!("websocket-chat.go1.24.debug2")), [""; 0]);
}

#[test]
fn ok_grpc_streams() {
    for text in [fixture!("grpc-abandoned.go1.19.debug1"), fixture!("grpc-abandoned.go1.24.debug1")] {
        assert!(
            said(text).contains(&String::from("grpc-stream-abandoned warning possible 60 stream.go:318")),
            "{:?}",
            said(text)
        );
    }
}

#[test]
fn ok_grpc_connections_are_idle() {
    for text in [fixture!("grpc-idle.go1.19.debug1"), fixture!("grpc-idle.go1.24.debug1")] {
        assert_eq!(said(text), [""; 0]);
        check_idle(
            text,
            &[
                ("accept-loop", 1),
                ("goroutine-dump", 1),
                ("grpc-client-connection", 50),
                ("grpc-client-transport", 50),
                ("grpc-server-transport", 75),
            ],
        );
    }
}

#[test]
fn ok_children_and_fifos() {
    for text in [fixture!("exec-wait.go1.19.debug1"), fixture!("exec-wait.go1.27.debug1")] {
        assert_eq!(said(text).len(), 2);
        assert!(said(text)[0].starts_with("process-wait ") && said(text)[0].ends_with(" 50 main.go:19"), "{:?}", said(text));
        assert!(said(text)[1].starts_with("stuck-syscall ") && said(text)[1].ends_with(" 25 main.go:23"), "{:?}", said(text));
    }
}
