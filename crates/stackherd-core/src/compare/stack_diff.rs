//! Two stacks line by line: what near-identical groups have in common.

use alloc::vec;
use alloc::vec::Vec;

use crate::tables::{Edge, StackId, StringId, Tables};

/// Longer differences are not aligned: a table of both sides is needed.
const MAX_ALIGNED: usize = 200;
/// Stacks are near when they share this part of the longer one's functions, in percent.
const NEAR_PERCENT: usize = 60;

/// On which side a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// On both.
    Both,
    /// On the left only.
    Left,
    /// On the right only.
    Right,
}

/// The edges of two stacks, leaf first, aligned as well as possible: left lines of a difference before right ones.
///
/// `O(left × right)` of what differs between the common ends, up to 200 lines each; longer differences are listed left, then
/// right.
#[must_use]
pub fn stack_diff(tables: &Tables, left: StackId, right: StackId) -> Vec<(Side, Edge)> {
    let (left, right) = (tables.edges(left), tables.edges(right));
    let n_head = left.iter().zip(&right).take_while(|(left, right)| left == right).count();
    let n_rest = left.len().min(right.len()) - n_head;
    let n_tail = left.iter().rev().zip(right.iter().rev()).take(n_rest).take_while(|(left, right)| left == right).count();
    let head = left.iter().take(n_head);
    let middle = |edges: &[Edge]| edges.get(n_head..edges.len() - n_tail).unwrap_or_default().to_vec();
    let tail = left.iter().skip(left.len() - n_tail);
    let mut lines: Vec<(Side, Edge)> = head.map(|&edge| (Side::Both, edge)).collect();
    align(&middle(&left), &middle(&right), &mut lines);
    lines.extend(tail.map(|&edge| (Side::Both, edge)));
    lines
}

/// The longest common subsequence of the ends of two sequences, by where they start.
struct Common {
    n_right: usize,
    lengths: Vec<u16>,
}

impl Common {
    fn of<T: PartialEq>(left: &[T], right: &[T]) -> Self {
        let n_right = right.len() + 1;
        let mut common = Self { n_right, lengths: vec![0; (left.len() + 1) * n_right] };
        for (row, one) in left.iter().enumerate().rev() {
            for (column, other) in right.iter().enumerate().rev() {
                let length = if one == other {
                    common.at(row + 1, column + 1) + 1
                } else {
                    common.at(row + 1, column).max(common.at(row, column + 1))
                };
                if let Some(slot) = common.lengths.get_mut(row * n_right + column) {
                    *slot = length;
                }
            }
        }
        common
    }

    fn at(&self, row: usize, column: usize) -> u16 {
        self.lengths.get(row * self.n_right + column).copied().unwrap_or(0)
    }
}

fn align(left: &[Edge], right: &[Edge], lines: &mut Vec<(Side, Edge)>) {
    let is_short = left.len() <= MAX_ALIGNED && right.len() <= MAX_ALIGNED;
    let common = if is_short { Common::of(left, right) } else { Common { n_right: 0, lengths: Vec::new() } };
    let (mut row, mut column) = (0, 0);
    // Right lines wait until the left ones of the same difference are through.
    let mut waiting: Vec<(Side, Edge)> = Vec::new();
    loop {
        match (left.get(row), right.get(column)) {
            (Some(one), Some(other)) if is_short && one == other => {
                lines.append(&mut waiting);
                lines.push((Side::Both, *one));
                (row, column) = (row + 1, column + 1);
            }
            (Some(one), other) if other.is_none() || common.at(row + 1, column) >= common.at(row, column + 1) => {
                lines.push((Side::Left, *one));
                row += 1;
            }
            (_, Some(other)) => {
                waiting.push((Side::Right, *other));
                column += 1;
            }
            _ => break,
        }
    }
    lines.append(&mut waiting);
}

