//! Links to the reader's source, made from a template.

use stackherd_report::protocol::FrameView;

/// What a link may begin with. Nothing that runs code, and nothing that reads a file into a page.
const SCHEMES: [&str; 4] = ["http://", "https://", "vscode://", "idea://"];

/// Whether a template makes links at all; an empty one makes none on purpose.
pub(crate) fn is_source_link(template: &str) -> bool {
    let template = template.trim();
    SCHEMES.iter().any(|scheme| template.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

/// Whether the link opens in the browser and not in an editor.
pub(crate) fn opens_page(link: &str) -> bool {
    link.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
}

/// Where the source of a frame is: `{path}`, `{line}` and `{func}` filled in.
pub(crate) fn source_link(template: &str, frame: &FrameView) -> Option<String> {
    if !is_source_link(template) || frame.file.is_empty() {
        return None;
    }
    let line = frame.line.max(1).to_string();
    let mut link = String::with_capacity(template.len() + frame.file.len());
    let mut rest = template.trim();
    // In one pass, so that a path that holds `{line}` stays a path.
    while let Some(at) = rest.find('{') {
        let (before, placeholder) = rest.split_at(at);
        link.push_str(before);
        let fill = [("{path}", frame.file.as_str()), ("{line}", &line), ("{func}", &frame.function)];
        match fill.iter().find_map(|(name, value)| Some((placeholder.strip_prefix(name)?, value))) {
            Some((after, value)) => {
                escape(value, &mut link);
                rest = after;
            }
            None => {
                link.push_str("%7B");
                rest = placeholder.get(1..).unwrap_or_default();
            }
        }
    }
    link.push_str(rest);
    Some(link)
}

/// Percent-encodes what has a meaning in an address; slashes and colons stay, or no path would be one.
fn escape(value: &str, link: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b'@' | b'(' | b')' | b'*' => {
                link.push(char::from(byte));
            }
            _ => link.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::frame;
    use super::*;

    #[test]
    fn ok_templates_of_editors_and_hosts() {
        let frame = frame("shop.example/worker.(*Pool).run", "/src/worker/worker.go", 89);
        let link = |template| source_link(template, &frame).unwrap();
        assert_eq!(link("vscode://file{path}:{line}"), "vscode://file/src/worker/worker.go:89");
        assert_eq!(link("idea://open?file={path}&line={line}"), "idea://open?file=/src/worker/worker.go&line=89");
        assert_eq!(
            link(" HTTPS://git.example/blob/main{path}#L{line} "),
            "HTTPS://git.example/blob/main/src/worker/worker.go#L89"
        );
        assert_eq!(link("http://s.example/?q={func}"), "http://s.example/?q=shop.example/worker.(*Pool).run");
        assert!(opens_page("https://x") && !opens_page("vscode://x"));
    }

    #[test]
    fn err_other_schemes_make_no_link() {
        let frame = frame("main.f", "/a.go", 1);
        for template in
            ["", "javascript:alert({line})", "data:text/html,{path}", "file://{path}", "//x/{path}", "ftp://x", "http:"]
        {
            assert_eq!(source_link(template, &frame), None, "{template}");
        }
        assert_eq!(source_link("http://x/{path}", &super::super::sample::frame("main.f", "", 0)), None);
    }

    #[test]
    fn ok_a_path_can_not_leave_its_place() {
        let odd = frame("main.f", "/a b/{line}?x&y#z\"<\u{e9}.go", 7);
        assert_eq!(
            source_link("http://x/?p={path}&l={line}", &odd).unwrap(),
            "http://x/?p=/a%20b/%7Bline%7D%3Fx%26y%23z%22%3C%C3%A9.go&l=7"
        );
        assert_eq!(source_link("http://x/{other}/{line}", &odd).unwrap(), "http://x/%7Bother}/7");
    }
}
