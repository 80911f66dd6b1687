//! Help texts that are longer than a line: forms, examples, exit codes.

mod intake;

pub(super) use intake::{CORRECTIONS, INTAKE, INTAKE_LISTS, MODELS, STORIES};

/// Labels as people write them, wherever one is asked for.
macro_rules! label_forms {
    () => {
        "  TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED
  NATO SECRET                   nations of NATO, cleared for it
  NATO RESTRICTED REL TO JPN    the same, and Japan
  SECRET//REL TO USA, FRA       US form: exactly these nations
  SECRET//NOFORN                the United States alone
  marking-definition--UUID      what that marking means"
    };
}

/// Below the list of commands.
pub(super) const EXIT_CODES: &str = "Exit codes:
  0  done
  1  refused or failed: the error line says why, the help line what to do
  2  not a command line of these forms
  3  there is no such user, collection, object, directory or file
  4  another process holds the data directory";

/// Where a label is asked for.
pub(super) const LABELS: &str = concat!(
    "Labels, as people write them:
",
    label_forms!()
);

/// Of `label check`: both kinds of label.
pub(super) const LABEL_CHECKS: &str = concat!(
    "Labels, as people write them (with --data):
",
    label_forms!(),
    "

Labels in XML (STANAG 4774, with --spif): whether the policies allow it, its marking, whether the
clearance admits to it, its counterpart in another policy given, and why, rule by rule. The exit code
is 1 when the label is not valid.

Examples:
  relto label check --data DIR \"NATO RESTRICTED REL TO JPN\"
  relto label check --spif nato.xml --label label.xml --lang fr
  relto label check --spif nato.xml eu.xml --label label.xml --clearance clearance.xml --json"
);

/// Of `policy check`.
pub(super) const POLICY_CHECKS: &str = "Whether a policy file can be read, and makes sense: everything that it points at exists, once, and
every limit can be met. Site policies in Cedar (FILE.cedar, or what is no XML) are held to the schema: they forbid, and permit nothing. The
exit code is 1 when it is not so.

Examples:
  relto policy check nato.xml
  relto policy check nato.xml --json
  relto policy check caveats.cedar";

/// Of `partner card`.
pub(super) const PARTNER_CARDS: &str =
    "The card says who this node is, where it listens and which key it is known by; the partner adds it as a file. Its `fingerprint` is the
phrase of the key: read it to the partner by another way than the card goes, such as the telephone.

Examples:
  relto partner card --data DIR > card.json
  relto partner card --data DIR --address https://relto.example.org:6100/ > card.json
  relto partner card --data DIR --server https://taxii.example.org/api1/ --name MITRE > mitre.json";

/// Of `partner key`.
pub(super) const PARTNER_KEYS: &str =
    "A card that a key which a partner knows has signed brings new keys without a phrase. So: make a next key, give every
partner the new card, use the next key, and forget the old one once every link has come back.

Examples:
  relto partner key --data DIR --make-next && relto partner card --data DIR > card.json
  relto partner key --data DIR --use-next
  relto partner key --data DIR --forget";

/// Of `partner add`.
pub(super) const PARTNER_ADDS: &str =
    "What the card claims is shown and never used: nation, groups and clearances are what you grant here, and decide what the partner sees.
An agreement names the collections, and may have dates and, for each direction, terms; it only narrows what labels admit. Until somebody
has compared the phrase, the partner is suspended. Given again, with a card that a known key has signed, it changes the partner.

Examples:
  relto partner add --data DIR card.json --nation USA --collection intel --pull --fingerprint \"able gate ...\"
  relto partner add --data DIR card.json --nation DEU --clearance NATO:SECRET --collection intel=shared --until 2028-01-01
  relto partner add --data DIR card.json --nation FRA --collection intel --facts facts.json --send-law PURPOSE --send-law PROP \\
    --send-purpose \"cyber defence\" --send-ground C-2026-7 --accept-up-to NATO:RESTRICTED --accept-law none --what-if";

/// Of `partner export` and `partner import`.
pub(super) const PARTNER_MEDIA: &str =
    "A file holds what is new for the partner since the last one, with label statements, recalls and receipts, and is sealed
for that partner alone. Files are numbered; one that was lost is made again with --from-start, and one that comes twice changes nothing.

Examples:
  relto partner export --data DIR \"German Node\" for-germany-7.relto
  relto partner import --data DIR \"French Node\" from-france-7.relto";

