//! `relto partner`, `relto quarantine`: the nodes and servers that this one exchanges with.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use relto_node::{KeyStep, NewPartner, ServerCard, UserChange};

use super::help::{PARTNER_ADDS, PARTNER_CARDS, PARTNER_KEYS, PARTNER_MEDIA, QUARANTINES};
use super::terms::{AcceptTerms, SendTerms};
use super::{Attributes, Place};
use crate::command::Command;
use crate::directory::Directory;
use crate::failure::{Exit, Failure};
use crate::files;

/// Longer than any card, certificate or password, in bytes.
const FILE_BYTES_MAX: usize = 64 << 10;

/// `relto partner`.
#[derive(Debug, Subcommand)]
pub(crate) enum PartnerForm {
    /// Write this node's card, for partners to add; or, with --server, that of a TAXII server that is no Relto node
    #[command(after_help = PARTNER_CARDS)]
    Card(PartnerCard),
    /// Come to be known by another key, step by step
    #[command(after_help = PARTNER_KEYS)]
    Key {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        step: KeySteps,
    },
    /// Add a partner by its card, or change one; without the right phrase nothing flows yet
    #[command(after_help = PARTNER_ADDS)]
    Add(Box<PartnerAdd>),
    /// Show all partners: how they stand, what flows, what waits
    List(Place),
    /// Stop all flows to and from a partner, at once
    Suspend(Named),
    /// Let objects flow again
    Resume {
        #[command(flatten)]
        named: Named,
        /// The phrase of its key, where nobody has compared it yet
        #[arg(long, value_name = "WORDS")]
        fingerprint: Option<String>,
    },
    /// Write to a file what a partner would fetch and be told: the exchange over media, for closed networks
    #[command(after_help = PARTNER_MEDIA)]
    Export {
        #[command(flatten)]
        place: Place,
        /// Its name
        name: String,
        /// The file to make
        file: PathBuf,
        /// Everything again, not only what is new since the last file
        #[arg(long)]
        from_start: bool,
    },
    /// Take in a file that a partner wrote
    #[command(after_help = PARTNER_MEDIA)]
    Import {
        #[command(flatten)]
        place: Place,
        /// Its name
        name: String,
        /// The file, also packed (.gz, .zst)
        file: PathBuf,
    },
    /// Have a partner leave: stops all flows both ways, and has it destroy what it holds of this node's
    Remove(Named),
}

/// `relto partner card`.
#[derive(Debug, Args)]
pub(crate) struct PartnerCard {
    #[command(flatten)]
    pub place: Place,
    /// Where partners reach this node [default: where it listens]
    #[arg(long, value_name = "URL", conflicts_with = "server")]
    pub address: Option<String>,
    /// The API root of a TAXII 2.1 server, for a card of it
    #[arg(long, value_name = "URL", requires = "name")]
    pub server: Option<String>,
    /// What the server's organisation is called
    #[arg(long, value_name = "NAME", requires = "server")]
    pub name: Option<String>,
    /// The server's certificate, or that of whoever signed it, in PEM
    #[arg(long, value_name = "FILE", requires = "server")]
    pub certificate: Option<PathBuf>,
    /// The account to sign in with
    #[arg(long, value_name = "NAME", requires = "password_file")]
    pub username: Option<String>,
    /// A file with its password
    #[arg(long, value_name = "FILE", requires = "username")]
    pub password_file: Option<PathBuf>,
}

/// `relto partner add`.
#[derive(Debug, Args)]
pub(crate) struct PartnerAdd {
    #[command(flatten)]
    pub place: Place,
    /// Its card; `-` is standard input
    #[arg(value_name = "CARD")]
    pub card: PathBuf,
    /// What it is called here, and its organisation [default: as in its card]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Its nation, ISO 3166-1 alpha-3; of several, every one must be allowed to see what it sees
    #[arg(long, value_name = "NATION", required = true)]
    pub nation: Vec<String>,
    #[command(flatten)]
    pub attributes: Attributes,
    /// A collection to exchange, and the partner's name for it
    #[arg(long, value_name = "NAME[=THEIRS]", required = true)]
    pub collection: Vec<String>,
    /// Fetch from it
    #[arg(long)]
    pub pull: bool,
    /// Send to it
    #[arg(long)]
    pub push: bool,
    /// The phrase of its key, as somebody there read it to you
    #[arg(long, value_name = "WORDS")]
    pub fingerprint: Option<String>,
    /// The first day, or time, at which the agreement holds [default: now]
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// The first day, or time, at which it no longer holds
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// What it wrote goes to no other partner, whatever its labels admit
    #[arg(long)]
    pub no_onward: bool,
    /// Say what would go to it, label by label, and what is here of it and would not be taken in; do nothing
    #[arg(long)]
    pub what_if: bool,
    #[command(flatten)]
    pub send: SendTerms,
    #[command(flatten)]
    pub accept: AcceptTerms,
}

/// One step towards another key.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct KeySteps {
    /// Make a next key; the card then names both
    #[arg(long)]
    make_next: bool,
    /// Use it; the old one stays on the card
    #[arg(long)]
    use_next: bool,
    /// Keep only the key in use
    #[arg(long)]
    forget: bool,
}

