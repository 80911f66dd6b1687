//! Kinds of objects as shapes: each family has a form of its own beside its colour, so that nobody has to tell colours apart.

/// A family of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Actor,
    Means,
    Trace,
    Account,
    Place,
    Weakness,
    Other,
}

impl Family {
    /// The family of a kind.
    pub(crate) fn of(kind: &str) -> Self {
        match kind {
            "threat-actor" | "intrusion-set" | "campaign" | "identity" => Self::Actor,
            "malware" | "malware-analysis" | "tool" | "attack-pattern" | "infrastructure" | "software" => Self::Means,
            "report" | "note" | "opinion" | "grouping" | "incident" | "sighting" | "observed-data" | "language-content" => Self::Account,
            "location" => Self::Place,
            "vulnerability" | "course-of-action" => Self::Weakness,
            "indicator" | "artifact" | "autonomous-system" | "directory" | "domain-name" | "email-addr" | "email-message" | "file" => {
                Self::Trace
            }
            "ipv4-addr" | "ipv6-addr" | "mac-addr" | "mutex" | "network-traffic" | "process" | "url" | "user-account" => Self::Trace,
            "windows-registry-key" | "x509-certificate" => Self::Trace,
            _ => Self::Other,
        }
    }

    /// The class that colours it.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Actor => "k-actor",
            Self::Means => "k-means",
            Self::Trace => "k-trace",
            Self::Account => "k-account",
            Self::Place => "k-place",
            Self::Weakness => "k-weakness",
            Self::Other => "k-other",
        }
    }

    /// Its form, as a path around the origin, fourteen units wide.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Actor => "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0z",
            Self::Means => "M0-8L8 0L0 8L-8 0z",
            Self::Trace => "M-6-6h12v12h-12z",
            Self::Account => "M-5-7h7l3 3v11h-10z",
            Self::Place => "M0 7L-7-6h14z",
            Self::Weakness => "M-4-7h8l4 7l-4 7h-8l-4-7z",
            Self::Other => "M-2-7h4v5h5v4h-5v5h-4v-5h-5v-4h5z",
        }
    }
}