/// The candidate whose functions, lines aside and the creator's included, are most like those of `stack`; `None` when none shares
/// 60 % with it. The first of equals. `O(candidates × frames²)`, of the 200 frames next to the leaf.
#[must_use]
pub fn nearest(tables: &Tables, stack: StackId, candidates: &[StackId]) -> Option<usize> {
    let functions = |stack: StackId| -> Vec<StringId> {
        let function = |edge: Edge| match edge {
            Edge::Frame(frame) | Edge::CreatedBy(frame) => Some(tables.frames.get(frame).function),
            Edge::Elided => None,
        };
        tables.edges(stack).into_iter().filter_map(function).take(MAX_ALIGNED).collect()
    };
    let own = functions(stack);
    let mut best: Option<(usize, usize)> = None;
    for (index, &candidate) in candidates.iter().enumerate() {
        let others = functions(candidate);
        let n_longer = own.len().max(others.len());
        // Nothing is like the empty stack.
        let n_common = usize::from(Common::of(&own, &others).at(0, 0));
        let near = (n_common * 1000).checked_div(n_longer).unwrap_or(0);
        if near >= NEAR_PERCENT * 10 && best.is_none_or(|(_, other)| near > other) {
            best = Some((index, near));
        }
    }
    best.map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Frame;
    use alloc::format;
    use alloc::string::String;

    /// A stack of `NAME:LINE`s, leaf first; `<NAME` is the creator.
    fn stack(tables: &mut Tables, lines: &[&str]) -> StackId {
        let mut stack = StackId::EMPTY;
        for line in lines {
            let name = line.split(':').next().unwrap().as_bytes();
            let (function, location) = (tables.strings.intern(name), tables.strings.intern(line.as_bytes()));
            let frame = tables.frames.intern(Frame { function, location, inlined: false });
            let edge = if line.starts_with('<') { Edge::CreatedBy(frame) } else { Edge::Frame(frame) };
            stack = tables.stacks.child(stack, edge);
        }
        stack
    }

    fn diff(left: &[&str], right: &[&str]) -> String {
        let mut tables = Tables::default();
        let (left, right) = (stack(&mut tables, left), stack(&mut tables, right));
        let mut out = String::new();
        for (side, edge) in stack_diff(&tables, left, right) {
            let (Edge::Frame(frame) | Edge::CreatedBy(frame)) = edge else { continue };
            let mark = match side {
                Side::Both => ' ',
                Side::Left => '-',
                Side::Right => '+',
            };
            let line = String::from_utf8_lossy(tables.bytes(tables.frames.get(frame).location)).into_owned();
            out += &format!("{mark}{line}");
        }
        out
    }

    #[test]
    fn ok_differences_are_aligned() {
        assert_eq!(diff(&["a", "b", "<c"], &["a", "b", "<c"]), " a b <c");
        assert_eq!(diff(&["a", "b:1", "<c"], &["a", "b:2", "<c"]), " a-b:1+b:2 <c");
        assert_eq!(diff(&["a", "b", "c", "d", "e"], &["a", "x", "c", "y", "e"]), " a-b+x c-d+y e");
        assert_eq!(diff(&["a", "c"], &["a", "b", "c"]), " a+b c");
        assert_eq!(diff(&["a", "a", "b"], &["a", "b"]), " a-a b");
        assert_eq!(diff(&[], &["a"]), "+a");
        assert_eq!(diff(&["x", "y", "m", "z"], &["m", "p", "q"]), "-x-y m-z+p+q");
    }

    #[test]
    fn ok_long_differences_are_listed_one_after_the_other() {
        let names: Vec<String> = (0..450).map(|n| format!("f{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let said = diff(&names[..300], &names[150..]);
        assert!(said.starts_with("-f0-f1-f2") && said.ends_with("+f448+f449") && !said.contains(' '));
    }

    #[test]
    fn ok_the_nearest_stack_shares_functions() {
        let mut tables = Tables::default();
        let own = stack(&mut tables, &["send:1", "run:2", "<start:3"]);
        let moved = stack(&mut tables, &["send:5", "run:6", "<start:7"]);
        let near = stack(&mut tables, &["send:5", "other:6", "<start:7"]);
        let far = stack(&mut tables, &["send:5", "x:1", "y:1", "z:1", "<start:3"]);
        assert_eq!(nearest(&tables, own, &[far, near, moved]), Some(2));
        assert_eq!(nearest(&tables, own, &[far, near]), Some(1));
        assert_eq!(nearest(&tables, own, &[far]), None);
        assert_eq!(nearest(&tables, StackId::EMPTY, &[StackId::EMPTY]), None);
    }
}
