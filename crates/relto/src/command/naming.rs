//! What commands are called in logs.

use super::Command;

impl Command {
    /// Its name in logs: what is done, never to what.
    #[must_use]
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::UserAdd { .. } => "user add",
            Self::UserSet { .. } => "user set",
            Self::UserDisable { disabled: true, .. } => "user disable",
            Self::UserDisable { disabled: false, .. } => "user enable",
            Self::UserPassword { .. } => "user password",
            Self::UserCertificate { .. } => "user certificate",
            Self::UserRotateToken { .. } => "user rotate-token",
            Self::UserList => "user list",
            Self::CollectionAdd(_) => "collection add",
            Self::CollectionSet { .. } => "collection set",
            Self::CollectionList => "collection list",
            Self::GroupAdd { .. } => "group add",
            Self::GroupList => "group list",
            Self::EquivalenceAdd { .. } => "equivalence add",
            Self::EquivalenceRemove { .. } => "equivalence remove",
            Self::EquivalenceList => "equivalence list",
            Self::ConsentAdd { .. } => "consent add",
            Self::ConsentRemove { .. } => "consent remove",
            Self::ConsentList { .. } => "consent list",
            Self::Consenting(consenting) => consenting.name(),
            Self::LabelSet { .. } => "label set",
            Self::LabelDefault { .. } | Self::LabelDefaultShow => "label default",
            Self::LabelCheck { .. } => "label check",
            Self::LabelWrite { .. } => "label write",
            Self::Load(_) => "load",
            Self::Modelling(modelling) => modelling.name(),
            Self::Preview { .. } => "preview",
            Self::Tearline { .. } => "tearline",
            Self::TearlinePublish { .. } => "tearline publish",
            Self::Explain { .. } => "explain",
            Self::Show { .. } => "show",
            Self::Search { .. } => "search",
            Self::Path { .. } => "path",
            Self::Entity { .. } => "entity",
            Self::Export { .. } => "export",
            Self::PolicyActivate { .. } => "policy activate",
            Self::PolicyDeactivate { .. } => "policy deactivate",
            Self::PolicyList => "policy list",
            Self::Impact(_) => "impact",
            Self::Request { act, .. } => act.name(),
            Self::Intake(act) => act.name(),
            Self::Doctor => "doctor",
            Self::Log { .. } => "log",
            _ => self.name_about_partners(),
        }
    }

    /// The same of what is done about partners.
    fn name_about_partners(&self) -> &'static str {
        match self {
            Self::PartnerCard { .. } | Self::ServerCard(_) => "partner card",
            Self::PartnerKey(_) => "partner key",
            Self::PartnerAdd(_) => "partner add",
            Self::PartnerPreview(_) => "partner add what-if",
            Self::PartnerList => "partner list",
            Self::PartnerSuspend { suspended: true, .. } => "partner suspend",
            Self::PartnerSuspend { .. } => "partner resume",
            Self::PartnerHoldings { .. } => "partner what-if",
            Self::PartnerExport { .. } | Self::PartnerExported(_) => "partner export",
            Self::PartnerImport { .. } => "partner import",
            Self::PartnerRemove { .. } => "partner remove",
            Self::Recall { .. } => "recall",
            Self::Trace { .. } => "trace",
            Self::QuarantineList { .. } => "quarantine list",
            Self::QuarantineRetry { .. } => "quarantine retry",
            Self::QuarantineDrop { .. } => "quarantine drop",
            _ => "partner",
        }
    }
}
