//! Names of functions in libraries.

use super::{Analysis, GroupView};
use crate::origin::Origin;
use crate::tables::FrameId;

/// A function's name without the folder that vendors its package: `google.golang.org/grpc.(*Server).Serve`.
pub(super) fn unvendored(function: &str) -> &str {
    match function.rsplit_once("/vendor/") {
        Some((_, name)) => name,
        None => function,
    }
}

/// Whether `function` is one of `names`. A name that ends with `*` stands for all that begin
/// so: closures are numbered differently from version to version.
pub(super) fn is_one_of(function: &str, names: &[&str]) -> bool {
    names.iter().any(|name| match name.strip_suffix('*') {
        Some(start) => function.starts_with(start),
        None => function == *name,
    })
}

/// The first frame from the leaf that is neither Go's nor in a package that begins with one of `packages`: where the reader's
/// code calls a library. Sources do not always lie where they tell a library from the reader's own code.
pub(super) fn caller_of(analysis: &Analysis<'_>, group: GroupView<'_>, packages: &[&str]) -> Option<FrameId> {
    let is_caller = |&frame: &FrameId| {
        let function = analysis.library_function(frame);
        matches!(group.origin(frame), Origin::App | Origin::Dependency)
            && !packages.iter().any(|package| function.starts_with(package))
    };
    group.frames().iter().copied().find(is_caller)
}

/// The type whose method a function is, closures included: `main.(*Client)` of `main.(*Client).readPump.func1`.
pub(super) fn receiver(function: &str) -> Option<&str> {
    let start = function.find(".(")?;
    let end = start + function.get(start..)?.find(')')?;
    function.get(..=end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_names() {
        let names = ["google.golang.org/grpc.(*Server).Serve", "os/signal.Notify.func*"];
        let vendored = "k8s.io/kubernetes/vendor/google.golang.org/grpc.(*Server).Serve";
        assert!(is_one_of(unvendored(vendored), &names) && !is_one_of(vendored, &names));
        assert!(is_one_of("os/signal.Notify.func1", &names));
        assert!(!is_one_of("google.golang.org/grpc.(*Server).Serve.func1", &names));
        assert_eq!(receiver("a.b/c.(*Client).readPump.func1"), Some("a.b/c.(*Client)"));
        assert_eq!(receiver("main.readPump"), None);
    }
}
