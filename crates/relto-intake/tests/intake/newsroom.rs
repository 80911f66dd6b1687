//! What newsrooms and rewriters do to a text, on texts of any origin: cuts, other words, boilerplate, merged pieces, another order,
//! words put for words. Every choice is drawn from a seed.

use crate::clean::next;
use std::collections::BTreeMap;

const ENGLISH: &str = include_str!("newsroom/words-en.tsv");
const CHINESE: &str = include_str!("newsroom/words-zh.tsv");

/// What sites put around a text.
const AROUND: [&str; 6] = [
    "Subscribe to our weekly letter and never miss a story from the region. You can leave at any time.",
    "This text first appeared elsewhere. All rights remain with its authors; the views are theirs and not those of this site.",
    "Read more: ten things to know before the summit. Follow us on every channel. Share this page with your friends.",
    "We use cookies to make this site work. By reading on you agree to our terms of use and to our notes on privacy.",
    "本网站转载此文仅为传递更多信息，不代表本网站观点。如有版权问题，请与我们联系，我们将及时处理。",
    "关注我们的公众号，获取更多精彩内容。点击下方按钮分享给朋友，欢迎在评论区留言讨论。",
];

/// Numbers drawn from a seed.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(next(next(seed ^ 0x5bd1_e995)))
    }

    /// Below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = next(self.0);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        (0..items.len()).map(|_| items.remove(self.below(items.len()))).collect()
    }
}

/// A paragraph with the number of the one that it was made from; what a site puts around a text has none.
#[derive(Clone)]
pub(crate) struct Paragraph {
    pub(crate) origin: Option<usize>,
    pub(crate) text: String,
}

/// A text in paragraphs.
pub(crate) type Paragraphs = Vec<Paragraph>;

/// Texts in paragraphs, numbered from `next` on, which is moved.
pub(crate) fn numbered(texts: Vec<Vec<String>>, next: &mut usize) -> Vec<Paragraphs> {
    let mut number = |text: String| {
        *next += 1;
        Paragraph { origin: Some(*next), text }
    };
    texts.into_iter().map(|text| text.into_iter().map(&mut number).collect()).collect()
}

/// The text as one string.
pub(crate) fn whole(text: &[Paragraph]) -> String {
    text.iter().map(|paragraph| paragraph.text.as_str()).collect::<Vec<_>>().join("\n")
}

fn bytes(text: &[Paragraph]) -> usize {
    text.iter().map(|paragraph| paragraph.text.len()).sum()
}

/// How much of the shorter text was made from paragraphs that the other was made from as well, in hundredths: what truth there is.
pub(crate) fn shared_percent(one: &[Paragraph], other: &[Paragraph]) -> usize {
    let (shorter, longer) = if bytes(one) <= bytes(other) { (one, other) } else { (other, one) };
    let is_shared = |paragraph: &&Paragraph| paragraph.origin.is_some() && longer.iter().any(|other| other.origin == paragraph.origin);
    let shared: usize = shorter.iter().filter(is_shared).map(|paragraph| paragraph.text.len()).sum();
    shared * 100 / bytes(shorter).max(1)
}

/// The edits of a newsroom, each with its name; `neighbour` is another text of the same source, of which one edit takes a part.
pub(crate) fn edits(text: &Paragraphs, neighbour: &Paragraphs, vocabulary: &[String], seed: u64) -> Vec<(&'static str, Paragraphs)> {
    let mut draw = Draw::new(seed);
    let merged = [part(text, 60), part(neighbour, 60)].concat();
    let mixed = {
        let cut = drop_some(text, 30, &mut draw);
        let reworded = reworded(&cut, 10, vocabulary, &mut draw);
        furnished(&draw.shuffled(reworded), &mut draw)
    };
    vec![
        ("boilerplate", furnished(text, &mut draw)),
        ("5 % of words", reworded(text, 5, vocabulary, &mut draw)),
        ("10 % of words", reworded(text, 10, vocabulary, &mut draw)),
        ("15 % of words", reworded(text, 15, vocabulary, &mut draw)),
        ("cut by 30 %", drop_some(text, 30, &mut draw)),
        ("first half", part(text, 50)),
        ("another order", draw.shuffled(text.clone())),
        ("cut, 10 %, order, boilerplate", mixed),
        ("merged with another", merged),
    ]
}

