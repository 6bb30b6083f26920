//! Reports and texts over all dumps of a session.

use std::collections::BTreeMap;

use stackherd_report::protocol::ExportKind;
use stackherd_report::{Dump, Input, Language, Report};

use super::{Loaded, Session};
use crate::judged::Judged;
use crate::{convert, export, report};

impl Session {
    /// The report over all dumps, in the order of their numbers, in English.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_in(Language::En)
    }

    /// The report with the sentences of verdicts, findings and candidates in `language`.
    #[must_use]
    pub fn report_in(&self, language: Language) -> Report {
        let position: BTreeMap<u32, u32> = self.dumps.keys().copied().zip(0..).collect();
        let inputs = self.inputs.values().map(|input| Input {
            dumps: input.dumps.iter().filter_map(|dump| position.get(dump).copied()).collect(),
            ..input.clone()
        });
        let dumps = self.dumps.values().zip(0..).map(|(loaded, id)| self.dump(id, loaded, language)).collect();
        let compared = self.compared();
        // Formats that tell different things share only what all of them tell.
        let judgement = |dump: u32| compared?.judgement(self, compared?.instance(dump)?);
        let judged = self.dumps.iter().map(|(&dump, loaded)| match judgement(dump) {
            Some(judgement) => self.judged_by(loaded, judgement, language),
            None => self.judged(loaded, language),
        });
        let judged: Vec<Judged<'_>> = judged.collect();
        let similarity = convert::similarity_word(self.similarity);
        let mut report = report::report(inputs.collect(), dumps, &judged, similarity);
        if let Some(compared) = compared {
            compared.write(self, language, &mut report);
        }
        report
    }

    /// A text to act with, of one dump or, for `None`, of all. `None` when there is no such dump.
    #[must_use]
    pub fn export(&self, dump: Option<u32>, kind: ExportKind, language: Language) -> Option<String> {
        let loaded: Vec<&Loaded> = match dump {
            Some(dump) => vec![self.dumps.get(&dump)?],
            None => self.dumps.values().collect(),
        };
        // Tests and alerts name functions, whatever is on show.
        let judged: Vec<_> = loaded.iter().map(|loaded| self.judged_by(loaded, &loaded.judgement, language)).collect();
        let report = || match dump {
            Some(_) => {
                let dumps = loaded.iter().zip(0..).map(|(loaded, id)| self.dump(id, loaded, language)).collect();
                report::report(Vec::new(), dumps, &judged, stackherd_report::Similarity::Stack)
            }
            None => self.report_in(language),
        };
        Some(match kind {
            ExportKind::GoleakOptions => export::goleak(&judged),
            ExportKind::PrometheusRule => export::prometheus(&report(), language),
            ExportKind::IncidentSummary => export::incident(&report(), language),
        })
    }

    /// A dump as read.
    pub(super) fn dump(&self, id: u32, loaded: &Loaded, language: Language) -> Dump {
        let snapshot = &loaded.snapshot;
        let go_version = snapshot.go_version().to_string();
        Dump {
            id,
            name: loaded.name.clone(),
            source: (!snapshot.source().is_empty()).then(|| snapshot.source().to_owned()),
            instance: loaded.instance(self.instance_pattern.as_ref()),
            format: convert::format(snapshot.format()),
            kind: convert::dump_kind(snapshot.scope()),
            bytes: snapshot.n_bytes(),
            goroutines: snapshot.n_goroutines(),
            declared_goroutines: snapshot.declared_goroutines(),
            distinct_stacks: snapshot.n_distinct_stacks(&self.tables) as u64,
            go_version: (!go_version.is_empty()).then_some(go_version),
            crash: snapshot.crash().map(convert::crash),
            issues: snapshot.issues().iter().map(convert::issue).collect(),
            notes: snapshot.notes().iter().map(convert::note).collect(),
            series: snapshot.series().iter().map(convert::series).collect(),
            line: snapshot.line_number(),
            captured_at: loaded.taken_at().map(|moment| moment.text.clone()),
            verdict: self.judged(loaded, language).verdict(),
        }
    }
}
