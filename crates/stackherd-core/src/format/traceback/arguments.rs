//! Arguments worth keeping: the object that a goroutine waits for, and addresses by which another one can be told to hold it.
//!
//! Go prints arguments as they lie in registers and on the stack. Since 1.18 a `?` marks words that may be stale, and at the
//! point where a goroutine parks most are. Those kept here are live in every version (measured on Go 1.19 to 1.27).

use alloc::vec::Vec;

use crate::blocking::ObjectKind;
use crate::func::FuncName;
use crate::origin::{Origin, OriginRules};
use crate::snapshot::{Argument, Goroutine};
use crate::tables::{Edge, FrameId, StackId, Tables};

/// Goroutines whose arguments are kept at one node of the stack tree. A crowd with one stack needs no more to tell what it has
/// in common, and memory stays small.
const MAX_PER_NODE: u8 = 64;
/// Words of a call that are looked at: the receiver, a context, and the next one.
const MAX_WORDS: usize = 4;
/// Below lies no heap and no variable.
const MIN_ADDRESS: u64 = 0x1_0000;
/// No processor has more bits of user space (57 with five levels of pages).
const MAX_ADDRESS: u64 = 1 << 57;

// What is kept at a node, in one byte.
/// Not decided yet.
const UNDECIDED: u8 = 0;
const NOTHING: u8 = 1;
/// The first of the kinds in [`OBJECTS`].
const OBJECT: u8 = 2;
/// Addresses of a call, but the node had its share; above it, the share that is left.
const FULL: u8 = 64;

/// Functions whose first argument is what their goroutine waits for.
const OBJECTS: [(&str, ObjectKind); 11] = [
    ("internal/sync.(*Mutex).lockSlow", ObjectKind::Mutex), // Go 1.24
    ("sync.(*Mutex).lockSlow", ObjectKind::Mutex),          // Go 1.14
    ("sync.(*Mutex).Lock", ObjectKind::Mutex),              // until Go 1.13, or built with -l
    ("internal/sync.(*Mutex).Lock", ObjectKind::Mutex),
    ("sync.(*WaitGroup).Wait", ObjectKind::WaitGroup), // live until Go 1.16 and since 1.25
    ("sync.runtime_notifyListWait", ObjectKind::Cond),
    ("internal/poll.runtime_pollWait", ObjectKind::Connection),
    ("net.runtime_pollWait", ObjectKind::Connection), // until Go 1.8
    // Printed at traceback level 2.
    ("runtime.chanrecv", ObjectKind::Channel),
    ("runtime.chansend", ObjectKind::Channel),
    ("runtime.semacquire1", ObjectKind::Semaphore),
];

/// `sync.Cond` has its list of waiters behind the locker (Go `sync/cond.go`).
const NOTIFY_LIST_OFFSET: u64 = 0x10;

/// Keeps arguments while a dump is read.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    kept: Vec<Argument>,
    /// What is kept, by node of the stack tree.
    plans: Vec<u8>,
    /// Arguments of a call whose place has not come yet.
    held: Vec<u8>,
}

impl Arguments {
    /// Holds the arguments of a call until its place comes. `predicted` is the node it likely leads to.
    #[inline]
    pub(super) fn hold(&mut self, arguments: &[u8], predicted: Option<StackId>) {
        self.held.clear();
        // Where the place differs from the predicted one the function is still the same.
        if predicted.is_none_or(|node| self.plan(node) != NOTHING) {
            self.held.extend_from_slice(arguments);
        }
    }

    /// The place came: the call leads to the goroutine's stack. `row` is the goroutine's index in its dump.
    pub(super) fn note_held(&mut self, tables: &Tables, goroutine: &mut Goroutine, row: usize) {
        let held = core::mem::take(&mut self.held);
        self.note(tables, &held, goroutine, row);
        self.held = held;
        self.held.clear();
    }

    /// Keeps what is worth it of a call that leads to the goroutine's stack.
    #[inline]
    pub(super) fn note(&mut self, tables: &Tables, arguments: &[u8], goroutine: &mut Goroutine, row: usize) {
        if !matches!(self.plan(goroutine.stack), NOTHING | FULL) {
            self.keep(tables, arguments, goroutine, row);
        }
    }

    #[inline]
    fn plan(&self, node: StackId) -> u8 {
        self.plans.get(node.index()).copied().unwrap_or(UNDECIDED)
    }

    fn keep(&mut self, tables: &Tables, arguments: &[u8], goroutine: &mut Goroutine, row: usize) {
        let node = goroutine.stack;
        let Some((_, Edge::Frame(frame))) = tables.stacks.last_edge(node) else { return };
        let mut plan = self.plan(node);
        if plan == UNDECIDED {
            plan = decide(tables.bytes(tables.frames.get(frame).function));
            if self.plans.len() <= node.index() {
                self.plans.resize(tables.stacks.n_nodes().max(node.index() + 1), UNDECIDED);
            }
            self.set_plan(node, plan);
        }
        if plan > FULL {
            let n_before = self.kept.len();
            let row = row as u32;
            let values = words(arguments).enumerate().filter_map(|(position, word)| Some((position, address(word?, 8)?)));
            self.kept.extend(values.map(|(position, value)| Argument {
                goroutine: row,
                frame,
                position: position as u8,
                value,
            }));
            if self.kept.len() > n_before {
                self.set_plan(node, plan - 1);
            }
        } else if let Some(&(_, kind)) = OBJECTS.get(plan.wrapping_sub(OBJECT) as usize) {
            note_object(goroutine, kind, words(arguments).next().flatten());
        }
    }

