//! Pages of our own making: what is read of them, and where it stands.

use super::*;
use crate::raw::Raw;
use crate::span::TextSpan;
use proptest::prelude::*;

fn decoded(html: &str) -> Reading {
    Raw::new(html.as_bytes().to_vec()).decode()
}

fn fragment(html: &str) -> Reading {
    read_fragment(&decoded(html)).unwrap().reading
}

/// What the raw bytes of each character say by themselves, read by another decoder, is that character.
fn check_places(html: &str, reading: &Reading) {
    let mut last = 0;
    for (at, c) in reading.text().char_indices() {
        let span = reading.raw(TextSpan::new(at, at + c.len_utf8()));
        let there = &html[span.from..span.to];
        assert!(span.from >= last, "{c:?} at {span:?} goes back");
        last = span.from;
        if c.is_whitespace() {
            let decoded = entity::text(there, TextSpan::new(0, there.len()));
            let is_blank = |c: char| c.is_whitespace() || "\u{ad}\u{200b}\u{feff}\0".contains(c);
            assert!(there.contains('<') || decoded.chars().all(is_blank), "{c:?} for {there:?}");
        } else {
            let text: String = html5gum::Tokenizer::new(there)
                .filter_map(|token| match token.unwrap() {
                    html5gum::Token::String(text) => Some(String::from_utf8(text.to_vec()).unwrap()),
                    html5gum::Token::Error(_) => None,
                    other => panic!("{c:?} stands for {other:?}"),
                })
                .collect();
            assert!(text.contains(c) && text.chars().count() <= 2, "{c:?} for {there:?}");
        }
    }
}

