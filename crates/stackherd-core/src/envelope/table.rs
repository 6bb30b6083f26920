//! Logs exported as a table: comma-separated values (RFC 4180) and the like.
//!
//! ```text
//! 2026-03-01T12:00:00Z,web,"goroutine 1 [running]:
//! main.f({0x1, ""x""})
//! "
//! ```
//!
//! A cell may hold a dump of many lines, or each row one line of it. Quotes in a quoted cell are doubled.

use alloc::vec::Vec;

use super::marks;

/// What stands between cells.
const DELIMITERS: &[u8] = b",;\t";
/// Names of the column that holds the text.
const TEXT_COLUMNS: &[&[u8]] = &[
    b"message",
    b"msg",
    b"log",
    b"line",
    b"body",
    b"content",
    b"text",
    b"textpayload",
    b"@message",
    b"_raw",
    b"jsonpayload.message",
];
/// Cells of a row that are looked at.
const MAX_CELLS: usize = 100;

/// Where the reading stands between two lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    columns: Option<Columns>,
    cell: usize,
    in_quotes: bool,
}

#[derive(Clone, Copy, Debug)]
struct Columns {
    delimiter: u8,
    /// The one with the text.
    text: usize,
}

impl Table {
    /// Whether a table was seen to start.
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.columns.is_some()
    }

    /// Whether the last line ended inside of a cell.
    pub(super) fn is_in_cell(&self) -> bool {
        self.in_quotes
    }

    /// Whether `text` is a table's row with the start of a dump in one cell, or as the first line of the input the names of
    /// its columns.
    pub(super) fn starts(&mut self, text: &[u8], is_first_line: bool) -> bool {
        self.columns = if is_first_line { names(text).or_else(|| row(text)) } else { row(text) };
        (self.cell, self.in_quotes) = (0, false);
        self.is_on()
    }

    /// The table ended.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// Puts what a line holds of the text column into `out`. Returns false if it holds nothing of it.
    pub(super) fn line(&mut self, text: &[u8], out: &mut Vec<u8>) -> bool {
        let Some(Columns { delimiter, text: wanted }) = self.columns else { return false };
        let mut is_touched = false;
        let mut rest = text;
        loop {
            let is_wanted = self.cell == wanted;
            is_touched |= is_wanted;
            if !self.in_quotes {
                if let [b'"', tail @ ..] = rest {
                    self.in_quotes = true;
                    rest = tail;
                } else {
                    let end = rest.iter().position(|&byte| byte == delimiter).unwrap_or(rest.len());
                    let (cell, tail) = rest.split_at(end);
                    if is_wanted {
                        out.extend_from_slice(cell);
                    }
                    rest = tail;
                }
            }
            if self.in_quotes {
                let (tail, is_closed) = quoted(rest, |part| {
                    if is_wanted {
                        out.extend_from_slice(part);
                    }
                });
                if !is_closed {
                    return is_touched;
                }
                self.in_quotes = false;
                // Nothing belongs between the quote and the next cell.
                let end = tail.iter().position(|&byte| byte == delimiter).unwrap_or(tail.len());
                rest = tail.get(end..).unwrap_or_default();
            }
            match rest.split_first() {
                Some((_, tail)) => {
                    rest = tail;
                    self.cell += 1;
                }
                None => {
                    self.cell = 0;
                    return is_touched;
                }
            }
        }
    }
}

/// Reads to the quote that ends a cell: what follows it, and whether there was one.
fn quoted(text: &[u8], mut sink: impl FnMut(&[u8])) -> (&[u8], bool) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'"', rest) {
        let is_doubled = rest.get(at + 1) == Some(&b'"');
        let (part, tail) = rest.split_at(at + usize::from(is_doubled));
        sink(part);
        rest = tail.get(1..).unwrap_or_default();
        if !is_doubled {
            return (rest, true);
        }
    }
    sink(rest);
    (b"", false)
}

/// `timestamp,host,message`
fn names(text: &[u8]) -> Option<Columns> {
    DELIMITERS.iter().find_map(|&delimiter| {
        let cells = || text.split(|&byte| byte == delimiter).take(MAX_CELLS);
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b" \"_@.-/".contains(byte);
        let is_head = cells().count() > 1 && text.len() < 2000 && cells().all(|cell| cell.iter().all(is_name));
        let at = cells().position(|cell| {
            let name = cell.trim_ascii();
            let name = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
            TEXT_COLUMNS.iter().any(|known| known.eq_ignore_ascii_case(name))
        });
        at.filter(|_| is_head).map(|text| Columns { delimiter, text })
    })
}

/// A row in which a cell starts with a goroutine header.
fn row(text: &[u8]) -> Option<Columns> {
    // Few lines have a bracket.
    memchr::memchr(b'[', text)?;
    let header = marks::find_dump(text)?;
    let before = text.get(..header)?;
    // The header is the cell's first text.
    let delimiter = match before {
        [.., delimiter, b'"'] | [.., delimiter] if DELIMITERS.contains(delimiter) => *delimiter,
        [b'"'] => {
            // The first cell: what follows tells.
            let (rest, is_closed) = quoted(text.get(1..)?, |_| {});
            if is_closed { *rest.first().filter(|byte| DELIMITERS.contains(byte))? } else { b',' }
        }
        _ => return None,
    };
    // Tabs alone are an indent, and JSON has its own rules.
    if before.trim_ascii().is_empty() || matches!(before.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return None;
    }
    let mut in_quotes = false;
    let at = before.iter().filter(|&&byte| {
        in_quotes ^= byte == b'"';
        byte == delimiter && !in_quotes
    });
    Some(at.count()).filter(|&at| at < MAX_CELLS).map(|text| Columns { delimiter, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn cells(lines: &[&str]) -> String {
        let mut table = Table::default();
        let mut out = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if !table.is_on() && !table.starts(line.as_bytes(), at == 0) {
                out.extend_from_slice(b"-");
            } else if !table.line(line.as_bytes(), &mut out) {
                out.extend_from_slice(b"?");
            }
            out.push(b'|');
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn ok_a_dump_in_one_cell() {
        assert_eq!(
            cells(&["2026,\"goroutine 1 [running]:", "main.f({0x1, \"\"x\"\"})", "\t/x.go:1\",error", "2026,other,x"]),
            "goroutine 1 [running]:|main.f({0x1, \"x\"})|\t/x.go:1|other|"
        );
        assert_eq!(cells(&["\"goroutine 1 [running]:", "main.f()", "\",2026"]), "goroutine 1 [running]:|main.f()||");
    }

    #[test]
    fn ok_a_line_in_each_row() {
        assert_eq!(
            cells(&["Date,Message,Host", "1,\"\t/x.go:1\",h", "2,main.f(),h", "3,\"main.g({0x1, 0x2})\",h"]),
            "Message|\t/x.go:1|main.f()|main.g({0x1, 0x2})|"
        );
        assert_eq!(
            cells(&["1\tgoroutine 1 [running]:", "2\tmain.f(0x1, 0x2)", "3"]),
            "goroutine 1 [running]:|main.f(0x1, 0x2)|?|"
        );
    }

    #[test]
    fn ok_other_lines_start_no_table() {
        for line in [
            "goroutine 1 [running]:",
            "\tgoroutine 1 [running]:",
            "a, goroutine 1 [running]:",
            "message",
            "a,b,c",
            "hello, message to you",
        ] {
            assert_eq!(cells(&[line]), "-|", "{line}");
        }
    }
}
