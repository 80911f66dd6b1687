//! Who gets an object, and why one of them does or does not: each decision in words beside its sign, each rule for itself.

use askama::Template;
use relto_node::{Asks, Decision, Grounds, RecipientsOf, Rule, Why, WhyVersion};

use crate::frame::{Frame, Here, Visitor};
use crate::objects::moment;
use crate::paths::why_path;
use crate::seal::Banner;
use crate::text::Language;
use crate::{Html, render};

/// A decision as it is shown: a sign, and the text that says it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sign {
    /// The class that colours it.
    pub class: &'static str,
    pub sign: &'static str,
    pub words: &'static str,
}

impl Sign {
    fn of(decision: Decision) -> Self {
        match decision {
            Decision::Released => Self { class: "yes", sign: "✓", words: "why-released" },
            Decision::Redacted => Self { class: "no", sign: "✗", words: "why-redacted" },
            Decision::Pending => Self { class: "wait", sign: "…", words: "why-pending" },
            Decision::Withheld => Self { class: "no", sign: "✗", words: "why-withheld" },
        }
    }

    fn of_rule(decision: Decision) -> Self {
        let words = match decision {
            Decision::Released => "why-met",
            Decision::Pending => "why-waits",
            Decision::Redacted | Decision::Withheld => "why-not-met",
        };
        Self { words, ..Self::of(decision) }
    }
}

/// Who gets one version.
pub(crate) struct RecipientsTable {
    pub collection: String,
    pub version: String,
    pub label: String,
    pub released: usize,
    pub rows: Vec<RecipientRow>,
}

/// A partner or an account.
pub(crate) struct RecipientRow {
    pub name: String,
    pub organisation: String,
    pub role: String,
    pub sign: Sign,
    pub since: Option<String>,
    pub sent: Option<String>,
    pub why: String,
}

/// The tables for the object `id`.
pub(crate) fn tables(say: Language, id: &str, all: &[RecipientsOf]) -> Vec<RecipientsTable> {
    let row = |recipient: &relto_node::Recipient| RecipientRow {
        name: recipient.name.clone(),
        organisation: recipient.organisation.clone(),
        role: recipient
            .role
            .map_or_else(|| say.say("who-partner").into_owned(), |role| say.say_name("me-role-of", role.to_string().as_str()).into_owned()),
        sign: Sign::of(recipient.decision),
        since: recipient.since.map(|since| moment(&since.to_string())),
        sent: recipient.sent.map(|sent| moment(&sent.to_string())),
        why: why_path(id, Some(&recipient.name)),
    };
    let table = |of: &RecipientsOf| RecipientsTable {
        collection: of.collection.clone(),
        version: of.version.clone(),
        label: of.label.clone(),
        released: of.recipients.iter().filter(|recipient| recipient.decision == Decision::Released).count(),
        rows: of.recipients.iter().map(row).collect(),
    };
    all.iter().map(table).collect()
}

#[derive(Template)]
#[template(path = "why.html")]
struct Page<'p> {
    frame: Frame<'p>,
    id: &'p str,
    title: &'p str,
    is_own: bool,
    versions: Vec<Version<'p>>,
}

struct Version<'p> {
    collection: &'p str,
    version: &'p str,
    banner: Banner,
    sign: Sign,
    since: Option<String>,
    label: Option<&'p str>,
    sorts: Vec<&'static str>,
    rules: Vec<RuleRow<'p>>,
    /// Whether reasons are told.
    has_reasons: bool,
    changes: &'p [Vec<String>],
    /// The text above the changes.
    changes_lead: &'static str,
}

struct RuleRow<'p> {
    sign: Sign,
    rule: &'p str,
    because: Option<&'p str>,
    change: Option<&'p str>,
    citation: Option<&'p str>,
}

/// The page of why somebody gets the object `id` or does not.
#[must_use]
pub fn why(language: Language, visitor: Visitor<'_>, id: &str, why: &Why) -> Html {
    let title = why.title.as_deref().unwrap_or(id);
    let key = if why.is_own { "why-title-own" } else { "why-title" };
    let frame = Frame::new(language, language.say_name(key, &why.name).into_owned(), Some(visitor), Here::Objects, &why.banner);
    let versions = why.versions.iter().map(version).collect();
    render(&Page { frame, id, title, is_own: why.is_own, versions })
}

fn version(version: &WhyVersion) -> Version<'_> {
    let (label, sorts, rules, changes): (_, _, Vec<RuleRow<'_>>, &[Vec<String>]) = match &version.grounds {
        Grounds::Sorts(asks) => (None, asks.iter().map(|asks| sort(*asks)).collect(), Vec::new(), &[]),
        Grounds::Full(label, rules, changes) => (Some(label.as_str()), Vec::new(), rules.iter().map(in_full).collect(), changes.as_slice()),
        Grounds::Rules(label, rules) => {
            (Some(label.as_str()), Vec::new(), rules.iter().map(|(rule, decision)| without_reason(rule, *decision)).collect(), &[])
        }
    };
    Version {
        collection: &version.collection,
        version: &version.version,
        banner: Banner::new(&version.banner),
        sign: Sign::of(version.decision),
        since: version.since.map(|since| moment(&since.to_string())),
        label,
        sorts,
        rules,
        has_reasons: matches!(version.grounds, Grounds::Full(..)),
        changes,
        changes_lead: if version.decision == Decision::Released { "why-changes-away" } else { "why-changes-to" },
    }
}

fn in_full(rule: &Rule) -> RuleRow<'_> {
    RuleRow {
        sign: Sign::of_rule(rule.verdict),
        rule: &rule.rule,
        because: Some(&rule.because),
        change: rule.would_change.as_deref(),
        citation: rule.citation.as_deref(),
    }
}

fn without_reason(rule: &str, decision: Decision) -> RuleRow<'_> {
    RuleRow { sign: Sign::of_rule(decision), rule, because: None, change: None, citation: None }
}

/// The text that says what let the reader in.
fn sort(asks: Asks) -> &'static str {
    match asks {
        Asks::Level => "why-sort-level",
        Asks::Clearance => "why-sort-clearance",
        Asks::Audience => "why-sort-audience",
        Asks::Access => "why-sort-access",
        Asks::Consent => "why-sort-consent",
        Asks::Law => "why-sort-law",
    }
}
