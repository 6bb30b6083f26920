//! What is wrapped around a dump changes nothing of it: random dumps, wrapped and read, are what they were.

use proptest::collection::vec;
use proptest::prelude::*;
use stackherd_core::NoteKind;

use crate::dump::{Dump, Row, read};
use crate::model::{self, Goroutine};
use crate::samples::STACKS;
use crate::wrap::{self, Tabs};

/// The dump with more lines, so that what wraps it can be told from chance.
fn text(dump: &[Goroutine]) -> String {
    format!("{STACKS}\n{}", model::print(dump))
}

/// Goroutines of the model that do not collide with those of [`STACKS`].
fn dump() -> impl Strategy<Value = Vec<Goroutine>> {
    model::dump(5).prop_map(|mut dump| {
        for goroutine in &mut dump {
            goroutine.goid |= 1 << 40;
        }
        dump.dedup_by_key(|goroutine| goroutine.goid);
        dump
    })
}

/// The goroutines of the only dump in `wrapped`.
fn rows(wrapped: &[u8]) -> Result<Vec<Row>, String> {
    let text = || String::from_utf8_lossy(wrapped).into_owned();
    let dump = read(wrapped).map_err(|error| format!("{error}:\n{}", text()))?;
    let is_one = dump.snapshots.iter().filter(|snapshot| snapshot.n_goroutines() > 0).count() == 1;
    if is_one { Ok(dump.rows()) } else { Err(format!("{}\nof\n{}", dump.render(), text())) }
}

/// Says what of the text is not there any more.
fn difference(text: &str, wrapped: impl AsRef<[u8]>) -> Result<(), String> {
    let wrapped = wrapped.as_ref();
    let (bare, inner) = (rows(text.as_bytes())?, rows(wrapped)?);
    let pairs = inner.iter().zip(&bare).enumerate();
    if let Some((at, (inner, bare))) = pairs.into_iter().find(|(_, (inner, bare))| inner != bare) {
        return Err(format!("goroutine {at}\n{inner:?}\n{bare:?} of\n{}", String::from_utf8_lossy(wrapped)));
    }
    let is_all = inner.len() == bare.len();
    if is_all { Ok(()) } else { Err(format!("{}, not {}:\n{}", inner.len(), bare.len(), String::from_utf8_lossy(wrapped))) }
}

#[track_caller]
fn check(text: &str, wrapped: impl AsRef<[u8]>) {
    difference(text, wrapped).unwrap_or_else(|difference| panic!("{difference}"));
}

