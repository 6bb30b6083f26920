//! Logs of one JSON record a line.
//!
//! ```text
//! {"log":"goroutine 1 [running]:\n","stream":"stderr","time":"2026-03-01T12:00:00Z"}           docker, json-file
//! {"Action":"output","Package":"example.com/gl","Output":"goroutine 1 [running]:\n"}           go test -json
//! {"level":"error","msg":"dump","stacktrace":"goroutine 1 [running]:\nmain.main()\n\t/src/…"}  zap, zerolog, logrus, slog
//! ```
//!
//! The line is read as a row of strings and their keys; nesting only matters to tell records apart.

use memchr::memchr3;

use super::escaped::Text;
use super::marks;

/// Keys of a record's text, where each record holds one line of a dump.
const TEXT_KEYS: &[&[u8]] = &[b"log", b"msg", b"message", b"MESSAGE", b"textPayload", b"body", b"text", b"line", b"content"];

/// Whether `text` may be a record, a list of them, or a member of one that is written over several lines.
pub(super) fn is_record(text: &[u8]) -> bool {
    match text.trim_ascii_start() {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}') | None),
        [b'[', rest @ ..] => rest.trim_ascii_start().starts_with(b"{"),
        [b'"', rest @ ..] => {
            let (key, rest) = Text::until(rest, b'"');
            key.is_closed && key.raw.len() < 100 && rest.trim_ascii_start().starts_with(b":")
        }
        _ => false,
    }
}

/// Whether `text` only opens or closes records that are written over several lines.
pub(super) fn is_punctuation(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    !text.is_empty() && text.iter().all(|byte| b"{}[],".contains(byte))
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record<'a> {
    /// A piece of what a container wrote.
    Docker { text: Text<'a>, is_stdout: bool },
    /// A piece of what a package's tests wrote; none when the record tells something else.
    GoTest { package: &'a [u8], text: Option<Text<'a>> },
    /// A string that holds a dump, or the start of one, and its key.
    Dump { key: &'a [u8], text: Text<'a> },
    /// Anything else; the text of the key that was asked for, if it is there.
    Other { text: Option<Text<'a>> },
}

/// The strings of a record that matter.
#[derive(Clone, Copy, Debug, Default)]
struct Fields<'a> {
    log: Option<Text<'a>>,
    stream: Option<Text<'a>>,
    has_time: bool,
    action: Option<Text<'a>>,
    package: Option<Text<'a>>,
    output: Option<Text<'a>>,
    /// The pod that a log collector names.
    pod: Option<Text<'a>>,
    /// The string that holds most of a dump: several may repeat it.
    dump: Option<(&'a [u8], Text<'a>, usize)>,
    asked: Option<Text<'a>>,
}

/// Reads the first record of `line`, the pod that wrote it if it names one, and returns what follows it too. `asked` is the key
/// that held the lines of a dump so far.
pub(super) fn read<'a>(line: &'a [u8], asked: &[u8]) -> (Record<'a>, &'a [u8], &'a [u8]) {
    let mut fields = Fields::default();
    let mut rest = line;
    let mut depth: u32 = 0;
    while let Some(at) = memchr3(b'"', b'{', b'}', rest) {
        let found = rest.get(at);
        rest = rest.get(at + 1..).unwrap_or_default();
        match found {
            Some(b'{') => depth += 1,
            Some(b'}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            _ => rest = member(&mut fields, rest, asked),
        }
        if rest.is_empty() {
            break;
        }
    }
    (fields.record(), fields.pod.map_or(b"", |pod| pod.raw), rest)
}

/// Reads a string, and the value if it is a key. Its first quote stands before `rest`.
fn member<'a>(fields: &mut Fields<'a>, rest: &'a [u8], asked: &[u8]) -> &'a [u8] {
    let (key, rest) = Text::until(rest, b'"');
    let Some(value) = rest.trim_ascii_start().strip_prefix(b":") else {
        // An element of a list.
        fields.take(b"", key, asked);
        return rest;
    };
    let Some(value) = value.trim_ascii_start().strip_prefix(b"\"") else { return value };
    let (text, rest) = Text::until(value, b'"');
    fields.take(key.raw, text, asked);
    rest
}

impl<'a> Fields<'a> {
    fn take(&mut self, key: &'a [u8], text: Text<'a>, asked: &[u8]) {
        let field = match key {
            b"log" => Some(&mut self.log),
            b"stream" => Some(&mut self.stream),
            b"Action" => Some(&mut self.action),
            b"Package" => Some(&mut self.package),
            b"Output" => Some(&mut self.output),
            b"pod_name" | b"podName" | b"pod" => Some(&mut self.pod),
            _ => None,
        };
        if let Some(field) = field {
            field.get_or_insert(text);
        }
        self.has_time |= key == b"time";
        if key == asked && !key.is_empty() {
            self.asked.get_or_insert(text);
        }
        let is_more = |n_headers| self.dump.is_none_or(|(_, _, most)| n_headers > most);
        if marks::find_dump(text.raw).is_some() {
            let n_headers = marks::n_headers(text.raw).max(1);
            // Prose names goroutines too.
            if is_more(n_headers) && (text.has_lines() || is_line_of_dump(text)) {
                self.dump = Some((key, text, n_headers));
            }
        } else if self.dump.is_none() && TEXT_KEYS.contains(&key) && text.raw.len() < 4096 && is_line_of_dump(text) {
            self.dump = Some((key, text, 0));
        }
    }

    fn record(self) -> Record<'a> {
        if let (Some(_), Some(package)) = (self.action, self.package) {
            return Record::GoTest { package: package.raw, text: self.output };
        }
        if let (Some(text), true) = (self.log, self.stream.is_some() || self.has_time)
            && (self.stream.is_some() || text.raw.ends_with(b"\\n"))
        {
            return Record::Docker { text, is_stdout: self.stream.is_some_and(|stream| stream.raw == b"stdout") };
        }
        match self.dump {
            Some((key, text, _)) => Record::Dump { key, text },
            None => Record::Other { text: self.asked },
        }
    }
}

