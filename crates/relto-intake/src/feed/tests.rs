//! Feeds of our own making.

use super::*;
use crate::raw::Raw;
use crate::span::TextSpan;
use proptest::prelude::*;

fn read(text: &str) -> Result<Vec<Item>, FeedError> {
    let decoded = Raw::new(text.as_bytes().to_vec()).decode();
    items(&decoded, form(decoded.text()).expect("a feed"))
}

/// `word` stands in the item's text, and its bytes are `raw` of the feed.
fn check_place(feed: &str, item: &Item, word: &str, raw: &str) {
    let from = item.reading.text().find(word).unwrap_or_else(|| panic!("{word} is not in {:?}", item.reading.text()));
    let span = item.reading.raw(TextSpan::new(from, from + word.len()));
    assert_eq!(&feed[span.from..span.to], raw);
}

const RSS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>The feed</title><link>https://gazette.example/</link><description>Not an item</description>
<item><title>AT&amp;T &amp; France</title><link>https://gazette.example/1</link><guid isPermaLink="false">one</guid>
<pubDate>Wed, 17 May 2023 09:30:00 +0200</pubDate><dc:creator>Ada Lindqvist</dc:creator><media:title>A picture</media:title><media:content url="x"/>
<description>Short &lt;b&gt;form&lt;/b&gt;</description>
<content:encoded><![CDATA[<p>France has <b>signed</b> it, M&uuml;ller said.</p><script>HIDDEN</script><p>Second.</p>]]></content:encoded></item>
<item><description>&lt;p&gt;Only a &amp;quot;description&amp;quot; &amp;amp; more.&lt;/p&gt;</description><guid>https://gazette.example/2</guid></item>
<item><title/></item>
</channel></rss>"#;

#[test]
fn items_of_rss_stand_where_they_say() {
    let items = read(RSS).unwrap();
    assert_eq!(items.len(), 2, "an item without a text is none");
    let said = |text: &str| Some(text.to_owned());
    let expected = About {
        title: said("AT&T & France"),
        author: said("Ada Lindqvist"),
        published: said("2023-05-17T07:30:00Z"),
        language: None,
        address: said("https://gazette.example/1"),
    };
    assert_eq!((&items[0].about, items[0].key.as_str()), (&expected, "one"));
    assert_eq!(items[0].reading.text(), "AT&T & France\nFrance has signed it, Müller said.\nSecond.");
    check_place(RSS, &items[0], "Müller", "M&uuml;ller");
    check_place(RSS, &items[0], "T & F", "T &amp; F");
    check_place(RSS, &items[0], "has signed", "has <b>signed");
    assert_eq!(items[1].reading.text(), "Only a \"description\" & more.");
    assert_eq!(items[1].about.address, said("https://gazette.example/2"));
    check_place(RSS, &items[1], "\"", "&amp;quot;");
    check_place(RSS, &items[1], "& more", "&amp;amp; more");
}

#[test]
fn items_of_atom_stand_where_they_say() {
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><author><name>Nobody</name></author>
<entry><title type="text">a &lt; b</title><id>urn:1</id><updated>2023-05-18T00:00:00Z</updated><published>2023-05-17T09:30:00+02:00</published>
<link rel="enclosure" href="https://gazette.example/sound"/><link href="https://gazette.example/1"/>
<author><name>Ada</name><email>ada@gazette.example</email></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One &amp; <em>two</em></p><p>three</p></div></content></entry>
<entry><title>Second</title><id>urn:2</id><updated>2023-05-18T00:00:00Z</updated><summary type="html">&lt;i&gt;Sum&lt;/i&gt;mary</summary></entry></feed>"#;
    let items = read(atom).unwrap();
    let about = &items[0].about;
    assert_eq!((about.author.as_deref(), about.address.as_deref()), (Some("Ada"), Some("https://gazette.example/1")));
    assert_eq!(
        (about.published.as_deref(), items[1].about.published.as_deref()),
        (Some("2023-05-17T07:30:00Z"), Some("2023-05-18T00:00:00Z"))
    );
    assert_eq!(items[0].reading.text(), "a < b\nOne & two\nthree");
    assert_eq!(items[1].reading.text(), "Second\nSummary");
    check_place(atom, &items[0], "& two", "&amp; <em>two");
    check_place(atom, &items[1], "Summary", "Sum&lt;/i&gt;mary");
}

