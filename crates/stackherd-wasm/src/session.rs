//! The typed API: [`Session`] and [`analyze`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect};
use serde::Serialize;
use stackherd_engine as engine;
use stackherd_report::protocol::{ExportKind, GroupQuery, SortKey};
use stackherd_report::{Category, Language};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::error::{bad_rules, bad_usage, from_failure};
use crate::input::{Input, InputOptions};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type DumpInput = File | Blob | Uint8Array | ArrayBuffer | string;

export interface AddOptions {
    /** Shown and reported; default: the file's name. */
    name?: string;
    /** When it was taken, RFC 3339; default: what the dump, its name or its file says. */
    capturedAt?: string;
    /** Called as bytes are read, for a File or Blob. */
    onProgress?: (bytes: number, size: number) => void;
    /** Stops the reading; `add` then rejects with code "aborted". */
    signal?: AbortSignal;
}

export interface AnalyzeOptions {
    /** How alike the goroutines of a group are; default "stack". */
    by?: Similarity;
    /** How several dumps relate; default "auto". */
    as?: "auto" | ComparisonMode;
    /** The dump the others compare to, by its position; default: the first in time. */
    baseline?: number;
    /** Finds the name of an instance in the name of its dump: the first group, or the whole match. */
    instance?: string;
    /** Package prefixes that are your own code. */
    app?: string[];
    /** Your own rules and what to ignore, as TOML or JSON. */
    rules?: string;
    /** Of the sentences; default "en". */
    language?: Language;
}

export interface DumpOptions {
    /** Number from `add`; default: the dump added last. */
    dump?: number;
    /** Of the sentences; default "en". */
    language?: Language;
}

export interface GroupsOptions {
    /** Number from `add`; default: the dump added last. */
    dump?: number;
    /** Substring of a function, file, state or creator; a regular expression between slashes. */
    filter?: string;
    categories?: Category[];
    sort?: SortKey;
    ascending?: boolean;
    /** Leave out groups that are idle. */
    hidesIdle?: boolean;
    offset?: number;
    /** Default 50. */
    limit?: number;
}

/** What every function throws. */
export interface StackherdError extends Error {
    name: "StackherdError";
    /** "bad-rules": the message says on which line. */
    code: IssueKind | "aborted" | "bad-usage" | "bad-rules";
}
"#;

/// Rows of [`Session::groups`] when no limit is given.
pub(crate) const DEFAULT_LIMIT: u32 = 50;

/// Keeps dumps and answers questions about them.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Session {
    pub(crate) engine: Rc<RefCell<engine::Session>>,
    /// Number of the next input.
    next: Cell<u32>,
    /// The dump added last.
    last: Cell<Option<u32>>,
}

#[wasm_bindgen]
impl Session {
    /// An empty session.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a file and resolves to what was read: one dump or several, known by their `dump.id`.
    ///
    /// # Errors
    /// When the input holds no dump, can't be read, or was aborted.
    #[wasm_bindgen(unchecked_return_type = "Opened")]
    pub async fn add(
        &self,
        #[wasm_bindgen(unchecked_param_type = "DumpInput")] input: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "AddOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (input, options) = (Input::from_js(&input)?, InputOptions::from_js(&options)?);
        let number = self.next.replace(self.next.get() + 1);
        let name = options.name.clone().or_else(|| input.name()).unwrap_or_else(|| format!("dump {}", number + 1));
        self.engine.borrow_mut().open(number, name, input.modified_at());
        let read = input.read(&options, |chunk| {
            self.engine.borrow_mut().push(number, chunk);
        });
        if let Err(error) = read.await {
            self.engine.borrow_mut().cancel(number);
            return Err(error);
        }
        let mut opened = self.engine.borrow_mut().finish(number, false).map_err(|failure| from_failure(&failure))?;
        self.last.set(opened.dumps.last().map(|summary| summary.dump.id));
        if let (Some(time), [summary]) = (options.captured_at, opened.dumps.as_mut_slice()) {
            self.engine.borrow_mut().set_captured_at(summary.dump.id, Some(time.clone()));
            summary.dump.captured_at = Some(time);
        }
        to_js(&opened)
    }

    /// Rows of the groups table.
    ///
    /// # Errors
    /// When an option has the wrong type or names no dump.
    #[wasm_bindgen(unchecked_return_type = "GroupPage")]
    pub fn groups(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "GroupsOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let options = GroupsOptions::from_js(&options)?;
        let dump = self.dump(options.dump)?;
        let page = self.engine.borrow_mut().groups(dump, &options.query, options.offset, options.limit);
        to_js(&page.ok_or_else(|| no_dump(dump))?)
    }

