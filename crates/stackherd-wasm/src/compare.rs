//! The typed API of several dumps.

use stackherd_report::protocol::{ChangeQuery, ChangeSort, CompareOptions};
use stackherd_report::{Category, ComparisonMode, GroupStatus, Language, Relation, Similarity};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::bad_usage;
use crate::session::{DEFAULT_LIMIT, Session, get, language, number, to_js, word, words};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface ComparisonOptions {
    /** How the dumps relate; default "auto". */
    as?: "auto" | ComparisonMode;
    /** Whether they are of one process; default: told from them. */
    relation?: Relation;
    /** The dump the others compare to, by its number from `add`; default: the first in time. */
    baseline?: number;
    /** The dump that is compared; default: the last in time. */
    target?: number;
    /** Of the sentences; default "en". */
    language?: Language;
}

export interface ChangesOptions {
    /** Substring of a function, file, state or creator; a regular expression between slashes. */
    filter?: string;
    categories?: Category[];
    statuses?: GroupStatus[];
    sort?: ChangeSort;
    ascending?: boolean;
    /** Leave out groups that are idle wherever they are. */
    hidesIdle?: boolean;
    offset?: number;
    /** Default 50. */
    limit?: number;
}
"#;

#[wasm_bindgen]
impl Session {
    /// Groups the goroutines of all dumps anew. Keys of groups change with it.
    ///
    /// # Errors
    /// When the level is unknown.
    pub fn regroup(&self, #[wasm_bindgen(unchecked_param_type = "Similarity")] by: &str) -> Result<(), JsValue> {
        let similarity = word(Similarity::ALL, Similarity::as_str, by)?;
        self.engine.borrow_mut().regroup(similarity, None);
        Ok(())
    }

    /// Notes when a dump was taken, RFC 3339; without a time, what its file says counts again.
    #[wasm_bindgen(js_name = setCapturedAt)]
    pub fn set_captured_at(&self, dump: u32, time: Option<String>) {
        self.engine.borrow_mut().set_captured_at(dump, time);
    }

    /// How the dumps differ, without the rows; `null` below two dumps with goroutines. The options count for what is asked
    /// from now on.
    ///
    /// # Errors
    /// When an option has the wrong type.
    #[wasm_bindgen(unchecked_return_type = "ComparisonView | null")]
    pub fn comparison(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ComparisonOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let language = if options.is_undefined() || options.is_null() { Language::default() } else { language(&options)? };
        self.engine.borrow_mut().set_comparison(compare_options(&options)?);
        to_js(&self.engine.borrow_mut().comparison(language))
    }

    /// Rows of the comparison; `null` when there is none.
    ///
    /// # Errors
    /// When an option has the wrong type.
    #[wasm_bindgen(unchecked_return_type = "ChangePage | null")]
    pub fn changes(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "ChangesOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (query, offset, limit) = change_query(&options)?;
        to_js(&self.engine.borrow_mut().changes(&query, offset, limit))
    }

    /// One row of the comparison in full; `null` when there is none with that key.
    ///
    /// # Errors
    /// When the result can't be turned into an object.
    #[wasm_bindgen(unchecked_return_type = "ChangeDetail | null")]
    pub fn change(&self, key: &str) -> Result<JsValue, JsValue> {
        to_js(&self.engine.borrow_mut().change(key))
    }

    /// One instance against the median one; `null` when the dump is not compared.
    ///
    /// # Errors
    /// When the result can't be turned into an object.
    #[wasm_bindgen(unchecked_return_type = "InstanceView | null")]
    pub fn instance(&self, dump: u32) -> Result<JsValue, JsValue> {
        to_js(&self.engine.borrow_mut().instance(dump))
    }
}

impl Session {
    /// What `analyze` was told of several dumps.
    pub(crate) fn set_analyze_comparison(&self, options: &JsValue) -> Result<(), JsValue> {
        if let Some(by) = get(options, "by")?.as_string() {
            self.regroup(&by)?;
        }
        if let Some(pattern) = get(options, "instance")?.as_string() {
            let set = self.engine.borrow_mut().set_instance_pattern(&pattern);
            set.map_err(|error| bad_usage(&format!("instance: {error}")))?;
        }
        self.engine.borrow_mut().set_comparison(compare_options(options)?);
        Ok(())
    }
}

fn compare_options(options: &JsValue) -> Result<CompareOptions, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(CompareOptions::default());
    }
    let mode = match get(options, "as")?.as_string().as_deref() {
        None | Some("auto") => None,
        Some(mode) => Some(word(ComparisonMode::ALL, ComparisonMode::as_str, mode)?),
    };
    let relation = match get(options, "relation")?.as_string() {
        None => None,
        Some(relation) => Some(word(Relation::ALL, Relation::as_str, &relation)?),
    };
    Ok(CompareOptions { mode, relation, baseline: number(options, "baseline")?, target: number(options, "target")? })
}

fn change_query(options: &JsValue) -> Result<(ChangeQuery, u32, u32), JsValue> {
    let mut query = ChangeQuery::default();
    if options.is_undefined() || options.is_null() {
        return Ok((query, 0, DEFAULT_LIMIT));
    }
    query.text = get(options, "filter")?.as_string().unwrap_or_default();
    query.ascending = get(options, "ascending")?.is_truthy();
    query.hides_idle = get(options, "hidesIdle")?.is_truthy();
    query.categories = words(options, "categories", Category::ALL, Category::as_str)?;
    query.statuses = words(options, "statuses", GroupStatus::ALL, GroupStatus::as_str)?;
    if let Some(sort) = get(options, "sort")?.as_string() {
        query.sort = word(ChangeSort::ALL, ChangeSort::as_str, &sort)?;
    }
    Ok((query, number(options, "offset")?.unwrap_or(0), number(options, "limit")?.unwrap_or(DEFAULT_LIMIT)))
}
