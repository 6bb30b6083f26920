//! Names of functions as far as a rebuild leaves them alone.
//!
//! The compiler numbers closures in the order of the source, and names a closure that it copied while inlining after the
//! functions on the way (Go `cmd/compile/internal/ir/func.go`, `closureName`):
//!
//! ```text
//! source                      closure 1 of helper     helper inlined into main
//! Go 1.21 to 1.26             main.helper.func1       main.main.helper.func5
//! Go 1.27                     main.helper.func1       main.helper.func1
//! closure of that closure     main.helper.func1.2     main.main.helper.func5.helper.func5.2
//! helper inlined in func1     main.helper.func1       main.main.func1.helper.1
//! ```
//!
//! So all closures of a function have one name here, `main.helper.func`, that of the innermost function they are written in.
//! How deep they are nested is lost, because inlining loses it. Two things stay as they are: up to Go 1.20 the name of a copied
//! closure does not tell where it is written; and up to Go 1.26 it does not tell from which package it was copied.

use alloc::string::String;
use alloc::vec::Vec;

use crate::func::FuncName;

/// A function's name without what a rebuild changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedName {
    /// `example.com/app/worker.(*Pool).run.func`
    pub text: String,
    /// The compiler made it around a `go` or `defer` statement or a method value: tracebacks leave it out, profiles do not.
    pub is_wrapper: bool,
}

/// The name of `function` without numbers of closures, functions it was inlined into, and type arguments.
#[must_use]
pub fn folded_name(function: &FuncName) -> FoldedName {
    let package = function.package();
    if matches!(package, "" | "type:" | "type" | "go:" | "go") {
        return FoldedName { text: without_hash(function.full()), is_wrapper: false };
    }
    let name = without_type_arguments(function.name());
    let path = Path::of(&name);
    let mut text = String::with_capacity(package.len() + name.len() + 8);
    text.push_str(package);
    for part in path.function() {
        text.push('.');
        text.push_str(part);
    }
    for (has_mark, mark) in [(path.is_closure, ".func"), (path.is_loop_body, "-range"), (path.is_wrapper, ".wrap")] {
        if has_mark {
            text.push_str(mark);
        }
    }
    FoldedName { text, is_wrapper: path.is_wrapper }
}

/// The parts of a name behind its package.
#[derive(Debug, Default)]
struct Path<'a> {
    /// Names of functions, receivers included, since the last closure that was named for itself.
    functions: Vec<&'a str>,
    /// A closure of the last function, at any depth.
    is_closure: bool,
    /// The body of a loop over a function.
    is_loop_body: bool,
    /// Of a `go` or `defer` statement, or of a method value.
    is_wrapper: bool,
    /// There was such a wrapper: a name that follows it was inlined there.
    is_closed: bool,
}

impl<'a> Path<'a> {
    fn of(name: &'a str) -> Self {
        let mut path = Self::default();
        for part in parts(name) {
            path.push(part);
        }
        path
    }

    fn push(&mut self, part: &'a str) {
        if part.is_empty() {
            // Up to Go 1.21 `glob..func1` for `init.func1`.
            self.functions.iter_mut().filter(|function| **function == "glob").for_each(|function| *function = "init");
            return;
        }
        // Up to Go 1.4 `func·001`, in Go 1.17 `main·dwrap·1`.
        let part = before_number(part, "·").unwrap_or(part);
        let plain = part.strip_suffix("·dwrap").or_else(|| part.strip_suffix("-fm"));
        self.is_wrapper = plain.is_some();
        let mut part = plain.unwrap_or(part);
        let mut is_loop_body = false;
        while let Some(rest) = before_number(part, "-range") {
            (part, is_loop_body) = (rest, true);
        }
        let is_first = self.functions.is_empty();
        let is_numbered = |word: &str| before_number(part, word) == Some("");
        if is_numbered("") && self.functions == ["init"] && !self.is_closure {
            // `init.0` is one of several functions of that name.
        } else if !is_first && (is_numbered("") || is_numbered("func")) {
            self.is_closure = true;
        } else if !is_first && (is_numbered("gowrap") || is_numbered("deferwrap")) {
            self.is_wrapper = true;
            self.is_closed = true;
        } else {
            if self.is_closure || self.is_loop_body || self.is_closed {
                *self = Self { is_wrapper: self.is_wrapper, ..Self::default() };
            }
            self.functions.push(part);
        }
        self.is_loop_body |= is_loop_body;
    }

