//! From a rules file to rules.

use std::borrow::Cow;
use std::collections::BTreeSet;

use stackherd_core::{Rule, Severity};

use super::matcher::{Expression, Name, State};
use super::value::{self, Kind, Value};
use super::{Ignore, RulesError, UserRule, UserRules};

/// Bytes of a rules file.
const MAX_BYTES: usize = 1 << 20;
/// Entries of a kind.
const MAX_ENTRIES: usize = 1000;
/// Characters of a name, and of a sentence.
const MAX_NAME: usize = 100;
const MAX_SENTENCE: usize = 2000;

const FILE_KEYS: &[&str] = &["rule", "ignore", "mute", "severity"];
const RULE_KEYS: &[&str] = &[
    "name",
    "severity",
    "message",
    "any_frame",
    "top_frame",
    "created_by",
    "state",
    "min_count",
    "min_wait_minutes",
    "fix",
    "reference",
];
const IGNORE_KEYS: &[&str] = &["name", "reason", "top_function", "any_function", "any_containing_pkg", "created_by"];
const SEVERITIES: &[(&str, Severity)] =
    &[("info", Severity::Info), ("warning", Severity::Warning), ("critical", Severity::Critical)];

impl UserRules {
    /// Reads a rules file; an empty one holds no rules.
    pub(crate) fn parse(text: &str) -> Result<Self, RulesError> {
        // Some editors start files with a byte order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > MAX_BYTES {
            return Err(RulesError { line: 1, message: format!("the file has more than {MAX_BYTES} bytes") });
        }
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        let root = value::read(text)?;
        let file = Table::new(text, &root, "the file", FILE_KEYS)?;
        let rules = file.tables("rule", "[[rule]]", RULE_KEYS)?.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
        let mut names = BTreeSet::new();
        for (rule, table) in rules.iter().zip(file.list("rule")?) {
            if !names.insert(rule.name.as_str()) {
                return Err(RulesError::at(text, table.at, format!("name: there are two rules called {:?}", rule.name)));
            }
        }
        Ok(Self {
            ignores: file.tables("ignore", "[[ignore]]", IGNORE_KEYS)?.iter().map(ignore).collect::<Result<_, _>>()?,
            muted: muted(&file)?,
            severities: severities(&file)?,
            rules,
        })
    }
}

fn rule(table: &Table<'_>) -> Result<UserRule, RulesError> {
    let name = table.required("name", MAX_NAME)?;
    if Rule::find(&name).is_some() {
        let message = format!("{name:?} is a built-in rule; take another name, or use mute or severity to change that one");
        return Err(table.error("name", &message));
    }
    let rule = UserRule {
        name,
        severity: table.get("severity").map_or(Ok(Severity::Warning), |value| severity(table, "severity", value))?,
        message: table.required("message", MAX_SENTENCE)?,
        any_frame: table.parsed("any_frame", Expression::parse)?,
        top_frame: table.parsed("top_frame", Expression::parse)?,
        created_by: table.parsed("created_by", Expression::parse)?,
        states: table
            .texts("state")?
            .iter()
            .map(|(at, text)| {
                State::parse(text).map_err(|message| RulesError::at(table.text, *at, format!("state: {message}")))
            })
            .collect::<Result<_, _>>()?,
        min_count: table.number("min_count")?.unwrap_or(0),
        min_wait_minutes: table.number("min_wait_minutes")?.map_or(0, |minutes| u32::try_from(minutes).unwrap_or(u32::MAX)),
        fix: table.sentence("fix", MAX_SENTENCE)?,
        reference: table.sentence("reference", MAX_SENTENCE)?,
    };
    if rule.reference.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        return Err(table.error("reference", "must be a URL that starts with https:// or http://"));
    }
    let has_condition = rule.any_frame.is_some() || rule.top_frame.is_some() || rule.created_by.is_some();
    if !has_condition && rule.states.is_empty() {
        let message = "a rule needs at least one of any_frame, top_frame, created_by and state";
        return Err(RulesError::at(table.text, table.at, format!("{:?}: {message}", rule.name)));
    }
    Ok(rule)
}

