//! What a custodian has the node write for the witness: both nodes must write the same.

use relto_node::{EntityRequest, SearchRequest};

use super::{Pair, WITNESS};
use crate::node::WorldNode;

/// Words that worlds have, in all the ways in which they can be asked for, and words that are only near them.
const QUERIES: [&str; 12] = [
    "name OR closed OR open",
    "\"192.0.2.1\" -identity",
    "clo* last",
    "pattern:192.0.2.1",
    "kind:indicator after:2026-01-02",
    "before:2026-01-02 -labels:open",
    "label:NATO",
    "collection:closed open",
    "indicator--bbbbbbbb-0000-4000-8000-000000000001",
    "statment",
    "nema 1",
    "(",
];

/// What is asked about: names that worlds have, of one thing, of several and of nothing, and every sort of id.
const ENTITIES: [&str; 9] = [
    "NAME 0",
    "name  1",
    "192.0.2.1",
    "nobody",
    "identity--bbbbbbbb-0000-4000-8000-000000000000",
    "identity--bbbbbbbb-0000-4000-8000-000000000001",
    "indicator--bbbbbbbb-0000-4000-8000-000000000001",
    "relationship--bbbbbbbb-0000-4000-8000-000000000002",
    "ipv4-addr--bbbbbbbb-0000-4000-8000-000000000003",
];

impl Pair {
    pub(super) fn export(&mut self, collection: Option<&str>) {
        let run = |node: &WorldNode| {
            let mut bundle = Vec::new();
            let reading = node.node.reading_as(WITNESS).map_err(|error| error.to_string());
            let result = reading.map(|reading| reading.export(collection, &mut bundle).map_err(|error| error.to_string()));
            format!("{result:?}\n{}", String::from_utf8_lossy(&bundle))
        };
        let (full, twin) = (run(&self.full), run(&self.twin));
        self.compared += 1;
        self.driven.insert(("cli", "export"));
        assert!(full == twin, "the twin exports otherwise\n{}\n--- full\n{full}\n--- twin\n{twin}", self.said);
    }

    /// Every object on a display.
    pub(super) fn show(&mut self) {
        for id in self.ids() {
            let run = |node: &WorldNode| {
                let reading = node.node.reading_as(WITNESS).map_err(|error| error.to_string())?;
                reading.show(&node.node, &id).map_err(|error| error.to_string())
            };
            let (full, twin) = (run(&self.full), run(&self.twin));
            self.compared += 1;
            if let Ok(shown) = &full {
                self.driven.insert(("cli", "show"));
                let with_gaps = shown.iter().filter(|shown| !shown.gaps.is_empty());
                self.gaps.extend(with_gaps.map(|shown| (id.clone(), shown.gaps.clone())));
            }
            assert!(
                full == twin,
                "the twin shows otherwise\n{}\n--- full\n{full:?}\n--- twin\n{twin:?}\n{}",
                self.said,
                self.rows_of_both()
            );
        }
    }

    /// How objects hang together.
    pub(super) fn find_paths(&mut self) {
        let id = |kind: &str, number: usize| format!("{kind}--bbbbbbbb-0000-4000-8000-00000000000{number}");
        for (from, to) in (0..4).flat_map(|from| (0..4).map(move |to| (from, to))) {
            let (from, to) = (id("indicator", from), id("identity", to));
            let run = |node: &WorldNode| node.node.paths(WITNESS, &from, &to, &|_, _| {}).map_err(|error| error.to_string());
            let (full, twin) = (run(&self.full), run(&self.twin));
            self.compared += 1;
            if let Ok(answer) = &full {
                self.driven.insert(("cli", "path"));
                self.paths += answer.paths.len();
            }
            assert!(full == twin, "the twin finds other paths\n{}\n{from} {to}\n--- full\n{full:#?}\n--- twin\n{twin:#?}", self.said);
        }
    }

    /// What it may know of things.
    pub(super) fn know(&mut self) {
        for (what, alone, limit) in ENTITIES.into_iter().flat_map(|what| [(what, false, 3), (what, true, 100)]) {
            let request = EntityRequest { what: what.to_owned(), kinds: Vec::new(), alone, limit };
            // What a name may mean is said as well, and the same in both.
            let run = |node: &WorldNode| node.node.entity(WITNESS, &request, &|_, _| {}).map_err(|error| format!("{error}: {error:?}"));
            let (full, twin) = (run(&self.full), run(&self.twin));
            self.compared += 1;
            if let Ok(answer) = &full {
                self.driven.insert(("cli", "entity"));
                self.facts += answer.timeline.shown.len();
                self.contradictions += answer.contradictions.shown.len();
            }
            assert!(
                full == twin,
                "the twin knows otherwise\n{}\n{what}\n--- full\n{full:#?}\n--- twin\n{twin:#?}\n{}",
                self.said,
                self.rows_of_both()
            );
        }
    }

    /// What it finds, in which order and under which scores, and what is proposed instead.
    pub(super) fn search(&mut self) {
        for query in QUERIES {
            let request = SearchRequest { query: query.to_owned(), kinds: Vec::new(), limit: 10 };
            let run = |node: &WorldNode| node.node.search(WITNESS, &request, &|_, _| {}).map_err(|error| error.to_string());
            let (full, twin) = (run(&self.full), run(&self.twin));
            self.compared += 1;
            if let Ok(answer) = &full {
                self.driven.insert(("cli", "search"));
                self.hits += answer.hits.len();
                self.instead += answer.instead.len();
            }
            assert!(
                full == twin,
                "the twin finds otherwise\n{}\n{query}\n--- full\n{full:#?}\n--- twin\n{twin:#?}\n{}",
                self.said,
                self.rows_of_both()
            );
        }
    }
}
