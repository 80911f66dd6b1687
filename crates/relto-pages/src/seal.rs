//! Banners: the words of a label on the colours that its policies' files give.
//!
//! The colour stands in an attribute of an SVG rectangle behind the words: no inline style is needed, so that none is allowed, and it is printed where
//! browsers leave out backgrounds.

use askama::Template;
use relto_node::BannerPart;

/// The banner of one label, or of all labels on a page.
#[derive(Debug, Clone, Template)]
#[template(path = "seal.html")]
pub(crate) struct Banner {
    parts: Vec<Part>,
}

impl askama::filters::HtmlSafe for Banner {}

#[derive(Debug, Clone)]
struct Part {
    words: String,
    ground: Option<Colour>,
}

impl Banner {
    pub(crate) fn new(parts: &[BannerPart]) -> Self {
        let part = |part: &BannerPart| Part { words: part.words.clone(), ground: part.colour.as_deref().and_then(Colour::parse) };
        Self { parts: parts.iter().map(part).collect() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// A colour of the display: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

/// The names of HTML, and orange.
const NAMED: [(&str, [u8; 3]); 18] = [
    ("aqua", [0, 255, 255]),
    ("black", [0, 0, 0]),
    ("blue", [0, 0, 255]),
    ("cyan", [0, 255, 255]),
    ("fuchsia", [255, 0, 255]),
    ("gray", [128, 128, 128]),
    ("green", [0, 128, 0]),
    ("lime", [0, 255, 0]),
    ("magenta", [255, 0, 255]),
    ("maroon", [128, 0, 0]),
    ("navy", [0, 0, 128]),
    ("olive", [128, 128, 0]),
    ("orange", [255, 165, 0]),
    ("purple", [128, 0, 128]),
    ("red", [255, 0, 0]),
    ("silver", [192, 192, 192]),
    ("white", [255, 255, 255]),
    ("yellow", [255, 255, 0]),
];

impl Colour {
    /// `#RRGGBB`, or a name; anything else is none.
    fn parse(written: &str) -> Option<Self> {
        if let Some(digits) = written.strip_prefix('#') {
            let mut colour = [0; 3];
            return hex::decode_to_slice(digits, &mut colour).ok().map(|()| Self(colour));
        }
        NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(written)).map(|(_, colour)| Self(*colour))
    }

    fn hex(self) -> String {
        format!("#{}", hex::encode(self.0))
    }

    /// Whether black is read better on it than white: by WCAG's contrast one of them always has 4.5 to 1.
    fn is_light(self) -> bool {
        let linear = |channel: u8| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str, colour: Option<&str>) -> String {
        let part = BannerPart { words: words.to_owned(), colour: colour.map(str::to_owned) };
        Banner::new(&[part]).render().unwrap()
    }

    #[test]
    fn words_are_read_on_every_ground() {
        for (colour, hex, class) in [
            ("#FF2B2B", "#ff2b2b", "on-light"),
            ("#FFFFFF", "#ffffff", "on-light"),
            ("#C8102E", "#c8102e", "on-dark"),
            ("green", "#008000", "on-dark"),
            ("Orange", "#ffa500", "on-light"),
        ] {
            let html = shown("TLP:RED", Some(colour));
            assert!(html.contains(&format!("fill=\"{hex}\"")) && html.contains(class), "{colour}: {html}");
        }
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for colour in [None, Some("#12"), Some("red\"/><script>"), Some("#12345g"), Some("chartreuse-ish")] {
            let html = shown("A", colour);
            assert!(!html.contains("fill=") && !html.contains("script"), "{colour:?}: {html}");
        }
    }

    #[test]
    fn words_are_escaped() {
        assert!(!shown("<script>alert(1)</script>", None).contains("<script>"));
    }
}
