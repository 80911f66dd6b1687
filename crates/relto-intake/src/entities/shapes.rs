//! Names that say what they are: titles in 《》, bodies by their first or last word, persons by the role beside them.

use super::{Document, Found, named};
use crate::dates::ShapeError;
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use crate::text::{Language, language};
use regex::Regex;

/// Last characters of Chinese names, with what they name; the longest that fits counts.
const CHINESE_ENDINGS: [(&str, EntityType); 65] = [
    ("卫星", EntityType::Capability),
    ("无人机", EntityType::Capability),
    ("雷达", EntityType::Capability),
    ("平台", EntityType::Capability),
    ("芯片", EntityType::Capability),
    ("潜艇", EntityType::Capability),
    ("护卫舰", EntityType::Capability),
    ("战机", EntityType::Capability),
    ("机器人", EntityType::Capability),
    ("模型", EntityType::Capability),
    ("软件", EntityType::Capability),
    ("论坛", EntityType::Event),
    ("实验室", EntityType::Organisation),
    ("中心", EntityType::Organisation),
    ("协会", EntityType::Organisation),
    ("工程", EntityType::Programme),
    ("行动", EntityType::Event),
    ("指南", EntityType::Document),
    ("路线图", EntityType::Document),
    ("法案", EntityType::Document),
    ("条例", EntityType::Document),
    ("宣言", EntityType::Document),
    ("公约", EntityType::Document),
    ("条约", EntityType::Document),
    ("协定", EntityType::Document),
    ("协议", EntityType::Document),
    ("和谈", EntityType::Document),
    ("备忘录", EntityType::Document),
    ("法", EntityType::Document),
    ("规则", EntityType::Document),
    ("指令", EntityType::Document),
    ("清单", EntityType::Instrument),
    ("安排", EntityType::Document),
    ("战略", EntityType::Document),
    ("计谋", EntityType::Document),
    ("报告", EntityType::Document),
    ("演讲", EntityType::Document),
    ("白皮书", EntityType::Document),
    ("计划", EntityType::Programme),
    ("项目", EntityType::Programme),
    ("加速器", EntityType::Programme),
    ("倡议", EntityType::Programme),
    ("基金", EntityType::Instrument),
    ("组织", EntityType::Organisation),
    ("委员会", EntityType::Organisation),
    ("理事会", EntityType::Organisation),
    ("研究院", EntityType::Organisation),
    ("研究所", EntityType::Organisation),
    ("大学", EntityType::Organisation),
    ("学院", EntityType::Organisation),
    ("司令部", EntityType::Organisation),
    ("国防部", EntityType::Organisation),
    ("公司", EntityType::Organisation),
    ("集团", EntityType::Organisation),
    ("联盟", EntityType::Organisation),
    ("局", EntityType::Organisation),
    ("部", EntityType::Organisation),
    ("小组", EntityType::Organisation),
    ("伙伴关系", EntityType::Organisation),
    ("会议", EntityType::Event),
    ("峰会", EntityType::Event),
    ("演习", EntityType::Event),
    ("系统", EntityType::Capability),
    ("导弹", EntityType::Capability),
    ("飞机", EntityType::Capability),
];

