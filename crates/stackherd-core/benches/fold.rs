//! What it costs to look at 10,000 groups of 100,000 goroutines at another level of similarity. With `--test` every bench runs
//! once.

use std::fmt::Write;
use std::sync::LazyLock;

use divan::Bencher;
use stackherd_core::{
    Basis, Given, Grouping, Judgement, Keys, OriginRules, Parser, Similarity, Snapshot, Tables, group, judge,
};

const N_STACKS: u64 = 10_000;
const N_GOROUTINES: u64 = 100_000;

struct Dump {
    tables: Tables,
    snapshot: Snapshot,
    judgement: Judgement,
    origins: OriginRules,
}

static DUMP: LazyLock<Dump> = LazyLock::new(|| {
    let mut text = String::new();
    for at in 0..N_GOROUTINES {
        let stack = at * 7919 % N_STACKS;
        let (handler, line) = (stack % 500, stack / 500);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "goroutine {} [select, {} minutes]:", at + 1, at % 60);
        let _ =
            writeln!(text, "net/http.(*persistConn).roundTrip(0xc0001)\n\t/usr/local/go/src/net/http/transport.go:2750 +0x1");
        for depth in 0..8 {
            let _ = writeln!(text, "shop.example/api.(*Handler{handler}).step{depth}.func{line}(0xc0001)");
            let _ = writeln!(text, "\t/srv/api/handler{handler}.go:{} +0x1d", line * 10 + depth);
        }
        let _ = writeln!(text, "created by shop.example/api.Serve in goroutine 1\n\t/srv/api/serve.go:9 +0x9c\n");
    }
    let mut tables = Tables::default();
    let mut parser = Parser::default();
    parser.push(&mut tables, text.as_bytes());
    let snapshot = parser.finish(&mut tables).unwrap_or_default().into_iter().next().unwrap_or_default();
    let groups = group(&tables, snapshot.goroutines());
    assert_eq!(groups.len() as u64, N_STACKS);
    let origins = OriginRules::default();
    let judgement = judge(&tables, &snapshot, &groups, &origins, Given::default());
    Dump { tables, snapshot, judgement, origins }
});

fn main() {
    divan::main();
}

const LEVELS: [&str; 4] = ["stack", "function", "origin", "culprit"];

/// A level by its name; stacks by what all formats have in common, since they are not folded otherwise.
fn grouping(level: &str) -> Grouping {
    let similarity = match level {
        "function" => Similarity::Function,
        "origin" => Similarity::Origin,
        "culprit" => Similarity::Culprit,
        _ => {
            let basis = Basis { has_creators: false, has_places: true, has_states: false };
            return Grouping { similarity: Similarity::Stack, basis };
        }
    };
    Grouping { similarity, basis: Basis::default() }
}

/// Names and places to hashes, groups to keys.
#[divan::bench(args = LEVELS)]
fn keys(bencher: Bencher, level: &str) {
    let dump = &*DUMP;
    bencher.bench(|| {
        let keys = Keys::of(&dump.tables, &dump.origins, grouping(level));
        dump.judgement.groups.iter().map(|group| keys.key(group.signature)).collect::<Vec<_>>()
    });
}

/// All of it: keys, groups, ranking, indices.
#[divan::bench(args = LEVELS)]
fn fold(bencher: Bencher, level: &str) {
    let dump = &*DUMP;
    bencher.bench(|| dump.judgement.folded(&dump.tables, &dump.snapshot, &dump.origins, grouping(level)));
}
