//! The data directory: what is in it, who may open it, and how one is made.
//!
//! ```text
//! DIR/relto.json            what this is: format and the release that made it
//! DIR/node.sqlite           the store, with its -wal and -shm
//! DIR/search/               the index for searching, made again when it is not there
//! DIR/tls/certificate.pem   the certificate, self-signed unless replaced
//! DIR/tls/key.pem           its key
//! DIR/lock                  held exclusively by `serve`, shared by other commands
//! DIR/listening             where `serve` last listened, for the node's card
//! DIR/control.sock          while `serve` runs: the way in for other commands
//! ```
//!
//! Nothing here reads what the store holds; that is the node's.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use relto_model::kinds::Kinds;
use relto_node::Node;
use relto_search::Index;
use relto_store_sql::Sqlite;
use serde::{Deserialize, Serialize};

use crate::ambient::{OsEntropy, SystemClock};
use crate::failure::{Exit, Failure, chain};

/// The format of the directory that this release makes and reads.
pub(crate) const FORMAT: u32 = 1;
/// How long a command waits for another to leave the directory.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(10);
const LOCK_STEP: Duration = Duration::from_millis(20);
const MARKER_BYTES_MAX: u64 = 4_096;
const MARKER_FILE: &str = "relto.json";

/// What `relto.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Marker {
    /// Always `data directory`, so that no other JSON file passes for one.
    relto: String,
    format: u32,
    made_by: String,
}

/// A data directory that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directory(PathBuf);

/// The lock of a directory, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// How a directory is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// By the one server.
    Alone,
    /// By a command that runs without a server.
    Shared,
}

