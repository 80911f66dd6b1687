//! A password, typed without echo, or as the first line of standard input.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use relto_node::PASSWORD_BYTES_MAX;

use crate::command::Password;
use crate::failure::Failure;

/// Asks for the password of the account `name`.
///
/// # Errors
/// [`Failure`] when nothing can be read, or what was typed the second time differs.
pub(crate) fn ask(name: &str) -> Result<Password, Failure> {
    let unreadable = |error: &io::Error| Failure::of("the password cannot be read", error);
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        let bound = PASSWORD_BYTES_MAX as u64 + 2;
        io::stdin().lock().take(bound).read_line(&mut line).map_err(|error| unreadable(&error))?;
        return Ok(Password(line.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let terminal = console::Term::stderr();
    let asked = |words: &str| terminal.write_str(words).and_then(|()| terminal.read_secure_line()).map_err(|error| unreadable(&error));
    let password = asked(&format!("Password of `{name}`: "))?;
    if asked("The same again: ")? != password {
        return Err(Failure::new("the two are not the same").help("type the same password twice; nothing was changed"));
    }
    Ok(Password(password))
}
