//! The report's contract: a committed JSON Schema that matches the types, and reports that match the schema.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};
use stackherd_engine::Session;
use stackherd_report::{Report, SCHEMA};

use crate::corpus::{entries, workspace};

fn path() -> PathBuf {
    workspace().join("crates/stackherd-report/report.schema.json")
}

fn generated() -> Value {
    serde_json::to_value(schemars::schema_for!(Report)).unwrap()
}

#[test]
fn ok_committed_schema_is_that_of_the_types() {
    let expected = serde_json::to_string_pretty(&generated()).unwrap() + "\n";
    if std::env::var_os("STACKHERD_BLESS").is_some() {
        fs::write(path(), &expected).unwrap();
    }
    let committed = fs::read_to_string(path()).unwrap_or_default();
    assert!(committed == expected, "report.schema.json is out of date; STACKHERD_BLESS=1 rewrites it");
}

/// A validator for what the generated schema uses. An unknown keyword is a failure, so that nothing is left unchecked.
struct Validator {
    definitions: Map<String, Value>,
    problems: Vec<String>,
}

impl Validator {
    fn check(&mut self, schema: &Value, value: &Value, at: &str) {
        let Value::Object(schema) = schema else {
            if schema == &Value::Bool(false) {
                self.problems.push(format!("{at}: nothing is allowed here"));
            }
            return;
        };
        for (keyword, rule) in schema {
            self.check_keyword(schema, keyword, rule, value, at);
        }
    }

    fn check_keyword(&mut self, schema: &Map<String, Value>, keyword: &str, rule: &Value, value: &Value, at: &str) {
        let is_valid = match keyword {
            "$schema" | "$defs" | "title" | "description" | "format" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                let definition = self.definitions[name].clone();
                self.check(&definition, value, at);
                true
            }
            "type" => match rule {
                Value::Array(types) => types.iter().any(|rule| has_type(rule, value)),
                rule => has_type(rule, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().unwrap().contains(value),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "oneOf" | "anyOf" => rule.as_array().unwrap().iter().any(|rule| self.accepts(rule, value)),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(rule, item, &format!("{at}[{index}]"));
                }
                true
            }
            "required" => {
                let names = rule.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                value.as_object().is_none_or(|object| names.into_iter().all(|name| object.contains_key(name)))
            }
            "properties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(rule) => self.check(rule, value, &format!("{at}.{name}")),
                        None if schema.contains_key("additionalProperties") => {}
                        None => self.problems.push(format!("{at}.{name} is not in the schema")),
                    }
                }
                true
            }
            "additionalProperties" => {
                let listed = schema.get("properties").and_then(Value::as_object);
                for (name, value) in value.as_object().into_iter().flatten() {
                    if listed.is_none_or(|listed| !listed.contains_key(name)) {
                        self.check(rule, value, &format!("{at}.{name}"));
                    }
                }
                true
            }
            other => panic!("the schema uses {other}, which this test does not check"),
        };
        if !is_valid {
            self.problems.push(format!("{at}: {value} breaks {keyword} {rule}"));
        }
    }

    fn accepts(&self, schema: &Value, value: &Value) -> bool {
        let mut inner = Self { definitions: self.definitions.clone(), problems: Vec::new() };
        inner.check(schema, value, "");
        inner.problems.is_empty()
    }
}

fn has_type(rule: &Value, value: &Value) -> bool {
    match rule.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        other => panic!("unknown type {other}"),
    }
}

fn problems(report: &Value) -> Vec<String> {
    let schema = generated();
    let definitions = schema["$defs"].as_object().unwrap().clone();
    let mut validator = Validator { definitions, problems: Vec::new() };
    validator.check(&schema, report, "report");
    validator.problems
}

fn report(path_parts: &[&str]) -> Value {
    let mut session = Session::default();
    let mut inputs = 0..;
    for entry in entries() {
        if path_parts.iter().any(|part| entry.path.contains(part)) {
            let _ = session.add(inputs.next().unwrap(), entry.path.as_str(), &entry.raw());
        }
    }
    serde_json::to_value(session.report()).unwrap()
}

#[test]
fn ok_reports_match_the_schema() {
    for part in
        ["crash/1.27.3/n", "scenarios/shapes/1.27", "public/gostackparse/", "trunc/t0.stack4096", "packed/pods.zip", "tests/"]
    {
        let report = report(&[part]);
        assert!(report["groups"].as_array().is_some_and(|groups| !groups.is_empty()), "{part}");
        assert_eq!(problems(&report), [""; 0], "{part}");
    }
}

#[test]
fn err_the_validator_sees_what_is_wrong() {
    let mut report = report(&["crash/1.27.3/nilderef.all"]);
    report["dumps"][0]["format"] = "abacus".into();
    report["totals"]["goroutines"] = "many".into();
    report["groups"][0].as_object_mut().unwrap().remove("key");
    report["groups"][0]["extra"] = 1.into();
    assert_eq!(problems(&report).len(), 4, "{:#?}", problems(&report));
}

/// Names that scripts and other tools read. They may gain companions and never change.
#[test]
fn ok_contract_keeps_its_names() {
    let report = report(&["crash/1.27.3/nilderef.all", "shapes/1.26.6-labels", "scenarios/notify/1.27.3/t3.debug2"]);
    assert_eq!(report["schema"], SCHEMA);
    assert_eq!(SCHEMA, "stackherd.report/1");
    let has = |value: &Value, names: &str| {
        for name in names.split_whitespace() {
            assert!(value.get(name).is_some(), "{name} is missing in {value}");
        }
    };
    has(&report, "schema generator inputs dumps totals groups findings comparison blocking");
    has(&report["generator"], "name version");
    has(
        &report["dumps"][0],
        "id name format kind bytes goroutines declared_goroutines distinct_stacks go_version crash issues captured_at \
         source notes series line",
    );
    has(&report["inputs"][0], "name bytes dumps issues");
    has(&report["dumps"][0]["crash"], "kind message goid");
    has(&report["totals"], "goroutines groups idle_goroutines by_category");
    for group in report["groups"].as_array().unwrap() {
        has(
            group,
            "rank key goroutines per_dump category wait_reasons wait_minutes stack frames_elided created_by culprit idle leaked \
             locked_to_thread labels goids score",
        );
        has(&group["wait_reasons"][0], "text goroutines");
        for frame in group["stack"].as_array().unwrap() {
            has(frame, "function file line origin inlined");
        }
    }
    let of_some_group = |name: &str| {
        let groups = report["groups"].as_array().unwrap();
        let found = groups.iter().map(|group| &group[name]).find(|value| !value.is_null() && **value != Value::Array(vec![]));
        found.unwrap_or_else(|| panic!("no group has {name}"))
    };
    has(of_some_group("wait_minutes"), "known min p50 p95 max");
    has(of_some_group("created_by"), "function file line");
    has(&of_some_group("labels")[0], "key value goroutines");
    assert_eq!(report["groups"][0]["key"].as_str().unwrap().len(), 16);
}
