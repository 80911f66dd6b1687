//! Real pages as texts in paragraphs: tags taken out plainly (extraction is another crate's figure), long pages cut into texts.

use crate::clean;
use crate::newsroom::{self, Paragraphs};
use relto_intake::Knowledge;
use relto_intake::raw::Raw;
use relto_intake::repair::repair;
use std::path::Path;

/// Bytes of text from which a piece of a page is a text of its own, and how many of one page are taken.
const TEXT_BYTES_MIN: usize = 1_500;
const TEXTS_MAX: usize = 40;
/// A paragraph shorter than this is a caption or a link.
const PARAGRAPH_BYTES_MIN: usize = 60;

/// Pages whose text somebody wrote; the other cases are made of filler.
const PAGES: [&str; 13] = [
    "gov/eu-ai-act.html.zst",
    "gov/eu-data-act.html.zst",
    "gov/us-nsm-ai.html",
    "gov/zh-cac-genai.htm",
    "gov/zh-cac-genai.translation-en.txt",
    "readability/wikipedia/source.html",
    "readability/wikipedia-2/source.html.zst",
    "readability/wikipedia-3/source.html",
    "readability/v8-blog/source.html",
    "readability/ebb-org/source.html",
    "readability/mozilla-1/source.html",
    "readability/mozilla-2/source.html",
    "readability/ietf-1/source.html",
];

/// Texts of one origin.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) is_chinese: bool,
    pub(crate) texts: Vec<Paragraphs>,
}

/// The pages of `data`, the founding article once, the training part of the gold set, and sentences of ours.
pub(crate) fn sources(data: &Path, knowledge: &Knowledge) -> Vec<Source> {
    let mut next = 0;
    let mut source = |name: &str, text: &str| source(name, text, &mut next);
    let mut sources: Vec<Source> = PAGES.iter().map(|page| source(page, &text_of(&data.join("osint-html").join(page)))).collect();
    let article = std::fs::read(data.join("founding-article/article.txt")).expect("the article");
    let repaired = repair(&Raw::new(article).decode(), knowledge.chinese(), knowledge.cues()).expect("repairs fit");
    sources.push(source("founding article", &sentences(repaired.reading.text())));
    sources.push(source("ours", &sentences(&clean::SENTENCES.concat())));
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold/train");
    let mut files: Vec<_> = std::fs::read_dir(gold).expect("the gold set").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    for language in ["de", "en", "fr", "ru", "uk", "zh"] {
        let of_language = files.iter().filter(|path| {
            path.extension().is_some_and(|end| end == "txt")
                && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(language))
        });
        let texts = of_language.map(|path| paragraphs(&std::fs::read_to_string(path).expect("a text"))).collect();
        sources.push(Source {
            name: format!("gold set, {language}"),
            is_chinese: language == "zh",
            texts: newsroom::numbered(texts, &mut next),
        });
    }
    sources
}

fn source(name: &str, text: &str, next: &mut usize) -> Source {
    let mut texts: Vec<Vec<String>> = vec![Vec::new()];
    for paragraph in paragraphs(text) {
        if texts.last().is_some_and(|last| last.iter().map(String::len).sum::<usize>() >= TEXT_BYTES_MIN) {
            texts.push(Vec::new());
        }
        texts.last_mut().expect("one at least").push(paragraph);
    }
    texts.retain(|text| text.iter().map(String::len).sum::<usize>() >= TEXT_BYTES_MIN);
    texts.truncate(TEXTS_MAX);
    let han = text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    Source { name: name.to_owned(), is_chinese: han * 4 > text.chars().count(), texts: newsroom::numbered(texts, next) }
}

fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| line.len() >= PARAGRAPH_BYTES_MIN).map(str::to_owned).collect()
}

/// A text of one line, three sentences to a paragraph.
fn sentences(text: &str) -> String {
    let sentences: Vec<&str> = text.split_inclusive('。').collect();
    sentences.chunks(3).map(|some| some.concat()).collect::<Vec<_>>().join("\n")
}

fn text_of(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let is_packed = path.extension().is_some_and(|end| end == "zst");
    let bytes = if is_packed { zstd::decode_all(bytes.as_slice()).expect("zstd") } else { bytes };
    let text = Raw::new(bytes).decode().text().to_owned();
    if text.contains("</") { stripped(&text) } else { text }
}

/// The text between tags; each tag that ends a block ends a line.
fn stripped(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open].replace('\n', " "));
        rest = &rest[open..];
        let name: String =
            rest[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect::<String>().to_ascii_lowercase();
        let end = match name.as_str() {
            "script" | "style" | "head" | "noscript" => rest.find(&format!("</{name}")).unwrap_or(rest.len()),
            _ => 0,
        };
        rest = &rest[end..];
        rest = rest.find('>').map_or("", |close| &rest[close + 1..]);
        let is_inline = ["a", "b", "i", "em", "strong", "span", "sup", "sub", "code", "abbr"].contains(&name.trim_start_matches('/'));
        text.push(if is_inline { ' ' } else { '\n' });
    }
    text.push_str(rest);
    let plain = [("&nbsp;", " "), ("&#160;", " "), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")];
    plain.iter().fold(text, |text, (entity, c)| text.replace(entity, c))
}
