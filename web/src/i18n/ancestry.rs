//! Words of the tree of creation sites.

/// Where the most goroutines were started.
#[derive(Debug)]
pub(crate) struct SiteFact<'a> {
    pub(crate) goroutines: &'a str,
    pub(crate) total: &'a str,
    pub(crate) percent: &'a str,
    /// Marked as code.
    pub(crate) place: &'a str,
}

/// How many creators are gone: of the goroutines of the largest site, and of all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GoneFact<'a> {
    pub(crate) gone: &'a str,
    pub(crate) of: &'a str,
    pub(crate) percent: &'a str,
    pub(crate) all_gone: &'a str,
    pub(crate) all: &'a str,
    pub(crate) all_percent: &'a str,
}

/// What one row of the tree says in one sentence.
#[derive(Debug)]
pub(crate) struct SiteName<'a> {
    /// Function and file.
    pub(crate) site: &'a str,
    pub(crate) subtree: &'a str,
    pub(crate) goroutines: &'a str,
    /// `None` when the dump has no parents.
    pub(crate) gone: Option<&'a str>,
    pub(crate) oldest: Option<&'a str>,
}

/// The texts of the view.
#[derive(Debug)]
pub(crate) struct AncestryTexts {
    pub(crate) tab: &'static str,
    pub(crate) loading: &'static str,
    pub(crate) headline: fn(&SiteFact<'_>) -> String,
    pub(crate) gone: fn(&GoneFact<'_>) -> String,
    pub(crate) no_parents: &'static str,
    pub(crate) no_creators: &'static str,
    pub(crate) no_creators_why: &'static str,
    /// How many are listed of how many.
    pub(crate) cut: fn(&str, &str) -> String,

    pub(crate) sites: &'static str,
    pub(crate) open_all: &'static str,
    pub(crate) close_all: &'static str,
    pub(crate) open_group: &'static str,
    pub(crate) column_subtree: &'static str,
    pub(crate) subtree_why: &'static str,
    pub(crate) column_started: &'static str,
    pub(crate) column_gone: &'static str,
    pub(crate) gone_why: &'static str,
    pub(crate) column_oldest: &'static str,
    pub(crate) column_site: &'static str,
    pub(crate) no_creator: &'static str,
    pub(crate) row_name: fn(&SiteName<'_>) -> String,
    /// How many sites, for the last line of the page.
    pub(crate) status: fn(&str) -> String,
}

pub(super) const EN: AncestryTexts = AncestryTexts {
    tab: "Created by",
    loading: "Looking for who started whom",
    headline: |fact| {
        let SiteFact { goroutines, total, percent, place } = fact;
        let were = if *goroutines == "1" { "was" } else { "were" };
        format!("{goroutines} of {total} goroutines ({percent}) {were} started at {place}")
    },
    gone: |fact| {
        let GoneFact { gone, of, percent, all_gone, all, all_percent } = fact;
        if *all_gone == "0" {
            return "Every goroutine that started others is still in the dump.".to_owned();
        }
        let here = match *gone {
            "0" => "Whoever started them is still in the dump.".to_owned(),
            gone if gone == *of => "Whoever started them is gone.".to_owned(),
            gone => format!("The goroutine that started them is gone for {gone} ({percent})."),
        };
        format!("{here} In the whole dump, the creators of {all_gone} of {all} ({all_percent}) are gone.")
    },
    no_parents: "This dump does not name the goroutines that started others, so sites stand side by side and no chain can be shown. Go prints \u{1}in goroutine N\u{1} behind \u{1}created by\u{1} from Go 1.21 on, in debug=2 text and crash output.",
    no_creators: "This dump does not say who started its goroutines",
    no_creators_why: "Only debug=2 text and crash output have \u{1}created by\u{1} lines; chains need Go 1.21, which adds \u{1}in goroutine N\u{1}. Take debug=2 for those.",
    cut: |listed, all| format!("Listed are the first {listed} of {all} sites."),

    sites: "Creation sites",
    open_all: "Open all",
    close_all: "Close all",
    open_group: "Open the largest group started here",
    column_subtree: "Subtree",
    subtree_why: "Goroutines started here, and all that descend from them",
    column_started: "Started here",
    column_gone: "Creator gone",
    gone_why: "Goroutines started here whose creator is not in the dump any more",
    column_oldest: "Oldest",
    column_site: "Started at",
    no_creator: "no creator: main, and the runtime's own",
    row_name: |name| {
        let SiteName { site, subtree, goroutines, .. } = name;
        let gone = name.gone.map(|gone| format!(", creator gone for {gone}")).unwrap_or_default();
        let oldest = name.oldest.map(|oldest| format!(", oldest {oldest}")).unwrap_or_default();
        format!("{site}: {subtree} with descendants, {goroutines} started here{gone}{oldest}")
    },
    status: |n| if n == "1" { "1 creation site".to_owned() } else { format!("{n} creation sites") },
};

pub(super) const ZH_CN: AncestryTexts = AncestryTexts {
    tab: "创建者",
    loading: "正在查找谁启动了谁",
    headline: |fact| {
        let SiteFact { goroutines, total, percent, place } = fact;
        format!("{total} 个 goroutine 中有 {goroutines} 个（{percent}）由 {place} 启动")
    },
    gone: |fact| {
        let GoneFact { gone, of, percent, all_gone, all, all_percent } = fact;
        if *all_gone == "0" {
            return "所有启动者仍在此转储中。".to_owned();
        }
        let here = match *gone {
            "0" => "启动它们的 goroutine 仍在此转储中。".to_owned(),
            gone if gone == *of => "启动它们的 goroutine 均已消失。".to_owned(),
            gone => format!("其中 {gone} 个（{percent}）的启动者已消失。"),
        };
        format!("{here}整份转储中，{all} 个里有 {all_gone} 个（{all_percent}）的启动者已消失。")
    },
    no_parents: "此转储未记录启动者是哪个 goroutine，因此各启动位置并列，无法显示启动链。Go 1.21 起，debug=2 文本和崩溃输出才在 \u{1}created by\u{1} 之后打印 \u{1}in goroutine N\u{1}。",
    no_creators: "此转储未记录谁启动了其中的 goroutine",
    no_creators_why: "只有 debug=2 文本和崩溃输出有 \u{1}created by\u{1} 行；启动链还需要 Go 1.21 增加的 \u{1}in goroutine N\u{1}。请使用 debug=2。",
    cut: |listed, all| format!("仅列出 {all} 个启动位置中的前 {listed} 个。"),

    sites: "启动位置",
    open_all: "全部展开",
    close_all: "全部折叠",
    open_group: "打开在此启动的最大分组",
    column_subtree: "含后代",
    subtree_why: "在此启动的 goroutine 及其全部后代",
    column_started: "在此启动",
    column_gone: "启动者已消失",
    gone_why: "在此启动、但启动者已不在转储中的 goroutine",
    column_oldest: "最久",
    column_site: "启动位置",
    no_creator: "无启动者：main 和运行时自身",
    row_name: |name| {
        let SiteName { site, subtree, goroutines, .. } = name;
        let gone = name.gone.map(|gone| format!("，{gone} 个的启动者已消失")).unwrap_or_default();
        let oldest = name.oldest.map(|oldest| format!("，最久 {oldest}")).unwrap_or_default();
        format!("{site}：含后代 {subtree} 个 goroutine，在此启动 {goroutines} 个{gone}{oldest}")
    },
    status: |n| format!("{n} 个启动位置"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_creators_that_are_gone_are_told_in_whole_and_in_part() {
        let fact = GoneFact { gone: "90", of: "100", percent: "90%", all_gone: "95", all: "200", all_percent: "47.5%" };
        assert_eq!(
            (EN.gone)(&fact),
            "The goroutine that started them is gone for 90 (90%). In the whole dump, the creators of 95 of 200 (47.5%) are gone."
        );
        let fact = GoneFact { gone: "100", ..fact };
        assert!((EN.gone)(&fact).starts_with("Whoever started them is gone."));
        let fact = GoneFact { gone: "0", ..fact };
        assert_eq!((EN.gone)(&GoneFact { all_gone: "0", ..fact }), "Every goroutine that started others is still in the dump.");
        assert!((ZH_CN.gone)(&fact).starts_with("启动它们的 goroutine 仍在此转储中。"));
    }
}
