//! Checklist of the formats, items 76 to 81: goroutines that are counted per stack, as text.

use expect_test::expect;
use stackherd_core::{Error, InputKind};

use crate::corpus::bytes_of;
use crate::dump::{check, read};

#[test]
fn ok_checklist_76_labels() {
    check(
        "goroutine profile: total 3\n2 @ 0x1 0x2 0x3 0x4\n# labels: {\"handler\":\"/api\", \"user name\":\"a \\\"b\\\" é\\n\\xff\"}\n\
         #\t0x3\tmain.recv+0x24\t/src/main.go:54\n\n1 @ 0x1 0x2 0x3 0x4\n#\t0x3\tmain.recv+0x24\t/src/main.go:54\n",
        expect![[r#"
            Counted
            declares 3
            x2 [chan receive or send] chan, "handler"="/api", "user name"="a \"b\" é\n�"
              main.recv /src/main.go:54
            x1 [chan receive or send] chan
              main.recv /src/main.go:54
            note InferredState line 1 x3
            note ChannelDirection line 1 x3
        "#]],
    );
}

/// The tabwriter pads columns with tabs, and a copy turns them into spaces.
#[test]
fn ok_checklist_77_padded() {
    let lines = [
        "#\t0x487384\tinternal/sync.runtime_SemacquireMutex+0x24\t/go/src/runtime/sema.go:95\n#\t0x536cb5\tsync.(*Mutex).Lock+0x35\t\t\t\t/go/src/sync/mutex.go:46\n",
        "#       0x487384        internal/sync.runtime_SemacquireMutex+0x24      /go/src/runtime/sema.go:95\n#       0x536cb5        sync.(*Mutex).Lock+0x35                         /go/src/sync/mutex.go:46\n",
    ];
    let read = lines.map(|lines| {
        let text = format!("goroutine profile: total 1\n1 @ 0x1 0x2 0x3 0x487385 0x536cb6 0x48c921\n{lines}");
        read(text.as_bytes()).unwrap().render()
    });
    assert_eq!(read[0], read[1]);
    let lock =
        "internal/sync.runtime_SemacquireMutex /go/src/runtime/sema.go:95\n  sync.(*Mutex).Lock /go/src/sync/mutex.go:46\n";
    assert!(read[0].contains(lock), "{}", read[0]);
}

#[test]
fn ok_checklist_77_spaces_in_the_path() {
    let text = "goroutine profile: total 1\n1 @ 0x1 0x2 0x3 0x4\n#\t0x3\tmain.recv+0x24\t\tC:/Users/Jane Doe/x.go:54\n";
    let rendered = read(text.as_bytes()).unwrap().render();
    assert!(rendered.contains("main.recv C:/Users/Jane Doe/x.go:54"), "{rendered}");
}

/// The addresses of a profile without names are kept apart and told.
#[test]
fn ok_checklist_78_unsymbolized() {
    let text = "goroutine profile: total 3\n2 @ 0x1 0x7f12\n#\t0x7f11\n\n1 @ 0x1 0x7f34\n#\t0x7f33\n";
    let dump = read(text.as_bytes()).unwrap();
    let rendered = dump.render();
    assert_eq!(dump.n_goroutines(), 3, "{rendered}");
    assert!(rendered.contains("issue Unsymbolized line 3 x2"), "{rendered}");
}

#[test]
fn ok_checklist_79_no_leaks() {
    check(
        "goroutineleak profile: total 0\n",
        expect![[r#"
            Counted
            Leaked
            declares 0
            go >=1.26
        "#]],
    );
}

/// `pprof.NewProfile` prints the same shape under any name; only goroutines are ours.
#[test]
fn err_checklist_80_custom_profile() {
    let text = b"example.com/conns profile: total 2\n1 @ 0x1 0x2\n#\t0x1\tmain.dial+0x24\t/src/main.go:54\n\n";
    assert_eq!(read(text).unwrap_err(), Error::NoGoroutines(InputKind::CustomProfile));
}

#[test]
fn err_checklist_81_other_profiles() {
    for (text, kind) in [
        ("threadcreate profile: total 5\n5 @ 0x0 0x0\n#\t0x0\n", InputKind::ThreadcreateProfile),
        (
            "heap profile: 1: 2048 [1: 2049] @ heap/1048576\n1: 2048 [1: 2048] @ 0x1\n#\t0x1\tmain.f+0x1\t/m.go:1\n",
            InputKind::HeapProfile,
        ),
        (
            "--- contention:\ncycles/second=2596089960\n13394082 1 @ 0x53aef3\n#\t0x53aef2\tmain.f+0x12\t/m.go:46\n",
            InputKind::BlockProfile,
        ),
        (
            "--- mutex:\ncycles/second=2596089960\nsampling period=1\n1 1 @ 0x5\n#\t0x5\tmain.f+0x52a\t/m.go:65\n",
            InputKind::MutexProfile,
        ),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_err(), Error::NoGoroutines(kind), "{text}");
    }
    for path in ["format-samples/go1.19.8-otherprofiles-debug1.txt", "format-samples/go1.27.3-otherprofiles-debug1.txt"] {
        assert!(matches!(read(&bytes_of(path)), Err(Error::NoGoroutines(_))), "{path}");
    }
}

/// What the program says of itself is compared with what is there.
#[test]
fn ok_checklist_76_total_of_an_excerpt() {
    check(
        "goroutine profile: total 5\n2 @ 0x1 0x2 0x3 0x4\n#\t0x3\tmain.recv+0x24\t/src/main.go:54\n",
        expect![[r#"
            Counted
            declares 5
            x2 [chan receive or send] chan
              main.recv /src/main.go:54
            issue CountMismatch { declared: 5, found: 2 } line 1 x1 ""
            issue Truncated { offset_bytes: 83, goid: None } line 3 x1 ""
            note InferredState line 1 x2
            note ChannelDirection line 1 x2
        "#]],
    );
}
