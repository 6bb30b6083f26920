//! Names of functions as the runtime prints them.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

/// A function's name, escapes decoded: `gopkg.in/yaml.v3.(*Decoder).Decode`.
///
/// The compiler escapes dots and odd bytes in the last element of a package path (Go `cmd/internal/objabi/path.go`,
/// `PathToPrefix`): `gopkg.in/yaml%2ev3.(*Decoder).Decode`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FuncName {
    full: String,
    /// Length of the package path in `full`; 0 for C functions, which have none.
    package_len: usize,
}

impl FuncName {
    /// Reads a name as printed, without arguments. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn parse(raw: &[u8]) -> Self {
        let raw = String::from_utf8_lossy(raw);
        // Type arguments may hold paths and dots of their own.
        let plain_len = raw.find('[').unwrap_or(raw.len());
        let plain = raw.get(..plain_len).unwrap_or(&raw);
        let element = plain.rfind('/').map_or(0, |slash| slash + 1);
        let dot = plain.get(element..).and_then(|rest| rest.find('.')).map(|dot| element + dot);
        let Some(dot) = dot else { return Self { full: raw.into_owned(), package_len: 0 } };
        let (package, rest) = raw.split_at(dot);
        let package = decode(package);
        let mut full = String::with_capacity(package.len() + rest.len());
        full.push_str(&package);
        full.push_str(rest);
        Self { package_len: package.len(), full }
    }

    /// The whole name: `example.com/app/worker.(*Pool).run`.
    #[must_use]
    pub fn full(&self) -> &str {
        &self.full
    }

    /// The package path: `example.com/app/worker`. Empty for C functions.
    #[must_use]
    pub fn package(&self) -> &str {
        self.full.get(..self.package_len).unwrap_or_default()
    }

    /// The last element of the package path: `worker`.
    #[must_use]
    pub fn package_element(&self) -> &str {
        let package = self.package();
        package.rsplit('/').next().unwrap_or(package)
    }

    /// What follows the package: `(*Pool).run`, `main.func1`. The whole name for C functions.
    #[must_use]
    pub fn name(&self) -> &str {
        let rest = self.full.get(self.package_len..).unwrap_or_default();
        if self.package_len > 0 { rest.strip_prefix('.').unwrap_or(rest) } else { rest }
    }
}

impl FuncName {
    /// Whether the standard library has this function only to wait inside a better known one: `sync.runtime_SemacquireMutex`,
    /// `sync.(*Mutex).lockSlow`, `internal/poll.(*FD).Read`. A reader looks for the frame above it.
    #[must_use]
    pub fn is_plumbing(&self) -> bool {
        let (package, name) = (self.package(), self.name());
        let is_internal = package.starts_with("internal/") || package.starts_with("vendor/golang.org/x/");
        is_internal || name.starts_with("runtime_") || (package == "sync" && name.to_ascii_lowercase().ends_with("slow"))
    }
}

/// A name as stack traces print it: `main.Map[go.shape.int,go.shape.string].func1` as `main.Map[...].func1`.
///
/// Profiles spell type arguments out since Go 1.21 (Go `runtime/symtab.go`, `funcNameForPrint`, shortens them elsewhere).
pub(crate) fn fold_shapes(name: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(name, b"[go.shape.").is_none() {
        return Cow::Borrowed(name);
    }
    let mut folded = Vec::with_capacity(name.len());
    let mut depth = 0_usize;
    for &byte in name {
        match byte {
            b'[' => {
                if depth == 0 {
                    folded.extend_from_slice(b"[...]");
                }
                depth += 1;
            }
            b']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => folded.push(byte),
            _ => {}
        }
    }
    Cow::Owned(folded)
}

/// Undoes `%2e` and the like.
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match (first, tail.get(..2)) {
            (b'%', Some(hex)) => core::str::from_utf8(hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()),
            _ => None,
        };
        match code {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, package: &str, element: &str, name: &str) {
        let function = FuncName::parse(raw.as_bytes());
        assert_eq!((function.package(), function.package_element(), function.name()), (package, element, name), "{raw}");
    }

    #[test]
    fn ok_shapes_are_folded() {
        let fold = |name: &str| String::from_utf8(fold_shapes(name.as_bytes()).into_owned()).unwrap();
        assert_eq!(fold("main.Map[go.shape.int,go.shape.chan int].func1"), "main.Map[...].func1");
        assert_eq!(fold("main.(*S[go.shape.struct { A [4]int; B string }]).Pop"), "main.(*S[...]).Pop");
        assert_eq!(fold("iter.Pull[...].func2"), "iter.Pull[...].func2");
        assert_eq!(fold("std::vector<int>::operator[](int)"), "std::vector<int>::operator[](int)");
    }

    #[test]
    fn ok_plumbing() {
        let is_plumbing = |raw: &str| FuncName::parse(raw.as_bytes()).is_plumbing();
        for raw in [
            "sync.runtime_SemacquireMutex",
            "sync.(*Mutex).lockSlow",
            "internal/poll.(*FD).Read",
            "internal/sync.(*Mutex).Lock",
        ] {
            assert!(is_plumbing(raw), "{raw}");
        }
        for raw in ["sync.(*Mutex).Lock", "net.(*netFD).Read", "time.Sleep", "main.slow", "example.com/internal/x.F"] {
            assert!(!is_plumbing(raw), "{raw}");
        }
    }

    #[test]
    fn ok_packages_and_names() {
        check("main.main", "main", "main", "main");
        check("sync.(*Mutex).Lock", "sync", "sync", "(*Mutex).Lock");
        check("example.com/app/worker.(*Pool).run.func1", "example.com/app/worker", "worker", "(*Pool).run.func1");
        check("gopkg.in/mgo%2ev2.newServer", "gopkg.in/mgo.v2", "mgo.v2", "newServer");
        check("example.com/app.v2/sub%2epkg.(*Worker).Run", "example.com/app.v2/sub.pkg", "sub.pkg", "(*Worker).Run");
        check("main.glob..func1", "main", "main", "glob..func1");
        check("pkg.Map[...].func1", "pkg", "pkg", "Map[...].func1");
        check("a/b.F[go.shape.struct { x c/d.T }]", "a/b", "b", "F[go.shape.struct { x c/d.T }]");
        check("vendor/golang.org/x/net/http2.F", "vendor/golang.org/x/net/http2", "http2", "F");
        check("type:.eq.main.T", "type:", "type:", "eq.main.T");
        check("_cgoexp_1234_goCB", "", "", "_cgoexp_1234_goCB");
        check("stopm", "", "", "stopm");
        check("example.com/gr%c3%b6sse.F", "example.com/grösse", "grösse", "F");
    }
}
