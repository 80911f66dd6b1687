//! The tokens of STIX patterns.

/// One token; texts without their quotes, escapes as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'p> {
    Sign(&'p str),
    Word(Word),
    Name(&'p str),
    Text(&'p str),
    Integer(&'p str),
    Float(&'p str),
    Timestamp(&'p str),
    Hex,
    Binary,
}

/// The grammar's own words; all but `true` and `false` are in capitals only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    And,
    Or,
    Not,
    FollowedBy,
    Like,
    Matches,
    IsSuperset,
    IsSubset,
    Exists,
    In,
    Start,
    Stop,
    Seconds,
    True,
    False,
    Within,
    Repeats,
    Times,
}

const WORDS: [(&str, Word); 20] = [
    ("AND", Word::And),
    ("OR", Word::Or),
    ("NOT", Word::Not),
    ("FOLLOWEDBY", Word::FollowedBy),
    ("LIKE", Word::Like),
    ("MATCHES", Word::Matches),
    ("ISSUPERSET", Word::IsSuperset),
    ("ISSUBSET", Word::IsSubset),
    ("EXISTS", Word::Exists),
    ("IN", Word::In),
    ("START", Word::Start),
    ("STOP", Word::Stop),
    ("SECONDS", Word::Seconds),
    ("TRUE", Word::True),
    ("true", Word::True),
    ("FALSE", Word::False),
    ("false", Word::False),
    ("WITHIN", Word::Within),
    ("REPEATS", Word::Repeats),
    ("TIMES", Word::Times),
];

const SIGNS: [&str; 16] = ["<=", ">=", "!=", "<>", "==", "<", ">", "=", "(", ")", "[", "]", ":", ".", ",", "*"];

/// The tokens of `pattern`, each with the byte it starts at.
pub(super) fn tokens(pattern: &str) -> Result<Vec<(usize, Token<'_>)>, String> {
    Ok(placed(pattern)?.into_iter().map(|(at, _, token)| (at, token)).collect())
}

/// The same, each with the bytes at which it starts and ends.
pub(super) fn placed(pattern: &str) -> Result<Vec<(usize, usize, Token<'_>)>, String> {
    let mut tokens = Vec::new();
    let mut rest = blank(pattern);
    while !rest.is_empty() {
        let at = pattern.len() - rest.len();
        let unknown = || format!("not a STIX pattern: no word, sign or constant starts at character {}", super::character(pattern, at));
        let (token, length) = token(rest).ok_or_else(unknown)?;
        tokens.push((at, at + length, token));
        rest = blank(rest.get(length..).unwrap_or_default());
    }
    Ok(tokens)
}

/// `text` without the white space and comments that it starts with.
fn blank(text: &str) -> &str {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        let after = if let Some(comment) = trimmed.strip_prefix("//") {
            comment.find(['\n', '\r']).and_then(|end| comment.get(end..)).unwrap_or("")
        } else if let Some(end) = trimmed.strip_prefix("/*").and_then(|comment| comment.find("*/")) {
            trimmed.get(end + 4..).unwrap_or("")
        } else {
            return trimmed;
        };
        rest = after;
    }
}

fn token(rest: &str) -> Option<(Token<'_>, usize)> {
    let first = rest.bytes().next()?;
    match first {
        b'\'' => quoted(rest).map(|text| (Token::Text(text), text.len() + 2)),
        b't' | b'h' | b'b' if rest.as_bytes().get(1) == Some(&b'\'') => prefixed(first, rest),
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => Some(name(rest)),
        b'0'..=b'9' | b'-' | b'+' => number(rest),
        b'.' if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => number(rest),
        _ => SIGNS.iter().find_map(|sign| rest.get(..sign.len()).filter(|found| found == sign)).map(|sign| (Token::Sign(sign), sign.len())),
    }
}

/// What stands between the quote that `rest` starts with and the next; `\'` and `\\` are the only escapes.
fn quoted(rest: &str) -> Option<&str> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\'' => return rest.get(1..at),
            b'\\' if matches!(bytes.get(at + 1), Some(b'\'' | b'\\')) => at += 2,
            b'\\' => return None,
            _ => at += 1,
        }
    }
}

fn prefixed(prefix: u8, rest: &str) -> Option<(Token<'_>, usize)> {
    let text = quoted(rest.get(1..)?)?;
    let token = match prefix {
        b't' => Token::Timestamp(text),
        b'h' if text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => Token::Hex,
        b'b' if crate::rules::is_base64(text) || text.is_empty() => Token::Binary,
        _ => return None,
    };
    Some((token, text.len() + 3))
}

fn name(rest: &str) -> (Token<'_>, usize) {
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let text = rest.get(..length).unwrap_or_default();
    let word = WORDS.iter().find(|(word, _)| *word == text);
    (word.map_or(Token::Name(text), |(_, word)| Token::Word(*word)), length)
}

fn number(rest: &str) -> Option<(Token<'_>, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(rest.starts_with(['-', '+']));
    let whole = digits(rest.get(sign..)?);
    let after = rest.get(sign + whole..)?;
    let fraction = after.strip_prefix('.').map_or(0, digits);
    if fraction > 0 {
        let length = sign + whole + 1 + fraction;
        return Some((Token::Float(rest.get(..length)?), length));
    }
    let leading_zero = whole > 1 && rest.get(sign..)?.starts_with('0');
    let length = sign + whole;
    (whole > 0 && !leading_zero).then_some((Token::Integer(rest.get(..length)?), length))
}
