//! What the detail shows below the stack.

use stackherd_report::protocol::{GroupDetail, WaitBar};
use stackherd_report::{Category, WaitMinutes};
use yew::prelude::*;

use crate::i18n::Texts;
use crate::model::{colour_class, histogram, state_counts, thousands, wait};

/// Labels and parents shown at most; the engine sends the most frequent first.
const MAX_ROWS: usize = 20;

/// Go's words for the state, when the group holds more than one.
pub(super) fn states(texts: &Texts, detail: &GroupDetail) -> Html {
    let counts = state_counts(detail);
    if counts.is_empty() {
        return Html::default();
    }
    let rows = counts.iter().map(|count| (html! { <span translate="no">{ &count.text }</span> }, count.goroutines));
    section(texts.go_states, Html::default(), table(rows.collect()))
}

/// When they began to wait.
pub(super) fn waits(texts: &Texts, detail: &GroupDetail) -> Html {
    let row = &detail.row;
    wait_section(texts, &detail.wait_histogram, row.wait_minutes.as_ref(), row.category, row.goroutines)
}

/// The same for a group of a comparison.
pub(crate) fn wait_section(
    texts: &Texts,
    bars: &[WaitBar],
    waits: Option<&WaitMinutes>,
    category: Category,
    goroutines: u64,
) -> Html {
    let (Some(waits), Some(first), Some(last)) = (waits, bars.first(), bars.last()) else { return Html::default() };
    let step = 100.0 / f64::from(u32::try_from(bars.len()).unwrap_or(u32::MAX));
    let bar = |(index, (bar, height)): (u32, (_, u32))| {
        let bar: &WaitBar = bar;
        let (x, width) = (f64::from(index) * step, if bars.len() > 1 { step * 0.92 } else { step });
        let height = f64::from(height) * 0.44;
        html! {
            <rect x={format!("{x:.2}%")} y={format!("{:.1}", 44.0 - height)} width={format!("{width:.2}%")} height={format!("{height:.1}")}>
                <title>{ format!("{}–{}: {}", wait(bar.from_minutes), wait(bar.to_minutes), thousands(bar.goroutines)) }</title>
            </rect>
        }
    };
    let minutes = first.to_minutes.saturating_sub(first.from_minutes) + 1;
    let name = (texts.histogram)(&wait(first.from_minutes), &wait(last.to_minutes));
    let content = html! {
        <>
            <svg class={classes!("histogram", colour_class(category))} width="100%" height="44" role="img" aria-label={name}>
                { for (0..).zip(bars.iter().zip(histogram(bars))).map(bar) }
            </svg>
            <div class="histogram-axis">
                <span>{ wait(first.from_minutes) }</span><span>{ format!("p50 {}", wait(waits.p50)) }</span><span>{ wait(last.to_minutes) }</span>
            </div>
        </>
    };
    let scale = html! { (texts.bar_minutes)(&minutes.to_string()) };
    let known = if waits.known < goroutines {
        (texts.n_of)(&thousands(waits.known), &thousands(goroutines))
    } else {
        thousands(waits.known)
    };
    section(&(texts.wait_time)(&known), scale, content)
}

/// Profiler labels.
pub(super) fn labels(texts: &Texts, detail: &GroupDetail) -> Html {
    if detail.labels.is_empty() {
        return Html::default();
    }
    let row = |label: &stackherd_report::Label| {
        (html! { <span class="mono" translate="no">{ format!("{}={}", label.key, label.value) }</span> }, label.goroutines)
    };
    section(texts.labels, Html::default(), table(detail.labels.iter().take(MAX_ROWS).map(row).collect()))
}

/// The goroutines that started these.
pub(super) fn parents(texts: &Texts, detail: &GroupDetail) -> Html {
    if detail.parents.is_empty() {
        return Html::default();
    }
    let row = |parent: &stackherd_report::protocol::Parent| {
        let name = html! {
            <>
                <span translate="no">{ (texts.goroutine)(&parent.goid.to_string()) }</span>
                if !parent.alive {
                    { " " }<span class="tag">{ texts.not_in_dump }</span>
                }
            </>
        };
        (name, parent.goroutines)
    };
    section(texts.parents, Html::default(), table(detail.parents.iter().take(MAX_ROWS).map(row).collect()))
}

fn section(title: &str, beside: Html, content: Html) -> Html {
    html! {
        <section class="section"><h3>{ title }<span class="section-space"></span><span>{ beside }</span></h3>{ content }</section>
    }
}

fn table(rows: Vec<(Html, u64)>) -> Html {
    html! {
        <table class="count-table"><tbody>
            for (name, goroutines) in rows {
                <tr><td>{ name }</td><td class="number">{ thousands(goroutines) }</td></tr>
            }
        </tbody></table>
    }
}
