//! A group of the other side whose stack is nearly the same: what was moved or changed, not what came or went.

use stackherd_core::compare::Row;
use stackherd_core::compare::stack_diff::{Side, nearest, stack_diff};
use stackherd_core::{Edge, StackId, Status};
use stackherd_report::protocol::{NearGroup, StackDiffLine, StackSide};

use super::Compared;
use crate::rows::key_text;
use crate::{Session, convert};

/// Groups of the other side that are looked at: the largest changes first.
const MAX_LOOKED_AT: usize = 500;

/// The gone group that is nearest to a new one, and the reverse; `None` when none is near.
pub(super) fn near(compared: &Compared, session: &Session, row: &Row) -> Option<NearGroup> {
    let wanted = match row.status {
        Status::New => Status::Gone,
        Status::Gone => Status::New,
        Status::Grown | Status::Shrunk | Status::Same => return None,
    };
    let shown = compared.shown(session, row)?;
    let this = shown.group.signature;
    let others = compared.comparison.rows.iter().filter(|other| other.status == wanted).take(MAX_LOOKED_AT);
    let others = others.filter_map(|other| Some((other, compared.shown(session, other)?)));
    let candidates: Vec<_> = others.filter(|(_, shown)| shown.group.signature.category == this.category).collect();
    let stacks: Vec<StackId> = candidates.iter().map(|(_, shown)| shown.group.signature.stack).collect();
    let (other, shown) = candidates.get(nearest(&session.tables, this.stack, &stacks)?)?;
    let frames = shown.grouped.frames;
    let lines = stack_diff(&session.tables, this.stack, shown.group.signature.stack).into_iter().map(|(side, edge)| {
        let (frame, is_creator) = match edge {
            Edge::Frame(frame) => (Some(frame), false),
            Edge::CreatedBy(frame) => (Some(frame), true),
            Edge::Elided => (None, false),
        };
        let side = match side {
            Side::Both => StackSide::Both,
            Side::Left => StackSide::This,
            Side::Right => StackSide::Other,
        };
        StackDiffLine { side, frame: frame.map(|frame| frames.view(frame)), is_creator }
    });
    Some(NearGroup {
        key: key_text(other.key),
        status: convert::status(other.status),
        goroutines: shown.group.n_goroutines,
        lines: lines.collect(),
    })
}
