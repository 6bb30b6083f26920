//! Joins what Trunk wrote into one page that needs nothing else and may not ask for anything else.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::read::DeflateEncoder;
use sha2::{Digest, Sha256};

use crate::dense;
use crate::elements::{Element, elements};
use crate::failure::{Failure, Result};

/// The element whose text is the worker's program; the page starts its worker from it.
const WORKER_ID: &str = "stackherd-worker";

/// A program as wasm-bindgen leaves it.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) glue: String,
    pub(crate) wasm: Vec<u8>,
}

/// The style sheets that `shell` links, in order.
pub(crate) fn style_sheets(shell: &str) -> Vec<&str> {
    elements(shell).iter().filter(|element| is_style_sheet(element)).filter_map(|element| element.attribute("href")).collect()
}

/// The whole page.
///
/// `shell` is `index.html` as Trunk wrote it, with links to files; `style` is the text of its style sheets.
pub(crate) fn join(shell: &str, style: &str, page: &Program, worker: &Program) -> Result<String> {
    check_style(style)?;
    let style = format!("<style>\n{}\n</style>\n", style.trim());
    let worker = format!("<script type=\"text/plain\" id=\"{WORKER_ID}\">\n{}</script>\n", worker_script(worker)?);
    let page = format!("<script type=\"module\">\n{}</script>\n", page_script(page)?);
    let head = format!("{style}{worker}{page}</head>");
    let bare = without_links(shell);
    let (before, after) = bare.split_once("</head>").ok_or_else(|| Failure::new("index.html has no </head>"))?;
    let html = with_policy(&format!("{before}{head}{after}"))?;
    check_self_contained(&html)?;
    Ok(html)
}

/// `shell` without what loads files: links to style sheets, preloads, and Trunk's start script.
fn without_links(shell: &str) -> String {
    let mut bare = String::new();
    let mut position = 0;
    for element in elements(shell) {
        let preload = element.name == "link" && matches!(element.attribute("rel"), Some("modulepreload" | "preload"));
        let start = element.name == "script" && element.text.contains("TrunkApplicationStarted");
        if preload || start || is_style_sheet(&element) || is_policy(&element) {
            bare.push_str(shell.get(position..element.range.start).unwrap_or_default().trim_end_matches(' '));
            let rest = shell.get(element.range.end..).unwrap_or_default();
            position = shell.len() - rest.strip_prefix('\n').unwrap_or(rest).len();
        }
    }
    bare.push_str(shell.get(position..).unwrap_or_default());
    bare
}

/// The page's module: starts without blocking the first paint, at any size.
fn page_script(program: &Program) -> Result<String> {
    let Program { glue, wasm } = program;
    script("page", format!("{}\n{{\n{}{PAGE_START}}}\n", glue.trim_end(), answer(wasm)))
}

const PAGE_START: &str = "await __wbg_init({ module_or_path: answer });\n";

/// The worker's classic script.
fn worker_script(program: &Program) -> Result<String> {
    let Program { glue, wasm } = program;
    script("worker", format!("{}\n{{\n{}{WORKER_START}}}\n", glue.trim_end(), answer(wasm)))
}

/// Messages that come before the program runs wait for it. When it can't start, that is an error of the worker, which
/// the page hears; a rejected promise it would not.
const WORKER_START: &str = "\
const early = [];
const keep = (event) => early.push(event);
addEventListener('message', keep);
wasm_bindgen({ module_or_path: answer }).then(
  () => {
    removeEventListener('message', keep);
    early.forEach((event) => dispatchEvent(event));
  },
  (error) => setTimeout(() => { throw error; }),
);
";

/// JavaScript that leaves `wasm` in `answer`, as if a server had sent it.
///
/// Compressed, it is less than half as long although it stands here as text, and the browser compiles it while it is unpacked.
fn answer(wasm: &[u8]) -> String {
    let mut packed = Vec::new();
    // Reading from memory into memory does not fail.
    let _ = DeflateEncoder::new(wasm, Compression::best()).read_to_end(&mut packed);
    format!("{}{ANSWER}", dense::script("packed", &packed))
}