/// A property per envelope: `name: what is made of the text`.
macro_rules! envelopes {
    ($($(#[$meta:meta])* $name:ident($text:ident $(, $arg:ident in $strategy:expr)*) $wrapped:block)*) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
            $($(#[$meta])*
            #[test]
            fn $name(dump in dump() $(, $arg in $strategy)*) {
                let $text = &text(&dump)[..];
                difference($text, $wrapped).map_err(TestCaseError::fail)?;
            })*
        }
    };
}

envelopes! {
    prop_cri_in_random_parts(text, parts in vec(1..90usize, 1..20)) {
        let mut parts = parts.into_iter().cycle();
        wrap::cri(text, || parts.next().unwrap_or(1))
    }
    prop_cri_in_whole_lines(text) { wrap::cri(text, || 1 << 14) }
    prop_docker_json(text) { wrap::docker_json(text, 1 << 14) }
    prop_docker_json_in_parts(text, part_bytes in 5..120usize) { wrap::docker_json(text, part_bytes) }
    prop_go_test_json(text) { wrap::go_test_json(text, "example.com/gl") }
    prop_zap_json(text) { wrap::zap_json(text) }
    prop_logfmt(text) { wrap::logfmt(text) }
    prop_kubectl_prefix(text) { wrap::kubectl(text, "api-7d9c5b-x2x", false) }
    prop_kubectl_prefix_and_times(text) { wrap::kubectl(text, "api-7d9c5b-x2x", true) }
    prop_time_stamps(text) { wrap::timestamps(text) }
    prop_stern(text) { wrap::stern(text) }
    prop_compose(text, has_colour in any::<bool>()) { wrap::compose(text, has_colour) }
    prop_syslog(text) { wrap::syslog(text, Tabs::Kept, true) }
    prop_syslog_without_blank_lines(text) { wrap::syslog(text, Tabs::Kept, false) }
    prop_syslog_without_tabs(text, keeps_blank_lines in any::<bool>()) { wrap::syslog(text, Tabs::Lost, keeps_blank_lines) }
    prop_rsyslog(text, keeps_blank_lines in any::<bool>()) { wrap::syslog(text, Tabs::Octal, keeps_blank_lines) }
    prop_html(text) { wrap::html(text) }
    prop_markdown_quote(text) { wrap::quoted(text) }
    prop_markdown_fence(text) { wrap::fenced(text) }
    prop_crlf(text) { text.replace('\n', "\r\n") }
    prop_utf16(text, is_big_endian in any::<bool>(), has_mark in any::<bool>()) { wrap::utf16(text, is_big_endian, has_mark) }
    prop_utf16_crlf(text, is_big_endian in any::<bool>()) { wrap::utf16(&text.replace('\n', "\r\n"), is_big_endian, true) }
    prop_indented(text, n_spaces in 1..12usize) { wrap::indented(text, n_spaces) }
    prop_spaces_for_tabs(text, n_spaces in 1..9usize) { wrap::spaces_for_tabs(text, n_spaces) }
    prop_without_indent(text) { wrap::unindented(text) }
    prop_csv(text) { wrap::csv(text) }
    prop_byte_order_mark(text) { format!("\u{feff}{text}") }
    /// Layers in layers.
    prop_go_test_json_in_time_stamps(text) { wrap::timestamps(&wrap::go_test_json(text, "example.com/gl")) }
    prop_zap_json_in_compose(text) { wrap::compose(&wrap::zap_json(text), true) }
    prop_zap_json_in_cri(text, part_bytes in 40..400usize) { wrap::cri(&wrap::zap_json(text), || part_bytes) }
    prop_syslog_as_utf16(text) { wrap::utf16(&wrap::syslog(text, Tabs::Kept, true).replace('\n', "\r\n"), false, true) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Upside down, a goroutine without frames, ancestors, and a mark behind the last frame belong to whatever stands beside them.
    #[test]
    fn prop_newest_first(dump in dump()) {
        let is_clear = |goroutine: &&Goroutine| {
            let n_frames = goroutine.frames.len();
            n_frames > 0 && goroutine.elided_before != Some(n_frames) && !goroutine.has_ancestors()
        };
        let dump: Vec<_> = dump.iter().filter(is_clear).cloned().collect();
        let text = text(&dump);
        difference(&text, wrap::newest_first(&text)).map_err(TestCaseError::fail)?;
    }
}

/// A terminal breaks lines anywhere; where a part of a line looks like a whole one, nobody can tell. Real lines do not.
#[test]
fn ok_hard_wrap_of_real_stacks() {
    for width in [80, 100, 120] {
        check(STACKS, wrap::hard_wrapped(STACKS, width));
    }
    for path in
        ["scenarios/wgleak/1.27.3/late.debug2.txt", "crash/1.24.11/index.all.txt", "scenarios/sendleak/1.19.8/late.debug2.txt"]
    {
        let bytes = crate::corpus::bytes_of(path);
        let text = String::from_utf8(bytes).unwrap();
        check(&text, wrap::hard_wrapped(&text, 80));
    }
}

/// Lines of two pods stand between each other; each dump is as it was.
#[test]
fn ok_two_pods_in_one_log() {
    let other = STACKS.replace("goroutine 1", "goroutine 3").replace("main.main", "main.serve");
    for has_time in [false, true] {
        let (one, two) = (wrap::kubectl(STACKS, "a", has_time), wrap::kubectl(&other, "b", has_time));
        let log: String = one.lines().zip(two.lines()).map(|(one, two)| format!("{one}\n{two}\n")).collect();
        let dump = read(log.as_bytes()).unwrap();
        let sources: Vec<_> = dump.snapshots.iter().map(|snapshot| snapshot.source().to_owned()).collect();
        assert_eq!(sources.len(), 2, "{}", dump.render());
        assert!(sources[0].contains('a') && sources[1].contains('b'), "{sources:?}");
        let bare: Vec<_> = [STACKS, &other].iter().flat_map(|text| rows(text.as_bytes()).unwrap()).collect();
        assert_eq!(dump.rows(), bare);
    }
}

/// What was taken off is said, with the lines it was taken off of.
#[test]
fn ok_envelopes_are_noted() {
    let kinds =
        |dump: &Dump| dump.snapshots.iter().flat_map(|snapshot| snapshot.notes()).map(|note| note.kind).collect::<Vec<_>>();
    for (name, bytes) in crate::samples::envelopes() {
        let dump = read(&bytes).unwrap();
        let is_noted = kinds(&dump).iter().any(|kind| *kind != NoteKind::OtherText);
        // What changes white space only is not worth a note.
        let is_quiet =
            matches!(name, "fenced" | "8 spaces" | "spaces for tabs" | "without indent" | "CRLF" | "UTF-8 with mark" | "CSV");
        assert!(is_noted || is_quiet, "{name}: {}", dump.render());
    }
    assert_eq!(kinds(&read(STACKS.as_bytes()).unwrap()), []);
}
