//! Names that say what they are: titles in 《》, bodies by their first or last word, persons by the role beside them.

use super::compounds::kind_by_end;
use super::heads::{is_noun_of_names, kind_by_words};
use super::{Document, Found, named, nouns};
use crate::dates::ShapeError;
use crate::gazetteer::EntityType;
use crate::span::TextSpan;
use crate::text::{Language, language};
use regex::Regex;

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
                let title = nouns::title_bytes(name.as_str());
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
    let skipped = nouns::opener_bytes(name);
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
        name.split_once(' ').filter(|(first, own)| is_german && nouns::is_german_noun(first) && own.starts_with(char::is_uppercase))
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
    let is_compound = !head.contains(' ') && kind_by_end(head).is_some() && !head.split('-').any(is_noun_of_names);
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
    let article = nouns::opener_bytes(text);
    let span = TextSpan::new(from + article, from + text.len());
    Found { span, meaning: named(text.get(article..).unwrap_or(text), kind) }
}

/// A name up to the first small word in it.
fn head(name: &str) -> &str {
    let small = name.split(' ').take_while(|word| !word.starts_with(char::is_lowercase)).map(|word| word.len() + 1).sum::<usize>();
    name.get(..small.saturating_sub(1)).unwrap_or(name)
}
