//! Where dumps come from.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use stackherd_engine::Session;
use stackherd_report::protocol::Opened;

/// Bytes read at once.
const CHUNK_BYTES: usize = 1 << 20;
/// Bytes between two progress lines.
const PROGRESS_BYTES: u64 = 64 << 20;

/// A file or standard input.
#[derive(Debug, PartialEq)]
pub(crate) enum Input {
    File(PathBuf),
    Stdin,
}

impl Input {
    /// The inputs named on the command line; none and `-` mean standard input. Folders stand for the files in them.
    pub(crate) fn all(paths: &[PathBuf]) -> Vec<Self> {
        if paths.is_empty() {
            return vec![Self::Stdin];
        }
        let mut inputs = Vec::new();
        for path in paths {
            if path.as_os_str() == "-" {
                inputs.push(Self::Stdin);
            } else if path.is_dir() {
                let n = inputs.len();
                add_folder(path, &mut inputs);
                if inputs.len() == n {
                    // Reading it says why.
                    inputs.push(Self::File(path.clone()));
                }
            } else {
                inputs.push(Self::File(path.clone()));
            }
        }
        inputs
    }

    /// Reads it into `session`. The error says what is wrong and what to do.
    pub(crate) fn read(&self, session: &mut Session, id: u32, progress: &mut Progress) -> Result<Opened, String> {
        session.open(id, self.to_string(), self.written_at());
        let copied = match self {
            Self::File(path) if path.is_dir() => return Err("there is no file to read in this folder".to_owned()),
            Self::File(path) => File::open(path).and_then(|file| copy(file, session, id, progress)),
            Self::Stdin => copy(io::stdin().lock(), session, id, progress),
        };
        if let Err(error) = copied {
            session.cancel(id);
            return Err(error.to_string());
        }
        session.finish(id, false).map_err(|failure| failure.message)
    }
}

impl Input {
    /// When the file was written last, as RFC 3339.
    fn written_at(&self) -> Option<String> {
        let Self::File(path) = self else { return None };
        let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
        let millis = modified.duration_since(UNIX_EPOCH).ok()?.as_millis();
        stackherd_engine::time_text(i64::try_from(millis).ok()?)
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// Adds the files in a folder and in those below, by name. Hidden ones are left out; links to folders are not followed, since
/// they may lead in circles.
fn add_folder(folder: &Path, inputs: &mut Vec<Input>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            add_folder(&path, inputs);
        } else if path.is_file() {
            inputs.push(Input::File(path));
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
