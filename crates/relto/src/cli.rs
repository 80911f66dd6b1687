//! The command line: its forms, its help, and the command that each form stands for.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use relto_node::{LoadRequest, NewCollection, UserChange};

use crate::command::Command;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "Exit codes:
  0  done
  1  refused or failed: the error line says why, the help line what to do
  2  not a command line of these forms
  3  there is no such user, collection, object, directory or file
  4  another process holds the data directory";

const LABELS: &str = "Labels, as people write them:
  TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED
  NATO SECRET                   nations of NATO, cleared for it
  NATO RESTRICTED REL TO JPN    the same, and Japan
  SECRET//REL TO USA, FRA       US form: exactly these nations
  SECRET//NOFORN                the United States alone
  marking-definition--UUID      what that marking means";

const LOADS: &str = "Labels, as people write them:
  TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED
  NATO SECRET                   nations of NATO, cleared for it
  NATO RESTRICTED REL TO JPN    the same, and Japan
  SECRET//REL TO USA, FRA       US form: exactly these nations
  SECRET//NOFORN                the United States alone
  marking-definition--UUID      what that marking means

Examples:
  relto load --data DIR --collection intel --label \"NATO SECRET\" report.json
  relto load --data DIR --collection intel --label TLP:RED --addressee alice tip.json
  curl -s https://example.org/feed.json | relto load --data DIR --collection feeds --label TLP:GREEN -";

const SERVING: &str = "Discovery is at /taxii2/. People sign in with Basic NAME:TOKEN or Bearer TOKEN. While it serves, every other command
works on the same directory, and a change is in force when the command returns. SIGTERM and Ctrl-C end it in order.

Examples:
  relto serve --data DIR --listen 0.0.0.0:6100
  relto serve --data DIR --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem --metrics 127.0.0.1:9100 --log json
  relto serve --data DIR --insecure-http            # behind something that speaks TLS";

const USERS: &str = "Examples:
  relto user add --data DIR alice --nation FRA --org \"French Node\" --clearance NATO:SECRET
  relto user add --data DIR bob --nation USA --nation GBR --org ACME --clearance USA:SECRET@2027-06-30 --role contributor
  relto user add --data DIR carol --nation JPN --org \"Example CERT\" --member TASKFORCE@2026-01-01..2026-12-31 --access ATOMAL

Groups of nations (NATO, EU, FVEY ...) follow from the nation and need no --member.";

/// Shares labelled STIX objects with allies: everything the law allows, and nothing else.
#[derive(Debug, Parser)]
#[command(name = "relto", version, styles = STYLES, after_help = EXIT_CODES, max_term_width = 100, propagate_version = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub form: Form,
}

/// Where, and how to answer.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The node's data directory
    #[arg(long, value_name = "DIR", env = "RELTO_DATA")]
    pub data: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// The forms.
#[derive(Debug, Subcommand)]
pub(crate) enum Form {
    /// Make a data directory: store, keys, self-signed certificate
    #[command(after_help = "Example:\n  relto init /srv/relto --org \"French Node\" --nation FRA --host relto.example.org")]
    Init(Init),
    /// Collections: what TAXII clients read and write
    #[command(subcommand, alias = "collections")]
    Collection(CollectionForm),
    /// Accounts: who may sign in, and the attributes that decide what they see
    #[command(subcommand, alias = "users")]
    User(UserForm),
    /// Groups that labels may name
    #[command(subcommand, alias = "groups")]
    Group(GroupForm),
    /// Clearances of one policy that count in another
    #[command(subcommand, alias = "equivalences")]
    Equivalence(EquivalenceForm),
    /// Labels: of one object, of what comes with none, and what a text means
    #[command(subcommand)]
    Label(LabelForm),
    /// Load STIX files, all of them or none
    #[command(after_help = LOADS)]
    Load(Load),
    /// Serve TAXII 2.1 until stopped
    #[command(after_help = SERVING)]
    Serve(Serve),
    /// Say why somebody gets an object or does not, rule by rule, and what would change it
    #[command(after_help = "Example:\n  relto explain --data DIR indicator--00000000-0000-4000-8000-000000000001 --as alice")]
    Explain(Explain),
    /// Write a STIX bundle of exactly what somebody may see
    #[command(after_help = "Example:\n  relto export --data DIR --as alice --collection intel > intel.json")]
    Export(Export),
    /// Check a data directory and the node in it; the exit code is 1 when something is wrong
    #[command(after_help = "Example:\n  relto doctor --data DIR --json")]
    Doctor(Place),
    /// Show administrative acts
    Log(Log),
    /// Write completions for a shell
    #[command(after_help = "Example:\n  relto completions bash > /etc/bash_completion.d/relto")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Make a throw-away node from real data, serve it, and show who sees what
    #[command(
        after_help = "With --check, RELTO_DEMO_PYTHON names a Python that has the OASIS taxii2-client; without one its part is skipped."
    )]
    Demo(Demo),
}