/// Of `user password`.
pub(super) const PASSWORDS: &str =
    "A terminal asks for the password twice and shows nothing of it; otherwise it is the first line of standard input. It has at least
12 characters. What is kept of it is a hash (Argon2id).

Examples:
  relto user password --data DIR alice
  relto user password --data DIR alice < file";

/// Of `recall`.
pub(super) const RECALLS: &str =
    "Every partner to which a version was released is told, and tells those to whom it sent it on. Each destroys what it
holds, does not take the object in again, and answers with a receipt. A new label needs no recall: whoever may not have the
object under it any more is told to destroy it, and so are those behind. What a partner that leaves has sent on stays there until it is
recalled. TAXII DELETE, in contrast, only drops an object from one collection here.

Example:
  relto recall --data DIR indicator--00000000-0000-4000-8000-000000000001 --reason \"named a source\"";

/// Of `quarantine list`.
pub(super) const QUARANTINES: &str =
    "An object waits here when its label cannot be read or has no equivalent, its label statement is missing
its signature or does not fit, its id belongs to somebody else, or it is no valid STIX 2.1. Nobody sees it meanwhile. Activate the policy
that its label names, or ask its originator, then `relto quarantine retry`.";

/// Of `request ask`.
pub(super) const REQUEST_ASKS: &str =
    "The question is an object of its collection, and goes to whom its label admits. With --to, that is one's own organisation, the node's, and those
partners; each must get it, or nothing is asked, and each sees who else is asked. Answers come back from partners that this node fetches from, or that send to it.

Examples:
  relto request ask --data DIR --as alice --collection intel --to \"German Node\" --to \"US Node\" --due 2027-01-31 \\
    \"Who operates 192.0.2.7?\"
  relto request ask --data DIR --as alice --collection intel --label \"NATO SECRET\" \"Who operates 192.0.2.7?\"";

/// Of `request list`.
pub(super) const REQUEST_LISTS: &str = "What is most urgent stands first. An answer that this user may not see does not count.

Examples:
  relto request list --data DIR --as alice
  relto request list --data DIR --as alice --all --json";

/// Of `request answer`.
pub(super) const REQUEST_ANSWERS: &str =
    "The answer has the label of the question joined with those of the objects: whoever may not see all of them gets no answer at all, and if
that is the asker, it is said here. `relto tearline` makes an object of less that can be given instead.

Examples:
  relto request answer --data DIR --as bob information-request--00000000-0000-4000-8000-000000000001 \\
    --with report--00000000-0000-4000-8000-000000000001 --note \"Rented since May.\"
  relto request answer --data DIR --as bob information-request--00000000-0000-4000-8000-000000000001 --nothing";

/// Of `request close`.
pub(super) const REQUEST_CLOSES: &str = "Those who were asked get a version that says so. It can then be answered no more.

Example:
  relto request close --data DIR --as alice information-request--00000000-0000-4000-8000-000000000001 --reason answered";

/// Of `consent`.
pub(super) const CONSENTS: &str =
    "A consent is about the versions of one object that are here and whose label asks for it: by HANDLING:ORCON for that
of the originator, by HANDLING:THIRD PARTY for that of an owner of part of it (--third-party). Whoever has
to consent and has not withholds the object; `relto explain` says that it is pending, and nothing tells the reader.
A later version, and what refers to the object or is made from it, has not been consented to.
`nation:FRA` is whoever is of that nation alone and whose facts say `\"country\": \"FRA\"` (`--facts`); a name that no
account here has opens nothing here.
What this node's own organisation consents to goes along with the object, signed, to partners that it names.
In the same way TLP:RED goes to nobody but its addressees: those named by `--addressee` when it was loaded or
relabelled, and those named here.

Examples:
  relto consent add --data DIR indicator--00000000-0000-4000-8000-000000000001 --of ANSSI --to BSI \\
    --until 2027-01-01 --by \"Anna Martin\" --reference 2026/117
  relto consent add --data DIR report--00000000-0000-4000-8000-000000000001 --addressee kenji \\
    --by \"Anna Martin\" --reference 2026/118";

/// Of requests for consents.
pub(super) const CONSENT_REQUESTS: &str =
    "A consent is asked of the partner that wrote the object, about an object that is here and is to go on to
somebody else, or about a release notice: an object of its own by which its originator says that there is more. The request and its
answer go to that partner and to nobody else, over the link or on media. Write nothing into them that the other side may not have:
they carry no label. What is granted comes along with the object, signed, and is passed on with it.

