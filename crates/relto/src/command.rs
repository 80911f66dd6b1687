//! What can be asked of a node, and what it answers: the same values in process and over the control socket.

mod asking;
mod intake;
mod modelling;
mod naming;

use std::collections::BTreeMap;

use relto_node::{
    AgreementEffect, CollectionChange, ConsentGiven, ConsentOf, Consented, EntityAnswer, EntityRequest, Explained, FileInForce, Holdings,
    Impact, InformationRequestView, InformationWritten, InputInForce, KeyStep, LoadReport, LoadRequest, MediaPlaces, MediaRead,
    MediaWritten, ModelDecision, ModelRecord, NewCollection, NewConsent, NewFile, NewPartner, PartnerView, PathAnswer, Preview, Proposal,
    Published, Quarantined, Recalled, Relabelled, RequestView, Review, SearchAnswer, SearchRequest, ServerCard, ShownObject, Taken,
    TearlineRequest, Trace, UserChange, WrittenForm,
};
use serde::{Deserialize, Serialize};

pub(crate) use asking::{Consenting, RequestAct};
pub(crate) use intake::{Intaking, Line};
pub(crate) use modelling::Modelling;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Command {
    /// Add an account.
    UserAdd { name: String, change: UserChange },
    /// Change an account.
    UserSet { name: String, change: UserChange },
    /// End an account's right to sign in, or give it back.
    UserDisable { name: String, disabled: bool },
    /// Give an account a password.
    UserPassword { name: String, password: Password },
    /// Give an account the certificate whose key has this SHA-256, or none.
    UserCertificate { name: String, key: Option<[u8; 32]> },
    /// Replace a token.
    UserRotateToken { name: String },
    /// All accounts.
    UserList,
    /// Add a collection.
    CollectionAdd(NewCollection),
    /// Change a collection.
    CollectionSet { name: String, change: CollectionChange },
    /// All collections.
    CollectionList,
    /// Declare a group.
    GroupAdd { name: String },
    /// All groups.
    GroupList,
    /// Let one clearance count as another.
    EquivalenceAdd { held: String, counts_as: String },
    /// Take an equivalence back.
    EquivalenceRemove { held: String, counts_as: String },
    /// All equivalences.
    EquivalenceList,
    /// Enter a consent.
    ConsentAdd { object: String, consent: NewConsent },
    /// Withdraw consents.
    ConsentRemove { object: String, of: ConsentOf, reason: String },
    /// The consents to the release of one object, or of all.
    ConsentList { object: Option<String> },
    /// Ask partners for consents, and answer them.
    Consenting(Consenting),
    /// Relabel an object.
    LabelSet { object: String, label: String, reason: String, addressees: Vec<String> },
    /// The label of what comes with none.
    LabelDefaultShow,
    /// Set the label of what comes with none.
    LabelDefault { label: Option<String> },
    /// Read a label without doing anything.
    LabelCheck { label: String },
    /// Write a label as STIX or STANAG 4774 has it.
    LabelWrite { label: Option<String>, labels: Vec<String>, form: WrittenForm, review: Option<String> },
    /// Load the sources that follow.
    Load(LoadRequest),
    /// Name models that may propose, and ask them.
    Modelling(Modelling),
    /// Say what a load of the sources that follow would do.
    Preview { request: LoadRequest, words: Option<String> },
    /// Propose a tearline.
    Tearline { object: String, request: TearlineRequest },
    /// Publish a tearline.
    TearlinePublish { object: String, request: TearlineRequest, review: Review },
    /// Explain a decision.
    Explain { object: String, user: String },
    /// Show an object as an account may see it.
    Show { object: String, user: String },
    /// Search what an account may see.
    Search { user: String, request: SearchRequest },
    /// How two objects hang together, as an account sees it.
    Path { user: String, from: String, to: String },
    /// What an account may know of an entity.
    Entity { user: String, request: EntityRequest },
    /// Write what an account may see.
    Export { user: String, collection: Option<String> },
    /// Put a file in force.
    PolicyActivate { file: NewFile, reason: String },
    /// Take a file out of force.
    PolicyDeactivate { name: String, reason: String },
    /// The files in force.
    PolicyList,
    /// What a file would change.
    Impact(NewFile),
    /// This node's card, for a node that listens at an address.
    PartnerCard { address: String },
    /// The card of a server that is no Relto node.
    ServerCard(ServerCard),
    /// Add or change a partner.
    PartnerAdd(Box<NewPartner>),
    /// Take a step towards another key of this node.
    PartnerKey(KeyStep),
    /// What an agreement would release.
    PartnerPreview(Box<NewPartner>),
    /// All partners.
    PartnerList,
    /// Stop all flows to and from a partner, or let them go on.
    PartnerSuspend { name: String, suspended: bool, phrase: Option<String> },
    /// What this node and a partner hold of each other's.
    PartnerHoldings { name: String },
    /// Write what a partner has not been given on media yet.
    PartnerExport { name: String, from_start: bool },
    /// Note that what was written is safe.
    PartnerExported(MediaPlaces),
    /// Take in what a partner wrote to media: the source that follows.
    PartnerImport { name: String },
    /// Have a partner leave.
    PartnerRemove { name: String },
    /// Recall an object from everybody who has it.
    Recall { object: String, reason: String },
    /// The way of an object.
    Trace { object: String },
    /// What waits in quarantine.
    QuarantineList { partner: Option<String> },
    /// Try again to take in what waits.
    QuarantineRetry { partner: String, object: Option<String> },
    /// Throw away what waits.
    QuarantineDrop { partner: String, object: Option<String>, reason: String },
    /// Ask, answer or close as an account, or show what it may see of that.
    Request { user: String, act: RequestAct },
    /// Read documents, again, and with what.
    Intake(Intaking),
    /// Examine the store.
    Doctor,
    /// The last administrative acts.
    Log { limit: usize },
}

