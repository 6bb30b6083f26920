//! The terminal program as a shell sees it: exit codes, standard output, standard error.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const DUMP: &str = "goroutine 1 [running]:\nmain.main()\n\t/src/app/main.go:9 +0x1\n\n\
                    goroutine 7 [chan send, 12 minutes]:\nshop.example/worker.(*Pool).run(0x1)\n\t/src/worker/pool.go:89 +0x1a\n\
                    created by shop.example/worker.(*Pool).start in goroutine 1\n\t/src/worker/pool.go:81 +0x105\n\n\
                    goroutine 8 [chan send, 14 minutes]:\nshop.example/worker.(*Pool).run(0x2)\n\t/src/worker/pool.go:89 +0x1a\n\
                    created by shop.example/worker.(*Pool).start in goroutine 1\n\t/src/worker/pool.go:81 +0x105\n";

/// What a run left behind.
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Outcome {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

/// Runs the program with `input` on standard input.
fn run(args: &[&str], input: &[u8]) -> Outcome {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stackherd"))
        .args(args)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    Outcome { code: output.status.code().unwrap(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// A file with this content, of this test alone.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

fn corpus(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(path).to_string_lossy().into_owned()
}

/// `input` shows nothing: exit code 2, nothing on standard output, one line that says what it is.
#[track_caller]
fn check_refused(input: &[u8], says: &str) {
    let outcome = run(&["analyze", "-"], input);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with("stackherd: standard input: "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(says), "{} does not say {says}", outcome.stderr);
}

fn random(n: u32) -> Vec<u8> {
    (0..n).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

/// A folder with these files, of this test alone.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // Left by the last run, if at all.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (path, content) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn ok_text_from_a_file() {
    let path = file("text.txt", DUMP.as_bytes());
    let outcome = run(&["analyze", path.to_str().unwrap()], b"");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.contains("3 goroutines in 2 groups"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("shop.example/worker.(*Pool).run"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains('\x1b'), "a pipe gets no colours");
}

#[test]
fn ok_standard_input_with_and_without_a_dash() {
    for args in [&["analyze"][..], &["analyze", "-"]] {
        let outcome = run(args, DUMP.as_bytes());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert!(outcome.stdout.contains("standard input: 3 goroutines"), "{}", outcome.stdout);
    }
}

#[test]
fn ok_json_is_the_report() {
    let report = run(&["analyze", "--format", "json"], DUMP.as_bytes()).json();
    assert_eq!(report["schema"], "stackherd.report/1");
    assert_eq!(report["generator"]["name"], "stackherd");
    assert_eq!(report["totals"]["goroutines"], 3);
    assert_eq!(report["dumps"][0]["go_version"], ">=1.21");
    let largest = &report["groups"][0];
    assert_eq!(largest["goids"], serde_json::json!([7, 8]));
    assert_eq!(largest["wait_minutes"]["max"], 14);
    assert_eq!(largest["created_by"]["line"], 81);
}

#[test]
fn ok_gzip() {
    let path = corpus("scenarios/notify/1.27.3/t3.debug2.txt.gz");
    let from_file = run(&["analyze", "--format", "json", &path], b"").json();
    let from_stdin = run(&["analyze", "--format", "json"], &fs::read(&path).unwrap()).json();
    assert!(from_file["totals"]["goroutines"].as_u64().unwrap() > 500);
    assert_eq!(from_file["groups"], from_stdin["groups"]);
}

#[test]
fn ok_several_dumps_share_their_groups() {
    let [first, second] = ["first.txt", "second.txt"].map(|name| file(name, DUMP.as_bytes()));
    let report = run(&["analyze", "--format", "json", first.to_str().unwrap(), second.to_str().unwrap()], b"").json();
    assert_eq!(report["dumps"].as_array().unwrap().len(), 2);
    assert_eq!(report["dumps"][1]["go_version"], ">=1.21", "the second dump is read like the first");
    assert_eq!(report["groups"][0]["per_dump"], serde_json::json!([2, 2]));
}

#[test]
fn ok_a_bad_file_does_not_keep_others_from_being_read() {
    let good = file("good.txt", DUMP.as_bytes());
    let bad = file("bad.png", b"\x89PNG\r\n\x1a\n");
    let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing.txt");
    let [good, bad, missing] = [&good, &bad, &missing].map(|path| path.to_str().unwrap());
    let outcome = run(&["analyze", "--format", "json", missing, bad, good], b"");
    assert_eq!(outcome.code, 0);
    assert_eq!(outcome.json()["dumps"][0]["name"], *good);
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", outcome.stderr);
    assert!(lines[0].contains("missing.txt: ") && lines[1].contains("bad.png: this is a picture"), "{}", outcome.stderr);
}

#[test]
fn ok_folders_stand_for_their_files() {
    let folder = folder(
        "dumps",
        &[
            ("pod-b/x.txt", DUMP.as_bytes()),
            ("pod-a.txt", DUMP.as_bytes()),
            (".hidden.txt", DUMP.as_bytes()),
            (".git/x.txt", DUMP.as_bytes()),
            ("pod-b/notes.md", b"# Notes\n"),
        ],
    );
    let outcome = run(&["analyze", "--format", "json", folder.to_str().unwrap()], b"");
    let names: Vec<_> = outcome.json()["inputs"].as_array().unwrap().iter().map(|input| input["name"].clone()).collect();
    let expected = ["pod-a.txt", "pod-b/notes.md", "pod-b/x.txt"].map(|name| folder.join(name).to_string_lossy().into_owned());
    assert_eq!(names, expected);
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("notes.md: no goroutine was found"), "{}", outcome.stderr);
}

#[test]
fn err_a_folder_without_files() {
    let folder = folder("no-dumps", &[(".hidden", b"")]);
    let outcome = run(&["analyze", folder.to_str().unwrap()], b"");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.ends_with(": there is no file to read in this folder\n"), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 1);
}

/// A tar archive as its format lays it out: POSIX, ustar.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = Vec::new();
    for (path, content) in files {
        let mut header = [0; 512];
        header.iter_mut().zip(path.bytes()).for_each(|(field, byte)| *field = byte);
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        tar.extend(header);
        tar.extend(*content);
        tar.resize(tar.len().next_multiple_of(512), 0);
    }
    tar.extend([0; 1024]);
    tar
}

#[test]
fn ok_archives_expand() {
    let names: Vec<_> = (0..30).map(|n| format!("pod-{n:02}/dump.txt")).collect();
    let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), DUMP.as_bytes())).collect();
    files.push(("README.md", b"# Notes\n"));
    let outcome = run(&["analyze"], &tar(&files));
    assert_eq!(outcome.code, 0);
    assert!(outcome.stdout.contains("standard input/pod-00/dump.txt: 3 goroutines, traceback"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("… and 10 more dumps with 30 goroutines"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("90 goroutines in 2 groups"), "{}", outcome.stdout);
    assert!(
        outcome.stderr.starts_with("stackherd: standard input/README.md: unrecognized: no goroutine"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn ok_issues_are_told_up_to_a_number() {
    let names: Vec<_> = (0..50).map(|n| format!("{n}.md")).collect();
    let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), b"# Notes\n".as_slice())).collect();
    files.push(("dump.txt", DUMP.as_bytes()));
    let outcome = run(&["analyze"], &tar(&files));
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!((lines.len(), lines[20]), (21, "stackherd: standard input: and 30 more that could not be read"));
}

#[test]
fn err_an_archive_without_dumps_is_one_line() {
    check_refused(&tar(&[("a.md", b"# Notes\n"), ("b.png", b"\x89PNG\r\n\x1a\n")]), "archive");
    let hostile = run(&["analyze"], &tar(&[("\x1b]0;title\x07.md", b"# Notes\n")]));
    assert!(!hostile.stderr.contains('\x1b'), "{:?}", hostile.stderr);
}

#[test]
fn ok_issues_go_to_standard_error() {
    let outcome = run(&["analyze"], &DUMP.as_bytes()[..DUMP.len() - 20]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.stderr.contains(": truncated: The dump is cut off in goroutine 8"), "{}", outcome.stderr);
}

#[test]
fn ok_top_limits_text_and_says_so() {
    let outcome = run(&["analyze", "--top", "1"], DUMP.as_bytes());
    assert!(outcome.stdout.contains("1 group with 1 goroutine not listed"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("main.main"), "{}", outcome.stdout);
    let all = run(&["analyze", "--top", "0"], DUMP.as_bytes());
    assert!(all.stdout.contains("main.main") && !all.stdout.contains("not listed"), "{}", all.stdout);
}

#[test]
fn ok_app_names_the_readers_own_code() {
    let origin = |args: &[&str]| {
        let report = run(&[&["analyze", "--format", "json"], args].concat(), DUMP.as_bytes()).json();
        let largest = report["groups"][0].clone();
        (largest["stack"][0]["origin"].as_str().unwrap().to_owned(), largest["culprit"].clone())
    };
    assert_eq!(origin(&[]), ("app".to_owned(), 0.into()));
    assert_eq!(origin(&["--app", "shop.example"]), ("app".to_owned(), 0.into()));
    assert_eq!(origin(&["--app", "other.example"]), ("dependency".to_owned(), Value::Null));
}

#[test]
fn ok_escape_codes_of_a_dump_stay_out_of_the_terminal() {
    let dump = "goroutine 1 [\x1b[2Jselect]:\nmain.\x1b]0;title\x07f()\n\t/src/\x1b[31mmain.go:9 +0x1\n";
    let outcome = run(&["analyze"], dump.as_bytes());
    assert_eq!(outcome.code, 0);
    assert!(!outcome.stdout.contains('\x1b') && !outcome.stderr.contains('\x1b'), "{:?}{:?}", outcome.stdout, outcome.stderr);
}

#[test]
fn err_inputs_that_show_nothing() {
    check_refused(b"", "the input is empty");
    check_refused(b" \n\n", "the input is empty");
    check_refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a picture");
    check_refused(b"heap profile: 1: 2048 [1: 2049] @ heap/1048576\n1: 2048 [1: 2048] @ 0x1\n", "heap profile");
    check_refused(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0", "this is a program");
    check_refused(b"<!doctype html>\n<html><body>Not Found</body></html>\n", "web page");
    check_refused(b"PK\x03\x04\x14\0\0\0", "zip archive");
    check_refused(b"\x1f\x8b\x08\0not gzip at all", "compressed data");
    check_refused(b"7z\xbc\xaf\x27\x1c\0\x04", "compressed in a way that is not read");
    check_refused(b"hello, world\n", "no goroutine was found");
    check_refused(&random(1 << 20), "binary data");
    // Its documentation holds dumps, as examples.
    check_refused(&fs::read(env!("CARGO_BIN_EXE_stackherd")).unwrap(), "this is a program");
}

#[test]
fn err_a_missing_file() {
    let outcome = run(&["analyze", "no/such/file.txt"], b"");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.starts_with("stackherd: no/such/file.txt: "), "{}", outcome.stderr);
}

#[test]
fn err_bad_usage() {
    for args in
        [&[][..], &["frobnicate"], &["analyze", "--format", "xml"], &["analyze", "--top", "many"], &["analyze", "--nonsense"]]
    {
        let outcome = run(args, b"");
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}: {}", outcome.stderr);
        assert!(
            outcome.stderr.contains("Usage: stackherd") || outcome.stderr.contains("'--help'"),
            "{args:?}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn ok_help_and_version() {
    let help = run(&["analyze", "--help"], b"");
    assert_eq!(help.code, 0);
    for option in ["--format", "--top", "--app", "--by", "--as", "--baseline", "--at", "Exit codes", "zstd", "FOLDER"] {
        assert!(help.stdout.contains(option), "{option} is not in {}", help.stdout);
    }
    let version = run(&["--version"], b"");
    assert_eq!((version.code, version.stdout.as_str()), (0, concat!("stackherd ", env!("CARGO_PKG_VERSION"), "\n")));
}

/// Senders are a finding, main is left alone.
const RULES: &str = "[[rule]]\nname = \"stuck-pool\"\nseverity = \"critical\"\nmessage = \"{count} workers are stuck at {place}\"\n\
                     any_frame = 'Pool\\)\\.run$'\nfix = \"Drain the queue.\"\nreference = \"https://wiki.example/pool\"\n\
                     [[ignore]]\nname = \"main-loop\"\nreason = \"It lives as long as the process.\"\ntop_function = \"main.main\"\n";

fn rules_file(name: &str, text: &str) -> String {
    file(name, text.as_bytes()).to_string_lossy().into_owned()
}

#[test]
fn ok_rules_give_findings_and_set_groups_aside() {
    let rules = rules_file("rules.toml", RULES);
    let outcome = run(&["analyze", "--rules", &rules], DUMP.as_bytes());
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    for line in [
        "critical 2 workers are stuck at pool.go:89 [likely, stuck-pool]\n  - 2 goroutines in 1 group fit your rule",
        "  - The longest has waited at least 14 minutes.\n",
        "  at: shop.example/worker.(*Pool).run  /src/worker/pool.go:89\n",
        "  created by: shop.example/worker.(*Pool).start  /src/worker/pool.go:81\n",
        "  fix: Drain the queue.\n",
        "  see: https://wiki.example/pool\n",
        "idle: 1 goroutine in 1 group: main-loop 1\n",
    ] {
        assert!(outcome.stdout.contains(line), "{line}\n{}", outcome.stdout);
    }
    let at = |text: &str| outcome.stdout.find(text).unwrap_or_else(|| panic!("{text}: {}", outcome.stdout));
    assert!(at("critical 2 workers") < at("3 goroutines in 2 groups"), "findings come before groups");
    assert!(!outcome.stdout.contains("/src/app/main.go"), "idle groups are folded: {}", outcome.stdout);
}

#[test]
fn ok_idle_groups_are_listed_when_all_are_and_left_out_on_demand() {
    let rules = rules_file("rules-idle.toml", RULES);
    let all = run(&["analyze", "--rules", &rules, "--top", "0"], DUMP.as_bytes()).stdout;
    assert!(all.contains("running, idle: main-loop") && all.contains("/src/app/main.go"), "{all}");
    for top in ["0", "20"] {
        let none = run(&["analyze", "--rules", &rules, "--no-idle", "--top", top], DUMP.as_bytes()).stdout;
        assert!(!none.contains("idle") && !none.contains("/src/app/main.go"), "{none}");
    }
}

#[test]
fn ok_json_has_findings_whose_numbers_add_up() {
    let rules = rules_file("rules-json.toml", RULES);
    let report = run(&["analyze", "--rules", &rules, "--format", "json", "--lang", "zh-CN"], DUMP.as_bytes()).json();
    let finding = &report["findings"][0];
    assert_eq!((&finding["rule"], &finding["dump"]), (&"stuck-pool".into(), &0.into()));
    let groups =
        finding["groups"].as_array().unwrap().iter().map(|rank| &report["groups"][rank.as_u64().unwrap() as usize - 1]);
    let sum: u64 = groups.map(|group| group["per_dump"][0].as_u64().unwrap()).sum();
    assert_eq!(finding["goroutines"], sum);
    assert_eq!((&report["totals"]["idle_goroutines"], &report["groups"][0]["rank"]), (&1.into(), &1.into()));
    assert_eq!(report["groups"][1]["idle"], "main-loop");
    assert!(finding["evidence"][1].as_str().unwrap().contains("分钟"), "{finding}");
}

#[test]
fn err_rules_name_file_line_and_key() {
    let rules = rules_file("broken.toml", "\n[[rule]]\nname = \"a\"\nany_fram = \"x\"\n");
    let outcome = run(&["analyze", "--rules", &rules], DUMP.as_bytes());
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    assert!(outcome.stderr.contains("broken.toml:4: unknown key \"any_fram\" in [[rule]]; allowed are"), "{}", outcome.stderr);
    let missing = run(&["analyze", "--rules", "no-such-file.toml"], DUMP.as_bytes());
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.starts_with("stackherd: no-such-file.toml: "), "{}", missing.stderr);
}

#[test]
fn ok_fail_on_makes_the_exit_code() {
    let rules = rules_file("rules-fail.toml", &RULES.replace("critical", "warning"));
    let code = |level: &str| run(&["analyze", "--rules", &rules, "--fail-on", level], DUMP.as_bytes()).code;
    assert_eq!(["never", "info", "warning", "critical"].map(code), [0, 1, 1, 0]);
    let unknown = run(&["analyze", "--fail-on", "sometimes"], DUMP.as_bytes());
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("never, info, warning, critical"), "{}", unknown.stderr);
}

#[test]
fn ok_markdown_is_a_summary_in_the_language_asked_for() {
    let rules = rules_file("rules-markdown.toml", RULES);
    let args = ["analyze", "--rules", &rules, "--format", "markdown", "--lang"];
    let english = run(&[&args[..], &["en"]].concat(), DUMP.as_bytes());
    assert_eq!((english.code, english.stderr.as_str()), (0, ""));
    assert!(
        english.stdout.contains("### 2 workers are stuck at pool.go:89\n\ncritical · likely · `stuck-pool`"),
        "{}",
        english.stdout
    );
    let chinese = run(&[&args[..], &["zh-CN"]].concat(), DUMP.as_bytes()).stdout;
    assert!(chinese.contains("## 尚不清楚的"), "{chinese}");
}

#[test]
fn ok_exports() {
    let rules = rules_file("rules-export.toml", RULES);
    let ignore = "[[ignore]]\nreason = \"It drains.\"\ntop_function = \"shop.example/worker.(*Pool).run\"\n";
    let ignored = rules_file("rules-goleak.toml", ignore);
    let goleak = run(&["analyze", "--rules", &ignored, "--export", "goleak"], DUMP.as_bytes());
    assert_eq!(goleak.code, 0);
    let option = "\tgoleak.IgnoreTopFunction(\"shop.example/worker.(*Pool).run\"),\n";
    assert!(goleak.stdout.contains(option), "{}", goleak.stdout);
    let prometheus = run(&["analyze", "--rules", &rules, "--export", "prometheus"], DUMP.as_bytes()).stdout;
    assert!(prometheus.contains("expr: \"go_goroutines > 100\"\n        for: 10m\n"), "{prometheus}");
    let both = run(&["analyze", "--export", "goleak", "--format", "json"], DUMP.as_bytes());
    assert_eq!((both.code, both.stdout.as_str()), (2, ""));
}

#[test]
fn ok_findings_that_pods_share_are_told_once() {
    let rules = rules_file("rules-pods.toml", RULES);
    let pods: Vec<(String, &[u8])> = (0..40).map(|pod| (format!("pod-{pod:02}.txt"), DUMP.as_bytes())).collect();
    let pods: Vec<(&str, &[u8])> = pods.iter().map(|(name, dump)| (name.as_str(), *dump)).collect();
    let folder = folder("pods", &pods);
    let args = ["analyze", "--rules", &rules, folder.to_str().unwrap()];
    let text = run(&args, b"").stdout;
    assert_eq!(text.matches("\ncritical 2 workers are stuck").count(), 1, "{text}");
    assert!(text.contains("  in 40 of 40 dumps; goroutines in all: 80\n"), "{text}");
    let report = run(&[&args[..], &["--format", "json"]].concat(), b"").json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 40);
}

