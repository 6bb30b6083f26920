//! Simplified Chinese.

use stackherd_report::protocol::DumpSummary;
use stackherd_report::report::{InputKind, Note, NoteKind};
use stackherd_report::{Category, CrashKind, Format, Issue, IssueKind};

use super::{Advice, CountsFact, RowName, Shared, Texts};
use crate::model::{Axis, Lacks, Theme, thousands};

const TAKE: Option<&str> = Some("curl -s 'http://localhost:6060/debug/pprof/goroutine?debug=2' > dump.txt");

pub(super) const TEXTS: Texts = Texts {
    blocking: &super::blocking::ZH_CN,
    compare: &super::compare::ZH_CN,
    fleet: &super::fleet::ZH_CN,
    ancestry: &super::ancestry::ZH_CN,

    promise: "转储文件不会离开本页面",
    promise_long: "转储文件不会离开本页面：页面的安全策略禁止一切网络请求，也不保存转储的任何内容。",
    loaded_dumps: "已打开的转储",
    add_dump: "添加转储",
    all_dumps: |n| format!("全部 {n} 份转储"),
    find_dump: "按名称查找转储",
    no_such_dump: "没有此名称的转储。",
    remove_dump: |name| format!("移除 {name}"),
    theme: |theme| match theme {
        Theme::System => "主题：跟随系统",
        Theme::Light => "主题：浅色",
        Theme::Dark => "主题：深色",
    },
    language: "中",
    switch_language: "Switch to English",
    keyboard_help: "全部快捷键",
    views: "视图",
    tab_groups: "分组",
    tab_numbers: "数值",
    tab_issues: "问题",
    filter: "筛选分组",
    filter_hint: "筛选：函数、文件、状态、创建者中的文本或 /正则/",
    clear_filter: "清除筛选",
    invalid_filter: |why| format!("表达式无效：{why}"),

    empty_title: "查明 goroutine 为何卡住",
    empty_lead: "打开一份 goroutine 转储定位泄漏；打开多份对比变化。",
    drop_here: "将转储拖到此处",
    or_paste: "或粘贴文本",
    drop_now: "松开即在本页读取",
    open_files: "打开文件",
    open_folder: "打开文件夹",
    paste: "粘贴",
    accepted: "goroutine 剖析文件（debug=0、1、2）、runtime.Stack、SIGQUIT 和 panic 输出、go test 和 goleak、delve 和 gops",
    accepted_compressed: "也可在 kubectl、docker、journald 日志中，或 zip、tar.gz、gz、zst、xz、bz2 中；支持所有 Go 版本",
    try_sample: "试试示例",
    samples: [
        ("未设超时的 HTTP 客户端", "请求卡在缓慢的上游，每个还占用两个 goroutine"),
        ("无人接收的发送", "最先返回者胜出，其余发送方永远阻塞"),
        ("互斥锁死锁", "两笔转账以相反顺序取两把锁，读者越积越多"),
        ("从未关闭的订阅", "3,330 个已离开的客户端，各留下三个 goroutine"),
        ("持续 14 分钟的泄漏", "同一服务的五份转储：哪些分组在增长，速度如何"),
        ("四十个 pod，三个异常", "每个一份转储：一眼看出异常者"),
    ],
    n_goroutines: |n| format!("{n} 个 goroutine"),
    take_dump: "如何获取转储",
    take_running: "运行中的服务",
    take_large: "十万个以上",
    take_counted: "数量与标签",
    take_no_endpoint: "没有 pprof 端点",
    copy: "复制",
    offline: "可离线使用。不上传，无 Cookie，无统计。",
    pasted_name: "粘贴的文本",
    paste_title: "粘贴转储",
    paste_label: "转储文本",
    read_pasted: "读取",

    reading: |name| format!("正在读取 {name}"),
    read_so_far: |read, size, goroutines| format!("已读取 {read} / {size}，发现 {goroutines} 个 goroutine"),
    waiting: "等待前面的转储读完",
    cancel: "取消",
    cancel_keeps: "保留已读取的部分",

    verdict: "概要",
    shared: |fact| {
        let Shared { goroutines, total, percent, state, place, .. } = fact;
        let who = if fact.is_all {
            format!("全部 {goroutines} 个 goroutine 的堆栈相同")
        } else {
            format!("{total} 个 goroutine 中有 {goroutines} 个（{percent}）堆栈相同")
        };
        let at = if place.is_empty() { String::new() } else { format!("，位于 {place}") };
        let oldest = fact.oldest.map(|oldest| format!("，最久 {oldest}")).unwrap_or_default();
        format!("{who}：{state}{at}{oldest}")
    },
    distinct: |goroutines, groups| format!("{goroutines} 个 goroutine，{groups} 个分组，堆栈各不相同"),
    nothing: "此转储中没有 goroutine",
    nothing_why: "读取没有出错，但其中没有内容。原因可能见“问题”。",
    no_leaks: "没有泄漏的 goroutine",
    no_leaks_why: "Go 运行时查找了永远无法继续的 goroutine，一个也没有找到。这是好结果，但不能证明一切正常：它并不能发现所有泄漏。",
    races: |n| format!("竞态报告不列出 goroutine；共 {} 处竞态", thousands(n)),
    races_why: "它说明哪些 goroutine 同时访问了同一内存。要查看卡住的 goroutine，请从运行中的进程获取转储。",
    counts,
    crash: |kind, message, goid| {
        let what = match kind {
            CrashKind::Panic => "panic",
            CrashKind::FatalError => "fatal error",
            CrashKind::Signal => "信号",
        };
        let whose = goid.map(|goid| format!("，发生在 goroutine {goid}")).unwrap_or_default();
        format!("{what}: {message}{whose}")
    },
    started_by: |creator| format!("由 {creator} 创建。"),
    marked_leaked: |goroutines| format!("Go 运行时将其中 {goroutines} 个标记为泄漏。"),
    only_leaked: "Go 运行时在此只列出泄漏的 goroutine。",
    lower_bound: "转储被截断，数量为下限",
    stopped: |goroutines| format!("已停止，显示前 {goroutines} 个 goroutine。"),
    declared_differs: |declared| format!("转储声明共 {declared} 个 goroutine"),
    kpi_goroutines: "goroutine",
    kpi_groups: "分组",
    kpi_top_group: "首组占比",
    kpi_oldest: "最久等待",
    kpi_values: "数值",
    kpi_series: "序列",
    states: "goroutine 状态",
    all_states: |n| format!("全部 {n}"),
    other_states: |n| format!("其余 {n}，已放大"),
    category: |category| match category {
        Category::Running => "运行",
        Category::Runnable => "可运行",
        Category::ChanReceive => "通道接收",
        Category::ChanSend => "通道发送",
        Category::Chan => "通道",
        Category::Select => "select",
        Category::Lock => "锁",
        Category::Wait => "条件变量 / WaitGroup",
        Category::Io => "IO 等待",
        Category::Syscall => "系统调用",
        Category::Sleep => "休眠",
        Category::Runtime => "运行时",
        Category::Other => "其他",
    },
    filter_state: |state| format!("只显示{state}"),

    groups: "分组",
    n_of: |n, total| format!("{n} / {total}"),
    by_rank: "按排名",
    order_by_rank: "恢复排名顺序",
    column_count: "数量",
    column_share: "占比",
    column_frame: "首个用户帧，状态 → 叶子帧",
    column_created_by: "创建者",
    column_wait: "最长, p50",
    no_match: "没有匹配的分组。",
    matched: |groups, goroutines| format!("匹配 {groups} 个分组，{goroutines} 个 goroutine"),
    no_stack: "无堆栈",
    entry_point: "入口",
    row_name: |name| {
        let RowName { goroutines, percent, state, function, place, .. } = name;
        let oldest = name.oldest.map(|oldest| format!("，最久 {oldest}")).unwrap_or_default();
        let change = name.change.map(|change| format!("，{change}")).unwrap_or_default();
        format!("{goroutines} 个 goroutine，{percent}，{state}，{}{change}{oldest}", [*function, *place].join(" ").trim())
    },
    resize: "详情宽度",
    no_waits: "此格式没有等待时间",
    lacks,

    series: "随时间变化的数值",
    series_chart: |names, from, to| format!("{names} 的图表，从 {from} 到 {to}。下方表格列出全部数值。"),
    series_keys: "查看某一处的数值：用方向键、Page Up、Page Down、Home 和 End 移动",
    series_hidden: |n| format!("另有 {n} 个序列见表格"),
    axis: |axis| match axis {
        Axis::Clock => "UTC",
        Axis::Elapsed => "已运行",
        Axis::Line => "行号",
        Axis::Index => "序号",
    },
    at_clock: |time| format!("{time} UTC"),
    at_elapsed: |time| format!("启动后 {time}"),
    nth_line: |n| format!("第 {n} 行"),
    nth_value: |n| format!("第 {n} 个数值"),
    column_time: "时间",
    column_name: "名称",
    column_value: "数值",
    column_change: "变化",

    detail: "分组详情",
    back_to_groups: "分组",
    markdown: "Markdown",
    copy_markdown: "复制为 Markdown (y)",
    detail_views: "分组的视图",
    tab_stack: "堆栈",
    tab_goroutines: "goroutine",
    goroutines: |_| "个 goroutine",
    wait_p50_max: |p50, max| format!("等待 p50 {p50}，最长 {max}"),
    stack: "堆栈",
    origin_app: "应用粗体",
    origin_others: "依赖常规，标准库浅色",
    created_by: "创建者",
    no_creator: "此格式未记录",
    elided: "… Go 省略的帧 …",
    runtime_frames: |n| format!("{n} 个运行时帧"),
    inlined: "已内联",
    copy_place: |place| format!("复制 {place}"),
    go_states: "状态",
    wait_time: |n| format!("等待时间，{n} 个 goroutine"),
    bar_minutes: |n| format!("每格 {n} min"),
    histogram: |from, to| format!("等待时间直方图，{from} 到 {to}"),
    labels: "标签",
    parents: "启动者",
    goroutine: |goid| format!("goroutine {goid}"),
    not_in_dump: "不在此转储中",
    locked_to_thread: |n| format!("{n} 个锁定到线程"),
    leaked: |n| format!("{n} 个泄漏"),
    locked: "锁定到线程",
    column_id: "id",
    column_state: "状态",
    column_wait_one: "等待",
    column_parent: "父",
    column_labels: "标签",

    issues_lead: "未能理解的内容，或限制结论的内容。每个 goroutine 要么在分组中，要么列在此处。",
    no_issues: "没有问题：每个 goroutine 都已理解。",
    column_line: "行",
    column_kind: "类型",
    column_times: "次数",
    column_message: "所见内容",
    column_excerpt: "摘录",
    issue_kind: |kind| match kind {
        IssueKind::Truncated => "被截断",
        IssueKind::MalformedHeader => "头部格式错误",
        IssueKind::MalformedFrame => "帧格式错误",
        IssueKind::OrphanFrame => "孤立的帧",
        IssueKind::DuplicateGoroutine => "重复的 goroutine",
        IssueKind::StackUnavailable => "堆栈不可用",
        IssueKind::InterleavedText => "夹杂的文本",
        IssueKind::CountMismatch => "数量不符",
        IssueKind::UnsupportedProfile => "不支持的剖析文件",
        IssueKind::Unrecognized => "无法识别",
        IssueKind::InvalidCompression => "压缩数据损坏",
        IssueKind::TooLarge => "过大",
        IssueKind::EncryptedArchive => "加密的归档",
        IssueKind::SkippedArchiveEntry => "跳过的归档条目",
        IssueKind::Unsymbolized => "无符号名",
        IssueKind::OtherFormat => "略去另一格式",
        IssueKind::OverlongLine => "行过长",
    },
    issue_message,
    not_read: "未读取",
    not_read_lead: "未能从中读出转储的文件和归档条目。",
    not_read_why,
    look_at: |name| format!("查看 {name}"),
    how_read: "读取方式",
    from_line: |line| format!("从第 {line} 行起"),
    from_source: |source| format!("来自 {source}"),
    note_kind: |kind| match kind {
        NoteKind::Utf16 => "UTF-16",
        NoteKind::TerminalCodes => "终端控制码",
        NoteKind::CriPrefix => "容器运行时前缀",
        NoteKind::KubectlPrefix => "Pod 前缀",
        NoteKind::ComposePrefix => "服务前缀",
        NoteKind::TimestampPrefix => "时间戳",
        NoteKind::SyslogPrefix => "syslog 前缀",
        NoteKind::LogPrefix => "日志前缀",
        NoteKind::JsonRecords => "JSON 记录",
        NoteKind::EscapedText => "转义文本",
        NoteKind::Html => "HTML",
        NoteKind::Markdown => "Markdown",
        NoteKind::Table => "表格",
        NoteKind::HardWrap => "折断的行",
        NoteKind::NewestFirst => "最新在前",
        NoteKind::InferredState => "推断的状态",
        NoteKind::ChannelDirection => "通道方向",
        NoteKind::Delta => "差值",
        NoteKind::RaceReport => "竞态报告",
        NoteKind::OtherText => "其他文本",
    },
    note_message,

    failed: |name| format!("{name} 中没有 goroutine"),
    advice,
    unreadable: "浏览器无法读取此文件。",
    unreadable_todo: "选择之后文件可能已被移动、修改或锁定。请重新选择。",
    crashed: "读取器已停止工作，它内存中的转储已丢失。",
    crashed_todo: "新的读取器已启动，文件仍在。如果再次停在同一份转储，说明它对此标签页过大；请取更小的转储，或单独打开它。",
    broken: "此浏览器无法启动转储读取器。",
    broken_todo: "Stackherd 需要 WebAssembly 和 blob: 地址的 worker。请为本页面允许它们，或使用新版浏览器。",
    details: "详细信息",
    read_again: "重新读取",
    read_all_again: |n| format!("重新读取全部 {n} 份"),
    remove: "移除",
    reload_page: "重新加载页面",

    keys_title: "快捷键",
    keys_note: "在输入框中输入时，单字母快捷键不起作用。",
    key_filter: "转到筛选",
    key_move: "下一个、上一个分组",
    key_ends: "第一个、最后一个分组",
    key_open: "打开分组",
    key_views: "分组、对比、实例、阻塞于、创建者、问题",
    key_tree: "创建者：折叠或上移、展开或进入",
    key_escape: "依次：关闭、清除筛选、取消读取",
    key_dumps: "上一份、下一份转储",
    key_copy: "将分组复制为 Markdown",
    key_open_files: "打开文件、添加转储",
    key_paste: "粘贴转储",
    key_help: "全部快捷键",
    close: "关闭",

    n_values: |n| format!("{n} 个数值"),
    n_groups_goroutines: |groups, goroutines| format!("{groups} 个分组，{goroutines} 个 goroutine"),
    format: |format, crash| match (format, crash) {
        (Format::Traceback, None) => "debug=2 文本",
        (Format::Traceback, Some(CrashKind::Panic)) => "panic 输出",
        (Format::Traceback, Some(CrashKind::FatalError)) => "fatal error 输出",
        (Format::Traceback, Some(CrashKind::Signal)) => "信号输出",
        (Format::Counted, _) => "debug=1 文本",
        (Format::Profile, _) => "protobuf 剖析文件",
        (Format::Goleak, _) => "goleak 报告",
        (Format::Race, _) => "竞态报告",
        (Format::Delve, _) => "delve 列表",
        (Format::Gops, _) => "gops 列表",
        (Format::CounterLog, _) => "goroutine 计数",
    },
    leaked_only: "仅泄漏的 goroutine",
    parsed_in: |time| format!("读取用时 {time}"),
    memory: |size| format!("内存 {size}"),
    hint_move: "移动",
    hint_open: "打开",
    hint_filter: "筛选",
    hint_keys: "全部快捷键",
    hint_views: "再按字母切换视图",
    hint_open_files: "打开",
    copied_markdown: "已复制为 Markdown",
    copied: |text| format!("已复制 {text}"),
    copy_refused: "浏览器拒绝复制。请选中文本手动复制。",
    nothing_to_read: "其中没有文件，也没有文本。",
    could_not_read: |name, more| match more {
        0 => format!("无法读取 {name}，原因见“问题”。"),
        _ => format!("无法读取 {name} 和另外 {more} 个文件，原因见“问题”。"),
    },
    ready: |groups, goroutines| format!("就绪：{groups} 个分组，{goroutines} 个 goroutine"),

    findings: super::findings::ZH_CN,
};