const ANSWER: &str = "\
const bytes = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
const answer = new Response(bytes, { headers: { 'content-type': 'application/wasm' } });
";

/// Passes a script that can stand inside an element and loads no other script.
fn script(whose: &str, text: String) -> Result<String> {
    let lower = text.to_ascii_lowercase();
    for end in ["</script", "<script", "<!--"] {
        if lower.contains(end) {
            return Err(Failure::new(format!("the {whose}'s script contains `{end}` and cannot stand inside the page")));
        }
    }
    let imports = |line: &str| line.starts_with("import ") || line.starts_with("import{") || line.starts_with("importScripts");
    if let Some(line) = text.lines().find(|line| imports(line.trim_start())) {
        return Err(Failure::new(format!("the {whose}'s script loads another file: `{line}`"))
            .remedy("a crate brings JavaScript of its own; do without it"));
    }
    Ok(text)
}

/// Puts the policy before everything that it governs.
///
/// Nothing may be loaded, connected to or sent: only the scripts and styles with these hashes run, and the worker,
/// which starts from a blob, inherits the policy.
fn with_policy(html: &str) -> Result<String> {
    let all = elements(html);
    let runs = |element: &&Element<'_>| element.name == "script" && element.attribute("type") != Some("text/plain");
    let scripts: Vec<String> = all.iter().filter(runs).map(|element| hash(element.text)).collect();
    let styles: Vec<String> = all.iter().filter(|element| element.name == "style").map(|element| hash(element.text)).collect();
    let policy = format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; img-src data:; worker-src blob:; \
         base-uri 'none'; form-action 'none'",
        scripts.join(" "),
        styles.join(" ")
    );
    let charset = all
        .iter()
        .find(|element| element.name == "meta" && element.attribute("charset").is_some())
        .ok_or_else(|| Failure::new("index.html has no <meta charset>"))?;
    let (before, after) = html.split_at(charset.range.end);
    Ok(format!("{before}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{after}"))
}

/// The hash as a policy writes it.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", BASE64.encode(Sha256::digest(text.as_bytes())))
}

/// A style sheet that loads nothing.
fn check_style(style: &str) -> Result<()> {
    if style.contains("@import") {
        return Err(Failure::new("a style sheet uses @import").remedy("link the other sheet in index.html"));
    }
    if style.to_ascii_lowercase().contains("</style") {
        return Err(Failure::new("a style sheet contains `</style`"));
    }
    let mut urls = style.split("url(").skip(1).map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
    match urls.find(|url| !url.starts_with("data:") && !url.starts_with('#')) {
        Some(url) => Err(Failure::new(format!("a style sheet loads `{}`", url.split(')').next().unwrap_or(url)))
            .remedy("write it as a data: address")),
        None => Ok(()),
    }
}

/// A page in which nothing points at a file or at the network. Links that a reader clicks may.
fn check_self_contained(html: &str) -> Result<()> {
    for element in elements(html).iter().filter(|element| element.name != "a") {
        for name in ["src", "href", "srcset", "data", "action", "poster"] {
            let Some(value) = element.attribute(name) else { continue };
            if !value.starts_with("data:") && !value.starts_with('#') {
                return Err(Failure::new(format!("the page still loads <{} {name}=\"{value}\">", element.name)));
            }
        }
        if element.attribute("style").is_some() {
            return Err(Failure::new(format!("<{} style=…> in index.html would be refused by the policy", element.name)));
        }
    }
    Ok(())
}

fn is_style_sheet(element: &Element<'_>) -> bool {
    element.name == "link" && element.attribute("rel") == Some("stylesheet")
}

