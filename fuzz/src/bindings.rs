//! The targets for what binds a label to data: bindings in XML, the header of HTTP messages, and signed envelopes.

use crate::policies::one_line;
use crate::targets::{merge, refused, text};
use relto_model::Stamp;
use relto_policy::binding::{BindingError, BindingInformation, Signed, inherited, read_rest_header, rest_header};
use relto_policy::dsse::statement::{LabelDigest, PAYLOAD_TYPE, Statement, StatementError, Subject, bind, verify};
use relto_policy::dsse::{Envelope, PinnedKeys, SigningKey};
use relto_policy::spif::label::EmitError;
use std::sync::LazyLock;

/// Bindings: what is written reads as it was, a signature is never written away, and nobody loses a label by inheriting.
pub(crate) fn binding_xml(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let read = BindingInformation::read(text).inspect_err(|error| one_line(error)).map_err(refused)?;
        assert_eq!(BindingInformation::read(text).as_ref(), Ok(&read));
        for binding in read.bindings() {
            assert!(!binding.metadata.is_empty() && !binding.data.is_empty());
            assert_eq!(inherited(&binding.metadata, &[]).len(), binding.metadata.len());
            assert_eq!(inherited(&[], &binding.metadata).len(), binding.metadata.len());
        }
        let written = match read.to_xml() {
            Ok(written) => {
                assert_eq!(BindingInformation::read(&written).as_ref(), Ok(&read), "{written}");
                assert_eq!(read.signed(), Signed::No);
                "written"
            }
            Err(BindingError::Signed) => "signed",
            Err(BindingError::Label(EmitError::Foreign(_))) => "a label with foreign elements",
            Err(error) => panic!("read and not written: {error}"),
        };
        let decides = read.bindings().filter(|binding| binding.originator_label().is_some()).count();
        Ok(format!("a binding of {} containers, {decides} decide, {written}", read.containers.len().min(3)))
    }))
}

/// Headers: what counts binds its message, and is what this program would have sent when it has one plain label.
pub(crate) fn binding_header(input: &[u8]) -> String {
    merge(text(input).and_then(|text| {
        let read = read_rest_header(text).inspect_err(|error| one_line(error)).map_err(refused)?;
        let label = read.bindings().next().and_then(|binding| binding.originator_label());
        let Some(sent) = label.and_then(|label| rest_header(label.clone()).ok()) else { return Ok("a header".to_owned()) };
        let again = read_rest_header(&sent).unwrap_or_else(|error| panic!("sent and not read: {error}"));
        assert_eq!(again.bindings().next().and_then(|binding| binding.originator_label()), label);
        Ok(format!("a header of {} bindings", read.bindings().count().min(3)))
    }))
}

/// The one statement that the pinned key has signed.
struct Known {
    envelope: Envelope,
    subject: Subject,
    label: LabelDigest,
    pinned: PinnedKeys,
}

static KNOWN: LazyLock<Option<Known>> = LazyLock::new(known);

fn known() -> Option<Known> {
    let key = SigningKey::from_seed(&[7; 32]);
    let (subject, label) = (Subject::document("report.pdf", b"abc"), LabelDigest::Stanag4774([9; 32]));
    let issued = Stamp(1_795_608_000_000_000);
    let said = Statement { subject: subject.clone(), label, originator: "Fuzz Org".to_owned(), issued, place: None };
    let envelope = bind(&said, &key).ok()?;
    let mut pinned = PinnedKeys::default();
    pinned.pin("Fuzz Org", key.public()).ok()?;
    Some(Known { envelope, subject, label, pinned })
}

/// Envelopes: what is read prints and reads alike; only what the pinned key signed verifies, and it binds only what it was signed for.
pub(crate) fn dsse(input: &[u8]) -> String {
    let envelope = match Envelope::parse(input).inspect_err(|error| one_line(error)) {
        Ok(envelope) => envelope,
        Err(error) => return refused(error),
    };
    assert_eq!(Envelope::parse(envelope.to_json().as_bytes()).as_ref(), Ok(&envelope));
    let Some(known) = KNOWN.as_ref() else { return "no key".to_owned() };
    assert!(verify(&envelope, &Subject::document("other", b"abd"), known.label, &known.pinned).is_err());
    match (envelope.verify(PAYLOAD_TYPE, &known.pinned), verify(&envelope, &known.subject, known.label, &known.pinned)) {
        (Ok(verified), Ok(_)) => {
            let own = known.envelope.verify(PAYLOAD_TYPE, &known.pinned).map(|verified| verified.payload);
            assert_eq!(Ok(verified.payload), own, "a forged statement");
            format!("verified among {} signatures", envelope.signatures().len().min(3))
        }
        (Err(error), Err(StatementError::NotVerified(same))) => {
            one_line(&error);
            assert_eq!(error, same);
            refused(error)
        }
        (found, bound) => panic!("one verifies, the other does not: {found:?} {bound:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The corpus holds the statement that the target knows, or it would prove nothing. It was signed by another implementation (OpenSSL).
    #[test]
    fn the_corpus_verifies() {
        let kept = std::fs::read(crate::corpus("dsse").join("signed")).unwrap();
        assert_eq!(Envelope::parse(&kept).as_ref(), Ok(&KNOWN.as_ref().unwrap().envelope));
        assert!(dsse(&kept).starts_with("verified"), "{}", dsse(&kept));
    }
}