#[test]
fn ok_names_in_findings_do_not_reach_the_terminal_as_codes() {
    let rules = rules_file("rules-codes.toml", "[[rule]]\nname = \"a\"\nmessage = \"b {place}\"\nany_frame = 'main'\n");
    let dump = "goroutine 1 [select]:\nmain.x%1b[2J(0x1)\n\t/src/a%1b.go:9 +0x1\n";
    let outcome = run(&["analyze", "--rules", &rules], dump.as_bytes());
    assert_eq!(outcome.code, 0);
    assert!(!outcome.stdout.contains('\x1b'), "{}", outcome.stdout);
    assert!(!run(&["analyze", "--rules", &rules, "--format", "markdown"], dump.as_bytes()).stdout.contains('\x1b'));
}

/// `DUMP` some time later: five more senders.
fn later() -> String {
    let sender = |goid: u32| {
        format!(
            "\ngoroutine {goid} [chan send, 1 minutes]:\nshop.example/worker.(*Pool).run(0x1)\n\t/src/worker/pool.go:89 +0x1a\n\
             created by shop.example/worker.(*Pool).start in goroutine 1\n\t/src/worker/pool.go:81 +0x105\n"
        )
    };
    DUMP.to_owned() + &[30, 31, 32, 33, 34].map(sender).concat()
}

