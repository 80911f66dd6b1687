"""Writes N STIX 2.1 objects as one bundle: MITRE ATLAS, then indicators made after the pattern of public feeds.

python bundle.py N OUT [ATLAS.json[.zst]]
python bundle.py N OUT --one-in K     generated only: one in K for everybody, the rest for the organisation
"""

import json
import random
import sys
import uuid

MARKINGS = [
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",  # TLP:CLEAR
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",  # TLP:GREEN
]
STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"  # TLP:AMBER+STRICT
KINDS = ["malicious-activity", "anomalous-activity", "compromised", "attribution"]


def atlas(path):
    """Each id once, since the set says some relationships twice under one version; without what is not valid (`modified` before `created`)."""
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(".zst"):
        import zstandard

        content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
    items = [item for item in json.loads(content)["objects"] if item.get("modified", "9") >= item.get("created", "")]
    return list({item["id"]: item for item in items}.values())


def indicators():
    chance = random.Random(20)
    number = 0
    while True:
        number += 1
        stamp = f"20{chance.randrange(16, 26)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}T{chance.randrange(24):02}:{chance.randrange(60):02}:00.{chance.randrange(1000):03}Z"
        host = f"{chance.getrandbits(40):010x}.example.net"
        yield {
            "type": "indicator",
            "spec_version": "2.1",
            "id": f"indicator--{uuid.UUID(int=chance.getrandbits(128), version=4)}",
            "created": stamp,
            "modified": stamp,
            "name": f"Host {host}",
            "description": f"Seen {chance.randrange(1, 5000)} times in campaign {chance.randrange(400)}; block at the resolver and report to the desk on duty.",
            "indicator_types": [chance.choice(KINDS)],
            "pattern": f"[domain-name:value = '{host}' OR ipv4-addr:value = '198.51.100.{chance.randrange(256)}']",
            "pattern_type": "stix",
            "pattern_version": "2.1",
            "valid_from": stamp,
            "labels": [f"feed-{chance.randrange(20)}"],
            "object_marking_refs": [chance.choice(MARKINGS)],
        }


def main():
    count, out, rest = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    one_in = int(rest[1]) if rest[:1] == ["--one-in"] else None
    real = atlas(rest[0])[:count] if rest and one_in is None else []
    with open(out, "w", encoding="utf-8") as file:
        file.write('{"type": "bundle", "id": "bundle--c8a4a1b0-2f4e-4b8e-9d0a-1f3b5a7c9e20", "objects": [\n')
        made = indicators()
        for index in range(count):
            item = real[index] if index < len(real) else next(made)
            if one_in is not None and index % one_in != one_in // 2:
                item["object_marking_refs"] = [STRICT]
            file.write((",\n" if index else "") + json.dumps(item))
        file.write("\n]}\n")


main()
