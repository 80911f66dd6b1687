"""One node with three users of three nations and real objects under labels, made with the command line as documented.

What each user may see is worked out here a second time, from the words of the labels, so that no answer of the node is its own
yardstick. Not a test: see the files `test_*.py`.
"""

import glob
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field

BINARY = os.environ["RELTO_BINARY"]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: Who may see what carries a label, said by hand. The French and the American analyst are cleared to SECRET by NATO and the USA,
#: the Japanese one to RESTRICTED by NATO.
AUDIENCE = {
    "TLP:CLEAR": {"fra", "usa", "jpn"},
    "NATO RESTRICTED REL TO JPN": {"fra", "usa", "jpn"},
    "NATO SECRET": {"fra", "usa"},
    "SECRET//REL TO USA, FRA": {"fra", "usa"},
    "SECRET//NOFORN": {"usa"},
}
LABELS = list(AUDIENCE)


@dataclass
class User:
    name: str
    token: str


@dataclass
class World:
    """A running node and what is in it."""

    folder: str
    users: dict = field(default_factory=dict)
    collections: dict = field(default_factory=dict)
    objects: dict = field(default_factory=dict)
    audience: dict = field(default_factory=dict)
    indicators: list = field(default_factory=list)
    base: str = ""
    server: subprocess.Popen = None

    @property
    def data(self):
        return os.path.join(self.folder, "data")

    def relto(self, *arguments, **more):
        """Runs a command and returns its standard output; a failure shows what the command said."""
        done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, cwd=self.folder, timeout=120, **more)
        if done.returncode != 0:
            raise AssertionError(f"relto {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def last_line(self, *arguments):
        return self.relto(*arguments).rstrip("\n").split("\n")[-1].strip()

    def load(self, name, collection, label, objects):
        path = os.path.join(self.folder, f"{name}.json")
        with open(path, "w", encoding="utf-8") as file:
            bundle_id = "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d"
            json.dump({"type": "bundle", "id": bundle_id, "objects": objects}, file)
        self.relto("load", "--data", self.data, "--collection", collection, "--label", label, path)

    def start(self, *arguments, tls=False):
        """Serves on a free port of the loopback and waits until the node says that it is well."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        scheme = "https" if tls else "http"
        self.base = f"{scheme}://127.0.0.1:{port}"
        log = open(os.path.join(self.folder, f"serve-{port}.log"), "w", encoding="utf-8")
        command = [BINARY, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}", *arguments]
        self.server = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.server.poll() is not None:
                break
            try:
                context = ssl.create_default_context(cafile=self.certificate()) if tls else None
                with urllib.request.urlopen(f"{self.base}/healthz", timeout=2, context=context) as reply:
                    if reply.status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        with open(log.name, encoding="utf-8") as text:
            raise AssertionError(f"the node does not answer:\n{text.read()}")

    def stop(self):
        """Ends the server as an operator would; it must end by itself."""
        if self.server is not None:
            self.server.terminate()
            code = self.server.wait(timeout=20)
            self.server = None
            assert code == 0, f"serve ended with {code} after SIGTERM"

    def close(self):
        if self.server is not None:
            self.server.kill()
            self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def certificate(self):
        """The node's self-signed certificate in its data directory."""
        for path in sorted(glob.glob(os.path.join(self.data, "**", "*"), recursive=True)):
            if os.path.isfile(path) and os.path.getsize(path) < 65536:
                with open(path, "rb") as file:
                    if b"BEGIN CERTIFICATE" in file.read():
                        return path
        raise AssertionError("no certificate in the data directory")

    def visible(self, user, collection="atlas"):
        """The ids that a user may see, by our own reckoning."""
        return {id for id, (where, who) in self.audience.items() if where == collection and user in who}


def atlas():
    """MITRE ATLAS as the repository or the test data carry it. It says 34 relationships twice or more under one id and version with
    different targets; the first of each counts, as in the node."""
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT).stdout.split("\0")
    found = [os.path.join(ROOT, path) for path in tracked if re.search(r"atlas[^/]*\.json(\.zst)?$", path)]
    if "RELTO_TEST_DATA" in os.environ:
        found += glob.glob(os.path.join(os.environ["RELTO_TEST_DATA"], "stix-atlas", "stix-atlas.json*"))
    for path in found:
        with open(path, "rb") as file:
            content = file.read()
        if path.endswith(".zst"):
            import zstandard

            content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        # One attack-pattern says that it was modified before it was created; the standard forbids that, and so do we.
        objects = [item for item in json.loads(content).get("objects", []) if item.get("modified", "~") >= item.get("created", "")]
        if len(objects) > 400:
            return list({item["id"]: item for item in reversed(objects)}.values())[::-1]
    raise AssertionError("MITRE ATLAS is neither in the repository nor under RELTO_TEST_DATA")


