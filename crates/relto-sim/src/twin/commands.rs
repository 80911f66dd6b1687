//! What a custodian has the node write for the witness: both nodes must write the same.

use super::{Pair, WITNESS};
use crate::node::WorldNode;

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
}
