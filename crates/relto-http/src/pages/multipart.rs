//! Forms with a file (RFC 7578), as browsers write them: parts between boundaries, in memory, within bounds.

use bytes::Bytes;

/// Parts of a form at most.
const PARTS_MAX: usize = 16;
/// Bytes of a boundary at most (RFC 2046, section 5.1.1).
const BOUNDARY_BYTES_MAX: usize = 70;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The field.
    pub name: String,
    /// What the file is called, if it is one.
    pub file: Option<String>,
    pub content: Bytes,
}

/// The boundary in a `Content-Type`, if it is that of a form with a file.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let (kind, parameters) = content_type.split_once(';')?;
    let boundary = parameter(parameters, "boundary").filter(|_| kind.trim().eq_ignore_ascii_case("multipart/form-data"))?;
    (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len()).then_some(boundary)
}

/// The parts of `body`; `None` when it is no such form.
pub(super) fn parts(body: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let (delimiter, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    if !body.starts_with(delimiter.as_bytes()) {
        return None;
    }
    let mut rest = body.slice(delimiter.len()..);
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let after = rest.strip_prefix(b"\r\n").map(|after| rest.slice_ref(after))?;
        let head_end = find(&after, b"\r\n\r\n")?;
        let content = after.slice(head_end + 4..);
        let end = find(&content, between.as_bytes())?;
        let head = String::from_utf8_lossy(after.get(..head_end)?).into_owned();
        if parts.len() == PARTS_MAX {
            return None;
        }
        parts.push(part(&head, content.slice(..end))?);
        rest = content.slice(end + between.len()..);
    }
    Some(parts)
}

fn part(head: &str, content: Bytes) -> Option<Part> {
    let disposition = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, said) = disposition.into_iter().find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))?;
    let (kind, parameters) = said.split_once(';')?;
    let name = parameter(parameters, "name").filter(|_| kind.trim().eq_ignore_ascii_case("form-data"))?;
    Some(Part { name, file: parameter(parameters, "filename"), content })
}

/// The value of `wanted` among `name=value` and `name="value"`, between semicolons. Browsers write a quote in a value as `%22`.
fn parameter(parameters: &str, wanted: &str) -> Option<String> {
    let mut rest = parameters.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(';').map_or((after, ""), |(value, next)| (value.trim_end(), next)),
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.to_owned());
        }
        rest = next.trim_start().trim_start_matches(';').trim_start();
    }
    None
}

/// Where `wanted` begins in `bytes`.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<Vec<(String, Option<String>, String)>> {
        let parts = parts(&Bytes::from(body.to_owned()), "XyZ")?;
        Some(parts.into_iter().map(|part| (part.name, part.file, String::from_utf8(part.content.to_vec()).unwrap())).collect())
    }

    fn field(name: &str, value: &str) -> String {
        format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    #[test]
    fn fields_and_files_come_apart() {
        let file = "--XyZ\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a; name=b.json\"\r\nContent-Type: text/plain\r\n\r\n{\r\n--Xy\r\n}\r\n";
        let read = read(&format!("{}{file}{}--XyZ--\r\n", field("csrf", "token"), field("empty", ""))).unwrap();
        assert_eq!(
            read,
            [
                ("csrf".to_owned(), None, "token".to_owned()),
                ("file".to_owned(), Some("a; name=b.json".to_owned()), "{\r\n--Xy\r\n}".to_owned()),
                ("empty".to_owned(), None, String::new()),
            ]
        );
    }

    #[test]
    fn what_is_no_form_is_none() {
        let sound = format!("{}--XyZ--\r\n", field("a", "b"));
        assert!(read(&sound).is_some());
        for broken in [
            String::new(),
            "--XyZ".to_owned(),
            "--Other--".to_owned(),
            field("a", "b"),
            sound.replace("form-data", "attachment"),
            sound.replace("name=\"a\"", "name=\"a"),
            sound.replace("\r\n\r\n", "\r\n"),
            format!("{}--XyZ--\r\n", field("a", "b").repeat(PARTS_MAX + 1)),
        ] {
            assert_eq!(read(&broken), None, "{broken:?}");
        }
    }

    #[test]
    fn boundaries_are_told_by_the_header() {
        assert_eq!(boundary("multipart/form-data; boundary=XyZ").as_deref(), Some("XyZ"));
        assert_eq!(boundary("Multipart/Form-Data; charset=utf-8; boundary=\"X y\"").as_deref(), Some("X y"));
        for none in
            ["multipart/form-data", "multipart/mixed; boundary=a", "application/x-www-form-urlencoded", "multipart/form-data; boundary="]
        {
            assert_eq!(boundary(none), None, "{none}");
        }
        assert_eq!(boundary(&format!("multipart/form-data; boundary={}", "a".repeat(71))), None);
    }
}