impl Directory {
    /// Recognises the data directory at `path`; touches nothing.
    ///
    /// # Errors
    /// [`Failure`] when there is none, it is not Relto's, or a later release made it.
    pub(crate) fn find(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let marker = path.join(MARKER_FILE);
        let text = match read_small(&marker, MARKER_BYTES_MAX) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                let message = match fs::metadata(path) {
                    Ok(found) if found.is_dir() => format!("`{shown}` is not the data directory of a node: it has no {MARKER_FILE}"),
                    Ok(_) => format!("`{shown}` is a file, not the data directory of a node"),
                    Err(_) => format!("there is no directory `{shown}`"),
                };
                return Err(Failure::not_found(message).help("give the directory that `relto init` made; nothing was touched"));
            }
            Err(error) => return Err(Failure::of(&format!("`{}` cannot be read", marker.display()), &error)),
        };
        let foreign = || Failure::new(format!("`{}` is not Relto's", marker.display())).help("give another directory; nothing was touched");
        let marker: Marker = serde_json::from_str(&text).map_err(|_| foreign())?;
        match (marker.relto == "data directory", marker.format) {
            (true, FORMAT) => Ok(Self(path.to_owned())),
            (true, found) => Err(Failure::new(format!("`{shown}` has format {found}, this release reads format {FORMAT}"))
                .help(format!("use the release that made it ({}) or a later one", marker.made_by))),
            (false, _) => Err(foreign()),
        }
    }

    /// Where it is.
    #[must_use]
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The store's file.
    #[must_use]
    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("node.sqlite")
    }

    /// The folder of the search index.
    #[must_use]
    pub(crate) fn search_index(&self) -> PathBuf {
        self.0.join("search")
    }

    /// The certificate.
    #[must_use]
    pub(crate) fn certificate(&self) -> PathBuf {
        self.0.join("tls/certificate.pem")
    }

    /// The certificate's key.
    #[must_use]
    pub(crate) fn key(&self) -> PathBuf {
        self.0.join("tls/key.pem")
    }

    /// Notes where the server listens.
    ///
    /// # Errors
    /// [`Failure`] when the file cannot be written.
    pub(crate) fn note_listening(&self, address: &str) -> Result<(), Failure> {
        let failed =
            |error: &dyn std::error::Error| Failure::of(&format!("`{}` cannot be written", self.listening_file().display()), error);
        let file = tempfile::NamedTempFile::new_in(&self.0).map_err(|error| failed(&error))?;
        fs::write(file.path(), format!("{address}\n")).map_err(|error| failed(&error))?;
        file.persist(self.listening_file()).map(drop).map_err(|error| failed(&error))
    }

    /// Where the server listens, or last did, as partners can reach it.
    ///
    /// # Errors
    /// [`Failure`] when it has not listened yet, or on all addresses at once.
    pub(crate) fn listening(&self) -> Result<String, Failure> {
        let help = "give `--address https://NAME:PORT/`, where partners reach this node";
        let text = read_small(&self.listening_file(), MARKER_BYTES_MAX);
        let text = text.map_err(|_| Failure::new("this node has not listened yet, so that its card cannot say where").help(help))?;
        let address = text.trim().to_owned();
        if address.starts_with("http://") {
            return Err(Failure::new("this node was last served without TLS, and links between nodes need it").help(help));
        }
        if address.contains("//0.0.0.0:") || address.contains("//[::]:") {
            return Err(Failure::new("this node listens on every address of its machine, and none of them says where").help(help));
        }
        Ok(address)
    }

    fn listening_file(&self) -> PathBuf {
        self.0.join("listening")
    }

    /// The control socket.
    #[must_use]
    pub(crate) fn socket(&self) -> PathBuf {
        self.0.join("control.sock")
    }

    /// Takes the lock, or says that it is held.
    ///
    /// # Errors
    /// [`Failure`] when the lock file cannot be opened.
    pub(crate) fn try_lock(&self, hold: Hold) -> Result<Option<Lock>, Failure> {
        let path = self.0.join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = file.map_err(|error| Failure::of(&format!("`{}` cannot be opened", path.display()), &error))?;
        let taken = match hold {
            Hold::Alone => file.try_lock(),
            Hold::Shared => file.try_lock_shared(),
        };
        match taken {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Failure::of(&format!("`{}` cannot be locked", path.display()), &error)),
        }
    }

    /// Calls `attempt` until it has something, for as long as a command waits.
    ///
    /// # Errors
    /// [`Failure`] with exit code 4 when the wait is over, or what `attempt` fails with.
    pub(crate) fn wait_for<T>(&self, mut attempt: impl FnMut() -> Result<Option<T>, Failure>) -> Result<T, Failure> {
        for _ in 0..LOCK_WAIT.as_millis() / LOCK_STEP.as_millis() {
            if let Some(found) = attempt()? {
                return Ok(found);
            }
            std::thread::sleep(LOCK_STEP);
        }
        let message = format!("another process holds `{}` and does not let go", self.0.display());
        Err(Failure::new(message).exit(Exit::Held).help("wait for the other command to end, then try again"))
    }

    /// Opens the node.
    ///
    /// # Errors
    /// [`Failure`] when the store cannot be used.
    pub(crate) fn node(&self) -> Result<Arc<Node>, Failure> {
        let path = self.database();
        if !path.is_file() {
            let message = format!("`{}` has no store: node.sqlite is missing", self.0.display());
            return Err(Failure::new(message).help("restore it from a backup; `relto init` in another place makes a new node"));
        }
        let backend = Sqlite::open(&path)
            .map_err(|error| Failure::new(chain(&error)).help("`relto doctor --data DIR` checks the whole directory"))?;
        let (clock, entropy, engine) = (Arc::new(SystemClock), Arc::new(OsEntropy), Arc::new(relto_site::CedarEngine));
        let node = Node::open_with(Arc::new(backend), clock, entropy, Kinds::builtin(), Some(engine))?;
        Ok(Arc::new(node.searched_by(Arc::new(Index::in_folder(&self.search_index())))))
    }
}