    /// What is wrong with a dump: the verdict and the findings, worst first.
    ///
    /// # Errors
    /// When an option has the wrong type or names no dump.
    #[wasm_bindgen(unchecked_return_type = "Judgement")]
    pub fn findings(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "DumpOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (dump, language) = self.dump_options(&options)?;
        to_js(&self.engine.borrow().findings(dump, language).ok_or_else(|| no_dump(dump))?)
    }

    /// What the goroutines of a dump wait for, and who may hold it.
    ///
    /// # Errors
    /// When an option has the wrong type or names no dump.
    #[wasm_bindgen(unchecked_return_type = "BlockingView")]
    pub fn blocking(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "DumpOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (dump, language) = self.dump_options(&options)?;
        to_js(&self.engine.borrow().blocking(dump, language).ok_or_else(|| no_dump(dump))?)
    }

    /// Who started whom: creation sites as a tree.
    ///
    /// # Errors
    /// When an option has the wrong type or names no dump.
    #[wasm_bindgen(unchecked_return_type = "AncestryView")]
    pub fn ancestry(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "DumpOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (dump, _) = self.dump_options(&options)?;
        to_js(&self.engine.borrow().ancestry(dump).ok_or_else(|| no_dump(dump))?)
    }

    /// Takes your own rules, as TOML or JSON; an empty text for none. All dumps are judged again.
    ///
    /// # Errors
    /// When the text is no rules file, with code "bad-rules"; the rules then stay as they were.
    #[wasm_bindgen(js_name = setRules)]
    pub fn set_rules(&self, text: &str) -> Result<(), JsValue> {
        self.engine.borrow_mut().set_rules(text).map_err(|error| bad_rules(&error))
    }

    /// A text to act with: options for goleak, an alert rule of Prometheus, or a summary of the incident.
    ///
    /// # Errors
    /// When the kind is unknown, or an option has the wrong type or names no dump.
    pub fn export(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ExportKind")] kind: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "DumpOptions")] options: JsValue,
    ) -> Result<String, JsValue> {
        let kind = word(ExportKind::ALL, ExportKind::as_str, kind)?;
        let (dump, language) = self.dump_options(&options)?;
        self.engine.borrow().export(Some(dump), kind, language).ok_or_else(|| no_dump(dump))
    }

    /// One group in full; `null` when the dump has none with that key.
    ///
    /// # Errors
    /// When the result can't be turned into an object.
    #[wasm_bindgen(unchecked_return_type = "GroupDetail | null")]
    pub fn group(&self, dump: u32, key: &str) -> Result<JsValue, JsValue> {
        to_js(&self.engine.borrow().group(dump, key))
    }

    /// Goroutines of a group, in the order of the dump.
    ///
    /// # Errors
    /// When the result can't be turned into an object.
    #[wasm_bindgen(unchecked_return_type = "GoroutineRow[]")]
    pub fn goroutines(&self, dump: u32, key: &str, offset: u32, limit: u32) -> Result<JsValue, JsValue> {
        to_js(&self.engine.borrow().goroutines(dump, key, offset, limit))
    }

    /// Forgets a dump.
    pub fn remove(&self, dump: u32) {
        self.engine.borrow_mut().remove(dump);
    }

    /// The report over all dumps.
    ///
    /// # Errors
    /// When the result can't be turned into an object.
    #[wasm_bindgen(unchecked_return_type = "Report")]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        to_js(&self.engine.borrow().report())
    }
}

impl Session {
    /// The dump asked for, else the one added last.
    fn dump(&self, wanted: Option<u32>) -> Result<u32, JsValue> {
        wanted.or(self.last.get()).ok_or_else(|| bad_usage("no dump was added"))
    }

    fn dump_options(&self, options: &JsValue) -> Result<(u32, Language), JsValue> {
        if options.is_undefined() || options.is_null() {
            return Ok((self.dump(None)?, Language::default()));
        }
        Ok((self.dump(number(options, "dump")?)?, language(options)?))
    }
}

