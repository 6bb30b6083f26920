//! A file that is compressed as a whole.

use super::codec::{Fault, Inflater, Kind};
use super::{End, Layer, Place, Sink};

#[derive(Debug)]
pub(super) struct Compressed {
    inflater: Inflater,
    fault: Option<Fault>,
    inner: Layer,
}

impl Compressed {
    pub(super) fn new(kind: Kind, window_bytes: u64, inner: Place) -> Self {
        Self { inflater: Inflater::new(kind, window_bytes), fault: None, inner: Layer::new(inner) }
    }

    pub(super) fn push(&mut self, sink: &mut Sink<'_>, bytes: &[u8]) {
        if self.fault.is_none() {
            let Self { inflater, inner, .. } = self;
            self.fault = inflater.push(bytes, &mut |out| inner.inflated(sink, out)).err();
        }
    }

    pub(super) fn n_goroutines(&self) -> u64 {
        self.inner.n_goroutines()
    }

    pub(super) fn finish(mut self, sink: &mut Sink<'_>, end: End) {
        let Self { inflater, inner, .. } = &mut self;
        let left = inflater.finish(&mut |out| inner.inflated(sink, out)).err();
        let end = match self.fault.or(left) {
            Some(fault) if end == End::Complete => End::of(fault, sink.found.budget.limits()),
            _ => end,
        };
        self.inner.finish(sink, end);
    }
}