fn counts(fact: &CountsFact<'_>) -> String {
    let CountsFact { name, first, highest, .. } = fact;
    let Some(last) = fact.last else { return format!("{name} 为 {first}") };
    let span = fact.span.map(|span| format!("在 {span} 内")).unwrap_or_default();
    format!("{name} {span}从 {first} 变为 {last}，最高 {highest}")
}

fn lacks(lacks: Lacks) -> String {
    let words = [(lacks.ids, "id"), (lacks.waits, "等待时间"), (lacks.creators, "创建者")];
    let words: Vec<&str> = words.into_iter().filter_map(|(is_lacking, word)| is_lacking.then_some(word)).collect();
    let list = match words.as_slice() {
        [first, second, third] => format!("{first}、{second}和{third}"),
        words => words.join("和"),
    };
    let space = if list.starts_with("id") { " " } else { "" };
    format!("此格式没有{space}{list}，请使用 debug=2。")
}

fn note_message(note: &Note) -> String {
    let n = thousands(note.count);
    match note.kind {
        NoteKind::Utf16 => "文本为 UTF-16，已解码。".to_owned(),
        NoteKind::TerminalCodes => format!("已从 {n} 行中去除终端颜色码。"),
        NoteKind::CriPrefix => format!("已从 {n} 行中去除容器运行时的日志前缀。"),
        NoteKind::KubectlPrefix => format!("已从 {n} 行中去除 Pod 名称。"),
        NoteKind::ComposePrefix => format!("已从 {n} 行中去除服务名称。"),
        NoteKind::TimestampPrefix => format!("已从 {n} 行中去除时间戳。"),
        NoteKind::SyslogPrefix => format!("已从 {n} 行中去除 syslog 前缀。"),
        NoteKind::LogPrefix => format!("已从 {n} 行中去除日志前缀。"),
        NoteKind::JsonRecords => format!("文本取自 {n} 条 JSON 记录。"),
        NoteKind::EscapedText => format!("已还原 {n} 行中转义的换行。"),
        NoteKind::Html => format!("已从 {n} 行中去除 HTML 标签和实体。"),
        NoteKind::Markdown => format!("已还原 {n} 行中的 Markdown 引用。"),
        NoteKind::Table => format!("文本取自 {n} 行的表格。"),
        NoteKind::HardWrap => format!("{n} 行曾被终端宽度折断，已重新接合。"),
        NoteKind::NewestFirst => format!("{n} 行原为倒序，已翻转。"),
        NoteKind::InferredState => format!("此格式不记录状态；{n} 个 goroutine 的状态由帧推断得出。"),
        NoteKind::ChannelDirection => format!("{n} 个 goroutine 正在进行通道操作，此格式不区分发送与接收；debug=2 可以区分。"),
        NoteKind::Delta => format!("此剖析文件记录两个时刻之间的差值；未显示已消失的 {n} 个 goroutine。"),
        NoteKind::RaceReport => format!("竞态检测器报告了 {n} 处竞态；此类报告列出的是内存访问，不是 goroutine。"),
        NoteKind::OtherText => format!("堆栈周围的其他文本已跳过：{n} 行。"),
    }
}

