//! What an honest node answers over a link, judged as it leaves.

use std::collections::BTreeSet;

use bytes::Bytes;
use relto_http::exchange::pull::Answer;
use serde_json::Value as Json;

use super::judge::{Judge, Raw, Sent, rows};
use super::{World, objects_of};

impl World<'_> {
    /// What `there` answers `here`. Nothing leaves that may not, whether it arrives or not.
    pub(super) fn answer(&mut self, there: usize, here: usize, collection: &str, target: &str, all: bool) -> Answer {
        let key = self.keys[here];
        let answer = self.site(there).ask(key, target, all);
        self.feel_faults(there);
        if answer.status == 200 {
            let objects = objects_of(&answer.body);
            if target.contains("/manifest/") {
                self.judge_manifest(there, here, collection, &objects);
            } else {
                self.judge_page(there, here, collection, objects);
            }
        }
        answer
    }

    pub(super) fn judge_page(&mut self, there: usize, here: usize, collection: &str, objects: Vec<Bytes>) {
        if objects.is_empty() {
            return;
        }
        let read = |body: &Bytes| -> Json { serde_json::from_slice(body).expect("an object") };
        let ids: BTreeSet<String> = objects.iter().map(|body| read(body)["id"].as_str().unwrap_or_default().to_owned()).collect();
        let open = self.open_to(there, here, collection);
        for body in objects {
            let object = read(&body);
            if object["type"] == "label-statement" || object["type"] == "consent-statement" {
                let of = object["object_ref"].as_str().unwrap_or_default();
                assert!(ids.contains(of), "a statement on an object that is not there left {}: {}", self.name(there), self.said);
                continue;
            }
            let id = object["id"].as_str().unwrap_or_default().to_owned();
            let rows: Vec<&Raw> = open.iter().filter(|row| row.id == id && row.body == body).collect();
            assert!(!rows.is_empty(), "{id} leaks from {} to {} ({collection}): {}", self.name(there), self.name(here), self.said);
            let labels = rows.iter().map(|row| row.label.clone()).collect();
            let rows = rows.iter().map(|row| row.arrival).collect();
            self.lived.sent += 1;
            self.ledger.sent.entry((there, here)).or_default().push(Sent { body, rows, labels, id });
        }
    }

    fn judge_manifest(&self, there: usize, here: usize, collection: &str, entries: &[Bytes]) {
        let open = self.open_to(there, here, collection);
        for entry in entries {
            let entry: Json = serde_json::from_slice(entry).expect("an entry");
            let is_open = |row: &Raw| entry["id"] == row.id.as_str() && entry["version"] == row.version.as_str();
            assert!(open.iter().any(is_open), "{entry} leaks from {} to {}: {}", self.name(there), self.name(here), self.said);
        }
    }

    /// The rows of `collection` that `there` may give `here` now.
    pub(super) fn open_to(&self, there: usize, here: usize, collection: &str) -> Vec<Raw> {
        let site = self.site(there);
        let judge = Judge::of(site);
        let Some(partner) = judge.partner(self.name(here)).filter(|partner| partner.flows_at(judge.now)) else { return Vec::new() };
        let profile = judge.partner_profile(partner);
        rows(site).into_iter().filter(|row| row.collection == collection && judge.may_send(partner, &profile, row)).collect()
    }
}
