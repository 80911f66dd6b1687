"""Relto and the OASIS validator judge the same objects: those that OASIS published, real data, and a few thousand with one thing wrong.

Where they differ stands in `DIFFERENCES`, with the reason in docs/decisions/0002-where-we-differ-from-the-oasis-validator.md. An
entry that nothing needs any more fails, so that the list stays as short as it can be. Both run without a network.
"""

import copy
import glob
import io
import json
import os
import re
import subprocess
import tempfile
import unittest

import zstandard
from stix2validator import ValidationOptions, validate_instance

BINARY = os.environ["RELTO_BINARY"]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DECISION = os.path.join(ROOT, "docs", "decisions", "0002-where-we-differ-from-the-oasis-validator.md")
SAMPLES = os.path.join(ROOT, "crates", "relto-model", "testing", "samples.jsonl")

#: Name (a heading of the decision), who refuses, and what its error says after the object's type.
DIFFERENCES = [
    ("What a reference refers to", "Relto", r"must refer to"),
    ("References that are no identifiers", "Relto", r"_refs?(/\d+)?: .* (is not a STIX identifier|does not end in an RFC 4122 UUID)"),
    ("Selectors that select nothing", "Relto", r"selects nothing in this object"),
    ("The type that an id begins with", "Relto", r"must begin with the object's type"),
    ("The creator of an extension definition", "Relto", r"needs `created_by_ref`"),
    ("A language as a granular marking", "OASIS", r"'marking_ref' is a required property"),
    ("The character set of a path or a name", "OASIS", r"IANA registered character set"),
    (
        "Properties that the standard does not give to a kind",
        "OASIS",
        r"is not a valid RFC 5646|^(extension|marking)-definition .*(extensions|confidence)",
    ),
    ("Further properties of a marking-definition", "Relto", r"^marking-definition .*(section 3.1|section 3.8|section 2.12)\)"),
    ("Negative counts", "Relto", r"^network-traffic .*/src_(packets|byte_count): must be 0 or more"),
    ("Languages of four letters", "OASIS", r"^software .*languages\[0\]: 'word'"),
]


def test_data():
    """The folder of data that may be read but not shipped; absent, the test is skipped, and with CI=true it fails."""
    folder = os.environ.get("RELTO_TEST_DATA")
    if folder is None:
        if os.environ.get("CI") == "true":
            raise AssertionError("RELTO_TEST_DATA is not set")
        raise unittest.SkipTest("RELTO_TEST_DATA is not set")
    return folder


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(".zst"):
        content = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
    return content.decode()


def objects_in(value):
    """Every STIX object in a document of any form."""
    if isinstance(value, list):
        return [item for entry in value for item in objects_in(entry)]
    if not isinstance(value, dict):
        return []
    if isinstance(value.get("type"), str) and "id" in value and value["type"] != "bundle":
        return [value]
    return [item for entry in value.values() for item in objects_in(entry)]


def oasis_objects(folder):
    """The objects of every OASIS document, and the names of the two that are no JSON on purpose."""
    found, broken = [], []
    for part in ["examples/**/*.json", "examples-doc/*.json", "validator-cases-v21/test_examples/*.json", "acs-markings/*.json", "*.json"]:
        for path in sorted(glob.glob(os.path.join(folder, "stix-oasis", part), recursive=True)):
            try:
                found += objects_in(json.loads(read(path)))
            except ValueError:
                broken.append(os.path.basename(path))
    return found, broken


def relto(objects):
    """Relto's error for each object; None for a valid one. What is valid only as STIX 2.0 is not valid as 2.1."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(item) + "\n" for item in objects)
        file.flush()
        done = subprocess.run([BINARY, "validate", "--json", file.name], capture_output=True, text=True, timeout=300)
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(verdicts) == len(objects), done.stderr
    assert done.returncode == int(any(verdict["error"] for verdict in verdicts)), done
    return [verdict["error"] and verdict["error"]["text"] or (verdict["converted"] and "STIX 2.0" or None) for verdict in verdicts]


def oasis(item):
    """The OASIS validator's errors; None for a valid object. An exception inside it is a refusal."""
    try:
        result = validate_instance(copy.deepcopy(item), ValidationOptions(version="2.1"))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None if result.is_valid else "; ".join(str(error.message) for error in result.errors)


ID = "00000000-0000-4000-8000-00000000000b"
WRONG = [True, 7, 7.5, "", "word", [], ["word"], {}, {"key": "word"}]


def mutants(item):
    """The object with one thing changed, and what that was."""
    for name in item:
        yield f"without {name}", {key: value for key, value in item.items() if key != name}
        for value in WRONG:
            if value != item[name]:
                yield f"{name} is {value!r}", item | {name: value}
    for name, value in item.items():
        for wrong in changes(name, value):
            yield f"{name} is {wrong!r}", item | {name: wrong}
        if isinstance(value, list) and isinstance(value[0], dict):
            for key in value[0]:
                inner = {other: inside for other, inside in value[0].items() if other != key}
                yield f"{name}[0] without {key}", item | {name: [inner]}
        if isinstance(value, dict):
            for key, inner in value.items():
                yield f"{name} without {key}", item | {name: {other: inside for other, inside in value.items() if other != key}}
                if isinstance(inner, dict):
                    for deep in inner:
                        less = {other: inside for other, inside in inner.items() if other != deep}
                        yield f"{name}.{key} without {deep}", item | {name: value | {key: less}}
    yield from additions(item)


