//! A session: dumps that are read, kept and asked about.
//!
//! The engine is what every door talks to. It takes bytes in chunks, peels off compression, hands the text to
//! `stackherd-core`, and answers with the plain types of `stackherd-report`. It knows no browser, no file and no clock.
//!
//! - [`Session`] holds dumps and answers requests.
//! - [`Session::report`] makes the report of the terminal program and of JavaScript's `analyze`.
//! - [`merge`](merge()) joins reports without their dumps.
//! - [`Session::set_rules`] takes the reader's own rules; [`RulesError`] says where a rules file is wrong.
//! - [`Session::export`] makes texts to act with; [`stories`] folds findings that several dumps share.

mod compare;
mod convert;
mod detail;
mod export;
mod finding_text;
mod instances;
mod judged;
mod markdown;
mod merge;
mod names;
mod pattern;
mod phrases;
mod query;
mod reading;
mod report;
mod requests;
mod rows;
mod session;
mod story;
mod times;
mod unpack;
mod user_rules;

pub use merge::{MergeError, merge};
pub use session::Session;
pub use story::{Story, stories};
pub use times::{is_time, time_text};
pub use user_rules::RulesError;