fn ignore(table: &Table<'_>) -> Result<Ignore, RulesError> {
    let ignore = Ignore {
        name: table.sentence("name", MAX_NAME)?.unwrap_or_else(|| "ignored".to_owned()),
        reason: table.required("reason", MAX_SENTENCE)?,
        top_function: table.parsed("top_function", Name::parse)?,
        any_function: table.parsed("any_function", Name::parse)?,
        any_containing_pkg: table.parsed("any_containing_pkg", Name::parse)?,
        created_by: table.parsed("created_by", Name::parse)?,
    };
    let Ignore { top_function, any_function, any_containing_pkg, created_by, .. } = &ignore;
    if [top_function, any_function, any_containing_pkg, created_by].iter().all(|name| name.is_none()) {
        let message = "an ignore needs at least one of top_function, any_function, any_containing_pkg and created_by";
        return Err(RulesError::at(table.text, table.at, message.to_owned()));
    }
    Ok(ignore)
}

fn muted(file: &Table<'_>) -> Result<Vec<Cow<'static, str>>, RulesError> {
    let names = file.texts("mute")?;
    names.iter().map(|(at, name)| built_in(file.text, *at, "mute", name)).collect()
}

fn severities(file: &Table<'_>) -> Result<Vec<(Cow<'static, str>, Severity)>, RulesError> {
    let Some(table) = file.get("severity") else { return Ok(Vec::new()) };
    let Kind::Table(entries) = &table.kind else {
        return Err(file.error("severity", "must be a table of built-in rules, such as severity.sleep-loop = \"info\""));
    };
    let entry = |(name, value): &(String, Value)| {
        Ok((built_in(file.text, value.at, "severity", name)?, severity(file, &format!("severity.{name}"), value)?))
    };
    entries.iter().map(entry).collect()
}

fn severity(table: &Table<'_>, key: &str, value: &Value) -> Result<Severity, RulesError> {
    let word = if let Kind::Text(word) = &value.kind { word.as_str() } else { "" };
    let known = SEVERITIES.iter().find(|(name, _)| *name == word);
    known
        .map(|&(_, severity)| severity)
        .ok_or_else(|| RulesError::at(table.text, value.at, format!("{key}: must be \"info\", \"warning\" or \"critical\"")))
}

fn built_in(text: &str, at: usize, key: &str, name: &str) -> Result<Cow<'static, str>, RulesError> {
    Rule::find(name).map(|rule| Cow::Borrowed(rule.name)).ok_or_else(|| {
        let names: Vec<_> = stackherd_core::finding::RULES.iter().map(|rule| rule.name).collect();
        RulesError::at(text, at, format!("{key}: there is no built-in rule {name:?}; there are {}", names.join(", ")))
    })
}

/// A table whose keys are all known.
struct Table<'a> {
    text: &'a str,
    at: usize,
    entries: &'a [(String, Value)],
}

impl<'a> Table<'a> {
    fn new(text: &'a str, value: &'a Value, what: &str, allowed: &[&str]) -> Result<Self, RulesError> {
        let Kind::Table(entries) = &value.kind else {
            let message = format!("{what} must be a table with the keys {}", allowed.join(", "));
            return Err(RulesError::at(text, value.at, message));
        };
        if let Some((key, value)) = entries.iter().find(|(key, _)| !allowed.contains(&key.as_str())) {
            let message = format!("unknown key {key:?} in {what}; allowed are {}", allowed.join(", "));
            return Err(RulesError::at(text, value.at, message));
        }
        Ok(Self { text, at: value.at, entries })
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// An error about the value of `key`.
    fn error(&self, key: &str, message: &str) -> RulesError {
        RulesError::at(self.text, self.get(key).map_or(self.at, |value| value.at), format!("{key}: {message}"))
    }

    fn list(&self, key: &str) -> Result<&'a [Value], RulesError> {
        match self.get(key).map(|value| &value.kind) {
            None => Ok(&[]),
            Some(Kind::List(values)) if values.len() > MAX_ENTRIES => {
                Err(self.error(key, &format!("more than {MAX_ENTRIES} entries")))
            }
            Some(Kind::List(values)) => Ok(values),
            Some(_) => Err(self.error(key, "must be a list")),
        }
    }

