//! Tests of `session`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use relto_model::kinds::Kinds;
use relto_node::{Clock, Entropy, UserChange};
use relto_store::memory::Memory;

use super::*;

/// A clock and an entropy that a test turns.
#[derive(Default)]
struct World(AtomicI64, AtomicU8);

impl Clock for World {
    fn now(&self) -> Stamp {
        Stamp(self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn pause(&self, micros: u64) {
        self.0.fetch_add(i64::try_from(micros).unwrap(), Ordering::SeqCst);
    }
}

impl Entropy for World {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.1.fetch_add(1, Ordering::SeqCst));
    }
}

const PASSWORD: &str = "correct horse battery";

fn node() -> (Arc<World>, Node) {
    let (world, store) = (Arc::new(World::default()), Memory::default());
    world.pause(1_000_000_000);
    Node::create(&store, "Org", "FRA", world.as_ref(), world.as_ref()).unwrap();
    let node = Node::open(Arc::new(store), world.clone(), world.clone(), Kinds::builtin()).unwrap();
    for name in ["anna", "bert"] {
        let change = UserChange { nations: Some(vec!["FRA".to_owned()]), organisation: Some("Org".to_owned()), ..UserChange::default() };
        node.add_user(name, &change).unwrap();
        node.set_password(name, PASSWORD).unwrap();
    }
    (world, node)
}

#[test]
fn sessions_end_when_idle_or_old() {
    let (world, node) = node();
    let sessions = Sessions::default();
    let open = || sessions.open(&node, node.sign_in_password("anna", PASSWORD).unwrap());
    let pause = |micros: i64| world.pause(u64::try_from(micros).unwrap());
    let id = open();
    pause(IDLE_MICROS - 1_000_000);
    assert!(sessions.find(&node, &id).is_some());
    pause(IDLE_MICROS);
    assert!(sessions.find(&node, &id).is_none());
    let id = open();
    for _ in 0..AGE_MICROS / (IDLE_MICROS / 2) - 1 {
        pause(IDLE_MICROS / 2);
        assert!(sessions.find(&node, &id).is_some());
    }
    pause(IDLE_MICROS / 2);
    assert!(sessions.find(&node, &id).is_none(), "however busy");
}

#[test]
fn a_session_ends_with_what_it_rests_on() {
    let (_, node) = node();
    let sessions = Sessions::default();
    let open = |name| sessions.open(&node, node.sign_in_password(name, PASSWORD).unwrap());
    let (anna, bert, other) = (open("anna"), open("bert"), open("anna"));
    sessions.close(&other);
    assert!(sessions.find(&node, &other).is_none());
    node.set_password("anna", "another long password").unwrap();
    assert!(sessions.find(&node, &anna).is_none());
    assert!(node.sign_in_password("anna", PASSWORD).is_none());
    assert!(sessions.find(&node, &bert).is_some(), "somebody else's goes on");
    node.disable_user("bert", true).unwrap();
    assert!(sessions.find(&node, &bert).is_none());
    assert!(node.sign_in_password("bert", PASSWORD).is_none());
    assert!(node.sign_in_password("carl", PASSWORD).is_none());
}

#[test]
fn sessions_are_bounded_and_the_one_idle_longest_ends() {
    let (_, node) = node();
    let sessions = Sessions::default();
    let session = node.sign_in_password("anna", PASSWORD).unwrap();
    let ids: Vec<String> = (0..=SESSIONS_OF_ACCOUNT_MAX).map(|_| sessions.open(&node, session.clone())).collect();
    assert!(sessions.find(&node, &ids[0]).is_none());
    assert!(ids[1..].iter().all(|id| sessions.find(&node, id).is_some()));
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), ids.len(), "each id is new");
}

#[test]
fn cookies_are_for_this_host_and_for_no_script() {
    assert_eq!(cookie(Some("abc")), "__Host-relto=abc; Path=/; Secure; HttpOnly; SameSite=Strict");
    assert_eq!(cookie(None), "__Host-relto=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    assert_eq!(id_in("a=b; __Host-relto=abc"), Some("abc"));
    assert_eq!(id_in("__Host-relto=a; __Host-relto=b"), None);
}
