//! Numbers over time, as logs hold them.

use alloc::string::String;
use alloc::vec::Vec;

/// One number over time, such as the goroutine count a service logs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// What is counted, as the log words it: `go_goroutines`, `num_goroutine`.
    pub name: String,
    /// `goroutines`, `MB`, `ms`; empty when unknown.
    pub unit: String,
    /// In the order of the log.
    pub points: Vec<Point>,
}

/// A number at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Line of the input, from 1.
    pub line_number: u64,
    /// Milliseconds since 1970, or since the process started for logs that count from there; `None` when the line has no time.
    pub at_millis: Option<i64>,
    /// The number.
    pub value: f64,
}