/// Beginnings of words of spaced names, with what they name; the first that fits counts.
const SPACED_WORDS: &[(&str, EntityType)] = &[
    ("меморандум", EntityType::Document),
    ("протокол", EntityType::Document),
    ("декларац", EntityType::Document),
    ("конвенц", EntityType::Document),
    ("соглашени", EntityType::Document),
    ("договор", EntityType::Document),
    ("форум", EntityType::Event),
    ("саммит", EntityType::Event),
    ("саміт", EntityType::Event),
    ("Словарь", EntityType::Document),
    ("Словник", EntityType::Document),
    ("университет", EntityType::Organisation),
    ("університет", EntityType::Organisation),
    ("Министерств", EntityType::Organisation),
    ("Міністерств", EntityType::Organisation),
    ("Агентств", EntityType::Organisation),
    ("Агенці", EntityType::Organisation),
    ("Институт", EntityType::Organisation),
    ("Інститут", EntityType::Organisation),
    ("Центр", EntityType::Organisation),
    ("Фонд", EntityType::Instrument),
    ("Служб", EntityType::Organisation),
    ("Programme", EntityType::Programme),
    ("Program", EntityType::Programme),
    ("Project", EntityType::Programme),
    ("Projekt", EntityType::Programme),
    ("Projet", EntityType::Programme),
    ("Accelerator", EntityType::Programme),
    ("Exercise", EntityType::Event),
    ("Summit", EntityType::Event),
    ("Gipfel", EntityType::Event),
    ("Sommet", EntityType::Event),
    ("Conference", EntityType::Event),
    ("Konferenz", EntityType::Event),
    ("Act", EntityType::Document),
    ("Treaty", EntityType::Document),
    ("Agreement", EntityType::Document),
    ("Arrangement", EntityType::Document),
    ("Convention", EntityType::Document),
    ("Directive", EntityType::Document),
    ("Regulation", EntityType::Document),
    ("Declaration", EntityType::Document),
    ("Memorandum", EntityType::Document),
    ("Vertrag", EntityType::Document),
    ("Abkommen", EntityType::Document),
    ("Accord", EntityType::Document),
    ("Traité", EntityType::Document),
    ("Report", EntityType::Document),
    ("Strategy", EntityType::Document),
    ("Bericht", EntityType::Document),
    ("Strategie", EntityType::Document),
    ("Ministry", EntityType::Organisation),
    ("Department", EntityType::Organisation),
    ("Agency", EntityType::Organisation),
    ("Institute", EntityType::Organisation),
    ("University", EntityType::Organisation),
    ("Council", EntityType::Organisation),
    ("Commission", EntityType::Organisation),
    ("Committee", EntityType::Organisation),
    ("Authority", EntityType::Organisation),
    ("Centre", EntityType::Organisation),
    ("Center", EntityType::Organisation),
    ("Office", EntityType::Organisation),
    ("Organization", EntityType::Organisation),
    ("Organisation", EntityType::Organisation),
    ("Fund", EntityType::Instrument),
    ("Bank", EntityType::Organisation),
    ("Command", EntityType::Organisation),
    ("Ministère", EntityType::Organisation),
    ("Agence", EntityType::Organisation),
    ("Institut", EntityType::Organisation),
    ("Université", EntityType::Organisation),
    ("Universität", EntityType::Organisation),
    ("Conseil", EntityType::Organisation),
    ("Comité", EntityType::Organisation),
    ("Bundes", EntityType::Organisation),
    ("Ministerium", EntityType::Organisation),
    ("Agentur", EntityType::Organisation),
    ("Kommission", EntityType::Organisation),
    ("Zentrum", EntityType::Organisation),
    ("GmbH", EntityType::Organisation),
    ("Robotics", EntityType::Organisation),
    ("Technologies", EntityType::Organisation),
    ("Systems", EntityType::Organisation),
    ("Contract", EntityType::Document),
    ("Vereinbarung", EntityType::Document),
    ("Code", EntityType::Document),
    ("Understanding", EntityType::Document),
    ("Statement", EntityType::Document),
    ("Framework", EntityType::Document),
    ("Standard", EntityType::Document),
    ("Plan", EntityType::Programme),
    ("Pool", EntityType::Programme),
    ("Coalition", EntityType::Organisation),
    ("Consortium", EntityType::Organisation),
    ("Battalion", EntityType::Organisation),
    ("Brigade", EntityType::Organisation),
    ("Regiment", EntityType::Organisation),
    ("Directorate", EntityType::Organisation),
    ("Taskforce", EntityType::Organisation),
    ("Semiconductor", EntityType::Organisation),
    ("Semiconductors", EntityType::Organisation),
    ("Electronics", EntityType::Organisation),
    ("Microelectronics", EntityType::Organisation),
    ("Optics", EntityType::Organisation),
    ("Photonics", EntityType::Organisation),
    ("Software", EntityType::Organisation),
    ("Analytics", EntityType::Organisation),
    ("Shipyard", EntityType::Organisation),
    ("Holding", EntityType::Organisation),
    ("Holdings", EntityType::Organisation),
    ("Partners", EntityType::Organisation),
    ("Solutions", EntityType::Organisation),
    ("SE", EntityType::Organisation),
    ("KG", EntityType::Organisation),
    ("SAS", EntityType::Organisation),
    ("Arbeitskreis", EntityType::Organisation),
    ("Arbeitsgruppe", EntityType::Organisation),
    ("Bündnis", EntityType::Organisation),
    ("Weißbuch", EntityType::Document),
    ("Rahmenvertrag", EntityType::Document),
    ("Leitfaden", EntityType::Document),
    ("Feuille", EntityType::Document),
    ("Livre", EntityType::Document),
    ("Observatoire", EntityType::Organisation),
    ("Direction", EntityType::Organisation),
    ("Положени", EntityType::Document),
    ("Стратеги", EntityType::Document),
    ("Стратегі", EntityType::Document),
    ("Закон", EntityType::Document),
    ("Кодекс", EntityType::Document),
    ("Доклад", EntityType::Document),
    ("Доповід", EntityType::Document),
    ("Договір", EntityType::Document),
    ("Угод", EntityType::Document),
    ("Правил", EntityType::Document),
    ("Харті", EntityType::Document),
    ("Харт", EntityType::Document),
    ("Учени", EntityType::Event),
    ("Навчан", EntityType::Event),
    ("Коалици", EntityType::Organisation),
    ("Коаліці", EntityType::Organisation),
    ("Совет", EntityType::Organisation),
    ("Лаборатори", EntityType::Organisation),
    ("Лабораторі", EntityType::Organisation),
    ("Департамент", EntityType::Organisation),
    ("Pact", EntityType::Document),
    ("Pacte", EntityType::Document),
    ("Pakt", EntityType::Document),
    ("Charter", EntityType::Document),
    ("Charta", EntityType::Document),
    ("Charte", EntityType::Document),
    ("Protocol", EntityType::Document),
    ("Protokoll", EntityType::Document),
    ("Protocole", EntityType::Document),
    ("Guidelines", EntityType::Document),
    ("Leitlinien", EntityType::Document),
    ("Roadmap", EntityType::Document),
    ("Règlement", EntityType::Document),
    ("Loi", EntityType::Document),
    ("Gesetz", EntityType::Document),
    ("Verordnung", EntityType::Document),
    ("Richtlinie", EntityType::Document),
    ("Erklärung", EntityType::Document),
    ("Déclaration", EntityType::Document),
    ("Übereinkommen", EntityType::Document),
    ("Хартия", EntityType::Document),
    ("Хартія", EntityType::Document),
    ("Пакт", EntityType::Document),
    ("Положение", EntityType::Document),
    ("Положення", EntityType::Document),
    ("Регламент", EntityType::Document),
    ("Меморандум", EntityType::Document),
    ("Декларац", EntityType::Document),
    ("Конвенц", EntityType::Document),
    ("Протокол", EntityType::Document),
    ("Forum", EntityType::Event),
    ("Exercice", EntityType::Event),
    ("Übung", EntityType::Event),
    ("Congress", EntityType::Event),
    ("Kongress", EntityType::Event),
    ("Congrès", EntityType::Event),
    ("Dialogue", EntityType::Event),
    ("Conférence", EntityType::Event),
    ("Конференц", EntityType::Event),
    ("Конгресс", EntityType::Event),
    ("Форум", EntityType::Event),
    ("Саммит", EntityType::Event),
    ("Саміт", EntityType::Event),
    ("Initiative", EntityType::Programme),
    ("Programm", EntityType::Programme),
    ("Network", EntityType::Programme),
    ("Netzwerk", EntityType::Programme),
    ("Réseau", EntityType::Programme),
    ("Программа", EntityType::Programme),
    ("Програма", EntityType::Programme),
    ("Инициатив", EntityType::Programme),
    ("Ініціатив", EntityType::Programme),
    ("Проект", EntityType::Programme),
    ("Проєкт", EntityType::Programme),
    ("Fonds", EntityType::Instrument),
    ("Mechanism", EntityType::Instrument),
    ("Mechanismus", EntityType::Instrument),
    ("Mécanisme", EntityType::Instrument),
    ("Facility", EntityType::Instrument),
    ("Механизм", EntityType::Instrument),
    ("Механізм", EntityType::Instrument),
    ("Alliance", EntityType::Organisation),
    ("Association", EntityType::Organisation),
    ("Bureau", EntityType::Organisation),
    ("Corporation", EntityType::Organisation),
    ("Company", EntityType::Organisation),
    ("Group", EntityType::Organisation),
    ("Gruppe", EntityType::Organisation),
    ("Groupe", EntityType::Organisation),
    ("Konzern", EntityType::Organisation),
    ("Ltd", EntityType::Organisation),
    ("Inc", EntityType::Organisation),
    ("Corp", EntityType::Organisation),
    ("LLC", EntityType::Organisation),
    ("AG", EntityType::Organisation),
    ("Industries", EntityType::Organisation),
    ("Dynamics", EntityType::Organisation),
    ("Aerospace", EntityType::Organisation),
    ("Laboratory", EntityType::Organisation),
    ("Laboratories", EntityType::Organisation),
    ("Labs", EntityType::Organisation),
    ("Trust", EntityType::Instrument),
    ("Foundation", EntityType::Organisation),
    ("Stiftung", EntityType::Organisation),
    ("Fondation", EntityType::Organisation),
    ("Society", EntityType::Organisation),
    ("Gesellschaft", EntityType::Organisation),
    ("Verband", EntityType::Organisation),
    ("Navy", EntityType::Organisation),
    ("Army", EntityType::Organisation),
    ("Academy", EntityType::Organisation),
    ("Akademie", EntityType::Organisation),
    ("Académie", EntityType::Organisation),
    ("College", EntityType::Organisation),
    ("Hochschule", EntityType::Organisation),
    ("Parliament", EntityType::Organisation),
    ("Parlement", EntityType::Organisation),
    ("Parlament", EntityType::Organisation),
    ("Senate", EntityType::Organisation),
    ("Bundestag", EntityType::Organisation),
    ("Werke", EntityType::Organisation),
    ("Werft", EntityType::Organisation),
    ("Streitkräfte", EntityType::Organisation),
    ("Академи", EntityType::Organisation),
    ("Академі", EntityType::Organisation),
    ("Парламент", EntityType::Organisation),
    ("Бюро", EntityType::Organisation),
    ("Альянс", EntityType::Organisation),
    ("Ассоциаци", EntityType::Organisation),
    ("Асоціаці", EntityType::Organisation),
    ("Комиссия", EntityType::Organisation),
    ("Комісія", EntityType::Organisation),
    ("Комитет", EntityType::Organisation),
    ("Комітет", EntityType::Organisation),
    ("Управлени", EntityType::Organisation),
    ("Управлінн", EntityType::Organisation),
];

