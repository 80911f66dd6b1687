//! Fetching one collection of a partner, page by page: what is asked next, and what becomes of an answer. No socket here.
//!
//! What has been taken in and how far that is are one transaction of the node, so that a crash at any moment loses nothing and takes nothing
//! twice. A Relto node is asked for what was added after the last date, which separates batches; of any other server the last
//! date is asked for once more, since another object may have got it meanwhile.

use std::sync::Arc;

use bytes::Bytes;
use relto_model::Stamp;
use relto_node::{Card, Come, Delivered, Delivery, DeliveryError, Node, PartnerRecord, Progress, StoreError, Taken};
use relto_taxii::envelope::{self, EnvelopeError};
use sha2::{Digest, Sha256};

/// Objects asked for at once, to begin with.
pub const PAGE_ROWS: u32 = 1_000;
/// Objects that a Relto node is asked for at once while there is more: what is stored together costs less, and keeps other writers waiting.
const PAGE_ROWS_MAX: u32 = 10_000;
/// Where a Relto node's API root is, under its address.
pub(crate) const API_ROOT: &str = "taxii2/main/";

/// Why fetching has stopped.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// The partner does not let us see the collection.
    #[error("it shows no collection `{0}`")]
    NoCollection(String),
    /// The partner refused.
    #[error("it refused with status {0}")]
    Refused(u16),
    /// What it sent is no page.
    #[error("it sent no page of objects")]
    Page(#[from] EnvelopeError),
    /// It gives the same page again and again.
    #[error("its pages do not come to an end")]
    Endless,
    /// What it sent is not taken in.
    #[error(transparent)]
    Delivery(#[from] DeliveryError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PullError {
    /// Whether nothing is wrong, but that what was asked for must be asked for again.
    #[must_use]
    pub fn is_out_of_date(&self) -> bool {
        matches!(self, Self::Delivery(DeliveryError::BegunAnew(_)))
    }

    /// Whether the partner only does not give this collection, as its own agreement says.
    #[must_use]
    pub fn is_of_collection(&self) -> bool {
        matches!(self, Self::NoCollection(_) | Self::Refused(403))
    }
}

/// What comes after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another one.
    More,
    /// Nothing, until there is something new.
    Done,
}

/// An answer, as far as it matters.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `X-TAXII-Date-Added-Last` (TAXII 2.1, section 3.2).
    pub added_last: Option<String>,
    /// The body, decoded.
    pub body: Bytes,
    /// When it was asked for, by this node's clock.
    pub asked: Stamp,
}

/// An answer, read. Nothing of that needs the store, so that it is done while the page before is stored.
pub struct ReadAnswer {
    status: u16,
    added_last: Option<String>,
    asked: Stamp,
    /// The page of one that is well.
    page: Option<Result<ReadPage, EnvelopeError>>,
}

struct ReadPage {
    objects: Delivered,
    is_empty: bool,
    more: bool,
    next: Option<String>,
    /// Tells the page from others.
    digest: [u8; 32],
}

impl Answer {
    /// The answer, read for `node`.
    #[must_use]
    pub fn read(self, node: &Node) -> ReadAnswer {
        let page = (self.status == 200).then(|| {
            let page = envelope::page(&self.body)?;
            let (objects, is_empty) = (node.read_delivered(&page.objects), page.objects.is_empty());
            Ok(ReadPage { objects, is_empty, more: page.more, next: page.next, digest: Sha256::digest(&self.body).into() })
        });
        ReadAnswer { status: self.status, added_last: self.added_last, asked: self.asked, page }
    }
}

/// The fetching of one collection.
#[derive(Clone)]
pub struct Pull {
    node: Arc<Node>,
    partner: String,
    is_relto: bool,
    /// By its name here.
    collection: String,
    /// By its name there.
    theirs: String,
    /// Objects asked for at once.
    rows: u32,
    /// The most that may be.
    rows_max: u32,
    progress: Progress,
    /// As of which beginning that is.
    begun: Stamp,
    /// The page before, to notice one that comes again.
    before: Option<[u8; 32]>,
}

impl Pull {
    /// Fetching `collection` of `partner`, from where it has come to.
    ///
    /// # Errors
    /// [`PullError`] when the store fails, or the agreement is not about the collection.
    pub fn new(node: Arc<Node>, partner: &PartnerRecord, collection: &str) -> Result<Self, PullError> {
        let agreement = &partner.agreement;
        let theirs = agreement.collections.get(collection).filter(|_| agreement.accepts_into(collection)).cloned();
        let theirs = theirs.ok_or_else(|| PullError::NoCollection(collection.to_owned()))?;
        let is_relto = matches!(partner.card, Card::Node(_));
        let begun = partner.begun;
        let (partner, collection) = (partner.name().to_owned(), collection.to_owned());
        let progress = node.progress(&partner, &collection)?;
        let rows_max = if is_relto { PAGE_ROWS_MAX } else { PAGE_ROWS };
        Ok(Self { node, partner, is_relto, collection, theirs, rows: PAGE_ROWS, rows_max, progress, begun, before: None })
    }

    /// The collection, by its name here.
    #[must_use]
    pub fn collection(&self) -> &str {
        &self.collection
    }

    /// What is asked next: path and query, under the partner's address.
    #[must_use]
    pub fn target(&self) -> String {
        self.target_after(&self.progress)
    }

