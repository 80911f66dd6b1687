//! Models, for people.

use std::io::{self, Write};

use relto_node::ModelRecord;

use super::{show_table, table};

pub(super) fn show_models(models: &[ModelRecord], out: &mut dyn Write) -> io::Result<()> {
    let mut shown = table(["name", "address", "model", "cleared for", "nations", "organisation", "key"]);
    for ModelRecord { name, endpoint, cleared, account } in models {
        let nations = account.nations.iter().cloned().collect::<Vec<_>>().join(", ");
        let key = endpoint.key_file.as_deref().unwrap_or("-");
        shown.add_row([name, &endpoint.url, &endpoint.model, cleared, &nations, &account.organisation, key]);
    }
    show_table(&shown, "no models: documents are read by rules alone", out)
}
