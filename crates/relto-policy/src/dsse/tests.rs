//! Envelopes: the printed vectors, the rule for several signatures, and everything a stranger may have changed.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

/// RFC 8032, section 7.1, test 1.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const TYPE: &str = "text/plain";

pub(super) fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

pub(super) fn pinned(holders: &[(&str, u8)]) -> PinnedKeys {
    let mut keys = PinnedKeys::default();
    holders.iter().for_each(|(holder, seed)| keys.pin(holder, key(*seed).public()).unwrap());
    keys
}

fn signed(by: &[u8]) -> Envelope {
    let keys: Vec<SigningKey> = by.iter().map(|seed| key(*seed)).collect();
    Envelope::sign(TYPE, b"hello".to_vec(), &keys.iter().collect::<Vec<_>>()).unwrap()
}

/// `envelope` after `change` to its JSON.
pub(super) fn changed(envelope: &Envelope, change: impl Fn(&mut Json)) -> Result<Envelope, EnvelopeError> {
    let mut value: Json = serde_json::from_str(&envelope.to_json()).unwrap();
    change(&mut value);
    Envelope::parse(value.to_string().as_bytes())
}

#[test]
fn printed_vectors() {
    assert_eq!(pae("http://example.com/HelloWorld", b"hello world"), b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    assert_eq!(pae("", b""), b"DSSEv1 0  0 ");
    let seed: [u8; 32] = hex::decode(SEED).unwrap().try_into().unwrap();
    let key = SigningKey::from_seed(&seed);
    assert_eq!(hex::encode(key.public().to_bytes()), PUBLIC);
    assert_eq!(key.public().id().len(), 64);
    assert!(!format!("{key:?}").contains(SEED));
}

#[test]
fn keys_that_are_not_taken() {
    assert_eq!(PublicKey::from_bytes(&[0; 32]), Err(KeyError::Weak));
    let mut identity = [0; 32];
    identity[0] = 1;
    assert_eq!(PublicKey::from_bytes(&identity), Err(KeyError::Weak));
    assert!((2..20).any(|first| PublicKey::from_bytes(&[first; 32]) == Err(KeyError::NotAKey)));
    let mut keys = pinned(&[("A", 1)]);
    keys.pin("A", key(1).public()).unwrap();
    keys.pin("A", key(2).public()).unwrap();
    assert!(matches!(keys.pin("B", key(1).public()), Err(KeyError::Shared { holder, .. }) if holder == "A"));
    assert_eq!(keys.pin(" ", key(3).public()), Err(KeyError::NoName));
}

#[test]
fn who_has_signed() {
    for (by, holders, expected) in [
        (&[1_u8][..], &[("A", 1_u8)][..], Some(vec!["A"])),
        (&[1, 2], &[("A", 1)], Some(vec!["A"])),
        (&[2, 1], &[("A", 1), ("B", 2), ("C", 3)], Some(vec!["A", "B"])),
        (&[1, 2], &[("A", 1), ("A", 2)], Some(vec!["A"])),
        (&[2], &[("A", 1)], None),
        (&[1], &[], None),
    ] {
        let envelope = signed(by);
        match (envelope.verify(TYPE, &pinned(holders)), expected) {
            (Ok(verified), Some(expected)) => {
                assert_eq!(verified.payload, b"hello");
                assert_eq!(verified.signers.iter().map(String::as_str).collect::<Vec<_>>(), expected);
            }
            (Err(NotVerified::UnknownKey(named)), None) => assert_eq!(named.len(), by.len()),
            (found, _) => panic!("{by:?} {holders:?}: {found:?}"),
        }
    }
}

#[test]
fn one_false_signature_of_a_pinned_key_is_enough() {
    let keys = pinned(&[("A", 1), ("B", 2)]);
    let envelope = signed(&[1, 2]);
    for which in [0, 1] {
        let broken = changed(&envelope, |json| json["signatures"][which]["sig"] = json["signatures"][1 - which]["sig"].clone()).unwrap();
        assert!(matches!(broken.verify(TYPE, &keys), Err(NotVerified::BadSignature { .. })), "{broken:?}");
    }
    let short = changed(&envelope, |json| json["signatures"][0]["sig"] = json!("AAAA")).unwrap();
    assert!(matches!(short.verify(TYPE, &keys), Err(NotVerified::BadSignature { .. })));
    // Of a key that nobody pinned it says nothing.
    assert!(short.verify(TYPE, &pinned(&[("B", 2)])).is_ok());
    let other = changed(&envelope, |json| json["payload"] = json!("aGVsbG8h")).unwrap();
    assert!(matches!(other.verify(TYPE, &keys), Err(NotVerified::BadSignature { .. })));
}

#[test]
fn a_signature_counts_for_its_type_and_its_key_only() {
    let keys = pinned(&[("A", 1)]);
    let envelope = signed(&[1]);
    assert!(matches!(envelope.verify("text/html", &keys), Err(NotVerified::WrongType { .. })));
    let retyped = changed(&envelope, |json| json["payloadType"] = json!("text/html")).unwrap();
    assert!(matches!(retyped.verify("text/html", &keys), Err(NotVerified::BadSignature { .. })));
    for change in [json!(""), json!("x"), json!(key(2).public().id())] {
        let renamed = changed(&envelope, |json| json["signatures"][0]["keyid"] = change.clone()).unwrap();
        assert!(matches!(renamed.verify(TYPE, &keys), Err(NotVerified::UnknownKey(_))), "{change}");
    }
    let nameless = changed(&envelope, |json| drop(json["signatures"][0].as_object_mut().unwrap().remove("keyid"))).unwrap();
    assert!(matches!(nameless.verify(TYPE, &keys), Err(NotVerified::UnknownKey(_))));
}

/// What makes an envelope none: a change, and words of the error.
type Spoiled = (fn(&mut Json), &'static str);

#[test]
fn what_is_no_envelope() {
    let cases: &[Spoiled] = &[
        (|json| *json = json!([]), "/: must be a JSON object"),
        (|json| json["more"] = json!(1), "/: has a member that is not known"),
        (|json| json["signatures"][0]["more"] = json!(1), "/signatures/0: has a member"),
        (|json| json["signatures"] = json!({}), "/signatures: must be a list"),
        (|json| json["signatures"] = json!([]), "what nobody signed"),
        (|json| json["signatures"] = json!(vec![json["signatures"][0].clone(); 17]), "signatures: 17, but at most 16"),
        (|json| json["signatures"][0]["sig"] = json!("A"), "/signatures/0/sig: is not base64"),
        (|json| json["signatures"][0]["keyid"] = json!(7), "/signatures/0/keyid: must be a text"),
        (|json| json["signatures"][0]["keyid"] = json!("k".repeat(256)), "bytes of a key id: 256"),
        (|json| json["payload"] = json!(" aGVsbG8="), "/payload: is not base64"),
        (|json| json["payload"] = json!("aGVsbG8"), "/payload: is not base64"),
        (|json| json["payload"] = json!("AAAA".repeat(90_000)), "bytes of a payload: 270000"),
        (|json| json["payload"] = json!("AAAA".repeat(140_000)), "bytes of an envelope"),
        (|json| json["payloadType"] = json!(""), "/payloadType: is empty"),
        (|json| json["payloadType"] = json!("t".repeat(256)), "bytes of a payload type: 256"),
        (|json| drop(json.as_object_mut().unwrap().remove("payload")), "/payload: must be a text"),
    ];
    for (change, words) in cases {
        let error = changed(&signed(&[1]), change).map(|envelope| format!("{envelope:?}")).unwrap_or_else(|error| error.to_string());
        assert!(error.contains(words), "{error}\nlacks {words}");
    }
    let odd = format!("{{\"a\\nb\":{{\"{}\":1e999}}}}", "k".repeat(240));
    let error = Envelope::parse(odd.as_bytes()).unwrap_err().to_string();
    assert!(!error.contains('\n') && error.len() < 300, "{error}");
    let many = changed(&signed(&[1]), |json| json["signatures"] = json!(vec![json!({"keyid": "k".repeat(250), "sig": ""}); 16])).unwrap();
    assert!(many.verify(TYPE, &pinned(&[("A", 1)])).unwrap_err().to_string().len() < 400);
    let twice = signed(&[1]).to_json().replacen("{\"", "{\"payload\":\"AA==\",\"", 1);
    assert!(matches!(Envelope::parse(twice.as_bytes()), Err(EnvelopeError::Form { .. })), "a member twice");
    assert_eq!(Envelope::sign(TYPE, vec![], &[]), Err(EnvelopeError::Unsigned));
}

proptest! {
    #[test]
    fn envelopes_round_trip_and_verify(kind in "[a-z/+. é]{1,40}", payload in proptest::collection::vec(any::<u8>(), 0..200), seeds in proptest::collection::btree_set(1..9_u8, 1..4)) {
        let keys: Vec<SigningKey> = seeds.iter().map(|seed| key(*seed)).collect();
        let envelope = Envelope::sign(&kind, payload.clone(), &keys.iter().collect::<Vec<_>>()).unwrap();
        let again = Envelope::parse(envelope.to_json().as_bytes()).unwrap();
        prop_assert_eq!(&again, &envelope);
        let url_safe = changed(&envelope, |json| {
            let other = |text: &Json| json!(text.as_str().unwrap().replace('+', "-").replace('/', "_"));
            json["payload"] = other(&json["payload"]);
            json["signatures"][0]["sig"] = other(&json["signatures"][0]["sig"]);
        });
        prop_assert_eq!(url_safe.as_ref(), Ok(&envelope));
        for seed in 1..9_u8 {
            let holder = pinned(&[("A", seed)]);
            prop_assert_eq!(again.verify(&kind, &holder).is_ok(), seeds.contains(&seed));
        }
    }

    #[test]
    fn no_changed_bit_verifies(at in 0..5_usize, bit in 0..8_u32, signature in 0..64_usize) {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;
        let (envelope, keys) = (signed(&[1]), pinned(&[("A", 1)]));
        let mut payload = b"hello".to_vec();
        payload[at] ^= 1 << bit;
        let other = changed(&envelope, |json| json["payload"] = json!(STANDARD.encode(&payload))).unwrap();
        prop_assert!(other.verify(TYPE, &keys).is_err());
        let mut bytes = envelope.signatures()[0].bytes.clone();
        bytes[signature] ^= 1 << bit;
        let other = changed(&envelope, |json| json["signatures"][0]["sig"] = json!(STANDARD.encode(&bytes))).unwrap();
        prop_assert!(other.verify(TYPE, &keys).is_err());
    }
}
