//! Bindings as XML and as a header, in and out.

use proptest::prelude::*;

use super::*;
use crate::spif::label::tests::label;

const SECRET: &str = "NATO; SECRET; Context={NATO}";

fn secret() -> ConfidentialityLabel {
    label(SECRET)
}

fn of_kind(kind: LabelKind, text: &str) -> ConfidentialityLabel {
    ConfidentialityLabel { kind, ..label(text) }
}

fn label_in(text: &str) -> Metadata {
    Metadata::Label(Box::new(label(text)))
}

/// A binding of `SECRET` to `report.pdf`, as the standard writes it.
fn sample() -> String {
    let label = secret().to_xml().unwrap();
    format!(
        "<mb:BindingInformation xmlns:mb='{BINDING_NAMESPACE}' xmlns:xmime='{XMIME_NAMESPACE}' xmlns:ds='{SIGNATURE_NAMESPACE}'>\n\
         <mb:MetadataBindingContainer Id='c1'>\n<mb:MetadataBinding Id='b1'>\n<mb:Metadata>{label}</mb:Metadata>\n\
         <mb:DataReference URI='report.pdf' xmime:contentType='application/pdf'/>\n</mb:MetadataBinding>\n</mb:MetadataBindingContainer>\n\
         </mb:BindingInformation>"
    )
}

fn says(text: &str) -> String {
    BindingInformation::read(text).map_or_else(|error| error.to_string(), |read| format!("read: {read:?}"))
}

