//! Entries of archives by their path.

/// What operating systems leave behind in archives, and nobody means to read.
pub(super) fn is_ignored(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == ".DS_Store" || name.starts_with("._") || path.split('/').any(|folder| folder == "__MACOSX")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_leftovers_are_ignored() {
        for path in ["__MACOSX/a.txt", "x/__MACOSX/._a", "a/.DS_Store", "._a.txt", "pod/._dump"] {
            assert!(is_ignored(path), "{path}");
        }
        for path in ["a.txt", "pod/.hidden.txt", "a/_b", "MACOSX/a"] {
            assert!(!is_ignored(path), "{path}");
        }
    }
}
