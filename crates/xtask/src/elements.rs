//! A reader for the start tags of our own page: enough HTML to find what to inline and what to hash.

use std::ops::Range;

/// One start tag, with the raw text of a `script` or `style`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// As written; our page writes names in lower case.
    pub(crate) name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    /// Between the tags of a `script`, `style` or `title`; empty for all others.
    pub(crate) text: &'a str,
    /// The start tag, and for a `script`, `style` or `title` all of it to the end of its end tag.
    pub(crate) range: Range<usize>,
}

impl<'a> Element<'a> {
    /// The value of an attribute; empty when it has none, `None` when it is not there.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }
}

/// All elements of a page in order, comments left out.
pub(crate) fn elements(html: &str) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    let mut position = 0;
    while let Some((start, rest)) = next_tag(html, position) {
        if let Some(comment) = rest.strip_prefix("<!--") {
            position = start + 4 + comment.find("-->").map_or(comment.len(), |end| end + 3);
            continue;
        }
        let Some(element) = element(start, rest) else {
            position = start + 1;
            continue;
        };
        position = element.range.end;
        found.push(element);
    }
    found
}

fn next_tag(html: &str, position: usize) -> Option<(usize, &str)> {
    let rest = html.get(position..)?;
    let offset = rest.find('<')?;
    Some((position + offset, rest.get(offset..)?))
}

/// The element at the start of `rest`, which stands at `start` in the page.
fn element(start: usize, rest: &str) -> Option<Element<'_>> {
    let inside = rest.strip_prefix('<')?;
    let name_length = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inside.len());
    let (name, after_name) = inside.split_at(name_length);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let (attributes, after_tag) = attributes(after_name)?;
    let mut length = rest.len() - after_tag.len();
    let mut text = "";
    if matches!(name, "script" | "style" | "title") {
        let end = after_tag.find(&format!("</{name}"))?;
        let (content, end_tag) = after_tag.split_at(end);
        text = content;
        length += end + end_tag.find('>')? + 1;
    }
    Some(Element { name, attributes, text, range: start..start + length })
}

/// The attributes of a start tag and what follows its `>`.
fn attributes(mut rest: &str) -> Option<(Vec<(&str, &str)>, &str)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((found, after));
        }
        let (name, after_name) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace() || "=/>".contains(c))?);
        let Some(value) = after_name.strip_prefix('=') else {
            found.push((name, ""));
            rest = after_name;
            continue;
        };
        let quote = value.chars().next()?;
        let (value, after) = if quote == '"' || quote == '\'' {
            value.strip_prefix(quote)?.split_once(quote)?
        } else {
            value.split_at(value.find(|c: char| c.is_ascii_whitespace() || c == '>')?)
        };
        found.push((name, value));
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_attributes_with_and_without_quotes() {
        let html = r#"<p><link rel="stylesheet" data-x=1 crossorigin href='./a.css'/>"#;
        let all = elements(html);
        assert_eq!(all.iter().map(|element| element.name).collect::<Vec<_>>(), ["p", "link"]);
        assert_eq!(all[1].attribute("rel"), Some("stylesheet"));
        assert_eq!(all[1].attribute("data-x"), Some("1"));
        assert_eq!(all[1].attribute("crossorigin"), Some(""));
        assert_eq!(all[1].attribute("href"), Some("./a.css"));
        assert_eq!(all[1].attribute("src"), None);
        assert_eq!(&html[all[1].range.clone()], r#"<link rel="stylesheet" data-x=1 crossorigin href='./a.css'/>"#);
    }

    #[test]
    fn ok_tags_inside_scripts_and_comments_are_text() {
        let html = "<!doctype html><!-- <link> --><script type=\"module\">if (1 < 2) '<p>'</script><b>";
        let all = elements(html);
        assert_eq!(all.iter().map(|element| element.name).collect::<Vec<_>>(), ["script", "b"]);
        assert_eq!(all[0].text, "if (1 < 2) '<p>'");
        assert_eq!(&html[all[0].range.end..], "<b>");
    }

    #[test]
    fn err_cut_off_page_ends_the_list() {
        assert_eq!(elements("<link rel=\"style"), []);
        assert_eq!(elements("<script>never closed"), []);
    }
}
