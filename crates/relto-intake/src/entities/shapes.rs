//! Names that say what they are: titles in 《》, bodies by their first or last word, persons by the role beside them.

use super::{Document, Found, named};
use crate::dates::ShapeError;
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use crate::text::{Language, language};
use regex::Regex;

/// Last characters of Chinese names, with what they name; the longest that fits counts.
const CHINESE_ENDINGS: [(&str, EntityType); 46] = [
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
    ("Trust", EntityType::Organisation),
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
const ROLES_BEHIND: &str = r"director|minister|president|head|chief|professor|researcher|a spokes|the spokes|secretary|ambassador|Direktor|Leiter|Ministerin|Minister|Sprecher|Professor|Präsident|directeur|directrice|ministre|présidente?|porte-parole|chercheu|professeur|директор|министр|руководител|глава|профессор|директорка|міністр|керівни|професор|голова|очільни";
const CHINESE_ROLES: &str =
    "记者|研究员|总经理|部长|教授|主任|发言人|总统|总理|主席|院长|董事长|大使|将军|司令|秘书长|局长|议员|研究生|专家";
const SURNAMES: &str = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文";

#[derive(Debug)]
pub(super) struct Shapes {
    title: Regex,
    spaced: Regex,
    person: Regex,
    person_behind: Regex,
    chinese_person: Regex,
}

impl Shapes {
    pub(super) fn new() -> Result<Self, ShapeError> {
        let word = r"\p{Lu}[\p{L}\d]*(?:[-'’]\p{L}+)*";
        let name = r"(?P<name>\p{Lu}\p{Ll}+(?:-\p{L}+)?(?: (?:de |van |von |der )?\p{Lu}\p{Ll}+(?:-\p{L}+)?){1,2})";
        Ok(Self {
            title: Regex::new(r"《(?P<name>[^《》\n]{2,60})》(?:[（(](?P<other>\p{Latin}[\p{Latin}\d\s,&'’.\-–]{2,140})[)）])?")?,
            spaced: Regex::new(&format!(r"{word}(?: (?:of |for |and |on |the |de la |de l'|de |du |des |et |für |und |der )*{word})+"))?,
            person: Regex::new(&format!(r"(?:^|[^\p{{L}}])(?:{ROLES})\.? {name}"))?,
            person_behind: Regex::new(&format!(r"{name}, (?:the |a |an |der |die |le |la )?(?:\p{{Ll}}+ )?(?:{ROLES_BEHIND})"))?,
            chinese_person: Regex::new(&format!(
                r"(?:{CHINESE_ROLES})(?P<name>[{SURNAMES}]\p{{Han}}{{1,2}}?)(?:[，、。：；,（(\s]|和|说|称|表示|认为|指出|告诉|介绍|撰文|强调|$)"
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
        for pattern in [&self.chinese_person, &self.person, &self.person_behind] {
            found.extend(
                pattern
                    .captures_iter(document.text)
                    .filter_map(|captures| captures.name("name"))
                    .map(|name| place(name, EntityType::Person)),
            );
        }
        let is_german = language(document.text) == Language::German;
        let bodies = self.spaced.find_iter(document.text).filter_map(|name| {
            let kind = kind_by_words(name.as_str())?;
            // German capitals say nothing: there the word that tells what it is must be the one that the rest belongs to.
            let found = place(name, kind);
            let text = document.text.get(found.span.range())?;
            (!is_german || kind_by_words(head(text)).is_some()).then_some(found)
        });
        found.extend(bodies.filter(|body| !body.span.is_empty()));
        found
    }
}

fn place(name: regex::Match<'_>, kind: EntityType) -> Found {
    let text = name.as_str();
    let article = super::proper::opener_bytes(text);
    let span = TextSpan::new(name.start() + article, name.end());
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
    SPACED_WORDS.iter().find(|(known, _)| fits(known)).map(|(_, kind)| *kind)
}