/// Roles and verbs beside which a person is named.
const ROLES: &str = r"said|says|Minister|President|Chancellor|Director|Secretary|Ambassador|Professor|General|Admiral|Colonel|spokeswoman|spokesman|Mr|Mrs|général|colonel|amiral|Beauftragter|Generalmajorin|Ms|Dr|Dame|Sir|sagte|erklärte|Ministerin|Präsident|Präsidentin|Direktor|Direktorin|Professorin|Sprecher|Sprecherin|Generalsekretär|Abgeordnete|Abgeordneter|ministre|président|présidente|directeur|directrice|porte-parole|Mme|M|député|députée|министр|президент|директор|заявил|заявила|сказал|сказала|профессор|генерал|представитель|міністр|міністерка|президентка|директорка|заявив|сказав|професор|професорка|речник|речниця";
const ROLES_BEHIND: &str = r"chair|deputy|\p{L}*[Ll]eiterin|\p{L}*leiter|\p{L}*chefin|\p{L}*chef|Sprecherin|Professorin|Vorsitzende|Präsidentin|Direktorin|sous-direct|chef|cheffe|adjoint|научн|начальни|эксперт|експерт|заместител|заступни|председател|советни|радни|аналити|аналіти|director|minister|president|head|chief|professor|researcher|a spokes|the spokes|secretary|ambassador|Direktor|Leiter|Ministerin|Minister|Sprecher|Professor|Präsident|directeur|directrice|ministre|présidente?|porte-parole|chercheu|professeur|директор|министр|руководител|глава|профессор|директорка|міністр|керівни|професор|голова|очільни";
const CHINESE_ROLES: &str =
    "记者|研究员|总经理|部长|教授|副主任|主任|副总经理|委员|发言人|总统|总理|主席|院长|董事长|大使|将军|司令|秘书长|局长|议员|研究生|专家";