#[test]
fn items_of_json_feeds_stand_where_they_say() {
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [
 {"id": "1", "url": "https://gazette.example/1", "title": "Gr\u00fc\u00dfe \ud83d\ude00", "content_html": "<p>One \"two\"<\/p>\n<p>M&uuml;ller</p>", "date_published": "2023-05-17T09:30:00+02:00", "authors": [{"name": "Ada"}]},
 {"id": 2, "content_text": "Plain <b> text"}]}"#;
    let items = read(&json.replace("\"two\"", "\\\"two\\\"")).unwrap();
    assert_eq!(items[0].reading.text(), "Grüße 😀\nOne \"two\"\nMüller");
    assert_eq!((items[0].about.author.as_deref(), items[0].about.published.as_deref()), (Some("Ada"), Some("2023-05-17T07:30:00Z")));
    assert_eq!((items[1].reading.text(), items[1].key.as_str()), ("Plain <b> text", "2"));
    check_place(json, &items[0], "Grüße", "Gr\\u00fc\\u00dfe");
    check_place(json, &items[0], "😀", "\\ud83d\\ude00");
}

#[test]
fn a_title_after_its_content_is_read_after_it() {
    let items = read("<rss><channel><item><description>Body</description><title>Title</title></item></channel></rss>").unwrap();
    assert_eq!(items[0].reading.text(), "Body\nTitle");
}

#[test]
fn damaged_feeds_are_errors() {
    assert!(matches!(read("<rss><channel><item><title>cut"), Err(FeedError::CutShort)));
    assert!(matches!(read("<rss><channel><item><title>cut</title></item></channel><![CDATA[x"), Err(FeedError::Xml { .. })));
    assert!(matches!(read("{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{"), Err(FeedError::Json(_))));
    let many = format!("<rss>{}</rss>", "<item><title>a</title></item>".repeat(ITEMS_MAX + 1));
    assert!(matches!(read(&many), Err(FeedError::TooMany)));
    let deep = format!("<rss><item><description><![CDATA[{}]]></description></item></rss>", "<div>".repeat(600));
    assert!(matches!(read(&deep), Err(FeedError::Content { item: 1, .. })));
}

#[test]
fn feeds_are_told_by_their_root() {
    for (text, expected) in [
        ("<?xml version='1.0'?><rss>", Some(Form::Xml)),
        ("\u{feff} <!-- x --><feed xmlns='http://www.w3.org/2005/Atom'>", Some(Form::Xml)),
        ("<rdf:RDF xmlns:rdf='x'>", Some(Form::Xml)),
        ("{\"version\": \"https://jsonfeed.org/version/1\"}", Some(Form::Json)),
        ("{\"type\": \"bundle\"}", None),
        ("<html><rss>", None),
        ("a <rss>", None),
        ("<", None),
        ("", None),
    ] {
        assert_eq!(form(text), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn what_an_item_says_comes_from_its_bytes(title in "[a-z&<é中 ]{0,12}", body in "[a-z&<é中\"\\\\ ]{0,30}", is_json in any::<bool>()) {
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let feed = if is_json {
            serde_json::json!({"version": "https://jsonfeed.org/version/1", "items": [{"title": title, "content_text": body}]}).to_string()
        } else {
            format!("<feed><entry><title type='text'>{}</title><content type='text'>{}</content></entry></feed>", escape(&title), escape(&body))
        };
        let parts: Vec<&str> = [title.as_str(), body.as_str()].into_iter().filter(|part| !part.trim().is_empty()).collect();
        let items = read(&feed).unwrap();
        let text: Vec<&str> = items.iter().map(|item| item.reading.text()).collect();
        prop_assert_eq!(text.concat(), parts.join("\n"));
        for item in &items {
            for (at, c) in item.reading.text().char_indices().filter(|(_, c)| !c.is_whitespace()) {
                let span = item.reading.raw(TextSpan::new(at, at + c.len_utf8()));
                let there = &feed[span.from..span.to];
                let is_there = there.starts_with(c) || there == escape(&c.to_string()) || is_json && there == format!("\\{c}");
                prop_assert!(is_there, "{c:?} for {there:?}");
            }
        }
    }
}