/// A password on its way; nothing that is printed shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Password")
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// Done: one sentence about what.
    Done { act: String },
    /// Something was made; its id or token is shown once.
    Made { act: String, name: String, secret: Secret },
    /// Accounts.
    Users(Vec<UserFacts>),
    /// Collections.
    Collections(Vec<CollectionFacts>),
    /// Groups with their members of today.
    Groups(Vec<GroupFacts>),
    /// Equivalences.
    Equivalences(Vec<EquivalenceFacts>),
    /// A label as it was read.
    Label { written: String, means: String, rules: Vec<String> },
    /// A label as it was written, one document a line.
    Written(Vec<String>),
    /// A relabelling.
    Relabelled(Relabelled),
    /// A load.
    Loaded(LoadReport),
    /// Models.
    Models(Vec<ModelRecord>),
    /// Whether a model may be asked.
    ModelDecided(ModelDecision),
    /// What a load would do.
    Previewed(Preview),
    /// A tearline, proposed.
    Proposed(Box<Proposal>),
    /// A tearline, published.
    Published(Published),
    /// A consent was entered or withdrawn.
    Consented(Consented),
    /// Consents.
    Consents(Vec<ConsentGiven>),
    /// A request that was sent.
    ConsentRequested(Box<RequestView>),
    /// Requests for consents.
    ConsentRequests(Vec<RequestView>),
    /// A decision.
    Explained { object: String, user: String, versions: Vec<Explained> },
    /// An object as an account may see it.
    Shown { object: String, user: String, versions: Vec<ShownObject> },
    /// What an account found.
    Found(SearchAnswer),
    /// Paths between two objects.
    Paths(PathAnswer),
    /// What is known of an entity.
    Entity(Box<EntityAnswer>),
    /// An export ended.
    Exported { objects: usize },
    /// An examination.
    Examined(Vec<Check>),
    /// Administrative acts.
    Acts(Vec<Act>),
    /// Files in force.
    Files(Vec<FileInForce>),
    /// Lists and decisions in use.
    Inputs(Vec<InputInForce>),
    /// What a file would change.
    Impact(Impact),
    /// A card, as its file.
    Card(String),
    /// What an agreement would release.
    AgreementEffect(AgreementEffect),
    /// A partner, as it stands now.
    Partner(Box<PartnerView>),
    /// All partners.
    Partners(Vec<PartnerView>),
    /// What two sides hold of each other's.
    Holdings { holdings: Holdings, has_left: bool },
    /// What was written to media.
    MediaWritten { written: MediaWritten, places: MediaPlaces },
    /// What was read from media.
    MediaRead(MediaRead),
    /// A recall.
    Recalled(Recalled),
    /// The way of an object.
    Traced(Trace),
    /// What waits in quarantine.
    Quarantine(Vec<Quarantined>),
    /// What was taken in.
    Taken(Taken),
    /// A question was asked, answered or closed.
    InformationWritten(InformationWritten),
    /// Questions.
    InformationRequests(Vec<InformationRequestView>),
}

/// What is shown once, as the last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Secret {
    /// An id.
    Id(String),
    /// A token.
    Token(String),
}

/// An account as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserFacts {
    pub name: String,
    pub nations: Vec<String>,
    pub organisation: String,
    pub members: Vec<String>,
    pub clearances: Vec<String>,
    pub accesses: Vec<String>,
    pub role: String,
    pub disabled: bool,
}

/// A collection as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CollectionFacts {
    pub name: String,
    pub id: String,
    pub title: String,
    pub label: String,
    pub can_read: bool,
    pub can_write: bool,
    pub recipients: BTreeMap<String, Vec<String>>,
    pub second_person: bool,
}

/// A group as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupFacts {
    pub name: String,
    /// Nations that are in it now; empty for a declared group.
    pub nations: Vec<String>,
}

/// An equivalence as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EquivalenceFacts {
    pub held: String,
    pub counts_as: String,
}

/// One line of an examination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Check {
    /// What was looked at.
    pub check: String,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub found: String,
    /// The next step, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// As it should be.
    Good,
    /// Somebody should look.
    Warning,
    /// Wrong.
    Wrong,
}

/// An administrative act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Act {
    pub at: String,
    pub act: serde_json::Value,
}
