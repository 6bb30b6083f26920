//! A rules file as a tree, whether it was TOML or JSON, with the place of each value in the text.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use toml::de::{DeTable, DeValue};

use super::RulesError;

/// Tables inside tables; a rules file needs three levels.
const MAX_DEPTH: u32 = 8;

/// A value and where it starts, in bytes; in TOML, where its key does.
#[derive(Debug, PartialEq)]
pub(super) struct Value {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, PartialEq)]
pub(super) enum Kind {
    Text(String),
    /// A whole number from 0.
    Number(u64),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
    /// Something that no rule has.
    Other,
}

/// Reads `text`: JSON when it starts with `{`, else TOML.
pub(super) fn read(text: &str) -> Result<Value, RulesError> {
    if text.trim_start().starts_with('{') { read_json(text) } else { read_toml(text) }
}

fn read_toml(text: &str) -> Result<Value, RulesError> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        RulesError::at(text, at, format!("not TOML: {}", error.message()))
    })?;
    Ok(Value { at: 0, kind: of_toml_table(table.get_ref()) })
}

fn of_toml_table(table: &DeTable<'_>) -> Kind {
    let entries = table.iter().map(|(key, value)| {
        let kind = of_toml(value.get_ref());
        (key.get_ref().clone().into_owned(), Value { at: key.span().start, kind })
    });
    Kind::Table(entries.collect())
}

fn of_toml(value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::String(text) => Kind::Text(text.clone().into_owned()),
        DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).map_or(Kind::Other, Kind::Number),
        DeValue::Array(values) => {
            Kind::List(values.iter().map(|value| Value { at: value.span().start, kind: of_toml(value.get_ref()) }).collect())
        }
        DeValue::Table(table) => of_toml_table(table),
        DeValue::Boolean(_) | DeValue::Float(_) | DeValue::Datetime(_) => Kind::Other,
    }
}

fn read_json(text: &str) -> Result<Value, RulesError> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        // The line is told once.
        let message = message.split(" at line ").next().unwrap_or_default();
        RulesError { line: error.line() as u32, message: format!("not JSON: {message}") }
    })?;
    Ok(of_json(text, raw, MAX_DEPTH))
}

/// The parts of a JSON text lie in the text, so where they start says on which line they are.
fn of_json(text: &str, raw: &RawValue, depth: u32) -> Value {
    let json = raw.get();
    let at = (json.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let kind = match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str(json).map_or(Kind::Other, Kind::Text),
        Some(b'0'..=b'9') => serde_json::from_str(json).map_or(Kind::Other, Kind::Number),
        Some(b'[') if depth > 0 => serde_json::from_str::<Vec<&RawValue>>(json)
            .map_or(Kind::Other, |values| Kind::List(values.iter().map(|value| of_json(text, value, depth - 1)).collect())),
        Some(b'{') if depth > 0 => serde_json::from_str::<BTreeMap<String, &RawValue>>(json).map_or(Kind::Other, |entries| {
            Kind::Table(entries.into_iter().map(|(key, value)| (key, of_json(text, value, depth - 1))).collect())
        }),
        _ => Kind::Other,
    };
    Value { at, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(value: &Value) -> Vec<(usize, String)> {
        match &value.kind {
            Kind::Table(entries) => entries.iter().map(|(key, value)| (value.at, format!("{key}={:?}", value.kind))).collect(),
            other => vec![(value.at, format!("{other:?}"))],
        }
    }

    #[test]
    fn ok_toml_and_json_give_the_same_tree() {
        let toml = read("a = \"x\"\nb = 7\n").unwrap();
        let json = read("\n {\"a\": \"x\",\n \"b\": 7}").unwrap();
        assert_eq!(list(&toml), [(0, "a=Text(\"x\")".to_owned()), (8, "b=Number(7)".to_owned())]);
        assert_eq!(list(&json), [(8, "a=Text(\"x\")".to_owned()), (19, "b=Number(7)".to_owned())]);
    }

    #[test]
    fn err_broken_texts_name_their_line() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        assert!(error("a = 1\nb = \n").starts_with("line 2: not TOML: "), "{}", error("a = 1\nb = \n"));
        assert!(error("{\"a\": 1,\n\"b\": }").starts_with("line 2: not JSON: "), "{}", error("{\"a\": 1,\n\"b\": }"));
        assert!(error("{} x").starts_with("line 1: not JSON: "));
    }

    #[test]
    fn err_deep_texts_do_not_overflow_the_stack() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        // Read or refused, it ends.
        let _ = read(&deep);
        let _ = read(&format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000)));
    }
}