Examples:
  relto consent announce --data DIR report--00000000-0000-4000-8000-000000000001 --name \"Gallium supply, November\" --label TLP:GREEN
  relto consent request --data DIR release-notice--00000000-0000-4000-8000-000000000001 --reason \"joint assessment\"
  relto consent grant --data DIR 5c0f9a52-0000-4000-8000-000000000001 --by \"Anna Martin\" --reference 2026/119";

/// Of `show`.
pub(super) const SHOW: &str =
    "What is exchanged is whole or withheld. A display may show the rest of an object of which somebody may not have
some parts (STIX granular markings); these are null here, and named. It is the latest version of which
there is anything to see. To give the rest away, publish it by `relto tearline`.

Example:
  relto show --data DIR report--00000000-0000-4000-8000-000000000001 --as alice";

/// Of `bind`.
pub(super) const BINDING: &str = "A binding says which label is on which document. It is a claim until somebody known has signed it:
with --key a statement is written beside it, which others verify with the public key that they got
from you by another way. XML signatures inside a binding are named and never count. With --check
the exit code is 1 when what was asked for does not hold.

Examples:
  relto bind report.pdf --label label.xml --content-type application/pdf --output report.bdo
  relto bind report.pdf --label label.xml --form detached --uri report.pdf --output report.pdf.bdo \\
    --key node.key --originator \"French Node\"
  relto bind report.pdf --label label.xml --form rest
  relto bind --check report.pdf.bdo --data report.pdf --statement report.pdf.dsse.json \\
    --trust \"French Node=french-node.pub\"";

/// Of `key make`.
pub(super) const KEYS: &str = "PATH is the private key, for its owner alone; PATH.pub goes to partners, by a way in which they
know that it is yours. Both are PEM, as OpenSSL writes Ed25519 keys.

Example:
  relto key make /srv/relto/node.key";

/// Of `load`.
pub(super) const LOADS: &str = concat!(
    "Labels, as people write them:
",
    label_forms!(),
    "

Examples:
  relto load --data DIR --collection intel --label \"NATO SECRET\" report.json
  relto load --data DIR --collection intel --label TLP:RED --addressee alice tip.json
  curl -s https://example.org/feed.json |
    relto load --data DIR --collection feeds --label TLP:GREEN -"
);

/// Of `demo`.
pub(super) const DEMO: &str =
    "With --check, RELTO_DEMO_PYTHON names a Python that has the OASIS taxii2-client; without one its part is skipped.";

/// Of `preview`.
pub(super) const PREVIEWING: &str =
    "It is the load itself, undone at its end: objects, their effective labels, and for each label who would get it and which rule
withholds it from the others. Below, what the labels do not cover in the texts: markings above them, the words of --words, personal
data. The exit code is 1 when an object would be refused.

Examples:
  relto preview --data DIR report.json
  relto preview --data DIR --collection intel --label \"NATO SECRET\" report.json --json";

/// Of `label write`.
pub(super) const LABELS_WRITTEN: &str =
    "Objects refer to the marking-definition in `object_marking_refs`; load it together with them. For XML, the policy must be in force
from a file.

Examples:
  relto label write --data DIR \"NATO SECRET REL TO JPN\" > marking.json
  relto label write --data DIR --xml label.xml alternative.xml > marking.json
  relto label write --data DIR \"NATO SECRET, from 2031-01-01 NATO RESTRICTED\" --form stanag4774 --review 2036-01-01";

/// Of `policy activate`.
pub(super) const POLICIES_IN_FORCE: &str =
    "The file takes effect in one moment, for everybody; who gains something by it gets it as new. A policy from a file is written
as the file names things, `NAME CLASSIFICATION; TAG=VALUE, VALUE`; people are given `--clearance NAME:CLASSIFICATION` and
`--access NAME:VALUE`.

Examples:
  relto policy activate --data DIR acme.xml --open-up-to PUBLIC --reason \"board decision 7\"
  relto policy activate --data DIR caveats.cedar --reason \"agreement of 3 May\"
  relto policy activate --data DIR adequacy.json --table adequacy";

/// Of `impact`.
pub(super) const IMPACTS: &str = "It is the activation itself, undone at its end: objects and accounts, newly released or newly withheld.

Example:
  relto impact --data DIR acme-2.xml";
/// Of `tearline`.
pub(super) const TEARLINES: &str =
    "A part goes when LABEL does not cover its marking, a reference when LABEL does not cover what it refers to. What is left is checked