def labelled(objects):
    """Label by label, the ATLAS objects that carry it. The collection object names all others, so only who sees everything sees it."""
    groups = {label: [] for label in LABELS}
    for index, item in enumerate(thing for thing in objects if thing["type"] != "relationship"):
        label = LABELS[index % len(LABELS)]
        if item["type"] in ("x-mitre-tactic", "x-mitre-matrix"):
            label = "TLP:CLEAR"
        if item["type"] == "x-mitre-collection":
            label = "SECRET//NOFORN"
        groups[label].append(item)
    return groups


def indicator(number, **more):
    """An indicator of our own making; its addresses are from a range for documentation (RFC 5737)."""
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--5a1d4c7e-0000-4000-8000-{number:012d}",
        "created": "2026-01-05T10:00:00.000Z",
        "modified": "2026-01-05T10:00:00.000Z",
        "name": f"Beacon {number}",
        "description": f"Seen in exercise {number}",
        "pattern": f"[ipv4-addr:value = '203.0.113.{number % 250}']",
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": "2026-01-05T10:00:00Z",
        **more,
    }


def make():
    """The node with everything in it, not yet serving."""
    world = World(tempfile.mkdtemp(prefix="relto-clients-"))
    world.relto("init", world.data, "--org", "French Node", "--nation", "FRA")
    people = {
        "fra": ["--nation", "FRA", "--org", "French Node", "--clearance", "NATO:SECRET", "--clearance", "USA:SECRET", "--role", "release-officer"],
        "usa": ["--nation", "USA", "--org", "US Desk", "--clearance", "NATO:SECRET", "--clearance", "USA:SECRET", "--role", "contributor"],
        "jpn": ["--nation", "JPN", "--org", "Tokyo Desk", "--clearance", "NATO:RESTRICTED", "--role", "reader"],
    }
    for name, attributes in people.items():
        world.users[name] = User(name, world.last_line("user", "add", "--data", world.data, name, *attributes))
    everyone = ["--label", "TLP:GREEN"]
    for name, options in {
        "atlas": ["--title", "MITRE ATLAS", *everyone],
        "indicators": ["--title", "Indicators", *everyone],
        "inbox": ["--title", "Reports from partners", *everyone],
        "drop": ["--title", "Drop box", "--write-only", *everyone],
        "shelf": ["--title", "Shelf", "--read-only", *everyone],
        "nato": ["--title", "NATO desk", "--label", "NATO SECRET"],
    }.items():
        world.collections[name] = world.last_line("collection", "add", "--data", world.data, name, *options)

    objects = atlas()
    for number, (label, group) in enumerate(labelled(objects).items()):
        world.load(f"atlas-{number}", "atlas", label, group)
        for item in group:
            world.objects[item["id"]] = item
            world.audience[item["id"]] = ("atlas", AUDIENCE[label])
    relationships = [item for item in objects if item["type"] == "relationship"]
    world.load("atlas-relationships", "atlas", "TLP:CLEAR", relationships)
    for item in relationships:
        ends = [world.audience[item[key]][1] for key in ("source_ref", "target_ref")]
        world.objects[item["id"]] = item
        world.audience[item["id"]] = ("atlas", set.intersection(*ends))

    for number, label in enumerate(LABELS):
        group = [indicator(number * 10 + offset) for offset in range(10)]
        world.load(f"indicators-{number}", "indicators", label, group)
        for item in group:
            world.objects[item["id"]] = item
            world.audience[item["id"]] = ("indicators", AUDIENCE[label])
    return world
