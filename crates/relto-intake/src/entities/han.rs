//! Chinese bodies that say what they are by their last word: 汉江战略研究院, 云杉微电子.
//!
//! From the last word back over Chinese words to the nearest sign, small word or verb that begins a name anew. The list of
//! verbs is short, so a name may come out with a word too many where another verb stands before it.

use super::{Document, Found, Meaning, named};
use crate::chinese::script::is_han;
use crate::gazetteer::EntityType;
use crate::span::{Taken, TextSpan};
use std::collections::BTreeMap;

/// Last words, with what they name.
const LAST: [(&str, EntityType); 43] = [
    ("研究院", EntityType::Organisation),
    ("研究所", EntityType::Organisation),
    ("研究中心", EntityType::Organisation),
    ("中心", EntityType::Organisation),
    ("大学", EntityType::Organisation),
    ("学院", EntityType::Organisation),
    ("实验室", EntityType::Organisation),
    ("委员会", EntityType::Organisation),
    ("理事会", EntityType::Organisation),
    ("工作组", EntityType::Organisation),
    ("小组", EntityType::Organisation),
    ("论坛", EntityType::Event),
    ("协会", EntityType::Organisation),
    ("基金会", EntityType::Organisation),
    ("基金", EntityType::Instrument),
    ("公司", EntityType::Organisation),
    ("集团", EntityType::Organisation),
    ("机械厂", EntityType::Organisation),
    ("造船厂", EntityType::Organisation),
    ("船厂", EntityType::Organisation),
    ("工厂", EntityType::Organisation),
    ("电子", EntityType::Organisation),
    ("微电子", EntityType::Organisation),
    ("科技", EntityType::Organisation),
    ("重工", EntityType::Organisation),
    ("精密", EntityType::Organisation),
    ("半导体", EntityType::Organisation),
    ("银行", EntityType::Organisation),
    ("司令部", EntityType::Organisation),
    ("国防部", EntityType::Organisation),
    ("外交部", EntityType::Organisation),
    ("商务部", EntityType::Organisation),
    ("经济部", EntityType::Organisation),
    ("政府", EntityType::Organisation),
    ("议会", EntityType::Organisation),
    ("联盟", EntityType::Organisation),
    ("组织", EntityType::Organisation),
    ("局", EntityType::Organisation),
    ("计划", EntityType::Programme),
    ("条约", EntityType::Document),
    ("公约", EntityType::Document),
    ("备忘录", EntityType::Document),
    ("演习", EntityType::Event),
];
/// Bodies that their last word alone does not name.
const NEVER_ALONE_CHARACTERS: usize = 2;
/// Words at which a name begins anew.
const STOPS: &str = "和 与 及 以及 或 的 在 由 是 为 将 了 向 对 从 于 以 被 把 称 等 有 并 就 到 据 该 如 其 而 但 也 又 还 已 曾 不 没 没有 正在 包括 关于 利用 通过 成立 设立 建立 参加 加入 退出 发布 签署 支持 反对 制裁 资助 供应 提供 出售 采购 合作 竞争 位于 隶属于 隶属 属于 领导 负责 主办 举办 开发 研制 研发 共同 联合 宣布 表示 认为 指出 说 否认 证实 批准 同意 要求 计划 打算 希望 邀请 访问 会见 列入 一个 一家 两个 三个 多个 各 每 这 那 这个 那个 本 某 新 旧 大型 小型 国有 民间 其中 一名 一位 专业 有关 相关 当地 所有 全部 部分 附近 郊区 用 给 让 使 比 跟 同 至 自 之 所 则 即 因 因此 此外 随后 目前 现在 今年 去年 明年 成员 伙伴 国家 其他 由于 根据 作为 成为 进行 开展 展开 来自 涉及 涵盖 加强 推动 扩大 公开 最大 主要 重要 不同 许多 一些 几家 数家 大量 没 非 个 家 项 名 座 所";

