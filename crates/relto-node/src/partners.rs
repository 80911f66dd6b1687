//! Partners: the nodes and servers that this node exchanges with.
//!
//! A partner is a principal like any other: an account whose attributes the operator grants, and which signs in with the key of its node
//! ([`card`]) instead of a token. An [`Agreement`] says which collections are exchanged and until when; it only narrows what the gate
//! admits. What a partner delivers is judged with its eyes, labelled by its originator ([`statement`]) and stored with the cursor that
//! follows it in one transaction ([`delivery`]); what cannot be taken in waits in [`quarantine`]. What leaves for it is on record
//! before it leaves ([`release`]). Consents go along with what they are about ([`consent`]), and are asked for ([`request`]). No socket here: the wire is `relto-http`'s, and media are files.

mod admin;
mod card;
mod consent;
mod delivery;
mod effect;
mod holdings;
mod identity;
mod leaving;
mod listing;
mod media;
mod notice;
mod outgoing;
mod quarantine;
mod recall;
mod record;
mod relabelling;
mod relay;
mod release;
mod request;
mod signed;
mod statement;
mod trace;

pub use admin::{NewPartner, PartnerError};
pub use card::{Card, CardError, NodeCard, ServerCard};
pub(crate) use consent::tell as tell_of_consents;
pub(crate) use delivery::take_posted;
pub use delivery::{Come, Delivered, Delivery, DeliveryError, Taken};
pub use effect::AgreementEffect;
pub use holdings::Holdings;
pub use identity::{KeyStep, KeyStepError};
pub use listing::{LinkStatus, PartnerView};
pub use media::{MEDIA_BYTES_MAX, MediaError, MediaPlaces, MediaRead, MediaWritten};
pub(crate) use notice::tell_of_label;
pub use notice::{NOTICES_MAX, Notice, Onward, Receipt as NoticeReceipt};
pub use outgoing::{Outgoing, Way};
pub use quarantine::{QUARANTINE_MAX, Quarantined};
pub use recall::{RecallError, Recalled, RecalledFrom};
pub(crate) use recall::{blocks as recalled_by, is_any as has_recalls};
pub use record::{Agreement, PartnerRecord, PartnerState, Progress};
pub(crate) use relabelling::label_said;
pub use release::{OVERTAKEN_MAX, Release};
pub(crate) use release::{not_released, rows as released_rows, sent};
pub use request::{ConsentRequest, Grant, NewReleaseNotice, NewRequest, RequestAnswer, RequestError, RequestView};
pub(crate) use statement::keeping::has_statement;
pub use statement::{SayablePage, Statements};
pub use trace::{HeldVersion, Released, Trace};
