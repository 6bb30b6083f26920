//! Errors as JavaScript sees them.

use js_sys::{Error, Reflect};
use stackherd_engine::RulesError;
use stackherd_report::protocol::Failure;
use wasm_bindgen::JsValue;

/// An `Error` named `StackherdError` with a `code`, a word of the issue kinds, `bad-usage`, `bad-rules` or `aborted`.
pub(crate) fn error(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("StackherdError");
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

/// The same for an input that could not be read.
pub(crate) fn from_failure(failure: &Failure) -> JsValue {
    error(failure.kind.as_str(), &failure.message)
}

/// The caller passed something else than the declared types.
pub(crate) fn bad_usage(message: &str) -> JsValue {
    error("bad-usage", message)
}

/// A rules file that can't be used; the message starts with the line.
pub(crate) fn bad_rules(error: &RulesError) -> JsValue {
    self::error("bad-rules", &error.to_string())
}
