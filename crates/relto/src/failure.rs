//! What goes wrong, as scripts and people see it: an exit code, one line that says what, one that says what to do next.
//!
//! One table for all of it. Every error of the node becomes a [`Failure`] here and nowhere else; it travels over the control socket as it
//! is, so that a command says the same whether a server runs or not.

mod models;
mod partners;
mod requests;
mod searching;

use std::error::Error;
use std::fmt;

use relto_node::{
    ActivationError, AdminError, ConsentError, ExplainError, ExportError, LoadError, ReadError, RelabelError, ShowError, StoreError,
    TearlineError, WriteError,
};
use relto_policy::release_check::WordListError;
use serde::{Deserialize, Serialize};

/// How a command ended, as an exit code that scripts can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Exit {
    /// Refused or failed: 1.
    Failed,
    /// Not a command line: 2.
    Usage,
    /// No such user, collection, object, directory or file: 3.
    NotFound,
    /// Another process holds the directory: 4.
    Held,
}

impl Exit {
    /// The exit code.
    #[must_use]
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Held => 4,
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What happened, with its causes.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
    /// Single findings, one a line, between message and help.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Whether what was given is wrong, so that the same again fails again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_lasting: bool,
}

impl Failure {
    /// A failure with exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into(), help: None, details: Vec::new(), is_lasting: false }
    }

    /// Something that is not there.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self { exit: Exit::NotFound, ..Self::new(message) }
    }

    /// What `doing` failed with, causes included.
    pub(crate) fn of(doing: &str, error: &dyn Error) -> Self {
        Self::new(format!("{doing}: {}", chain(error)))
    }

    /// With a next step.
    #[must_use]
    pub(crate) fn help(self, next: impl Into<String>) -> Self {
        Self { help: Some(next.into()), ..self }
    }

    /// Of what is wrong with what was given.
    #[must_use]
    pub(crate) fn lasting(self) -> Self {
        Self { is_lasting: true, ..self }
    }

    /// With another exit code.
    #[must_use]
    pub(crate) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}
impl Error for Failure {}

/// An error and its causes on one line; a cause that its error repeats is said once.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn absent(kind: &str, name: &str) -> Failure {
    Failure::not_found(format!("there is no {kind} `{name}`")).help(format!("`relto {kind} list --data DIR` shows all"))
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let failure = Self::new(chain(&error));
        if failure.message.contains("disk is full") {
            return failure.help("free space on the disk of the data directory; nothing was changed");
        }
        match error {
            StoreError::NotANode => Self::new("this is not the data directory of a node").help("make one with `relto init`"),
            StoreError::ClockBehind { now, last } => Self::new(format!("the clock says {now}, but the last change is of {last}"))
                .help("set the machine's clock right; nothing is written until it has passed the last change"),
            StoreError::Unsettled => failure.help("try again"),
            StoreError::File { .. } => failure.help("open the directory with the release that put the file in force, and replace the file"),
            StoreError::Backend(_) | StoreError::Record { .. } | StoreError::Tables(_) => {
                failure.help("`relto doctor --data DIR` checks the whole directory")
            }
        }
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Absent { kind, name } => absent(kind, &name),
            AdminError::Exists { kind, name } => {
                let change = if matches!(kind, "user" | "collection") {
                    format!("`relto {kind} set` changes it")
                } else {
                    "it needs no adding".into()
                };
                Self::new(format!("there is a {kind} `{name}` already")).help(change)
            }
            AdminError::Password(_) => Self::new(chain(&error)).help("choose another password; nothing was changed"),
            AdminError::NoNation => Self::new("a user has at least one nation").help("add `--nation` with an ISO 3166-1 alpha-3 code"),
            AdminError::Store(error) => error.into(),
            AdminError::Label(error) => label(&error),
            AdminError::Name { .. } => Self::new(chain(&error)).help("choose another name; nothing was changed"),
            AdminError::Facts(_) | AdminError::FactsTwice => {
                Self::new(chain(&error)).help("`relto user set --help` shows the facts that there are; nothing was changed")
            }
            AdminError::Attribute(_) | AdminError::Role(_) => {
                Self::new(chain(&error)).help("`relto user add --help` shows every form with examples")
            }
        }
    }
}

/// A label that is none.
fn label(error: &relto_policy::LabelError) -> Failure {
    Failure::new(chain(error)).help("`relto label check LABEL --data DIR` says what a label means; `relto load --help` shows the forms")
}

impl From<ActivationError> for Failure {
    fn from(error: ActivationError) -> Self {
        let said = Self::new(chain(&error));
        match error {
            ActivationError::Unusable { findings, .. } => Self { details: findings, ..said }
                .help("mend what is named; `relto policy check FILE` shows everything; nothing was changed"),
            ActivationError::Kind => said.help("give an XML SPIF, policies in Cedar, or a table in JSON with `--table NAME`"),
            ActivationError::NoEngine => said.help("use the `relto` binary"),
            ActivationError::BuiltIn(_) => said.help("a site narrows it by a policy of its own name"),
            ActivationError::Rank { .. } => said.help("keep the hierarchy of what there is, and give new classifications one of their own"),
            ActivationError::Absent(name) => absent_file(&name),
            ActivationError::Store(error) => error.into(),
        }
    }
}

