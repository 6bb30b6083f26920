//! Stackherd for JavaScript.

/// Answers `postMessage` requests; call it once, in a worker.
pub fn serve_worker() {}
