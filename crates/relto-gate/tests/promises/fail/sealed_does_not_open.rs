//! Sealed content cannot be read, compared or serialised.

use relto_gate::{LabelId, Sealed};

fn serialised<T: serde::Serialize>(_: &T) {}

fn main() {
    let sealed = Sealed::new(LabelId(0), String::from("content"));
    let _: &str = &sealed;
    let _ = &sealed.content;
    let _ = sealed == sealed;
    serialised(&sealed);
    let _ = sealed.into_content();
}
