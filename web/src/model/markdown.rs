//! The little Markdown that rule documentation is written in: headings, paragraphs, lists, code fences and inline code.
//! Everything else stays as it is written.

/// A piece of a sentence: whether it is code, and its text.
pub(crate) type Piece = (bool, String);

/// A block of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Heading(Vec<Piece>),
    Paragraph(Vec<Piece>),
    Item(Vec<Piece>),
    Code {
        /// `go`, `text`; empty when the fence names none.
        language: String,
        text: String,
    },
}

/// The blocks of a text. A fence that is not closed goes to the end.
pub(crate) fn markdown(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(language) = trimmed.strip_prefix("```") {
            finish(&mut blocks, &mut paragraph);
            let code: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "```").collect();
            blocks.push(Block::Code { language: language.trim().to_owned(), text: code.join("\n") });
        } else if trimmed.is_empty() {
            finish(&mut blocks, &mut paragraph);
        } else if let Some(heading) = heading(trimmed) {
            finish(&mut blocks, &mut paragraph);
            blocks.push(Block::Heading(pieces(heading)));
        } else if let Some(item) = trimmed.strip_prefix("- ").or_else(|| trimmed.strip_prefix("* ")) {
            finish(&mut blocks, &mut paragraph);
            blocks.push(Block::Item(pieces(item)));
        } else {
            join(&mut paragraph, trimmed);
        }
    }
    finish(&mut blocks, &mut paragraph);
    blocks
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len()).then(|| text.strip_prefix(' ').map(str::trim)).flatten()
}

/// Lines of one paragraph; Chinese is written without spaces.
fn join(paragraph: &mut String, line: &str) {
    let is_wide =
        |c: Option<char>| c.is_some_and(|c| ('\u{3000}'..='\u{9fff}').contains(&c) || ('\u{ff00}'..='\u{ffef}').contains(&c));
    let is_chinese = is_wide(paragraph.chars().last()) && is_wide(line.chars().next());
    if !paragraph.is_empty() && !is_chinese {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

fn finish(blocks: &mut Vec<Block>, paragraph: &mut String) {
    if !paragraph.is_empty() {
        blocks.push(Block::Paragraph(pieces(paragraph)));
        paragraph.clear();
    }
}

/// Text and code between backquotes. A backquote without its second one is text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut push = |is_code, text: &str| {
        if !text.is_empty() {
            pieces.push((is_code, text.to_owned()));
        }
    };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else { break };
        push(false, before);
        push(true, code);
        rest = after;
    }
    push(false, rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<Piece> {
        vec![(false, text.to_owned())]
    }

    #[test]
    fn ok_the_four_headings_of_a_rule() {
        let doc = "## What it finds\n\nMany goroutines in\n`chan send`.\n\n## Example\n\n```text\ngoroutine 7 [chan send]:\n\tmain.go:9\n```\n";
        assert_eq!(
            markdown(doc),
            [
                Block::Heading(text("What it finds")),
                Block::Paragraph(vec![(false, "Many goroutines in ".into()), (true, "chan send".into()), (false, ".".into())]),
                Block::Heading(text("Example")),
                Block::Code { language: "text".into(), text: "goroutine 7 [chan send]:\n\tmain.go:9".into() },
            ]
        );
    }

    #[test]
    fn ok_lists_and_chinese_paragraphs() {
        assert_eq!(
            markdown("- one\n* two\n第一行，\n第二行"),
            [Block::Item(text("one")), Block::Item(text("two")), Block::Paragraph(text("第一行，第二行"))]
        );
    }

    #[test]
    fn ok_nothing_else_is_markup() {
        assert_eq!(markdown("<b>x</b> [a](b) #tag\n"), [Block::Paragraph(text("<b>x</b> [a](b) #tag"))]);
        assert_eq!(pieces("a ` b"), text("a ` b"));
        assert_eq!(markdown("```go\nopen"), [Block::Code { language: "go".into(), text: "open".into() }]);
        assert!(markdown("\n \n").is_empty());
    }
}
