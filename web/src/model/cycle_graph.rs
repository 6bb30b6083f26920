//! Where the goroutines and objects of a cycle are drawn: on a ring of two columns, clockwise from the top left.
//!
//! A goroutine and the object it waits for stand next to each other, so every line is straight.

/// Goroutines drawn at most; a longer cycle is told in words.
pub(crate) const MAX_DRAWN: usize = 6;

const WIDTH: i32 = 500;
const NODE_WIDTH: i32 = 176;
const NODE_HEIGHT: i32 = 44;
const MARGIN: i32 = 6;
/// From the top of a row to the top of the next; two rows leave room for words in the middle.
const PITCH: i32 = 104;
const PITCH_OF_TWO: i32 = 150;
/// Between the lines there and back where one goroutine waits for what itself seems to hold.
const APART: i32 = 10;
const HEAD: i32 = 8;

/// A drawing in its own units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CycleGraph {
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// Goroutine, its object, the next goroutine, its object …
    pub(crate) nodes: Vec<GraphNode>,
    /// From each node to the next one.
    pub(crate) edges: Vec<GraphEdge>,
}

/// A box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GraphNode {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) is_object: bool,
}

/// An arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GraphEdge {
    pub(crate) from: (i32, i32),
    pub(crate) to: (i32, i32),
    /// Middle of its words.
    pub(crate) label: (i32, i32),
    /// From an object to the goroutine that seems to hold it.
    pub(crate) is_held: bool,
}

impl GraphEdge {
    /// The corners of its head.
    pub(crate) fn head(self) -> [(i32, i32); 3] {
        let ((x, y), half) = (self.to, HEAD / 2);
        let (dx, dy) = ((x - self.from.0).signum(), (y - self.from.1).signum());
        let (back_x, back_y) = (x - dx * HEAD, y - dy * HEAD);
        [(x, y), (back_x - dy * half, back_y - dx * half), (back_x + dy * half, back_y + dx * half)]
    }
}

/// The drawing of a cycle of so many goroutines; `None` when that is none or too many.
pub(crate) fn cycle_graph(goroutines: usize) -> Option<CycleGraph> {
    if !(1..=MAX_DRAWN).contains(&goroutines) {
        return None;
    }
    let rows = i32::try_from(goroutines).ok()?;
    let pitch = if rows == 2 { PITCH_OF_TWO } else { PITCH };
    let top = 20;
    let node = |index: i32| {
        // The first stands top left, the others go down on the right and up on the left.
        let (is_right, row) = match index {
            0 => (false, 0),
            index if index <= rows => (true, index - 1),
            index => (false, 2 * rows - index),
        };
        GraphNode {
            x: if is_right { WIDTH - MARGIN - NODE_WIDTH } else { MARGIN },
            y: top + row * pitch,
            width: NODE_WIDTH,
            height: NODE_HEIGHT,
            is_object: index % 2 == 1,
        }
    };
    let nodes: Vec<GraphNode> = (0..2 * rows).map(node).collect();
    let next = |index: usize| nodes.get((index + 1) % nodes.len());
    let edge = |(index, from): (usize, &GraphNode)| Some(edge(*from, *next(index)?, rows == 1));
    let edges = nodes.iter().enumerate().filter_map(edge).collect();
    Some(CycleGraph { width: WIDTH, height: 2 * top + (rows - 1) * pitch + NODE_HEIGHT, nodes, edges })
}

fn edge(from: GraphNode, to: GraphNode, has_way_back: bool) -> GraphEdge {
    let middle = |node: GraphNode| (node.x + node.width / 2, node.y + node.height / 2);
    let ((from_x, from_y), (to_x, to_y)) = (middle(from), middle(to));
    let is_held = from.is_object;
    if from_y == to_y {
        let is_right = to_x > from_x;
        let y = match (has_way_back, is_right) {
            (false, _) => from_y,
            (true, true) => from_y - APART,
            (true, false) => from_y + APART,
        };
        let (start, end) = if is_right { (from.x + from.width, to.x) } else { (from.x, to.x + to.width) };
        // Words stand above the way there and below the way back.
        let label_y = if is_right { y - 9 } else { y + 18 };
        GraphEdge { from: (start, y), to: (end, y), label: (i32::midpoint(start, end), label_y), is_held }
    } else {
        let (start, end) = if to_y > from_y { (from.y + from.height, to.y) } else { (from.y, to.y + to.height) };
        // Words stand on the outer side.
        let label_x = if from_x > WIDTH / 2 { from_x + 46 } else { from_x - 46 };
        GraphEdge { from: (from_x, start), to: (from_x, end), label: (label_x, i32::midpoint(start, end) + 4), is_held }
    }
}

