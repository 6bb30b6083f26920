//! The JavaScript API under Node: every kind of input, every result, every error.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use stackherd_wasm::{Session, analyze};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Blob;

const DUMP: &str = "goroutine 7 [chan send, 3 minutes]:\nmain.work(0x1)\n\t/src/main.go:9 +0x1\ncreated by main.main in goroutine 1\n\t\
                    /src/main.go:5 +0x2\n\ngoroutine 8 [chan send, 9 minutes]:\nmain.work(0x2)\n\t/src/main.go:9 +0x1\ncreated by \
                    main.main in goroutine 1\n\t/src/main.go:5 +0x2\n\ngoroutine 1 [select]:\nmain.main()\n\t/src/main.go:7 +0x3\n";

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| Reflect::get(&value, &key.into()).unwrap())
}

fn text(value: &JsValue, path: &str) -> String {
    let value = get(value, path);
    value.as_string().unwrap_or_else(|| JSON::stringify(&value).unwrap().into())
}

fn options(pairs: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in pairs {
        Reflect::set(&object, &(*key).into(), value).unwrap();
    }
    object.into()
}

fn blob() -> Blob {
    Blob::new_with_str_sequence(&Array::of1(&DUMP.into())).unwrap()
}

#[wasm_bindgen_test]
async fn ok_analyze_gives_the_report_of_the_contract() {
    let report = analyze(Array::of1(&DUMP.into()), JsValue::UNDEFINED).await.unwrap();
    assert_eq!(text(&report, "schema"), "stackherd.report/1");
    assert_eq!(text(&report, "totals.goroutines"), "3");
    assert_eq!(text(&report, "totals.by_category.chan-send"), "2");
    assert_eq!(text(&report, "groups.0.goroutines"), "2");
    assert_eq!(text(&report, "groups.0.stack.0.function"), "main.work");
    assert_eq!(text(&report, "groups.0.goids"), "[7,8]");
    assert_eq!(text(&report, "comparison"), "null");
    assert_eq!(text(&report, "dumps.0.format"), "traceback");
}

#[wasm_bindgen_test]
async fn ok_text_bytes_buffers_and_blobs_read_the_same() {
    let bytes = Uint8Array::from(DUMP.as_bytes());
    let inputs: [JsValue; 4] = [DUMP.into(), bytes.clone().into(), bytes.buffer().into(), blob().into()];
    for input in inputs {
        let report = analyze(Array::of1(&input), JsValue::UNDEFINED).await.unwrap();
        assert_eq!(text(&report, "totals.goroutines"), "3");
        assert_eq!(text(&report, "totals.groups"), "2");
    }
}

#[wasm_bindgen_test]
async fn ok_session_lists_sorts_and_filters_groups() {
    let session = Session::new();
    let opened = session.add(blob().into(), options(&[("name", "pod-7".into())])).await.unwrap();
    let dump = get(&opened, "dumps.0.dump");
    assert_eq!((text(&dump, "id"), text(&dump, "name"), text(&dump, "goroutines")), ("0".into(), "pod-7".into(), "3".into()));
    assert_eq!(text(&opened, "issues"), "[]");
    let page = session.groups(JsValue::UNDEFINED).unwrap();
    assert_eq!(text(&page, "rows.0.top.name"), "work");
    let page = session
        .groups(options(&[("filter", "main.main".into()), ("sort", "goroutines".into()), ("ascending", true.into())]))
        .unwrap();
    assert_eq!((text(&page, "matched_groups"), text(&page, "rows.0.goroutines")), ("2".into(), "1".into()));
    let page = session.groups(options(&[("categories", Array::of1(&"select".into()).into())])).unwrap();
    assert_eq!((text(&page, "matched_groups"), text(&page, "rows.0.state")), ("1".into(), "select".into()));
    let key = text(&page, "rows.0.key");
    let detail = session.group(0, &key).unwrap();
    assert_eq!(text(&detail, "stack.0.short_file"), "src/main.go");
    assert_eq!(text(&detail, "goroutines.0.goid"), "1");
    assert_eq!(session.goroutines(0, &key, 0, 10).unwrap().dyn_into::<Array>().unwrap().length(), 1);
    session.remove(0);
    assert_eq!(text(&session.groups(options(&[("dump", 0.into())])).unwrap_err(), "code"), "bad-usage");
}

#[wasm_bindgen_test]
async fn ok_archives_hold_several_dumps() {
    // By `tar -c a.txt b.txt | xz`: this dump twice.
    let packed = Uint8Array::from(include_bytes!("two-dumps.tar.xz").as_slice());
    let report = analyze(Array::of1(&packed), JsValue::UNDEFINED).await.unwrap();
    assert_eq!(text(&report, "totals.goroutines"), "6");
    assert_eq!(text(&report, "dumps.1.name"), "dump 1/b.txt");
    assert_eq!(text(&report, "groups.0.per_dump"), "[2,2]");
}

