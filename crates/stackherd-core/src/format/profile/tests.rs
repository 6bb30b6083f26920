//! Whole profiles, encoded field by field.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use prost::encoding::{bytes as bytes_field, int64 as int64_field, message as message_field};

use super::messages::{Function, Label, Line, Location, Sample, ValueType};
use crate::error::{Error, InputKind};
use crate::format::Parser;
use crate::issue::IssueKind;
use crate::note::NoteKind;
use crate::snapshot::{Scope, Snapshot};
use crate::tables::{Edge, Tables};

/// Writes a profile in any order; the string table comes last, as in Go's.
#[derive(Clone, Default)]
struct Builder {
    bytes: Vec<u8>,
    strings: Vec<Vec<u8>>,
}

impl Builder {
    fn new(sample_type: &str) -> Self {
        let mut profile = Self { bytes: Vec::new(), strings: [b"".to_vec()].into() };
        let value_type = ValueType { name: profile.string(sample_type), unit: profile.string("count") };
        message_field::encode(11, &value_type, &mut profile.bytes);
        int64_field::encode(12, &1, &mut profile.bytes);
        message_field::encode(1, &value_type, &mut profile.bytes);
        profile
    }

    fn string(&mut self, text: impl AsRef<[u8]>) -> i64 {
        let text = text.as_ref();
        let known = self.strings.iter().position(|other| other == text);
        known.unwrap_or_else(|| {
            self.strings.push(text.to_vec());
            self.strings.len() - 1
        }) as i64
    }

    fn sample_type(&mut self, name: &str) {
        let value_type = ValueType { name: self.string(name), unit: self.string("count") };
        message_field::encode(1, &value_type, &mut self.bytes);
    }

    fn function(&mut self, id: u64, name: &str) {
        let function = Function { id, name: self.string(name), system_name: 0, file: self.string("/src/main.go") };
        message_field::encode(5, &function, &mut self.bytes);
    }

    fn location(&mut self, id: u64, lines: &[(u64, i64)]) {
        let lines = lines.iter().map(|&(function_id, line)| Line { function_id, line }).collect();
        message_field::encode(4, &Location { id, address: 0x40_0000_u64.wrapping_add(id), lines }, &mut self.bytes);
    }

    /// A function of one line, at a location with the same id.
    fn call(&mut self, id: u64, name: &str) {
        self.function(id, name);
        self.location(id, &[(id, 10 * id as i64)]);
    }

    fn sample(&mut self, location_ids: &[u64], values: &[i64]) {
        self.labelled(location_ids, values, &[]);
    }

    fn labelled(&mut self, location_ids: &[u64], values: &[i64], labels: &[Label]) {
        let sample = Sample { location_ids: location_ids.into(), values: values.into(), labels: labels.into() };
        message_field::encode(2, &sample, &mut self.bytes);
    }

    fn text_label(&mut self, key: &str, text: impl AsRef<[u8]>) -> Label {
        Label { key: self.string(key), text: self.string(text), ..Label::default() }
    }

    fn number_label(&mut self, key: &str, number: i64, unit: &str) -> Label {
        Label { key: self.string(key), text: 0, number, number_unit: self.string(unit) }
    }

    fn finish(mut self) -> Vec<u8> {
        for text in &self.strings {
            bytes_field::encode(6, text, &mut self.bytes);
        }
        self.bytes
    }
}

fn read(bytes: &[u8]) -> Result<(Snapshot, Tables), Error> {
    let mut tables = Tables::default();
    let mut parser = Parser::default();
    parser.push(&mut tables, bytes);
    let mut snapshots = parser.finish(&mut tables)?;
    assert_eq!(snapshots.len(), 1);
    Ok((snapshots.remove(0), tables))
}

