//! Checklist of the formats, items 82 to 91: profiles in `profile.proto`.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use stackherd_core::{Error, Format, InputKind, NoteKind};
use stackherd_engine::Session;
use stackherd_report::IssueKind;

use crate::dump::{Dump, Step, read};
use crate::protobuf::{Call, Message, Profile};

const PARK: Call<'_> = ("runtime.gopark", "/go/src/runtime/proc.go", 474);
const RECEIVE: Call<'_> = ("runtime.chanrecv1", "/go/src/runtime/chan.go", 509);

fn profile<'a>(samples: Vec<(i64, Vec<Vec<Call<'a>>>)>) -> Profile<'a> {
    let samples = samples.into_iter().map(|(count, locations)| (count, locations, Vec::new()));
    Profile { samples: samples.collect(), time_nanos: 1_795_225_110_000_000_000, ..Profile::default() }
}

fn read_profile(profile: &Profile<'_>) -> Dump {
    read(&profile.write()).unwrap_or_else(|error| panic!("{error}"))
}

/// Functions of the only row, leaf first.
fn functions(dump: &Dump) -> Vec<String> {
    let rows = dump.rows();
    assert_eq!(rows.len(), 1, "{}", dump.render());
    let calls = rows[0].stack.iter().map(|step| match step {
        Step::Call(call, is_inlined) => format!("{call}{}", if *is_inlined { " inlined" } else { "" }),
        Step::Elided => "...".to_owned(),
    });
    calls.collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Go writes the texts last, other producers first.
#[test]
fn ok_checklist_82_texts_last_or_first() {
    let mut profile = profile(vec![(7, vec![vec![PARK], vec![RECEIVE], vec![("main.recv", "/src/main.go", 54)]])]);
    let last = read_profile(&profile);
    profile.strings_first = true;
    assert_eq!(read_profile(&profile).render(), last.render());
    assert_eq!((last.n_goroutines(), last.only().format()), (7, Format::Profile));
    assert_eq!(last.rows()[0].category, "chan-receive");
    assert_eq!(last.only().captured_at_nanos(), Some(1_795_225_110_000_000_000));
}

/// Lines of a location stand innermost first, and all but the last were inlined.
#[test]
fn ok_checklist_83_inlined_lines() {
    let inlined =
        vec![("main.inner", "/src/main.go", 7), ("main.middle", "/src/main.go", 17), ("main.outer", "/src/main.go", 27)];
    let dump = read_profile(&profile(vec![(1, vec![vec![PARK], inlined])]));
    assert_eq!(
        functions(&dump),
        [
            "runtime.gopark /go/src/runtime/proc.go:474",
            "main.inner /src/main.go:7 inlined",
            "main.middle /src/main.go:17 inlined",
            "main.outer /src/main.go:27"
        ]
    );
}

#[test]
fn ok_checklist_84_shape_names_are_folded() {
    let name = "main.(*Set[go.shape.chan int,go.shape.struct { A int; B string }]).Wait.func1";
    let dump = read_profile(&profile(vec![(1, vec![vec![PARK], vec![(name, "/src/main.go", 7)]])]));
    assert_eq!(functions(&dump)[1], "main.(*Set[...]).Wait.func1 /src/main.go:7");
}

#[test]
fn ok_checklist_85_labels_of_any_bytes() {
    let labels: Vec<(&[u8], &[u8])> = vec![(b"tenant", b"acme \"x\""), (b"raw", b"a\xffb\n"), (b"", b"")];
    let samples = vec![(3, vec![vec![PARK], vec![("main.recv", "/src/main.go", 54)]], labels)];
    let dump = read_profile(&Profile { samples, ..Profile::default() });
    let mut labels = dump.rows()[0].labels.clone();
    labels.sort_unstable();
    let expected =
        [("", ""), ("raw", "a\u{fffd}b\n"), ("tenant", "acme \"x\"")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(labels, expected);
}

/// `?seconds=5`: goroutines that went away are not there; they are counted in a note.
#[test]
fn ok_checklist_86_delta() {
    let of = |name| vec![vec![PARK], vec![RECEIVE], vec![(name, "/src/main.go", 54)]];
    let mut delta = profile(vec![(5, of("main.born")), (-3, of("main.gone")), (0, of("main.same"))]);
    delta.duration_nanos = 5_000_000_000;
    let dump = read_profile(&delta);
    let rendered = dump.render();
    assert_eq!(dump.n_goroutines(), 5, "{rendered}");
    assert!(!rendered.contains("main.gone"), "{rendered}");
    let notes = dump.only().notes();
    assert!(notes.iter().any(|note| note.kind == NoteKind::Delta && note.count == 3), "{notes:?}");
}

/// What is inflated of a profile is no whole profile: it is refused, or read with a word on what is missing.
#[test]
fn err_checklist_87_truncated_gzip() {
    let call = |at: usize| (format!("main.f{at}"), format!("/src/m{}.go", at * 7919 % 1009));
    let calls: Vec<_> = (0..200).map(call).collect();
    let samples = calls.iter().map(|(name, file)| (1, vec![vec![PARK], vec![(name.as_str(), file.as_str(), 7)]])).collect();
    let packed = gzip(&profile(samples).write());
    for len in [12, packed.len() / 2, packed.len() - 9, packed.len() - 1] {
        let mut session = Session::default();
        let read = session.add(0, "goroutine.pb.gz", &packed[..len]);
        match read {
            Err(failure) => assert!(!failure.message.is_empty()),
            Ok(opened) => {
                let kinds: Vec<_> = opened.dumps[0].dump.issues.iter().map(|issue| issue.kind).collect();
                assert!(kinds.contains(&IssueKind::InvalidCompression), "{kinds:?} of {len} bytes");
            }
        }
    }
}

#[test]
fn ok_checklist_88_raw_profile() {
    let bytes = profile(vec![(7, vec![vec![PARK], vec![("main.recv", "/src/main.go", 54)]])]).write();
    let reports = [bytes.clone(), gzip(&bytes)].map(|bytes| {
        let mut session = Session::default();
        session.add(0, "goroutine.pb", &bytes).unwrap();
        session.report().groups
    });
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0][0].goroutines, 7);
}

