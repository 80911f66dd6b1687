//! What there is, in one table: every route that acts for a principal.

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// TAXII 2.1, section 4.1.
    Discovery,
    /// Section 4.2.
    ApiRoot,
    /// Section 4.3.
    Status,
    /// Section 5.1.
    Collections,
    /// Section 5.2.
    Collection,
    /// Section 5.3.
    Manifest,
    /// Section 5.4.
    Objects,
    /// Section 5.5.
    AddObjects,
    /// Section 5.6.
    Object,
    /// Section 5.7.
    DeleteObject,
    /// Section 5.8.
    Versions,
    /// Server-sent events: that there is something new.
    Notifications,
    /// What a partner is to be told of what was released to it.
    Notices,
    /// What a partner says it has done of that.
    Receipts,
    /// The same the other way round: what a partner tells this node.
    TellNotices,
    /// The first page: leads to the objects.
    Start,
    /// The page on which people sign in.
    SignInPage,
    /// Signing in.
    SignIn,
    /// Signing in by the certificate that the connection has proved.
    SignInCertificate,
    /// Signing out.
    SignOut,
    /// The page of what one may see, and of what a search finds.
    ObjectsPage,
    /// The page of one object.
    ObjectPage,
    /// The page on which a label is made.
    LabelPage,
    /// The page about oneself.
    MePage,
    /// The bytes of one version of an object.
    ObjectBytes,
    /// The page of why somebody gets an object or does not.
    WhyPage,
    /// The page of what is known of an entity.
    EntityPage,
    /// The page of what hangs together.
    GraphPage,
    /// Making oneself a new token.
    NewToken,
    /// The release desk.
    ReleaseDesk,
    /// Bringing something to it.
    NewDraft,
    /// What publishing a draft would come to.
    DraftPage,
    /// Labelling, publishing, proposing or discarding it.
    ChangeDraft,
    /// What waits for a second person.
    ProposalPage,
    /// Approving or declining it.
    DecideProposal,
    /// What was published, and how far it has come.
    ReleasePage,
}

/// Every route that acts for a principal: method, path, endpoint. Each is in the censored twin, and `cargo xtask tidy` sees to it.
pub const ROUTES: &[(&str, &str, Endpoint)] = &[
    ("GET", "/taxii2/", Endpoint::Discovery),
    ("GET", "/taxii2/main/", Endpoint::ApiRoot),
    ("GET", "/taxii2/main/status/{status}/", Endpoint::Status),
    ("GET", "/taxii2/main/collections/", Endpoint::Collections),
    ("GET", "/taxii2/main/collections/{collection}/", Endpoint::Collection),
    ("GET", "/taxii2/main/collections/{collection}/manifest/", Endpoint::Manifest),
    ("GET", "/taxii2/main/collections/{collection}/objects/", Endpoint::Objects),
    ("POST", "/taxii2/main/collections/{collection}/objects/", Endpoint::AddObjects),
    ("GET", "/taxii2/main/collections/{collection}/objects/{object}/", Endpoint::Object),
    ("DELETE", "/taxii2/main/collections/{collection}/objects/{object}/", Endpoint::DeleteObject),
    ("GET", "/taxii2/main/collections/{collection}/objects/{object}/versions/", Endpoint::Versions),
    ("GET", "/relto/notifications/", Endpoint::Notifications),
    ("GET", "/relto/notices/", Endpoint::Notices),
    ("POST", "/relto/notices/", Endpoint::TellNotices),
    ("POST", "/relto/receipts/", Endpoint::Receipts),
    ("GET", "/", Endpoint::Start),
    ("GET", "/sign-in/", Endpoint::SignInPage),
    ("POST", "/sign-in/", Endpoint::SignIn),
    ("POST", "/sign-in/certificate/", Endpoint::SignInCertificate),
    ("POST", "/sign-out/", Endpoint::SignOut),
    ("GET", "/objects/", Endpoint::ObjectsPage),
    ("GET", "/objects/{object}/", Endpoint::ObjectPage),
    ("GET", "/label/", Endpoint::LabelPage),
    ("GET", "/me/", Endpoint::MePage),
    ("POST", "/me/token/", Endpoint::NewToken),
    ("GET", "/release/", Endpoint::ReleaseDesk),
    ("POST", "/release/", Endpoint::NewDraft),
    ("GET", "/release/drafts/{draft}/", Endpoint::DraftPage),
    ("POST", "/release/drafts/{draft}/", Endpoint::ChangeDraft),
    ("GET", "/release/proposals/{proposal}/", Endpoint::ProposalPage),
    ("POST", "/release/proposals/{proposal}/", Endpoint::DecideProposal),
    ("GET", "/release/releases/{release}/", Endpoint::ReleasePage),
    ("GET", "/objects/{object}/bytes/", Endpoint::ObjectBytes),
    ("GET", "/why/", Endpoint::WhyPage),
    ("GET", "/entity/", Endpoint::EntityPage),
    ("GET", "/graph/", Endpoint::GraphPage),
];

impl Endpoint {
    /// Its name in logs and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::ApiRoot => "api-root",
            Self::Status => "status",
            Self::Collections => "collections",
            Self::Collection => "collection",
            Self::Manifest => "manifest",
            Self::Objects => "objects",
            Self::AddObjects => "add-objects",
            Self::Object => "object",
            Self::DeleteObject => "delete-object",
            Self::Versions => "versions",
            Self::Notifications => "notifications",
            Self::Notices => "notices",
            Self::Receipts => "receipts",
            Self::TellNotices => "tell-notices",
            Self::Start => "start",
            Self::SignInPage => "sign-in-page",
            Self::SignIn => "sign-in",
            Self::SignInCertificate => "sign-in-certificate",
            Self::SignOut => "sign-out",
            Self::ObjectsPage => "objects-page",
            Self::ObjectPage => "object-page",
            Self::LabelPage => "label-page",
            Self::MePage => "me-page",
            Self::ObjectBytes => "object-bytes",
            Self::WhyPage => "why-page",
            Self::EntityPage => "entity-page",
            Self::GraphPage => "graph-page",
            Self::NewToken => "new-token",
            Self::ReleaseDesk => "release-desk",
            Self::NewDraft => "new-draft",
            Self::DraftPage => "draft-page",
            Self::ChangeDraft => "change-draft",
            Self::ProposalPage => "proposal-page",
            Self::DecideProposal => "decide-proposal",
            Self::ReleasePage => "release-page",
        }
    }

    /// Whether it is for people, who have a session, rather than for programs, which have a token or a key.
    pub(crate) fn is_page(self) -> bool {
        use Endpoint::{ChangeDraft, DecideProposal, DraftPage, NewDraft, ProposalPage, ReleaseDesk, ReleasePage};
        use Endpoint::{EntityPage, GraphPage, LabelPage, ObjectBytes, ObjectPage, ObjectsPage, Start, WhyPage};
        use Endpoint::{MePage, NewToken, SignIn, SignInCertificate, SignInPage, SignOut};
        let is_of_desk = matches!(self, ReleaseDesk | NewDraft | DraftPage | ChangeDraft | ProposalPage | DecideProposal | ReleasePage);
        let is_of_session = matches!(self, SignInPage | SignIn | SignInCertificate | SignOut | MePage | NewToken);
        let is_read = matches!(self, Start | ObjectsPage | ObjectPage | ObjectBytes | LabelPage | WhyPage | EntityPage | GraphPage);
        is_of_desk || is_of_session || is_read
    }
}