#[test]
fn ok_two_dumps_are_compared() {
    let folder = folder("series", &[("t0.txt", DUMP.as_bytes()), ("t1.txt", later().as_bytes())]);
    let (t0, t1) = (folder.join("t0.txt"), folder.join("t1.txt"));
    let files = [t0.to_str().unwrap(), t1.to_str().unwrap()];
    let text =
        run(&[&["analyze", "--at", "0=2026-11-21T12:00:00Z", "--at", "t1=2026-11-21T12:05:00Z"], &files[..]].concat(), b"");
    assert_eq!(text.code, 0, "{}", text.stderr);
    let row =
        text.stdout.lines().find(|line| line.trim_start().starts_with("grown")).unwrap_or_else(|| panic!("{}", text.stdout));
    let cells: Vec<_> = row.split_whitespace().take(5).collect();
    assert_eq!(cells, ["grown", "2", "7", "+5", "+1"]);
    assert!(text.stdout.contains("unchanged: 1 groups with 1 goroutines"), "{}", text.stdout);
    let chinese = run(&[&["analyze", "--lang", "zh-CN"], &files[..]].concat(), b"").stdout;
    assert!(chinese.contains("增长") && chinese.contains("未变化"), "{chinese}");
    for baseline in ["1", "t1", "t1.txt"] {
        let report = run(&[&["analyze", "--format", "json", "--baseline", baseline], &files[..]].concat(), b"").json();
        let comparison = &report["comparison"];
        assert_eq!((&comparison["baseline"], &comparison["groups"][0]["status"]), (&1.into(), &"shrunk".into()), "{baseline}");
    }
    let fleet =
        ["analyze", "--format", "json", "--as", "fleet", "--by", "function", "--relation", "unknown", "--instance", "t([0-9])"];
    let report = run(&[&fleet[..], &files[..]].concat(), b"").json();
    assert_eq!((&report["comparison"]["mode"], &report["similarity"]), (&"fleet".into(), &"function".into()));
    assert_eq!(report["comparison"]["instances"], serde_json::json!(["0", "1"]));
}

