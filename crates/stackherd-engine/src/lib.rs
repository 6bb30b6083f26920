//! A session: dumps that are read, kept and asked about.
//!
//! The engine is what every door talks to. It takes bytes in chunks, peels off compression, hands the text to
//! `stackherd-core`, and answers with the plain types of `stackherd-report`. It knows no browser, no file and no clock.
//!
//! - [`Session`] holds dumps and answers requests.
//! - [`Session::report`] makes the report of the terminal program and of JavaScript's `analyze`.

mod convert;
mod detail;
mod names;
mod pattern;
mod query;
mod reading;
mod report;
mod rows;
mod session;
mod unpack;

pub use session::Session;