/// `COUNT WAIT REASON {LABELS} leaf:LINE < caller:LINE`; calls that were inlined have a star.
fn render(bytes: &[u8]) -> String {
    let (snapshot, tables) = read(bytes).expect("it is a profile");
    let text = |id| String::from_utf8_lossy(tables.bytes(id)).into_owned();
    let rows = snapshot.goroutines().iter().map(|goroutine| {
        let frames = tables.edges(goroutine.stack).into_iter().map(|edge| {
            let Edge::Frame(frame) = edge else { return "?".to_string() };
            let frame = tables.frames.get(frame);
            let star = if frame.inlined { "*" } else { "" };
            format!("{}{star}{}", text(frame.function), text(frame.location).replace("/src/main.go", ""))
        });
        let mut row = format!("{} {}", goroutine.count(), text(goroutine.wait_reason));
        if !goroutine.labels.0.is_empty() {
            row += &format!(" {{{}}}", text(goroutine.labels.0));
        }
        row + " " + &frames.collect::<Vec<_>>().join(" < ")
    });
    rows.collect::<Vec<_>>().join("\n")
}

/// As Go writes it.
fn small() -> Builder {
    let mut profile = Builder::new("goroutine");
    profile.call(1, "runtime.gopark");
    profile.call(2, "runtime.chanrecv1");
    profile.function(3, "main.inner");
    profile.function(4, "main.worker");
    profile.location(3, &[(3, 30), (4, 40)]);
    profile.sample(&[1, 2, 3], &[7]);
    profile.sample(&[3], &[1]);
    profile
}

const SMALL: &str = "7 chan receive runtime.gopark:10 < runtime.chanrecv1:20 < main.inner*:30 < main.worker:40
1 running main.inner*:30 < main.worker:40";

#[test]
fn ok_strings_last_and_inlined_calls_first() {
    let mut profile = small();
    int64_field::encode(9, &1_700_000_000_000_000_000, &mut profile.bytes);
    let bytes = profile.finish();
    assert_eq!(render(&bytes), SMALL);
    let (snapshot, _) = read(&bytes).unwrap();
    assert_eq!((snapshot.n_goroutines(), snapshot.scope()), (8, Scope::All));
    assert_eq!(snapshot.captured_at_nanos(), Some(1_700_000_000_000_000_000));
    assert_eq!(snapshot.goroutines()[0].goid(), None);
    assert_eq!(snapshot.notes().iter().map(|note| (note.kind, note.count)).collect::<Vec<_>>(), [(NoteKind::InferredState, 8)]);
    assert!(snapshot.issues().is_empty());
}

#[test]
fn ok_any_order_and_ids() {
    let mut profile = Builder { strings: [b"".to_vec()].into(), ..Builder::default() };
    profile.sample_type("goroutines");
    profile.sample(&[u64::MAX, 900], &[2]);
    profile.location(900, &[(70, 9)]);
    profile.location(u64::MAX, &[(5, 8)]);
    profile.location(12, &[]);
    profile.function(70, "main.main");
    profile.function(5, "time.Sleep");
    // Location 900 once more: the first one counts.
    profile.location(900, &[(5, 1)]);
    assert_eq!(render(&profile.finish()), "2 sleep time.Sleep:8 < main.main:9");
}

#[test]
fn ok_unpacked_repeated_fields() {
    let mut profile = small();
    // Location ids 1 and 3, value 4, each with a key of its own.
    bytes_field::encode(2, &b"\x08\x01\x08\x03\x10\x04".to_vec(), &mut profile.bytes);
    assert!(render(&profile.finish()).ends_with("\n4 waiting runtime.gopark:10 < main.inner*:30 < main.worker:40"));
}

#[test]
fn ok_labels_are_sorted_and_quoted() {
    let mut profile = small();
    let labels = [
        profile.text_label("user", b"\xff\"x\""),
        profile.text_label("handler", "/api/größe"),
        profile.number_label("bytes", -12, "kb"),
        profile.number_label("try", 3, ""),
        profile.text_label("", ""),
    ];
    profile.labelled(&[3], &[2], &labels);
    let expected =
        r#"2 running {"":"", "bytes":"-12 kb", "handler":"/api/größe", "try":"3", "user":"\xff\"x\""} main.inner*:30"#;
    assert!(render(&profile.finish()).contains(expected));
}

