//! Markdown as elements; whatever it holds, it is text.

use yew::prelude::*;

use super::code::go_spans;
use crate::model::{Block, Piece, go_lines, markdown};

/// The blocks of a text.
pub(super) fn prose(text: &str) -> Html {
    html! { <div class="prose">{ for markdown(text).iter().map(block) }</div> }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Heading(text) => html! { <h4>{ sentence(text) }</h4> },
        Block::Paragraph(text) => html! { <p>{ sentence(text) }</p> },
        Block::Item(text) => html! { <p class="prose-item">{ sentence(text) }</p> },
        Block::Code { language, text } if language == "go" => html! {
            <div class="code" tabindex="0" translate="no">
                { for go_lines(text).iter().map(|line| html! { <div class="code-line"><code>{ go_spans(line) }</code></div> }) }
            </div>
        },
        Block::Code { text, .. } => html! { <pre class="code" tabindex="0" translate="no">{ text }</pre> },
    }
}

fn sentence(pieces: &[Piece]) -> Html {
    let piece = |(is_code, text): &Piece| match is_code {
        true => html! { <code class="mono" translate="no">{ text }</code> },
        false => html! { <>{ text }</> },
    };
    pieces.iter().map(piece).collect()
}
