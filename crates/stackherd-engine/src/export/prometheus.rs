//! An alert rule of Prometheus from the goroutines of a dump, or from their number over time.

use std::collections::BTreeSet;
use std::fmt::Write;

use stackherd_core::order;
use stackherd_report::{Dump, Language, Report, Series, Severity};

use super::{count, one_line};

/// The metric of Go's own collector.
const METRIC: &str = "go_goroutines";
/// An alert below this many would ring for every small service: one has tens to hundreds.
const LEAST_THRESHOLD: u64 = 100;

/// A file of rules.
pub(crate) fn prometheus(report: &Report, language: Language) -> String {
    let series: Vec<&Series> =
        report.dumps.iter().flat_map(|dump| &dump.series).filter(|series| is_goroutines(series)).collect();
    let (usual, why) = match usual_of_series(&series) {
        Some(usual) => usual,
        None => usual_of_dumps(report),
    };
    let threshold = (usual.saturating_mul(3).div_ceil(2)).max(LEAST_THRESHOLD);
    let metric = series.iter().find_map(|series| metric(series)).unwrap_or_else(|| METRIC.to_owned());
    let mut out = format!("# {why}\n# The threshold is 1.5 times that, {} at least.\n", count(LEAST_THRESHOLD));
    out.push_str("groups:\n  - name: stackherd\n    rules:\n");
    let words = Words::of(language);
    let summary = words.summary.replace("{usual}", &count(usual));
    rule(&mut out, "GoroutineCountHigh", &format!("{metric} > {threshold}"), &summary, &description(report, words));
    if !series.is_empty() {
        let expression = format!("predict_linear({metric}[1h], 4 * 3600) > {threshold} and deriv({metric}[1h]) > 0");
        rule(&mut out, "GoroutineCountRising", &expression, words.rising, &description(report, words));
    }
    out
}

fn rule(out: &mut String, alert: &str, expression: &str, summary: &str, description: &str) {
    let _ = write!(
        out,
        "      - alert: {alert}\n        expr: {}\n        for: 10m\n        labels:\n          severity: warning\n        \
         annotations:\n          summary: {}\n          description: {}\n",
        quoted(expression),
        quoted(summary),
        quoted(description)
    );
}

/// The verdict and where the worst finding is, as a template that prints them as they are.
fn description(report: &Report, words: &Words) -> String {
    let worst = report.dumps.iter().min_by_key(|dump| dump.verdict.kind);
    let mut out = worst.map_or_else(String::new, |dump| dump.verdict.title.clone());
    if let Some(culprit) = report.findings.iter().find_map(|finding| finding.culprit.as_ref()) {
        let place = if culprit.file.is_empty() { String::new() } else { format!(" ({}:{})", culprit.file, culprit.line) };
        let _ = write!(out, "{}{}{}{place}.", if out.is_empty() { "" } else { words.stop }, words.look_at, culprit.function);
    }
    if out.is_empty() {
        out.push_str(words.take_a_dump);
    }
    template(&out)
}

/// What was usual, by the dumps: all goroutines but those that findings worth a look speak for; of several dumps the median,
/// so that one that goes astray does not count.
fn usual_of_dumps(report: &Report) -> (u64, String) {
    let usual = |dump: &Dump| {
        let findings =
            report.findings.iter().filter(|finding| finding.dump == dump.id && finding.severity >= Severity::Warning);
        let ranks: BTreeSet<u32> = findings.flat_map(|finding| finding.groups.iter().copied()).collect();
        let groups = ranks.iter().filter_map(|&rank| report.groups.get((rank as usize).checked_sub(1)?));
        let suspicious: u64 = groups.filter_map(|group| group.per_dump.get(dump.id as usize)).sum();
        dump.goroutines.saturating_sub(suspicious)
    };
    let mut counts: Vec<(u64, &Dump)> = report.dumps.iter().map(|dump| (usual(dump), dump)).collect();
    order::by_key(&mut counts, |&(usual, _)| usual);
    let Some(&(usual, dump)) = counts.get(counts.len() / 2) else { return (0, "No dump was read.".to_owned()) };
    let name = match counts.len() {
        1 => one_line(&dump.name),
        n => format!("The median of {} dumps", count(n as u64)),
    };
    let why = if counts.len() == 1 && dump.goroutines > usual {
        format!("{name} has {} goroutines, {} without those that are found to be stuck.", count(dump.goroutines), count(usual))
    } else {
        format!("{name} has {} goroutines.", count(usual))
    };
    (usual, why)
}

