//! Goroutine counts over time: log lines, Prometheus text, expvar, `gctrace`.
//!
//! Every line that belongs to no stack comes by here, and a log may have gigabytes of them: what holds no telling word must cost
//! next to nothing.

mod count;
mod gctrace;
mod time;
mod words;

use alloc::string::String;
use alloc::vec::Vec;

use memchr::memmem::Finder;

use super::Format;
use crate::line::Line;
use crate::series::{Point, Series};
use crate::snapshot::Snapshot;
use count::{Count, Source};

/// Larger numbers are no count of goroutines: each takes 2 KiB of memory at least.
pub(super) const MAX_COUNT: u64 = 1_000_000_000;

/// Series of one input; further ones are left out. A wording that holds an id gives one series per id.
const MAX_SERIES: usize = 50;
/// Points kept of a series. When there are more, every second one is dropped, again and again: the course over the whole log
/// stays, evenly thinned.
const MAX_POINTS: usize = 100_000;

/// Collects numbers from lines that belong to no stack.
#[derive(Clone, Debug)]
pub(crate) struct CounterLog {
    word: Finder<'static>,
    upper_word: Finder<'static>,
    collected: Vec<Collected>,
}

/// A series being collected.
#[derive(Clone, Debug)]
struct Collected {
    name: Vec<u8>,
    unit: &'static str,
    /// One line proves it: a metric, not a log line that may say anything.
    is_sure: bool,
    points: Vec<Point>,
    /// Every so many points one is kept: a power of two.
    stride: u64,
    n_seen: u64,
    last_line_number: u64,
}

impl Default for CounterLog {
    fn default() -> Self {
        Self { word: Finder::new(count::WORD), upper_word: Finder::new(count::UPPER_WORD), collected: Vec::new() }
    }
}

impl CounterLog {
    /// Looks at a line.
    #[inline]
    pub(crate) fn line(&mut self, line: Line<'_>) {
        let text = line.bytes;
        if self.word.find(text).is_some() || self.upper_word.find(text).is_some() || !text.is_ascii() {
            self.count_line(line);
        } else if text.ends_with(b" P") || text.ends_with(b" P (forced)") {
            self.gctrace_line(line);
        }
    }

    #[inline(never)]
    fn count_line(&mut self, line: Line<'_>) {
        let mut at_millis = None;
        count::each(line.bytes, |count| {
            let Count { name, value, source } = count;
            let at_millis = match source {
                Source::Metric { at_millis } => at_millis,
                Source::Expvar => None,
                // The time is read once a line, and only of lines that count.
                Source::Log => *at_millis.get_or_insert_with(|| time::millis(line.bytes)),
            };
            let point = Point { line_number: line.number, at_millis, value };
            self.add(name, "goroutines", source != Source::Log, point);
        });
    }

    #[inline(never)]
    fn gctrace_line(&mut self, line: Line<'_>) {
        let Some(trace) = gctrace::parse(line.bytes) else { return };
        let point = |value| Point { line_number: line.number, at_millis: Some(trace.at_millis), value };
        self.add(b"heap live", "MB", true, point(trace.live_megabytes));
        self.add(b"heap goal", "MB", true, point(trace.goal_megabytes));
        if let Some(pause) = trace.pause_millis {
            self.add(b"pause", "ms", true, point(pause));
        }
    }

    /// Takes a line `goroutines: N`.
    pub(super) fn add_bare_line(&mut self, line_number: u64, n_goroutines: u64) {
        // Below 2^53.
        let point = Point { line_number, at_millis: None, value: n_goroutines as f64 };
        self.add(b"goroutines", "goroutines", false, point);
    }

    fn add(&mut self, name: &[u8], unit: &'static str, is_sure: bool, point: Point) {
        let collected = match self.collected.iter().position(|known| known.name == name) {
            Some(known) => self.collected.get_mut(known),
            None if self.collected.len() < MAX_SERIES => {
                let name = name.to_vec();
                let series = Collected { name, unit, is_sure, points: Vec::new(), stride: 1, n_seen: 0, last_line_number: 0 };
                self.collected.push(series);
                self.collected.last_mut()
            }
            None => None,
        };
        let Some(collected) = collected else { return };
        collected.is_sure |= is_sure;
        // A line that words its number twice counts once.
        if collected.last_line_number != point.line_number {
            collected.last_line_number = point.line_number;
            collected.push(point);
        }
    }

    /// The series, if there is any.
    pub(crate) fn finish(self) -> Option<Snapshot> {
        let mut series = Vec::new();
        let mut line_number = u64::MAX;
        for collected in self.collected {
            // One line of a log says nothing over time.
            if collected.points.len() < 2 && !collected.is_sure {
                continue;
            }
            line_number = collected.points.first().map_or(line_number, |point| line_number.min(point.line_number));
            series.push(Series {
                name: String::from_utf8_lossy(&collected.name).into_owned(),
                unit: String::from(collected.unit),
                points: collected.points,
            });
        }
        let snapshot = Snapshot { format: Format::CounterLog, line_number, series, ..Snapshot::default() };
        (!snapshot.series.is_empty()).then_some(snapshot)
    }
}

impl Collected {
    fn push(&mut self, point: Point) {
        if self.n_seen.is_multiple_of(self.stride) {
            if self.points.len() >= MAX_POINTS {
                let mut index = 0;
                self.points.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.stride *= 2;
            }
            if self.n_seen.is_multiple_of(self.stride) {
                self.points.push(point);
            }
        }
        self.n_seen += 1;
    }
}

#[cfg(test)]
mod tests;
