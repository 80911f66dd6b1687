"""What the exchange between two Relto nodes costs, and beside it the OASIS client that fetches the same objects from OpenTAXII.

python exchange.py RELTO FOLDER BUNDLE SAMPLES OPENTAXII-COLLECTION-URL

One line a figure: name, figure, bound (`at most N`, or nothing), parted by tabs. A proxy between the nodes counts the bytes of the link; the
link is pinned to keys, so that it does not mind.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid

import requests
from taxii2client.v21 import Collection, as_pages

RELTO, FOLDER, BUNDLE, SAMPLES, PEER = sys.argv[1:6]
TAXII = "application/taxii+json;version=2.1"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
WITHIN_SECONDS = 600
# A question takes a process of its own: asked more often, it would be measured along.
POLL_SECONDS = 0.1


def figure(name, value, bound=""):
    print(f"{name}\t{value}\t{bound}", flush=True)


class Proxy:
    """Passes bytes on, and counts those that come back."""

    def __init__(self, target):
        self.target, self.bytes = target, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(self.target)
            for ends in ((client, server, False), (server, client, True)):
                threading.Thread(target=self.pump, args=ends, daemon=True).start()

    def pump(self, source, sink, counted):
        try:
            while chunk := source.recv(1 << 16):
                if counted:
                    self.bytes += len(chunk)
                sink.sendall(chunk)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Node:
    def __init__(self, name, nation):
        self.name, self.nation, self.data = name, nation, os.path.join(FOLDER, f"exchange-{nation}")
        shutil.rmtree(self.data, ignore_errors=True)
        self.relto("init", self.data, "--org", name, "--nation", nation)
        self.relto("collection", "add", "--data", self.data, "intel")
        who = ["--nation", nation, "--org", name, "--role", "contributor"]
        self.token = self.relto("user", "add", "--data", self.data, "desk", *who).split()[-1]
        self.server = None

    def relto(self, *arguments):
        return subprocess.run([RELTO, *arguments], check=True, capture_output=True, text=True).stdout

    def load(self, path):
        begun = time.perf_counter()
        self.relto("load", "--data", self.data, "--collection", "intel", path)
        return time.perf_counter() - begun

    def serve(self):
        command = [RELTO, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--metrics", "off", "--json"]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = json.loads(self.server.stdout.readline())["taxii"].split("/")[2]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = os.path.join(self.data, "tls/certificate.pem")
        self.session.headers.update({"Accept": TAXII, "Authorization": f"Bearer {self.token}"})
        self.objects = f"https://{self.address}/taxii2/main/collections/intel/objects/"

    def meets(self, other, address, *options):
        card = other.relto("partner", "card", "--data", other.data, "--address", f"https://{address}/")
        path = os.path.join(FOLDER, "exchange-card.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(card)
        phrase = json.loads(card)["fingerprint"]
        granted = ["--nation", other.nation, "--collection", "intel", "--fingerprint", phrase]
        self.relto("partner", "add", "--data", self.data, path, *granted, *options)

    def partner(self):
        return json.loads(self.relto("partner", "list", "--data", self.data, "--json"))[0]

    def taken(self):
        return self.partner()["progress"].get("intel", {}).get("taken", 0)

    def contact(self):
        return self.partner()["link"].get("contact", "")

    def stop(self):
        self.server.terminate()
        self.server.wait()


def until(is_true):
    deadline = time.monotonic() + WITHIN_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(POLL_SECONDS)


def indicator():
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid.uuid4()}",
        "created": "2026-01-05T10:00:00.000Z",
        "modified": "2026-01-05T10:00:00.000Z",
        "pattern": "[ipv4-addr:value = '203.0.113.7']",
        "pattern_type": "stix",
        "valid_from": "2026-01-05T10:00:00Z",
        "object_marking_refs": [GREEN],
    }


def visible_after(sender, receiver):
    """Milliseconds from the post at one node until a reader at the other gets the object."""
    item = indicator()
    begun = time.perf_counter()
    posted = sender.session.post(sender.objects, data=json.dumps({"objects": [item]}), headers={"Content-Type": TAXII})
    assert posted.status_code == 202, posted.text
    while receiver.session.get(f"{receiver.objects}{item['id']}/").status_code != 200:
        assert time.perf_counter() - begun < 30, "it did not arrive"
    return (time.perf_counter() - begun) * 1000


def compressed():
    """Bytes of the bundle's objects, compressed by themselves a thousand at a time, as a page is."""
    import zstandard

    with open(BUNDLE, encoding="utf-8") as file:
        lines = [line.rstrip(",\n") for line in file if line.startswith('{"')][1:]
    packed = sum(len(zstandard.compress(",".join(lines[at : at + 1000]).encode(), 1)) for at in range(0, len(lines), 1000))
    return packed, len(lines)


def main():
    sender, receiver, alone = Node("Sender", "USA"), Node("Receiver", "FRA"), Node("Alone", "DEU")
    sender.load(BUNDLE)
    local = alone.load(BUNDLE)
    sender.serve()
    receiver.serve()
    host, port = sender.address.split(":")
    proxy = Proxy((host, int(port)))
    sender.meets(receiver, receiver.address)
    objects = len(json.loads(sender.relto("export", "--data", sender.data, "--as", "Receiver"))["objects"])
    begun = time.perf_counter()
    receiver.meets(sender, f"127.0.0.1:{proxy.port}", "--pull")
    until(lambda: receiver.taken() >= objects)
    caught_up = time.perf_counter() - begun
    figure("objects", objects)
    figure("catch up, objects/s", objects / caught_up)
    figure("local load of the same, objects/s", objects / local)
    figure("catch up against the local load, times as long", caught_up / local, "at most 1.5")
    packed, lines = compressed()
    figure("bytes on the wire, per object", proxy.bytes / objects)
    figure("the object's own bytes, compressed a page at a time", packed / lines)
    time.sleep(1)
    before = proxy.bytes
    receiver.relto("partner", "suspend", "--data", receiver.data, "Sender")
    last = receiver.contact()
    receiver.relto("partner", "resume", "--data", receiver.data, "Sender")
    until(lambda: receiver.contact() > last)
    time.sleep(1)
    figure("nothing new: bytes to connect, listen and ask", proxy.bytes - before)
    for _ in range(10):
        visible_after(sender, receiver)
    times = sorted(visible_after(sender, receiver) for _ in range(int(SAMPLES)))
    figure("release to visible at the partner, ms, median", times[len(times) // 2])
    figure("release to visible at the partner, ms, p99", times[min(len(times) - 1, len(times) * 99 // 100)], "at most 250")
    sender.stop()
    receiver.stop()
    if PEER != "-":
        collection = Collection(PEER, user="bench", password="bench")
        begun, count = time.perf_counter(), 0
        for page in as_pages(collection.get_objects, per_request=1000):
            count += len(page.get("objects", []))
        taken = time.perf_counter() - begun
        figure("OASIS client from OpenTAXII, stored nowhere, objects", count)
        figure("OASIS client from OpenTAXII, objects/s", count / taken)
        figure("Relto's catch up against it, times as fast", (objects / caught_up) / (count / taken))


main()
