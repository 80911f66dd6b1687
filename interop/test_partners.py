"""Relto as the client of a server that nobody here wrote: medallion, OASIS's own, as a partner to fetch from and to send to.

Two Relto nodes also exchange through it: a label that is not inside an object goes along as its originator's signed statement, and is
believed by who signed it, whatever server it was on.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import requests

import world as worlds

COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
TAXII = "application/taxii+json;version=2.1"
AUTH = ("desk", "desk-password")
WITHIN_SECONDS = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Medallion:
    """The server, with one collection that can be read and written."""

    def __init__(self, folder):
        port = free_port()
        self.root = f"http://127.0.0.1:{port}/api/"
        data, settings = os.path.join(folder, "data.json"), os.path.join(folder, "medallion.json")
        collection = {"id": COLLECTION, "title": "shared", "can_read": True, "can_write": True, "objects": [], "manifest": []}
        with open(data, "w", encoding="utf-8") as file:
            json.dump(
                {
                    "/discovery": {"title": "server", "default": self.root, "api_roots": [self.root]},
                    "api": {
                        "information": {"title": "root", "versions": [TAXII], "max_content_length": 104857600},
                        "status": [],
                        "collections": [{**collection, "media_types": ["application/stix+json;version=2.1"]}],
                    },
                },
                file,
            )
        backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": data}
        with open(settings, "w", encoding="utf-8") as file:
            json.dump({"backend": backend, "users": {AUTH[0]: AUTH[1]}, "taxii": {"max_page_size": 20}}, file)
        program = os.path.join(os.path.dirname(sys.executable), "medallion")
        command = [program, "--host", "127.0.0.1", "--port", str(port), settings]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: self.answers(), "medallion does not answer")

    def answers(self):
        try:
            return self.get().status_code == 200
        except requests.ConnectionError:
            return False

    def get(self, **parameters):
        headers = {"Accept": TAXII}
        url = f"{self.root}collections/{COLLECTION}/objects/"
        return requests.get(url, params=parameters, headers=headers, auth=AUTH, timeout=10)

    def post(self, objects):
        headers = {"Accept": TAXII, "Content-Type": TAXII}
        url = f"{self.root}collections/{COLLECTION}/objects/"
        reply = requests.post(url, data=json.dumps({"objects": objects}), headers=headers, auth=AUTH, timeout=10)
        assert reply.status_code == 202, reply.text

    def ids(self):
        return {item["id"] for item in self.get(limit=20).json().get("objects", [])}

    def close(self):
        self.process.kill()
        self.process.wait()


class Node:
    """A Relto node of a nation, serving."""

    def __init__(self, folder, name, nation):
        self.folder, self.name, self.nation = folder, name, nation
        self.data = os.path.join(folder, nation)
        self.relto("init", self.data, "--org", name, "--nation", nation)
        self.relto("collection", "add", "--data", self.data, "intel")
        clearance = ["--clearance", "NATO:SECRET"]
        self.relto("user", "add", "--data", self.data, "reader", "--nation", nation, "--org", name, *clearance)
        command = [worlds.BINARY, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--metrics", "off"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.server.stdout.readline()

    def relto(self, *arguments):
        done = subprocess.run([worlds.BINARY, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def card(self, text):
        path = os.path.join(self.folder, f"{self.nation}-card.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def partner_with(self, medallion, *options):
        password = os.path.join(self.folder, "password")
        with open(password, "w", encoding="utf-8") as file:
            file.write(AUTH[1] + "\n")
        signing_in = ["--username", AUTH[0], "--password-file", password]
        card = self.card(self.relto("partner", "card", "--data", self.data, "--server", medallion.root, "--name", "Medallion", *signing_in))
        granted = ["--nation", "USA", "--nation", "FRA", "--clearance", "NATO:SECRET"]
        self.relto("partner", "add", "--data", self.data, card, *granted, "--collection", f"intel={COLLECTION}", *options)

    def meets(self, other):
        text = other.relto("partner", "card", "--data", other.data)
        phrase = json.loads(text)["fingerprint"]
        granted = ["--nation", other.nation, "--collection", "intel", "--fingerprint", phrase]
        self.relto("partner", "add", "--data", self.data, self.card(text), *granted)

    def load(self, label, objects):
        path = os.path.join(self.folder, "load.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(objects, file)
        self.relto("load", "--data", self.data, "--collection", "intel", "--label", label, path)

    def sees(self):
        return {item["id"] for item in json.loads(self.relto("export", "--data", self.data, "--as", "reader")).get("objects", [])}

    def state(self):
        return self.relto("partner", "list", "--data", self.data, "--json") + self.relto("quarantine", "list", "--data", self.data, "--json")

    def close(self):
        self.server.kill()
        self.server.wait()
        self.server.stdout.close()


def until(is_true, otherwise):
    deadline = time.monotonic() + WITHIN_SECONDS
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(0.1)


GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"


class Partners(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="relto-partners-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.medallion = Medallion(self.folder)
        self.addCleanup(self.medallion.close)

    def node(self, name, nation):
        node = Node(self.folder, name, nation)
        self.addCleanup(node.close)
        return node

    def test_what_a_server_has_is_fetched_page_by_page_and_once(self):
        green = [worlds.indicator(number, object_marking_refs=[GREEN]) for number in range(50)]
        self.medallion.post(green)
        node = self.node("French Node", "FRA")
        node.partner_with(self.medallion, "--pull")
        until(lambda: node.sees() >= {item["id"] for item in green}, node.state)
        later = worlds.indicator(99, object_marking_refs=[GREEN])
        self.medallion.post([later, green[0]])
        until(lambda: later["id"] in node.sees(), node.state)
        partner = json.loads(node.relto("partner", "list", "--data", node.data, "--json"))[0]
        self.assertEqual(partner["progress"]["intel"]["taken"], 51)
        self.assertEqual(partner["quarantined"], 0)

    def test_what_is_unmarked_or_unreadable_goes_to_nobody_else(self):
        unmarked, unknown = worlds.indicator(1), worlds.indicator(2, object_marking_refs=["marking-definition--11111111-2222-4333-8444-555555555555"])
        self.medallion.post([unmarked, unknown])
        node = self.node("French Node", "FRA")
        node.relto("user", "add", "--data", node.data, "stranger", "--nation", "FRA", "--org", "Someone Else", "--clearance", "NATO:SECRET")
        node.partner_with(self.medallion, "--pull")
        until(lambda: node.sees() == {unmarked["id"]}, node.state)
        self.assertNotIn("objects", json.loads(node.relto("export", "--data", node.data, "--as", "stranger")))
        waiting = json.loads(node.relto("quarantine", "list", "--data", node.data, "--json"))
        self.assertEqual([item["id"] for item in waiting], [unknown["id"]])
        self.assertIn("cannot be read here", waiting[0]["reason"])

    def test_what_is_sent_arrives_and_a_label_outlives_the_server(self):
        america, france = self.node("American Node", "USA"), self.node("French Node", "FRA")
        france.meets(america)
        objects = [worlds.indicator(number) for number in range(30)]
        america.load("NATO SECRET", objects)
        hidden = worlds.indicator(77)
        america.load("SECRET//NOFORN", [hidden])
        america.partner_with(self.medallion, "--push")
        france.partner_with(self.medallion, "--pull")
        wanted = {item["id"] for item in objects}
        until(lambda: france.sees() == wanted, lambda: france.state() + america.state())
        france.relto("user", "add", "--data", france.data, "guest", "--nation", "FRA", "--org", "French Node")
        self.assertNotIn("objects", json.loads(france.relto("export", "--data", france.data, "--as", "guest")), "the label was lost")
        self.assertNotIn(hidden["id"], self.medallion.ids())
        explained = france.relto("explain", "--data", france.data, objects[0]["id"], "--as", "reader")
        self.assertIn("by American Node", explained)
