//! From which dump to which one growth is measured.

use alloc::vec::Vec;

use super::{Compared, trend};
use crate::text::{Text, minutes, text};

/// Dumps of one process, as far as they tell, from the first to the target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    /// In the order of time, at least two.
    pub(crate) dumps: Vec<u32>,
    /// The first: the baseline, or the first one after a restart.
    pub(crate) from: u32,
    /// The target.
    pub(crate) to: u32,
    /// Minutes between them, when known; more than 0.
    pub(crate) minutes: Option<f64>,
    /// Minutes of each dump since the first, when all are known.
    pub(crate) times: Option<Vec<f64>>,
    /// Both print goroutine ids and are of one process: [`Row::lives`](super::Row::lives) are known and are those of this span.
    pub(crate) is_followed: bool,
}

impl Span {
    /// The span of a series that ends with the target. `None` where there is no second dump of its process, or where the
    /// reader's baseline was taken later than the target.
    pub(crate) fn of(compared: &Compared<'_>) -> Option<Self> {
        let comparison = compared.comparison;
        let (baseline, to) = (comparison.baseline, comparison.target);
        let position = |dump: u32| comparison.order.iter().position(|&other| other == dump);
        let mut dumps = comparison.order.get(position(baseline)?..=position(to)?)?.to_vec();
        let is_one_process = comparison.related.are_one_process(baseline, to);
        let has_ids = |dump: u32| comparison.related.max_goids.get(dump as usize).is_some_and(Option::is_some);
        let ids_tell = has_ids(baseline) && has_ids(to);
        // Without ids nobody knows who is who; then all dumps count.
        if ids_tell {
            dumps.retain(|&dump| comparison.related.are_one_process(dump, to));
        }
        let from = *dumps.first().filter(|_| dumps.len() > 1)?;
        let times = trend::times(compared.instances, &dumps);
        let at = |dump: u32| compared.instances.get(dump as usize)?.at_millis;
        let minutes = at(from).zip(at(to)).map(|(from, to)| to.saturating_sub(from) as f64 / 60_000.0);
        let minutes = minutes.filter(|minutes| *minutes > 0.0);
        Some(Self { from, to, minutes, times, is_followed: ids_tell && is_one_process, dumps })
    }

    /// `in 8 minutes`, `between two dumps`.
    pub(crate) fn text(&self) -> Text {
        self.minutes.map_or_else(
            || match self.dumps.len() {
                2 => text!("between two dumps", "两份转储之间"),
                n => text!("over {n} dumps", "{n} 份转储之间"),
            },
            in_minutes,
        )
    }
}

/// `in 8 minutes`, `in less than a minute`.
pub(crate) fn in_minutes(span: f64) -> Text {
    match whole(span) {
        0 => text!("in less than a minute", "不到 1 分钟内"),
        span => {
            let Text { en, zh_cn } = minutes(span);
            text!("in {en}", "{zh_cn}内")
        }
    }
}

/// Rounded; `core` cannot.
pub(crate) fn whole(number: f64) -> u32 {
    // A float that is too large saturates.
    (number + 0.5) as u32
}