#[wasm_bindgen_test]
async fn err_inputs_have_a_code_and_say_what_they_are() {
    let cases: [(JsValue, &str, &str); 4] = [
        ("heap profile: 1: 2048 [1: 2049] @ heap/1048576".into(), "unsupported-profile", "heap profile"),
        ("".into(), "unrecognized", "empty"),
        (Uint8Array::from(b"\x89PNG\r\n\x1a\n".as_slice()).into(), "unrecognized", "picture"),
        (7.into(), "bad-usage", "a dump must be"),
    ];
    for (input, code, message) in cases {
        let error = analyze(Array::of1(&input), JsValue::UNDEFINED).await.unwrap_err();
        assert_eq!((text(&error, "name").as_str(), text(&error, "code").as_str()), ("StackherdError", code));
        assert!(text(&error, "message").contains(message), "{}", text(&error, "message"));
    }
    let error = analyze(Array::of1(&DUMP.into()), options(&[("by", "moon".into())])).await.unwrap_err();
    assert_eq!(text(&error, "code"), "bad-usage");
}

#[wasm_bindgen_test]
async fn err_an_aborted_reading_leaves_no_dump() {
    let controller = web_sys::AbortController::new().unwrap();
    controller.abort();
    let session = Session::new();
    let error = session.add(blob().into(), options(&[("signal", controller.signal().into())])).await.unwrap_err();
    assert_eq!(text(&error, "code"), "aborted");
    assert_eq!(text(&session.report().unwrap(), "dumps"), "[]");
}

/// The dump some time later: five more senders, and main is gone.
fn later() -> String {
    let sender = |goid| {
        format!(
            "goroutine {goid} [chan send, 1 minutes]:\nmain.work(0x1)\n\t/src/main.go:9 +0x1\ncreated by main.main in goroutine 1\n\t/src/main.go:5 +0x2\n\n"
        )
    };
    [7, 8, 30, 31, 32, 33, 34].map(sender).concat()
}