fn not_read_why(kind: IssueKind) -> Option<&'static str> {
    match kind {
        IssueKind::UnsupportedProfile => Some("这是其他类型的剖析文件，其中没有 goroutine。"),
        IssueKind::Unrecognized => Some("其中没有找到 goroutine。"),
        IssueKind::InvalidCompression => Some("压缩数据已损坏，无法解压；请重新获取文件。"),
        IssueKind::TooLarge => Some("超出了可读取的上限。"),
        IssueKind::EncryptedArchive => Some("归档已加密；请先用密码解压，再打开其中的文件。"),
        IssueKind::SkippedArchiveEntry => Some("此归档条目已跳过。"),
        IssueKind::Truncated => Some("数据不完整，在读到转储之前就已中断。"),
        IssueKind::MalformedHeader
        | IssueKind::MalformedFrame
        | IssueKind::OrphanFrame
        | IssueKind::DuplicateGoroutine
        | IssueKind::StackUnavailable
        | IssueKind::InterleavedText
        | IssueKind::CountMismatch
        | IssueKind::Unsymbolized
        | IssueKind::OtherFormat
        | IssueKind::OverlongLine => None,
    }
}

fn advice(kind: InputKind) -> Advice {
    let advice = |what, todo, command| Advice { what, todo, command };
    match kind {
        InputKind::Empty => advice("输入为空。", "请检查写出它的命令是否成功，然后重新获取：", TAKE),
        InputKind::ProtobufProfile => advice("这像是开头已损坏的 protobuf 剖析文件。", "请从同一进程获取 goroutine：", TAKE),
        InputKind::HeapProfile => {
            advice("这是堆或内存分配剖析文件，其中没有 goroutine。", "请从同一进程获取 goroutine：", TAKE)
        }
        InputKind::BlockProfile => {
            advice("这是阻塞剖析文件：记录过去在何处等待，而不是现在谁在等待。", "请从同一进程获取 goroutine：", TAKE)
        }
        InputKind::MutexProfile => {
            advice("这是互斥锁剖析文件：记录锁在何处发生争用，而不是现在谁在等待。", "请从同一进程获取 goroutine：", TAKE)
        }
        InputKind::ContentionProfile => {
            advice("这是阻塞或互斥锁剖析文件：记录过去在何处等待，而不是现在谁在等待。", "请从同一进程获取 goroutine：", TAKE)
        }
        InputKind::ThreadcreateProfile => {
            advice("这是线程创建剖析文件，其中是操作系统线程，不是 goroutine。", "请从同一进程获取 goroutine：", TAKE)
        }
        InputKind::CpuProfile => advice(
            "这是 CPU 剖析文件：记录什么在运行，而不是什么在等待。请用 go tool pprof 查看。",
            "请从同一进程获取 goroutine：",
            TAKE,
        ),
        InputKind::CustomProfile => {
            advice("这是其他类型的剖析文件，其中没有 goroutine。", "请从同一进程获取 goroutine：", TAKE)
        }
        InputKind::ExecutionTrace => {
            advice("这是执行跟踪，请用 go tool trace 查看。", "要查看现在卡住的 goroutine，请获取转储：", TAKE)
        }
        InputKind::PprofIndex => {
            advice("这是 /debug/pprof 的索引页，或其错误文本（例如 404）。", "请获取 goroutine，问号后面只写 debug=2：", TAKE)
        }
        InputKind::Html => advice("这是网页。可能是登录页或代理代替服务作了应答。", "请在服务所在处直接获取：", TAKE),
        InputKind::Archive => {
            advice("这是归档，但其中没有找到转储。", "请直接打包文本、.pb.gz 或日志，不要设密码。获取转储的方法：", TAKE)
        }
        InputKind::Compressed => {
            advice("这是以此处不支持的方式压缩的数据。", "请先解压，或使用 gzip、zstd、xz、bzip2、zip 或 tar。", None)
        }
        InputKind::Image => advice("这是图片。", "请以文本获取转储：", TAKE),
        InputKind::Executable => advice("这是程序本身，不是它的输出。", "请运行它，并对运行中的进程获取转储：", TAKE),
        InputKind::Binary => advice("这些字节不是文本。", "请以文本获取转储：", TAKE),
        InputKind::Text => advice(
            "这是文本，但没有形如 “goroutine 1 [running]:” 的行。",
            "需要 debug=1 或 debug=2 文本、goroutine .pb.gz、崩溃输出，或包含它们的日志。请获取转储：",
            TAKE,
        ),
    }
}

