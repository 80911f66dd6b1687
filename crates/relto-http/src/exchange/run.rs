//! The tasks of the exchange: one for each partner to fetch from and one for each to send to, begun and ended as partners come, change and go.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use relto_node::{Node, PartnerRecord};
use tokio::task::JoinHandle;

use super::link::Link;
use crate::link::LinkIdentity;
use crate::routes::Application;

/// How often what the clock brings about is looked at: agreements that begin and end.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Which way objects go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Direction {
    Fetch,
    Send,
}

/// Exchanges with every partner as agreed, until it is dropped.
pub(crate) async fn run(application: Arc<Application>, identity: Option<Arc<LinkIdentity>>) {
    let node = application.node().clone();
    let mut changes = application.changes();
    let mut tasks: HashMap<(String, Direction), Task> = HashMap::new();
    loop {
        changes.mark_unchanged();
        let wanted = wanted(&node);
        // A task goes on for as long as its partner stays as it is: dropped, it ends where it stands.
        let goes_on = |direction, task: &Task| wanted.contains(&(task.partner.clone(), direction)) && !task.running.is_finished();
        tasks.retain(|(_, direction), task| goes_on(*direction, task));
        for (partner, direction) in wanted {
            tasks.entry((partner.name().to_owned(), direction)).or_insert_with(|| {
                let link = Link { node: node.clone(), partner: partner.clone(), identity: identity.clone() };
                let changes = application.changes();
                let running = match direction {
                    Direction::Fetch => tokio::spawn(link.keep_fetching()),
                    Direction::Send => tokio::spawn(link.keep_sending(changes)),
                };
                Task { partner, running }
            });
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// From whom to fetch and to whom to send now. Whoever fetches from this node asks for its notices as well; one from whom this node only fetches
/// is told them, and so is one that has left, or whose agreement has ended: it is to destroy what it holds.
fn wanted(node: &Node) -> Vec<(PartnerRecord, Direction)> {
    let mut wanted = Vec::new();
    for partner in node.partner_records() {
        let flows = node.flows(&partner);
        let is_to_hear = || partner.is_told() && node.notices_for(partner.name()).is_ok_and(|notices| !notices.is_empty());
        let sends = if flows { partner.push || (partner.pull && is_to_hear()) } else { is_to_hear() };
        if flows && partner.pull {
            wanted.push((partner.clone(), Direction::Fetch));
        }
        if sends {
            wanted.push((partner, Direction::Send));
        }
    }
    wanted
}

struct Task {
    partner: PartnerRecord,
    running: JoinHandle<()>,
}

impl Drop for Task {
    fn drop(&mut self) {
        self.running.abort();
    }
}
