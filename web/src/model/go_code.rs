//! Go code in colours: what a word is, as far as its spelling tells.

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GoKind {
    /// Names, operators and space.
    Plain,
    Keyword,
    /// Predeclared types: `int`, `error`.
    Type,
    /// Predeclared values and functions: `nil`, `make`.
    Builtin,
    String,
    Number,
    Comment,
}

/// A piece of one line.
pub(crate) type GoSpan<'a> = (GoKind, &'a str);

/// From the Go specification, "Keywords".
const KEYWORDS: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

/// From the Go specification, "Predeclared identifiers".
const TYPES: [&str; 22] = [
    "any",
    "bool",
    "byte",
    "comparable",
    "complex128",
    "complex64",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];
const BUILTINS: [&str; 22] = [
    "append", "cap", "clear", "close", "complex", "copy", "delete", "false", "imag", "iota", "len", "make", "max", "min",
    "new", "nil", "panic", "print", "println", "real", "recover", "true",
];

/// The pieces of every line; a comment or a raw string may go over several.
pub(crate) fn go_lines(code: &str) -> Vec<Vec<GoSpan<'_>>> {
    let mut lines = vec![Vec::new()];
    let mut rest = code;
    while !rest.is_empty() {
        let (kind, length) = token(rest);
        // A token is at least one character long, so this ends.
        let Some((text, after)) = rest.split_at_checked(length.max(1)) else { break };
        rest = after;
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                push(line, code, kind, part);
            }
        }
    }
    if code.ends_with('\n') {
        lines.pop();
    }
    lines
}

/// Adds a piece; plain ones in a row become one.
fn push<'a>(line: &mut Vec<GoSpan<'a>>, code: &'a str, kind: GoKind, part: &'a str) {
    let start = |text: &str| text.as_ptr() as usize - code.as_ptr() as usize;
    if kind == GoKind::Plain
        && let Some((GoKind::Plain, before)) = line.last_mut()
        && let Some(joined) = code.get(start(before)..start(part) + part.len())
    {
        *before = joined;
    } else {
        line.push((kind, part));
    }
}

/// What the code begins with, and its length in bytes.
fn token(code: &str) -> (GoKind, usize) {
    let mut chars = code.chars();
    let Some(first) = chars.next() else { return (GoKind::Plain, 0) };
    let until = |end: &str, from: usize| code.get(from..).and_then(|rest| rest.find(end)).map(|at| from + at);
    match first {
        '/' if code.starts_with("//") => (GoKind::Comment, until("\n", 2).unwrap_or(code.len())),
        '/' if code.starts_with("/*") => (GoKind::Comment, until("*/", 2).map_or(code.len(), |at| at + 2)),
        '`' => (GoKind::String, until("`", 1).map_or(code.len(), |at| at + 1)),
        '"' | '\'' => (GoKind::String, quoted(code, first)),
        _ if first.is_ascii_digit() => (GoKind::Number, word(code, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))),
        _ if is_letter(first) => {
            let length = word(code, |c| is_letter(c) || c.is_numeric());
            (code.get(..length).map_or(GoKind::Plain, kind_of), length)
        }
        // What follows a dot is a name of somebody else's, whatever its spelling.
        '.' => (GoKind::Plain, 1 + chars.as_str().find(|c: char| !is_letter(c) && !c.is_numeric()).unwrap_or(code.len() - 1)),
        _ => (GoKind::Plain, first.len_utf8()),
    }
}

fn is_letter(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn word(code: &str, belongs: impl Fn(char) -> bool) -> usize {
    code.find(|c| !belongs(c)).unwrap_or(code.len())
}

/// Up to the closing quote, or the end of the line when there is none.
fn quoted(code: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in code.char_indices().skip(1) {
        match c {
            '\n' => return at,
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    code.len()
}

fn kind_of(word: &str) -> GoKind {
    if KEYWORDS.contains(&word) {
        GoKind::Keyword
    } else if TYPES.contains(&word) {
        GoKind::Type
    } else if BUILTINS.contains(&word) {
        GoKind::Builtin
    } else {
        GoKind::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One letter for each kind before its text; plain text stands alone.
    fn check(code: &str, expected: &[&str]) {
        let spans = |line: &Vec<GoSpan<'_>>| {
            let span = |(kind, text): &GoSpan<'_>| match kind {
                GoKind::Plain => (*text).to_owned(),
                kind => format!("<{}:{text}>", format!("{kind:?}").chars().next().unwrap()),
            };
            line.iter().map(span).collect::<String>()
        };
        assert_eq!(go_lines(code).iter().map(spans).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn ok_words() {
        check("ch := make(chan error, 1)", &["ch := <B:make>(<K:chan> <T:error>, <N:1>)"]);
        check("defer resp.Body.Close() // always", &["<K:defer> resp.Body.Close() <C:// always>"]);
        check("x.type, x.len", &["x.type, x.len"]);
        check("typed, 世界 := 0x1F, 2.5e3", &["typed, 世界 := <N:0x1F>, <N:2.5e3>"]);
        check("args...", &["args..."]);
    }

    #[test]
    fn ok_strings_hold_what_looks_like_code() {
        check(r#"f("a // \" b", '\'', `if`)"#, &[r#"f(<S:"a // \" b">, <S:'\''>, <S:`if`>)"#]);
        check("s := \"open\nreturn", &["s := <S:\"open>", "<K:return>"]);
    }

    #[test]
    fn ok_comments_and_raw_strings_go_over_lines() {
        check("/* a\nb */ c", &["<C:/* a>", "<C:b */> c"]);
        check("`x\n\ny`", &["<S:`x>", "", "<S:y`>"]);
        check("/* open", &["<C:/* open>"]);
    }

    #[test]
    fn ok_lines_stay_lines() {
        check("a\n\n\tb\n", &["a", "", "\tb"]);
        check("", &[""]);
        let code = "package p\n\nfunc f(n int) {\n\tgo func() { ch <- \"é\" }()\n}\n";
        let joined: Vec<String> = go_lines(code).iter().map(|line| line.iter().map(|(_, text)| *text).collect()).collect();
        assert_eq!(joined.join("\n") + "\n", code);
    }
}
