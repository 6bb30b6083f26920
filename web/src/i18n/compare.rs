//! Words of the view of changes between dumps.

use stackherd_report::{ComparisonMode, Course, GroupStatus, Relation, Similarity};

/// What one row of the table says in one sentence.
#[derive(Debug)]
pub(crate) struct ChangeName<'a> {
    pub(crate) status: GroupStatus,
    /// Goroutines in the baseline and in the target.
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
    /// Without a sign.
    pub(crate) delta: &'a str,
    pub(crate) state: &'a str,
    /// Function and place.
    pub(crate) what: &'a str,
    pub(crate) per_minute: Option<&'a str>,
    pub(crate) stuck: Option<&'a str>,
}

/// Words of the view.
#[derive(Debug)]
pub(crate) struct CompareTexts {
    pub(crate) tab: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) empty_title: &'static str,
    pub(crate) empty_why: &'static str,
    /// Two dumps are there, and still nothing to compare.
    pub(crate) none_why: &'static str,
    pub(crate) add_second: &'static str,
    pub(crate) key_similarity: &'static str,
    pub(crate) key_baseline: &'static str,
    pub(crate) status_bar: fn(&str, &str) -> String,

    pub(crate) few_shared: fn(u32) -> String,
    pub(crate) mixed_formats: &'static str,
    pub(crate) stuck_means: &'static str,
    pub(crate) options: &'static str,
    pub(crate) baseline: &'static str,
    pub(crate) baseline_badge: &'static str,
    pub(crate) target: &'static str,
    pub(crate) relation: &'static str,
    pub(crate) relation_name: fn(Relation) -> &'static str,
    pub(crate) mode: &'static str,
    pub(crate) mode_name: fn(ComparisonMode) -> &'static str,
    /// The choice that leaves it to Stackherd, with what that comes to.
    pub(crate) automatic: fn(&str) -> String,
    pub(crate) set_times: &'static str,
    pub(crate) no_times: &'static str,

    pub(crate) changes: &'static str,
    pub(crate) statuses: &'static str,
    pub(crate) all: &'static str,
    pub(crate) status: fn(GroupStatus) -> &'static str,
    pub(crate) column_change: &'static str,
    pub(crate) column_delta: &'static str,
    pub(crate) column_per_minute: &'static str,
    pub(crate) column_stuck: &'static str,
    pub(crate) column_trend: &'static str,
    pub(crate) column_frame: &'static str,
    pub(crate) column_state: &'static str,
    pub(crate) row_name: fn(&ChangeName<'_>) -> String,
    pub(crate) n_unchanged: fn(&str) -> String,
    pub(crate) hide_unchanged: fn(&str) -> String,
    pub(crate) nothing_changed: &'static str,
    pub(crate) n_listed: fn(&str) -> String,
    /// How a group of the groups table changed, without a sign.
    pub(crate) up_or_down: fn(i64, &str) -> String,

    pub(crate) side: &'static str,
    pub(crate) show_side: &'static str,
    pub(crate) back: &'static str,
    pub(crate) trend: &'static str,
    pub(crate) scale: &'static str,
    pub(crate) linear: &'static str,
    pub(crate) log: &'static str,
    pub(crate) as_table: &'static str,
    pub(crate) chart_keys: &'static str,
    /// Names of the lines, first and last dump.
    pub(crate) chart_name: fn(&str, &str, &str) -> String,
    pub(crate) legend: &'static str,
    pub(crate) restart: &'static str,
    pub(crate) no_lines: &'static str,

    pub(crate) panels: &'static str,
    pub(crate) tab_group: &'static str,
    pub(crate) tab_findings: &'static str,
    pub(crate) no_findings: &'static str,
    pub(crate) all_findings: &'static str,
    pub(crate) choose_row: &'static str,
    pub(crate) growth: &'static str,
    pub(crate) growth_line: fn(&str, &str) -> String,
    pub(crate) growth_rate: fn(&str) -> String,
    pub(crate) course: fn(Course) -> &'static str,
    pub(crate) doubles_in: fn(&str) -> String,
    pub(crate) stuck: &'static str,
    /// How many of how many, and the share.
    pub(crate) stuck_line: fn(&str, &str, &str) -> String,
    pub(crate) born_ended: &'static str,
    pub(crate) born_ended_line: fn(&str, &str) -> String,
    pub(crate) since: &'static str,
    pub(crate) before_first: &'static str,
    /// The dump before and the dump that has it first.
    pub(crate) between: fn(&str, &str) -> String,
    /// Follows the sentence before.
    pub(crate) oldest: fn(&str) -> String,
    pub(crate) forecast: &'static str,
    pub(crate) forecast_line: fn(&str) -> String,
    pub(crate) stuck_ids: &'static str,
    pub(crate) open_in: fn(&str) -> String,
    pub(crate) near: fn(GroupStatus, &str) -> String,
    pub(crate) near_why: &'static str,
    pub(crate) open_near: &'static str,
    pub(crate) only_this: &'static str,
    pub(crate) only_other: &'static str,

    pub(crate) outcome: &'static str,
    pub(crate) all_goroutines: &'static str,
    pub(crate) live_heap: &'static str,
    pub(crate) gc_pause: &'static str,

    pub(crate) similarity: &'static str,
    pub(crate) similarity_name: fn(Similarity) -> &'static str,
    pub(crate) similarity_why: fn(Similarity) -> &'static str,

    pub(crate) taken_at: &'static str,
    pub(crate) time_given: &'static str,
    pub(crate) time_of_file: &'static str,
    pub(crate) time_unknown: &'static str,
    pub(crate) forget_time: &'static str,
    pub(crate) make_baseline: &'static str,
    pub(crate) is_baseline: &'static str,
    pub(crate) set_time_of: fn(&str) -> String,
}

