//! Where dumps come from.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use stackherd_engine::Session;
use stackherd_report::protocol::DumpSummary;

/// Bytes read at once.
const CHUNK_BYTES: usize = 1 << 20;
/// Bytes between two progress lines.
const PROGRESS_BYTES: u64 = 64 << 20;

/// A file or standard input.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    File(&'a Path),
    Stdin,
}

impl<'a> Input<'a> {
    /// The inputs named on the command line; none and `-` mean standard input.
    pub(crate) fn all(files: &'a [PathBuf]) -> Vec<Self> {
        if files.is_empty() {
            return vec![Self::Stdin];
        }
        files.iter().map(|file| if file.as_os_str() == "-" { Self::Stdin } else { Self::File(file) }).collect()
    }

    /// Reads it into `session`. The error says what is wrong and what to do.
    pub(crate) fn read(&self, session: &mut Session, id: u32, progress: &mut Progress) -> Result<DumpSummary, String> {
        session.open(id, self.to_string(), None);
        let copied = match self {
            Self::File(path) => File::open(path).and_then(|file| copy(file, session, id, progress)),
            Self::Stdin => copy(io::stdin().lock(), session, id, progress),
        };
        if let Err(error) = copied {
            session.remove(id);
            return Err(error.to_string());
        }
        session.finish(id, false).map_err(|failure| failure.message)
    }
}

impl fmt::Display for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

fn copy(mut from: impl Read, session: &mut Session, id: u32, progress: &mut Progress) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let n = match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let (bytes, goroutines) = session.push(id, chunk.get(..n).unwrap_or_default());
        progress.show(bytes, goroutines);
    }
}

/// A line on standard error that is written over, for inputs that take a while.
#[derive(Debug)]
pub(crate) struct Progress {
    is_shown: bool,
    next_bytes: u64,
}

impl Progress {
    pub(crate) fn new(is_shown: bool) -> Self {
        Self { is_shown, next_bytes: PROGRESS_BYTES }
    }

    fn show(&mut self, bytes: u64, goroutines: u64) {
        if self.is_shown && bytes >= self.next_bytes {
            self.next_bytes = bytes + PROGRESS_BYTES;
            let _ = write!(io::stderr(), "\r{} MB, {goroutines} goroutines", bytes / 1_000_000);
        }
    }

    /// Wipes the line.
    pub(crate) fn clear(&mut self) {
        if self.is_shown && self.next_bytes > PROGRESS_BYTES {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
        self.next_bytes = PROGRESS_BYTES;
    }
}