/// Text that fits into a node, cut in the middle of a long name: its end tells most.
pub(crate) fn fit(text: &str, max_chars: usize) -> String {
    let length = text.chars().count();
    if length <= max_chars {
        return text.to_owned();
    }
    let kept = text.chars().skip(length - max_chars.saturating_sub(1));
    core::iter::once('…').chain(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_on_border(node: GraphNode, (x, y): (i32, i32)) -> bool {
        let in_x = (node.x..=node.x + node.width).contains(&x);
        let in_y = (node.y..=node.y + node.height).contains(&y);
        let at_x = x == node.x || x == node.x + node.width;
        let at_y = y == node.y || y == node.y + node.height;
        (in_x && at_y) || (in_y && at_x)
    }

    fn overlap(a: GraphNode, b: GraphNode) -> bool {
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    #[test]
    fn ok_nodes_alternate_and_keep_apart() {
        for goroutines in 1..=MAX_DRAWN {
            let graph = cycle_graph(goroutines).expect("a drawing");
            assert_eq!((graph.nodes.len(), graph.edges.len()), (2 * goroutines, 2 * goroutines));
            for (index, node) in graph.nodes.iter().enumerate() {
                assert_eq!(node.is_object, index % 2 == 1);
                assert!(node.x >= 0 && node.x + node.width <= graph.width, "{goroutines}: {node:?}");
                assert!(node.y >= 0 && node.y + node.height <= graph.height, "{goroutines}: {node:?}");
                assert!(graph.nodes[index + 1..].iter().all(|other| !overlap(*node, *other)), "{goroutines}: {node:?}");
            }
        }
    }

    #[test]
    fn ok_every_arrow_is_straight_and_joins_a_node_with_the_next() {
        for goroutines in 1..=MAX_DRAWN {
            let graph = cycle_graph(goroutines).expect("a drawing");
            for (index, edge) in graph.edges.iter().enumerate() {
                let (from, to) = (graph.nodes[index], graph.nodes[(index + 1) % graph.nodes.len()]);
                assert!(is_on_border(from, edge.from) && is_on_border(to, edge.to), "{goroutines}: {edge:?}");
                assert!(edge.from.0 == edge.to.0 || edge.from.1 == edge.to.1, "{goroutines}: {edge:?}");
                assert_eq!(edge.is_held, from.is_object);
                let (x, y) = edge.label;
                assert!((30..=graph.width - 30).contains(&x) && (8..graph.height).contains(&y), "{goroutines}: {edge:?}");
            }
        }
    }

    #[test]
    fn ok_two_goroutines_stand_at_opposite_corners() {
        let graph = cycle_graph(2).expect("a drawing");
        let [first, _, second, _] = graph.nodes[..] else { panic!("four nodes") };
        assert!(first.x < second.x && first.y < second.y);
    }

    #[test]
    fn ok_a_goroutine_that_waits_for_itself_has_a_line_there_and_one_back() {
        let graph = cycle_graph(1).expect("a drawing");
        assert_ne!(graph.edges[0].from.1, graph.edges[1].from.1);
    }

    #[test]
    fn ok_none_and_too_many_are_not_drawn() {
        assert_eq!(cycle_graph(0), None);
        assert_eq!(cycle_graph(MAX_DRAWN + 1), None);
    }

    #[test]
    fn ok_heads_point_at_their_node() {
        let edge = GraphEdge { from: (0, 0), to: (40, 0), label: (0, 0), is_held: false };
        assert_eq!(edge.head(), [(40, 0), (32, -4), (32, 4)]);
        let edge = GraphEdge { to: (0, -40), ..edge };
        assert_eq!(edge.head(), [(0, -40), (4, -32), (-4, -32)]);
    }

    #[test]
    fn ok_long_names_keep_their_end() {
        assert_eq!(fit("ledger.Transfer :18", 26), "ledger.Transfer :18");
        assert_eq!(fit("abcdef", 4), "…def");
        assert_eq!(fit("转储的名称", 3), "…名称");
    }
}
