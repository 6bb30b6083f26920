//! A cycle: drawn, explained step by step, and mended.

use stackherd_report::protocol::{CycleStep, CycleView};
use yew::prelude::*;

use super::{goroutine_name, object_name};
use crate::findings::CodeDiff;
use crate::hooks::Page;
use crate::i18n::{Texts, code_in};
use crate::model::{GraphEdge, GraphNode, cycle_graph, fit, function_name, kind_colour, place, step_frame};
use crate::shared::Sentence;

/// Letters of monospaced text that fit into a node.
const NODE_CHARS: usize = 24;

/// What is said of a cycle.
pub(super) fn cycle(page: &Page, cycle: &CycleView) -> Html {
    let texts = page.texts();
    html! {
        <>
            { graph(texts, cycle) }
            if !cycle.why.is_empty() {
                <section class="section">
                    <h3>{ texts.blocking.why }</h3>
                    <ol class="blocking-why">{ for cycle.why.iter().map(|why| html! { <li>{ why }</li> }) }</ol>
                    <p class="dim blocking-note">{ texts.blocking.inferred }</p>
                </section>
            }
            if let Some(pattern) = &cycle.fix {
                <section class="section">
                    <h3>{ texts.blocking.fix }<span class="section-space"></span><span>{ texts.blocking.fix_note }</span></h3>
                    <p class="muted blocking-note"><Sentence text={code_in(&pattern.summary, &[])}/></p>
                    if !pattern.before.is_empty() || !pattern.after.is_empty() {
                        <CodeDiff before={pattern.before.clone()} after={pattern.after.clone()}/>
                    }
                </section>
            }
        </>
    }
}

/// The drawing, and the same in words for those who don't see it, or where it would be too large.
fn graph(texts: &Texts, cycle: &CycleView) -> Html {
    let next = |index: usize| cycle.steps.get((index + 1) % cycle.steps.len());
    let words = |(index, step): (usize, &CycleStep)| {
        let holder = next(index).map_or_else(String::new, |next| goroutine_name(texts, next.goid));
        let object = object_name(texts, step.kind, &step.address, true);
        html! { <li>{ (texts.blocking.step)(&goroutine_name(texts, step.goid), &object, &holder) }</li> }
    };
    let words = |class: &'static str| html! { <ol class={class}>{ for cycle.steps.iter().enumerate().map(words) }</ol> };
    let Some(drawing) = cycle_graph(cycle.steps.len()) else {
        return html! { <section class="section">{ words("blocking-why") }</section> };
    };
    let nodes = drawing.nodes.iter().enumerate().filter_map(|(index, shape)| {
        let step = cycle.steps.get(index / 2)?;
        Some(if shape.is_object { object_node(texts, step, *shape) } else { goroutine_node(texts, step, *shape) })
    });
    let (width, height) = (drawing.width, drawing.height);
    html! {
        <div class="cycle-graph">
            <svg class="cycle-graph-svg" viewBox={format!("0 0 {width} {height}")} aria-hidden="true" data-goroutines={cycle.steps.len().to_string()}>
                { for drawing.edges.iter().map(|edge| arrow(texts, *edge)) }
                { for nodes }
                if cycle.steps.len() > 1 {
                    <text class="cycle-graph-middle" x={(width / 2).to_string()} y={(height / 2 + 4).to_string()}>{ texts.blocking.closed_cycle }</text>
                }
            </svg>
            { words("visually-hidden") }
        </div>
    }
}

fn goroutine_node(texts: &Texts, step: &CycleStep, shape: GraphNode) -> Html {
    let frame = step_frame(step);
    let second = frame
        .map(|frame| if frame.line == 0 { function_name(frame) } else { format!("{} :{}", function_name(frame), frame.line) });
    let title = frame.map(|frame| format!("{} {}", frame.function, place(frame))).unwrap_or_default();
    node(shape, "cycle-graph-goroutine", &goroutine_name(texts, step.goid), &second.unwrap_or_default(), title)
}

fn object_node(texts: &Texts, step: &CycleStep, shape: GraphNode) -> Html {
    let second = if step.address.is_empty() { texts.not_in_dump } else { &step.address };
    let class = format!("cycle-graph-object {}", kind_colour(step.kind));
    node(shape, &class, (texts.blocking.kind)(step.kind), second, String::new())
}

fn node(shape: GraphNode, class: &str, first: &str, second: &str, title: String) -> Html {
    let GraphNode { x, y, width, height, is_object } = shape;
    let middle = (x + width / 2).to_string();
    let radius = if is_object { 5 } else { height / 2 };
    html! {
        <g class={class.to_owned()}>
            if !title.is_empty() {
                <title>{ title }</title>
            }
            <rect x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()} rx={radius.to_string()}/>
            <text class="cycle-graph-first" x={middle.clone()} y={(y + 19).to_string()}>{ first }</text>
            <text class="cycle-graph-second" x={middle} y={(y + 34).to_string()}>{ fit(second, NODE_CHARS) }</text>
        </g>
    }
}

fn arrow(texts: &Texts, edge: GraphEdge) -> Html {
    let ((from_x, from_y), (to_x, to_y), (label_x, label_y)) = (edge.from, edge.to, edge.label);
    let head: Vec<String> = edge.head().iter().map(|(x, y)| format!("{x},{y}")).collect();
    let label = if edge.is_held { texts.blocking.likely_held_by } else { texts.blocking.waits_for };
    html! {
        <g class="cycle-graph-edge">
            <line x1={from_x.to_string()} y1={from_y.to_string()} x2={to_x.to_string()} y2={to_y.to_string()}/>
            <polygon points={head.join(" ")}/>
            <text x={label_x.to_string()} y={label_y.to_string()}>{ label }</text>
        </g>
    }
}
