//! STIX patterns (STIX 2.1, section 9): does a text follow the grammar? It checks; it does not evaluate.
//!
//! The grammar is OASIS's `STIXPattern.g4` of version 2.1; the tokens are in [`lexer`]. A pattern is read once, left to right.

mod lexer;

use lexer::{Token, Word, placed, tokens};

use crate::rules;

/// How deep brackets may nest in a pattern.
pub const PATTERN_DEPTH_MAX: usize = 64;

/// Checks `pattern`.
///
/// # Errors
/// What is wrong, and at which character.
pub fn check(pattern: &str) -> Result<(), String> {
    let tokens = tokens(pattern)?;
    let mut reader = Reader { pattern, tokens: &tokens, at: 0, depth: 0 };
    reader.observations()?;
    match reader.peek() {
        None => Ok(()),
        Some(_) => Err(reader.wrong("an operator or the end")),
    }
}

/// What a piece of a pattern is, for whoever shows one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A word of the language: `AND`, `FOLLOWEDBY`, `WITHIN`.
    Word,
    /// A sign: brackets, comparisons.
    Sign,
    /// Part of an object path.
    Path,
    /// A text in quotes.
    Text,
    /// Another constant: a number, a time stamp, bytes.
    Constant,
    /// White space and comments.
    Blank,
}

/// `pattern` cut into pieces that together are all of it; `None` when it is no STIX pattern.
#[must_use]
pub fn pieces(pattern: &str) -> Option<Vec<(PieceKind, &str)>> {
    check(pattern).ok()?;
    let (mut pieces, mut at) = (Vec::new(), 0);
    for (from, until, token) in placed(pattern).ok()? {
        let kind = match token {
            Token::Word(Word::True | Word::False) | Token::Integer(_) | Token::Float(_) | Token::Timestamp(_) => PieceKind::Constant,
            Token::Hex | Token::Binary => PieceKind::Constant,
            Token::Word(_) => PieceKind::Word,
            Token::Sign("." | ":") | Token::Name(_) => PieceKind::Path,
            Token::Sign(_) => PieceKind::Sign,
            Token::Text(_) => PieceKind::Text,
        };
        pieces.extend([(PieceKind::Blank, pattern.get(at..from)?), (kind, pattern.get(from..until)?)]);
        at = until;
    }
    pieces.push((PieceKind::Blank, pattern.get(at..)?));
    pieces.retain(|(_, text)| !text.is_empty());
    Some(pieces)
}

/// Which character, counted from one, starts at byte `at`.
fn character(pattern: &str, at: usize) -> usize {
    pattern.get(..at).map_or(0, |before| before.chars().count()) + 1
}

struct Reader<'p> {
    pattern: &'p str,
    tokens: &'p [(usize, Token<'p>)],
    at: usize,
    depth: usize,
}

type Checked = Result<(), String>;