fn is_policy(element: &Element<'_>) -> bool {
    element.name == "meta" && element.attribute("http-equiv") == Some("Content-Security-Policy")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: &str = "<!doctype html>\n<html><head>\n<meta charset=\"utf-8\">\n<title>T</title>\n\
        <link rel=\"icon\" href=\"data:,\">\n  <link rel=\"stylesheet\" href=\"./a.css\"/>\n\
        <script>theme()</script>\n<script type=\"module\">\nimport init from './web.js';\nTrunkApplicationStarted\n</script>\n\
        <link rel=\"modulepreload\" href=\"./web.js\"><link rel=\"preload\" href=\"./web_bg.wasm\"></head>\n<body></body></html>\n";

    fn program(glue: &str) -> Program {
        Program { glue: glue.to_owned(), wasm: b"\0asm".to_vec() }
    }

    fn joined() -> String {
        join(SHELL, "p{}\n", &program("page()\n"), &program("work()\n")).unwrap()
    }

    fn refused(shell: &str, style: &str, page: &str) -> String {
        join(shell, style, &program(page), &program("work()\n")).unwrap_err().to_string()
    }

    #[test]
    fn ok_style_sheets_in_order() {
        assert_eq!(style_sheets(SHELL), ["./a.css"]);
    }

    #[test]
    fn ok_page_holds_everything_and_links_nothing() {
        let html = joined();
        assert!(html.contains("<style>\np{}\n</style>"));
        assert!(
            html.contains("<script type=\"text/plain\" id=\"stackherd-worker\">\nwork()\n{\nconst packed = new Uint8Array(")
        );
        assert!(html.contains("<script type=\"module\">\npage()\n{\nconst packed = new Uint8Array("));
        assert!(html.contains("await __wbg_init({ module_or_path: answer });"));
        assert!(html.contains("wasm_bindgen({ module_or_path: answer }).then("));
        assert!(!html.contains("./") && !html.contains("TrunkApplicationStarted"), "{html}");
    }

    #[test]
    fn ok_policy_follows_the_charset_and_hashes_what_runs() {
        let html = joined();
        let all = elements(&html);
        let at = all.iter().position(is_policy).unwrap();
        assert_eq!(all[at - 1].attribute("charset"), Some("utf-8"));
        let policy = all[at].attribute("content").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"));
        let running = all.iter().filter(|element| element.name == "script" && element.attribute("id").is_none());
        for element in running.chain(all.iter().filter(|element| element.name == "style")) {
            assert!(policy.contains(&hash(element.text)), "{}", element.text);
        }
        assert_eq!(policy.matches("sha256-").count(), 3);
    }

    #[test]
    fn ok_known_hash() {
        assert_eq!(hash(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
    }

    #[test]
    fn ok_an_older_policy_is_replaced() {
        let shell = SHELL.replace("<title>", "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src *\"><title>");
        let html = join(&shell, "", &program(""), &program("")).unwrap();
        assert!(!html.contains("default-src *"));
        assert_eq!(elements(&html).iter().filter(|element| is_policy(element)).count(), 1);
    }

    #[test]
    fn err_script_that_would_end_its_element() {
        assert!(refused(SHELL, "", "'</SCRIPT>'").contains("`</script`"));
        assert!(refused(SHELL, "", "'<!--'").contains("`<!--`"));
    }

    #[test]
    fn err_script_that_loads_another() {
        assert!(refused(SHELL, "", "import x from './snippets/x.js'").contains("loads another file"));
    }

    #[test]
    fn err_page_that_loads_a_file() {
        let shell = SHELL.replace("<body>", "<body><img src=\"logo.png\">");
        assert!(refused(&shell, "", "").contains("<img src=\"logo.png\">"));
    }

    #[test]
    fn err_style_that_loads_a_file() {
        assert!(refused(SHELL, "p{background:url('x.png')}", "").contains("`x.png'`"));
        assert!(refused(SHELL, "@import 'b.css';", "").contains("@import"));
    }
}
