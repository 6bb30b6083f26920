//! What the formats of several dumps tell of a stack.

use stackherd_core::{Basis, Format, Snapshot, Tables};

/// What all of `snapshots` tell; `None` when they are of one kind, so that nothing has to be left out.
pub(crate) fn basis<'a>(tables: &Tables, snapshots: impl Iterator<Item = &'a Snapshot>) -> Option<Basis> {
    let mut kinds: Vec<Kind> = Vec::new();
    for snapshot in snapshots {
        let format = kind(snapshot.format());
        // Text always has them, `go tool pprof -traces` never.
        let has_places = format != Told::Profile || has_places(tables, snapshot);
        let kind = Kind { format, has_places };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    (kinds.len() > 1).then(|| Basis {
        has_creators: kinds.iter().all(|kind| kind.format == Told::Text),
        has_places: kinds.iter().all(|kind| kind.has_places),
        has_states: kinds.iter().all(|kind| kind.format == Told::Text),
    })
}

#[derive(PartialEq)]
struct Kind {
    format: Told,
    has_places: bool,
}

/// How a format tells of stacks.
#[derive(PartialEq)]
enum Told {
    /// As Go prints them: states, creators, no frames of the runtime.
    Text,
    /// Counted, without the runtime's frames on top.
    Counted,
    /// With the runtime's frames.
    Profile,
    /// By a debugger.
    Delve,
}

fn kind(format: Format) -> Told {
    match format {
        Format::Counted => Told::Counted,
        Format::Profile => Told::Profile,
        Format::Delve => Told::Delve,
        Format::Traceback | Format::Goleak | Format::Race | Format::Gops | Format::CounterLog => Told::Text,
    }
}

/// Whether files and lines are printed: one place is enough, some functions have none in any format.
fn has_places(tables: &Tables, snapshot: &Snapshot) -> bool {
    let mut last = None;
    snapshot.goroutines().iter().any(|goroutine| {
        let is_new = last.replace(goroutine.stack) != Some(goroutine.stack);
        is_new
            && tables.edges(goroutine.stack).into_iter().any(|edge| match edge {
                stackherd_core::Edge::Frame(frame) => !tables.bytes(tables.frames.get(frame).location).is_empty(),
                _ => false,
            })
    })
}