/// Whether a string without line breaks is a line that starts a dump. Short strings only are looked at closely.
fn is_line_of_dump(text: Text<'_>) -> bool {
    match text.raw {
        [b'\\', b't', rest @ ..] => marks::is_place(&[b"\t", rest].concat()),
        raw => {
            let line = raw.strip_suffix(b"\\n").unwrap_or(raw);
            let is_prose = line.starts_with(b"/") || line.starts_with(b"goroutine ") && !line.contains(&b':');
            !is_prose && marks::starts_dump(line)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (record, ..) = read(line.as_bytes(), b"msg");
        let seen = match record {
            Record::Docker { text, is_stdout } => format!("docker {} {is_stdout}", show(text.raw)),
            Record::GoTest { package, text } => {
                format!("test {} {}", show(package), text.map_or_else(|| "-".into(), |text| show(text.raw)))
            }
            Record::Dump { key, text } => format!("dump {} {}", show(key), show(text.raw)),
            Record::Other { text } => format!("other {}", text.map_or_else(|| "-".into(), |text| show(text.raw))),
        };
        assert_eq!(seen, expected, "{line}");
    }

    #[test]
    fn ok_docker() {
        check(r#"{"log": "main.f()\n", "stream": "stderr", "time": "2026"}"#, r"docker main.f()\n false");
        let (_, pod, _) = read(br#"{"log":"x\n","stream":"stdout","kubernetes":{"pod_name":"api-1"}}"#, b"");
        assert_eq!(pod, b"api-1");
        check(r#"{"log":"x","stream":"stdout","attrs":{"a":"b"},"time":"2026"}"#, "docker x true");
    }

    #[test]
    fn ok_go_test() {
        check(
            r#"{"Time":"2026","Action":"output","Package":"a/b","Test":"T","Output":"panic: x\n","OutputType":"frame"}"#,
            r"test a/b panic: x\n",
        );
        check(r#"{"Time":"2026","Action":"pause","Package":"a/b"}"#, "test a/b -");
    }

    #[test]
    fn ok_string_with_a_dump() {
        check(
            r#"{"level":"error","stacktrace":"goroutine 1 [running]:\nmain.f()\n"}"#,
            r"dump stacktrace goroutine 1 [running]:\nmain.f()\n",
        );
        check(r#"{"a":[1,"x"],"error":{"stack":"goroutine 1 [running]:\n","n":1}}"#, r"dump stack goroutine 1 [running]:\n");
        check(
            r#"{"msg":"goroutine 1 [running]:\nmain.f()","dump":"goroutine 1 [running]:\ngoroutine 2 [select]:\n"}"#,
            r"dump dump goroutine 1 [running]:\ngoroutine 2 [select]:\n",
        );
        check(r#"  "textPayload": "goroutine 1 [running]:","#, "dump textPayload goroutine 1 [running]:");
        check(r#"{"message":"\t/src/main.go:42 +0x1d"}"#, r"dump message \t/src/main.go:42 +0x1d");
    }

    #[test]
    fn ok_other_records() {
        check(r#"{"level":"warn","msg":"slow query","caller":"/src/main.go:42"}"#, "other slow query");
        check(r#"{"msg":"goroutine 7 [running] is slow"}"#, "other goroutine 7 [running] is slow");
        check(r#"{"n":1}"#, "other -");
    }

    #[test]
    fn ok_list_of_records() {
        let mut rest: &[u8] = br#"[{"a":{"b":1},"msg":"one"},{"msg":"two"}]"#;
        let mut seen = Vec::new();
        while is_record(rest) || rest.starts_with(b",") {
            let (record, _, tail) = read(rest, b"msg");
            if let Record::Other { text: Some(text) } = record {
                seen.push(text.raw);
            }
            rest = tail;
        }
        assert_eq!(seen, [b"one", b"two"]);
    }

    #[test]
    fn ok_what_may_be_a_record() {
        for text in [r#"{"a":1}"#, r#" { "a" : 1 }"#, r#"[{"a":1}]"#, r#""textPayload": "x","#, "{}", "{"] {
            assert!(is_record(text.as_bytes()), "{text}");
        }
        for text in ["{0x1, 0x2}", "[running]", "\"quoted\" text", "main.f()", "[GIN] 2026", ""] {
            assert!(!is_record(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn err_record_cut_off() {
        check(r#"{"stacktrace":"goroutine 1 [running]:\nmain.f("#, r"dump stacktrace goroutine 1 [running]:\nmain.f(");
        check(r#"{"stacktrace"#, "other -");
    }
}