pub(super) const EN: CompareTexts = CompareTexts {
    tab: "Compare",
    loading: "Comparing the dumps",
    empty_title: "Add a second dump to see what changed",
    empty_why: "One dump cannot prove growth. Take a second one a minute later, or add dumps of other instances.",
    none_why: "The dumps that are loaded can't be compared.",
    add_second: "Add a dump",
    key_similarity: "Same stack, function, creator, top user frame",
    key_baseline: "Make the dump on show the baseline",
    status_bar: |groups, dumps| format!("{} over {dumps} dumps", plural(groups, "group", "groups")),

    few_shared: |percent| format!("These dumps share only {percent}% of their stacks. They may be of different services."),
    mixed_formats: "The dumps have different formats; they are compared on what all of them tell.",
    stuck_means: "Stuck means: the same goroutine id at the same stack in both dumps.",
    options: "What is compared",
    baseline: "Baseline",
    baseline_badge: "baseline",
    target: "Compared",
    relation: "Relation",
    relation_name: |relation| match relation {
        Relation::SameProcess => "same process",
        Relation::SameService => "same service",
        Relation::Unknown => "unknown",
    },
    mode: "Compare",
    mode_name: |mode| match mode {
        ComparisonMode::Series => "over time",
        ComparisonMode::Fleet => "instances",
    },
    automatic: |what| format!("automatic: {what}"),
    set_times: "Set times…",
    no_times: "Without times there is no growth per minute.",

    changes: "Changes",
    statuses: "What happened",
    all: "All",
    status: |status| match status {
        GroupStatus::New => "New",
        GroupStatus::Gone => "Gone",
        GroupStatus::Grown => "Grown",
        GroupStatus::Shrunk => "Shrunk",
        GroupStatus::Same => "Same",
    },
    column_change: "Change",
    column_delta: "Δ",
    column_per_minute: "per min",
    column_stuck: "Stuck",
    column_trend: "Trend",
    column_frame: "Top user frame",
    column_state: "State",
    row_name: |name| {
        let ChangeName { before, after, delta, state, what, .. } = name;
        let change = match name.status {
            GroupStatus::New => format!("new, {}", plural(after, "goroutine", "goroutines")),
            GroupStatus::Gone => format!("gone, {} before", plural(before, "goroutine", "goroutines")),
            GroupStatus::Grown => format!("grown from {before} to {after} goroutines, up {delta}"),
            GroupStatus::Shrunk => format!("shrunk from {before} to {after} goroutines, down {delta}"),
            GroupStatus::Same => format!("unchanged, {}", plural(after, "goroutine", "goroutines")),
        };
        let rate = name.per_minute.map(|rate| format!(", {rate} per minute")).unwrap_or_default();
        let stuck = name.stuck.map(|stuck| format!(", {stuck} stuck")).unwrap_or_default();
        format!("{change}{rate}{stuck}, {state}, {what}")
    },
    n_unchanged: |n| format!("Show {}", plural(n, "unchanged group", "unchanged groups")),
    hide_unchanged: |n| format!("Hide {}", plural(n, "unchanged group", "unchanged groups")),
    nothing_changed: "No group changed.",
    n_listed: |n| format!("{} listed", plural(n, "group", "groups")),
    up_or_down: |delta, size| if delta > 0 { format!("up {size}") } else { format!("down {size}") },

    side: "Trend and group",
    show_side: "Trend",
    back: "Changes",
    trend: "Trend",
    scale: "Scale",
    linear: "Linear",
    log: "Log",
    as_table: "Table",
    chart_keys: "Trend; the left and right arrow keys go from dump to dump",
    chart_name: |names, first, last| format!("Goroutines of {names}, from {first} to {last}"),
    legend: "Lines; press to hide or show",
    restart: "restart",
    no_lines: "No group changed enough to be drawn.",

    panels: "Group or findings",
    tab_group: "Group",
    tab_findings: "Findings",
    no_findings: "Nothing unusual follows from these dumps together.",
    all_findings: "All findings",
    choose_row: "Choose a group to see how it changed.",
    growth: "Growth",
    growth_line: |before, after| format!("{before} → {after}"),
    growth_rate: |rate| format!("{rate} per minute"),
    course: |course| match course {
        Course::Growing => "growing",
        Course::Bursting => "bursting",
        Course::Steady => "steady",
        Course::Shrinking => "shrinking",
    },
    doubles_in: |time| format!("doubles in {time}"),
    stuck: "Stuck",
    stuck_line: |stuck, of, percent| format!("{stuck} of {of} still at the same line ({percent})"),
    born_ended: "Turnover",
    born_ended_line: |born, ended| format!("{born} started, {ended} ended"),
    since: "Since",
    before_first: "before the first dump",
    between: |before, first| format!("between {before} and {first}"),
    oldest: |wait| format!("; oldest wait {wait}"),
    forecast: "Forecast",
    forecast_line: |time| format!("{time} to one million at this pace"),
    stuck_ids: "Goroutines that did not move",
    open_in: |dump| format!("Open in {dump}"),
    near: |status, n| {
        let which = match status {
            GroupStatus::Gone => "A group that is gone",
            GroupStatus::New => "A new group",
            _ => "Another group",
        };
        format!("{which} has nearly this stack: {}", plural(n, "goroutine", "goroutines"))
    },
    near_why: "+ stands in this group only, − in the other one only.",
    open_near: "Show it",
    only_this: "only here",
    only_other: "only there",

    outcome: "After the fix",
    all_goroutines: "All goroutines",
    live_heap: "Live heap",
    gc_pause: "GC pause",

    similarity: "Grouped by",
    similarity_name: |similarity| match similarity {
        Similarity::Stack => "exact stack",
        Similarity::Function => "function",
        Similarity::Origin => "created by",
        Similarity::Culprit => "top user frame",
    },
    similarity_why: |similarity| match similarity {
        Similarity::Stack => "The same functions, files, lines and creator (1)",
        Similarity::Function => "The same functions; lines are ignored (2)",
        Similarity::Origin => "The same go statement and entry function (3)",
        Similarity::Culprit => "The same first frame of your code (4)",
    },

    taken_at: "Taken at (UTC)",
    time_given: "as you said",
    time_of_file: "as the file, its name or its log says",
    time_unknown: "not known",
    forget_time: "As the file says",
    make_baseline: "Make baseline",
    is_baseline: "It is the baseline",
    set_time_of: |name| format!("Set the time of {name}"),
};

