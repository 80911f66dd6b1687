//! The demo as somebody meets it who starts it and ends it. What it answers is checked by `relto demo --check`, which CI runs.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::support::{BINARY, Node};

#[test]
fn the_demo_leaves_nothing_behind() {
    let node = Node::none();
    let folder = node.file("empty", "").parent().unwrap().to_owned();
    let mut command = Command::new(BINARY);
    let mut child = command.arg("demo").env("TMPDIR", &folder).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let shown: Vec<String> = lines.by_ref().take_while(|line| !line.starts_with("Ctrl-C")).collect();
    let shown = shown.join("\n");
    for words in ["kenji", "withheld from kenji", "curl -s", "taxii2client", "MITRE ATLAS", "an unknown marking; withheld from all but"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "the demo is in one directory");
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "the directory is removed");
    assert!(lines.any(|line| line.contains("are gone")));
}