#[test]
fn the_three_forms() {
    let detached = BindingInformation::detached(secret(), "report.pdf", Some("application/pdf"));
    let read = BindingInformation::read(&sample()).unwrap();
    assert_eq!(read.bindings().collect::<Vec<_>>().len(), 1);
    assert_eq!(read.containers[0].bindings[0].data, detached.containers[0].bindings[0].data);
    assert_eq!(read.containers[0].bindings[0].originator_label(), Some(&secret()));
    let inside = BindingInformation::encapsulating(secret(), b"\x00\xff<&".to_vec(), "application/octet-stream");
    let xml = inside.to_xml().unwrap();
    assert!(xml.contains(r#"<mb:Data xmime:contentType="application/octet-stream" encoding="base64">AP88Jg==</mb:Data>"#), "{xml}");
    assert_eq!(BindingInformation::read(&xml), Ok(inside));
    let header = rest_header(secret()).unwrap();
    assert!(header.starts_with(&format!("Binding-Data: binding-type=\"{BINDING_NAMESPACE}\"; binding-data-object=\"PG1i")), "{header}");
    assert!(header.ends_with('"') && header.is_ascii() && !header.contains('\n') && header.len() < 2_048, "{header}");
    assert_eq!(read_rest_header(&header), Ok(BindingInformation::detached(secret(), "", Some("message/http"))));
}

/// What is not as the standard says: the text replaced, by what, and words of the error.
const WRONG: &[(&str, &str, &str)] = &[
    ("mb:BindingInformation", "mb:Binding", "`Binding`: of namespace"),
    ("bindinginformation:1:0", "bindinginformation:2:0", "is no binding"),
    ("<mb:MetadataBindingContainer Id='c1'>", "<mb:MetadataBindingContainer Id='c1' Level='1'>", "attribute `Level`: is not known"),
    ("Id='b1'", "xml:base='http://a/'", "attribute `base`: of `http://www.w3.org/XML/1998/namespace` is not known"),
    ("Id='b1'", "Id='c1'", "attribute `Id`: `c1` is taken by an earlier element"),
    ("Id='b1'", "Id='1'", "attribute `Id`: is no name"),
    ("Id='b1'", "id='b1'", "attribute `id`: is not known"),
    ("\n<mb:DataReference", "text<mb:DataReference", "`MetadataBinding`: holds text beside its elements"),
    ("<mb:DataReference URI='report.pdf' xmime:contentType='application/pdf'/>", "", "`MetadataBinding`: has no `Data` or `DataReference`"),
    ("URI='report.pdf'", "", "attribute `URI`: is missing"),
    ("URI='report.pdf'", "URI='my report.pdf'", "attribute `URI`: is no URI"),
    ("'application/pdf'", "'pdf'", "attribute `contentType`: is no media type"),
    ("xmime:contentType", "contentType", "attribute `contentType`: is not known"),
    ("xmime:contentType", "ds:contentType", "attribute `contentType`: of `http://www.w3.org/2000/09/xmldsig#` is not known"),
    ("</mb:MetadataBinding>", "<mb:Metadata/></mb:MetadataBinding>", "`Metadata`: is not known here inside `MetadataBinding`"),
    ("<mb:Metadata>", "<mb:Metadata Id='m'>", "attribute `Id`: is not known"),
    ("</mb:Metadata>", "<mb:Metadata/></mb:Metadata>", "`Metadata`: is a second element in one `Metadata`"),
    ("<mb:Metadata>", "<mb:Metadata/><mb:Metadata>", "`Metadata`: is empty; put one label into it"),
    ("<mb:Metadata>", "<ds:Signature/><mb:Metadata>", "`Signature`: stands where `Metadata` or `MetadataReference` must stand"),
    ("</mb:MetadataBindingContainer>", "</mb:MetadataBindingContainer><ds:Signature/>", "`Signature`: is not known here"),
    ("originatorConfidentialityLabel", "ConfidentialityLabel", "is a legacy root"),
    ("originatorConfidentialityLabel", "title", "`title`: is no label"),
    (">SECRET<", "><", "`Classification`: is empty"),
    (
        "'application/pdf'/>",
        "'application/pdf'><ds:Transforms><ds:Transform Algorithm='http://www.w3.org/TR/1999/REC-xpath-19991116'/></ds:Transforms></mb:DataReference>",
        "`Transforms`: selects a part of the data, and this release evaluates no transforms",
    ),
    ("'application/pdf'/>", "'application/pdf'><ds:Digest/></mb:DataReference>", "`Digest`: is not known here"),
    ("<mb:DataReference", "<mb:Data encoding='gzip'>AA==</mb:Data><mb:DataReference", "attribute `encoding`: `gzip` is not known"),
    ("<mb:DataReference", "<mb:Data encoding='base64'>AA=</mb:Data><mb:DataReference", "`Data`: is not base64"),
    ("<mb:DataReference", "<mb:Data encoding='base64'>AB==</mb:Data><mb:DataReference", "`Data`: is not base64"),
    ("<mb:DataReference", "<mb:Data><a/></mb:Data><mb:DataReference", "`a`: stands in the open inside `Data`"),
    ("<mb:DataReference", "<mb:Data URI='a'>a</mb:Data><mb:DataReference", "attribute `URI`: is not known"),
    ("<mb:DataReference", "<mb:MetadataReference URI='a'/><mb:Metadata/><mb:DataReference", "`Metadata`: is empty"),
];

#[test]
fn what_is_not_as_the_standard_says_is_refused_with_its_place() {
    for (right, wrong, words) in WRONG {
        let text = sample().replace(right, wrong);
        assert_ne!(text, sample(), "{wrong}");
        let said = says(&text);
        assert!(said.contains(words) && !said.contains('\n'), "{said}\nlacks {words}");
        assert!(said.split(": ").next().is_some_and(|place| place.split(':').all(|part| part.parse::<u32>().is_ok())), "{said}");
    }
    assert!(says(&" ".repeat(BINDING_BYTES_MAX + 1)).contains("a binding has at most"));
    assert!(says(&format!("<!DOCTYPE a []>{}", sample())).contains("document type"));
}

#[test]
fn two_labels_that_contradict_each_other() {
    let twice =
        |other: &str, own: &str| sample().replace("<mb:Metadata>", &format!("<mb:Metadata>{other}</mb:Metadata>{own}<mb:Metadata>"));
    let restricted = label("NATO; RESTRICTED; Context={NATO}").to_xml().unwrap();
    for other in [&restricted, &secret().to_xml().unwrap()] {
        assert!(says(&twice(other, "")).contains("which of them holds cannot be told"));
    }
    let inside = sample().replace("</mb:Metadata>", &format!("{restricted}</mb:Metadata>"));
    assert!(says(&inside).contains("is a second element in one `Metadata`"));
    let alternative = of_kind(LabelKind::Alternative, "EU; SECRET").to_xml().unwrap();
    let read = BindingInformation::read(&twice(&alternative, "")).unwrap();
    assert_eq!(read.containers[0].bindings[0].originator_label(), Some(&secret()));
    let elsewhere = BindingInformation::read(&twice(&alternative, "<mb:MetadataReference URI='label.xml'/>")).unwrap();
    assert_eq!(elsewhere.containers[0].bindings[0].originator_label(), None, "what stands elsewhere could be one");
    let alone = BindingInformation::detached(of_kind(LabelKind::Alternative, "EU; SECRET"), "a", None);
    assert_eq!(alone.containers[0].bindings[0].originator_label(), None, "an alternative does not decide");
}

#[test]
fn a_signature_is_seen_and_never_believed() {
    let signed =
        sample().replacen("<mb:MetadataBindingContainer", "<ds:Signature><ds:SignedInfo/></ds:Signature><mb:MetadataBindingContainer", 1);
    let read = BindingInformation::read(&signed).unwrap();
    assert_eq!((read.signatures, read.signed()), (1, Signed::XmlDsigNotVerified));
    assert_eq!(read.signed().to_string(), "signed with XML-DSig, which this release does not verify");
    assert_eq!(read.to_xml(), Err(BindingError::Signed));
    assert_eq!(BindingInformation::read(&sample()).unwrap().signed(), Signed::No);
}

#[test]
fn what_is_not_written() {
    let part = |binding: BindingInformation| binding.to_xml().unwrap_err().to_string();
    assert!(part(BindingInformation::detached(secret(), "my report.pdf", None)).contains("URI `my report.pdf` is no URI"));
    assert!(part(BindingInformation::detached(secret(), &"a".repeat(URI_BYTES_MAX + 1), None)).contains("longer than 2048"));
    assert!(part(BindingInformation::encapsulating(secret(), vec![], "")).contains("content type `` is no media type"));
    assert!(part(BindingInformation::encapsulating(secret(), vec![0; DATA_BYTES_MAX + 1], "a/b")).contains("bind it detached"));
    let foreign = ConfidentialityLabel { foreign: vec!["more".to_owned()], ..secret() };
    assert!(part(BindingInformation::detached(foreign, "a", None)).contains("of another namespace"));
    let whole = BindingInformation::detached(secret(), "a", None);
    let change = |change: &dyn Fn(&mut Binding)| {
        let mut whole = whole.clone();
        change(&mut whole.containers[0].bindings[0]);
        part(whole)
    };
    assert!(change(&|binding| binding.data.clear()).contains("a binding without data binds nothing"));
    assert!(change(&|binding| binding.metadata.clear()).contains("a binding without metadata"));
    assert!(change(&|binding| binding.metadata.push(label_in("NATO; RESTRICTED"))).contains("two labels"));
    assert!(change(&|binding| binding.id = Some("a b".to_owned())).contains("id `a b` is no name"));
    let text = |bytes: &[u8]| Data::Encapsulated { content_type: None, encoding: Encoding::Text, bytes: bytes.to_vec() };
    for bytes in [&b"\x00"[..], b"\xff", "\u{ffff}".as_bytes()] {
        assert!(change(&|binding| binding.data = vec![text(bytes)]).contains("write it in base64"));
    }
    let again = BindingInformation { signatures: 0, containers: [whole.containers.clone(), whole.containers.clone()].concat() };
    let mut twice = again.clone();
    twice.containers.iter_mut().for_each(|container| container.id = Some("c".to_owned()));
    assert!(again.to_xml().is_ok() && part(twice).contains("id `c` is there twice"));
    assert!(part(BindingInformation { signatures: 0, containers: vec![] }).contains("without a container"));
}

/// ADatP-4778: children have their parent's metadata unless they carry the same type.
#[test]
fn children_inherit_what_they_do_not_say() {
    let kind = |kind, text| Metadata::Label(Box::new(of_kind(kind, text)));
    let elsewhere = |uri: &str| Metadata::Reference(Reference { uri: uri.to_owned(), content_type: None });
    let parent = [label_in(SECRET), kind(LabelKind::Alternative, "EU; SECRET"), elsewhere("a")];
    let own = [label_in("NATO; RESTRICTED")];
    assert_eq!(inherited(&parent, &own), [&own[0], &parent[1], &parent[2]]);
    assert_eq!(inherited(&parent, &[]), parent.iter().collect::<Vec<_>>());
    assert_eq!(inherited(&[], &own), [&own[0]]);
    let reference = [elsewhere("b")];
    assert_eq!(inherited(&parent, &reference), [&reference[0], &parent[0], &parent[1], &parent[2]], "of unknown type, it replaces nothing");
}

/// What others send: changes to a header, each refused.
#[test]
fn headers_that_do_not_count() {
    let header = rest_header(secret()).unwrap();
    let value = header.strip_prefix("Binding-Data: ").unwrap();
    for same in [
        value.to_owned(),
        format!("binding-data:{value} \r\n"),
        header.replace("; ", ";"),
        header.replace("; ", " \t; \t").replace("\" \t;", "\";"),
    ] {
        assert!(read_rest_header(&same).is_ok(), "{same}");
    }
    let unsafe_alphabet = value.replace("PG1i", "PG1_");
    for (wrong, words) in [
        (header.replace("1:0\"; ", "1:0 "), "the binding-type is another"),
        (header.replace("1:0\"; ", "1:0\" "), "no semicolon"),
        (header.replace("data-object=\"", "data-object*0=\""), "a parameter is not quoted"),
        (header.replace("binding-data-object", "binding-data-object-1"), "not quoted"),
        (header.replace("data-object=\"", "data-object="), "not quoted"),
        (header[..header.len() - 1].to_owned(), "a quote is missing"),
        (header.replace("information:1:0", "information:2:0"), "the binding-type is another"),
        (format!("{header}; more=\"1\""), "something follows"),
        (format!("{header}, {value}"), "something follows"),
        (header.replace("binding-type", "Binding-Type"), "not in their order"),
        (format!("X-{header}"), "not in their order"),
        (unsafe_alphabet, "not base64"),
        (value.replace("PG1i", "PG1i\r\n "), "not base64"),
        (format!("{}\"", &value[..value.len() - 3]), "not base64"),
        (value.replace("PG1i", "/////w==").split_inclusive("w==").next().map(|head| format!("{head}\"")).unwrap(), "not UTF-8"),
        (format!("binding-type=\"{BINDING_NAMESPACE}\"; binding-data-object=\"PGEvPg==\""), "`a`: of namespace `` is no binding"),
        (header.replace("PG1i", &"A".repeat(HEADER_BYTES_MAX)), "at most 8192"),
        (String::new(), "not in their order"),
    ] {
        let error = read_rest_header(&wrong).map(|read| format!("read: {read:?}")).unwrap_or_else(|error| error.to_string());
        assert!(error.contains(words) && !error.contains('\n'), "{wrong}: {error}\nlacks {words}");
    }
    let long = label(&format!("NATO; SECRET; Context={{{}}}", vec!["NATO"; 400].join(", ")));
    assert!(matches!(rest_header(long), Err(HeaderError::TooLong { .. })));
}

#[test]
fn a_header_binds_its_message_and_nothing_else() {
    use base64::Engine as _;
    for (uri, content_type) in [("a", Some("message/http")), ("", None), ("", Some("text/plain"))] {
        let xml = BindingInformation::detached(secret(), uri, content_type).to_xml().unwrap();
        let object = base64::engine::general_purpose::STANDARD.encode(xml);
        let header = format!("binding-type=\"{BINDING_NAMESPACE}\"; binding-data-object=\"{object}\"");
        assert_eq!(read_rest_header(&header), Err(HeaderError::NotTheMessage), "{uri} {content_type:?}");
    }
}

fn any_content_type() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[a-z]{1,6}/[a-z.+-]{1,9}(;[a-z]{1,3}=\"?[a-z<&']{1,4}\"?)?")
}

prop_compose! {
    fn any_reference()(uri in "[a-z:/#?&='%.é]{0,20}", content_type in any_content_type()) -> Reference {
        Reference { uri, content_type }
    }
}

fn any_data() -> impl Strategy<Value = Data> {
    let base64 = (any_content_type(), proptest::collection::vec(any::<u8>(), 0..40)).prop_map(|(content_type, bytes)| Data::Encapsulated {
        content_type,
        encoding: Encoding::Base64,
        bytes,
    });
    let text = (any_content_type(), "[ -~\t\r\n\u{85}\u{2028}é]{0,30}").prop_map(|(content_type, text)| Data::Encapsulated {
        content_type,
        encoding: Encoding::Text,
        bytes: text.into_bytes(),
    });
    prop_oneof![base64, text, any_reference().prop_map(Data::Reference)]
}

fn any_metadata() -> impl Strategy<Value = Vec<Metadata>> {
    let kinds = proptest::sample::subsequence(vec![LabelKind::Originator, LabelKind::Alternative, LabelKind::Metadata], 1..=3);
    let labels = kinds.prop_map(|kinds| kinds.into_iter().map(|kind| Metadata::Label(Box::new(of_kind(kind, SECRET)))).collect::<Vec<_>>());
    (labels, proptest::option::of(any_reference())).prop_map(|(mut all, reference)| {
        all.extend(reference.map(Metadata::Reference));
        all
    })
}

prop_compose! {
    fn any_binding()(metadata in any_metadata(), data in proptest::collection::vec(any_data(), 1..3), named in any::<bool>()) -> Binding {
        Binding { id: named.then(String::new), metadata, data }
    }
}

prop_compose! {
    fn any_information()(containers in proptest::collection::vec(proptest::collection::vec(any_binding(), 1..3), 1..3)) -> BindingInformation {
        let number = |(at, bindings): (usize, Vec<Binding>)| {
            let named = |(number, binding): (usize, Binding)| Binding { id: binding.id.map(|_| format!("b{at}.{number}")), ..binding };
            Container { id: (at > 0).then(|| format!("_c{at}")), bindings: bindings.into_iter().enumerate().map(named).collect() }
        };
        BindingInformation { signatures: 0, containers: containers.into_iter().enumerate().map(number).collect() }
    }
}

proptest! {
    #[test]
    fn bindings_round_trip(binding in any_information()) {
        let xml = binding.to_xml().unwrap();
        prop_assert_eq!(BindingInformation::read(&xml), Ok(binding.clone()));
        prop_assert_eq!(binding.to_xml().unwrap(), xml, "one form for one value");
    }

    #[test]
    fn headers_round_trip(policy in "[A-Z]{1,9}", values in proptest::collection::vec("[A-Z]{1,9}", 1..20)) {
        let label = label(&format!("{policy}; SECRET; Context={{{}}}", values.join(", ")));
        let header = rest_header(label.clone()).unwrap();
        let read = read_rest_header(&header).unwrap();
        prop_assert_eq!(read.containers[0].bindings[0].originator_label(), Some(&label));
    }
}