/// The text with what a site puts around it.
fn furnished(text: &Paragraphs, draw: &mut Draw) -> Paragraphs {
    let mut around = || Paragraph { origin: None, text: AROUND[draw.below(AROUND.len())].to_owned() };
    let (before, after) = (vec![around()], vec![around(), around()]);
    [before, text.clone(), after].concat()
}

/// Without paragraphs that weigh about `percent` of the whole.
fn drop_some(text: &Paragraphs, percent: usize, draw: &mut Draw) -> Paragraphs {
    let mut left = text.clone();
    while left.len() > 1 && bytes(&left) * 100 > bytes(text) * (100 - percent) {
        left.remove(draw.below(left.len()));
    }
    left
}

/// The first paragraphs, up to about `percent` of the whole.
fn part(text: &Paragraphs, percent: usize) -> Paragraphs {
    let mut taken = Paragraphs::new();
    for paragraph in text {
        if bytes(&taken) * 100 >= bytes(text) * percent {
            break;
        }
        taken.push(paragraph.clone());
    }
    taken
}

/// About `percent` of all words replaced by others, taken out, or followed by another.
fn reworded(text: &Paragraphs, percent: usize, vocabulary: &[String], draw: &mut Draw) -> Paragraphs {
    let reword = |paragraph: &Paragraph| {
        let mut edited = String::new();
        for word in pieces(&paragraph.text) {
            match draw.happens(percent).then(|| draw.below(4)) {
                None => edited.push_str(word),
                Some(0) => {}
                Some(1) => edited.extend([word, vocabulary[draw.below(vocabulary.len())].as_str()]),
                Some(_) => edited.push_str(&vocabulary[draw.below(vocabulary.len())]),
            }
        }
        Paragraph { origin: paragraph.origin, text: edited }
    };
    text.iter().map(reword).collect()
}

/// Words with the space after them; of Han characters two at a time.
pub(crate) fn pieces(text: &str) -> Vec<&str> {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut han = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        han += usize::from(is_han(c));
        if c.is_whitespace() || han == 2 {
            pieces.push(&text[from..end]);
            (from, han) = (end, 0);
        }
    }
    pieces.push(&text[from..]);
    pieces
}

/// Puts words for words.
pub(crate) struct Rewriter {
    others: BTreeMap<String, Vec<String>>,
    longest: usize,
}

impl Rewriter {
    /// With the list of the language.
    pub(crate) fn new(is_chinese: bool) -> Self {
        let row = |line: &str| {
            let (word, others) = line.split_once('\t')?;
            Some((word.to_owned(), others.split('|').map(str::to_owned).collect()))
        };
        let table = if is_chinese { CHINESE } else { ENGLISH };
        let others: BTreeMap<String, Vec<String>> = table.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect();
        let longest = others.keys().map(|word| word.chars().count()).max().unwrap_or(0);
        Self { others, longest }
    }

    /// The text with `percent` of the known words put otherwise; a document keeps to one choice for each word most of the time.
    pub(crate) fn rewrite(&self, text: &str, percent: usize, seed: u64) -> String {
        let mut draw = Draw::new(seed);
        let favourite = draw.below(16);
        let mut written = String::new();
        let mut rest = text;
        let mut was_letter = false;
        while let Some(first) = rest.chars().next() {
            let found = self.found(rest, was_letter).filter(|_| draw.happens(percent));
            if let Some((word, others)) = found {
                let choice = if draw.happens(80) { favourite } else { draw.below(16) };
                written.push_str(&others[choice % others.len()]);
                rest = &rest[word.len()..];
                was_letter = true;
            } else {
                written.push(first);
                rest = &rest[first.len_utf8()..];
                was_letter = first.is_ascii_alphanumeric();
            }
        }
        written
    }

    /// The longest known word that `rest` starts with; a word of letters only as a whole.
    fn found<'t>(&self, rest: &'t str, was_letter: bool) -> Option<(&'t str, &Vec<String>)> {
        let ends: Vec<usize> = rest.char_indices().take(self.longest).map(|(at, c)| at + c.len_utf8()).collect();
        ends.into_iter().rev().find_map(|end| {
            let word = &rest[..end];
            let others = self.others.get(word)?;
            let goes_on = rest[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
            (!word.is_ascii() || !(was_letter || goes_on)).then_some((word, others))
        })
    }
}
