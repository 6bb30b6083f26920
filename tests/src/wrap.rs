//! What logs, editors and transports make of a dump.
//!
//! Each function takes the text as Go printed it and says what a reader finds in a file. Nothing in it knows the parser.

use serde_json::json;

const DAY: &str = "2026-11-21T01:38";

/// A time stamp that differs from line to line.
fn stamp(at: usize) -> String {
    format!("{DAY}:{:02}.{:09}Z", at / 1000 % 60, at % 1000 * 1000 + 123_456_789)
}

fn each_line(text: &str, wrap: impl FnMut((usize, &str)) -> String) -> String {
    text.lines().enumerate().map(wrap).collect()
}

/// A node's log file: Kubernetes' CRI logging format. Long lines come in parts (`P`), the last one is full (`F`).
pub(crate) fn cri(text: &str, mut part_bytes: impl FnMut() -> usize) -> String {
    each_line(text, |(at, line)| {
        let mut out = String::new();
        let mut rest = line;
        loop {
            let cut = floor_char_boundary(rest, part_bytes().max(1));
            let (part, tail) = rest.split_at(cut);
            let tag = if tail.is_empty() { 'F' } else { 'P' };
            out += &format!("{} stderr {tag} {part}\n", stamp(at));
            if tail.is_empty() {
                return out;
            }
            rest = tail;
        }
    })
}

fn floor_char_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    let boundary = (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    // A part is never empty.
    if boundary == 0 { text.chars().next().map_or(0, char::len_utf8) } else { boundary }
}

/// Docker's json-file log: a record per line, long lines in several records of which only the last ends in a line feed.
pub(crate) fn docker_json(text: &str, part_bytes: usize) -> String {
    each_line(text, |(at, line)| {
        let whole = format!("{line}\n");
        let mut rest = whole.as_str();
        let mut out = String::new();
        while !rest.is_empty() {
            let (part, tail) = rest.split_at(floor_char_boundary(rest, part_bytes));
            out += &format!("{}\n", json!({"log": part, "stream": "stderr", "time": stamp(at)}));
            rest = tail;
        }
        out
    })
}

/// `go test -json`, Go `cmd/test2json`.
pub(crate) fn go_test_json(text: &str, package: &str) -> String {
    let start = format!("{}\n", json!({"Time": stamp(0), "Action": "start", "Package": package}));
    let output = each_line(text, |(at, line)| {
        let output = format!("{line}\n");
        format!("{}\n", json!({"Time": stamp(at), "Action": "output", "Package": package, "Test": "TestX", "Output": output}))
    });
    let end = format!("{}\n", json!({"Time": stamp(9), "Action": "fail", "Package": package, "Elapsed": 0.306}));
    [start, output, end].concat()
}

/// A structured logger's record with the whole dump in a string: zap, zerolog, slog.
pub(crate) fn zap_json(text: &str) -> String {
    let record = json!({"level": "error", "ts": 1795225110.12, "msg": "dump", "stacktrace": text, "n": 3});
    format!("{{\"level\":\"info\",\"msg\":\"started\"}}\n{record}\n{{\"level\":\"info\",\"msg\":\"go on\"}}\n")
}

/// The same as logfmt: `level=error msg="goroutine 1 …\n…"`.
pub(crate) fn logfmt(text: &str) -> String {
    format!("time={} level=error msg={} component=worker\n", stamp(0), json!(text))
}

/// `kubectl logs --prefix`, with `--timestamps` if wanted.
pub(crate) fn kubectl(text: &str, pod: &str, has_time: bool) -> String {
    each_line(text, |(at, line)| {
        let time = if has_time { stamp(at) + " " } else { String::new() };
        format!("[pod/{pod}/web] {time}{line}\n")
    })
}

/// `kubectl logs --timestamps`, `docker logs --timestamps`, GitHub Actions.
pub(crate) fn timestamps(text: &str) -> String {
    each_line(text, |(at, line)| format!("{} {line}\n", stamp(at)))
}

