//! Which encoding bytes are in: by their marks, their shape, what the document declares, or a guess.
//!
//! Nothing is decoded here but the little that tells one encoding from another; see [`super`] for the order of trust.

use super::EncodingEvidence;
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

/// A declaration of the encoding stands in the first so many bytes. HTML asks for 1,024; pages in the wild need more.
const DECLARATION_BYTES_MAX: usize = 4096;
/// The shape of wide encodings is judged by the first so many bytes.
const SHAPE_BYTES_MAX: usize = 1 << 16;
/// So many sound sequences of UTF-8 outweigh one that is not. In other encodings fewer than one in four bytes above ASCII happen to
/// form one; a damaged text in UTF-8 has far more sound ones than this.
const SOUND_PER_BAD_MIN: usize = 4;

/// An encoding that we decode: one of the web's, or UTF-32, which the web has none of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Web(&'static Encoding),
    Utf32(ByteOrder),
}

/// Which byte of a number stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl Coding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Web(encoding) => encoding.name(),
            Self::Utf32(ByteOrder::Little) => "UTF-32LE",
            Self::Utf32(ByteOrder::Big) => "UTF-32BE",
        }
    }
}

impl ByteOrder {
    pub(super) fn utf_32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    fn utf_16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// The encoding of `bytes`, how it became known, and the length of the byte order mark.
pub(super) fn of(bytes: &[u8]) -> (Coding, EncodingEvidence, usize) {
    let known = |encoding, evidence| (Coding::Web(encoding), evidence, 0);
    if let Some((coding, mark)) = marked(bytes) {
        return (coding, EncodingEvidence::ByteOrderMark, mark);
    }
    if let Some(coding) = wide(bytes.get(..SHAPE_BYTES_MAX).unwrap_or(bytes)) {
        return (coding, EncodingEvidence::Shape, 0);
    }
    if bytes.is_ascii() && bytes.windows(2).any(|pair| pair == b"\x1b$") {
        return known(ISO_2022_JP, EncodingEvidence::Shape);
    }
    let (sound, bad) = sequences(bytes);
    if bad == 0 {
        return known(UTF_8, EncodingEvidence::Utf8Throughout);
    }
    if sound >= bad * SOUND_PER_BAD_MIN {
        return known(UTF_8, EncodingEvidence::Utf8Mostly);
    }
    if let Some(encoding) = declared(bytes) {
        return known(encoding, EncodingEvidence::Declared);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    known(detector.guess(None, chardetng::Utf8Detection::Allow), EncodingEvidence::Guessed)
}

/// UTF-32 first: its mark in little order begins with that of UTF-16.
fn marked(bytes: &[u8]) -> Option<(Coding, usize)> {
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) {
        return Some((Coding::Utf32(ByteOrder::Little), 4));
    }
    if bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Some((Coding::Utf32(ByteOrder::Big), 4));
    }
    Encoding::for_bom(bytes).map(|(encoding, mark)| (Coding::Web(encoding), mark))
}

/// UTF-32 or UTF-16 without a mark, where that is plain: texts in other encodings hold no NUL.
fn wide(bytes: &[u8]) -> Option<Coding> {
    if !bytes.contains(&0) {
        return None;
    }
    let one_of = |is_plain: &dyn Fn(ByteOrder) -> bool| match (is_plain(ByteOrder::Little), is_plain(ByteOrder::Big)) {
        (true, false) => Some(ByteOrder::Little),
        (false, true) => Some(ByteOrder::Big),
        _ => None,
    };
    if let Some(order) = one_of(&|order| is_utf_32(bytes, order)) {
        return Some(Coding::Utf32(order));
    }
    one_of(&|order| is_utf_16(bytes, order)).map(|order| match order {
        ByteOrder::Little => Coding::Web(UTF_16LE),
        ByteOrder::Big => Coding::Web(UTF_16BE),
    })
}

fn is_utf_32(bytes: &[u8], order: ByteOrder) -> bool {
    let units = bytes.as_chunks::<4>().0;
    units.len() > 1 && units.iter().all(|unit| char::from_u32(order.utf_32(*unit)).is_some_and(is_text))
}

/// All is text, and it has spaces, line ends or full-width stops, which in the other order are rare characters or none; or all is ASCII.
fn is_utf_16(bytes: &[u8], order: ByteOrder) -> bool {
    let units = bytes.as_chunks::<2>().0.iter().map(|unit| order.utf_16(*unit));
    let (mut characters, mut ascii, mut signs) = (0_usize, 0_usize, 0_usize);
    let mut decoded = char::decode_utf16(units).peekable();
    while let Some(read) = decoded.next() {
        let is_cut = read.is_err() && decoded.peek().is_none();
        match read {
            Ok(c) if is_text(c) => {
                characters += 1;
                ascii += usize::from(c.is_ascii());
                signs += usize::from(matches!(c, ' ' | '\n' | '\r' | '。' | '，'));
            }
            _ if is_cut => {}
            _ => return false,
        }
    }
    signs > 0 && signs * 200 >= characters || characters > 3 && ascii == characters
}

/// No control characters, and nothing that stands for no character.
fn is_text(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    let is_none = u32::from(c) & 0xFFFE == 0xFFFE || matches!(c, '\u{fdd0}'..='\u{fdef}');
    !is_control && !is_none
}

/// How many sequences of two bytes and more are sound UTF-8, and how many runs are not.
fn sequences(bytes: &[u8]) -> (usize, usize) {
    let mut counts = (0, 0);
    for chunk in bytes.utf8_chunks() {
        counts.0 += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        counts.1 += usize::from(!chunk.invalid().is_empty());
    }
    counts
}