pub(super) const ZH_CN: CompareTexts = CompareTexts {
    tab: "对比",
    loading: "正在对比转储",
    empty_title: "再添加一份转储，查看有何变化",
    empty_why: "仅凭一份转储无法证明增长。请间隔一分钟再取一份，或添加其他实例的转储。",
    none_why: "已加载的转储无法对比。",
    add_second: "添加转储",
    key_similarity: "按相同堆栈、函数、创建者、首个应用帧分组",
    key_baseline: "将当前转储设为基线",
    status_bar: |groups, dumps| format!("{dumps} 份转储，{groups} 个分组"),

    few_shared: |percent| format!("这些转储只有 {percent}% 的堆栈相同，可能来自不同的服务。"),
    mixed_formats: "转储格式不同，按各格式共有的信息对比。",
    stuck_means: "“滞留”指：两份转储中同一 goroutine id 处于相同堆栈。",
    options: "对比内容",
    baseline: "基线",
    baseline_badge: "基线",
    target: "对比",
    relation: "关系",
    relation_name: |relation| match relation {
        Relation::SameProcess => "同一进程",
        Relation::SameService => "同一服务",
        Relation::Unknown => "未知",
    },
    mode: "方式",
    mode_name: |mode| match mode {
        ComparisonMode::Series => "按时间",
        ComparisonMode::Fleet => "按实例",
    },
    automatic: |what| format!("自动：{what}"),
    set_times: "设置时间…",
    no_times: "没有时间，无法计算每分钟增长。",

    changes: "变化",
    statuses: "变化类型",
    all: "全部",
    status: |status| match status {
        GroupStatus::New => "新增",
        GroupStatus::Gone => "消失",
        GroupStatus::Grown => "增长",
        GroupStatus::Shrunk => "减少",
        GroupStatus::Same => "不变",
    },
    column_change: "变化",
    column_delta: "Δ",
    column_per_minute: "每分钟",
    column_stuck: "滞留",
    column_trend: "趋势",
    column_frame: "首个应用帧",
    column_state: "状态",
    row_name: |name| {
        let ChangeName { before, after, delta, state, what, .. } = name;
        let change = match name.status {
            GroupStatus::New => format!("新增，{after} 个 goroutine"),
            GroupStatus::Gone => format!("消失，原有 {before} 个 goroutine"),
            GroupStatus::Grown => format!("由 {before} 增至 {after} 个 goroutine，增加 {delta}"),
            GroupStatus::Shrunk => format!("由 {before} 减至 {after} 个 goroutine，减少 {delta}"),
            GroupStatus::Same => format!("不变，{after} 个 goroutine"),
        };
        let rate = name.per_minute.map(|rate| format!("，每分钟 {rate}")).unwrap_or_default();
        let stuck = name.stuck.map(|stuck| format!("，滞留 {stuck}")).unwrap_or_default();
        format!("{change}{rate}{stuck}，{state}，{what}")
    },
    n_unchanged: |n| format!("显示 {n} 个不变的分组"),
    hide_unchanged: |n| format!("隐藏 {n} 个不变的分组"),
    nothing_changed: "没有分组发生变化。",
    n_listed: |n| format!("列出 {n} 个分组"),
    up_or_down: |delta, size| if delta > 0 { format!("增加 {size}") } else { format!("减少 {size}") },

    side: "趋势与分组",
    show_side: "趋势",
    back: "变化列表",
    trend: "趋势",
    scale: "刻度",
    linear: "线性",
    log: "对数",
    as_table: "表格",
    chart_keys: "趋势；左右方向键在转储之间移动",
    chart_name: |names, first, last| format!("{names} 的 goroutine 数，从 {first} 到 {last}"),
    legend: "曲线；按下以隐藏或显示",
    restart: "重启",
    no_lines: "没有变化大到值得绘制的分组。",

    panels: "分组或发现",
    tab_group: "分组",
    tab_findings: "发现",
    no_findings: "综合这些转储，未见异常。",
    all_findings: "全部发现",
    choose_row: "选择一个分组，查看其变化。",
    growth: "增长",
    growth_line: |before, after| format!("{before} → {after}"),
    growth_rate: |rate| format!("每分钟 {rate}"),
    course: |course| match course {
        Course::Growing => "持续增长",
        Course::Bursting => "突发",
        Course::Steady => "平稳",
        Course::Shrinking => "持续减少",
    },
    doubles_in: |time| format!("{time}翻倍"),
    stuck: "滞留",
    stuck_line: |stuck, of, percent| format!("{of} 个中有 {stuck} 个仍在同一行（{percent}）"),
    born_ended: "更替",
    born_ended_line: |born, ended| format!("新启动 {born} 个，已结束 {ended} 个"),
    since: "始于",
    before_first: "第一份转储之前",
    between: |before, first| format!("{before} 与 {first} 之间"),
    oldest: |wait| format!("；最久等待 {wait}"),
    forecast: "预测",
    forecast_line: |time| format!("照此速度，{time}后达到一百万"),
    stuck_ids: "未移动的 goroutine",
    open_in: |dump| format!("在 {dump} 中打开"),
    near: |status, n| {
        let which = match status {
            GroupStatus::Gone => "一个已消失的分组",
            GroupStatus::New => "一个新增的分组",
            _ => "另一个分组",
        };
        format!("{which}堆栈几乎相同：{n} 个 goroutine")
    },
    near_why: "+ 仅见于此分组，− 仅见于另一分组。",
    open_near: "查看",
    only_this: "仅见于此",
    only_other: "仅见于彼",

    outcome: "修复之后",
    all_goroutines: "全部 goroutine",
    live_heap: "存活堆",
    gc_pause: "GC 暂停",

    similarity: "分组依据",
    similarity_name: |similarity| match similarity {
        Similarity::Stack => "相同堆栈",
        Similarity::Function => "函数",
        Similarity::Origin => "创建者",
        Similarity::Culprit => "首个应用帧",
    },
    similarity_why: |similarity| match similarity {
        Similarity::Stack => "函数、文件、行号和创建者均相同 (1)",
        Similarity::Function => "函数相同，忽略行号 (2)",
        Similarity::Origin => "go 语句和入口函数相同 (3)",
        Similarity::Culprit => "应用代码的首个帧相同 (4)",
    },

    taken_at: "采集时间 (UTC)",
    time_given: "由你指定",
    time_of_file: "来自文件、文件名或日志",
    time_unknown: "未知",
    forget_time: "以文件为准",
    make_baseline: "设为基线",
    is_baseline: "它就是基线",
    set_time_of: |name| format!("设置 {name} 的时间"),
};

