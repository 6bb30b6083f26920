//! What the words around a number say of it.

/// What a name means.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meaning {
    /// It holds `goroutines`.
    pub(super) is_plural: bool,
    /// It is `goroutines` and nothing else.
    pub(super) is_bare_plural: bool,
    /// It holds a word such as `num`.
    pub(super) is_count: bool,
    /// It is a setting, the number of one goroutine, a file or a test.
    pub(super) is_limit_or_id: bool,
}

/// Words that make a number a count of goroutines.
const COUNT_WORDS: &[&str] = &["num", "count", "counts", "cnt", "total", "number", "amount", "nums", "n"];
/// The same where words are not set apart.
const FOREIGN_COUNT_WORDS: &[&str] = &["数", "數", "個", "수", "число", "количество"];
/// Words that make it a setting, or the number of a goroutine.
const LIMIT_WORDS: &[&str] = &[
    "max",
    "maximum",
    "min",
    "minimum",
    "limit",
    "limits",
    "cap",
    "capacity",
    "threshold",
    "quota",
    "allowed",
    "timeout",
    "interval",
    "id",
    "ids",
    "test",
    "per",
    "seconds",
    "bytes",
    "ms",
];
/// Words behind a name that make it a count: `goroutine count: 5`.
const COUNTS_BEHIND: &[&str] = &["count", "counts", "cnt", "total", "amount"];
/// The same, unless it is the number of one goroutine: a mark or a word before it tells.
const NUMBERS_BEHIND: &[&str] = &["num", "nums", "number"];
/// Words behind a name that say nothing.
const FILLERS: &[&str] = &["is", "are", "was", "now", "currently", "running", "alive", "active", "right", "="];
/// Words before a name that belong to it.
const STATES_BEFORE: &[&str] = &[
    "number", "num", "count", "of", "total", "current", "active", "running", "idle", "busy", "blocked", "waiting", "leaked",
    "live", "alive", "open",
];
/// Words before a number of goroutines that are about to be started, or that a test is made of.
const STARTING_WORDS: &[&str] = &[
    "start",
    "starting",
    "started",
    "starts",
    "spawn",
    "spawning",
    "spawned",
    "launch",
    "launching",
    "launched",
    "create",
    "creating",
    "created",
    "with",
    "using",
    "use",
    "uses",
    "by",
    "across",
    "for",
    "from",
    "to",
    "in",
    "on",
    "max",
    "maximum",
    "most",
    "least",
    "limit",
    "than",
    "ran",
    "run",
    "other",
    "and",
    "or",
    "every",
    "after",
    "over",
    "into",
];

/// The name around the word at `at`.
pub(super) fn token(line: &[u8], at: usize, len: usize) -> (usize, usize) {
    let mut from = at;
    while let Some(before) = line.get(..from) {
        let Some(&byte) = before.last() else { break };
        let is_mark = before.len() >= 3 && before.get(before.len() - 3..).is_some_and(is_foreign_mark);
        if !is_token_byte(byte) || is_mark {
            break;
        }
        from -= 1;
    }
    let mut to = at + len;
    while let Some(rest) = line.get(to..) {
        let Some(&byte) = rest.first() else { break };
        if !is_token_byte(byte) || is_foreign_mark(rest) || is_foreign_verb(rest) {
            break;
        }
        to += 1;
    }
    // Punctuation around a name is not of it.
    while line.get(from).is_some_and(|byte| matches!(byte, b'-' | b'.' | b'/')) && from < at {
        from += 1;
    }
    while to > at + len && line.get(to - 1).is_some_and(|byte| matches!(byte, b'-' | b'.' | b'/')) {
        to -= 1;
    }
    (from, to)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/') || byte >= 0x80
}

/// `：`, `，`, `（` and `。`, `、`, `【`: the blocks of full-width forms and of CJK punctuation.
fn is_foreign_mark(text: &[u8]) -> bool {
    text.starts_with(b"\xef\xbc") || text.starts_with(b"\xe3\x80")
}