impl<'p> Reader<'p> {
    fn peek(&self) -> Option<Token<'p>> {
        self.tokens.get(self.at).map(|(_, token)| *token)
    }

    fn next(&mut self) -> Option<Token<'p>> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn is(&mut self, wanted: Token<'_>) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn is_word(&mut self, wanted: Word) -> bool {
        self.is(Token::Word(wanted))
    }

    fn expect(&mut self, wanted: Token<'_>, name: &str) -> Checked {
        if self.is(wanted) { Ok(()) } else { Err(self.wrong(name)) }
    }

    fn wrong(&self, wanted: &str) -> String {
        let at = self.tokens.get(self.at).map_or(self.pattern.len(), |(at, _)| *at);
        format!("not a STIX pattern: character {} should be {wanted}", character(self.pattern, at))
    }

    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Checked) -> Checked {
        self.depth += 1;
        if self.depth > PATTERN_DEPTH_MAX {
            return Err(format!("a STIX pattern nested more than {PATTERN_DEPTH_MAX} deep"));
        }
        let checked = inner(self);
        self.depth -= 1;
        checked
    }

    fn observations(&mut self) -> Checked {
        loop {
            self.observation()?;
            if !(self.is_word(Word::FollowedBy) || self.is_word(Word::Or) || self.is_word(Word::And)) {
                return Ok(());
            }
        }
    }

    fn observation(&mut self) -> Checked {
        if self.is(Token::Sign("(")) {
            self.deeper(Self::observations)?;
            self.expect(Token::Sign(")"), "`)`")?;
            return self.qualifiers(false);
        }
        self.expect(Token::Sign("["), "`[` or `(`")?;
        self.deeper(Self::comparisons)?;
        self.expect(Token::Sign("]"), "`]`, `AND` or `OR`")?;
        self.qualifiers(true)
    }

    /// A qualifier of each kind at most once on one observation; a group may have what its parts have.
    fn qualifiers(&mut self, once: bool) -> Checked {
        let mut seen = [false; 3];
        loop {
            let kind = if self.is_word(Word::Within) {
                self.positive(true)?;
                self.expect(Token::Word(Word::Seconds), "`SECONDS`")?;
                0
            } else if self.is_word(Word::Repeats) {
                self.positive(false)?;
                self.expect(Token::Word(Word::Times), "`TIMES`")?;
                1
            } else if self.is_word(Word::Start) {
                self.timestamp()?;
                self.expect(Token::Word(Word::Stop), "`STOP`")?;
                self.timestamp()?;
                2
            } else {
                return Ok(());
            };
            if let Some(seen) = seen.get_mut(kind) {
                if once && *seen {
                    return Err("not a STIX pattern: one qualifier twice on one observation".to_owned());
                }
                *seen = true;
            }
        }
    }

    fn positive(&mut self, fraction: bool) -> Checked {
        match self.next() {
            Some(Token::Integer(text)) if !text.starts_with('-') => Ok(()),
            Some(Token::Float(text)) if fraction && !text.starts_with('-') => Ok(()),
            _ => Err(self.back("a positive number")),
        }
    }

    fn timestamp(&mut self) -> Checked {
        match self.next() {
            Some(Token::Timestamp(text)) if crate::Timestamp::parse(text).is_ok() => Ok(()),
            _ => Err(self.back("a time stamp such as t'2026-01-01T00:00:00Z'")),
        }
    }

    fn back(&mut self, wanted: &str) -> String {
        self.at = self.at.saturating_sub(1);
        self.wrong(wanted)
    }

    fn comparisons(&mut self) -> Checked {
        loop {
            self.comparison()?;
            if !(self.is_word(Word::Or) || self.is_word(Word::And)) {
                return Ok(());
            }
        }
    }

    fn comparison(&mut self) -> Checked {
        if self.is(Token::Sign("(")) {
            self.deeper(Self::comparisons)?;
            return self.expect(Token::Sign(")"), "`)`");
        }
        if self.is_word(Word::Exists) {
            return self.path().map(drop);
        }
        let hash = self.path()?;
        self.is_word(Word::Not);
        let literal = match self.next() {
            Some(Token::Sign("=" | "==" | "!=" | "<>")) => self.literal(true)?,
            Some(Token::Sign("<" | ">" | "<=" | ">=")) => self.literal(false)?,
            Some(Token::Word(Word::Like | Word::Matches | Word::IsSubset | Word::IsSuperset)) => self.text()?,
            Some(Token::Word(Word::In)) => return self.set(),
            _ => return Err(self.back("a comparison operator")),
        };
        match (hash, literal) {
            (Some(algorithm), Some(text)) => hash_form(algorithm, text),
            _ => Ok(()),
        }
    }

    fn text(&mut self) -> Result<Option<&'p str>, String> {
        match self.next() {
            Some(Token::Text(_)) => Ok(None),
            _ => Err(self.back("a text in single quotes")),
        }
    }

    /// A constant; its text when it is one.
    fn literal(&mut self, boolean: bool) -> Result<Option<&'p str>, String> {
        match self.next() {
            Some(Token::Text(text)) => Ok(Some(text)),
            Some(Token::Integer(_) | Token::Float(_) | Token::Hex | Token::Binary) => Ok(None),
            Some(Token::Timestamp(text)) if crate::Timestamp::parse(text).is_ok() => Ok(None),
            Some(Token::Word(Word::True | Word::False)) if boolean => Ok(None),
            _ => Err(self.back("a constant")),
        }
    }

    fn set(&mut self) -> Checked {
        self.expect(Token::Sign("("), "`(`")?;
        if self.is(Token::Sign(")")) {
            return Ok(());
        }
        loop {
            self.literal(true)?;
            if self.is(Token::Sign(")")) {
                return Ok(());
            }
            self.expect(Token::Sign(","), "`,` or `)`")?;
        }
    }

    /// An object path; the hash algorithm that it ends in, if it does.
    fn path(&mut self) -> Result<Option<&'p str>, String> {
        let Some(Token::Name(kind)) = self.next() else { return Err(self.back("an object type")) };
        if !crate::id::is_kind(kind) {
            return Err(self.back("an object type of 3 to 250 characters a-z, 0-9 and hyphen"));
        }
        self.expect(Token::Sign(":"), "`:`")?;
        let mut last = match self.next() {
            Some(Token::Name(name)) if !name.contains('-') && rules::is_property_name(name) => name,
            Some(Token::Text(name)) => name,
            _ => return Err(self.back("a property name")),
        };
        let mut in_hashes = false;
        loop {
            if self.is(Token::Sign(".")) {
                in_hashes |= last == "hashes";
                last = match self.next() {
                    Some(Token::Name(name)) if !name.contains('-') => name,
                    Some(Token::Text(name)) => name,
                    _ => return Err(self.back("a property name")),
                };
            } else if self.is(Token::Sign("[")) {
                match self.next() {
                    Some(Token::Integer(_) | Token::Sign("*")) => {}
                    _ => return Err(self.back("an index or `*`")),
                }
                self.expect(Token::Sign("]"), "`]`")?;
            } else {
                return Ok(in_hashes.then_some(last));
            }
        }
    }
}

fn hash_form(algorithm: &str, text: &str) -> Checked {
    let plain: String = algorithm.to_ascii_uppercase().chars().filter(|character| *character != '-').collect();
    let digits = match plain.as_str() {
        "MD5" => 32,
        "SHA1" | "RIPEMD160" => 40,
        "SHA224" | "SHA3224" => 56,
        "SHA256" | "SHA3256" => 64,
        "SHA384" | "SHA3384" => 96,
        "SHA512" | "SHA3512" | "WHIRLPOOL" => 128,
        _ => return Ok(()),
    };
    if text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    let shown: String = algorithm.chars().take(40).collect();
    Err(format!("the pattern's {shown} value is not {digits} hexadecimal digits"))
}

#[cfg(test)]
mod tests;