const SURNAMES: &str = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文";

#[derive(Debug)]
pub(super) struct Shapes {
    title: Regex,
    spaced: Regex,
    person: Regex,
    person_behind: Regex,
    chinese_person: Regex,
    chinese_quoted: Regex,
    chinese_speaker: Regex,
    chinese_author: Regex,
}

impl Shapes {
    pub(super) fn new() -> Result<Self, ShapeError> {
        let word = r"\p{Lu}[\p{L}\d]*(?:[-'’]\p{L}+)*";
        let name = r"(?P<name>\p{Lu}\p{Ll}+(?:-\p{L}+)?(?: (?:de |van |von |der )?\p{Lu}\p{Ll}+(?:-\p{L}+)?){1,2})";
        Ok(Self {
            title: Regex::new(r"《(?P<name>[^《》\n]{2,60})》(?:[（(](?P<other>\p{Latin}[\p{Latin}\d\s,&'’.\-–]{2,140})[)）])?")?,
            spaced: Regex::new(&format!(
                r"{word}(?: (?:of |for |and |on |the |de la |de l'|de |du |des |et |für |über |zu |zur |zum |und |der )*{word})+"
            ))?,
            person: Regex::new(&format!(r"(?:^|[^\p{{L}}])(?:{ROLES})\.? {name}"))?,
            person_behind: Regex::new(&format!(r"{name}, (?:the |a |an |der |die |le |la )?(?:\p{{Ll}}+ )?(?:{ROLES_BEHIND})"))?,
            chinese_quoted: Regex::new(r"[“「『](?P<name>\p{Han}{2,14})[”」』]")?,
            chinese_speaker: Regex::new(&format!(
                r"(?:^|[，。；：、\n　\s据由和与])(?P<name>[{SURNAMES}]\p{{Han}}{{1,2}}?)(?:委员|先生|女士|教授)?(?:说|称|表示|认为|指出|介绍|反映|透露|强调|告诉|撰文|写道|补充|询问|答复|主持|解释)"
            ))?,
            chinese_author: Regex::new(&format!(
                r"(?:作者|记者|撰文|编辑|文|主持人|发言人)[：:　\s/／](?P<name>[{SURNAMES}]\p{{Han}}{{1,2}})(?:[，。；、（(\s　]|$)"
            ))?,
            chinese_person: Regex::new(&format!(
                r"(?:{CHINESE_ROLES})(?P<name>[{SURNAMES}]\p{{Han}}{{1,2}}?)(?:[，、。：；,（(\s]|和|说|称|表示|认为|指出|告诉|介绍|撰文|强调|主持|反映|透露|补充|担任|出任|带领|宣布|签署|致辞|发言|出席|答复|领导|$)"
            ))?,
        })
    }