#[test]
fn ok_checklist_89_gzip_of_text() {
    for text in [crate::samples::STACKS, crate::samples::COUNTED] {
        let reports = [text.as_bytes().to_vec(), gzip(text.as_bytes())].map(|bytes| {
            let mut session = Session::default();
            session.add(0, "goroutines.txt", &bytes).unwrap();
            session.report().groups
        });
        assert_eq!(reports[0], reports[1]);
    }
}

#[test]
fn err_checklist_90_other_profiles() {
    for (sample_type, kind) in [
        (("cpu", "nanoseconds"), InputKind::CpuProfile),
        (("inuse_space", "bytes"), InputKind::HeapProfile),
        (("alloc_objects", "count"), InputKind::HeapProfile),
        (("threadcreate", "count"), InputKind::ThreadcreateProfile),
        (("conns", "count"), InputKind::CustomProfile),
    ] {
        let other = Profile { sample_type, ..profile(vec![(7, vec![vec![("main.f", "/m.go", 7)]])]) };
        assert_eq!(read(&other.write()).unwrap_err(), Error::NoGoroutines(kind), "{sample_type:?}");
    }
}

/// `debug=-1` is served as text and is a profile all the same: only the bytes count.
#[test]
fn ok_checklist_91_profile_under_the_name_of_text() {
    let mut session = Session::default();
    let bytes = gzip(&profile(vec![(7, vec![vec![PARK], vec![("main.recv", "/src/main.go", 54)]])]).write());
    let opened = session.add(0, "goroutine?debug=-1.txt", &bytes).unwrap();
    assert_eq!(opened.dumps[0].dump.format, stackherd_report::Format::Profile);
    assert_eq!(opened.dumps[0].dump.goroutines, 7);
}

/// Numbers one by one, unknown fields, and numbers of tables that are not there.
#[test]
fn ok_checklist_82_as_others_write_it() {
    let message = Message::default;
    let bytes = message().bytes(1, &message().number(1, 1).number(2, 2).0);
    let bytes = bytes.bytes(2, &message().number(1, 70).number(1, 404).number(2, 6).0);
    let bytes = bytes.bytes(4, &message().number(1, 70).bytes(4, &message().number(1, 80).number(2, 9).0).0);
    let bytes = bytes.bytes(5, &message().number(1, 80).number(2, 3).number(4, 4).0);
    let strings = ["", "goroutine", "count", "main.f", "/m.go"];
    let bytes = strings.iter().fold(bytes, |bytes, text| bytes.bytes(6, text.as_bytes()));
    let dump = read(&bytes.number(99, 7).bytes(98, b"unknown").0).unwrap();
    assert_eq!(dump.n_goroutines(), 6, "{}", dump.render());
    assert_eq!(functions(&dump)[0], "main.f /m.go:9");
}
