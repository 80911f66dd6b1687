//! A load that is killed at any moment: afterwards all of it is there, or nothing.

use std::process::{Child, Command, Stdio};

use crate::support::{BINARY, Node, bundle, indicator, indicator_id};

const ROUNDS: u32 = 10;
const OBJECTS: u32 = 600;

/// Waits until the load has written `bytes` to the store's log, or has ended, and kills it. Whether it had ended well.
fn kill_after(child: &mut Child, node: &Node, bytes: u64) -> bool {
    let log = node.data().join("node.sqlite-wal");
    let written = || log.metadata().map_or(0, |found| found.len());
    while written() < bytes {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        std::thread::yield_now();
    }
    let _ = child.kill();
    child.wait().unwrap().success()
}

#[test]
fn what_was_acknowledged_is_there_and_nothing_is_there_in_part() {
    let node = Node::new();
    node.user("amelie --nation FRA --org 'French Node'");
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let numbers = round * OBJECTS..(round + 1) * OBJECTS;
        let file = node.file("load.json", bundle(&numbers.clone().map(indicator).collect::<Vec<_>>()));
        let mut command = Command::new(BINARY);
        command.args(["load", "--collection", "intel", "--data"]).arg(node.data()).arg(file);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let bytes = u64::from(round) * 60_000;
        if kill_after(&mut child, &node, bytes) {
            acknowledged.push(round);
        }
        let there = node.ids("amelie");
        for round in 0..=round {
            let whole = (round * OBJECTS..(round + 1) * OBJECTS).map(indicator_id);
            let count = whole.filter(|id| there.contains(id)).count();
            assert!(count == 0 || count == OBJECTS as usize, "round {round}: {count} of {OBJECTS}");
            assert!(count > 0 || !acknowledged.contains(&round), "round {round} was acknowledged and is lost");
        }
    }
    let doctor = node.ok("relto doctor --data $D");
    assert!(!doctor.out.contains("wrong"), "{doctor:?}");
}
