//! Stackherd for JavaScript: browsers, workers and Node.
//!
//! ```ts
//! import init, { analyze, Session } from "stackherd";
//! await init();
//! const report = await analyze([file, text], { app: ["shop.example/"] });
//! ```
//!
//! Results are plain objects whose types are those of `stackherd-report`. Errors are `Error`s named `StackherdError` with a
//! `code` from the issue kinds. The page's worker ([`serve_worker`]) is built on the same engine.

#[cfg(feature = "api")]
mod compare;
#[cfg(feature = "api")]
mod error;
#[cfg(feature = "api")]
mod input;
#[cfg(feature = "api")]
mod session;
mod worker;

#[cfg(feature = "api")]
pub use session::{Session, analyze};
pub use worker::serve_worker;