/// `relto init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory to make
    #[arg(value_name = "DIR")]
    pub path: PathBuf,
    /// The organisation that runs the node
    #[arg(long, value_name = "ORG")]
    pub org: String,
    /// Its nation, ISO 3166-1 alpha-3
    #[arg(long, value_name = "NATION")]
    pub nation: String,
    /// Names and addresses that the certificate is for
    #[arg(long, value_name = "HOST", default_values = ["localhost", "127.0.0.1", "::1"])]
    pub host: Vec<String>,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// `relto collection`.
#[derive(Debug, Subcommand)]
pub(crate) enum CollectionForm {
    /// Add a collection; its id is the last line
    #[command(after_help = LABELS)]
    Add {
        #[command(flatten)]
        place: Place,
        /// Its name, which is also its TAXII alias
        name: String,
        /// Title for people [default: the name]
        #[arg(long, value_name = "TITLE")]
        title: Option<String>,
        /// Who may know that it exists [default: TLP:GREEN, every account]
        #[arg(long, value_name = "LABEL")]
        label: Option<String>,
        /// Objects are read over TAXII, not written
        #[arg(long, conflicts_with = "write_only")]
        read_only: bool,
        /// Objects are written over TAXII, not read
        #[arg(long)]
        write_only: bool,
        /// An organisation that TLP:AMBER goes to, with a client of it if it lists one
        #[arg(long, value_name = "ORG[=CLIENT]")]
        recipient: Vec<String>,
    },
    /// Change a collection
    Set {
        #[command(flatten)]
        place: Place,
        /// Its name or id
        name: String,
        /// Title for people
        #[arg(long, value_name = "TITLE")]
        title: Option<String>,
        /// Who may know that it exists
        #[arg(long, value_name = "LABEL")]
        label: Option<String>,
        /// All organisations that TLP:AMBER goes to; replaces those before
        #[arg(long, value_name = "ORG[=CLIENT]", conflicts_with = "no_recipient")]
        recipient: Vec<String>,
        /// No recipients
        #[arg(long)]
        no_recipient: bool,
    },
    /// Show all collections
    List(Place),
}

/// `relto user`.
#[derive(Debug, Subcommand)]
pub(crate) enum UserForm {
    /// Add an account; its token, shown once, is the last line
    #[command(after_help = USERS)]
    Add {
        #[command(flatten)]
        place: Place,
        /// Its name, for signing in
        name: String,
        /// A nationality, ISO 3166-1 alpha-3; every one must be allowed to see what the user sees
        #[arg(long, value_name = "NATION", required = true)]
        nation: Vec<String>,
        /// The organisation
        #[arg(long, value_name = "ORG")]
        org: String,
        #[command(flatten)]
        attributes: Attributes,
    },
    /// Change an account; what is given replaces what was there
    #[command(after_help = USERS)]
    Set {
        #[command(flatten)]
        place: Place,
        /// Its name
        name: String,
        /// All nationalities
        #[arg(long, value_name = "NATION")]
        nation: Vec<String>,
        /// The organisation
        #[arg(long, value_name = "ORG")]
        org: Option<String>,
        #[command(flatten)]
        attributes: Attributes,
        /// No memberships beside those of the nation
        #[arg(long, conflicts_with = "member")]
        no_member: bool,
        /// No clearances
        #[arg(long, conflicts_with = "clearance")]
        no_clearance: bool,
        /// No accesses
        #[arg(long, conflicts_with = "access")]
        no_access: bool,
    },
    /// End an account's right to sign in, at once
    Disable(Account),
    /// Let a disabled account sign in again
    Enable(Account),
    /// Replace an account's token; the new one, shown once, is the last line
    RotateToken(Account),
    /// Show all accounts
    List(Place),
}