    /// What is asked once `answer` has been taken in, if that is known from the answer alone: it can be asked for meanwhile.
    #[must_use]
    pub fn target_beyond(&self, answer: &ReadAnswer) -> Option<String> {
        let page = answer.page.as_ref()?.as_ref().ok().filter(|page| page.more)?;
        let next = page.next.as_ref().filter(|next| self.progress.next.as_ref() != Some(next))?;
        Some(self.target_after(&Progress { next: Some(next.clone()), ..self.progress.clone() }))
    }

    fn target_after(&self, progress: &Progress) -> String {
        let root = if self.is_relto { API_ROOT } else { "" };
        let mut target = format!("{root}collections/{}/objects/?limit={}&match%5Bversion%5D=all", encoded(&self.theirs), self.rows);
        let mut add = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                target.push_str(&format!("&{name}={}", encoded(value)));
            }
        };
        add("added_after", &progress.added_after);
        add("next", &progress.next);
        target
    }

    /// Whether label statements are wanted on every object: where another partner may get them from here.
    #[must_use]
    pub fn wants_all_statements(&self) -> bool {
        let relays = |other: &PartnerRecord| other.name() != self.partner && other.agreement.sends_from(&self.collection);
        self.is_relto && self.node.partner_records().iter().any(relays)
    }

    /// Asks for fewer objects at once, since what came was too large. `false` when it cannot be fewer.
    pub fn ask_for_less(&mut self) -> bool {
        let can = self.rows > 1;
        self.rows = (self.rows / 2).max(1);
        self.rows_max = self.rows;
        can
    }

    /// Takes in an answer.
    ///
    /// # Errors
    /// [`PullError`]; then nothing of it was taken in.
    pub fn take(&mut self, answer: ReadAnswer) -> Result<(Step, Taken), PullError> {
        let Some(page) = answer.page else {
            return match answer.status {
                // It no longer knows where it stood: asked by date, it gives again what is here already.
                400 | 404 if self.progress.next.is_some() => {
                    self.progress.next = None;
                    Ok((Step::More, Taken::default()))
                }
                404 => Err(PullError::NoCollection(self.theirs.clone())),
                status => Err(PullError::Refused(status)),
            };
        };
        let page = page?;
        self.check_moves(&page)?;
        let (added_after, next, step) = self.after(&page, answer.added_last)?;
        let stands = added_after == self.progress.added_after && next == self.progress.next;
        if page.is_empty && stands {
            return Ok((step, Taken::default()));
        }
        let taken = self.node.take_delivery(Delivery {
            partner: self.partner.clone(),
            collection: self.collection.clone(),
            objects: page.objects,
            progress: Some(self.kept(&added_after, &next, answer.asked)),
        })?;
        self.progress = Progress { added_after, next, ..std::mem::take(&mut self.progress) };
        if step == Step::More {
            self.rows = self.rows.saturating_mul(2).min(self.rows_max);
        }
        Ok((step, taken))
    }

    /// What is kept of how far it is. The `next` of a server that is no Relto node can stand for a walk that the server remembers, and forgets:
    /// a page of it that was lost on the way would be lost for good, so that the walk is begun again by its date.
    fn kept(&self, added_after: &Option<String>, next: &Option<String>, asked: Stamp) -> Come {
        let (added_after, next) = match next {
            Some(_) if !self.is_relto => (self.progress.added_after.clone(), None),
            next => (added_after.clone(), next.clone()),
        };
        Come { added_after, next, begun: self.begun, asked }
    }

    /// Refuses the same page twice in a row.
    fn check_moves(&mut self, page: &ReadPage) -> Result<(), PullError> {
        let repeats = page.more && (page.is_empty || self.before == Some(page.digest));
        self.before = page.more.then_some(page.digest);
        if repeats { Err(PullError::Endless) } else { Ok(()) }
    }

    /// Where the next request begins, and whether it is to follow at once.
    fn after(&self, page: &ReadPage, added_last: Option<String>) -> Result<(Option<String>, Option<String>, Step), PullError> {
        // What is no date says nothing.
        let added_last = added_last.filter(|last| Stamp::parse(last).is_ok());
        match &page.next {
            Some(next) if page.more => Ok((self.progress.added_after.clone(), Some(next.clone()), Step::More)),
            // Without a `next`, the last date leads on (section 3.4).
            _ if page.more => match added_last {
                Some(last) if self.progress.added_after.as_ref() != Some(&last) => Ok((Some(last), None, Step::More)),
                _ => Err(PullError::Endless),
            },
            // Of a page of a Relto node there can be nothing left to send; it says how far that went.
            _ if page.is_empty => {
                Ok((added_last.filter(|_| self.is_relto).or_else(|| self.progress.added_after.clone()), None, Step::Done))
            }
            _ => Ok((added_last.map(|last| self.again(last)).or_else(|| self.progress.added_after.clone()), None, Step::Done)),
        }
    }

    /// The date after which to ask, `last` being that of the last object that came: of a server that is no Relto node just before it, once.
    fn again(&self, last: String) -> String {
        let just_before = Stamp::parse(&last).ok().map(|stamp| Stamp(stamp.0.saturating_sub(1)).to_string());
        let was_asked_again = self.progress.added_after == just_before;
        if self.is_relto || was_asked_again { last } else { just_before.unwrap_or(last) }
    }
}

/// `text` as one segment of a path or one value of a query (RFC 3986, section 2.3).
pub(crate) fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