    pub(super) fn find(&self, document: &Document<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        for captures in self.title.captures_iter(document.text) {
            let Some(name) = captures.name("name") else { continue };
            let title = {
                let kind = kind_by_words(name.as_str()).filter(|kind| *kind != EntityType::Organisation).unwrap_or(EntityType::Document);
                let kind = if kind == EntityType::Programme { EntityType::Document } else { kind };
                place(name, kind)
            };
            found.extend(
                captures
                    .name("other")
                    .map(|other| Found { span: TextSpan::new(other.start(), other.end()), meaning: title.meaning.clone() }),
            );
            found.push(title);
        }
        let quoted = self.chinese_quoted.captures_iter(document.text).filter_map(|captures| captures.name("name"));
        found.extend(quoted.filter_map(|name| Some(place(name, kind_by_words(name.as_str())?))));
        let speakers = self.chinese_speaker.captures_iter(document.text).filter_map(|captures| captures.name("name"));
        found.extend(speakers.filter(|name| !is_common_word(document, name.as_str())).map(|name| place(name, EntityType::Person)));
        for pattern in [&self.chinese_person, &self.chinese_author, &self.person, &self.person_behind] {
            let names = pattern.captures_iter(document.text).filter_map(|captures| captures.name("name"));
            found.extend(names.map(|name| {
                let title = super::proper::title_bytes(name.as_str());
                let person = name.as_str().get(title..).unwrap_or_default();
                // `Jane Doe von X`: the first two words are a whole name.
                let person = person.split_once(" von ").map(|(before, _)| before).filter(|before| before.contains(' ')).unwrap_or(person);
                placed(person, name.start() + title, EntityType::Person)
            }));
        }
        let is_german = language(document.text) == Language::German;
        let bodies =
            self.spaced.find_iter(document.text).flat_map(|name| parted(name.as_str(), name.start())).filter_map(|(from, name)| {
                let (from, name) = trimmed(document, from, name, is_german);
                let kind = kind_by_words(name)?;
                // German capitals say nothing: there the word that tells what it is must be the one that the rest belongs to.
                let found = placed(name, from, kind);
                let text = document.text.get(found.span.range())?;
                (!is_german || is_german_body(text)).then_some(found)
            });
        found.extend(bodies.filter(|body| !body.span.is_empty()));
        found
    }
}

