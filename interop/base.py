"""What all client tests share: one node for the whole run, and the clients signed in as its users."""

import atexit
import unittest

import requests
from taxii2client.v21 import Collection, Server, as_pages

import world as worlds

_made = {}


def the_world():
    """The node of this run; made once, since making it is most of the work."""
    if "world" not in _made:
        _made["world"] = worlds.make()
        atexit.register(_made["world"].close)
    return _made["world"]


class ClientCase(unittest.TestCase):
    """A class of tests against a serving node."""

    arguments = ("--insecure-http",)
    tls = False

    @classmethod
    def setUpClass(cls):
        cls.world = the_world()
        cls.world.start(*cls.arguments, tls=cls.tls)

    @classmethod
    def tearDownClass(cls):
        cls.world.stop()

    def verify(self):
        return self.world.certificate() if self.tls else True

    def auth(self, user):
        return (self.world.users[user].name, self.world.users[user].token)

    def server(self, user):
        name, token = self.auth(user)
        return Server(f"{self.world.base}/taxii2/", user=name, password=token, verify=self.verify())

    def collections(self, user):
        names = {id: name for name, id in self.world.collections.items()}
        return {names[collection.id]: collection for collection in self.server(user).default.collections}

    def collection(self, user, name="atlas"):
        return self.collection_by_id(user, self.world.collections[name])

    def collection_by_id(self, user, id):
        name, token = self.auth(user)
        url = f"{self.server(user).default.url}collections/{id}/"
        return Collection(url, user=name, password=token, verify=self.verify())

    def walk(self, function, **filters):
        """The ids on all pages, each of which came once."""
        ids = [item["id"] for page in as_pages(function, per_request=30, **filters) for item in page.get("objects", [])]
        self.assertEqual(len(ids), len(set(ids)), "an object came twice")
        return set(ids)

    def get(self, user, url, params=None, check=True):
        headers = {"Accept": "application/taxii+json;version=2.1"}
        reply = requests.get(url, params=params, headers=headers, auth=self.auth(user), verify=self.verify(), timeout=10)
        if check:
            reply.raise_for_status()
        return reply