    fn tables(&self, key: &str, what: &str, allowed: &[&str]) -> Result<Vec<Table<'a>>, RulesError> {
        self.list(key)?.iter().map(|value| Table::new(self.text, value, what, allowed)).collect()
    }

    fn texts(&self, key: &str) -> Result<Vec<(usize, &'a str)>, RulesError> {
        let text = |value: &'a Value| match &value.kind {
            Kind::Text(text) => Ok((value.at, text.as_str())),
            _ => Err(RulesError::at(self.text, value.at, format!("{key}: must be a list of texts"))),
        };
        self.list(key)?.iter().map(text).collect()
    }

    fn number(&self, key: &str) -> Result<Option<u64>, RulesError> {
        match self.get(key).map(|value| &value.kind) {
            None => Ok(None),
            Some(Kind::Number(number)) => Ok(Some(*number)),
            Some(_) => Err(self.error(key, "must be a whole number from 0")),
        }
    }

    /// A text of one line that is not empty.
    fn sentence(&self, key: &str, max_chars: usize) -> Result<Option<String>, RulesError> {
        match self.get(key).map(|value| &value.kind) {
            None => Ok(None),
            Some(Kind::Text(text)) if text.trim().is_empty() => Err(self.error(key, "must not be empty")),
            Some(Kind::Text(text)) if text.chars().any(char::is_control) => Err(self.error(key, "must be one line of text")),
            Some(Kind::Text(text)) if text.chars().count() > max_chars => {
                Err(self.error(key, &format!("has more than {max_chars} characters")))
            }
            Some(Kind::Text(text)) => Ok(Some(text.trim().to_owned())),
            Some(_) => Err(self.error(key, "must be a text")),
        }
    }

    fn required(&self, key: &str, max_chars: usize) -> Result<String, RulesError> {
        self.sentence(key, max_chars)?.ok_or_else(|| self.error(key, "is missing"))
    }

    fn parsed<T>(&self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, RulesError> {
        let Some(text) = self.sentence(key, MAX_SENTENCE)? else { return Ok(None) };
        parse(&text).map(Some).map_err(|message| self.error(key, &message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        UserRules::parse(text).unwrap_err().to_string()
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        let error = error(text);
        assert!(error.starts_with(expected), "{error}");
    }

    /// The example of the language's documentation.
    fn example() -> &'static str {
        let doc = include_str!("language.md");
        doc.split("```toml\n").nth(1).unwrap().split("```").next().unwrap()
    }

    #[test]
    fn ok_the_documented_example_is_one() {
        let rules = UserRules::parse(example()).unwrap();
        assert_eq!((rules.rules.len(), rules.ignores.len()), (1, 1));
        assert_eq!(rules.muted, ["sleep-loop"]);
        assert_eq!(rules.severities, [(Cow::Borrowed("blocked-receivers"), Severity::Info)]);
        let rule = &rules.rules[0];
        assert_eq!((rule.severity, rule.min_count, rule.min_wait_minutes), (Severity::Critical, 20, 5));
        assert_eq!(rules.reference("payment-workers"), Some("https://wiki.example/payment"));
    }

    #[test]
    fn ok_every_key_is_documented() {
        for key in FILE_KEYS.iter().chain(RULE_KEYS).chain(IGNORE_KEYS) {
            assert!(example().contains(key), "{key}");
        }
    }

    #[test]
    fn ok_json_has_the_same_keys() {
        let json = "{\"mute\": [\"crash\"], \"severity\": {\"deadlock\": \"warning\"},\n \"rule\": [{\"name\": \"a\", \"message\": \"b\", \
                    \"state\": [\"select\"]}], \"ignore\": [{\"reason\": \"c\", \"any_function\": \"/x/\"}]}";
        let rules = UserRules::parse(json).unwrap();
        assert_eq!((rules.rules.len(), rules.ignores.len(), rules.muted.len(), rules.severities.len()), (1, 1, 1, 1));
        assert_eq!((rules.rules[0].severity, rules.ignores[0].name.as_str()), (Severity::Warning, "ignored"));
    }

    #[test]
    fn ok_an_empty_file_has_no_rules() {
        for text in ["", " \n", "# nothing\n", "{}", "\u{feff}{}", "\u{feff}# nothing\r\n"] {
            let rules = UserRules::parse(text).unwrap();
            assert!(rules.rules.is_empty() && rules.ignores.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn err_line_key_and_what_is_allowed() {
        check_error("\nmoot = []\n", "line 2: unknown key \"moot\" in the file; allowed are rule, ignore, mute, severity");
        check_error(
            "[[rule]]\nname = \"a\"\nany_fram = \"x\"\n",
            "line 3: unknown key \"any_fram\" in [[rule]]; allowed are name,",
        );
        check_error("{\"rule\": [\n{\"name\": 7}]}", "line 2: name: must be a text");
        check_error(
            "[[rule]]\nname = \"a\"\nmessage = \"b\"\nany_frame = \"(\"\n",
            "line 4: any_frame: \"(\" is no regular expression: ",
        );
        check_error(
            "[[rule]]\nname = \"a\"\nmessage = \"b\"\nany_frame = '(\\w{999}){999}'\n",
            "line 4: any_frame: the expression is too large",
        );
        check_error("[[rule]]\nname = \"a\"\nmessage = \"b\"\n", "line 1: \"a\": a rule needs at least one of any_frame,");
        check_error("[[rule]]\nname = \"a\"\nstate = [\"select\"]\n", "line 1: message: is missing");
        check_error(
            "[[rule]]\nname = \"a\"\nmessage = \"b\"\nstate = [\n\"select\", \"selct\"]\n",
            "line 5: state: \"selct\" is no state; allowed are running,",
        );
        check_error(
            "[[rule]]\nname = \"crash\"\nmessage = \"b\"\nstate = [\"select\"]\n",
            "line 2: name: \"crash\" is a built-in rule;",
        );
        check_error(
            "[[rule]]\nname = \"a\"\nmin_count = -1\nmessage = \"b\"",
            "line 3: min_count: must be a whole number from 0",
        );
        check_error("[[rule]]\nname = \"a\"\nmessage = \"b\\nc\"", "line 3: message: must be one line of text");
        check_error(
            "[[rule]]\nname = \"a\"\nmessage = \"b\"\nstate=[\"io\"]\nreference = \"javascript:x\"",
            "line 5: reference: must be a URL",
        );
        check_error("[[ignore]]\nreason = \"a\"\n", "line 1: an ignore needs at least one of top_function,");
        check_error("[[ignore]]\ntop_function = \"a\"\n", "line 1: reason: is missing");
        check_error(
            "mute = [\"slep-loop\"]",
            "line 1: mute: there is no built-in rule \"slep-loop\"; there are crash, deadlock,",
        );
        check_error("mute = \"crash\"", "line 1: mute: must be a list");
        check_error("\nseverity.crash = \"bad\"", "line 2: severity.crash: must be \"info\", \"warning\" or \"critical\"");
        check_error("severity = \"info\"", "line 1: severity: must be a table");
        check_error("rule = 7", "line 1: rule: must be a list");
        check_error("rule = [7]", "line 1: [[rule]] must be a table");
    }

    #[test]
    fn err_two_rules_of_one_name() {
        let one = "[[rule]]\nname = \"a\"\nmessage = \"b\"\nstate = [\"io\"]\n";
        check_error(&format!("{one}{one}"), "line 5: name: there are two rules called \"a\"");
    }

    #[test]
    fn err_limits() {
        check_error(&"#".repeat(MAX_BYTES + 1), "line 1: the file has more than 1048576 bytes");
        check_error(
            &"[[ignore]]\nreason = \"a\"\ntop_function = \"b\"\n".repeat(1001),
            "line 1: ignore: more than 1000 entries",
        );
    }
}
