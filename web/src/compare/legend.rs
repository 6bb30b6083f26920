//! Which line is which, and the numbers behind them.

use yew::prelude::*;

use super::chart::curve_class;
use crate::hooks::Page;
use crate::i18n::Texts;
use crate::model::{Action, CompareAction, TrendChart, TrendCurve, decimal};

/// A button for each line, with its value at one dump.
pub(super) fn legend(page: &Page, layout: &TrendChart, at: usize) -> Html {
    let texts = page.texts().compare;
    if layout.curves.is_empty() {
        return html! { <p class="compare-legend dim">{ texts.no_lines }</p> };
    }
    let item = |(index, curve): (usize, &TrendCurve)| {
        let onclick = {
            let (page, key) = (page.clone(), curve.key.clone());
            Callback::from(move |_: MouseEvent| page.dispatch(Action::Compare(CompareAction::LineToggled(key.clone()))))
        };
        html! {
            <li key={curve.key.clone()}>
                <button class="compare-legend-item" aria-pressed={(!curve.is_hidden).to_string()} data-line={curve.key.clone()} {onclick}>
                    <svg class={curve_class(index, curve)} width="22" height="8" aria-hidden="true"><path d="M0 4H22"/></svg>
                    <span class="mono ellipsis" translate="no" title={curve.name.clone()}>{ &curve.name }</span>
                    <b>{ value_text(curve, at) }</b>
                </button>
            </li>
        }
    };
    html! {
        <ul class="compare-legend" aria-label={texts.legend}>{ for layout.curves.iter().enumerate().map(item) }</ul>
    }
}

/// The value of a line at a dump.
pub(super) fn value_text(curve: &TrendCurve, at: usize) -> String {
    curve.values.get(at).copied().flatten().map_or_else(|| "–".to_owned(), decimal)
}

/// All numbers of the chart.
pub(super) fn table(texts: &Texts, layout: &TrendChart, labels: &[String]) -> Html {
    html! {
        <div class="compare-table" tabindex="0" role="region" aria-label={texts.compare.trend}>
            <table>
                <thead><tr>
                    <th scope="col">{ texts.compare.column_frame }</th>
                    { for labels.iter().map(|label| html! { <th scope="col" class="number">{ label }</th> }) }
                </tr></thead>
                <tbody>
                    for curve in &layout.curves {
                        <tr data-line={curve.key.clone()}>
                            <th scope="row" class="mono" translate="no" title={curve.name.clone()}>{ &curve.name }</th>
                            { for (0..labels.len()).map(|at| html! { <td class="number">{ value_text(curve, at) }</td> }) }
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}
