//! The worker that reads dumps, and what goes back and forth.
//!
//! The page slices a file and hands the pieces over; it never looks into them. The worker starts from a blob: address,
//! because such a worker is bound by the page's policy: no request can leave it.

mod connection;
mod gate;
mod intake;
mod pump;
mod session;

pub(crate) use intake::{Source, dropped, from_bytes, from_files, from_text, pasted};
pub(crate) use session::Session;