impl KeySteps {
    fn step(&self) -> KeyStep {
        match (self.make_next, self.use_next) {
            (true, _) => KeyStep::Make,
            (_, true) => KeyStep::Use,
            _ => KeyStep::Forget,
        }
    }
}

/// A partner by name.
#[derive(Debug, Args)]
pub(crate) struct Named {
    #[command(flatten)]
    pub place: Place,
    /// Its name
    pub name: String,
    /// Say what it would stop, and do nothing
    #[arg(long)]
    pub what_if: bool,
}

/// `relto recall`.
#[derive(Debug, Args)]
pub(crate) struct RecallForm {
    #[command(flatten)]
    pub place: Place,
    /// The object
    #[arg(value_name = "OBJECT-ID")]
    pub object: String,
    /// Why; partners are told
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
}

/// `relto trace`.
#[derive(Debug, Args)]
pub(crate) struct TraceForm {
    #[command(flatten)]
    pub place: Place,
    /// The object
    #[arg(value_name = "OBJECT-ID")]
    pub object: String,
}

/// `relto quarantine`.
#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineForm {
    /// Show what partners delivered and was not taken in, and why
    #[command(after_help = QUARANTINES)]
    List {
        #[command(flatten)]
        place: Place,
        /// Only of this partner
        #[arg(long, value_name = "NAME")]
        partner: Option<String>,
    },
    /// Try again to take it in
    Retry(Waiting),
    /// Throw it away
    Drop {
        #[command(flatten)]
        waiting: Waiting,
        /// Why; kept in the log
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
}

/// Something in quarantine.
#[derive(Debug, Args)]
pub(crate) struct Waiting {
    #[command(flatten)]
    pub place: Place,
    /// The partner that delivered it
    #[arg(long, value_name = "NAME")]
    pub partner: String,
    /// Only the object of this id
    #[arg(long, value_name = "OBJECT-ID")]
    pub object: Option<String>,
}

impl PartnerForm {
    /// Where, and what to do there.
    ///
    /// # Errors
    /// [`Failure`] when a file cannot be read.
    pub(crate) fn command(self) -> Result<(Place, Command), Failure> {
        Ok(match self {
            Self::Card(form) => form.command()?,
            Self::Add(form) => form.command()?,
            Self::Key { place, step } => (place, Command::PartnerKey(step.step())),
            Self::List(place) => (place, Command::PartnerList),
            Self::Suspend(Named { place, name, what_if: true }) => (place, Command::PartnerHoldings { name }),
            Self::Suspend(Named { place, name, .. }) => (place, Command::PartnerSuspend { name, suspended: true, phrase: None }),
            Self::Export { place, name, from_start, .. } => (place, Command::PartnerExport { name, from_start }),
            Self::Import { place, name, .. } => (place, Command::PartnerImport { name }),
            Self::Remove(Named { place, name, what_if: true }) => (place, Command::PartnerHoldings { name }),
            Self::Remove(Named { place, name, .. }) => (place, Command::PartnerRemove { name }),
            Self::Resume { named: Named { place, name, what_if: true }, .. } => (place, Command::PartnerHoldings { name }),
            Self::Resume { named, fingerprint } => {
                (named.place, Command::PartnerSuspend { name: named.name, suspended: false, phrase: fingerprint })
            }
        })
    }
}

impl PartnerCard {
    fn command(self) -> Result<(Place, Command), Failure> {
        if let (Some(server), Some(name)) = (&self.server, &self.name) {
            let read = |path: &Option<PathBuf>| path.as_deref().map(|path| files::read_text(path, FILE_BYTES_MAX)).transpose();
            let password = read(&self.password_file)?.map(|text| text.trim_end_matches(['\r', '\n']).to_owned());
            let card = ServerCard::new(name, server, read(&self.certificate)?, self.username.clone(), password);
            return Ok((self.place, Command::ServerCard(card)));
        }
        let address = match self.address {
            Some(address) => address,
            None => Directory::find(&self.place.data)?.listening()?,
        };
        Ok((self.place, Command::PartnerCard { address }))
    }
}

impl PartnerAdd {
    fn command(self) -> Result<(Place, Command), Failure> {
        let grants = UserChange { nations: Some(self.nation), ..self.attributes.change() };
        let card = files::read_text(&self.card, FILE_BYTES_MAX).map_err(|failure| failure.exit(Exit::NotFound))?;
        let new = NewPartner {
            card,
            name: self.name,
            grants,
            collections: self.collection,
            pull: self.pull,
            push: self.push,
            phrase: self.fingerprint,
            from: self.from,
            until: self.until,
            no_onward: self.no_onward,
            sends: self.send.terms(),
            accepts: self.accept.terms(),
        };
        let new = Box::new(new);
        Ok((self.place, if self.what_if { Command::PartnerPreview(new) } else { Command::PartnerAdd(new) }))
    }
}

impl QuarantineForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::List { place, partner } => (place, Command::QuarantineList { partner }),
            Self::Retry(Waiting { place, partner, object }) => (place, Command::QuarantineRetry { partner, object }),
            Self::Drop { waiting: Waiting { place, partner, object }, reason } => {
                (place, Command::QuarantineDrop { partner, object, reason })
            }
        }
    }
}