/// Whether what looks like a Chinese name is a listed name, or ends as nouns do that speak (公司方, 国家).
fn is_common_word(document: &Document<'_>, name: &str) -> bool {
    const NOUNS: [char; 16] = ['方', '国', '部', '家', '司', '界', '府', '局', '院', '会', '者', '们', '厂', '所', '军', '此'];
    !document.gazetteer.meanings(name).is_empty() || name.ends_with(NOUNS)
}

/// The names in a run of capitalised words with small words between, each with where it begins: an article begins another name (`… and the …`), and
/// what stands before `of the` is no part of a name that only begins there (`Jane Doe of the Institute`).
fn parted(run: &str, from: usize) -> Vec<(usize, &str)> {
    const PARTING: [&str; 13] = [
        " and the ",
        " et la ",
        " et le ",
        " et les ",
        " und der ",
        " und die ",
        " und das ",
        " und dem ",
        " und den ",
        " on the ",
        " for the ",
        " of the ",
        " of ",
    ];
    for part in PARTING {
        let Some((before, behind)) = run.split_once(part) else { continue };
        let is_joint = part.starts_with(" and") || part.starts_with(" et") || part.starts_with(" und");
        let parts = if is_joint { kind_by_words(behind).is_some() } else { kind_by_words(before).is_none() && is_whole(before, behind) };
        if parts {
            let mut names = parted(before, from);
            names.extend(parted(behind, from + before.len() + part.len()));
            return names;
        }
    }
    vec![(from, run)]
}

