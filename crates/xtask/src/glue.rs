//! What wasm-bindgen writes for readers is left out of its JavaScript: comments and indentation, a quarter of it.

use crate::failure::{Failure, Result};

/// `script` without blank lines, indentation and comments that have lines of their own. Ends of lines stay, so it means the
/// same.
pub(crate) fn without_comments(script: &str) -> Result<String> {
    let mut bare = String::with_capacity(script.len());
    let mut is_comment = false;
    for line in script.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if is_comment {
            is_comment = !line.ends_with("*/");
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if !line.matches('`').count().is_multiple_of(2) {
            return Err(Failure::new(format!("a text of several lines starts at `{line}`"))
                .remedy("its indentation counts; teach crates/xtask/src/glue.rs to keep it"));
        }
        bare.push_str(line);
        bare.push('\n');
    }
    if is_comment { Err(Failure::new("a comment has no end, or has code behind it")) } else { Ok(bare) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_code_stays_line_by_line() {
        let script = "let a = 1; // one\n\n    /**\n     * Why.\n     * `x`\n     */\n    function f() {\n        // how\n        return `${a} */`\n    }\n/* one line */\n";
        assert_eq!(without_comments(script).unwrap(), "let a = 1; // one\nfunction f() {\nreturn `${a} */`\n}\n");
    }

    #[test]
    fn err_text_of_several_lines() {
        assert!(without_comments("let a = `\n  b`;\n").unwrap_err().to_string().contains("let a = `"));
    }

    #[test]
    fn err_code_behind_a_comment() {
        assert!(without_comments("/* a */ b();\n").is_err());
    }
}