/// What stands between a name and its number in languages that set no space there.
fn is_foreign_verb(text: &[u8]) -> bool {
    ["是", "为", "は"].iter().any(|verb| text.starts_with(verb.as_bytes()))
}

/// What a name means, told by the words in it: `numGoroutine`, `max_goroutines`.
pub(super) fn meaning(token: &[u8]) -> Meaning {
    let mut meaning = Meaning::default();
    each_word(token, |word| {
        meaning.is_plural |= word.eq_ignore_ascii_case(b"goroutines");
        meaning.is_count |= is_one_of(word, COUNT_WORDS);
        meaning.is_limit_or_id |= is_one_of(word, LIMIT_WORDS);
    });
    meaning.is_limit_or_id |= token.ends_with(b".go");
    meaning.is_count |= FOREIGN_COUNT_WORDS.iter().any(|word| memchr::memmem::find(token, word.as_bytes()).is_some());
    meaning.is_bare_plural = token.eq_ignore_ascii_case(b"goroutines");
    meaning
}

/// Words of `num_goroutine`, `runtime.NumGoroutine`.
fn each_word(token: &[u8], mut take: impl FnMut(&[u8])) {
    let mut from = 0;
    for (at, byte) in token.iter().enumerate() {
        let is_after_lower = at > 0 && token.get(at - 1).is_some_and(u8::is_ascii_lowercase);
        let is_gap = !byte.is_ascii_alphanumeric();
        if is_gap || byte.is_ascii_uppercase() && is_after_lower {
            take(token.get(from..at).unwrap_or_default());
            from = if is_gap { at + 1 } else { at };
        }
    }
    take(token.get(from..).unwrap_or_default());
}

fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    words.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

/// Skips words between a name and its number, and tells whether one of them makes it a count. `is_plural` when the name is of
/// several goroutines, or of those there are now.
pub(super) fn skip_fillers(text: &[u8], is_plural: bool) -> (&[u8], bool) {
    let mut rest = text;
    for _ in 0..2 {
        let Some(words) = rest.strip_prefix(b" ") else { break };
        let len = words.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, after) = words.split_at(len);
        // `goroutine num: 5` is how many there are; `goroutine num 5` and `goroutine number: 5` may be one of them.
        let is_number = is_one_of(word, NUMBERS_BEHIND)
            && (is_plural || word.len() < "number".len() && after.trim_ascii_start().first() == Some(&b':'));
        if is_one_of(word, COUNTS_BEHIND) || is_number {
            return (after, true);
        }
        if !is_one_of(word, FILLERS) {
            break;
        }
        rest = after;
    }
    (rest, false)
}

/// Where a name starts with the words before it that belong to it: `number of goroutines`.
pub(super) fn extended_start(line: &[u8], from: usize) -> usize {
    let mut start = from;
    for _ in 0..3 {
        let Some(before) = line.get(..start).and_then(|before| before.strip_suffix(b" ")) else { break };
        let word = last_word(before);
        if !is_one_of(word, STATES_BEFORE) {
            break;
        }
        start = before.len() - word.len();
    }
    start
}

/// Whether the words that a name was extended by make it a count: `number of `.
pub(super) fn is_count(extension: &[u8]) -> bool {
    extension.split(|byte| *byte == b' ').any(|word| is_one_of(word, COUNT_WORDS))
}

/// Whether the word that ends `text` makes what follows a setting: `max `.
pub(super) fn is_about_limit(text: &[u8]) -> bool {
    text.strip_suffix(b" ").is_some_and(|text| is_one_of(last_word(text), LIMIT_WORDS))
}

/// Whether the number behind `text` is one of goroutines that are to be started: `spawning `.
pub(super) fn is_about_starting(text: &[u8]) -> bool {
    is_one_of(last_word(text.trim_ascii_end()), STARTING_WORDS)
}

fn last_word(text: &[u8]) -> &[u8] {
    let len = text.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    text.get(text.len() - len..).unwrap_or_default()
}
