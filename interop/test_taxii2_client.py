"""The OASIS client against a node: each of three users gets exactly what they may have, and the client understands every answer."""

import datetime
import unittest

import requests
from taxii2client.v21 import Server, as_pages

import world as worlds
from base import ClientCase


class Reading(ClientCase):
    def test_discovery_leads_to_collections(self):
        for user in self.world.users:
            server = self.server(user)
            self.assertTrue(server.title)
            self.assertEqual(server.default.url, server.api_roots[0].url)
            root = server.default
            self.assertIn("application/taxii+json;version=2.1", root.versions)
            self.assertGreater(root.max_content_length, 1_000_000)
            ids = {collection.id for collection in root.collections}
            hidden = set() if user in worlds.AUDIENCE["NATO SECRET"] else {self.world.collections["nato"]}
            self.assertEqual(ids, set(self.world.collections.values()) - hidden, user)

    def test_a_hidden_collection_is_absent(self):
        there, nowhere = self.world.collections["nato"], "11111111-2222-4333-8444-555555555555"
        answers = []
        for collection in (there, nowhere):
            with self.assertRaises(requests.HTTPError) as caught:
                self.collection_by_id("jpn", collection).refresh()
            reply = caught.exception.response
            answers.append((reply.status_code, reply.text.replace(collection, "ID")))
        self.assertEqual(answers[0][0], 404)
        self.assertEqual(answers[0], answers[1])

    def test_rights_are_shown(self):
        rights = {name: (c.can_read, c.can_write) for name, c in self.collections("usa").items()}
        self.assertEqual(rights["inbox"], (True, True))
        self.assertEqual(rights["drop"], (False, True))
        self.assertEqual(rights["shelf"], (True, False))
        self.assertFalse(self.collections("jpn")["inbox"].can_write, "a reader does not write")

    def test_pages_hold_all_and_only_what_a_user_may_see(self):
        for user in self.world.users:
            for size in (7, 50, 1000):
                items = [item for page in as_pages(self.collection(user).get_objects, per_request=size) for item in page.get("objects", [])]
                ids = [item["id"] for item in items]
                self.assertEqual(len(ids), len(set(ids)), f"{user}: an object came twice")
                self.assertEqual(set(ids), self.world.visible(user), user)
                for item in items:
                    self.assertEqual(item, self.world.objects[item["id"]])

    def test_without_a_limit(self):
        for user in self.world.users:
            pages = list(as_pages(self.collection(user).get_objects))
            self.assertEqual({item["id"] for page in pages for item in page["objects"]}, self.world.visible(user))

    def test_filters_take_several_values(self):
        for user in self.world.users:
            visible = self.world.visible(user)
            types = ["course-of-action", "x-mitre-tactic"]
            found = self.walk(self.collection(user).get_objects, type=types)
            self.assertEqual(found, {id for id in visible if id.split("--")[0] in types})
            wanted = sorted(self.world.audience)[::40]
            found = self.walk(self.collection(user).get_objects, id=[id for id in wanted if not id.startswith("indicator")])
            self.assertEqual(found, visible & set(wanted))
            found = self.walk(self.collection(user).get_objects, spec_version="2.1", version=["first", "last"])
            self.assertEqual(found, visible)
            self.assertEqual(self.walk(self.collection(user).get_objects, type="campaign"), set())

    def test_added_after_finds_what_is_newer(self):
        collection = self.collection("usa")
        manifest = [entry for page in as_pages(collection.get_manifest, per_request=100) for entry in page["objects"]]
        dates = sorted({entry["date_added"] for entry in manifest})
        self.assertGreater(len(dates), 3, "each load has a time of its own")
        for date in (dates[0], dates[len(dates) // 2], dates[-1]):
            newer = {entry["id"] for entry in manifest if entry["date_added"] > date}
            self.assertEqual(self.walk(collection.get_objects, added_after=date), newer)
        # The client writes a `datetime` without superfluous digits.
        long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
        self.assertEqual(self.walk(collection.get_objects, added_after=long_ago), self.world.visible("usa"))

    def test_polling_by_added_after_alone_loses_nothing(self):
        """Many connectors ignore `next` and go on from the last date they were told: a page ends where a batch ends."""
        for user in self.world.users:
            seen, after = [], "2000-01-01T00:00:00.000000Z"
            while after:
                reply = self.get(user, self.collection(user).objects_url, params={"added_after": after, "limit": 300})
                seen += [item["id"] for item in reply.json().get("objects", [])]
                after = reply.headers.get("X-TAXII-Date-Added-Last")
            self.assertEqual(len(seen), len(set(seen)))
            self.assertEqual(set(seen), self.world.visible(user), user)

    def test_next_beside_a_moved_added_after_loses_nothing(self):
        """Others send both: `next`, and the date of the page before."""
        for user in self.world.users:
            seen, more = [], {"added_after": "2000-01-01T00:00:00Z"}
            while more:
                reply = self.get(user, self.collection(user).objects_url, params={**more, "limit": 40})
                page = reply.json()
                seen += [item["id"] for item in page.get("objects", [])]
                more = {"next": page["next"], "added_after": reply.headers["X-TAXII-Date-Added-Last"]} if page.get("more") else None
            self.assertEqual(set(seen), self.world.visible(user), user)

    def test_manifest_says_what_objects_say(self):
        for user in self.world.users:
            pages = list(as_pages(self.collection(user).get_manifest, per_request=60))
            entries = [entry for page in pages for entry in page.get("objects", [])]
            self.assertEqual({entry["id"] for entry in entries}, self.world.visible(user))
            self.assertEqual(len(entries), len({entry["id"] for entry in entries}))
            for entry in entries:
                item = self.world.objects[entry["id"]]
                # TAXII 2.1, section 3.4.1: an object without any time has a version that the server always gives.
                self.assertEqual(entry["version"], item.get("modified", item.get("created", "1970-01-01T00:00:00.000Z")))
                self.assertRegex(entry["date_added"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")

    def test_by_id_and_versions(self):
        for user in self.world.users:
            collection = self.collection(user)
            for id in sorted(self.world.audience)[::25]:
                if id.startswith("indicator"):
                    continue
                if id in self.world.visible(user):
                    self.assertEqual(collection.get_object(id)["objects"], [self.world.objects[id]])
                    self.assertEqual(collection.object_versions(id)["versions"], [self.world.objects[id]["modified"]])
                else:
                    self.assert_as_if_absent(user, collection, id)

    def assert_as_if_absent(self, user, collection, hidden):
        """What is hidden and what never was get the same bytes."""
        absent = hidden.split("--")[0] + "--11111111-2222-4333-8444-555555555555"
        for tail in ("", "versions/"):
            replies = [self.get(user, f"{collection.url}objects/{id}/{tail}", check=False) for id in (hidden, absent)]
            self.assertEqual(replies[0].status_code, replies[1].status_code)
            self.assertEqual(replies[0].text.replace(hidden, "ID"), replies[1].text.replace(absent, "ID"))

    def test_sign_in(self):
        good, other = self.world.users["fra"], self.world.users["jpn"]
        for user, password in ((good.name, "wrong"), ("nobody", good.token), (other.name, good.token)):
            with self.assertRaises(requests.HTTPError) as caught:
                Server(f"{self.world.base}/taxii2/", user=user, password=password, verify=self.verify()).refresh()
            self.assertEqual(caught.exception.response.status_code, 401)
            self.assertIn("WWW-Authenticate", caught.exception.response.headers)
        bearer = {"Authorization": f"Bearer {good.token}", "Accept": "application/taxii+json"}
        reply = requests.get(f"{self.world.base}/taxii2/", headers=bearer, verify=self.verify(), timeout=10)
        self.assertEqual(reply.status_code, 200)


class Writing(ClientCase):
    def test_post_read_status_delete(self):
        item = worlds.indicator(9001)
        inbox = self.collection("usa", "inbox")
        status = inbox.add_objects({"objects": [item]}, timeout=10)
        self.assertEqual((status.status, status.success_count, status.failure_count), ("complete", 1, 0))
        again = self.server("usa").default.get_status(status.id)
        self.assertEqual(again.successes[0]["id"], item["id"])
        # No marking: the node's own organisation and the poster's, nobody else.
        self.assertEqual(self.walk(inbox.get_objects, id=item["id"]), {item["id"]})
        self.assertEqual(self.walk(self.collection("fra", "inbox").get_objects, id=item["id"]), {item["id"]})
        self.assertEqual(self.walk(self.collection("jpn", "inbox").get_objects, id=item["id"]), set())
        with self.assertRaises(requests.HTTPError) as caught:
            self.server("jpn").default.get_status(status.id)
        self.assertEqual(caught.exception.response.status_code, 404, "a status is its poster's")
        inbox.delete_object(item["id"])
        with self.assertRaises(requests.HTTPError) as caught:
            inbox.delete_object(item["id"])
        self.assertEqual(caught.exception.response.status_code, 404)
        self.assertEqual(self.walk(self.collection("fra", "inbox").get_objects, id=item["id"]), set())

    def test_versions(self):
        inbox = self.collection("usa", "inbox")
        old = worlds.indicator(9002)
        new = {**old, "modified": "2026-02-01T00:00:00.500Z", "name": "Beacon, renamed"}
        self.assertEqual(inbox.add_objects({"objects": [old, new]}).success_count, 2)
        self.assertEqual(inbox.add_objects({"objects": [old]}).failure_count, 0, "an exact duplicate is no failure")
        self.assertEqual(inbox.get_object(old["id"])["objects"], [new])
        both = inbox.get_object(old["id"], version="all")["objects"]
        self.assertEqual(sorted(item["modified"] for item in both), [old["modified"], new["modified"]])
        self.assertEqual(inbox.get_object(old["id"], version="first")["objects"], [old])
        self.assertEqual(sorted(inbox.object_versions(old["id"])["versions"]), [old["modified"], new["modified"]])
        other = {**new, "name": "Something else under the same version"}
        refused = inbox.add_objects({"objects": [other]})
        self.assertEqual(refused.failure_count, 1)
        self.assertEqual(refused.failures[0]["id"], old["id"])
        self.assertTrue(refused.failures[0]["message"])

    def test_a_bad_object_fails_alone_and_by_name(self):
        inbox = self.collection("usa", "inbox")
        good, bad = worlds.indicator(9003), worlds.indicator(9004, modified="yesterday")
        status = inbox.add_objects({"objects": [good, bad]})
        self.assertEqual((status.success_count, status.failure_count), (1, 1))
        self.assertEqual(status.failures[0]["id"], bad["id"])
        self.assertIn("modified", status.failures[0]["message"])

    def test_an_id_that_exists_but_is_hidden(self):
        """Posting an id that one may not see answers as posting a fresh one does."""
        hidden = worlds.indicator(9005)
        self.world.load("hidden", "inbox", "ORG:French Node", [hidden])
        mine = {**hidden, "name": "Mine"}
        fresh = worlds.indicator(9006)
        inbox = self.collection("usa", "inbox")
        answers = [inbox.add_objects({"objects": [item]}) for item in (mine, fresh)]
        self.assertEqual([(a.status, a.success_count, a.failure_count) for a in answers], [("complete", 1, 0)] * 2)
        self.assertEqual(inbox.get_object(hidden["id"])["objects"], [mine])

    def test_who_may_not_write(self):
        for user, name in (("jpn", "inbox"), ("usa", "shelf")):
            url = self.collection(user, name).objects_url
            headers = {"Content-Type": "application/taxii+json;version=2.1", "Accept": "application/taxii+json;version=2.1"}
            reply = requests.post(url, json={"objects": [worlds.indicator(9007)]}, headers=headers, auth=self.auth(user), verify=self.verify(), timeout=10)
            self.assertEqual(reply.status_code, 403)
            self.assertTrue(reply.json()["title"])

    def test_a_relabelled_object_is_new_to_those_who_gain_it(self):
        item = worlds.indicator(9008)
        self.world.load("secret", "inbox", "NATO SECRET", [item])
        inbox = self.collection("jpn", "inbox")
        before = self.get("usa", inbox.objects_url, params={"limit": 1000}).headers["X-TAXII-Date-Added-Last"]
        self.assertEqual(self.walk(inbox.get_objects, id=item["id"]), set())
        self.world.relto("label", "set", "--data", self.world.data, item["id"], "TLP:CLEAR", "--reason", "downgraded for the exercise")
        self.assertEqual(self.walk(inbox.get_objects, added_after=before), {item["id"]})


class OverTls(ClientCase):
    arguments = ()
    tls = True

    def test_the_certificate_that_init_made(self):
        for user in self.world.users:
            found = self.walk(self.collection(user).get_objects)
            self.assertEqual(found, self.world.visible(user))

    def test_a_stranger_to_the_certificate_refuses(self):
        user = self.world.users["fra"]
        with self.assertRaises(requests.exceptions.SSLError):
            Server(f"{self.world.base}/taxii2/", user=user.name, password=user.token).refresh()


if __name__ == "__main__":
    unittest.main()
