//! What goes wrong between partners, and what to do next.

use relto_node::{AdminError, CardError, DeliveryError, KeyStepError, MediaError, PartnerError, RecallError, RequestError};
use relto_policy::TermsError;

use super::{Failure, absent, chain, label, no_object};

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        Self::new(chain(&error)).help("ask the partner for the file that `relto partner card` writes; nothing was changed")
    }
}

impl From<DeliveryError> for Failure {
    fn from(error: DeliveryError) -> Self {
        let failure = Self::new(chain(&error));
        match error {
            DeliveryError::NotFlowing(_) | DeliveryError::BegunAnew(_) => {
                failure.help("`relto partner list --data DIR` says how it stands")
            }
            DeliveryError::NotAgreed { .. } => {
                failure.help("`relto partner add` with its card and `--collection NAME` changes the agreement")
            }
            DeliveryError::QuarantineFull(_) => failure.help("`relto quarantine list`, then `retry` or `drop`"),
            DeliveryError::Store(error) => error.into(),
        }
    }
}

impl From<PartnerError> for Failure {
    fn from(error: PartnerError) -> Self {
        let failure = Self::new(chain(&error));
        match error {
            PartnerError::Card(error) => error.into(),
            PartnerError::Account(error) => error.into(),
            PartnerError::Store(error) => error.into(),
            PartnerError::Absent(name) => absent("partner", &name),
            PartnerError::NoCollection(name) => absent("collection", &name),
            PartnerError::Itself => failure.help("give the card of the other node"),
            PartnerError::NameTaken(_) => failure.help("`--name NAME` calls the partner and its organisation otherwise here"),
            PartnerError::OtherKey(_) => failure.help(
                "if the partner has made a new key, ask for a card that the old one has signed too; else `relto partner remove` first",
            ),
            PartnerError::KeyTaken(_) => failure.help("a node has one name here: change that partner"),
            PartnerError::NoCollections => failure.help("add `--collection NAME`"),
            PartnerError::Date { .. } => failure.help("write a day such as 2027-01-31, or an RFC 3339 time"),
            PartnerError::Terms(TermsError::Level(error)) => AdminError::from(error).into(),
            PartnerError::Terms(_) => failure.help("write one that there is, or `none` alone for none"),
            PartnerError::Never => failure.help("give a later `--until`, or none"),
            PartnerError::Phrase(_) => failure.help("ask the partner to read it again, by another way than the card came"),
            PartnerError::Unconfirmed(_) => {
                failure.help("ask the partner for it by another way than the card came, then give it with `--fingerprint \"WORDS\"`")
            }
            PartnerError::Left(_) => failure.help("`relto partner add` with its card begins anew"),
        }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        let failure = Self::new(chain(&error));
        match error {
            RequestError::Absent(id) => no_object(id.as_str()),
            RequestError::Own(_) => failure.help("`relto consent add` enters a consent of this node's own organisation"),
            RequestError::NotOwn(_) => failure.help("`relto consent request` asks for a consent to it"),
            RequestError::NoPartner(_) => {
                failure.help("`relto partner list` shows the partners; a consent on paper is entered by `relto consent add`")
            }
            RequestError::NotShown { .. } => failure.help("ask whoever wrote it"),
            RequestError::NotAsked { .. } => failure.help("`relto explain` names who must consent; `--of ORG` asks somebody else"),
            RequestError::Person(_) => failure.help("write an organisation by its name, or `nation:` and ISO 3166-1 alpha-3"),
            RequestError::NoRequest(number) => {
                Failure::not_found(format!("there is no request `{number}`")).help("`relto consent requests` shows all")
            }
            RequestError::NotWaiting(_) | RequestError::Asked { .. } => failure.help("`relto consent requests` shows how each stands"),
            RequestError::NotReleased(_) => failure.help("refuse it; or, if you know what is meant, `relto consent add` enters a consent"),
            RequestError::Text(_) => failure.help("nothing was asked, answered or announced"),
            RequestError::Refused(_) => failure.help("another `--label`, or another collection's label, may let it in"),
            RequestError::Until(_) => failure.help("write a day, `2027-01-01`, or a time, `2027-01-01T12:00:00Z`"),
            RequestError::Recipient(_) => failure.help("write an organisation by its name, or `nation:` and ISO 3166-1 alpha-3"),
            RequestError::Consent(error) => error.into(),
            RequestError::Label(error) => label(&error),
            RequestError::Store(error) => error.into(),
        }
    }
}

impl From<RecallError> for Failure {
    fn from(error: RecallError) -> Self {
        match error {
            RecallError::Absent(id) => no_object(id.as_str()),
            RecallError::NotOwn { .. } => Self::new(chain(&error))
                .help("ask that organisation to recall it; TAXII DELETE drops it here, and `relto label set` withholds it"),
            RecallError::Store(error) => error.into(),
        }
    }
}

impl From<MediaError> for Failure {
    fn from(error: MediaError) -> Self {
        let failure = Self::new(chain(&error));
        match error {
            MediaError::Partner(error) => error.into(),
            MediaError::Delivery(error) => error.into(),
            MediaError::Store(error) => error.into(),
            MediaError::NotFlowing(_) => failure.help("`relto partner list --data DIR` says how it stands"),
            MediaError::NoKey(_) => failure.help("`relto export --as NAME` writes a STIX bundle"),
            MediaError::Form { .. } => failure.help("ask the partner for the file again; nothing was read"),
            MediaError::Write(_) => failure,
        }
    }
}

impl From<KeyStepError> for Failure {
    fn from(error: KeyStepError) -> Self {
        let failure = Self::new(chain(&error));
        match error {
            KeyStepError::Made => failure.help("`relto partner key --use-next` uses it, `--forget` keeps the one in use alone"),
            KeyStepError::None => failure.help("`relto partner key --make-next` makes one"),
            KeyStepError::Store(error) => error.into(),
        }
    }
}
