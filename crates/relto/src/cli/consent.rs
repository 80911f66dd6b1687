//! `relto consent`: what originators and third parties have consented to, and who the addressees are, object by object.

use clap::{Args, Subcommand};
use relto_node::{ConsentOf, Grant, NewConsent, NewReleaseNotice, NewRequest};
use relto_policy::law::{ConsentedTo, Subject};

use super::Place;
use super::help::{CONSENT_REQUESTS, CONSENTS};
use crate::command::{Command, Consenting};

/// `relto consent`.
#[derive(Debug, Subcommand)]
pub(crate) enum ConsentForm {
    /// Enter a consent, or name an addressee; the object appears anew to those who gain it
    #[command(after_help = CONSENTS)]
    Add {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        which: Which,
        /// The first instant, or day, at which it no longer holds [default: when it is withdrawn]
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        /// What for, as the recipient's facts say it [default: any purpose]
        #[arg(long, value_name = "TEXT")]
        purpose: Option<String>,
        /// Who gave it
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Where it is recorded
        #[arg(long, value_name = "TEXT")]
        reference: String,
    },
    /// Withdraw what an organisation has consented to for a recipient, or an addressee, at once
    #[command(after_help = CONSENTS)]
    Remove {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        which: Which,
        /// Why; kept in the log
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Show consents, of one object or of all
    List {
        #[command(flatten)]
        place: Place,
        /// The object
        #[arg(value_name = "OBJECT-ID")]
        object: Option<String>,
    },
    /// Ask the partner that wrote an object, or has to consent as well, that it may go to somebody
    #[command(after_help = CONSENT_REQUESTS)]
    Request {
        #[command(flatten)]
        place: Place,
        /// The object that is here, or the release notice on one that is not
        #[arg(value_name = "OBJECT-ID")]
        object: String,
        /// Whose consent is asked for [default: that of whoever wrote the object]
        #[arg(long, value_name = "ORG")]
        of: Option<String>,
        /// To whom it is to go: an organisation or nation:FRA [default: this node's organisation]
        #[arg(long, value_name = "RECIPIENT")]
        to: Option<String>,
        /// Until when [default: until it is withdrawn]
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        /// What for, as the recipient's facts say it [default: any purpose]
        #[arg(long, value_name = "TEXT")]
        purpose: Option<String>,
        /// Why; the partner's operator reads it
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Show what partners ask for and what was asked of them, with the answers
    #[command(after_help = CONSENT_REQUESTS)]
    Requests {
        #[command(flatten)]
        place: Place,
    },
    /// Consent to what a partner asks for; it is told, and the consent goes along with the object
    #[command(after_help = CONSENT_REQUESTS)]
    Grant {
        #[command(flatten)]
        place: Place,
        /// The request
        #[arg(value_name = "REQUEST")]
        request: String,
        /// The first instant, or day, at which it no longer holds [default: as it was asked for]
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        /// Who gave it
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Where it is recorded
        #[arg(long, value_name = "TEXT")]
        reference: String,
    },
    /// Refuse what a partner asks for; it is told why
    #[command(after_help = CONSENT_REQUESTS)]
    Refuse {
        #[command(flatten)]
        place: Place,
        /// The request
        #[arg(value_name = "REQUEST")]
        request: String,
        /// Why; the partner's operator reads it
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Publish a release notice: that there is something for which a consent can be asked
    #[command(after_help = CONSENT_REQUESTS)]
    Announce {
        #[command(flatten)]
        place: Place,
        /// The object that the notice is about, which the notice does not name
        #[arg(value_name = "OBJECT-ID")]
        object: String,
        /// What there is, as those may read it who may not have it yet
        #[arg(long, value_name = "TEXT")]
        name: String,
        /// More of it
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
        /// The notice's own label
        #[arg(long, value_name = "LABEL")]
        label: String,
    },
}

/// For which object, whose, and to whom.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The object
    #[arg(value_name = "OBJECT-ID")]
    pub object: String,
    /// The organisation that consents, as the object's label names it
    #[arg(long, value_name = "ORG", required_unless_present = "addressee", requires = "to")]
    pub of: Option<String>,
    /// It consents as a third party, not as the originator
    #[arg(long, requires = "of")]
    pub third_party: bool,
    /// To whom the object may go: an organisation, user:NAME or nation:FRA
    #[arg(long, value_name = "RECIPIENT", requires = "of")]
    pub to: Option<String>,
    /// A user that the object goes to, when it is TLP:RED
    #[arg(long, value_name = "NAME", conflicts_with_all = ["of", "to", "third_party"])]
    pub addressee: Option<String>,
}

impl Which {
    fn parts(self) -> (String, ConsentOf) {
        let organisation = self.of.unwrap_or_default();
        let of = match (self.addressee, self.third_party) {
            (Some(name), _) => ConsentOf { subject: Subject::Addressees, to: ConsentedTo::Person(name).to_string() },
            (None, true) => ConsentOf { subject: Subject::ThirdParty(organisation), to: self.to.unwrap_or_default() },
            (None, false) => ConsentOf { subject: Subject::Originator(organisation), to: self.to.unwrap_or_default() },
        };
        (self.object, of)
    }
}

impl ConsentForm {
    /// Where, and what to do there.
    pub(crate) fn command(self) -> (Place, Command) {
        match self {
            Self::Add { place, which, until, purpose, by, reference } => {
                let (object, of) = which.parts();
                (place, Command::ConsentAdd { object, consent: NewConsent { of, until, purpose, by, reference } })
            }
            Self::Remove { place, which, reason } => {
                let (object, of) = which.parts();
                (place, Command::ConsentRemove { object, of, reason })
            }
            Self::List { place, object } => (place, Command::ConsentList { object }),
            Self::Request { place, object, of, to, until, purpose, reason } => {
                let request = NewRequest { of, to, until, purpose, reason };
                (place, Command::Consenting(Consenting::Request { object, request }))
            }
            Self::Requests { place } => (place, Command::Consenting(Consenting::Requests)),
            Self::Grant { place, request, until, by, reference } => {
                (place, Command::Consenting(Consenting::Grant { request, grant: Grant { until, by, reference } }))
            }
            Self::Refuse { place, request, reason } => (place, Command::Consenting(Consenting::Refuse { request, reason })),
            Self::Announce { place, object, name, description, label } => {
                let notice = NewReleaseNotice { name, description, label };
                (place, Command::Consenting(Consenting::Announce { object, notice }))
            }
        }
    }
}