def changes(name, value):
    """Wrong values of a property's own form."""
    if name.endswith("_ref"):
        yield from [f"bundle--{ID}", f"relationship--{ID}", f"x-thing--{ID}", f"indicator--{ID}", "indicator--1", ID]
    if name.endswith("_refs"):
        yield from [[f"bundle--{ID}"], [f"relationship--{ID}"], [f"x-thing--{ID}"], [f"indicator--{ID}"], ["indicator--1"]]
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
        yield from ["2026-13-01T00:00:00Z", "2026-02-30T00:00:00.000Z", "2026-01-01", "2026-01-01T00:00:00.000+01:00", "1999-01-01T00:00:00.000Z"]
        yield from ["2026-01-01t00:00:00.000z", "2099-01-01T00:00:00.000Z", "2026-01-01T00:00:00Z", "2026-01-01T25:00:00.000Z"]
    if isinstance(value, int) and not isinstance(value, bool):
        yield from [-1, 0, 101, 65536, 1_000_000_000, "7"]
    if name == "pattern":
        yield from ["[file:size = ]", "file:size = 1", "[file:size = 1", "[file:name = 'a' OR file:name = 'b']", "[file:hashes.MD5 = 'a']"]
    if name == "id":
        yield from [f"x-thing--{ID}", value.upper(), value.split("--")[0]]


def additions(item):
    marking = f"marking-definition--{ID}"
    definition = f"extension-definition--{ID}"
    for name, value in [
        ("Custom", 1), ("a-b", 1), ("ab", 1), ("x_own", 1), ("own_property", 1), ("x_own", None), ("x_own", []), ("x_own", {}), ("severity", 1),
        ("confidence", 101), ("confidence", -1), ("confidence", 50), ("lang", "en"), ("lang", "no language"), ("revoked", "true"),
        ("labels", []), ("labels", ["a"]), ("external_references", [{"source_name": "a"}]), ("object_marking_refs", [marking]),
        ("external_references", [{"source_name": "a", "url": "https://a.example"}]), ("external_references", [{"source_name": "a", "url": "no url"}]),
        ("external_references", [{"source_name": "cve", "external_id": "CVE-1-1"}]), ("external_references", [{"external_id": "a"}]),
        ("object_marking_refs", [f"identity--{ID}"]), ("granular_markings", [{"selectors": ["type"], "marking_ref": marking}]),
        ("granular_markings", [{"selectors": ["type"], "lang": "en"}]), ("granular_markings", [{"selectors": ["nothing"], "marking_ref": marking}]),
        ("granular_markings", [{"selectors": ["type.[0]"], "marking_ref": marking}]), ("granular_markings", [{"selectors": [], "marking_ref": marking}]),
        ("granular_markings", [{"marking_ref": marking}]), ("granular_markings", [{"selectors": ["type"]}]),
        ("extensions", {definition: {"extension_type": "property-extension", "abc": 1}}), ("extensions", {definition: {"abc": 1}}),
        ("extensions", {definition: {"extension_type": "no such"}}), ("extensions", {definition: {}}), ("extensions", {"oddity": {"abc": 1}}),
        ("extensions", {"x-own-ext": {"abc": 1}}), ("extensions", {"extension-definition--1": {"extension_type": "new-sdo"}}),
    ]:
        yield f"with {name} {value!r}", item | {name: value}


class Validator(unittest.TestCase):
    needed = set()

    def agree(self, labelled):
        """Compares the verdicts on (what, object) pairs."""
        found = relto([item for _, item in labelled])
        wrong = []
        for (what, item), ours in zip(labelled, found, strict=True):
            theirs = oasis(item)
            if (ours is None) != (theirs is None) and not self.known(item, what, ours, theirs):
                wrong.append(f"{item.get('type')} {what}: Relto: {ours}; OASIS: {theirs}")
        self.assertEqual(len(wrong), 0, f"{len(wrong)} of {len(labelled)}:\n" + "\n".join(wrong[:400]))

    def known(self, item, what, ours, theirs):
        for name, who, words in DIFFERENCES:
            error = ours if who == "Relto" else theirs
            if error is not None and re.search(words, f"{item.get('type')} {error}"):
                self.needed.add(name)
                return True
        return False

    def test_oasis_objects(self):
        objects, broken = oasis_objects(test_data())
        self.assertEqual(sorted(broken), ["invalid_braces.json", "invalid_comma.json"])
        self.assertGreater(len(objects), 200)
        self.agree([("as published", item) for item in objects])

    def test_real_data(self):
        data = test_data()
        for path in ["stix-atlas/stix-atlas.json.zst", "stix-attack/ics-attack-18.1.json.zst"]:
            objects = objects_in(json.loads(read(os.path.join(data, path))))
            every = max(1, len(objects) // 300)
            self.agree([("as published", item) for item in objects[::every]])

    def test_z_mutants(self):
        """Last by name: every difference must have been needed by now."""
        samples = [json.loads(line) for line in read(SAMPLES).splitlines()]
        for item in samples:
            self.assertIsNone(relto([item])[0], item["type"])
        pairs = [pair for item in samples for pair in mutants(item)]
        self.assertGreater(len(pairs), 3000)
        self.agree(pairs)
        self.assertEqual(self.needed, {name for name, _, _ in DIFFERENCES}, "a difference that nothing shows")

    def test_the_decision_names_every_difference(self):
        headings = re.findall(r"^## (.+)$", read(DECISION), re.MULTILINE)
        self.assertEqual(sorted(headings), sorted({name for name, _, _ in DIFFERENCES}))
