//! What a node does, case by case: take objects in, share them, remove and relabel them, explain, export, administer.
//!
//! Pure of sockets, files and runtimes: the store is a trait, the clock and the entropy are handed in, and a reply is bytes for
//! somebody else to send. Everything that leaves for somebody goes through [`Reading`]; everything that changes goes through one
//! transaction that publishes its facts before it returns (see `node`).

mod activation;
mod addressees;
mod admin;
mod browsing;
mod clock;
mod consents;
mod desk;
mod doctor;
mod documents;
mod entity;
mod error;
mod explaining;
mod export;
mod facts;
mod graph;
mod impact;
mod ingest;
mod label_desk;
mod labels;
mod load;
mod models;
mod node;
mod own_account;
mod partners;
mod passwords;
mod paths;
mod pieces;
mod preview;
mod reading;
mod recipients;
mod records;
mod relabel;
mod remove;
mod requests;
mod searching;
mod session;
mod showing;
mod tearline;
mod validate;
mod viewing;
mod written;

pub use activation::{ActivationError, FileInForce, FileKind, NewFile, TABLES, Table};
pub use admin::{AdminError, CollectionChange, NAME_LENGTH_MAX, NameOf, NewCollection, ORGANISATION, UserChange, check_name};
pub use browsing::{BROWSE_COUNT_MAX, BROWSE_ROWS_MAX, BrowsePlace, BrowseRequest, Browsed, BrowsedObject};
pub use clock::{Clock, Entropy};
pub use consents::{ConsentError, ConsentGiven, ConsentOf, Consented, NewConsent};
pub use desk::{
    DESK_RECIPIENTS_MAX, DRAFT_BYTES_MAX, DRAFT_OBJECTS_MAX, Desk, DeskCell, DeskEntry, DeskError, DeskFinding, DeskLabel, DeskMatrix,
    DeskObject, DeskRecipient, DeskRefusal, DeskRelease, DeskStage, Draft, FetchState, PROPOSALS_MAX, PartnerStanding, ReleasedObject,
};
pub use doctor::{Ailments, ConsentExamination, Ending, Examination, LABELS_ALARM, NAMED_MAX, REVIEW_DAYS};
pub use documents::{
    AgainReport, DocumentError, DocumentsRequest, InputInForce, InputText, InputUse, InputsFor, KeptDocument, NewDocument, NewInput,
    ReadDocument, Reread, SeenDocument, SeenDocuments, StoryRequest,
};
pub use entity::{
    Contradiction, ContradictionOf, ENTITY_LIMIT_MAX, EntityAnswer, EntityChoice, EntityError, EntityFact, EntityFound, EntityRecord,
    EntityRequest, EntitySource, Neighbour, NeighbourGroup, Part, Reference, ReferenceGroup, Remark, Side, SourceName,
};
pub use error::StoreError;
pub use explaining::{Decision, ExplainError, Explained, Rule};
pub use export::ExportError;
pub use graph::{GRAPH_CHOSEN_MAX, GRAPH_EXPANDED_MAX, GRAPH_NODES_MAX, Graph, GraphLink, GraphNode, GraphRequest};
pub use impact::{CollectionImpact, Impact, LabelImpact, OBJECTS_NAMED_MAX};
pub use ingest::{Attempt, Outcome, PostError, Posted, Receipt, TIMELESS_VERSION};
pub use label_desk::{BuiltLabel, LabelChange, LabelDesk, LabelDeskError, LabelRequest, Offer, TagOffer};
pub use load::{LoadError, LoadReport, LoadRequest, Source};
pub use models::{Endpoint, MODEL_ANSWER_BYTES_MAX, ModelAnswered, ModelAsked, ModelDecision, ModelError, ModelRecord, NewModel};
pub use node::{CLOCK_HOLD_MICROS, CUT_NOTICED_MICROS, Node, REPLY_GRACE_MICROS};
pub use own_account::OwnAccount;
pub use partners::{
    Agreement, AgreementEffect, Card, CardError, Come, ConsentRequest, Delivered, Delivery, DeliveryError, Grant, HeldVersion, Holdings,
    KeyStep, KeyStepError, LinkStatus, MEDIA_BYTES_MAX, MediaError, MediaPlaces, MediaRead, MediaWritten, NOTICES_MAX, NewPartner,
    NewReleaseNotice, NewRequest, NodeCard, Notice, NoticeReceipt, OVERTAKEN_MAX, Onward, Outgoing, PartnerError, PartnerRecord,
    PartnerState, PartnerView, Progress, QUARANTINE_MAX, Quarantined, RecallError, Recalled, RecalledFrom, Release, Released,
    RequestAnswer, RequestError, RequestView, SayablePage, ServerCard, Statements, Taken, Trace, Way,
};
pub use passwords::{PASSWORD_BYTES_MAX, PASSWORD_CHARACTERS_MIN, PasswordError};
pub use paths::{PATH_OBJECTS_MAX, PATH_STEPS_MAX, PATHS_MAX, Path, PathAnswer, PathEnd, PathError, PathStep};
pub use preview::{Preview, PreviewedLabel, PreviewedObject, Withheld};
pub use reading::{ClearedPage, CollectionView, ReadError, Reading};
pub use recipients::{Grounds, Recipient, Recipients, RecipientsOf, Why, WhyVersion};
pub use records::{CollectionRecord, ConsentRecord, NodeRecord, PartsRecord, Role, UnknownRole, UserRecord, WayShown};
pub use relabel::{RelabelError, Relabelled};
pub use remove::RemoveError;
pub use requests::{
    InformationRequestError, InformationRequestView, InformationResponseView, InformationWritten, NewInformationRequest,
    NewInformationResponse, ResponseOutcome,
};
pub use searching::{
    SEARCH_COUNT_MAX, SEARCH_LIMIT_MAX, SearchAnswer, SearchError, SearchHit, SearchIndexState, SearchRequest, SearchShown,
};
pub use session::Session;
pub use showing::{ShowError, ShownObject};
pub use tearline::{Accepted, Proposal, Published, RemovedPart, Review, TearlineError, TearlineRequest};
pub use validate::{Fault, Verdict, validate};
pub use viewing::{
    Compared, DIFFERENCES_MAX, Difference, Referring, Sighted, VIEW_NAMES_MAX, VIEW_REFERRING_MAX, VersionWanted, ViewError, Viewed,
    ViewedObject, ViewedVersion,
};
pub use written::{WriteError, WrittenForm};

// What banners say is shown beside what they are about.
/// What is chosen of a policy when a label is made.
pub use relto_policy::text::Choices;
pub use relto_policy::{Asks, BannerPart};
// What the release check finds is part of what previews and proposals say.
pub use relto_policy::release_check::Finding;
// The words in which a [`Reading`] is asked, so that whoever answers requests needs nothing else of the store.
pub use relto_store::{Bodies, Excerpt, Filter, Position, Query, Row, TextError, VersionFilter};
