//! Properties of readings and their maps, over random edits of random texts in several encodings.

use encoding_rs::{BIG5, GBK, UTF_8, WINDOWS_1251};
use proptest::prelude::*;
use relto_intake::edit::{Confidence, Rule};
use relto_intake::raw::Raw;
use relto_intake::reading::{ApplyError, Change, Reading};
use relto_intake::span::TextSpan;

const RULE: Rule = Rule("test");

fn change(from: usize, to: usize, with: &str) -> Change {
    Change { span: TextSpan::new(from, to), to: with.to_owned(), rule: RULE, confidence: Confidence::hundredths(90) }
}

/// Changes at character bounds of `text`, apart from each other, as numbers choose.
fn changes(text: &str, choices: &[(usize, usize, String)]) -> Vec<Change> {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut at = 0;
    let mut changes = Vec::new();
    for (skip, take, with) in choices {
        let from = (at + skip).min(bounds.len() - 1);
        let to = (from + take).min(bounds.len() - 1);
        if from >= at {
            changes.push(change(bounds[from], bounds[to], with));
        }
        at = to + 1;
        if at >= bounds.len() {
            break;
        }
    }
    changes
}

/// Every byte maps inside the raw bytes, and starts and ends never fall.
fn check_monotone(reading: &Reading, raw_bytes: usize) {
    let mut last = (0, 0);
    for at in 0..reading.text().len() {
        let span = reading.raw(TextSpan::new(at, at + 1));
        assert!(span.from >= last.0 && span.to >= last.1 && span.from <= span.to && span.to <= raw_bytes, "{at}: {span:?} after {last:?}");
        last = (span.from, span.to);
    }
    assert_eq!(reading.map().text_bytes(), reading.text().len());
}

/// Stretches that no edit touched are what their raw bytes say.
fn check_quotes(first: &Reading, reading: &Reading) {
    for (at, c) in reading.text().char_indices() {
        let span = TextSpan::new(at, at + c.len_utf8());
        if reading.map().is_exact(span) {
            assert_eq!(first.quote(reading.raw(span)), reading.slice(span));
        }
    }
}

fn choices() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    proptest::collection::vec((0_usize..9, 0_usize..5, "[a-c中國é]{0,4}"), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn maps_compose_and_keep_order(text in "[a-zé中國人〇—\n]{0,60}", first in choices(), second in choices(), encoding in 0..4_usize) {
        let encoding = [UTF_8, GBK, BIG5, WINDOWS_1251][encoding];
        let (bytes, _, _) = encoding.encode(&text);
        let raw = Raw::new(bytes.to_vec());
        let decoded = raw.decode();
        check_monotone(&decoded, bytes.len());
        let once = decoded.apply(changes(decoded.text(), &first)).unwrap();
        check_monotone(&once, bytes.len());
        check_quotes(&decoded, &once);
        let twice = once.apply(changes(once.text(), &second)).unwrap();
        check_monotone(&twice, bytes.len());
        check_quotes(&decoded, &twice);
        let afresh = raw.decode();
        prop_assert_eq!(decoded.text(), afresh.text(), "nothing is overwritten");
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let raw = Raw::new(bytes.clone());
        check_monotone(&raw.decode(), bytes.len());
        relto_intake::analyse(bytes, &crate::KNOWLEDGE).unwrap();
    }
}

#[test]
fn what_was_inserted_maps_to_what_it_replaced() {
    let raw = Raw::new("one two three".as_bytes().to_vec());
    let reading = raw.decode().apply(vec![change(4, 7, "zwei und"), change(0, 0, "> ")]).unwrap();
    assert_eq!(reading.text(), "> one zwei und three");
    let at = |text: &str| {
        let from = reading.text().find(text).unwrap();
        let span = reading.raw(TextSpan::new(from, from + text.len()));
        (span.from, span.to)
    };
    assert_eq!(at("zwei"), (4, 7));
    assert_eq!(at("three"), (8, 13));
    assert_eq!(at(">"), (0, 0));
    let again = reading.apply(vec![change(11, 20, "!")]).unwrap();
    assert_eq!(again.text(), "> one zwei !");
    assert_eq!(again.raw(TextSpan::new(11, 12)), relto_intake::span::RawSpan::new(4, 13));
    assert_eq!(again.edits().len(), 3);
}

#[test]
fn changes_that_do_not_fit_are_refused() {
    let reading = Raw::new("中国".as_bytes().to_vec()).decode();
    assert_eq!(reading.apply(vec![change(0, 3, ""), change(0, 6, "")]), Err(ApplyError::Overlap(0)));
    assert_eq!(reading.apply(vec![change(0, 2, "")]), Err(ApplyError::Place { from: 0, to: 2, text_bytes: 6 }));
    assert_eq!(reading.apply(vec![change(9, 9, "")]), Err(ApplyError::Place { from: 9, to: 9, text_bytes: 6 }));
}

#[test]
fn encodings_are_found() {
    let text = "Новый закон был принят в Москве, и его обсуждали все.";
    for (bytes, name) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        ([&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(), "UTF-8"),
        ([&[0xFF, 0xFE][..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat(), "UTF-16LE"),
        ([b"<meta charset=\"windows-1251\">", &*WINDOWS_1251.encode(text).0].concat(), "windows-1251"),
        (WINDOWS_1251.encode(text).0.to_vec(), "windows-1251"),
        (GBK.encode("港口管理局在去年夏天完成了三座码头的扩建，新的起重机可以同时装卸。").0.to_vec(), "GBK"),
    ] {
        let raw = Raw::new(bytes);
        assert_eq!(raw.encoding_name(), name);
        assert!(!raw.decode().text().starts_with('\u{feff}') && !raw.decode().text().contains('\u{fffd}'));
    }
}
