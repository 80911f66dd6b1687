//! The small facts beside objects, by what they are.

/// The kinds of small facts that are kept as one JSON document each, by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// The node itself: one record.
    Node,
    /// Accounts by name.
    User,
    /// Collections by name.
    Collection,
    /// Declared groups by name.
    Group,
    /// Equivalences of clearances.
    Equivalence,
    /// What accounts gained late, by account.
    Gain,
    /// Outcomes of posts, by status id.
    Status,
    /// Files in force: policies and tables, by what they describe.
    File,
    /// Published tearlines, by the original's id and the label.
    Tearline,
    /// What was consented to for one object, by the number of its label.
    Consent,
    /// The labels of the parts of one row, by its arrival.
    Part,
    /// Partners by name.
    Partner,
    /// How far an exchange with a partner has come, by partner and collection.
    Progress,
    /// What a partner delivered and was not taken in, by partner and content.
    Quarantine,
    /// Who says that a label is on an object, by the object's digest.
    Statement,
    /// What was released to a partner, by partner and number.
    Release,
    /// What a partner is to be told, by partner and number.
    Notice,
    /// Objects that were recalled, by id.
    Recall,
    /// Rows that were removed, by object and arrival.
    Removed,
    /// Signed consents, by the digest of the object that they are about.
    ConsentStatement,
    /// Requests for a consent, by partner, way and number.
    Request,
    /// What a release notice is about, by the notice's id.
    Announcement,
    /// By which partners a row came that another organisation wrote, by its arrival.
    Relay,
    /// What documents are read with: lists and decisions, by name.
    Input,
    /// The document that a report was read from, by the arrival of the report's row.
    Document,
    /// The bytes of documents by their digest, and what was read from them by the arrival of the report's row.
    Content,
    /// Models that may propose what documents say, by name.
    Model,
    /// What a model answered, by its name and the hash of the request.
    ModelAnswer,
    /// What waits at the release desk, and what became of it, by organisation and id.
    Desk,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [Self; 29] = [
        Self::Node,
        Self::User,
        Self::Collection,
        Self::Group,
        Self::Equivalence,
        Self::Gain,
        Self::Status,
        Self::File,
        Self::Tearline,
        Self::Consent,
        Self::Part,
        Self::Partner,
        Self::Progress,
        Self::Quarantine,
        Self::Statement,
        Self::Release,
        Self::Notice,
        Self::Recall,
        Self::Removed,
        Self::ConsentStatement,
        Self::Request,
        Self::Announcement,
        Self::Relay,
        Self::Input,
        Self::Document,
        Self::Content,
        Self::Model,
        Self::ModelAnswer,
        Self::Desk,
    ];

    /// The kind's name in a database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::User => "user",
            Self::Collection => "collection",
            Self::Group => "group",
            Self::Equivalence => "equivalence",
            Self::Gain => "gain",
            Self::Status => "status",
            Self::File => "file",
            Self::Tearline => "tearline",
            Self::Consent => "consent",
            Self::Part => "part",
            Self::Partner => "partner",
            Self::Progress => "progress",
            Self::Quarantine => "quarantine",
            Self::Statement => "statement",
            Self::Release => "release",
            Self::Notice => "notice",
            Self::Recall => "recall",
            Self::Removed => "removed",
            Self::ConsentStatement => "consent-statement",
            Self::Request => "request",
            Self::Announcement => "announcement",
            Self::Relay => "relay",
            Self::Input => "input",
            Self::Document => "document",
            Self::Content => "content",
            Self::Model => "model",
            Self::ModelAnswer => "model-answer",
            Self::Desk => "desk",
        }
    }
}