/// Reads dumps and resolves to the report over all of them.
///
/// # Errors
/// When one of them holds no goroutine or can't be read.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub async fn analyze(
    #[wasm_bindgen(unchecked_param_type = "DumpInput[]")] inputs: Array,
    #[wasm_bindgen(unchecked_optional_param_type = "AnalyzeOptions")] options: JsValue,
) -> Result<JsValue, JsValue> {
    let session = Session::new();
    let language = if options.is_undefined() || options.is_null() {
        Language::default()
    } else {
        session.set_analyze_options(&options)?;
        language(&options)?
    };
    for input in inputs.iter() {
        session.add(input, JsValue::UNDEFINED).await?;
    }
    to_js(&session.engine.borrow().report_in(language))
}

impl Session {
    fn set_analyze_options(&self, options: &JsValue) -> Result<(), JsValue> {
        self.set_analyze_comparison(options)?;
        let app = get(options, "app")?;
        if !app.is_undefined() {
            let prefixes = serde_wasm_bindgen::from_value(app).map_err(|_| bad_usage("app must be an array of strings"))?;
            self.engine.borrow_mut().set_app_prefixes(prefixes);
        }
        match get(options, "rules")? {
            none if none.is_undefined() || none.is_null() => Ok(()),
            rules => self.set_rules(&rules.as_string().ok_or_else(|| bad_usage("rules must be a string"))?),
        }
    }
}

pub(crate) fn language(options: &JsValue) -> Result<Language, JsValue> {
    match get(options, "language")? {
        none if none.is_undefined() || none.is_null() => Ok(Language::default()),
        language => word(Language::ALL, Language::as_str, &language.as_string().unwrap_or_default()),
    }
}

fn no_dump(dump: u32) -> JsValue {
    bad_usage(&format!("there is no dump {dump}"))
}

struct GroupsOptions {
    dump: Option<u32>,
    query: GroupQuery,
    offset: u32,
    limit: u32,
}

impl GroupsOptions {
    fn from_js(options: &JsValue) -> Result<Self, JsValue> {
        let mut parsed = Self { dump: None, query: GroupQuery::default(), offset: 0, limit: DEFAULT_LIMIT };
        if options.is_undefined() || options.is_null() {
            return Ok(parsed);
        }
        parsed.dump = number(options, "dump")?;
        parsed.offset = number(options, "offset")?.unwrap_or(0);
        parsed.limit = number(options, "limit")?.unwrap_or(DEFAULT_LIMIT);
        parsed.query.text = get(options, "filter")?.as_string().unwrap_or_default();
        parsed.query.ascending = get(options, "ascending")?.is_truthy();
        parsed.query.hides_idle = get(options, "hidesIdle")?.is_truthy();
        if let Some(sort) = get(options, "sort")?.as_string() {
            parsed.query.sort = word(SortKey::ALL, SortKey::as_str, &sort)?;
        }
        parsed.query.categories = words(options, "categories", Category::ALL, Category::as_str)?;
        Ok(parsed)
    }
}

pub(crate) fn get(options: &JsValue, key: &str) -> Result<JsValue, JsValue> {
    Reflect::get(options, &key.into()).map_err(|_| bad_usage("options must be an object"))
}

pub(crate) fn number(options: &JsValue, key: &str) -> Result<Option<u32>, JsValue> {
    let value = get(options, key)?;
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    match value.as_f64() {
        Some(number) if number >= 0.0 && number <= f64::from(u32::MAX) => Ok(Some(number as u32)),
        _ => Err(bad_usage(&format!("{key} must be a number from 0"))),
    }
}

pub(crate) fn word<T: Copy>(all: &[T], as_str: impl Fn(T) -> &'static str, wanted: &str) -> Result<T, JsValue> {
    all.iter().copied().find(|&value| as_str(value) == wanted).ok_or_else(|| {
        let known: Vec<_> = all.iter().map(|&value| as_str(value)).collect();
        bad_usage(&format!("unknown word {wanted:?}; known are {}", known.join(", ")))
    })
}

/// Words of an array; none when there is no array.
pub(crate) fn words<T: Copy>(
    options: &JsValue,
    key: &str,
    all: &[T],
    as_str: impl Fn(T) -> &'static str,
) -> Result<Vec<T>, JsValue> {
    let listed = get(options, key)?;
    let Some(listed) = listed.dyn_ref::<Array>() else { return Ok(Vec::new()) };
    listed.iter().map(|wanted| word(all, &as_str, &wanted.as_string().unwrap_or_default())).collect()
}

/// Plain objects, numbers and `null`, as JSON would have them.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(Into::into)
}
