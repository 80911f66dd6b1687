//! The text of a site policy file before Cedar reads it: its statements with their places, and bounds on how deep they can nest.
//!
//! Cedar's reader and what it builds are recursive. A text within these bounds needs little of any stack; `tests/bounds.rs` holds it.
//! This is no parser: it knows strings, comments, brackets and semicolons, which is all that bounds take.

/// The longest text that is read.
pub const TEXT_BYTES_MAX: usize = 256 << 10;
/// The most policies in one file.
pub const POLICIES_MAX: usize = 1_000;
/// How deep brackets and `if`s stand in each other at most.
pub const NESTING_MAX: usize = 24;
/// The most characters of operators in one policy: each can make what is built one step deeper. Commas count for nothing, so that lists
/// may be long.
pub const OPERATORS_MAX: usize = 600;

/// A line and a column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub line: usize,
    pub column: usize,
}

/// The place of the byte at `offset` in `text`.
pub(crate) fn place(text: &str, offset: usize) -> Place {
    let head = text.get(..text.floor_char_boundary(offset)).unwrap_or(text);
    let line = head.matches('\n').count() + 1;
    let column = head.rsplit('\n').next().unwrap_or(head).chars().count() + 1;
    Place { line, column }
}

/// Why a text is not given to Cedar, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    Bytes,
    Policies { offset: usize },
    Nesting { offset: usize },
    Operators { offset: usize },
}

/// Where each statement begins, in order; comments before it are no part of it.
///
/// # Errors
/// [`Excess`] when the text is beyond a bound.
pub(crate) fn statements(text: &str) -> Result<Vec<usize>, Excess> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Excess::Bytes);
    }
    let mut scan = Scan::default();
    for (offset, letter) in visible(text) {
        scan.take(offset, letter)?;
        if scan.begins.len() > POLICIES_MAX {
            return Err(Excess::Policies { offset });
        }
    }
    Ok(scan.begins)
}

#[derive(Default)]
struct Scan {
    begins: Vec<usize>,
    is_inside: bool,
    nesting: usize,
    operators: usize,
    word: String,
}

impl Scan {
    fn take(&mut self, offset: usize, letter: char) -> Result<(), Excess> {
        if !self.is_inside && !letter.is_whitespace() && letter != ';' {
            self.begins.push(offset);
            (self.is_inside, self.nesting, self.operators) = (true, 0, 0);
        }
        if letter.is_alphanumeric() || letter == '_' {
            self.word.push(letter);
            return Ok(());
        }
        // An `if` is one step deeper to the end of the policy: its branches may hold the next.
        let is_deeper = std::mem::take(&mut self.word) == "if" || "([{".contains(letter);
        match letter {
            ';' => self.is_inside = false,
            ')' | ']' | '}' => self.nesting = self.nesting.saturating_sub(1),
            _ => {}
        }
        self.nesting += usize::from(is_deeper);
        self.operators += usize::from("!-+*<>=&|.([{?".contains(letter));
        if self.nesting > NESTING_MAX {
            return Err(Excess::Nesting { offset });
        }
        if self.operators > OPERATORS_MAX {
            return Err(Excess::Operators { offset });
        }
        Ok(())
    }
}

/// The characters of `text` that are neither in a string nor in a comment, with their offsets. A string shows as its quotes.
fn visible(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut letters = text.char_indices().peekable();
    let mut state = State::Code;
    std::iter::from_fn(move || {
        loop {
            let (offset, letter) = letters.next()?;
            match (state, letter) {
                (State::Code, '/') if letters.peek().is_some_and(|(_, next)| *next == '/') => state = State::Comment,
                (State::Code, '"') => {
                    state = State::Text;
                    return Some((offset, letter));
                }
                (State::Code, _) => return Some((offset, letter)),
                (State::Comment, '\n' | '\r') => {
                    state = State::Code;
                    return Some((offset, letter));
                }
                (State::Text, '\\') => {
                    letters.next();
                }
                (State::Text, '"') => {
                    state = State::Code;
                    return Some((offset, letter));
                }
                (State::Comment | State::Text, _) => {}
            }
        }
    })
}

#[derive(Clone, Copy)]
enum State {
    Code,
    Comment,
    Text,
}