#[wasm_bindgen_test]
async fn ok_analyze_compares_several_dumps() {
    let inputs = Array::of2(&DUMP.into(), &later().into());
    let report = analyze(inputs.clone(), JsValue::UNDEFINED).await.unwrap();
    assert_eq!((text(&report, "similarity"), text(&report, "comparison.mode")), ("stack".into(), "series".into()));
    assert_eq!(
        (text(&report, "comparison.groups.0.status"), text(&report, "comparison.groups.0.counts")),
        ("grown".into(), "[2,7]".into())
    );
    let options = options(&[
        ("by", "function".into()),
        ("as", "fleet".into()),
        ("baseline", 1.into()),
        ("instance", "dump ([0-9])".into()),
    ]);
    let report = analyze(inputs, options).await.unwrap();
    assert_eq!((text(&report, "similarity"), text(&report, "comparison.mode")), ("function".into(), "fleet".into()));
    assert_eq!(
        (text(&report, "comparison.baseline"), text(&report, "comparison.instances")),
        ("1".into(), r#"["1","2"]"#.into())
    );
}

#[wasm_bindgen_test]
async fn ok_session_compares_dumps() {
    let session = Session::new();
    assert!(session.comparison(JsValue::UNDEFINED).unwrap().is_null());
    assert!(session.changes(JsValue::UNDEFINED).unwrap().is_null());
    session.add(DUMP.into(), options(&[("capturedAt", "2026-11-21T12:00:00Z".into())])).await.unwrap();
    session.add(later().into(), JsValue::UNDEFINED).await.unwrap();
    session.set_captured_at(1, Some("2026-11-21T12:05:00Z".to_owned()));
    let view = session.comparison(options(&[("relation", "same-process".into()), ("language", "zh-CN".into())])).unwrap();
    assert_eq!(
        (text(&view, "minutes"), text(&view, "delta"), text(&view, "relation")),
        ("5".into(), "4".into(), "same-process".into())
    );
    let page = session.changes(options(&[("statuses", Array::of1(&"grown".into()).into()), ("sort", "delta".into())])).unwrap();
    assert_eq!(
        (text(&page, "matched_groups"), text(&page, "rows.0.delta"), text(&page, "rows.0.per_minute")),
        ("1".into(), "5".into(), "1".into())
    );
    let detail = session.change(&text(&page, "rows.0.key")).unwrap();
    assert_eq!((text(&detail, "dump"), text(&detail, "before")), ("1".into(), "2".into()));
    assert!(session.change("00").unwrap().is_null());
    assert_eq!(text(&session.instance(0).unwrap(), "position"), "0");
    session.regroup("culprit").unwrap();
    assert_eq!(text(&session.comparison(JsValue::UNDEFINED).unwrap(), "similarity"), "culprit");
    for error in [
        session.regroup("moon").unwrap_err(),
        session.comparison(options(&[("as", "moon".into())])).unwrap_err(),
        session.changes(options(&[("sort", "moon".into())])).unwrap_err(),
        analyze(Array::of1(&DUMP.into()), options(&[("instance", "(".into())])).await.unwrap_err(),
    ] {
        assert_eq!(text(&error, "code"), "bad-usage", "{}", text(&error, "message"));
    }
}

/// Rules that find the senders and ignore main.
const RULES: &str = "[[rule]]\nname = \"stuck\"\nmessage = \"{count} stuck at {place}\"\nany_frame = 'work$'\n\
                     [[ignore]]\nname = \"main\"\nreason = \"It waits.\"\ntop_function = \"main.main\"\n";

#[wasm_bindgen_test]
async fn ok_analyze_applies_rules() {
    let options = options(&[("rules", RULES.into()), ("language", "zh-CN".into())]);
    let report = analyze(Array::of1(&DUMP.into()), options).await.unwrap();
    assert_eq!(text(&report, "findings.0.rule"), "stuck");
    assert_eq!(text(&report, "findings.0.title"), "2 stuck at main.go:9");
    assert_eq!(text(&report, "findings.0.groups"), "[1]");
    assert!(text(&report, "findings.0.evidence.0").contains("符合你的规则"), "{}", text(&report, "findings.0.evidence.0"));
    assert_eq!(text(&report, "totals.idle_goroutines"), "1");
}

#[wasm_bindgen_test]
async fn ok_session_answers_what_is_wrong() {
    let session = Session::new();
    session.add(DUMP.into(), JsValue::UNDEFINED).await.unwrap();
    session.set_rules(RULES).unwrap();
    let judgement = session.findings(JsValue::UNDEFINED).unwrap();
    assert_eq!((text(&judgement, "findings.0.rule"), text(&judgement, "idle_groups")), ("stuck".into(), "1".into()));
    let chinese = session.findings(options(&[("dump", 0.into()), ("language", "zh-CN".into())])).unwrap();
    assert!(text(&chinese, "findings.0.markdown").contains("卡在"), "{}", text(&chinese, "findings.0.markdown"));
    let busy = session.groups(options(&[("hidesIdle", true.into())])).unwrap();
    assert_eq!((text(&busy, "matched_groups"), text(&busy, "rows.0.finding.rule")), ("1".into(), "stuck".into()));
    assert!(get(&session.blocking(JsValue::UNDEFINED).unwrap(), "objects").is_instance_of::<Array>());
    assert!(get(&session.ancestry(JsValue::UNDEFINED).unwrap(), "sites").is_instance_of::<Array>());
    assert!(session.export("prometheus-rule", JsValue::UNDEFINED).unwrap().contains("go_goroutines > "));
    let summary = session.export("incident-summary", options(&[("language", "zh-CN".into())])).unwrap();
    assert!(summary.contains("## 发现"), "{summary}");
    session.set_rules("[[ignore]]\nreason = \"It drains.\"\ntop_function = \"main.work\"").unwrap();
    let goleak = session.export("goleak-options", JsValue::UNDEFINED).unwrap();
    assert!(goleak.contains("goleak.IgnoreTopFunction(\"main.work\"),"), "{goleak}");
}

#[wasm_bindgen_test]
async fn err_rules_and_options_say_what_is_wrong() {
    let session = Session::new();
    let error = session.set_rules("\nmoot = []").unwrap_err();
    assert_eq!(text(&error, "code"), "bad-rules");
    assert!(text(&error, "message").starts_with("line 2: unknown key"), "{}", text(&error, "message"));
    assert_eq!(text(&session.findings(JsValue::UNDEFINED).unwrap_err(), "message"), "no dump was added");
    session.add(DUMP.into(), JsValue::UNDEFINED).await.unwrap();
    for error in [
        session.findings(options(&[("dump", 7.into())])).unwrap_err(),
        session.blocking(options(&[("language", "tlh".into())])).unwrap_err(),
        session.export("moon", JsValue::UNDEFINED).unwrap_err(),
        analyze(Array::of1(&DUMP.into()), options(&[("rules", 7.into())])).await.unwrap_err(),
    ] {
        assert_eq!(text(&error, "code"), "bad-usage", "{}", text(&error, "message"));
    }
    let error = analyze(Array::of1(&DUMP.into()), options(&[("rules", "x".into())])).await.unwrap_err();
    assert_eq!(text(&error, "code"), "bad-rules");
}