    /// The innermost function with its receiver. Those before it are the ones that a closure was inlined into; the name of
    /// what is no closure has none.
    fn function(&self) -> &[&'a str] {
        let mut rest = self.functions.as_slice();
        if !self.is_closure && !self.is_loop_body && !self.is_closed {
            return rest;
        }
        loop {
            let n_parts = match rest {
                [receiver, _, ..] if receiver.starts_with('(') || is_type(receiver) => 2,
                _ => 1,
            };
            match rest.get(n_parts..) {
                Some(inner) if !inner.is_empty() => rest = inner,
                _ => return rest,
            }
        }
    }
}

/// Whether a name that another one follows is more likely a type with a method than a function with an inlined call. `T.M` and
/// `outer.inner` look the same.
fn is_type(name: &str) -> bool {
    let is_function = ["New", "Test", "Benchmark", "Fuzz", "Example"].iter().any(|start| name.starts_with(start));
    name.starts_with(char::is_uppercase) && !is_function
}

/// `name` cut at its dots, except those of type arguments.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    name.split(move |c| {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '.' && depth == 0
    })
}

/// Every list of type arguments as `[...]`: some versions spell them out.
fn without_type_arguments(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut depth = 0_u32;
    for c in name.chars() {
        match c {
            '[' => {
                if depth == 0 {
                    text.push_str("[...]");
                }
                depth += 1;
            }
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text
}

/// `_cgoexp_callback` for `_cgoexp_52fd7c2_callback`: cgo puts a hash of the package in.
fn without_hash(name: &str) -> String {
    match name.strip_prefix("_cgoexp_").and_then(|rest| rest.split_once('_')) {
        Some((_, exported)) => String::from("_cgoexp_") + exported,
        None => String::from(name),
    }
}

/// What stands before `mark` and the digits at the end of `text`.
fn before_number<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    let start = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if start.len() == text.len() { None } else { start.strip_suffix(mark) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], folded: &str) {
        for name in names {
            let found = folded_name(&FuncName::parse(name.as_bytes()));
            assert_eq!((found.text.as_str(), found.is_wrapper), (folded, false), "{name}");
        }
    }

    #[track_caller]
    fn check_wrapper(name: &str, folded: &str) {
        let found = folded_name(&FuncName::parse(name.as_bytes()));
        assert_eq!((found.text.as_str(), found.is_wrapper), (folded, true), "{name}");
    }

    #[test]
    fn ok_functions_and_methods_stay() {
        for name in [
            "main.main",
            "main.T.M",
            "main.outer.inner",
            "sync.(*Mutex).Lock",
            "example.com/app/v2.Run",
            "example.com/app/v2/worker.(*Pool).run",
            "main.func1",
            "main.funcs",
            "main.gowrap1",
            "main.f2",
            "main.step3",
            "main.T.func2x",
            "main.(*T).range1",
            "type:.eq.main.T",
            "stopm",
            "std::foo(int)",
        ] {
            check(&[name], name);
        }
        check(&["gopkg.in/mgo%2ev2.newServer"], "gopkg.in/mgo.v2.newServer");
        check(&["_cgoexp_52fd7c2_goCB", "_cgoexp_0a1b_goCB"], "_cgoexp_goCB");
    }

    #[test]
    fn ok_numbers_of_closures_are_left_out() {
        check(&["main.f.func1", "main.f.func3", "main.f.func2.1", "main.f.func6.1.1.1", "main.f.func12.3"], "main.f.func");
        check(&["a.b/c.(*Pool).run.func1", "a.b/c.(*Pool).run.func1.2"], "a.b/c.(*Pool).run.func");
        check(&["main.T.M.func1", "main.T.M.func2.1"], "main.T.M.func");
        check(&["a.b/c/v3.Serve.func1"], "a.b/c/v3.Serve.func");
        check(&["main.func·001", "main.func·014"], "main.func");
    }

    #[test]
    fn ok_functions_a_closure_was_inlined_into_are_left_out() {
        check(&["main.helper.func1", "main.main.helper.func5", "main.main.func1.helper.1"], "main.helper.func");
        check(
            &["main.main.gowrap1.helper.1", "main.(*Server).Start.helper.func2", "main.NewServer.helper.func2"],
            "main.helper.func",
        );
        check(&["main.main.helper.func5.helper.func5.2", "main.init.0.helper.func1"], "main.helper.func");
        check(
            &["main.main.gowrap2.inner.main.func4.main.gowrap2.inner.main.func4.1.2", "main.main.func4.1.1"],
            "main.main.func",
        );
        check(
            &["main.main.(*Pool).each.func3", "main.(*Pool).each.func1", "main.T.M.(*Pool).each.func1"],
            "main.(*Pool).each.func",
        );
        check(&["main.run.Level.String.func1", "main.Level.String.func1"], "main.Level.String.func");
    }

    #[test]
    fn ok_different_methods_stay_apart() {
        let of = |name: &str| folded_name(&FuncName::parse(name.as_bytes())).text;
        let names = [
            "main.(*A).Run",
            "main.(*B).Run",
            "main.A.Run",
            "main.Run",
            "main.(*A).Run.func1",
            "main.(*B).Run.func1",
            "main.A.Run.func1",
            "main.B.Run.func1",
            "main.Run.func1",
            "main.(*A).Stop.func1",
            "other.(*A).Run.func1",
            "main.(*A[...]).Run.func1",
            "main.(*A).Run-range1",
        ];
        for (at, left) in names.iter().enumerate() {
            for right in &names[at + 1..] {
                assert_ne!(of(left), of(right), "{left} {right}");
            }
        }
    }

    #[test]
    fn ok_type_arguments_are_left_out() {
        check(&["main.Map[...]", "main.Map[go.shape.int]", "main.Map[go.shape.struct { a [4]b.T }]"], "main.Map[...]");
        check(&["main.Map[...].func1", "main.Map[go.shape.int_0].func2.1", "main.main.Map[a/b.T].func4"], "main.Map[...].func");
        check(&["main.(*S[...]).wait.1", "main.(*S[go.shape.chan int]).wait.func2"], "main.(*S[...]).wait.func");
        check(&["main.List[...].Each[...].func1"], "main.List[...].Each[...].func");
        check(&["iter.Pull[...].func2"], "iter.Pull[...].func");
    }

    #[test]
    fn ok_initializers() {
        check(
            &["main.glob..func1", "main.init.func1", "main.init.func2.1", "main.init.0.func1.1", "main.glob..func3.2"],
            "main.init.func",
        );
        check(&["main.init", "main.init.0", "main.init.1", "main.init·1"], "main.init");
    }

    #[test]
    fn ok_bodies_of_loops() {
        check(&["main.f-range1", "main.f-range2", "main.main.f-range1"], "main.f-range");
        check(&["main.f.func1-range1", "main.f.func1.2-range1-range1"], "main.f.func-range");
        check(&["main.(*T).All-range3"], "main.(*T).All-range");
    }

    #[test]
    fn ok_wrappers() {
        check_wrapper("main.main.gowrap1", "main.main.wrap");
        check_wrapper("main.main.func2.gowrap3", "main.main.func.wrap");
        check_wrapper("main.(*T).M.deferwrap2", "main.(*T).M.wrap");
        check_wrapper("main.(*T).M-fm", "main.(*T).M.wrap");
        check_wrapper("main.main·dwrap·1", "main.main.wrap");
        check(&["main.main.gowrap1.1"], "main.main.func");
    }
}