/// An account by name.
#[derive(Debug, Args)]
pub(crate) struct Account {
    #[command(flatten)]
    pub place: Place,
    /// Its name
    pub name: String,
}

/// What decides, beside nation and organisation.
#[derive(Debug, Args)]
pub(crate) struct Attributes {
    /// A group that the user is in, from a day and until a day
    #[arg(long, value_name = "GROUP[@FROM[..UNTIL]]")]
    pub member: Vec<String>,
    /// A clearance for a level, and those below it, of one policy: USA, NATO or EU
    #[arg(long, value_name = "POLICY:LEVEL[@UNTIL]")]
    pub clearance: Vec<String>,
    /// A compartment that the user is read into
    #[arg(long, value_name = "ACCESS")]
    pub access: Vec<String>,
    /// reader, contributor, release-officer or operator [default: reader]
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
}

/// `relto group`.
#[derive(Debug, Subcommand)]
pub(crate) enum GroupForm {
    /// Declare a group, so that labels may name it
    Add {
        #[command(flatten)]
        place: Place,
        /// Its name
        name: String,
    },
    /// Show all groups, those of nations with their members of today
    List(Place),
}

/// `relto equivalence`.
#[derive(Debug, Subcommand)]
pub(crate) enum EquivalenceForm {
    /// Let a clearance count as one in another policy
    #[command(after_help = "Example:\n  relto equivalence add --data DIR NATO:SECRET USA:SECRET")]
    Add(Pair),
    /// Take an equivalence back
    Remove(Pair),
    /// Show all equivalences
    List(Place),
}

/// Two clearances.
#[derive(Debug, Args)]
pub(crate) struct Pair {
    #[command(flatten)]
    pub place: Place,
    /// The clearance that somebody holds
    #[arg(value_name = "HELD")]
    pub held: String,
    /// What it counts as
    #[arg(value_name = "COUNTS-AS")]
    pub counts_as: String,
}

/// `relto label`.
#[derive(Debug, Subcommand)]
pub(crate) enum LabelForm {
    /// Give an object another label, up or down; it appears anew to those who gain it
    #[command(after_help = LABELS)]
    Set {
        #[command(flatten)]
        place: Place,
        /// The object
        #[arg(value_name = "OBJECT-ID")]
        object: String,
        /// Its label from now on
        label: String,
        /// Why; kept in the log
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
        /// A user that TLP:RED goes to
        #[arg(long, value_name = "NAME")]
        addressee: Vec<String>,
    },
    /// Set the label of objects that come with none
    #[command(after_help = LABELS)]
    Default {
        #[command(flatten)]
        place: Place,
        /// The label; without it, again the node's and the poster's organisation
        label: Option<String>,
    },
    /// Say what a label means, and do nothing
    #[command(after_help = LABELS)]
    Check {
        #[command(flatten)]
        place: Place,
        /// The label
        label: String,
    },
}

/// `relto load`.
#[derive(Debug, Args)]
pub(crate) struct Load {
    #[command(flatten)]
    pub place: Place,
    /// Name or id of the collection
    #[arg(long, value_name = "NAME")]
    pub collection: String,
    /// Joined with each object's own markings; never loosens them
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
    /// When the label was made: groups count as they were then [default: now]
    #[arg(long, value_name = "DATE")]
    pub label_date: Option<String>,
    /// A user that TLP:RED goes to
    #[arg(long, value_name = "NAME")]
    pub addressee: Vec<String>,
    /// Load the rest when some objects are refused
    #[arg(long)]
    pub keep_going: bool,
    /// Bundles, lists, objects or JSON lines, also packed (.gz, .zst); `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<String>,
}

/// `relto serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:6100")]
    pub listen: SocketAddr,
    /// Plain HTTP, for use behind something that speaks TLS
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    pub insecure_http: bool,
    /// Certificate chain in PEM [default: the one that `init` made]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Where to serve metrics, or `off`
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    pub metrics: Metrics,
    /// How logs are written to standard error; RUST_LOG chooses what
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub log: LogForm,
}