fn absent_file(name: &str) -> Failure {
    Failure::not_found(format!("no file `{name}` is in force")).help("`relto policy list --data DIR` shows all")
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Label(error) => label(&error),
            WriteError::Store(error) => error.into(),
            WriteError::NotExpressible(_) => {
                Self::new(chain(&error)).help("a person decides what to mark it with; `relto label write --help`")
            }
            WriteError::Date(_) => Self::new(chain(&error)).help("write a day such as 2031-01-31, or an RFC 3339 time"),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::NoCollection(name) => absent("collection", &name),
            LoadError::Addressee(name) => absent("user", &name),
            LoadError::Label(error) => label(&error),
            LoadError::Store(error) => error.into(),
            LoadError::Refused { refused, named } => {
                Self { details: named, ..Self::new(format!("nothing was loaded: {refused} object(s) refused")).lasting() }
                    .help("mend what is named, or load the rest with `--keep-going`")
            }
            LoadError::Form { .. } => {
                Self::new(chain(&error)).help("files hold a STIX bundle, a list of objects, one object, or JSON lines; nothing was loaded")
            }
            LoadError::Date(_) => Self::new(chain(&error)).help("write a day such as 2026-01-31, or an RFC 3339 time"),
        }
    }
}

impl From<RelabelError> for Failure {
    fn from(error: RelabelError) -> Self {
        match error {
            RelabelError::Absent(id) => no_object(id.as_str()),
            RelabelError::Addressee(name) => absent("user", &name),
            RelabelError::Label(error) => label(&error),
            RelabelError::Store(error) => error.into(),
        }
    }
}

impl From<ConsentError> for Failure {
    fn from(error: ConsentError) -> Self {
        let failure = Self::new(chain(&error));
        match error {
            ConsentError::Absent(id) => no_object(id.as_str()),
            ConsentError::NoUser(name) => absent("user", &name),
            ConsentError::NotAPerson(_) => failure.help("write `user:NAME`"),
            ConsentError::Store(error) => error.into(),
            ConsentError::Marking(_) => failure.help("enter the consent for what carries it"),
            ConsentError::NotAsked { .. } => {
                let asks = "a label asks for it by `HANDLING:ORCON ORG` or `HANDLING:THIRD PARTY ORG`, and for addressees by `TLP:RED`";
                failure.help(format!("`relto explain` names who must consent; {asks}"))
            }
            ConsentError::NotGiven { .. } => failure.help("`relto consent list` shows all"),
            ConsentError::Unvouched => failure.help("add `--by NAME --reference TEXT`"),
            ConsentError::Hidden => failure.help("write it anew, in one line"),
            ConsentError::Recipient(_) => {
                failure.help("write an organisation by its name, `user:NAME`, or `nation:` and ISO 3166-1 alpha-3")
            }
            ConsentError::Until(_) => failure.help("write a day, `2027-01-01`, or a time, `2027-01-01T12:00:00Z`"),
            ConsentError::Ended(_) => failure.help("give a later `--until`, or none"),
        }
    }
}

impl From<WordListError> for Failure {
    fn from(error: WordListError) -> Self {
        Self::new(format!("the word list cannot be read: {error}"))
            .help("one entry a line, `#` begins a comment, `*` stands for any ending")
    }
}

impl From<TearlineError> for Failure {
    fn from(error: TearlineError) -> Self {
        let failure = Self::new(chain(&error));
        match error {
            TearlineError::Absent(id) => no_object(id.as_str()),
            TearlineError::NoCollection(name) => absent("collection", &name),
            TearlineError::Label(error) => label(&error),
            TearlineError::Words(error) => error.into(),
            TearlineError::Store(error) => error.into(),
            TearlineError::Ambiguous(_) => failure.help("name one with `--collection`"),
            TearlineError::Damaged(_) => failure.help("`relto doctor --data DIR` checks the whole directory"),
            TearlineError::Refused(_) => {
                failure.help("without `--publish` it says what would be left out; `relto label set` relabels an object")
            }
            TearlineError::Exists(_) => failure.help("a new version of the original can have a new one"),
            TearlineError::Findings(_) => {
                failure.help("look at them without `--publish`, then `--accept N,N`, or `--accept-findings` with a reason")
            }
            TearlineError::Changed => failure.help("look at the proposal again"),
            TearlineError::Unreviewed => failure.help("add `--reviewed-by NAME --reason TEXT`"),
        }
    }
}

impl From<ExplainError> for Failure {
    fn from(error: ExplainError) -> Self {
        match error {
            ExplainError::NoObject(id) => no_object(id.as_str()),
            ExplainError::NoUser(name) => absent("user", &name),
            ExplainError::Store(error) => error.into(),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NoUser(name) => absent("user", &name),
            ReadError::Store(error) => error.into(),
            ReadError::Disabled(name) => Self::new(format!("user `{name}` is disabled, and sees nothing"))
                .help("`relto user enable --data DIR NAME` lets it sign in again"),
            ReadError::SignedOut => Self::new(chain(&error)),
        }
    }
}

impl From<ShowError> for Failure {
    fn from(error: ShowError) -> Self {
        match error {
            ShowError::Absent(_) => Self::not_found(chain(&error))
                .help("`relto export --data DIR --as NAME` writes what a user may see; `relto explain` says why somebody does not"),
            ShowError::Store(error) => error.into(),
            ShowError::Cut => Self::new(chain(&error)),
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NoCollection(name) => Self::not_found(format!("there is no collection `{name}` for this user"))
                .help("`relto collection list --data DIR` shows all; a user sees those whose label admits them"),
            ExportError::Store(error) => error.into(),
            ExportError::Cut | ExportError::Write(_) => Self::new(chain(&error)),
        }
    }
}

fn no_object(id: &str) -> Failure {
    Failure::not_found(format!("there is no object `{id}` on this node")).help("ids are written `TYPE--UUID`, as `relto export` shows them")
}
