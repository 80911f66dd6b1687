//! A command on its way to the server that holds the directory.

use std::io::{self, BufReader, BufWriter, ErrorKind, Write as _};
use std::os::unix::net::UnixStream;

use relto_node::Source;

use super::{CHUNK_BYTES_MAX, Kind, PROTOCOL, Request, json, reach, receive, send, send_json};
use crate::command::{Command, Outcome};
use crate::directory::Directory;
use crate::execute::Reporter;
use crate::failure::Failure;

/// A connection to the server of a directory, which waits for the command.
#[derive(Debug)]
pub(crate) struct Connection(UnixStream);

/// Connects to the server of `directory` and waits for a place; `None` when none runs. The socket that a killed server left behind
/// counts as none, and so does a server that is about to end.
///
/// # Errors
/// [`Failure`] when there is a server that this user or this release may not use.
pub(crate) fn connect(directory: &Directory) -> Result<Option<Connection>, Failure> {
    let stream = match reach(directory, |path| UnixStream::connect(path)) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => return Ok(None),
        Err(error) => {
            return Err(Failure::of("the running server cannot be reached", &error).help("use the account that runs the server"));
        }
    };
    let Ok((Kind::Hello, content)) = receive(&mut &stream) else { return Ok(None) };
    match json::<u32>(&content) {
        Ok(PROTOCOL) => Ok(Some(Connection(stream))),
        Ok(_) | Err(_) => {
            Err(Failure::new("the running server is of another release")
                .help("stop it and start it again, so that both are of one release"))
        }
    }
}

impl Connection {
    /// Has the server carry `command` out.
    ///
    /// # Errors
    /// The server's [`Failure`], or one that says the connection broke.
    pub(crate) fn carry_out(self, command: Command, sources: &[Source], reporter: &dyn Reporter) -> Result<Outcome, Failure> {
        let answered = self.exchange(command, sources, reporter);
        answered.unwrap_or_else(|error| {
            Err(Failure::of("the running server broke off", &error)
                .help("look at what is there (`list`, `log`), then try again: the command may or may not be in force"))
        })
    }

    fn exchange(self, command: Command, sources: &[Source], reporter: &dyn Reporter) -> io::Result<Result<Outcome, Failure>> {
        let lengths = sources.iter().map(|source| (source.name.clone(), source.content.len() as u64)).collect();
        let sent = self.send(&Request { command, sources: lengths }, sources);
        let mut from = BufReader::new(&self.0);
        loop {
            let (kind, content) = match (receive(&mut from), &sent) {
                (Ok(frame), _) => frame,
                // What the server had to say comes first: it may have refused before everything was sent.
                (Err(_), Err(error)) => return Err(io::Error::new(error.kind(), error.to_string())),
                (Err(error), Ok(())) => return Err(error),
            };
            match kind {
                Kind::Progress => {
                    let (done, total) = json(&content)?;
                    reporter.progress(done, total);
                }
                Kind::Chunk => {
                    if let Err(error) = reporter.write(&content) {
                        return Ok(Err(Failure::of("the output could not be written", &error)));
                    }
                }
                Kind::Done => return Ok(Ok(json(&content)?)),
                Kind::Failed => return Ok(Err(json(&content)?)),
                Kind::Hello | Kind::Request => return Err(io::Error::new(ErrorKind::InvalidData, "the server asks instead of answering")),
            }
        }
    }

    fn send(&self, request: &Request, sources: &[Source]) -> io::Result<()> {
        let mut out = BufWriter::new(&self.0);
        send_json(&mut out, Kind::Request, request)?;
        for source in sources {
            source.content.chunks(CHUNK_BYTES_MAX).try_for_each(|chunk| send(&mut out, Kind::Chunk, chunk))?;
        }
        out.flush()
    }
}
