//! The standard's own examples, its corners, the bounds, and that it does not matter where chunks end.

use bytes::Bytes;
use proptest::prelude::*;

use super::{EVENT_BYTES_MAX, Event, LINE_BYTES_MAX, Parser, TooLong, is_media_type};

/// All events of a stream that comes in these chunks.
fn parse(chunks: &[&[u8]]) -> Result<Vec<Event>, TooLong> {
    let (mut parser, mut events) = (Parser::default(), Vec::new());
    for chunk in chunks {
        let mut input = Bytes::copy_from_slice(chunk);
        while let Some(event) = parser.next(&mut input)? {
            events.push(event);
        }
        assert!(input.is_empty());
    }
    Ok(events)
}

/// `name|data|id` of each event.
fn shown(stream: &[u8]) -> Vec<String> {
    let events = parse(&[stream]).unwrap();
    events.iter().map(|Event { name, data, id }| format!("{name}|{data}|{id}")).collect()
}

#[test]
fn streams() {
    let cases: &[(&[u8], &[&str])] = &[
        (b"", &[]),
        (b"\n\n\n", &[]),
        // The standard's examples.
        (b"data: YHOO\ndata: +2\ndata: 10\n\n", &["message|YHOO\n+2\n10|"]),
        (
            b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            &["message|first event|1", "message|second event|", "message| third event|"],
        ),
        (b"data\n\ndata\ndata\n\ndata:", &["message||", "message|\n|"]),
        (b"data:test\n\ndata: test\n\n", &["message|test|", "message|test|"]),
        // Ends of lines, mixed.
        (b"data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d\r\n\n", &["message|a|", "message|b|", "message|c|", "message|d|"]),
        (b"data: a\n\rdata: b\n\r", &["message|a|", "message|b|"]),
        (b"data: a\r\ndata: b\rdata: c\n\r\n", &["message|a\nb\nc|"]),
        // Names and ids.
        (b"event: add\ndata: 1\n\ndata: 2\n\n", &["add|1|", "message|2|"]),
        (b"event: lost\n\ndata: 2\n\n", &["message|2|"]),
        (b"event: a\nevent: b\ndata: 1\n\nevent: a\nevent\ndata: 2\n\n", &["b|1|", "message|2|"]),
        (b"id: 7\n\ndata: 1\n\ndata: 2\nid: 8\n\nid: 9\x000\ndata: 3\n\n", &["message|1|7", "message|2|8", "message|3|8"]),
        // What is not understood.
        (b"retry: 10\nunknown: x\nDATA: y\n data: z\ndata : w\ndata: 1\n:data: c\n\n", &["message|1|"]),
        (b"data: a:b: c\n\n", &["message|a:b: c|"]),
        // A byte order mark, once.
        (b"\xef\xbb\xbfdata: 1\n\n\xef\xbb\xbfdata: 2\n\n", &["message|1|"]),
        (b"\xef\xbb\xbf\ndata: 1\n\n", &["message|1|"]),
        // What is no UTF-8.
        (b"data: \xff\xc3\x28\n\n", &["message|\u{fffd}\u{fffd}(|"]),
        // What does not end is no event.
        (b"data: 1\n\ndata: 2\n", &["message|1|"]),
        (b"data: 1\n\ndata: 2", &["message|1|"]),
    ];
    for (stream, events) in cases {
        assert_eq!(shown(stream), *events, "{:?}", String::from_utf8_lossy(stream));
    }
}

#[test]
fn bounds() {
    let line = |bytes: usize| [b"data:".as_slice(), &vec![b'x'; bytes - 5]].concat();
    let longest = line(LINE_BYTES_MAX);
    assert_eq!(parse(&[&longest, b"\n\n"]).unwrap()[0].data.len(), LINE_BYTES_MAX - 5);
    assert_eq!(parse(&[&longest, b"x"]), Err(TooLong));
    assert_eq!(parse(&[&line(LINE_BYTES_MAX + 1)]), Err(TooLong));
    assert_eq!(parse(&[&vec![b':'; LINE_BYTES_MAX + 1]]), Err(TooLong), "comments as well");
    let lines = |count: usize| [longest.as_slice(), b"\n"].concat().repeat(count);
    let most = EVENT_BYTES_MAX / (LINE_BYTES_MAX - 4);
    assert_eq!(parse(&[&lines(most), b"\n"]).unwrap().len(), 1);
    assert_eq!(parse(&[&lines(most + 1)]), Err(TooLong));
    assert_eq!(parse(&[&b"data\n".repeat(EVENT_BYTES_MAX + 1)]), Err(TooLong), "empty lines count");
}

#[test]
fn media_types() {
    for (content_type, is_events) in [
        ("text/event-stream", true),
        ("Text/Event-Stream ; charset=utf-8", true),
        ("text/event-stream2", false),
        ("application/json", false),
        ("", false),
    ] {
        assert_eq!(is_media_type(content_type), is_events, "{content_type}");
    }
}

/// Streams of what matters to the parser.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"data: ".to_vec()),
        Just(b"data".to_vec()),
        Just(b"event:".to_vec()),
        Just(b"id: ".to_vec()),
        Just(b":".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just("é€𝄞".as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// The same, slowly and all at once: the whole text, its lines, then its fields.
fn plainly(stream: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(stream).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
    let (mut events, mut id, mut name, mut data) = (Vec::new(), String::new(), String::new(), Vec::new());
    for line in whole.split_terminator('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
        match (line, field) {
            ("", _) => {
                let (name, data) = (std::mem::take(&mut name), std::mem::take(&mut data));
                if !data.is_empty() {
                    let name = if name.is_empty() { "message".to_owned() } else { name };
                    events.push(Event { name, data: data.join("\n"), id: id.clone() });
                }
            }
            (_, "event") => name = value,
            (_, "data") => data.push(value),
            (_, "id") if !value.contains('\0') => id = value,
            _ => {}
        }
    }
    events
}

proptest! {
    #[test]
    fn chunks_do_not_matter(stream in stream(), ends in prop::collection::vec(any::<prop::sample::Index>(), 0..20)) {
        let mut ends: Vec<usize> = ends.iter().map(|end| end.index(stream.len() + 1)).collect();
        ends.extend([0, stream.len()]);
        ends.sort_unstable();
        let chunks: Vec<&[u8]> = ends.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
        let expected = plainly(&stream);
        prop_assert_eq!(parse(&chunks).unwrap(), expected.clone());
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(parse(&bytes).unwrap(), expected);
    }
}
