//! The words that say what relation holds, and those that deny, plan or attribute it, by their beginnings.
//!
//! In lower case and simplified characters; in spaced scripts a cue begins at the start of a word.

use crate::gazetteer::EntityType;

/// What kind of thing may stand at one end; no kinds means any.
type Kinds = &'static [EntityType];

const ANY: Kinds = &[];
/// What a name is may be a guess, and the guess is an organisation.
const PERSON: Kinds = &[EntityType::Person, EntityType::Organisation];
const BODY: Kinds = &[EntityType::Organisation, EntityType::Programme, EntityType::Event];
const ACTOR: Kinds = &[EntityType::Organisation, EntityType::Place, EntityType::Person, EntityType::Programme];
const TEXT: Kinds = &[EntityType::Instrument, EntityType::Document, EntityType::Programme];
const CLUB: Kinds = &[EntityType::Organisation, EntityType::Instrument, EntityType::Programme];
const SHARED: Kinds = &[
    EntityType::Programme,
    EntityType::Event,
    EntityType::Instrument,
    EntityType::Organisation,
    EntityType::Capability,
    EntityType::Document,
];

/// A relation with its cues.
pub(super) struct Predicate {
    pub(super) name: &'static str,
    pub(super) cues: &'static str,
    pub(super) subject: Kinds,
    pub(super) object: Kinds,
    /// Whether it holds both ways, so that `A and B compete` says it.
    pub(super) mutual: bool,
}

const fn one_way(name: &'static str, subject: Kinds, object: Kinds, cues: &'static str) -> Predicate {
    Predicate { name, cues, subject, object, mutual: false }
}

/// Cues are apart by `|`; `_` stands for a space.
pub(super) const PREDICATES: [Predicate; 16] = [
    one_way("signed", ACTOR, TEXT, "sign|unterzeichne|signé|signer|signe_|signent|подпис|підпис|签署|签订"),
    one_way(
        "withdrew-from",
        ACTOR,
        SHARED,
        "withdr|quit_|ausgetreten|zurückgezogen|zurückziehen|verlassen|quitté|quitte|retiré|se_retir|вышл|вышел|выйти|вышла|выход|покинул|вийш|вийти|покину|退出",
    ),
    one_way(
        "founded",
        ACTOR,
        SHARED,
        "founded|found_|set_up|established|gegründet|gründete|fondé|créé|основан|основал|учрежд|создал|создан|заснов|заснув|створ|成立|设立|创立|创建",
    ),
    one_way("funds", ACTOR, ANY, "fund|financ|pays_for|finanzier|финансир|профинанс|фінансу|профінанс|资助|拨款|出资"),
    one_way(
        "supplies",
        ACTOR,
        ACTOR,
        "suppl|deliver|sells|sold_|liefer|beliefer|fournit|fourni|livre|поставля|поставил|поставит|поставк|постача|供应|供货|出售",
    ),
    one_way(
        "leads",
        PERSON,
        BODY,
        "head_of|heads|director|leads|led_by|leitet|leiter|direktor|dirige|directeur|directrice|président|руковод|возглав|глава|директор|очол|керів|голова|president_of|总经理|院长|主任|局长|部长|所长|董事长",
    ),
    one_way(
        "works-for",
        PERSON,
        BODY,
        "researcher|spokes|works_for|sprecher|forscher|chercheu|porte-parole|представитель|сотрудни|аналитик|речни|аналітик|дослідни|研究员|发言人",
    ),
    one_way("member-of", ACTOR, CLUB, "member|belong|mitglied|gehört|membre|член|является_участни|成员"),
    one_way(
        "participates-in",
        ACTOR,
        SHARED,
        "join|participat|take_part|takes_part|beteilig|beitreten|beigetreten|beitritt|teilnehm|teilgenommen|nimmt_an|rejoin|particip|присоедин|участв|участие|приєдн|бере_участь|брати_участь|бере|加入|参加|参与",
    ),
    one_way("sanctions", ACTOR, ACTOR, "sanction|sanktion|санкци|санкці|制裁|列入"),
    one_way("develops", ACTOR, SHARED, "develop|entwickel|développ|разрабат|разработ|розроб|研发|研制|开发"),
    one_way("adopted", ACTOR, TEXT, "adopt|verabschied|angenommen|принял|принима|ухвал|прийня|通过"),
    one_way("hosts", ACTOR, SHARED, "host|ausgericht|richtet|accueill|принимал|приймал|проводит|举办|承办|主办"),
    one_way("part-of", SHARED, SHARED, "part_of|teil_|fait_partie|входит|частью|входить|частиною|隶属"),
    Predicate {
        name: "competes-with",
        cues: "compet|rival|konkurr|concurren|disput|конкур|竞争",
        subject: ACTOR,
        object: ACTOR,
        mutual: true,
    },
    Predicate {
        name: "cooperates-with",
        cues: "cooperat|work_with|works_with|zusammenarbeit|arbeitet_mit|kooper|coopèr|coopér|сотруднич|співпрац|合作",
        subject: ACTOR,
        object: ACTOR,
        mutual: true,
    },
];