/// Characters that stand for states, and which of them are named together: 中美, 日韩.
const STATES: [(char, &str); 14] = [
    ('中', "China"),
    ('美', "United States"),
    ('日', "Japan"),
    ('韩', "South Korea"),
    ('俄', "Russia"),
    ('英', "United Kingdom"),
    ('法', "France"),
    ('德', "Germany"),
    ('印', "India"),
    ('澳', "Australia"),
    ('乌', "Ukraine"),
    ('台', "Taiwan"),
    ('荷', "Netherlands"),
    ('加', "Canada"),
];
const PAIRS: &str = "中美 美中 中日 日中 中韩 韩中 中俄 俄中 中英 英中 中法 法中 中德 德中 中印 印中 中澳 澳中 中荷 中加 日韩 韩日 日美 美日 美韩 韩美 美俄 俄美 美英 英美 美法 法美 德法 法德 美印 印美 美澳 澳美 美台 台美 美荷 美加 加美 俄乌 乌俄 日印 日澳 日英 英日 日台 台日 英法 法英 英德 德英 英澳 澳英 日荷 荷日 韩荷 荷韩 中台 美日韩 中日韩 美英澳 英法德 法德英 美日荷 美日印澳 中美日 中美俄 美日澳";

/// States that stand together by one character each, also apart by a comma (美、韩之间).
pub(super) fn pairs(document: &Document<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let text = document.text;
    let state = |at: usize| text.get(at..).and_then(|rest| rest.chars().next()).and_then(|c| STATES.iter().find(|(known, _)| *known == c));
    let mut at = 0;
    while let Some(from) =
        text.get(at..).and_then(|rest| rest.find(|c| STATES.iter().any(|(known, _)| *known == c))).map(|skipped| at + skipped)
    {
        let mut places = Vec::new();
        let mut end = from;
        while let Some((c, name)) = state(end) {
            places.push((end, *c, *name));
            end += c.len_utf8();
            if text.get(end..).is_some_and(|rest| rest.starts_with('、')) && state(end + '、'.len_utf8()).is_some() {
                end += '、'.len_utf8();
            }
        }
        let together: String = places.iter().map(|(_, c, _)| *c).collect();
        let is_word = PAIRS.split(' ').any(|pair| pair == together) && is_apart(document, TextSpan::new(from, end));
        if is_word {
            found.extend(
                places
                    .iter()
                    .map(|(at, c, name)| Found { span: TextSpan::new(*at, at + c.len_utf8()), meaning: named(name, EntityType::Place) }),
            );
        }
        at = end.max(from + text.get(from..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    }
    found
}

/// Whether words begin at `span` and behind it, so that no longer word goes over its ends.
fn is_apart(document: &Document<'_>, span: TextSpan) -> bool {
    let segments = document.segments;
    let crosses = |at: usize| {
        let holding = segments.partition_point(|segment| segment.to <= at);
        segments.get(holding).is_some_and(|segment| segment.from < at)
    };
    !crosses(span.from) && !crosses(span.to)
}

/// 第四届论坛 is the forum and its number.
fn without_ordinal(text: &str, span: TextSpan) -> TextSpan {
    let name = text.get(span.range()).unwrap_or_default();
    let behind = name.strip_prefix('第').and_then(|rest| rest.split_once(['届', '次', '轮', '期'])).map(|(_, behind)| behind);
    behind.map_or(span, |behind| TextSpan::new(span.to - behind.len(), span.to))
}

/// Last words of names that stand alone for them: 国防部 for 加拿大国防部. Others do only behind 该 or 本.
const SHORT: &str = "国防部 外交部 商务部 经济部 财政部 内政部 研究院 研究所 研究中心 中心 学院 委员会 理事会 工作组 小组 论坛 协会 基金会 基金 司令部 集团 联盟 协定 条例 法案 公约 条约 宣言 备忘录 清单 演习 实验室";
const SHORT_BEHIND_THIS: &str = "计划 项目 倡议 安排 报告 战略 协议 组织 公司 大学 系统 指令 规则 声明 机制 会议 平台 网络";
const SHORT_MAX: usize = 200;

/// Short forms of the names in `found`, apart from them: each means the nearest earlier name that ends with it.
pub(super) fn short_forms(document: &Document<'_>, found: &[Found]) -> Vec<Found> {
    let mut taken: Taken = found.iter().map(|name| name.span).collect();
    let mut by_word: BTreeMap<&str, Vec<(usize, &Meaning)>> = BTreeMap::new();
    for name in found {
        let text = document.text.get(name.span.range()).unwrap_or_default();
        let ends = |word: &&str| text.len() > word.len() && text.ends_with(word);
        let word = SHORT.split(' ').chain(SHORT_BEHIND_THIS.split(' ')).filter(ends).max_by_key(|word| word.len());
        if let Some(word) = word.filter(|_| matches!(name.meaning, Meaning::One(_)) && by_word.len() < SHORT_MAX) {
            by_word.entry(word).or_default().push((name.span.to, &name.meaning));
        }
    }
    let mut again = Vec::new();
    for (word, names) in by_word {
        for (at, _) in document.text.match_indices(word) {
            let span = TextSpan::new(at, at + word.len());
            let earlier = names.partition_point(|(to, _)| *to <= at).checked_sub(1).and_then(|at| names.get(at));
            if let Some((_, meaning)) = earlier.filter(|_| stands_alone(document, span, word))
                && taken.take(span)
            {
                again.push(Found { span, meaning: (*meaning).clone() });
            }
        }
    }
    again
}

/// Whether no word before or behind makes another name of it.
fn stands_alone(document: &Document<'_>, span: TextSpan, word: &str) -> bool {
    let segments = document.segments;
    let Ok(at) = segments.binary_search_by_key(&span.from, |segment| segment.from) else { return false };
    let ends = segments.binary_search_by_key(&span.to, |segment| segment.to).is_ok();
    let before = at.checked_sub(1).and_then(|at| segments.get(at)).map_or("", |segment| segment.word);
    let is_this = matches!(before, "该" | "本" | "这一" | "此");
    let opens = before.is_empty() || !before.chars().all(is_han) || STOPS.split(' ').any(|stop| stop == before);
    let behind = document.text.get(span.to..).unwrap_or_default();
    // 基金会 is no 基金.
    let goes_on = ["会", "长", "员", "司", "们", "化"].iter().any(|c| behind.starts_with(c));
    ends && !goes_on && (is_this || opens && SHORT.split(' ').any(|short| short == word))
}

/// Every body in the document.
pub(super) fn bodies(document: &Document<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, segment) in document.segments.iter().enumerate() {
        let Some((_, kind)) = LAST.iter().filter(|(last, _)| segment.word.ends_with(last)).max_by_key(|(last, _)| last.len()) else {
            continue;
        };
        let before = document.segments.get(..at).unwrap_or_default();
        let words = before
            .iter()
            .rev()
            .take(5)
            .take_while(|segment| segment.word.chars().all(is_han) && !STOPS.split(' ').any(|stop| stop == segment.word));
        let from = words.last().map_or(segment.from, |first| first.from);
        let span = without_ordinal(document.text, TextSpan::new(from, segment.to));
        let name = document.text.get(span.range()).unwrap_or_default();
        let own = LAST.iter().filter(|(last, _)| segment.word.ends_with(last)).map(|(last, _)| last.chars().count()).max().unwrap_or(0);
        // 比利时计划加入: a country that plans something, and no plan of that name.
        let owner = name.strip_suffix("计划").is_some_and(|owner| !document.gazetteer.meanings(owner).is_empty());
        if name.chars().count() >= own + NEVER_ALONE_CHARACTERS && !owner {
            found.push(Found { span, meaning: named(name, *kind) });
        }
    }
    found
}