for markings above LABEL, for the words of --words, for what was left out elsewhere, and for personal data. Nothing is stored without
--publish; each finding must be accepted by number, or all with --accept-findings. The exit code is 1 when there is no tearline.

Examples:
  relto tearline --data DIR report--00000000-0000-4000-8000-000000000001 --for \"NATO RESTRICTED\" --words words.txt
  relto tearline --data DIR report--00000000-0000-4000-8000-000000000001 --for \"NATO RESTRICTED\" \\
    --publish --reviewed-by \"Cpt. Durand\" --reason \"requested by MNE\" --accept 1,2";

/// Of `validate`.
pub(super) const VALIDATING: &str =
    "What the standard demands is an error, with a JSON pointer and the section; what it recommends is a warning. STIX 2.0 is
converted first. The exit code is 1 when an object is invalid.

Examples:
  relto validate bundle.json
  curl -s https://example.org/feed.json | relto validate --json -";

/// Of `serve`.
pub(super) const SERVING: &str =
    "Pages for people are at /: they sign in with the password of `relto user password`. Discovery of TAXII is at /taxii2/, for
programs: Basic NAME:TOKEN or Bearer TOKEN. While it serves, every other command works on the same directory, and a change is in
force when the command returns. SIGTERM and Ctrl-C end it in order.

Examples:
  relto serve --data DIR --listen 0.0.0.0:6100
  relto serve --data DIR --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem
  relto serve --data DIR --metrics 127.0.0.1:9100 --log json
  relto serve --data DIR --insecure-http            # behind something that speaks TLS";

/// Of `user`.
pub(super) const USERS: &str = "Examples:
  relto user add --data DIR alice --nation FRA --org \"French Node\" --clearance NATO:SECRET
  relto user add --data DIR bob --nation USA --nation GBR --org ACME --clearance USA:SECRET@2027-06-30
  relto user add --data DIR carol --nation JPN --org CERT --member TASKFORCE@2026-01-01..2026-12-31

  relto user set --data DIR alice --clearance NATO:SECRET --clearance EU:SECRET --role contributor

  relto user set --data DIR bob --facts bob.json     # such as {\"country\": \"USA\", \"headquarters\": \"USA\", \"kind\": \"private\",
                                                     # \"residence\": [], \"frameworks\": [{\"id\": \"DPF\", \"until\": \"2027-01-01\"}]}

The facts: country, headquarters, residence, birth, kind (authority, private, ...), purpose, instruments, frameworks,
mandates (each {\"id\", \"from\", \"until\"}), authorisations ({\"law\", \"covers\", \"held\"}), screening ({\"is_listed\", \"until\"}).
Facts that are not given are not known, and what is not known meets no rule of law (docs/law.md).
Groups of nations (NATO, EU, FVEY ...) follow from the nation and need no --member.";

/// Of `entity`.
pub(super) const ENTITY: &str =
    "WHAT is an id, or the whole name or an alias, in any script, whatever its case and width. Objects of one type that bear one name are shown
as one thing, and so is what a relationship says is a duplicate; of persons and others of one name, or of several types, you are asked which you mean.
--alone shows one object without others of its name.

Where sources contradict each other both are shown with their words; which is right is not said. That one states what another denies, that
figures, dates or properties differ, and that an opinion disagrees, is found; plans, doubts, conditions and questions contradict nothing.
What somebody may not see changes nothing.

Examples:
  relto entity --data DIR --as alice Fancy Bear
  relto entity --data DIR --as alice --kind location --limit 50 --json France
  relto entity --data DIR --as alice --alone identity--00000000-0000-4000-8000-000000000001";

/// Of `search`.
pub(super) const SEARCHING: &str =
    "All words are looked for, in any script, whatever their case and accents. Chinese and Japanese need no spaces.
  bear eagle  both words           \"fancy bear\"     in this order       hack*   what begins so
  bear OR cub either               -eagle           without             ( )     parentheses
  name:bear   in one property      confidence:85    figures and dates   ID      an object, and what refers to it
  kind:report of a type            label:SECRET     by label            collection:NAME
  after:2026-05                    before:2027      by date: when it was published, or else last changed

What somebody may not see changes nothing: neither what is found, nor its order, nor what is proposed instead.
The index is in the data directory, and catches up with the store before it answers.

Examples:
  relto search --data DIR --as alice '\"fancy bear\" -kind:indicator after:2026'
  relto search --data DIR --as alice --kind report --json 人工智能";
