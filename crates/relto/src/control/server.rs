//! The server's half of the control socket: a few threads beside the runtime that serves people.

use std::io::{self, BufReader, BufWriter, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use parking_lot::{Condvar, Mutex};
use relto_node::{Node, Source};

use super::{Kind, PROTOCOL, Request, SOURCES_MAX, json, reach, receive, send, send_json};
use crate::directory::Directory;
use crate::execute::{Reporter, execute};
use crate::failure::Failure;
use crate::sources::LOAD_BYTES_MAX;

/// Commands that run at once; further ones wait.
pub(crate) const CONNECTIONS_MAX: usize = 8;
/// How long the server waits for a client to go on sending, or to take what it is sent.
pub(crate) const STALL_MAX: Duration = Duration::from_secs(30);

/// The open control socket.
pub(crate) struct Control {
    shared: Arc<Shared>,
    directory: Directory,
    accepting: std::thread::JoinHandle<()>,
}

struct Shared {
    node: Arc<Node>,
    running: Mutex<usize>,
    ended: Condvar,
    closing: AtomicBool,
}

/// Opens the control socket of `directory`, whose exclusive lock the caller holds: an older socket is a dead server's.
///
/// # Errors
/// [`Failure`] when it cannot be made.
pub(crate) fn open(directory: &Directory, node: Arc<Node>) -> Result<Control, Failure> {
    let failed = |error: io::Error| Failure::of("the control socket cannot be made", &error);
    let listener = reach(directory, |path| {
        match std::fs::remove_file(path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    })
    .map_err(failed)?;
    let shared = Arc::new(Shared { node, running: Mutex::new(0), ended: Condvar::new(), closing: AtomicBool::new(false) });
    let accepting = std::thread::Builder::new().name("control".to_owned()).spawn({
        let shared = shared.clone();
        move || accept(&listener, &shared)
    });
    Ok(Control { shared, directory: directory.clone(), accepting: accepting.map_err(failed)? })
}

impl Control {
    /// Takes no further command, and returns when those that run have ended.
    pub(crate) fn close(self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts; it sees that there is nothing more to accept. Where the socket is gone, nobody can be accepted either.
        if reach(&self.directory, |path| UnixStream::connect(path)).is_ok() {
            let _ = self.accepting.join();
        }
        let _ = std::fs::remove_file(self.directory.socket());
        let mut running = self.shared.running.lock();
        while *running > 0 {
            self.shared.ended.wait(&mut running);
        }
    }
}

fn accept(listener: &UnixListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.closing.load(Ordering::SeqCst) {
            return;
        }
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "a control connection was not accepted");
                std::thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        {
            let mut running = shared.running.lock();
            while *running >= CONNECTIONS_MAX {
                shared.ended.wait(&mut running);
            }
            *running += 1;
        }
        let place = Place(shared.clone());
        let spawned = std::thread::Builder::new().name("command".to_owned()).spawn(move || {
            if let Err(error) = answer(&place.0.node, &stream) {
                tracing::warn!(%error, "a control connection broke");
            }
            drop(place);
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, "a command could not be begun");
        }
    }
}

/// One of the places for commands; given back when dropped, also when the command panics.
struct Place(Arc<Shared>);

impl Drop for Place {
    fn drop(&mut self) {
        *self.0.running.lock() -= 1;
        self.0.ended.notify_all();
    }
}

fn answer(node: &Node, stream: &UnixStream) -> io::Result<()> {
    stream.set_read_timeout(Some(STALL_MAX))?;
    stream.set_write_timeout(Some(STALL_MAX))?;
    send_json(&mut &*stream, Kind::Hello, &PROTOCOL)?;
    let out = Mutex::new(BufWriter::new(stream));
    let result = match read_request(&mut BufReader::new(stream)) {
        Ok((request, sources)) => {
            let name = request.command.name();
            tracing::info!(command = name, "begun");
            let result = execute(node, request.command, &sources, &Remote(&out));
            tracing::info!(command = name, done = result.is_ok(), "ended");
            result
        }
        // Somebody only asked whether a server runs.
        Err(Refusal::Broken(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
        Err(Refusal::Broken(error)) => return Err(error),
        Err(Refusal::Unfit(why)) => Err(Failure::new(why).help("stop the server and start it again, so that both are of one release")),
    };
    let mut out = out.lock();
    match result {
        Ok(outcome) => send_json(&mut *out, Kind::Done, &outcome)?,
        Err(failure) => send_json(&mut *out, Kind::Failed, &failure)?,
    }
    out.flush()
}

enum Refusal {
    Broken(io::Error),
    Unfit(String),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

fn read_request(from: &mut BufReader<&UnixStream>) -> Result<(Request, Vec<Source>), Refusal> {
    let (kind, content) = receive(from)?;
    if kind != Kind::Request {
        return Err(Refusal::Unfit("the client does not ask".to_owned()));
    }
    let request: Request =
        json(&content).map_err(|error| Refusal::Unfit(format!("the running server does not know this command: {error}")))?;
    let total = request.sources.iter().try_fold(0_u64, |total, (_, length)| total.checked_add(*length));
    if request.sources.len() > SOURCES_MAX || total.is_none_or(|total| total > LOAD_BYTES_MAX) {
        return Err(Refusal::Unfit("the load is too large".to_owned()));
    }
    let mut sources = Vec::with_capacity(request.sources.len());
    for (name, length) in &request.sources {
        sources.push(Source { name: name.clone(), content: read_source(from, *length)? });
    }
    Ok((request, sources))
}

fn read_source(from: &mut BufReader<&UnixStream>, length: u64) -> Result<Bytes, Refusal> {
    let mut source = BytesMut::new();
    while (source.len() as u64) < length {
        let (kind, chunk) = receive(from)?;
        if kind != Kind::Chunk || chunk.is_empty() || (source.len() + chunk.len()) as u64 > length {
            return Err(Refusal::Unfit("the sources of the load are not as announced".to_owned()));
        }
        source.extend_from_slice(&chunk);
    }
    Ok(source.freeze())
}

struct Remote<'o, 's>(&'o Mutex<BufWriter<&'s UnixStream>>);

impl Reporter for Remote<'_, '_> {
    fn progress(&self, done: u64, total: u64) {
        let mut out = self.0.lock();
        // A client that is gone does not hear how far its load has come; the load goes on.
        let _ = send_json(&mut *out, Kind::Progress, &(done, total)).and_then(|()| out.flush());
    }

    fn write(&self, piece: &[u8]) -> io::Result<()> {
        let mut out = self.0.lock();
        piece.chunks(super::CHUNK_BYTES_MAX).try_for_each(|chunk| send(&mut *out, Kind::Chunk, chunk))?;
        out.flush()
    }
}
