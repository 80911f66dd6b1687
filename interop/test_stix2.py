"""The OASIS STIX library over TAXII: its source reads what a user may see, its sink posts."""

import stix2
from stix2 import Filter, TAXIICollectionSink, TAXIICollectionSource

import world as worlds
from base import ClientCase


class Stix2(ClientCase):
    def test_source_reads_what_a_user_may_see(self):
        for user in self.world.users:
            source = TAXIICollectionSource(self.collection(user), items_per_page=64)
            found = source.query()
            self.assertEqual({item["id"] for item in found}, self.world.visible(user))
            attack_patterns = source.query([Filter("type", "=", "attack-pattern")])
            self.assertEqual(
                {item["id"] for item in attack_patterns},
                {id for id in self.world.visible(user) if id.startswith("attack-pattern")},
            )

    def test_source_gets_one_or_none(self):
        for user in self.world.users:
            source = TAXIICollectionSource(self.collection(user))
            for id in sorted(id for id in self.world.audience if id.startswith("course-of-action"))[:6]:
                item = source.get(id)
                if id in self.world.visible(user):
                    self.assertEqual(item["name"], self.world.objects[id]["name"])
                    self.assertEqual(len(source.all_versions(id)), 1)
                else:
                    self.assertIsNone(item)

    def test_graph_around_an_object(self):
        """`related_to` follows relationships; what a user may not see is not on any path."""
        for user in self.world.users:
            # A store would also want to write, which a reader may not.
            source = TAXIICollectionSource(self.collection(user))
            tactic = next(id for id in sorted(self.world.visible(user)) if id.startswith("course-of-action"))
            item = source.get(tactic)
            near = {other["id"] for other in source.related_to(item)}
            self.assertLessEqual(near, self.world.visible(user))
            ends = [
                link["target_ref"]
                for id, link in self.world.objects.items()
                if link["type"] == "relationship" and link["source_ref"] == tactic and id in self.world.visible(user)
            ]
            self.assertEqual(near, set(ends))

    def test_sink_posts(self):
        sink = TAXIICollectionSink(self.collection("usa", "inbox"))
        identity = stix2.Identity(name="Exercise Control", identity_class="organization")
        sighted = stix2.Indicator(name="From the sink", pattern="[domain-name:value = 'example.org']", pattern_type="stix", created_by_ref=identity)
        sink.add(stix2.Bundle(identity, sighted))
        source = TAXIICollectionSource(self.collection("fra", "inbox"))
        self.assertEqual(source.get(sighted.id), sighted)
        self.assertIsNone(TAXIICollectionSource(self.collection("jpn", "inbox")).get(sighted.id))

    def test_what_is_served_satisfies_the_validator(self):
        from stix2validator import ValidationOptions, validate_instance

        options = ValidationOptions(version="2.1", strict=False)
        for item in TAXIICollectionSource(self.collection("usa", "indicators")).query():
            self.assertTrue(validate_instance(worlds.json.loads(item.serialize()), options).is_valid)
