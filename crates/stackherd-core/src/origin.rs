//! Whose code a frame is.

use alloc::string::String;
use alloc::vec::Vec;

use crate::func::FuncName;

/// Whose code a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The reader's.
    App,
    /// A module the reader imports.
    Dependency,
    /// Go's standard library.
    Std,
    /// The Go runtime.
    Runtime,
}

/// How to tell the reader's code from others'.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OriginRules {
    /// Package prefixes that are the reader's own; then every other package outside the standard library is a dependency.
    /// Default: none, which takes everything outside module cache and vendor folders for the reader's.
    pub app_prefixes: Vec<String>,
}

impl OriginRules {
    /// The origin of `function` in `file`.
    ///
    /// The function's package decides, since GOROOT and the module cache may lie anywhere; the file tells modules
    /// (`@v1.2.3`) and vendored code from the reader's.
    #[must_use]
    pub fn origin(&self, function: &FuncName, file: &str) -> Origin {
        let package = function.package();
        if is_within(package, "runtime") || is_within(package, "internal/runtime") || is_generated(package) {
            return Origin::Runtime;
        }
        if self.app_prefixes.iter().any(|prefix| is_within(package, prefix)) {
            return Origin::App;
        }
        if package.is_empty() {
            // C code, and assembly without a package.
            return Origin::Dependency;
        }
        if is_std(package) {
            return Origin::Std;
        }
        if package == "main" {
            return Origin::App;
        }
        if !self.app_prefixes.is_empty() || is_imported(package, file) { Origin::Dependency } else { Origin::App }
    }
}

/// `package` is `prefix` or below it.
fn is_within(package: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    !prefix.is_empty() && package.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `type:.eq.T`, `go:buildid`: made by the compiler.
fn is_generated(package: &str) -> bool {
    matches!(package, "type:" | "type" | "go:" | "go")
}

/// The standard library: paths whose first element is one of its own. Module paths start with a domain, so they have a dot.
fn is_std(package: &str) -> bool {
    if let Some(vendored) = package.strip_prefix("vendor/") {
        return vendored.starts_with("golang.org/x/");
    }
    let first = package.split('/').next().unwrap_or(package);
    let first = first.strip_suffix("_test").unwrap_or(first);
    STD.binary_search(&first).is_ok()
}

/// In the module cache, in a vendor folder, or in Bazel's folder of other repositories.
fn is_imported(package: &str, file: &str) -> bool {
    let has_version = file.match_indices('@').any(|(at, _)| file.get(at + 1..).is_some_and(|rest| rest.starts_with('v')));
    has_version
        || file.contains("/pkg/mod/")
        || file.contains("/vendor/")
        || file.starts_with("external/")
        || package.contains("/vendor/")
}

/// First path elements of the standard library's packages, Go 1.27 `go list std` and those of older versions.
const STD: &[&str] = &[
    "archive",
    "arena",
    "bufio",
    "builtin",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "hash",
    "html",
    "image",
    "index",
    "internal",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "simd",
    "slices",
    "sort",
    "strconv",
    "strings",
    "structs",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
    "weak",
];

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    #[track_caller]
    fn check(rules: &OriginRules, function: &str, file: &str, origin: Origin) {
        assert_eq!(rules.origin(&FuncName::parse(function.as_bytes()), file), origin, "{function} {file}");
    }

    #[test]
    fn ok_std_is_sorted() {
        assert!(STD.is_sorted());
    }

    #[test]
    fn ok_origins_without_prefixes() {
        let rules = OriginRules::default();
        check(&rules, "main.main", "/src/app/main.go", Origin::App);
        check(&rules, "shop.example/checkout/worker.run", "shop.example/checkout/worker.go", Origin::App);
        check(&rules, "worker.run", "/src/worker/worker.go", Origin::App);
        check(&rules, "github.com/x/y.F", "/go/pkg/mod/github.com/x/y@v1.2.3/z.go", Origin::Dependency);
        check(&rules, "github.com/x/y.F", "github.com/x/y@v1.2.3/z.go", Origin::Dependency);
        check(&rules, "github.com/x/y.F", "/src/app/vendor/github.com/x/y/z.go", Origin::Dependency);
        check(&rules, "google.golang.org/grpc.F", "external/org_golang_google_grpc/f.go", Origin::Dependency);
        check(&rules, "net/http.(*Server).Serve", "/usr/local/go/src/net/http/server.go", Origin::Std);
        check(&rules, "vendor/golang.org/x/net/http2.F", "vendor/golang.org/x/net/http2/f.go", Origin::Std);
        check(&rules, "runtime.gopark", "runtime/proc.go", Origin::Runtime);
        check(&rules, "runtime/debug.Stack", "runtime/debug/stack.go", Origin::Runtime);
        check(&rules, "internal/runtime/maps.F", "internal/runtime/maps/m.go", Origin::Runtime);
        check(&rules, "internal/poll.(*FD).Read", "internal/poll/fd_unix.go", Origin::Std);
        check(&rules, "type:.eq.main.T", "<autogenerated>", Origin::Runtime);
        check(&rules, "pthread_cond_wait", "", Origin::Dependency);
    }

    #[test]
    fn ok_prefixes_decide() {
        let rules = OriginRules { app_prefixes: vec!["github.com/acme".to_string()] };
        check(&rules, "github.com/acme/shop.F", "/go/pkg/mod/github.com/acme/shop@v1.0.0/f.go", Origin::App);
        check(&rules, "github.com/acmeother/shop.F", "/src/f.go", Origin::Dependency);
        check(&rules, "main.main", "/src/main.go", Origin::App);
        check(&rules, "net/http.Get", "/usr/local/go/src/net/http/client.go", Origin::Std);
    }
}
