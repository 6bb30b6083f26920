//! Makes dumps of the shape of a large service's `debug=2` output: a few stacks hold most goroutines, depths have a long
//! tail, ids and addresses differ everywhere. The same arguments always give the same bytes.

use std::fmt::Write;

/// What to make.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Stops at the first goroutine that reaches this size.
    pub(crate) n_bytes: usize,
    /// Distinct stacks.
    pub(crate) n_stacks: usize,
}

/// A dump and what is true of it.
#[derive(Debug)]
pub(crate) struct GeneratedDump {
    /// `debug=2` text.
    pub(crate) text: String,
    /// Goroutines in it.
    pub(crate) n_goroutines: usize,
    /// Distinct stacks used.
    pub(crate) n_groups: usize,
}

const STATES: [&str; 6] = ["select", "chan receive", "IO wait", "sync.Mutex.Lock", "chan send", "sync.WaitGroup.Wait"];
const PACKAGES: [&str; 8] = ["cart", "ledger", "route", "stock", "audit", "search", "price", "token"];
const TYPES: [&str; 8] = ["Broker", "Cache", "Pipeline", "Handler", "Store", "Queue", "Manager", "Service"];
const METHODS: [&str; 8] = ["Fetch", "Apply", "Commit", "Visit", "Publish", "Decode", "Flush.func1", "Handle"];

/// One distinct stack, as the pieces around its numbers.
struct Stack {
    state: &'static str,
    /// Name and place of each call.
    calls: Vec<(String, String)>,
    created_by: String,
}

/// Makes a dump.
pub(crate) fn generate(shape: Shape) -> GeneratedDump {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let stacks: Vec<Stack> = (0..shape.n_stacks).map(|at| stack(at, &mut random)).collect();
    // Zipf: the k-th stack is drawn 1/k as often as the first.
    let weights: Vec<f64> = (1..=shape.n_stacks)
        .scan(0.0, |sum, k| {
            *sum += 1.0 / k as f64;
            Some(*sum)
        })
        .collect();
    let all = weights.last().copied().unwrap_or(1.0);
    let mut is_used = vec![false; shape.n_stacks];
    let mut text = String::with_capacity(shape.n_bytes + 65_536);
    let mut n_goroutines = 0;
    while text.len() < shape.n_bytes {
        let draw = random.unit() * all;
        let at = weights.partition_point(|&weight| weight < draw).min(shape.n_stacks - 1);
        let (Some(stack), Some(used)) = (stacks.get(at), is_used.get_mut(at)) else { break };
        *used = true;
        n_goroutines += 1;
        write_goroutine(&mut text, n_goroutines * 3, stack, &mut random);
    }
    GeneratedDump { text, n_goroutines, n_groups: is_used.iter().filter(|&&used| used).count() }
}

fn stack(at: usize, random: &mut Random) -> Stack {
    // Median about nine frames, some far deeper.
    let depth = 3 + (6.0 / (1.05 - random.unit())) as usize % 60;
    let calls = (0..depth)
        .map(|_| {
            let (package, kind, method) = (random.pick(&PACKAGES), random.pick(&TYPES), random.pick(&METHODS));
            let line = random.below(40) * 17 + 11;
            let name = format!("acme.example/{package}/internal/{package}.(*{kind}).{method}");
            (name, format!("\t/srv/build/{package}/internal/{package}/{}.go:{line} +0x{:x}", kind.to_lowercase(), line * 3))
        })
        .collect();
    let created_by =
        format!("created by acme.example/run.(*Loop).Start in goroutine 1\n\t/srv/build/run/start.go:{} +0x1c5\n", at + 1);
    Stack { state: random.pick(&STATES), calls, created_by }
}

fn write_goroutine(text: &mut String, goid: usize, stack: &Stack, random: &mut Random) {
    // Writing to a String cannot fail.
    let _ = if random.below(4) == 0 {
        writeln!(text, "goroutine {goid} [{}]:", stack.state)
    } else {
        writeln!(text, "goroutine {goid} [{}, {} minutes]:", stack.state, random.below(90) + 1)
    };
    for (name, place) in &stack.calls {
        let _ = writeln!(text, "{name}(0xc{:09x}, {{0x8f1a20, 0xc{:09x}}})\n{place}", random.next() >> 28, random.next() >> 28);
    }
    text.push_str(&stack.created_by);
    text.push('\n');
}

/// SplitMix64: repeatable numbers without a dependency.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len() as u64) as usize).copied().unwrap_or_default()
    }
}
