//! Words of the view of instances.

use crate::model::{CellValue, InstanceOrder};

/// What one cell says in one sentence.
#[derive(Debug)]
pub(crate) struct CellName<'a> {
    pub(crate) instance: &'a str,
    pub(crate) group: &'a str,
    pub(crate) goroutines: &'a str,
    /// How many times the median, with the sign; `None` when the median is less than one goroutine.
    pub(crate) ratio: Option<&'a str>,
    pub(crate) median: &'a str,
    pub(crate) is_outlier: bool,
    pub(crate) is_missing: bool,
}

/// What the name of a row says in one sentence.
#[derive(Debug)]
pub(crate) struct FleetRowName<'a> {
    pub(crate) group: &'a str,
    pub(crate) state: &'a str,
    pub(crate) median: &'a str,
    /// Names and numbers of instances in which it stands out.
    pub(crate) outliers: &'a str,
    /// Names of instances without it.
    pub(crate) missing: &'a str,
}

/// Words of the view.
#[derive(Debug)]
pub(crate) struct FleetTexts {
    pub(crate) tab: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) matrix: &'static str,
    pub(crate) no_match: &'static str,

    /// How many dumps there are, below three.
    pub(crate) too_few_title: &'static str,
    pub(crate) too_few_why: &'static str,
    pub(crate) series_title: &'static str,
    pub(crate) series_why: &'static str,
    pub(crate) as_fleet: &'static str,
    pub(crate) as_series: &'static str,
    pub(crate) as_series_why: &'static str,

    /// What the colours of the legend stand for.
    pub(crate) legend: fn(CellValue) -> &'static str,
    pub(crate) cell: &'static str,
    pub(crate) cell_value: fn(CellValue) -> &'static str,
    pub(crate) order: &'static str,
    pub(crate) order_name: fn(InstanceOrder) -> &'static str,
    pub(crate) names: &'static str,
    pub(crate) names_why: &'static str,
    pub(crate) names_use: &'static str,
    pub(crate) names_invalid: fn(&str) -> String,

    pub(crate) column_group: &'static str,
    pub(crate) column_median: &'static str,
    pub(crate) sort_by_name: &'static str,
    pub(crate) sort_by_median: &'static str,
    pub(crate) total: &'static str,
    pub(crate) logarithmic: &'static str,
    pub(crate) cell_name: fn(&CellName<'_>) -> String,
    pub(crate) row_name: fn(&FleetRowName<'_>) -> String,
    /// Name, goroutines, and groups that stand out, of an instance.
    pub(crate) instance_name: fn(&str, &str, u32) -> String,
    pub(crate) n_shown: fn(&str) -> String,

    /// The instance in the lower pane.
    pub(crate) against_median: fn(&str) -> String,
    pub(crate) also_differ: &'static str,
    pub(crate) odd_list: &'static str,
    pub(crate) open_dump: &'static str,
    pub(crate) open_group_in: fn(&str) -> String,
    pub(crate) like_the_median: &'static str,
    /// How many groups are listed of how many.
    pub(crate) first_groups: fn(&str, &str) -> String,
    pub(crate) column_here: &'static str,
    pub(crate) column_ratio: &'static str,
    pub(crate) ratio_note: &'static str,
    pub(crate) missing: &'static str,
    /// Median and deviation of the group in the lower pane.
    pub(crate) spread: fn(&str, &str) -> String,
    pub(crate) back_to_instance: fn(&str) -> String,
    pub(crate) by_instance: &'static str,
    pub(crate) others_have: fn(&str) -> String,
    /// Dumps, groups and goroutines, for the last line of the page.
    pub(crate) status: fn(&str, &str, &str) -> String,
}

pub(super) const EN: FleetTexts = FleetTexts {
    tab: "Fleet",
    loading: "Comparing the instances",
    matrix: "Groups by instances",
    no_match: "No group matches.",
    too_few_title: "An odd one out needs at least three instances",
    too_few_why: "Of two dumps that differ, either may be the odd one. Add dumps of other instances of the service, taken at about the same time. To see how these two differ, use the Compare view.",
    series_title: "These dumps are compared in time",
    series_why: "They seem to be of one instance, one after the other; the Compare view shows what changed. If each is of another instance, compare them side by side.",
    as_fleet: "Treat as fleet",
    as_series: "Treat as series",
    as_series_why: "Compare the dumps in the order of time instead",
    legend: |value| match value {
        CellValue::Ratio => "of median",
        CellValue::Count => "goroutines",
        CellValue::Share => "of the instance",
    },
    cell: "Cell",
    cell_value: |value| match value {
        CellValue::Ratio => "× median",
        CellValue::Count => "Count",
        CellValue::Share => "Share",
    },
    order: "Order of instances",
    order_name: |order| match order {
        InstanceOrder::Oddest => "Outliers first",
        InstanceOrder::Name => "Name",
        InstanceOrder::Total => "Total",
    },
    names: "Names",
    names_why: "Names of instances: a regular expression over the name of the dump; its first group is the name, or all it matches. Empty: told from paths, file names and labels.",
    names_use: "Use",
    names_invalid: |why| format!("Not a regular expression: {why}"),
    column_group: "Group, top user frame",
    column_median: "median",
    sort_by_name: "Sort groups by name",
    sort_by_median: "Sort groups by median",
    total: "Total goroutines",
    logarithmic: "log",
    cell_name: |cell| {
        let CellName { instance, group, goroutines, median, .. } = cell;
        let many = if *goroutines == "1" { "goroutine" } else { "goroutines" };
        let ratio = cell
            .ratio
            .map_or_else(|| format!("median {median}"), |ratio| format!("{} times the median", ratio.trim_end_matches('×')));
        let mark = match (cell.is_outlier, cell.is_missing) {
            (true, _) => ", outlier",
            (_, true) => ", missing here",
            _ => "",
        };
        format!("{instance}, {group}: {goroutines} {many}, {ratio}{mark}")
    },
    row_name: |row| {
        let FleetRowName { group, state, median, outliers, missing } = row;
        let outliers = if outliers.is_empty() { String::new() } else { format!(", stands out in {outliers}") };
        let missing = if missing.is_empty() { String::new() } else { format!(", missing in {missing}") };
        format!("{group}, {state}, median {median}{outliers}{missing}")
    },
    instance_name: |name, goroutines, outliers| {
        let many = if goroutines == "1" { "goroutine" } else { "goroutines" };
        match outliers {
            0 => format!("{name}: {goroutines} {many}"),
            1 => format!("{name}: {goroutines} {many}, 1 group stands out"),
            n => format!("{name}: {goroutines} {many}, {n} groups stand out"),
        }
    },
    n_shown: |groups| if groups == "1" { "1 group".to_owned() } else { format!("{groups} groups") },
    against_median: |name| format!("{name} against the median instance"),
    also_differ: "also differ:",
    odd_list: "Instances that differ",
    open_dump: "Open dump",
    open_group_in: |name| format!("Open in {name}"),
    like_the_median: "No group of it differs from the median.",
    first_groups: |listed, all| format!("The first {listed} of {all} groups that differ."),
    column_here: "here",
    column_ratio: "ratio",
    ratio_note: "Bars are logarithmic multiples of the median.",
    missing: "missing",
    spread: |median, deviation| format!("median {median} ± {deviation}"),
    back_to_instance: |name| format!("Back to {name}"),
    by_instance: "Goroutines by instance",
    others_have: |n| if n == "1" { "and 1 more instance".to_owned() } else { format!("and {n} more instances") },
    status: |dumps, groups, goroutines| format!("{dumps} dumps, {groups} groups, {goroutines} goroutines"),
};

pub(super) const ZH_CN: FleetTexts = FleetTexts {
    tab: "实例",
    loading: "正在对比各实例",
    matrix: "各实例的分组",
    no_match: "没有匹配的分组。",
    too_few_title: "至少需要三个实例才能判断谁异常",
    too_few_why: "两份转储有差异时，任何一份都可能是异常的那份。请再加入同一服务其他实例在相近时间的转储。要看这两份有何不同，请用“对比”视图。",
    series_title: "这些转储正按时间先后对比",
    series_why: "它们看来先后取自同一实例，变化见“对比”视图。若各自取自不同实例，可并列对比。",
    as_fleet: "按多实例对比",
    as_series: "按时间序列对比",
    as_series_why: "改为按时间先后对比这些转储",
    legend: |value| match value {
        CellValue::Ratio => "相对中位数",
        CellValue::Count => "个 goroutine",
        CellValue::Share => "占该实例",
    },
    cell: "单元格",
    cell_value: |value| match value {
        CellValue::Ratio => "× 中位数",
        CellValue::Count => "数量",
        CellValue::Share => "占比",
    },
    order: "实例顺序",
    order_name: |order| match order {
        InstanceOrder::Oddest => "异常优先",
        InstanceOrder::Name => "名称",
        InstanceOrder::Total => "总数",
    },
    names: "命名",
    names_why: "实例名称：作用于转储名称的正则表达式，取第一个捕获组，没有则取全部匹配。留空则依据路径、文件名和标签。",
    names_use: "应用",
    names_invalid: |why| format!("不是有效的正则表达式：{why}"),
    column_group: "分组（最上层用户帧）",
    column_median: "中位数",
    sort_by_name: "按名称排列分组",
    sort_by_median: "按中位数排列分组",
    total: "goroutine 总数",
    logarithmic: "对数",
    cell_name: |cell| {
        let CellName { instance, group, goroutines, median, .. } = cell;
        let ratio = cell
            .ratio
            .map_or_else(|| format!("中位数 {median}"), |ratio| format!("中位数的 {} 倍", ratio.trim_end_matches('×')));
        let mark = match (cell.is_outlier, cell.is_missing) {
            (true, _) => "，异常",
            (_, true) => "，此处缺失",
            _ => "",
        };
        format!("{instance}，{group}：{goroutines} 个 goroutine，{ratio}{mark}")
    },
    row_name: |row| {
        let FleetRowName { group, state, median, outliers, missing } = row;
        let outliers = if outliers.is_empty() { String::new() } else { format!("，在 {outliers} 中突出") };
        let missing = if missing.is_empty() { String::new() } else { format!("，{missing} 中缺失") };
        format!("{group}，{state}，中位数 {median}{outliers}{missing}")
    },
    instance_name: |name, goroutines, outliers| match outliers {
        0 => format!("{name}：{goroutines} 个 goroutine"),
        n => format!("{name}：{goroutines} 个 goroutine，{n} 个分组突出"),
    },
    n_shown: |groups| format!("{groups} 个分组"),
    against_median: |name| format!("{name} 与中位实例对比"),
    also_differ: "其他差异：",
    odd_list: "有差异的实例",
    open_dump: "打开转储",
    open_group_in: |name| format!("在 {name} 中打开"),
    like_the_median: "它的各分组与中位数没有差异。",
    first_groups: |listed, all| format!("共 {all} 个有差异的分组，列出前 {listed} 个。"),
    column_here: "此实例",
    column_ratio: "倍数",
    ratio_note: "条形为相对中位数的倍数（对数刻度）。",
    missing: "缺失",
    spread: |median, deviation| format!("中位数 {median} ± {deviation}"),
    back_to_instance: |name| format!("返回 {name}"),
    by_instance: "各实例的 goroutine",
    others_have: |n| format!("另有 {n} 个实例"),
    status: |dumps, groups, goroutines| format!("{dumps} 份转储，{groups} 个分组，{goroutines} 个 goroutine"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_cell_says_whose_what_and_how_odd() {
        let cell = CellName {
            instance: "pod07",
            group: "cart.Refresh",
            goroutines: "128",
            ratio: Some("128×"),
            median: "1",
            is_outlier: true,
            is_missing: false,
        };
        assert_eq!((EN.cell_name)(&cell), "pod07, cart.Refresh: 128 goroutines, 128 times the median, outlier");
        assert_eq!((ZH_CN.cell_name)(&cell), "pod07，cart.Refresh：128 个 goroutine，中位数的 128 倍，异常");
        let none = CellName { goroutines: "1", ratio: None, median: "0", is_outlier: false, ..cell };
        assert_eq!((EN.cell_name)(&none), "pod07, cart.Refresh: 1 goroutine, median 0");
    }

    #[test]
    fn ok_a_row_says_where_it_is_odd() {
        let row = FleetRowName { group: "main.push", state: "IO wait", median: "48", outliers: "", missing: "2xkt5" };
        assert_eq!((EN.row_name)(&row), "main.push, IO wait, median 48, missing in 2xkt5");
        let row = FleetRowName { outliers: "pod07 128", missing: "", ..row };
        assert_eq!((ZH_CN.row_name)(&row), "main.push，IO wait，中位数 48，在 pod07 128 中突出");
    }
}