    fn set_plan(&mut self, node: StackId, plan: u8) {
        if let Some(slot) = self.plans.get_mut(node.index()) {
            *slot = plan;
        }
    }

    /// The last frame of goroutine `row` was another one than it seemed.
    pub(super) fn correct(&mut self, row: usize, seemed: FrameId, is: FrameId) {
        let of_row = self.kept.iter_mut().rev().take_while(|argument| argument.goroutine as usize == row);
        of_row.filter(|argument| argument.frame == seemed).for_each(|argument| argument.frame = is);
    }

    /// Ends the dump and returns what was kept of it. What belongs to the goroutine at `row` and behind stays for the next one,
    /// where it is the first.
    pub(super) fn end_dump(&mut self, row: usize) -> Vec<Argument> {
        let at = self.kept.partition_point(|argument| (argument.goroutine as usize) < row);
        let mut next = self.kept.split_off(at);
        next.iter_mut().for_each(|argument| argument.goroutine = argument.goroutine.saturating_sub(row as u32));
        self.plans.clear();
        core::mem::replace(&mut self.kept, next)
    }
}

/// What is kept of calls of `function`.
fn decide(function: &[u8]) -> u8 {
    if let Some(at) = OBJECTS.iter().position(|(name, _)| name.as_bytes() == function) {
        return OBJECT + at as u8;
    }
    let name = FuncName::parse(function);
    match OriginRules::default().origin(&name, "") {
        Origin::App | Origin::Dependency if !name.package().is_empty() => FULL + MAX_PER_NODE,
        _ => NOTHING,
    }
}

fn note_object(goroutine: &mut Goroutine, kind: ObjectKind, word: Option<u64>) {
    // The semaphore is a part of what the next frames name.
    if !matches!(goroutine.object_kind, None | Some(ObjectKind::Semaphore)) {
        return;
    }
    // The words of a lock are 32 bits wide.
    let align = if matches!(kind, ObjectKind::Mutex | ObjectKind::Semaphore | ObjectKind::WaitGroup) { 4 } else { 8 };
    let Some(value) = word.and_then(|word| address(word, align)) else { return };
    goroutine.object = if kind == ObjectKind::Cond { value - NOTIFY_LIST_OFFSET } else { value };
    goroutine.object_kind = Some(kind);
}

/// `word` if something may lie there.
fn address(word: u64, align: u64) -> Option<u64> {
    (word > MIN_ADDRESS && word < MAX_ADDRESS && word.is_multiple_of(align)).then_some(word)
}

