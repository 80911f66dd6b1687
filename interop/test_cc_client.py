"""A vendor's client. It has the vendor's address built in, lower-cases the account, takes the first collection when given none, and
knows indicators only, with exactly the properties that the vendor sends; we put our address in place of the vendor's."""

from cc_taxii2_client import CCTaxiiClient, count_indicators, ip_search

from base import ClientCase


class CcClient(ClientCase):
    def client(self, user):
        """The client asks for `{url}/{root}/collections/`, where the root is the word `api` or the account."""
        name, token = self.auth(user)
        client = CCTaxiiClient(account=name, api_key=token)
        root = self.server(user).default.url.rstrip("/")
        client.url, client.account = root.rsplit("/", 1)
        return client

    def pages(self, user, **more):
        return self.client(user).get_cc_indicators_generator(collection_id=self.world.collections["indicators"], private=True, **more)

    def test_collections(self):
        client = self.client("jpn")
        visible = {id for name, id in self.world.collections.items() if name != "nato"}
        self.assertEqual(set(client.get_collections(client.account)), visible)

    def test_each_user_gets_their_indicators(self):
        for user in self.world.users:
            for size in (3, 1000):
                found = [item.id for page in self.pages(user, limit=size, follow_pages=True) for item in page]
                self.assertEqual(len(found), len(set(found)))
                self.assertEqual(set(found), self.world.visible(user, "indicators"))

    def test_filters(self):
        wanted = sorted(self.world.visible("usa", "indicators"))[::7]
        for user in self.world.users:
            found = self.pages(user, matches={"id": ",".join(wanted), "type": "indicator,malware"}, follow_pages=True)
            self.assertEqual(count_indicators(found), len(set(wanted) & self.world.visible(user, "indicators")))

    def test_added_after(self):
        self.assertEqual(count_indicators(self.pages("usa", added_after="2020-01-01T00:00:00.0Z", follow_pages=True)), 50)
        self.assertEqual(count_indicators(self.pages("usa", added_after="2999-01-01T00:00:00.000000Z", follow_pages=True)), 0)

    def test_search(self):
        for user in self.world.users:
            found = ip_search("203.0.113.4", self.pages(user, follow_pages=True))
            ours = {id for id in self.world.visible(user, "indicators") if "203.0.113.4" in self.world.objects[id]["pattern"]}
            self.assertEqual({item.id for item in found}, ours)