#[test]
fn ok_the_odd_instances_of_a_fleet_are_told() {
    let outcome = run(&["analyze", "--as", "fleet", &corpus("fleet/checkout-40-pods.zip")], b"");
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.stdout.contains("  checkout-7c9fd8b-pod33  has 340 goroutines\n      301 (median 0)"),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("  37 of 40 instances are alike: median 25\n"), "{}", outcome.stdout);
}

#[test]
fn err_options_of_comparisons_say_what_is_wrong() {
    let path = file("compare-options.txt", DUMP.as_bytes());
    for (args, says) in [
        (["--baseline", "7"], "--baseline 7: there is no such dump; give its name, or its number from 0 to 0"),
        (["--at", "noon"], "--at noon: give a dump and a time"),
        (["--at", "0=noon"], "\"noon\" is no time"),
        (["--instance", "("], "--instance: unclosed group"),
        (["--by", "moon"], "stack, function, origin, culprit"),
        (["--as", "moon"], "auto, series, fleet"),
    ] {
        let outcome = run(&["analyze", args[0], args[1], path.to_str().unwrap()], b"");
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{args:?}");
        assert!(outcome.stderr.contains(says), "{args:?}: {}", outcome.stderr);
    }
}

#[test]
fn ok_reports_merge_to_that_of_all_dumps() {
    let folder = folder("merge", &[("a.txt", DUMP.as_bytes()), ("b.txt", later().as_bytes())]);
    let report = |name: &str| {
        let report = run(&["analyze", "--format", "json", folder.join(name).to_str().unwrap()], b"").stdout;
        fs::write(folder.join(name).with_extension("json"), &report).unwrap();
        report
    };
    let both = report("a.txt") + &report("b.txt");
    let (a, b) = (folder.join("a.json"), folder.join("b.json"));
    let merged = run(&["merge", a.to_str().unwrap(), b.to_str().unwrap()], b"");
    assert_eq!((merged.code, merged.stderr.as_str()), (0, ""));
    for args in [&["merge"][..], &["merge", "-"]] {
        assert_eq!(run(args, both.as_bytes()).stdout, merged.stdout);
    }
    let together = run(
        &["analyze", "--format", "json", folder.join("a.txt").to_str().unwrap(), folder.join("b.txt").to_str().unwrap()],
        b"",
    );
    let (merged, together) = (merged.json(), together.json());
    for field in ["dumps", "totals", "groups", "inputs", "blocking", "ancestry"] {
        assert_eq!(merged[field], together[field], "{field}");
    }
    assert_eq!(merged["comparison"]["groups"][0]["counts"], serde_json::json!([2, 7]));
}

#[test]
fn err_reports_that_do_not_merge() {
    let path = file("merge-stack.txt", DUMP.as_bytes());
    let by = |level: &str| run(&["analyze", "--format", "json", "--by", level, path.to_str().unwrap()], b"").stdout;
    for (input, says) in [
        (by("stack") + &by("culprit"), "by stack and by culprit"),
        (
            by("stack").replace("stackherd.report/1", "stackherd.report/9"),
            "\"stackherd.report/9\", this version knows \"stackherd.report/1\"",
        ),
        ("{}".to_owned(), "this is no report"),
        ("goroutine 1 [select]:".to_owned(), "this is no report"),
        (String::new(), "no report to merge"),
    ] {
        let outcome = run(&["merge"], input.as_bytes());
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{says}");
        assert!(outcome.stderr.contains(says), "{} does not say {says}", outcome.stderr);
    }
    let missing = run(&["merge", "no-such.json"], b"");
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.starts_with("stackherd: no-such.json: "), "{}", missing.stderr);
}