/// Where metrics are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Metrics {
    /// Nowhere.
    Off,
    /// There.
    At(SocketAddr),
}

impl std::str::FromStr for Metrics {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse().map(Self::At).map_err(|_| "neither an address with a port nor `off`".to_owned())
    }
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    /// One JSON object a line
    Json,
    /// For people
    Text,
}

/// `relto explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub place: Place,
    /// The object
    #[arg(value_name = "OBJECT-ID")]
    pub object: String,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
}

/// `relto export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The node's data directory
    #[arg(long, value_name = "DIR", env = "RELTO_DATA")]
    pub data: PathBuf,
    /// For whom
    #[arg(long = "as", value_name = "NAME")]
    pub user: String,
    /// Only this collection
    #[arg(long, value_name = "NAME")]
    pub collection: Option<String>,
}

/// `relto log`.
#[derive(Debug, Args)]
pub(crate) struct Log {
    #[command(flatten)]
    pub place: Place,
    /// How many, the newest last
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub last: usize,
}

/// `relto demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Run the very commands, compare every answer with what it must be, and end
    #[arg(long)]
    pub check: bool,
}

/// `None` when nothing was given, so that it leaves what there is.
fn given(values: Vec<String>, none: bool) -> Option<Vec<String>> {
    (none || !values.is_empty()).then_some(values)
}

impl CollectionForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add { place, name, title, label, read_only, write_only, recipient } => {
                let new = NewCollection { name, title, label, can_read: !write_only, can_write: !read_only, recipients: recipient };
                (place, Command::CollectionAdd(new))
            }
            Self::Set { place, name, title, label, recipient, no_recipient } => {
                (place, Command::CollectionSet { name, title, label, recipients: given(recipient, no_recipient) })
            }
            Self::List(place) => (place, Command::CollectionList),
        }
    }
}

impl UserForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add { place, name, nation, org, attributes } => {
                let change = UserChange { nations: Some(nation), organisation: Some(org), ..attributes.change(false, false, false) };
                (place, Command::UserAdd { name, change })
            }
            Self::Set { place, name, nation, org, attributes, no_member, no_clearance, no_access } => {
                let attributes = attributes.change(no_member, no_clearance, no_access);
                let change = UserChange { nations: given(nation, false), organisation: org, ..attributes };
                (place, Command::UserSet { name, change })
            }
            Self::Disable(Account { place, name }) => (place, Command::UserDisable { name, disabled: true }),
            Self::Enable(Account { place, name }) => (place, Command::UserDisable { name, disabled: false }),
            Self::RotateToken(Account { place, name }) => (place, Command::UserRotateToken { name }),
            Self::List(place) => (place, Command::UserList),
        }
    }
}

impl Attributes {
    fn change(self, no_member: bool, no_clearance: bool, no_access: bool) -> UserChange {
        UserChange {
            members: given(self.member, no_member),
            clearances: given(self.clearance, no_clearance),
            accesses: given(self.access, no_access),
            role: self.role,
            ..UserChange::default()
        }
    }
}

impl GroupForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add { place, name } => (place, Command::GroupAdd { name }),
            Self::List(place) => (place, Command::GroupList),
        }
    }
}

impl EquivalenceForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add(Pair { place, held, counts_as }) => (place, Command::EquivalenceAdd { held, counts_as }),
            Self::Remove(Pair { place, held, counts_as }) => (place, Command::EquivalenceRemove { held, counts_as }),
            Self::List(place) => (place, Command::EquivalenceList),
        }
    }
}

impl LabelForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Set { place, object, label, reason, addressee } => {
                (place, Command::LabelSet { object, label, reason, addressees: addressee })
            }
            Self::Default { place, label } => (place, Command::LabelDefault { label }),
            Self::Check { place, label } => (place, Command::LabelCheck { label }),
        }
    }
}

impl Load {
    /// Where, what to do there, and with which files.
    pub(crate) fn command(self) -> (Place, Command, Vec<String>) {
        let Self { place, collection, label, label_date, addressee, keep_going, files } = self;
        (place, Command::Load(LoadRequest { collection, label, label_date, addressees: addressee, keep_going }), files)
    }
}
