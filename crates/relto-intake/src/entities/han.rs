//! Chinese bodies that say what they are by their last word: 汉江战略研究院, 云杉微电子.
//!
//! From the last word back over Chinese words to the nearest sign, small word or verb that begins a name anew. The list of
//! verbs is short, so a name may come out with a word too many where another verb stands before it.

use super::{Document, Found, named};
use crate::chinese::script::is_han;
use crate::gazetteer::EntityType;
use crate::span::TextSpan;

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
        let span = TextSpan::new(from, segment.to);
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