#[test]
fn ok_goroutines_listed_one_by_one() {
    let mut profile = small();
    let labels = [
        profile.number_label("go::goroutine", 42, ""),
        profile.number_label("go::goroutine_created_by", 7, ""),
        profile.text_label("go::goroutine_state", "semacquire"),
        profile.number_label("go::goroutine_wait_minutes", 5, ""),
        profile.text_label("k", "v"),
    ];
    profile.labelled(&[3], &[1], &labels);
    let goid = profile.text_label("go::goroutine", "43");
    profile.labelled(&[3], &[1], &[goid]);
    let bytes = profile.finish();
    assert!(
        render(&bytes).ends_with(
            "\n1 semacquire {\"k\":\"v\"} main.inner*:30 < main.worker:40\n1 running main.inner*:30 < main.worker:40"
        )
    );
    let (snapshot, _) = read(&bytes).unwrap();
    let [.., one, other] = snapshot.goroutines() else { panic!("four rows") };
    assert_eq!((one.goid().unwrap().0, one.parent().unwrap().0, one.wait_minutes()), (42, 7, Some(5)));
    assert_eq!((other.goid().unwrap().0, other.parent(), other.wait_minutes()), (43, None, None));
    assert_eq!(snapshot.n_goroutines(), 10);
}

#[test]
fn ok_a_profile_of_differences() {
    let mut profile = small();
    profile.sample(&[2], &[-5]);
    profile.sample(&[2], &[0]);
    profile.sample(&[2], &[i64::MIN]);
    let bytes = profile.finish();
    assert_eq!(render(&bytes), SMALL);
    let (snapshot, _) = read(&bytes).unwrap();
    let delta = snapshot.notes().iter().find(|note| note.kind == NoteKind::Delta).unwrap();
    assert_eq!(delta.count, (1 << 63) + 5);
}

#[test]
fn ok_the_goroutines_among_several_sample_types() {
    let mut profile = Builder { strings: [b"".to_vec()].into(), ..Builder::default() };
    profile.sample_type("alloc_space");
    profile.sample_type("goroutine");
    profile.call(1, "main.f");
    profile.sample(&[1], &[4096, 3]);
    profile.sample(&[1], &[4096]);
    assert_eq!(render(&profile.finish()), "3 running main.f:10");
}

#[test]
fn ok_nothing_leaked() {
    let (snapshot, _) = read(&Builder::new("goroutineleak").finish()).unwrap();
    assert_eq!((snapshot.n_goroutines(), snapshot.scope()), (0, Scope::Leaked));
    assert_eq!(snapshot.go_version().to_string(), ">=1.26");
}

#[test]
fn ok_goroutines_that_have_not_started() {
    let mut profile = small();
    profile.sample(&[], &[2]);
    assert!(render(&profile.finish()).ends_with("\n2 runnable "));
}

#[test]
fn ok_addresses_without_names() {
    let mut profile = small();
    // No line; an unknown function; a name behind the end of the table; a location that is nowhere.
    profile.location(8, &[]);
    profile.location(9, &[(99, 1)]);
    message_field::encode(5, &Function { id: 10, name: 1000, system_name: -1, file: 1000 }, &mut profile.bytes);
    profile.location(10, &[(10, 1)]);
    profile.sample(&[8, 9, 10, 11], &[1]);
    let bytes = profile.finish();
    assert!(render(&bytes).ends_with("\n1 ??? 0x400008 < 0x400009 < 0x40000a < 0x0"));
    let (snapshot, _) = read(&bytes).unwrap();
    assert_eq!((snapshot.issues()[0].kind, snapshot.issues()[0].count), (IssueKind::Unsymbolized, 4));
}

#[test]
fn err_profiles_of_something_else() {
    for (sample_type, kind) in [
        ("alloc_objects", InputKind::HeapProfile),
        ("inuse_space", InputKind::HeapProfile),
        ("contentions", InputKind::ContentionProfile),
        ("delay", InputKind::ContentionProfile),
        ("cpu", InputKind::CpuProfile),
        ("threadcreate", InputKind::ThreadcreateProfile),
        ("example.com/conns", InputKind::CustomProfile),
    ] {
        let refused = read(&Builder::new(sample_type).finish()).map(|_| ());
        assert_eq!(refused, Err(Error::NoGoroutines(kind)), "{sample_type}");
    }
    let mut profile = Builder { strings: [b"".to_vec()].into(), ..Builder::default() };
    profile.sample_type("samples");
    profile.sample_type("cpu");
    assert_eq!(read(&profile.finish()).map(|_| ()), Err(Error::NoGoroutines(InputKind::CpuProfile)));
}

