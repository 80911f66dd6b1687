"""Writes N STIX 2.1 objects as one bundle, for `relto entity`: documents that speak of few groups and many tools, as intake and feeds write them.

python entity.py N OUT

Group 0 ("Busy Group") is in every tenth document, "Quiet Group" in eighteen; each has a record in each document, as intake makes it.
"""

import json
import random
import sys
import uuid

CHANCE = random.Random(24)
DOCUMENT_OBJECTS = 50


def made(kind, day, **own):
    stamp = f"20{16 + day // 336:02}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}T08:00:00.000Z"
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid.UUID(int=CHANCE.getrandbits(128), version=4)}", "created": stamp, "modified": stamp} | own


def document(number):
    day = number % 3000
    name = "Busy Group" if number % 10 == 0 else "Quiet Group" if number % 101 == 1 and number < 2020 else f"Group {CHANCE.randrange(200)}"
    group = made("threat-actor", day, name=name, aliases=[f"{name} alias"])
    tools = [made("tool", day, name=f"Tool {CHANCE.randrange(3000)}") for _ in range(10)]
    yield from [group, *tools]
    objects = [group, *tools]
    for tool in tools:
        objects.append(made("relationship", day, relationship_type="uses", source_ref=group["id"], target_ref=tool["id"], description=f"{name} uses {tool['name']}."))
        yield objects[-1]
    while len(objects) < DOCUMENT_OBJECTS - 1:
        about = CHANCE.choice(objects[:11])
        objects.append(made("note", day, content=f"{about['name']} was seen {CHANCE.randrange(5000)} times.", object_refs=[about["id"]]))
        yield objects[-1]
    yield made("report", day, name=f"Document {number}", published=objects[0]["created"], object_refs=[item["id"] for item in objects])


def main():
    count, out = int(sys.argv[1]), sys.argv[2]
    with open(out, "w", encoding="utf-8") as file:
        file.write('{"type": "bundle", "id": "bundle--c8a4a1b0-2f4e-4b8e-9d0a-1f3b5a7c9e20", "objects": [\n')
        items = (item for number in range(count // DOCUMENT_OBJECTS + 1) for item in document(number))
        for index, item in zip(range(count), items):
            file.write((",\n" if index else "") + json.dumps(item))
        file.write("\n]}\n")


main()