/// A name without the state before it (`Испания Словарь`), without a German noun that only stands behind it, and without the place of a company.
fn trimmed<'n>(document: &Document<'_>, from: usize, name: &'n str, is_german: bool) -> (usize, &'n str) {
    let skipped = super::proper::opener_bytes(name);
    let (from, name) = (from + skipped, name.get(skipped..).unwrap_or_default());
    const COMPANIES: &str = "Semiconductor Semiconductors Electronics Optics Photonics Software Analytics Robotics Technologies Systems Dynamics Aerospace Industries Labs Ltd Inc Corp Solutions Partners Holdings Microelectronics";
    let is_known = |word: &str| !document.gazetteer.meanings(word).is_empty();
    if let Some((first, behind)) =
        name.split_once(' ').filter(|(first, _)| first.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}')) && is_known(first))
    {
        return (from + first.len() + 1, behind);
    }
    if let Some((before, place)) = name.rsplit_once(" of ").filter(|(_, place)| is_known(place)) {
        let last = before.rsplit(' ').next().unwrap_or_default();
        if !place.contains(' ') && COMPANIES.split(' ').any(|company| company == last) {
            return (from, before);
        }
    }
    // `Мощность Центра`: a noun before the noun of a name belongs to the sentence.
    if let Some((first, head)) =
        name.split_once(' ').filter(|(first, head)| !head.contains(' ') && first.starts_with(|c| matches!(c, '\u{400}'..='\u{4ff}')))
    {
        const ADJECTIVES: [&str; 26] = [
            "ый", "ий", "ой", "ая", "яя", "ое", "ее", "ого", "его", "ому", "ему", "ым", "им", "ую", "юю", "ій", "а", "ої", "ою", "у", "их",
            "ых", "ие", "ые", "і", "ими",
        ];
        if !ADJECTIVES.iter().any(|ending| first.ends_with(ending)) {
            return (from + name.len() - head.len(), "");
        }
    }
    if let Some((_, own)) =
        name.split_once(' ').filter(|(first, own)| is_german && super::proper::is_german_noun(first) && own.starts_with(char::is_uppercase))
    {
        return (from + name.len() - own.len(), own);
    }
    // `das Institut X` is called X.
    if let Some((_, own)) =
        name.split_once(' ').filter(|(first, own)| is_german && matches!(*first, "Institut" | "Konzern" | "Gruppe") && !own.contains(' '))
    {
        return (from + name.len() - own.len(), own);
    }
    let known = name
        .rsplit_once(' ')
        .filter(|(before, _)| is_german && before.contains(" der ") && before.rsplit(' ').next().is_some_and(is_known));
    known.map_or((from, name), |(before, _)| (from, before))
}

/// Whether the words of a German name up to the first small one say what it is; a compound alone says so only of an authority.
fn is_german_body(name: &str) -> bool {
    const AUTHORITIES: [&str; 8] = ["ministerium", "ministeriums", "kommando", "kommandos", "ausschuss", "rat", "rats", "rates"];
    let head = head(name);
    let is_compound = !head.contains(' ')
        && kind_by_end(head).is_some()
        && !SPACED_WORDS.iter().any(|(known, _)| head.split('-').any(|word| word == *known));
    kind_by_words(head).is_some() && (!is_compound || AUTHORITIES.iter().any(|end| head.ends_with(end)) || head.starts_with("Bundes"))
}

/// Whether the words before `of` look like a person, and those behind it like a body.
fn is_whole(before: &str, behind: &str) -> bool {
    let words = before.split(' ').count();
    (2..=3).contains(&words) && before.split(' ').all(|word| word.starts_with(char::is_uppercase)) && kind_by_words(behind).is_some()
}