#[test]
fn err_cut_before_the_names() {
    let bytes = small().finish();
    let kept = &bytes[..bytes.len() - 3];
    assert_eq!(read(kept).map(|_| ()), Err(Error::CutProfile { n_bytes: kept.len() as u64 }));
    // Where the string table starts, so that no field is cut.
    let kept = &bytes[..small().bytes.len()];
    assert_eq!(read(kept).map(|_| ()), Err(Error::CutProfile { n_bytes: kept.len() as u64 }));
}

#[test]
fn ok_cut_behind_the_names() {
    let mut bytes = small().finish();
    int64_field::encode(9, &1_700_000_000_000_000_000, &mut bytes);
    bytes.truncate(bytes.len() - 2);
    assert_eq!(render(&bytes), SMALL);
    let (snapshot, _) = read(&bytes).unwrap();
    let n_bytes = bytes.len() as u64;
    assert_eq!(snapshot.issues()[0].kind, IssueKind::Truncated { offset_bytes: n_bytes, goid: None });
}

#[test]
fn err_damaged() {
    let small = small();
    let start = small.bytes.len() as u64;
    for damage in [
        b"\x13\x01".as_slice(),                                  // A group.
        b"\x17\x01",                                             // No wire type.
        b"\x10\x01",                                             // A sample that is a number.
        b"\x12\x02\x08\xff",                                     // A sample that is cut inside.
        b"\x12\x01\x0f",                                         // A sample with no fields.
        b"\x12\xff\xff\xff\xff\xff\xff\x01\x01",                 // Longer than any input.
        b"\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", // A number of 12 bytes.
    ] {
        let mut profile = small.clone();
        profile.bytes.extend_from_slice(damage);
        let refused = read(&profile.finish()).map(|_| ());
        assert_eq!(refused, Err(Error::DamagedProfile { offset_bytes: start }), "{}", damage.escape_ascii());
    }
}

#[test]
fn err_a_profile_that_unfolds_without_end() {
    let mut profile = Builder::new("goroutine");
    profile.function(1, "main.f");
    profile.location(1, &[(1, 1); 10_000]);
    profile.sample(&[1; 10_000], &[1]);
    assert_eq!(read(&profile.finish()).map(|_| ()), Err(Error::OverblownProfile));

    let mut profile = Builder::new("goroutine");
    let label = profile.text_label("key", [b'x'; 100_000]);
    (0..10_000).for_each(|_| profile.labelled(&[], &[1], &[label]));
    assert_eq!(read(&profile.finish()).map(|_| ()), Err(Error::OverblownProfile));
}

#[test]
fn prop_any_chunks_give_the_same() {
    let bytes = small().finish();
    let whole = read(&bytes).unwrap().0;
    for size in [1, 7, 64, 65] {
        let mut tables = Tables::default();
        let mut parser = Parser::default();
        bytes.chunks(size).for_each(|chunk| parser.push(&mut tables, chunk));
        assert_eq!(parser.finish(&mut tables).unwrap().first(), Some(&whole), "{size}");
    }
}

#[test]
fn prop_no_prefix_and_no_changed_byte_panics() {
    let mut profile = small();
    let label = profile.text_label("key", "value");
    profile.labelled(&[1, 2], &[1], &[label]);
    let bytes = profile.finish();
    for len in 0..bytes.len() {
        let _ = read(&bytes[..len]);
    }
    let mut n_read = 0;
    for at in 0..bytes.len() {
        for flip in [0x01, 0x04, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            n_read += u32::from(read(&changed).is_ok());
        }
    }
    assert!(n_read > 0, "a changed letter does no harm");
}