/// What `init` is told.
pub(crate) struct Founding<'f> {
    /// The organisation that runs the node.
    pub organisation: &'f str,
    /// Its nation, checked.
    pub nation: &'f str,
    /// The certificate and its key, in PEM.
    pub certificate_pem: &'f str,
    /// The key.
    pub key_pem: &'f str,
}

/// Makes a data directory with a node in it. It is built beside its place and moved there whole, so that a half-made one never
/// stands at `path`.
///
/// # Errors
/// [`Failure`] when `path` is taken or cannot be written.
pub(crate) fn create(path: &Path, founding: &Founding<'_>) -> Result<Directory, Failure> {
    check_free(path)?;
    let failed = |error: &dyn std::error::Error| Failure::of(&format!("`{}` cannot be made", path.display()), error);
    let name = path.file_name().ok_or_else(|| Failure::new(format!("`{}` does not end in a name", path.display())))?;
    let parent = parent_of(path);
    make_parents(parent).map_err(|error| failed(&error))?;
    let building =
        tempfile::Builder::new().prefix(&format!(".{}.", name.to_string_lossy())).tempdir_in(parent).map_err(|error| failed(&error))?;
    let directory = Directory(building.path().to_owned());
    fs::set_permissions(directory.path(), Permissions::from_mode(0o700)).map_err(|error| failed(&error))?;
    fs::DirBuilder::new().mode(0o700).create(directory.path().join("tls")).map_err(|error| failed(&error))?;
    write_private(&directory.certificate(), founding.certificate_pem.as_bytes()).map_err(|error| failed(&error))?;
    write_private(&directory.key(), founding.key_pem.as_bytes()).map_err(|error| failed(&error))?;
    {
        let backend = Sqlite::open(&directory.database()).map_err(|error| failed(&error))?;
        Node::create(&backend, founding.organisation, founding.nation, &SystemClock, &OsEntropy)?;
    }
    let marker = Marker { relto: "data directory".to_owned(), format: FORMAT, made_by: env!("CARGO_PKG_VERSION").to_owned() };
    let marker = serde_json::to_string(&marker).map_err(|error| failed(&error))?;
    write_private(&directory.path().join(MARKER_FILE), format!("{marker}\n").as_bytes()).map_err(|error| failed(&error))?;
    // The names of the files are durable before the directory has its own.
    for folder in [directory.path().join("tls"), directory.path().to_owned()] {
        sync(&folder).map_err(|error| failed(&error))?;
    }
    let built = building.keep();
    if let Err(error) = fs::rename(&built, path) {
        let failure = failed(&error);
        // What was built holds a key: it must not lie about where nobody looks for it.
        let _ = fs::remove_dir_all(&built);
        return Err(failure);
    }
    sync(parent).map_err(|error| failed(&error))?;
    Ok(Directory(path.to_owned()))
}

/// The directory that holds `path`.
fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes `path` and what is missing above it, each durable in the one above: a node is lost with any of them.
fn make_parents(path: &Path) -> std::io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists()).collect();
    fs::create_dir_all(path)?;
    missing.into_iter().rev().try_for_each(|made| sync(parent_of(made)))
}

/// Makes the names in a directory durable.
fn sync(directory: &Path) -> std::io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Refuses anything but nothing and an empty directory.
fn check_free(path: &Path) -> Result<(), Failure> {
    let taken = |what: &str| {
        Failure::new(format!("`{}` {what}", path.display())).help("choose a directory that does not exist yet; nothing was touched")
    };
    match fs::read_dir(path) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) if path.join(MARKER_FILE).exists() => Err(taken("is the data directory of a node already")),
            Some(_) => Err(taken("is not empty")),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Err(taken("is a file")),
        Err(error) => Err(Failure::of(&format!("`{}` cannot be read", path.display()), &error)),
    }
}

/// Writes a new file that its owner alone may read, and makes it durable.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Reads a text file of at most `bytes_max`.
pub(crate) fn read_small(path: &Path, bytes_max: u64) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    File::open(path)?.take(bytes_max).read_to_string(&mut text)?;
    Ok(text)
}