fn issue_message(issue: &Issue, summary: &DumpSummary) -> String {
    let n = thousands(issue.count);
    let offset = issue.offset_bytes.map(thousands).unwrap_or_default();
    match issue.kind {
        IssueKind::Truncated if summary.stopped => format!("读取在第 {offset} 字节处停止。数量为下限；重新打开即可读完。"),
        IssueKind::Truncated => {
            let place = issue.goid.map_or_else(|| "goroutine 头部".to_owned(), |goid| format!("goroutine {goid}"));
            format!("转储在 {place} 中、第 {offset} 字节处被截断。数量为下限；请用更大的缓冲区重新获取，或保存完整响应。")
        }
        IssueKind::MalformedHeader => format!("{n} 行看似 goroutine 头部但无法解析，未计为 goroutine。"),
        IssueKind::MalformedFrame => format!("{n} 个调用后面没有文件和行号，已从堆栈中略去。"),
        IssueKind::OrphanFrame => format!("{n} 个文件行前面没有调用，已从堆栈中略去。"),
        IssueKind::DuplicateGoroutine => format!("{n} 个 goroutine 在后面的段落中重复列出，只计一次；保留有堆栈的条目。"),
        IssueKind::StackUnavailable => format!("Go 无法打印 {n} 个正在运行的 goroutine 的堆栈；它们计入总数但没有帧。"),
        IssueKind::InterleavedText => format!("堆栈中夹杂的 {n} 行其他文本已跳过；其前后的堆栈是完整的。"),
        IssueKind::InvalidCompression => format!("压缩数据在 {offset} 字节文本之后中断或损坏。数量为下限；请重新获取文件。"),
        IssueKind::CountMismatch => match summary.dump.declared_goroutines {
            Some(declared) => format!(
                "转储声明共 {} 个 goroutine，实际读到 {} 个；它可能不完整或被编辑过。",
                thousands(declared),
                thousands(summary.dump.goroutines)
            ),
            None => issue.message.clone(),
        },
        IssueKind::Unsymbolized => {
            format!("{n} 个帧只有地址，没有函数名。请从运行中的进程获取剖析文件，或用 go tool pprof 加上符号。")
        }
        IssueKind::OtherFormat => {
            "输入中还有另一种格式的同一批 goroutine，已略去以免重复计数；要读取它，请另存为单独的文件。".to_owned()
        }
        IssueKind::OverlongLine => format!("{n} 行过长，已截短。请保留转储的换行另存。"),
        IssueKind::UnsupportedProfile
        | IssueKind::Unrecognized
        | IssueKind::TooLarge
        | IssueKind::EncryptedArchive
        | IssueKind::SkippedArchiveEntry => issue.message.clone(),
    }
}
