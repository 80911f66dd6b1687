//! The control socket: how a command reaches the server that holds the directory.
//!
//! One connection carries one command. Every frame is a kind (one byte), a length (four bytes, big-endian) and that many bytes:
//!
//! ```text
//! server: HELLO (JSON: version)         the command has its place; before that, nothing has begun
//! client: REQUEST (JSON)  CHUNK*        the sources of a load, one after the other, as long as the request says
//! server: PROGRESS*  CHUNK*             CHUNK: a piece of an export
//! server: DONE (JSON) | FAILED (JSON)
//! ```
//!
//! The socket stands in a directory that its owner alone can enter; whoever can connect could as well read the store. It is no way in
//! for anybody else, and never speaks for a principal. The server's half is [`server`], the client's [`client`].

pub(crate) mod client;
pub(crate) mod server;

use std::io::{self, ErrorKind, Read, Write};

use serde::{Deserialize, Serialize};

use crate::command::Command;

/// The version of what is spoken here; both ends must be of one release when it differs.
pub(crate) const PROTOCOL: u32 = 1;
/// Longest frame of JSON, in bytes.
pub(crate) const JSON_BYTES_MAX: usize = 64 << 20;
/// Longest frame of raw bytes.
pub(crate) const CHUNK_BYTES_MAX: usize = 1 << 20;
/// Most files of one load.
pub(crate) const SOURCES_MAX: usize = 10_001;

/// What the client begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Request {
    /// What to do.
    pub command: Command,
    /// Name and length of each source that follows.
    pub sources: Vec<(String, u64)>,
}

/// The kinds of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The version of the protocol, once the command has its place.
    Hello,
    /// What the client begins with.
    Request,
    /// Raw bytes.
    Chunk,
    /// Objects done and in all.
    Progress,
    /// The outcome.
    Done,
    /// The failure.
    Failed,
}

impl Kind {
    const ALL: [(u8, Self); 6] =
        [(0, Self::Hello), (1, Self::Request), (2, Self::Chunk), (3, Self::Progress), (4, Self::Done), (5, Self::Failed)];

    fn byte(self) -> u8 {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or(u8::MAX, |(byte, _)| *byte)
    }

    fn bytes_max(self) -> usize {
        if self == Self::Chunk { CHUNK_BYTES_MAX } else { JSON_BYTES_MAX }
    }
}

/// Sends one frame.
///
/// # Errors
/// When the other end is gone, or the frame is too long.
pub(crate) fn send(out: &mut impl Write, kind: Kind, content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).ok().filter(|_| content.len() <= kind.bytes_max());
    let length = length.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the frame is too long"))?;
    let mut head = [0; 5];
    let [first, rest @ ..] = &mut head;
    *first = kind.byte();
    rest.copy_from_slice(&length.to_be_bytes());
    out.write_all(&head)?;
    out.write_all(content)
}

/// Sends one frame of JSON.
///
/// # Errors
/// As [`send`].
pub(crate) fn send_json(out: &mut impl Write, kind: Kind, value: &impl Serialize) -> io::Result<()> {
    send(out, kind, &serde_json::to_vec(value).map_err(io::Error::other)?)
}

/// Receives one frame.
///
/// # Errors
/// When the other end is gone or does not speak this protocol.
pub(crate) fn receive(from: &mut impl Read) -> io::Result<(Kind, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let [byte, length @ ..] = head;
    let kind = Kind::ALL.iter().find(|(known, _)| *known == byte).map(|(_, kind)| *kind);
    let kind = kind.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "not a frame of the control socket"))?;
    let length = u32::from_be_bytes(length) as usize;
    if length > kind.bytes_max() {
        return Err(io::Error::new(ErrorKind::InvalidData, "the frame is too long"));
    }
    // The content is read as it comes, so that a length alone takes no memory.
    let mut content = Vec::with_capacity(length.min(64 << 10));
    from.take(length as u64).read_to_end(&mut content)?;
    if content.len() == length { Ok((kind, content)) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

/// Reads a frame's JSON.
///
/// # Errors
/// When it is none of this shape.
pub(crate) fn json<T: serde::de::DeserializeOwned>(content: &[u8]) -> io::Result<T> {
    serde_json::from_slice(content).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

/// The path by which the socket in `directory` is reached: the kernel takes about a hundred bytes, and directories lie deeper.
pub(crate) fn reach<T>(directory: &crate::directory::Directory, act: impl FnOnce(&std::path::Path) -> io::Result<T>) -> io::Result<T> {
    use std::os::fd::AsRawFd as _;
    use std::os::unix::ffi::OsStrExt as _;
    const PATH_BYTES_MAX: usize = 100;
    let path = directory.socket();
    if path.as_os_str().as_bytes().len() <= PATH_BYTES_MAX {
        return act(&path);
    }
    let open = std::fs::File::open(directory.path())?;
    act(&std::path::Path::new("/proc/self/fd").join(open.as_raw_fd().to_string()).join("control.sock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_as_they_were_sent() {
        let mut wire = Vec::new();
        send(&mut wire, Kind::Chunk, b"bytes").unwrap();
        send_json(&mut wire, Kind::Progress, &(1, 2)).unwrap();
        let mut wire = wire.as_slice();
        assert_eq!(receive(&mut wire).unwrap(), (Kind::Chunk, b"bytes".to_vec()));
        let (kind, content) = receive(&mut wire).unwrap();
        assert_eq!((kind, json::<(u64, u64)>(&content).unwrap()), (Kind::Progress, (1, 2)));
        assert_eq!(receive(&mut wire).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for wire in [&[9, 0, 0, 0, 0][..], &[2, 255, 0, 0, 0], &[2, 0, 0, 0, 2, 1], b"GET / HTTP/1.1\r\n"] {
            assert!(receive(&mut &wire[..]).is_err(), "{wire:?}");
        }
        assert!(send(&mut Vec::new(), Kind::Chunk, &vec![0; CHUNK_BYTES_MAX + 1]).is_err());
    }
}
