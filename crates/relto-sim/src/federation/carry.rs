//! The exchange over media: a node writes a file, and another one reads it, once or again.

use bytes::Bytes;
use relto_node::Notice;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::plan::Fate;
use super::{Carried, Message, Terms, World};

impl World<'_> {
    /// `terms.there` writes a file for `terms.here`. What is in it is judged as what leaves over a link.
    pub(super) fn carry(&mut self, terms: usize, from_start: bool, fate: Fate) {
        let Terms { here, there, .. } = self.terms[terms];
        let Some(site) = &self.sites[there] else { return };
        let (name, mut file) = (self.name(here).to_owned(), Vec::new());
        let written = site.node.write_media(&name, from_start, &mut file);
        self.feel_faults(there);
        let Ok((_, places)) = written else { return };
        self.judge_file(there, here, &file);
        let is_noted = self.site(there).node.media_written(&places).is_ok();
        self.feel_faults(there);
        let file = Bytes::from(file);
        if self.plan.hostile == Some(here) || !is_noted {
            return;
        }
        match fate {
            Fate::Lost => return,
            Fate::Delayed => return self.inbox.push(Message { terms, what: Carried::File(file) }),
            Fate::Twice => self.inbox.push(Message { terms, what: Carried::File(file.clone()) }),
            Fate::Arrives => {}
        }
        self.read_file(terms, &file);
    }

    /// `terms.here` reads a file of `terms.there`.
    pub(super) fn read_file(&mut self, terms: usize, file: &Bytes) {
        let Terms { here, there, .. } = self.terms[terms];
        let name = self.name(there).to_owned();
        let before = self.arrived(here);
        self.lived.files += usize::from(self.site(here).node.read_media(&name, file).is_ok());
        self.judge_taken(terms, &before);
        self.feel_faults(here);
    }

    fn judge_file(&mut self, there: usize, here: usize, file: &[u8]) {
        let Content { deliveries, notices } = serde_json::from_slice(file).expect("a file is JSON");
        for Part { collection, objects } in deliveries {
            let objects = objects.into_iter().map(|object| Bytes::copy_from_slice(object.get().as_bytes())).collect();
            self.judge_page(there, here, collection, objects);
        }
        self.judge_notices(there, here, &notices);
    }
}

/// What a file holds, as far as it is judged.
#[derive(Deserialize)]
struct Content<'c> {
    #[serde(borrow)]
    deliveries: Vec<Part<'c>>,
    notices: Vec<Notice>,
}

#[derive(Deserialize)]
struct Part<'c> {
    collection: &'c str,
    #[serde(borrow)]
    objects: Vec<&'c RawValue>,
}
