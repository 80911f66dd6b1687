//! The command line: its forms and their options. What a form stands for is in `meaning`, longer help in `help`.

mod bind;
mod consent;
mod equivalence;
mod files;
mod help;
mod intake;
mod making;
mod meaning;
mod model;
mod partner;
mod policies;
mod reading;
mod request;
mod serve;
mod tearline;
mod terms;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use self::bind::{Bind, BindingForm, KeyForm, KeyMake};
pub(crate) use self::consent::ConsentForm;
pub(crate) use self::equivalence::EquivalenceForm;
pub(crate) use self::files::{Load, Preview, Validate};
use self::help::{
    BINDING, EXIT_CODES, LABEL_CHECKS, LABELS, LABELS_WRITTEN, LOADS, PASSWORDS, PREVIEWING, SERVING, TEARLINES, USERS, VALIDATING,
};
pub(crate) use self::intake::{Correct, InputForm, Intake, IntakeForm, IntakeStories};
pub(crate) use self::making::{Demo, Init};
pub(crate) use self::model::{ModelForm, chat, key_in};
pub(crate) use self::partner::{PartnerForm, QuarantineForm, RecallForm, TraceForm};
pub(crate) use self::policies::{Impact, LabelCheck, LabelWrite, PolicyCheck, PolicyFile, PolicyForm};
pub(crate) use self::reading::{Entity, Explain, Export, Path, Search, Show};
pub(crate) use self::request::RequestForm;
pub(crate) use self::serve::{LogForm, Metrics, Serve};
pub(crate) use self::tearline::Tearline;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

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
    /// Consents of originators and third parties to the release of one object, and its addressees
    #[command(subcommand, alias = "consents")]
    Consent(ConsentForm),
    /// Partners: the nodes and servers that this node exchanges with
    #[command(subcommand, alias = "partners")]
    Partner(PartnerForm),
    /// Recall an object from everybody to whom it was released, and destroy it here; again, to see the receipts
    #[command(after_help = help::RECALLS)]
    Recall(RecallForm),
    /// Show the way of an object: from whom it came, who received it, what was confirmed destroyed
    #[command(after_help = "Example:\n  relto trace --data DIR indicator--00000000-0000-4000-8000-000000000001")]
    Trace(TraceForm),
    /// What partners delivered and was not taken in
    #[command(subcommand)]
    Quarantine(QuarantineForm),
    /// Requests for information: questions to partners, and what they answer
    #[command(subcommand, alias = "requests")]
    Request(RequestForm),
    /// Policies as files: check them, put them in force
    #[command(subcommand, alias = "policies")]
    Policy(PolicyForm),
    /// Show what a policy or a table would change, object by object and account by account, before it is put in force
    Impact(Impact),
    /// Bind a label to a document (STANAG 4778), or say what a binding is worth; needs no data directory
    #[command(after_help = BINDING)]
    Bind(Bind),
    /// Keys that sign which label is on what
    #[command(subcommand, alias = "keys")]
    Key(KeyForm),
    /// Load STIX files, all of them or none
    #[command(after_help = LOADS)]
    Load(Load),
    /// Read documents of open sources: who and what they name, date and count; and take them in as objects
    #[command(after_help = help::INTAKE)]
    Intake(Intake),
    /// Models that may propose what documents say: none is asked unless it was set here, and `intake` names it
    #[command(subcommand, alias = "models")]
    Model(ModelForm),
    /// What `intake` calls for each PDF, in a process of its own
    #[command(name = crate::intake::pdf::FORM, hide = true)]
    RenderPdf,
    /// Say who would get what a load would store, and why not, before anything is stored
    #[command(after_help = PREVIEWING)]
    Preview(Preview),
    /// Propose a reduced object for those who may not see all of one, with what was left out and why; publish it once somebody has looked
    #[command(after_help = TEARLINES)]
    Tearline(Tearline),
    /// Say whether files are valid STIX 2.1, object by object; needs no data directory
    #[command(after_help = VALIDATING)]
    Validate(Validate),
    /// Serve TAXII 2.1 until stopped
    #[command(after_help = SERVING)]
    Serve(Serve),
    /// Say why somebody gets an object or does not, rule by rule, and what would change it
    #[command(after_help = "Example:\n  relto explain --data DIR indicator--00000000-0000-4000-8000-000000000001 --as alice")]
    Explain(Explain),
    /// Show an object as somebody may see it, with gaps where parts of it are withheld
    #[command(after_help = help::SHOW)]
    Show(Show),
    /// Search everything that somebody may see
    #[command(after_help = help::SEARCHING)]
    Search(Search),
    /// Show how two objects hang together: the shortest paths over relationships that somebody may see
    #[command(after_help = "Example:\n  relto path --data DIR --as alice 'Fancy Bear' identity--00000000-0000-4000-8000-000000000001")]
    Path(Path),
    /// Show what somebody may know of one thing, in one place: when what was so, what it hangs together with, who says so, and where they differ
    #[command(after_help = help::ENTITY)]
    Entity(Entity),
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
    #[command(after_help = help::DEMO)]
    Demo(Demo),
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
        /// reader, contributor, release-officer or operator [default: reader]
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
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
        /// reader, contributor, release-officer or operator [default: reader]
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
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
    /// Give an account the password with which its person signs in to the pages; sessions under an earlier one end
    #[command(after_help = PASSWORDS)]
    Password(Account),
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
    /// A group that the account is in, from a day and until a day
    #[arg(long, value_name = "GROUP[@FROM[..UNTIL]]")]
    pub member: Vec<String>,
    /// A clearance for a level, and those below it, of one policy: USA, NATO or EU
    #[arg(long, value_name = "POLICY:LEVEL[@UNTIL]")]
    pub clearance: Vec<String>,
    /// A compartment that the account is read into
    #[arg(long, value_name = "ACCESS")]
    pub access: Vec<String>,
    /// What the law asks about the account: a file with one JSON object
    #[arg(long, value_name = "FILE", value_parser = json_of_file)]
    pub facts: Option<serde_json::Value>,
}

/// The JSON in the file called `name`, with what is wrong in words.
fn json_of_file(name: &str) -> Result<serde_json::Value, String> {
    let text = std::fs::read_to_string(name).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
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
    /// Show or set the label of objects that come with none
    #[command(after_help = LABELS)]
    Default {
        #[command(flatten)]
        place: Place,
        /// The label; without it, what holds now is shown
        label: Option<String>,
        /// Again the node's and the poster's organisation
        #[arg(long, conflicts_with = "label")]
        reset: bool,
    },
    /// Write a label as a marking-definition for STIX objects, or in XML (STANAG 4774)
    #[command(after_help = LABELS_WRITTEN)]
    Write(LabelWrite),
    /// Say what a label means, or, with --spif, what policies say of a label in XML; do nothing
    #[command(after_help = LABEL_CHECKS)]
    Check(LabelCheck),
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