/// stern: pod, container, line.
pub(crate) fn stern(text: &str) -> String {
    each_line(text, |(_, line)| format!("api-7d9c5b-x2x web {line}\n"))
}

/// `docker compose logs`, with colours if wanted.
pub(crate) fn compose(text: &str, has_colour: bool) -> String {
    let (start, end) = if has_colour { ("\x1b[36m", "\x1b[0m") } else { ("", "") };
    each_line(text, |(_, line)| format!("{start}web-1  | {end}{line}\n"))
}

/// What syslog does to tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tabs {
    Kept,
    /// rsyslog writes control characters in octal.
    Octal,
    /// Leading white space is lost.
    Lost,
}

/// syslog and journald in the short form.
pub(crate) fn syslog(text: &str, tabs: Tabs, keeps_blank_lines: bool) -> String {
    let lines = text.lines().filter(|line| keeps_blank_lines || !line.is_empty()).enumerate();
    let line = |line: &str| match tabs {
        Tabs::Kept => line.to_owned(),
        Tabs::Octal => line.replace('\t', "#011"),
        Tabs::Lost => line.trim_start().to_owned(),
    };
    lines.map(|(at, text)| format!("Nov 21 01:38:{:02} host1 app[4242]: {}\n", at % 60, line(text))).collect()
}

/// A page saved by a browser.
pub(crate) fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&#34;");
    format!(
        "<html><head><meta name=\"color-scheme\" content=\"light dark\"></head><body>\
         <pre style=\"word-wrap: break-word; white-space: pre-wrap;\">{escaped}</pre></body></html>"
    )
}

/// Quoted in a comment: `> ` before each line.
pub(crate) fn quoted(text: &str) -> String {
    format!("It hangs:\n\n{}\nAny idea?\n", each_line(text, |(_, line)| format!("> {line}\n")))
}

/// A fenced block.
pub(crate) fn fenced(text: &str) -> String {
    format!("It hangs:\n\n```\n{text}\n```\n\nAny idea?\n")
}

/// A fenced block that an issue folds away.
pub(crate) fn folded(text: &str) -> String {
    format!("<details><summary>stacks</summary>\n\n```\n{text}\n```\n\n</details>\n")
}

/// Every line moved right.
pub(crate) fn indented(text: &str, n_spaces: usize) -> String {
    each_line(text, |(_, line)| format!("{}{line}\n", " ".repeat(n_spaces)))
}

/// Tabs turned to spaces.
pub(crate) fn spaces_for_tabs(text: &str, n_spaces: usize) -> String {
    text.replace('\t', &" ".repeat(n_spaces))
}

/// White space at the start is lost, and some at the end gained.
pub(crate) fn unindented(text: &str) -> String {
    each_line(text, |(_, line)| format!("{}  \n", line.trim_start()))
}

/// A log viewer's export with the newest line first.
pub(crate) fn newest_first(text: &str) -> String {
    let lines: Vec<_> = text.lines().rev().collect();
    lines.join("\n") + "\n"
}

/// Copied from a terminal of this width.
pub(crate) fn hard_wrapped(text: &str, width: usize) -> String {
    each_line(text, |(_, line)| {
        let chars: Vec<char> = line.chars().collect();
        let mut rows: Vec<String> = chars.chunks(width).map(|row| row.iter().collect()).collect();
        rows.push(String::new());
        rows.join("\n")
    })
}

/// An exported table: the dump is one quoted cell.
pub(crate) fn csv(text: &str) -> String {
    format!("time,pod,message\n{},api,\"{}\"\n", stamp(0), text.replace('"', "\"\""))
}

/// A redirect in PowerShell, or a file saved by an editor.
pub(crate) fn utf16(text: &str, is_big_endian: bool, has_mark: bool) -> Vec<u8> {
    let mark = if has_mark { "\u{feff}" } else { "" };
    let units = mark.encode_utf16().chain(text.encode_utf16());
    units.flat_map(|unit| if is_big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}
