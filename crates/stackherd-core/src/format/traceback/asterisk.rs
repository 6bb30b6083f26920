//! Asterisks that Markdown ate: `sync.(_Mutex).Lock`, `sync.(Mutex).Lock`, `sync.(\*Mutex).Lock`.
//!
//! Go prints parentheses in a name only around a pointer receiver, so the asterisk belongs there. Method values of interfaces
//! are the exception: `safemem.(Writer).WriteFromBlocks-fm`.

use alloc::vec::Vec;

use memchr::memmem;

/// Puts the name with its asterisks into `out`, if `name` lacks any. Returns whether it does.
///
/// A closure that was inlined carries the names of both functions, so there may be several receivers.
pub(super) fn restore(name: &[u8], out: &mut Vec<u8>) -> bool {
    let Some(first) = memmem::find(name, b".(") else { return false };
    out.clear();
    let mut is_changed = false;
    let mut rest = name;
    let mut next = Some(first);
    while let Some(open) = next {
        let (before, receiver) = rest.split_at(open + 2);
        out.extend_from_slice(before);
        let bare = match receiver {
            [b'\\', b'*', bare @ ..] | [b'_', bare @ ..] => bare,
            _ => receiver,
        };
        let is_lost = bare.len() < receiver.len() || !name.ends_with(b"-fm");
        if is_lost && is_type(bare) {
            out.push(b'*');
            is_changed = true;
            rest = bare;
        } else {
            rest = receiver;
        }
        next = memmem::find(rest, b".(");
    }
    out.extend_from_slice(rest);
    is_changed
}

/// Whether `Mutex).` or `S[...]).` is next. Before Go 1.9 method values carried a whole name in parentheses:
/// `.(example.com/app.handler)-fm`.
fn is_type(receiver: &[u8]) -> bool {
    let len = receiver.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | 0x80..)).count();
    len > 0 && receiver.get(len..).is_some_and(|end| end.starts_with(b").") || end.starts_with(b"[...])."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    #[test]
    fn ok_names_get_their_asterisks_back() {
        let cases = [
            ("sync.(_Mutex).Lock", "sync.(*Mutex).Lock"),
            ("sync.(Mutex).Lock", "sync.(*Mutex).Lock"),
            ("sync.(\\*Mutex).Lock", "sync.(*Mutex).Lock"),
            ("a/b.(S[...]).wait.func1", "a/b.(*S[...]).wait.func1"),
            ("a.(T).f.(_T).g.func1", "a.(*T).f.(*T).g.func1"),
            ("sync.(*Mutex).Lock", ""),
            ("a/b.(*router).(a/b.getContainersJSON)-fm", ""),
            ("a/b.(a/b.getContainersJSON)-fm", ""),
            ("a/safemem.(Writer).WriteFromBlocks-fm", ""),
            ("a.(_T).f-fm", "a.(*T).f-fm"),
            ("main.T.M", ""),
            ("main.main.func1", ""),
            ("std::foo", ""),
        ];
        for (name, expected) in cases {
            let mut out = Vec::new();
            let is_changed = restore(name.as_bytes(), &mut out);
            let restored = if is_changed { String::from_utf8(out).unwrap() } else { String::new() };
            assert_eq!(restored, expected, "{name}");
        }
    }
}
