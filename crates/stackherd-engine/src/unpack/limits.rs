//! How much is unpacked at most, and what was unpacked so far.

use std::fmt;

/// Limits against archives that are made to fill a memory, and against those that are merely huge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes that may come out of compressed data, over all layers and entries.
    pub(crate) inflated_bytes: u64,
    /// Bytes that may come out for each byte of the input. Text of many goroutines shrinks some hundredfold at most.
    pub(crate) ratio: u64,
    /// Bytes that may come out before the ratio counts: a small file of equal lines is no attack.
    pub(crate) ratio_from_bytes: u64,
    /// Entries of archives that are looked at, nested ones included.
    pub(crate) entries: u64,
    /// Compressed bytes kept of zip archives, whose list of entries comes last.
    pub(crate) spooled_bytes: u64,
    /// Memory that a decoder may take to look back. zstd without `--long` and xz up to `-9` stay below.
    pub(crate) window_bytes: u64,
    /// Bytes kept of a tar header's extension, such as a long path.
    pub(crate) header_bytes: usize,
    /// Archives inside each other.
    pub(crate) archives: u32,
    /// Compressions around each other, in one entry. A profile that was packed once more has two.
    pub(crate) compressions: u32,
}

const MIB: u64 = 1 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            inflated_bytes: 8192 * MIB,
            ratio: 2000,
            ratio_from_bytes: 256 * MIB,
            entries: 10_000,
            spooled_bytes: 512 * MIB,
            window_bytes: 128 * MIB,
            header_bytes: 1 << 20,
            archives: 2,
            compressions: 3,
        }
    }
}

/// A limit that was reached. `Display` names it and says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    Inflated { max_bytes: u64 },
    Ratio { max: u64 },
    Entries { max: u64 },
    Spool { max_bytes: u64 },
    Window { max_bytes: u64 },
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Inflated { max_bytes } => write!(
                f,
                "more than {} come out of the compressed data and the rest was not read; unpack it and open only the dumps you need",
                Size(max_bytes)
            ),
            Self::Ratio { max } => write!(
                f,
                "the data grows to more than {max} times its size when unpacked, as zip bombs do, and the rest was not read; if you \
                 trust it, unpack it and open the dumps themselves"
            ),
            Self::Entries { max } => {
                write!(f, "the archive has more than {max} entries and the rest was not read; pack only the dumps you need")
            }
            Self::Spool { max_bytes } => write!(
                f,
                "the zip archive is larger than {}, which must be kept to read its list of entries; unpack it, or pack the dumps as \
                 .tar.gz",
                Size(max_bytes)
            ),
            Self::Window { max_bytes } => write!(
                f,
                "unpacking needs more than {} of memory to look back; unpack it yourself, or pack it without --long",
                Size(max_bytes)
            ),
        }
    }
}

struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes >= 1024 * MIB && bytes.is_multiple_of(1024 * MIB) => write!(f, "{} GiB", bytes / (1024 * MIB)),
            bytes if bytes >= MIB && bytes.is_multiple_of(MIB) => write!(f, "{} MiB", bytes / MIB),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

/// What was unpacked so far, over all layers of an input.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: Limits,
    n_input: u64,
    n_inflated: u64,
    n_entries: u64,
    n_spooled: u64,
    stop: Option<Stop>,
}

/// Where a limit ended the reading.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    pub(crate) limit: Limit,
    /// The entry it happened in; `None` for the input itself.
    pub(crate) entry: Option<String>,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, n_input: 0, n_inflated: 0, n_entries: 0, n_spooled: 0, stop: None }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The limit that ended the reading, if one did: nothing is read from then on.
    pub(crate) fn stop(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    /// Bytes of the input, as they came.
    pub(crate) fn n_input(&self) -> u64 {
        self.n_input
    }

    pub(crate) fn take_input(&mut self, n: usize) {
        self.n_input += n as u64;
    }

    /// Whether `n` more bytes that came out of compressed data may be read.
    pub(super) fn take_inflated(&mut self, n: usize, entry: Option<&str>) -> bool {
        self.n_inflated = self.n_inflated.saturating_add(n as u64);
        let Limits { inflated_bytes: max_bytes, ratio: max, ratio_from_bytes, .. } = self.limits;
        if self.n_inflated > max_bytes {
            self.end(Limit::Inflated { max_bytes }, entry);
        } else if self.n_inflated > ratio_from_bytes && self.n_inflated / max > self.n_input {
            self.end(Limit::Ratio { max }, entry);
        }
        self.stop.is_none()
    }

    /// Whether one more entry may be looked at.
    pub(super) fn take_entry(&mut self, archive: Option<&str>) -> bool {
        self.n_entries += 1;
        if self.n_entries > self.limits.entries {
            self.end(Limit::Entries { max: self.limits.entries }, archive);
        }
        self.stop.is_none()
    }

    /// Whether `n` more compressed bytes may be kept. Unlike the others, this limit concerns one archive only.
    pub(super) fn take_spool(&mut self, n: usize) -> Result<(), Limit> {
        let n_spooled = self.n_spooled.saturating_add(n as u64);
        let max_bytes = self.limits.spooled_bytes;
        if n_spooled > max_bytes {
            return Err(Limit::Spool { max_bytes });
        }
        self.n_spooled = n_spooled;
        Ok(())
    }

    /// Gives kept bytes back.
    pub(super) fn give_spool(&mut self, n: u64) {
        self.n_spooled = self.n_spooled.saturating_sub(n);
    }

    fn end(&mut self, limit: Limit, entry: Option<&str>) {
        if self.stop.is_none() {
            self.stop = Some(Stop { limit, entry: entry.map(str::to_owned) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_messages_name_the_limit() {
        assert!(Limit::Inflated { max_bytes: 8192 * MIB }.to_string().starts_with("more than 8 GiB come out"));
        assert!(Limit::Spool { max_bytes: 512 * MIB }.to_string().contains("larger than 512 MiB"));
        assert!(Limit::Window { max_bytes: 1000 }.to_string().contains("more than 1000 bytes"));
    }

    #[test]
    fn ok_the_ratio_counts_from_its_threshold_on() {
        let limits = Limits { ratio: 10, ratio_from_bytes: 1000, ..Limits::default() };
        let mut budget = Budget::new(limits);
        budget.take_input(50);
        assert!(budget.take_inflated(1000, None));
        assert!(!budget.take_inflated(1, Some("a/b.txt")));
        let stop = budget.stop().unwrap();
        assert_eq!((stop.limit, stop.entry.as_deref()), (Limit::Ratio { max: 10 }, Some("a/b.txt")));
        let mut budget = Budget::new(limits);
        budget.take_input(200);
        assert!(budget.take_inflated(1999, None));
    }
}
