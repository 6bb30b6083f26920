//! The page's questions and their answers.

use stackherd_core::Rule;
use stackherd_report::protocol::{Request, Response};

use crate::Session;
use crate::convert;

impl Session {
    /// Answers a request of the page; `chunk` holds the bytes of a [`Request::Chunk`].
    pub fn handle(&mut self, request: Request, chunk: &[u8]) -> Option<Response> {
        match request {
            Request::Open { input, name, captured_at } => {
                self.open(input, name, captured_at);
                None
            }
            Request::Chunk { input } => {
                let (bytes, goroutines) = self.push(input, chunk);
                Some(Response::Progress { input, bytes, goroutines })
            }
            Request::Finish { input, stopped } => Some(match self.finish(input, stopped) {
                Ok(opened) => Response::Opened { input, opened },
                Err(failure) => Response::Failed { input, failure },
            }),
            Request::Cancel { input } => {
                self.cancel(input);
                None
            }
            Request::Remove { dump } => {
                self.remove(dump);
                None
            }
            Request::Groups { ask, dump, query, offset, limit } => {
                let page = self.groups(dump, &query, offset, limit)?;
                Some(Response::Groups { ask, dump, page })
            }
            Request::Group { ask, dump, key } => {
                Some(Response::Group { ask, dump, detail: self.group(dump, &key).map(Box::new) })
            }
            Request::Goroutines { ask, dump, key, offset, limit } => {
                let rows = self.goroutines(dump, &key, offset, limit);
                Some(Response::Goroutines { ask, dump, key, offset, rows })
            }
            Request::Findings { ask, dump, language } => {
                Some(Response::Findings { ask, dump, judgement: self.findings(dump, language)? })
            }
            Request::Blocking { ask, dump, language } => {
                Some(Response::Blocking { ask, dump, blocking: self.blocking(dump, language)? })
            }
            Request::Ancestry { ask, dump } => Some(Response::Ancestry { ask, dump, ancestry: self.ancestry(dump)? }),
            Request::RuleDoc { ask, rule, language } => {
                let markdown = Rule::find(&rule).map_or("", |rule| rule.doc(convert::language(language))).to_owned();
                Some(Response::RuleDoc { ask, rule, markdown })
            }
            Request::Export { ask, dump, kind, language } => {
                Some(Response::Exported { ask, dump, text: self.export(Some(dump), kind, language)? })
            }
            Request::Rules { ask, text } => {
                Some(Response::Rules { ask, error: self.set_rules(&text).err().map(|error| error.to_string()) })
            }
            Request::AppPrefixes { prefixes } => {
                self.set_app_prefixes(prefixes);
                None
            }
            Request::Regroup { ask, similarity, open } => {
                let open = self.regroup(similarity, open);
                Some(Response::Regrouped { ask, similarity, open })
            }
            Request::CapturedAt { dump, captured_at } => {
                self.set_captured_at(dump, captured_at);
                None
            }
            Request::InstancePattern { ask, pattern } => {
                Some(Response::InstancePattern { ask, error: self.set_instance_pattern(&pattern).err() })
            }
            Request::Compare { ask, options, language } => {
                self.set_comparison(options);
                Some(Response::Compared { ask, view: self.comparison(language).map(Box::new) })
            }
            Request::Changes { ask, query, offset, limit } => {
                Some(Response::Changes { ask, page: self.changes(&query, offset, limit)? })
            }
            Request::Change { ask, key } => Some(Response::Change { ask, detail: self.change(&key).map(Box::new) }),
            Request::Instance { ask, dump } => Some(Response::Instance { ask, dump, view: self.instance(dump).map(Box::new) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stackherd_report::Language;
    use stackherd_report::protocol::{ExportKind, GroupQuery};

    const DUMP: &str = "goroutine 1 [select]:\nmain.main()\n\t/src/main.go:7 +0x3\n\n\
                        goroutine 7 [chan send, 3 minutes]:\nshop.example/w.run(0x1)\n\t/w.go:9 +0x1\n\n\
                        goroutine 8 [chan send, 9 minutes]:\nshop.example/w.run(0x2)\n\t/w.go:9 +0x1\n";

    #[test]
    fn ok_requests_get_their_answers() {
        let mut session = Session::default();
        let open = Request::Open { input: 1, name: "a.txt".to_owned(), captured_at: None };
        assert_eq!(session.handle(open, b""), None);
        let progress = session.handle(Request::Chunk { input: 1 }, DUMP.as_bytes());
        assert_eq!(progress, Some(Response::Progress { input: 1, bytes: DUMP.len() as u64, goroutines: 2 }));
        let opened = session.handle(Request::Finish { input: 1, stopped: false }, b"");
        assert!(matches!(&opened, Some(Response::Opened { input: 1, opened }) if opened.dumps.len() == 1), "{opened:?}");
        let query = GroupQuery::default();
        let groups = session.handle(Request::Groups { ask: 5, dump: 0, query, offset: 1, limit: 1 }, b"");
        let Some(Response::Groups { ask: 5, dump: 0, page }) = groups else { panic!("{groups:?}") };
        assert_eq!((page.offset, page.rows.len(), page.matched_groups), (1, 1, 2));
        let key = page.rows[0].key.clone();
        let group = session.handle(Request::Group { ask: 6, dump: 0, key: key.clone() }, b"");
        assert!(matches!(group, Some(Response::Group { ask: 6, detail: Some(_), .. })), "{group:?}");
        let rows = session.handle(Request::Goroutines { ask: 7, dump: 0, key, offset: 0, limit: 9 }, b"");
        assert!(matches!(&rows, Some(Response::Goroutines { ask: 7, rows, .. }) if rows.len() == 1), "{rows:?}");
        assert_eq!(session.handle(Request::AppPrefixes { prefixes: Vec::new() }, b""), None);
        assert_eq!(session.handle(Request::Cancel { input: 3 }, b""), None);
        assert_eq!(session.handle(Request::Remove { dump: 0 }, b""), None);
        let gone = session.handle(Request::Group { ask: 8, dump: 0, key: String::new() }, b"");
        assert_eq!(gone, Some(Response::Group { ask: 8, dump: 0, detail: None }));
        let failed = session.handle(Request::Finish { input: 1, stopped: false }, b"");
        assert!(matches!(failed, Some(Response::Failed { input: 1, .. })), "{failed:?}");
    }

    #[test]
    fn ok_judgements_get_their_answers() {
        let mut session = Session::default();
        session.add(0, "a.txt", DUMP.as_bytes()).unwrap();
        let language = Language::ZhCn;
        let rules = |text: &str| Request::Rules { ask: 1, text: text.to_owned() };
        let answer = session.handle(rules("[[rule]]\nname = \"stuck\"\nmessage = \"{count}\"\nstate = [\"chan send\"]"), b"");
        assert_eq!(answer, Some(Response::Rules { ask: 1, error: None }));
        let refused = session.handle(rules("\nx = 1"), b"");
        let Some(Response::Rules { ask: 1, error: Some(error) }) = refused else { panic!("{refused:?}") };
        assert!(error.starts_with("line 2: unknown key"), "{error}");
        let findings = session.handle(Request::Findings { ask: 2, dump: 0, language }, b"");
        let Some(Response::Findings { ask: 2, dump: 0, judgement }) = findings else { panic!("{findings:?}") };
        assert!(judgement.findings.iter().any(|finding| finding.rule == "stuck"), "the old rules stay");
        let blocking = session.handle(Request::Blocking { ask: 3, dump: 0, language }, b"");
        assert!(matches!(blocking, Some(Response::Blocking { ask: 3, .. })), "{blocking:?}");
        let ancestry = session.handle(Request::Ancestry { ask: 4, dump: 0 }, b"");
        assert!(matches!(ancestry, Some(Response::Ancestry { ask: 4, .. })), "{ancestry:?}");
        for &kind in ExportKind::ALL {
            let exported = session.handle(Request::Export { ask: 5, dump: 0, kind, language }, b"");
            assert!(matches!(&exported, Some(Response::Exported { ask: 5, text, .. }) if !text.is_empty()), "{exported:?}");
        }
        let doc = session.handle(Request::RuleDoc { ask: 6, rule: "stuck".to_owned(), language }, b"");
        assert_eq!(doc, Some(Response::RuleDoc { ask: 6, rule: "stuck".to_owned(), markdown: String::new() }));
        let gone = session.handle(Request::Findings { ask: 7, dump: 9, language }, b"");
        assert_eq!(gone, None);
    }
}
