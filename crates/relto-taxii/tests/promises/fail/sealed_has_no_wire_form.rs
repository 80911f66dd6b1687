//! A page takes cleared rows; sealed ones and bare ones have no way onto the wire.

use relto_gate::{Principal, Sealed};
use relto_taxii::page::{WireRow, WireRows};

struct Row;

fn view(_: &Row) -> WireRow<'_> {
    unreachable!()
}

fn send(reader: &Principal, sealed: &[Sealed<Row>], bare: &[Row]) {
    let _ = WireRows::new(sealed, reader, view);
    let _ = WireRows::new(bare, reader, view);
}

fn main() {}