/// What an XML declaration or the `<meta>` of a page says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..DECLARATION_BYTES_MAX).unwrap_or(bytes)).to_ascii_lowercase();
    let xml = head.trim_start().strip_prefix("<?xml").and_then(|rest| label_in(rest.split("?>").next()?, "encoding"));
    let mut metas = head.split("<meta").skip(1);
    xml.or_else(|| metas.find_map(|rest| label_in(rest.split('>').next()?, "charset")))
}

/// The encoding whose label stands after `key` and `=`, with or without quotes.
fn label_in(tag: &str, key: &str) -> Option<&'static Encoding> {
    let after = tag.get(tag.find(key)? + key.len()..)?.trim_start().strip_prefix('=')?;
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let encoding = Encoding::for_label(label.split(['"', '\'', ' ', ';', '/', '?']).next()?.as_bytes())?;
    // Who could read the declaration byte by byte did not read UTF-16 (as HTML has it).
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, EUC_KR, GBK, KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    const RUSSIAN: &str = "Новый закон был принят в Москве, и его обсуждали все.";
    const CHINESE: &str = "港口管理局在去年夏天完成了三座码头的扩建，新的起重机可以同时装卸。\n";
    const FRENCH: &str = "Le ministère a signé l'accord; l'été dernier, rien n'était décidé.";

    fn utf_16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    fn utf_32(text: &str, bytes_of: fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().flat_map(|c| bytes_of(u32::from(c))).collect()
    }

    fn check(bytes: &[u8], name: &str, evidence: EncodingEvidence) {
        let (coding, found, _) = of(bytes);
        assert_eq!((coding.name(), found), (name, evidence), "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn one_bad_byte_leaves_a_text_in_utf_8() {
        for text in [RUSSIAN, CHINESE, FRENCH] {
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let (before, after) = text.split_at(at);
                check(&[before.as_bytes(), &[0xFF], after.as_bytes()].concat(), "UTF-8", EncodingEvidence::Utf8Mostly);
            }
            let cut = text.trim_end_matches(|c: char| c.is_ascii());
            check(&cut.as_bytes()[..cut.len() - 1], "UTF-8", EncodingEvidence::Utf8Mostly);
        }
    }

    #[test]
    fn other_encodings_are_not_taken_for_damaged_utf_8() {
        for (text, encoding, name) in [
            (RUSSIAN, WINDOWS_1251, "windows-1251"),
            // Which has the same Russian letters.
            (RUSSIAN, KOI8_R, "KOI8-U"),
            (CHINESE, GBK, "GBK"),
            (FRENCH, WINDOWS_1252, "windows-1252"),
        ] {
            let (bytes, _, _) = encoding.encode(text);
            check(&bytes, name, EncodingEvidence::Guessed);
        }
        let japanese = "港湾局は昨年の夏に三つの埠頭の拡張を終えた。";
        check(&SHIFT_JIS.encode(japanese).0, "Shift_JIS", EncodingEvidence::Guessed);
        check(&ISO_2022_JP.encode(japanese).0, "ISO-2022-JP", EncodingEvidence::Shape);
        check(&EUC_KR.encode("항만국은 지난해 여름 세 개의 부두 확장을 마쳤다.").0, "EUC-KR", EncodingEvidence::Guessed);
        check(&BIG5.encode("港口管理局在去年夏天完成了三座碼頭的擴建，新的起重機可以同時裝卸。").0, "Big5", EncodingEvidence::Guessed);
    }

    #[test]
    fn wide_encodings_show_by_their_shape() {
        for text in [RUSSIAN, CHINESE, FRENCH, "France", "<?xml version=\"1.0\"?><a>三</a>\n", "一\n"] {
            check(&utf_16(text, u16::to_le_bytes), "UTF-16LE", EncodingEvidence::Shape);
            check(&utf_16(text, u16::to_be_bytes), "UTF-16BE", EncodingEvidence::Shape);
            check(&utf_32(text, u32::to_le_bytes), "UTF-32LE", EncodingEvidence::Shape);
            check(&utf_32(text, u32::to_be_bytes), "UTF-32BE", EncodingEvidence::Shape);
            check(&utf_32(&format!("\u{feff}{text}"), u32::to_le_bytes), "UTF-32LE", EncodingEvidence::ByteOrderMark);
        }
        for binary in [&b"a\0b"[..], b"\0\0\0\0", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", b"GIF89a\x01\0\x01\0\0\0 \0"] {
            assert_ne!(of(binary).1, EncodingEvidence::Shape, "{binary:?}");
        }
    }

    #[test]
    fn declarations_are_read_where_they_stand() {
        let body = WINDOWS_1251.encode(RUSSIAN).0;
        for (head, name) in [
            ("<meta charset=\"windows-1251\">", "windows-1251"),
            ("<META http-equiv=Content-Type content='text/html; charset=koi8-r'>", "KOI8-R"),
            ("<?xml version='1.0' encoding='windows-1251'?>", "windows-1251"),
            ("<meta name=a><meta charset = ibm866 >", "IBM866"),
            ("<meta charset=utf-16>", "UTF-8"),
        ] {
            check(&[head.as_bytes(), &body].concat(), name, EncodingEvidence::Declared);
        }
        // Words of a text are no declaration, and sound UTF-8 outweighs a wrong one.
        check(&[b"charset=koi8-r ", &*body].concat(), "windows-1251", EncodingEvidence::Guessed);
        check(format!("<meta charset=gb2312>{CHINESE}").as_bytes(), "UTF-8", EncodingEvidence::Utf8Throughout);
    }
}