fn place(name: regex::Match<'_>, kind: EntityType) -> Found {
    placed(name.as_str(), name.start(), kind)
}

fn placed(text: &str, from: usize, kind: EntityType) -> Found {
    let article = super::proper::opener_bytes(text);
    let span = TextSpan::new(from + article, from + text.len());
    Found { span, meaning: named(text.get(article..).unwrap_or(text), kind) }
}

/// A name up to the first small word in it.
fn head(name: &str) -> &str {
    let small = name.split(' ').take_while(|word| !word.starts_with(char::is_lowercase)).map(|word| word.len() + 1).sum::<usize>();
    name.get(..small.saturating_sub(1)).unwrap_or(name)
}

/// What a name says it is.
pub(super) fn kind_by_words(name: &str) -> Option<EntityType> {
    let chinese = CHINESE_ENDINGS.iter().filter(|(ending, _)| name.ends_with(ending)).max_by_key(|(ending, _)| ending.len());
    if let Some((_, kind)) = chinese {
        return Some(*kind);
    }
    let words: Vec<&str> = name.split([' ', '-']).collect();
    let fits = |known: &str| {
        words.iter().any(|word| {
            *word == known
                || ((known.chars().count() > 6 || !known.is_ascii()) && word.starts_with(known))
                || (known == "Bundes" && word.starts_with(known))
        })
    };
    SPACED_WORDS.iter().find(|(known, _)| fits(known)).map(|(_, kind)| *kind).or_else(|| words.iter().find_map(|word| kind_by_end(word)))
}

/// Ends of German compounds, with what they name.
const GERMAN_ENDS: &[(&str, EntityType)] = &[
    ("ministerium", EntityType::Organisation),
    ("ministeriums", EntityType::Organisation),
    ("kommando", EntityType::Organisation),
    ("kommandos", EntityType::Organisation),
    ("behörde", EntityType::Organisation),
    ("agentur", EntityType::Organisation),
    ("institut", EntityType::Organisation),
    ("instituts", EntityType::Organisation),
    ("zentrum", EntityType::Organisation),
    ("zentrums", EntityType::Organisation),
    ("verband", EntityType::Organisation),
    ("gesellschaft", EntityType::Organisation),
    ("ausschuss", EntityType::Organisation),
    ("rat", EntityType::Organisation),
    ("rats", EntityType::Organisation),
    ("rates", EntityType::Organisation),
    ("heer", EntityType::Organisation),
    ("kommission", EntityType::Organisation),
    ("universität", EntityType::Organisation),
    ("werke", EntityType::Organisation),
    ("werk", EntityType::Organisation),
    ("fonds", EntityType::Instrument),
    ("programm", EntityType::Programme),
    ("programms", EntityType::Programme),
    ("projekt", EntityType::Programme),
    ("initiative", EntityType::Programme),
    ("netz", EntityType::Programme),
    ("gesetz", EntityType::Document),
    ("gesetzes", EntityType::Document),
    ("verordnung", EntityType::Document),
    ("richtlinie", EntityType::Document),
    ("erklärung", EntityType::Document),
    ("abkommen", EntityType::Document),
    ("abkommens", EntityType::Document),
    ("vertrag", EntityType::Document),
    ("vertrags", EntityType::Document),
    ("vereinbarung", EntityType::Document),
    ("strategie", EntityType::Document),
    ("übung", EntityType::Event),
    ("konferenz", EntityType::Event),
    ("forum", EntityType::Event),
];

/// What the end of a German compound says it is.
pub(super) fn kind_by_end(word: &str) -> Option<EntityType> {
    let is_compound = |end: &str| word.starts_with(char::is_uppercase) && word.len() > end.len() + 3 && word.ends_with(end);
    GERMAN_ENDS.iter().find(|(end, _)| is_compound(end)).map(|(_, kind)| *kind)
}