fn plural(n: &str, one: &str, many: &str) -> String {
    format!("{n} {}", if n == "1" { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_row_in_one_sentence() {
        let name = ChangeName {
            status: GroupStatus::Grown,
            before: "27,070",
            after: "99,490",
            delta: "72,420",
            state: "chan send",
            what: "worker.(*Pool).run worker.go:89",
            per_minute: Some("+9,053"),
            stuck: Some("63,249"),
        };
        assert_eq!(
            (EN.row_name)(&name),
            "grown from 27,070 to 99,490 goroutines, up 72,420, +9,053 per minute, 63,249 stuck, chan send, worker.(*Pool).run worker.go:89"
        );
        let gone = ChangeName { status: GroupStatus::Gone, per_minute: None, stuck: None, ..name };
        assert_eq!((ZH_CN.row_name)(&gone), "消失，原有 27,070 个 goroutine，chan send，worker.(*Pool).run worker.go:89");
    }

    #[test]
    fn ok_every_choice_has_words_of_its_own() {
        for texts in [&EN, &ZH_CN] {
            let mut words: Vec<&str> = Similarity::ALL.iter().map(|similarity| (texts.similarity_name)(*similarity)).collect();
            words.extend(GroupStatus::ALL.iter().map(|status| (texts.status)(*status)));
            words.extend(Relation::ALL.iter().map(|relation| (texts.relation_name)(*relation)));
            words.extend(Course::ALL.iter().map(|course| (texts.course)(*course)));
            let n_words = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), n_words);
        }
        assert_eq!((EN.n_unchanged)("1"), "Show 1 unchanged group");
    }
}