#[test]
fn blocks_rows_and_items_become_lines() {
    for (html, expected) in [
        ("<p>One <b>two</b>three.</p><p>Four</p>", "One twothree.\nFour"),
        ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
        ("<table><tr><th>Year<th>Tonnes<tr><td><p>2023</p></td>\n<td> 4&nbsp;500 </td></tr></table>", "Year\tTonnes\n2023\t4\u{a0}500"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<pre>a\n  b  c\n\nd</pre>", "a\nb c\nd"),
        ("x <!-- no --><script>no</script><style>no</style><noscript>no</noscript> y", "x y"),
        ("<p>Shown<span hidden>no</span><span style='display: none'>no</span></p>", "Shownnono"),
        ("<div hidden>no</div><nav>no</nav><footer>no</footer><p>yes", "yes"),
        ("AT&amp;T &lt;b&gt; &eacute;&#x4E2D; soft&shy;ly", "AT&T <b> é中 softly"),
        ("<svg><title>no</title><text>no</text></svg><template>no</template>yes", "yes"),
        ("<select><option>no</select><textarea>no</textarea><button>no</button>yes", "yes"),
        ("a < b, 3<4 && c", "a < b, 3<4 && c"),
        ("", ""),
        ("<p></p>", ""),
    ] {
        let reading = fragment(html);
        assert_eq!(reading.text(), expected, "{html}");
        check_places(html, &reading);
    }
}

const ARTICLE: &str = r#"<!DOCTYPE html>
<html lang="en-GB"><head><title>Chips Declaration signed | The Gazette</title>
<meta name="author" content="Ada Lindqvist"><meta property="article:published_time" content="2023-05-17T09:30:00+02:00">
<meta property="og:url" content="https://gazette.example/chips"><style>p { color: red }</style>
<script>var secret = "France never signed";</script></head>
<body><nav><a href="/">Home</a> <a href="/news">News about France</a></nav>
<article><h1>Chips Declaration signed</h1>
<p>France has signed the Chips Declaration with Germany &amp; Italy. The subsidies rose by 12&nbsp;% to 4.5 billion euros, the ministry said on Wednesday.</p>
<p>Japan has <b>not</b> signed it, although talks between the two sides went on for several months in the spring of last year.</p>
<table><tr><td>2022</td><td>4.0 billion</td></tr><tr><td>2023</td><td>4.5 billion</td></tr></table>
<p>The declaration is to take effect in June 2024, once every parliament has voted on it and the last objections have been heard.</p></article>
<aside><p>Subscribe to our newsletter about France.</p></aside>
<footer>Copyright The Gazette</footer></body></html>"#;

#[test]
fn the_main_text_of_a_page_is_found_with_what_it_says_of_itself() {
    let page = read(&decoded(ARTICLE)).unwrap();
    let text = page.reading.text();
    assert_eq!(page.choice, Choice::Main);
    for line in
        ["with Germany & Italy. The subsidies rose by 12\u{a0}% to", "Japan has not signed it", "2022\t4.0 billion\n2023\t4.5 billion\n"]
    {
        assert!(text.contains(line), "{line:?} is not in {text:?}");
    }
    for other in ["Home", "newsletter", "Copyright", "secret", "never", "color"] {
        assert!(!text.contains(other), "{other:?} is in {text:?}");
    }
    check_places(ARTICLE, &page.reading);
    let said = |text: &str| Some(text.to_owned());
    let expected = About {
        title: said("Chips Declaration signed"),
        author: said("Ada Lindqvist"),
        published: said("2023-05-17"),
        language: said("en-GB"),
        address: said("https://gazette.example/chips"),
    };
    assert_eq!(page.about, expected);
}

#[test]
fn claims_are_read_from_where_pages_make_them() {
    let said = |head: &str| {
        let about = read(&decoded(&format!("<html><head>{head}</head><body><p>Text.</p></body></html>"))).unwrap().about;
        [about.title, about.author, about.published].map(Option::unwrap_or_default)
    };
    for (head, expected) in [
        ("<title>A &amp; B</title><svg><title>no</title></svg>", ["A & B", "", ""]),
        (
            "<title>x</title><meta property='dc:title  og:title' content='Better'><meta name='DC.creator' content='Ada'>",
            ["Better", "Ada", ""],
        ),
        (
            "<script type='application/ld+json'>{\"@graph\": [{\"author\": [{\"name\": \"Ada <L>\"}], \"datePublished\": \"2023-05-17T09:30:00Z\"}]}</script>",
            ["", "Ada <L>", "2023-05-17"],
        ),
        ("<meta name=PubDate content='2023-05-17 09:30'><time datetime=2020-01-01>", ["", "", "2023-05-17"]),
        (
            "<meta name=date content='yesterday'><time datetime=2020-01-01>then</time><time pubdate datetime=2023-05-17>now</time>",
            ["", "", "2023-05-17"],
        ),
        ("<script>{\"datePublished\": \"2023-05-17\"}</script>", ["", "", ""]),
    ] {
        assert_eq!(said(head), expected, "{head}");
    }
}

#[test]
fn a_page_without_a_main_text_is_read_whole() {
    let page = read(&decoded("<html><body><p>Short.</p></body></html>")).unwrap();
    assert_eq!(page.reading.text(), "Short.");
    let page = read(&decoded("<html><body><script>only(this)</script></body></html>")).unwrap();
    assert_eq!((page.reading.text(), page.choice), ("", Choice::Shown));
}

#[test]
fn places_are_in_the_bytes_of_any_encoding() {
    let html =
        "<html><meta charset=gb2312><body><p>港口管理局在去年夏天完成了三座码头的扩建，新的起重机可以同时装卸。&ldquo;很快&rdquo;</p>";
    let (bytes, _, _) = encoding_rs::GBK.encode(html);
    let raw = Raw::new(bytes.to_vec());
    let page = read(&raw.decode()).unwrap();
    let text = page.reading.text();
    let from = text.find("码头").unwrap();
    let span = page.reading.raw(TextSpan::new(from, from + "码头".len()));
    assert_eq!(encoding_rs::GBK.decode(&bytes[span.from..span.to]).0, "码头");
    assert!(text.ends_with("“很快”"), "{text}");
}

#[test]
fn pages_are_told_by_how_they_begin() {
    for (text, expected) in [
        ("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD\">", true),
        ("\u{feff}\n<!-- saved --><?xml version=\"1.0\"?>\n<html>", true),
        ("<HEAD>", true),
        ("<meta charset=utf-8>", true),
        ("<header>", false),
        ("A <html> tag", false),
        ("<!-- never ends", false),
        ("<rss>", false),
        ("", false),
    ] {
        assert_eq!(is_page(text), expected, "{text}");
    }
}

#[test]
fn hostile_pages_are_refused_or_read_and_end() {
    let begin = "<html><body><p>Begin of the page.</p>";
    assert_eq!(read(&decoded(&format!("{begin}{}", "<div>".repeat(100_000)))).map(|_| ()), Err(PageError::TooDeep(begin.len() + 510 * 5)));
    let many = read(&decoded(&format!("{begin}{}", "<br>".repeat(300_000)))).map(|_| ());
    assert!(matches!(many, Err(PageError::TooMany(_))), "{many:?}");
    let long = "x".repeat(3 << 20);
    for hostile in [
        format!("{begin}<img src='data:{long}'>end"),
        format!("{begin}<i {long}>end"),
        format!("{begin}{}end", "<a a='b'".repeat(50_000)),
        format!("{begin}{}end", "<font color=1><p>".repeat(200)),
        format!("{begin}{}end", "</b></p></div>".repeat(50_000)),
        format!("{begin}end<!--{long}"),
        format!("{begin}end{}", "&".repeat(100_000)),
        format!("{begin}end{}", "<".repeat(100_000)),
    ] {
        let page = read(&decoded(&hostile)).unwrap();
        assert!(page.reading.text().starts_with("Begin of the page."), "{}", &hostile[..80]);
        check_places(&hostile, &page.reading);
    }
}

/// Pieces of a page; those in `HIDDEN` say so in their text.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}( [a-z]{1,6}){0,8}[.,;]? ?",
        "[é中國&>\"' \n\t]{0,4}",
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<div class=x>",
            "</div>",
            "<b>",
            "</b>",
            "<br>",
            "<table>",
            "<tr>",
            "<td>",
            "</td>",
            "</table>",
            "<ul>",
            "<li>",
            "</ul>",
            "<pre>",
            "</pre>",
            "&amp;",
            "&nbsp;",
            "&eacute;",
            "&#150;",
            "&ampx",
            "&shy;",
            "<a href='x>y'>",
            "</a>",
            "<h2>",
            "</h2>",
            "<article>",
            "</article>",
            "<nav>",
            "</nav>",
            "< ",
            "<svg><text>HIDDEN</text></svg>",
            "<!-- HIDDEN -->",
            "<script>HIDDEN</script>",
            "<style>HIDDEN</style>",
            "<img alt=HIDDEN>",
            "<input value=HIDDEN>",
            "<script type='application/ld+json'>{\"articleBody\": \"HIDDEN\"}</script>",
            "<textarea>HIDDEN</textarea>",
            "\r\n",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_character_stands_where_it_says(pieces in proptest::collection::vec(piece(), 0..60)) {
        let html = pieces.concat();
        for page in [read(&decoded(&html)).unwrap(), read_fragment(&decoded(&html)).unwrap()] {
            prop_assert!(!page.reading.text().contains("HIDDEN"), "{}", page.reading.text());
            check_places(&html, &page.reading);
        }
    }

    #[test]
    fn any_text_is_read_as_a_page(html in "\\PC{0,200}") {
        let page = read(&decoded(&html)).unwrap();
        prop_assert_eq!(page.reading.map().text_bytes(), page.reading.text().len());
    }
}