/// The first words in `(0xc000018060, {0x1?, _}, ...)` as printed, braces aside; `None` for one that may be stale or is too long.
fn words(arguments: &[u8]) -> impl Iterator<Item = Option<u64>> {
    arguments.split(|&byte| byte == b',').take(MAX_WORDS).map(|word| {
        let mut word = word;
        while let [b' ' | b'{' | b'(', rest @ ..] = word {
            word = rest;
        }
        while let [rest @ .., b'}' | b')'] = word {
            word = rest;
        }
        let digits = word.strip_prefix(b"0x").filter(|digits| (1..=16).contains(&digits.len()))?;
        digits.iter().try_fold(0, |value: u64, &digit| Some(value << 4 | u64::from(char::from(digit).to_digit(16)?)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Parser;
    use crate::snapshot::Snapshot;
    use alloc::format;
    use alloc::string::String;

    /// Goroutine 8 waits for a mutex that goroutine 9 mentions; 10 waits at traceback level 2.
    const TEXT: &str = "\
goroutine 8 [sync.Mutex.Lock]:
internal/sync.runtime_SemacquireMutex(0x0?, 0x0?, 0x0?)
\t/go/src/runtime/sema.go:95 +0x25
internal/sync.(*Mutex).lockSlow(0xc00001826c)
\t/go/src/internal/sync/mutex.go:149 +0x15d
sync.(*Mutex).Lock(...)
\t/go/src/sync/mutex.go:46
example.com/ledger.Transfer(0xc000018258, 0xc000018270?, 0xa, {0xc000018280, 0x5})
\t/src/ledger.go:21 +0x9c
created by main.main in goroutine 1
\t/src/main.go:13 +0x99

goroutine 9 [chan send]:
example.com/ledger.(*Book).flush(0xc000018258)
\t/src/ledger.go:41 +0x9c
created by main.main in goroutine 1
\t/src/main.go:14 +0x99

goroutine 10 gp=0xc000003340 m=nil [semacquire]:
runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
\t/go/src/runtime/proc.go:402 +0xce fp=0xc0000a1c20 sp=0xc0000a1c00 pc=0x43ad6e
runtime.semacquire1(0xc000018278, 0x0, 0x1, 0x0, 0x12)
\t/go/src/runtime/sema.go:160 +0x225 fp=0xc0000a1c88 sp=0xc0000a1c20 pc=0x44d305
sync.(*WaitGroup).Wait(0x0?)
\t/go/src/sync/waitgroup.go:116 +0x48 fp=0xc0000a1cf0 sp=0xc0000a1cb0 pc=0x47a5c8
main.main()
\t/src/main.go:20 +0x1f8 fp=0xc0000a1eb8 sp=0xc0000a1e68 pc=0x6d9378
";

    fn read(text: &str, chunk_bytes: usize) -> (Tables, Snapshot) {
        let mut tables = Tables::default();
        let mut parser = Parser::default();
        text.as_bytes().chunks(chunk_bytes).for_each(|chunk| parser.push(&mut tables, chunk));
        let snapshot = parser.finish(&mut tables).unwrap().remove(0);
        (tables, snapshot)
    }

    fn objects(snapshot: &Snapshot) -> Vec<(u64, Option<ObjectKind>)> {
        snapshot.goroutines().iter().map(|goroutine| (goroutine.object, goroutine.object_kind)).collect()
    }

    fn arguments(tables: &Tables, snapshot: &Snapshot) -> Vec<String> {
        let name = |argument: &Argument| {
            String::from_utf8_lossy(tables.bytes(tables.frames.get(argument.frame).function)).into_owned()
        };
        let line = |argument: &Argument| {
            format!("{} {} {} {:#x}", argument.goroutine, name(argument), argument.position, argument.value)
        };
        snapshot.arguments().iter().map(line).collect()
    }

    #[test]
    fn ok_objects_and_live_addresses() {
        let (tables, snapshot) = read(TEXT, usize::MAX);
        let expected = [(0xc0_0001_826c, Some(ObjectKind::Mutex)), (0, None), (0xc0_0001_8278, Some(ObjectKind::Semaphore))];
        assert_eq!(objects(&snapshot), expected);
        assert_eq!(
            arguments(&tables, &snapshot),
            [
                "0 example.com/ledger.Transfer 0 0xc000018258",
                "0 example.com/ledger.Transfer 3 0xc000018280",
                "1 example.com/ledger.(*Book).flush 0 0xc000018258",
            ]
        );
    }

    #[test]
    fn ok_both_roads_keep_the_same() {
        // The second half is known, so the fast road takes it where a chunk holds whole frames.
        let again = ["8", "9", "10"]
            .iter()
            .fold(String::from(TEXT), |text, goid| text.replace(&format!("goroutine {goid} "), &format!("goroutine 1{goid} ")));
        let text = format!("{TEXT}\n{again}");
        let (tables, whole) = read(&text, usize::MAX);
        assert_eq!(whole.goroutines().len(), 6);
        assert_eq!(arguments(&tables, &whole).len(), 6);
        for chunk_bytes in [1, 2, 3, 7, 64, 100, 333, 500] {
            assert_eq!(read(&text, chunk_bytes).1, whole, "{chunk_bytes}");
        }
    }

    #[test]
    fn ok_a_crowd_keeps_few() {
        let goroutine =
            |goid: u64| format!("goroutine {goid} [select]:\nmain.(*T).run(0xc0000{goid:03x}8)\n\t/src/main.go:9 +0x1\n\n");
        let (_, snapshot) = read(&(1..=500).map(goroutine).collect::<String>(), 4096);
        assert_eq!((snapshot.goroutines().len(), snapshot.arguments().len()), (500, 64));
    }

    #[test]
    fn ok_dumps_in_one_input_number_their_rows_anew() {
        let asker = "goroutine 30 [running]:\nmain.dump(0xc000010000)\n\t/src/main.go:70 +0x1\n\n";
        let text = format!("{TEXT}\n{asker}{TEXT}");
        for chunk_bytes in [1, 50, usize::MAX] {
            let mut tables = Tables::default();
            let mut parser = Parser::default();
            text.as_bytes().chunks(chunk_bytes).for_each(|chunk| parser.push(&mut tables, chunk));
            let snapshots = parser.finish(&mut tables).unwrap();
            let [first, second] = snapshots.as_slice() else { panic!("two dumps") };
            assert_eq!(arguments(&tables, first).len(), 3);
            assert_eq!(arguments(&tables, second)[0], "0 main.dump 0 0xc000010000");
            assert_eq!(arguments(&tables, second)[1], "1 example.com/ledger.Transfer 0 0xc000018258");
        }
    }

    #[test]
    fn err_what_is_no_address_is_left_out() {
        let of = |text: &str| words(text.as_bytes()).map(|word| word.and_then(|word| address(word, 8))).collect::<Vec<_>>();
        assert_eq!(of("(...)"), [None]);
        assert_eq!(of("()"), [None]);
        assert_eq!(of("(0xc000018258?, 0x5, 0xffffffffffffffff, 0xfffffffffffffff8)"), [None; 4]);
        assert_eq!(
            of("(0xc000018254, _, {0xc000018258}, 0x111222333444555566667777)"),
            [None, None, Some(0xc0_0001_8258), None]
        );
    }
}
