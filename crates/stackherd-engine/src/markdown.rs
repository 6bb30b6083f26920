//! Text of a dump inside Markdown: it stays text, whatever it holds.

use std::iter;

/// Prose on one line: nothing in it is markup.
pub(crate) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => true,
            // Inside a word an underscore is none.
            '_' => !(before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric())),
            '#' | '-' | '+' | '=' => out.is_empty(),
            _ => false,
        };
        if is_markup {
            out.push('\\');
        }
        out.push(visible(c));
        before = c;
    }
    out
}

/// A sentence of a verdict, which marks names and places as code: they stay so, and nothing else in it is markup.
pub(crate) fn sentence(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let is_paired = text.matches('`').count().is_multiple_of(2);
    if !is_paired {
        return prose(text);
    }
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { prose(part) }).collect()
}

/// Code within a line.
pub(crate) fn code(text: &str) -> String {
    let text: String = text.chars().map(visible).collect();
    if text.is_empty() {
        return text;
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A block of code in `language`.
pub(crate) fn block(language: &str, text: &str) -> String {
    let text: String = text.chars().map(|c| if c == '\n' || c == '\t' { c } else { visible(c) }).collect();
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}\n")
}

/// What has no shape gets one; a line stays a line.
fn visible(c: char) -> char {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// How `before` becomes `after`, line by line: for texts of a few lines, `O(lines²)`.
pub(crate) fn diff(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    // Rows of the table of longest common parts, from the end.
    let width = new.len() + 1;
    let mut common = vec![0_usize; (old.len() + 1) * width];
    let at = |common: &[usize], row: usize, column: usize| common.get(row * width + column).copied().unwrap_or(0);
    for (row, old_line) in old.iter().enumerate().rev() {
        for (column, new_line) in new.iter().enumerate().rev() {
            let best = if old_line == new_line {
                at(&common, row + 1, column + 1) + 1
            } else {
                at(&common, row + 1, column).max(at(&common, row, column + 1))
            };
            if let Some(cell) = common.get_mut(row * width + column) {
                *cell = best;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    let lines = iter::from_fn(|| {
        let step = match (old.get(row), new.get(column)) {
            (Some(old_line), Some(new_line)) if old_line == new_line => {
                (row, column) = (row + 1, column + 1);
                format!(" {old_line}\n")
            }
            (Some(old_line), new_line)
                if new_line.is_none() || at(&common, row + 1, column) >= at(&common, row, column + 1) =>
            {
                row += 1;
                format!("-{old_line}\n")
            }
            (_, new_line) => {
                column += 1;
                format!("+{}\n", new_line?)
            }
        };
        Some(step)
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_prose_holds_no_markup() {
        assert_eq!(prose("http.(*conn).serve of my_file <b>"), "http.(\\*conn).serve of my_file \\<b\\>");
        assert_eq!(prose("_a_ [x](y) `z`\n# b\x1b"), "\\_a\\_ \\[x\\](y) \\`z\\` # b\u{fffd}");
        assert_eq!(prose("- a"), "\\- a");
    }

    #[test]
    fn ok_code_of_a_sentence_stays_code() {
        assert_eq!(sentence("By `a.(*B).c` at *x*."), "By `a.(*B).c` at \\*x\\*.");
        assert_eq!(sentence("one ` only"), "one \\` only");
    }

    #[test]
    fn ok_code_can_hold_backticks_and_lines() {
        assert_eq!(code("a.b"), "`a.b`");
        assert_eq!(code("a``b\nc"), "```a``b c```");
        assert_eq!(code("`a`"), "`` `a` ``");
        assert_eq!(block("go", "x := `\n```\n"), "````go\nx := `\n```\n````\n");
        assert_eq!(block("", "a"), "```\na\n```\n");
    }

    #[test]
    fn ok_diffs_keep_what_both_have() {
        assert_eq!(diff("a\nb\nc", "a\nx\nc\nd"), " a\n-b\n+x\n c\n+d\n");
        assert_eq!(diff("", "a"), "+a\n");
        assert_eq!(diff("a", ""), "-a\n");
        assert_eq!(diff("", ""), "");
    }
}