/// What was usual, by the numbers over time: their peak, or the lower quartile of numbers that went up for good.
fn usual_of_series(series: &[&Series]) -> Option<(u64, String)> {
    let of_one = |series: &&Series| {
        let mut values: Vec<f64> =
            series.points.iter().map(|point| point.value).filter(|value| value.is_finite() && *value >= 0.0).collect();
        let last = *values.last()?;
        order::by(&mut values, f64::total_cmp);
        let quartile = *values.get(values.len() / 4)?;
        let peak = *values.last()?;
        Some(if last > 1.5 * quartile { (quartile, "lower quartile") } else { (peak, "peak") })
    };
    let (usual, what) = series.iter().filter_map(of_one).max_by(|left, right| left.0.total_cmp(&right.0))?;
    let usual = usual.ceil() as u64;
    Some((usual, format!("The {what} of the numbers in the log is {} goroutines.", count(usual))))
}

fn is_goroutines(series: &Series) -> bool {
    series.unit == "goroutines" || series.name.to_ascii_lowercase().contains("goroutine")
}

/// The name of a series when it is that of a metric: `go_goroutines{pod="a"}` without its labels.
fn metric(series: &Series) -> Option<String> {
    let name = series.name.split('{').next()?;
    let is_metric = name.contains('_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':');
    is_metric.then(|| name.to_owned())
}

/// Text inside a template of Prometheus: braces of the dump are no actions.
fn template(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

/// A double-quoted scalar of YAML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // What YAML calls a break or does not print.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Sentences of the annotations.
struct Words {
    summary: &'static str,
    rising: &'static str,
    /// Between two sentences.
    stop: &'static str,
    look_at: &'static str,
    take_a_dump: &'static str,
}

impl Words {
    const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &Self {
                summary: "{{ $labels.instance }} has {{ $value }} goroutines, {usual} are usual.",
                rising: "Goroutines of {{ $labels.instance }} rise and will pass the threshold within 4 hours.",
                stop: ". ",
                look_at: "Look at ",
                take_a_dump: "Take a goroutine dump: curl .../debug/pprof/goroutine?debug=2",
            },
            Language::ZhCn => &Self {
                summary: "{{ $labels.instance }} 有 {{ $value }} 个 goroutine，通常为 {usual} 个。",
                rising: "{{ $labels.instance }} 的 goroutine 数持续上升，4 小时内将超过阈值。",
                stop: "。",
                look_at: "请看 ",
                take_a_dump: "请采集 goroutine 转储：curl .../debug/pprof/goroutine?debug=2",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Session;
    use stackherd_report::protocol::ExportKind;

    fn export(rules: &str, dump: &str) -> String {
        let mut session = Session::default();
        session.set_rules(rules).unwrap();
        session.add(0, "a\n: b.txt", dump.as_bytes()).unwrap();
        session.export(None, ExportKind::PrometheusRule, Language::En).unwrap()
    }

    fn dump(stuck: u64, usual: u64) -> String {
        let goroutine =
            |goid, function| format!("goroutine {goid} [running]:\nmain.{function}(0x1)\n\t/src/main.go:9 +0x1\n\n");
        let stuck = (0..stuck).map(|at| goroutine(at + 1, "stuck\"{{x}}"));
        stuck.chain((0..usual).map(|at| goroutine(at + 10_000, "fine"))).collect()
    }

    #[test]
    fn ok_the_threshold_leaves_the_stuck_ones_out() {
        let rules = "[[rule]]\nname = \"s\"\nmessage = \"{count} are {{stuck}}\"\nany_frame = \"stuck\"\n";
        let text = export(rules, &dump(500, 200));
        assert!(text.starts_with("# a : b.txt has 700 goroutines, 200 without those that are found to be stuck.\n"), "{text}");
        assert!(text.contains("expr: \"go_goroutines > 300\"\n        for: 10m\n"), "{text}");
        assert!(text.contains("Look at main.stuck\\\"{{ \\\"{{\\\" }}x}} (/src/main.go:9)."), "{text}");
        assert!(export("", &dump(0, 3)).contains("go_goroutines > 100"));
    }

    #[test]
    fn ok_numbers_over_time_say_what_is_usual() {
        let point = |(at, value): (usize, &f64)| stackherd_report::Point { line: at as u64, at_millis: None, value: *value };
        let series = |name: &str, values: &[f64]| Series {
            name: name.to_owned(),
            unit: String::new(),
            points: values.iter().enumerate().map(point).collect(),
        };
        let rising = series("app_goroutines{pod=\"a\"}", &[100.0, 110.0, 120.0, 4000.0, 9000.0]);
        let steady = series("num goroutine", &[100.0, 140.0, 120.0]);
        assert_eq!(usual_of_series(&[&rising]).unwrap().0, 110);
        assert_eq!(usual_of_series(&[&steady]).unwrap().0, 140);
        assert_eq!(usual_of_series(&[&series("x", &[f64::NAN])]), None);
        assert_eq!((metric(&rising).as_deref(), metric(&steady)), (Some("app_goroutines"), None));
    }

    #[test]
    fn ok_scalars_hold_anything() {
        assert_eq!(quoted("a\"b\\\n\u{85}\u{2028}: # '"), "\"a\\\"b\\\\\\n\\u0085\\u2028: # '\"");
    }
}
