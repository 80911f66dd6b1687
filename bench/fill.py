"""Puts the rest of a bundle into OpenTAXII's database, as its own `add_objects` would, in one transaction: over POST it takes minutes.

python fill.py DATABASE-URL COLLECTION-ID BUNDLE SKIP
"""

import datetime
import json
import sys
import uuid

import sqlalchemy
from opentaxii.persistence.sqldb.api import get_object_version
from opentaxii.persistence.sqldb.taxii2models import STIXObject
from sqlalchemy.orm import Session


def row(collection, item):
    columns = ["id", "type", "spec_version"]
    return {
        "pk": uuid.uuid4(),
        "id": item["id"],
        "collection_id": collection,
        "type": item["id"].split("--")[0],
        "spec_version": item["spec_version"],
        "date_added": datetime.datetime.now(datetime.timezone.utc),
        "version": get_object_version(item),
        "serialized_data": {key: value for key, value in item.items() if key not in columns},
    }


def main():
    url, collection, bundle, skip = sys.argv[1], uuid.UUID(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    with open(bundle, encoding="utf-8") as file:
        items = json.load(file)["objects"][skip:]
    with Session(sqlalchemy.create_engine(url)) as session:
        session.bulk_insert_mappings(STIXObject, [row(collection, item) for item in items])
        session.commit()


main()