/// Cues of joining: whoever joins a body is its member, whoever joins anything else takes part.
pub(super) const JOINING: &str = "join|beitreten|beigetreten|beitritt|rejoin|присоедин|приєдн|加入";

/// Between a body or place and the place it is in.
pub(super) const INSIDE: [&str; 22] = [
    " in ",
    ", ",
    " (",
    " à ",
    " en ",
    " в ",
    " у ",
    " во ",
    " у місті ",
    " в городе ",
    " near ",
    " bei ",
    " of ",
    ", in ",
    ", à ",
    " de ",
    " im ",
    "的总部位于",
    "位于",
    "总部设在",
    "总部位于",
    " aus ",
];

/// Right before a cue, or between subject and cue: it is not so.
pub(super) const DENIED: [&str; 27] = [
    "not",
    "n't",
    "never",
    "no longer",
    "denies",
    "denied",
    "nicht",
    "kein",
    "weder",
    "nie",
    "n'",
    "n’",
    "ne ",
    "pas ",
    "jamais",
    "dément",
    "nie ",
    "не",
    "ни",
    "отрица",
    "опроверг",
    "заперечу",
    "没有",
    "不",
    "未",
    "否认",
    "并非",
];
/// It is to be so.
pub(super) const PLANNED: [&str; 44] = [
    "will",
    "intend",
    "plan",
    "wants",
    "hopes",
    "expect",
    "would",
    "is to",
    "are to",
    "aims",
    "soll",
    "sollen",
    "wird",
    "werden",
    "will",
    "wollen",
    "beabsichtig",
    "möchte",
    "entend",
    "prévoi",
    "va ",
    "vont ",
    "compte",
    "souhaite",
    "devrait",
    "a l'intention",
    "намерен",
    "планиру",
    "будет",
    "будут",
    "собира",
    "хочет",
    "готовит",
    "має намір",
    "мають намір",
    "плану",
    "буде",
    "збира",
    "хоче",
    "计划",
    "打算",
    "将",
    "拟",
    "预计",
];
/// Somebody says so.
pub(super) const ATTRIBUTED: [&str; 48] = [
    "said",
    "says",
    "according to",
    "claims",
    "claimed",
    "reported",
    "reports",
    "told",
    "alleg",
    "sagte",
    "laut",
    "zufolge",
    "nach angaben",
    "erklärte",
    "behauptet",
    "berichtet",
    "selon",
    "affirme",
    "d'après",
    "d’après",
    "déclar",
    "assure",
    "prétend",
    "по словам",
    "по данным",
    "заявил",
    "сообщил",
    "сообщает",
    "утвержда",
    "как пишет",
    "пишет",
    "за словами",
    "за даними",
    "заявив",
    "заявила",
    "повідом",
    "стверджу",
    "пише",
    "称",
    "表示",
    "认为",
    "据报道",
    "据悉",
    "声称",
    "指出",
    "透露",
    "rumeur",
    "gerücht",
];
/// The subject stands behind.
pub(super) const PASSIVE_BEHIND: [&str; 8] = ["by", "von", "vom", "durch", "par", "компанией", "компанією", "заводом"];
