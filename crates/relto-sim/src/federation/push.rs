//! Sending without being asked: a node posts to a partner what is new for it, page after page, as the tasks of a real one do.

use bytes::Bytes;
use relto_http::exchange::pull::PAGE_ROWS;
use relto_node::Way;

use super::plan::Fate;
use super::{Terms, World};
use crate::draw::Draw;

/// Pages at once at most: nothing honest has more.
const PAGES_MAX: usize = 400;
/// Bytes of a page at most.
const PAGE_BYTES: usize = 8 << 20;
/// What is answered where a post was received.
const ACCEPTED: u16 = 202;

impl World<'_> {
    /// `terms.there` sends `terms.here` what is new in `collection`, so many pages of so many rows at most. What is lost is sent again, as it is when only the answer is.
    pub(super) fn push(&mut self, terms: usize, collection: &'static str, (halvings, pages): (u32, usize), fate: Fate, draw: &mut Draw) {
        let Terms { here, there, .. } = self.terms[terms];
        if !self.reaches(here, there) {
            return;
        }
        if self.plan.hostile == Some(there) {
            self.lived.attacks += 1;
            let made_up = self.hostile.answer(here, self.now, draw).body;
            self.post(terms, collection, made_up);
            return;
        }
        let rows_max = (PAGE_ROWS >> halvings).max(1) as usize;
        for _ in 0..pages.min(PAGES_MAX) {
            if !self.push_page(terms, collection, rows_max, fate) {
                return;
            }
        }
    }

    /// Sends the next page. Whether there is another one to send at once.
    fn push_page(&mut self, terms: usize, collection: &'static str, rows_max: usize, fate: Fate) -> bool {
        let Terms { here, there, .. } = self.terms[terms];
        let (node, name) = (self.site(there).node.clone(), self.name(here).to_owned());
        let page = node.sent(&name, collection, Way::Push).ok();
        let page = page.and_then(|after| node.outgoing(&name, collection, after, rows_max, PAGE_BYTES).ok());
        self.feel_faults(there);
        let Some(page) = page else { return false };
        self.judge_page(there, here, collection, page.objects.clone());
        let body = Bytes::from([b"{\"objects\":[".as_slice(), &page.objects.join(&b","[..]), b"]}"].concat());
        let arrives = match fate {
            _ if self.plan.hostile == Some(here) || page.objects.is_empty() => 0,
            Fate::Lost => return false,
            Fate::Twice => 2,
            Fate::Arrives | Fate::Delayed => 1,
        };
        // What is delayed is the answer: without one, the page is sent again.
        let is_received = (0..arrives).fold(true, |_, _| self.post(terms, collection, body.clone()) == ACCEPTED);
        if fate == Fate::Delayed || !is_received {
            return false;
        }
        if page.after != page.before {
            let noted = self.site(there).node.note_sent(&name, collection, Way::Push, page.after);
            self.feel_faults(there);
            if noted.is_err() {
                return false;
            }
        }
        self.lived.pushed += page.objects.len();
        page.more
    }

    /// `terms.there` posts to `terms.here`. What is answered.
    fn post(&mut self, terms: usize, collection: &str, body: Bytes) -> u16 {
        let Terms { here, there, .. } = self.terms[terms];
        let before = self.arrived(here);
        let status = self.site(here).post(self.keys[there], &format!("taxii2/main/collections/{collection}/objects/"), body);
        self.judge_taken(terms, &before);
        self.feel_faults(here);
        status
    }
}
